"""Watched data: checked again, built again, and served without a pause."""

import signal
import subprocess
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from kgraph.base.paths import Folders
from tests.conftest import kept
from tests.serving import Serving, serving, until

LABEL = "Klaster Przedsiębiorstw Społecznych"


WATCHED = "swr-2013-klaster"
"""The only source of the watched data."""

PATIENCE = 180
"""Seconds to wait for a check and a build, on a machine that does other things too."""


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Replace texts in a file at once, as an editor does."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def test_a_check_is_repeated_at_each_change_until_ctrl_c(copied: Folders) -> None:
    source = kept(copied, (WATCHED,)).data / "sources" / f"{WATCHED}.ttl"
    command = ["kgraph", "check", "--watch", "--data", str(copied.data), "--ontology", str(copied.ontology)]
    log = copied.data.parent / "log"
    with log.open("w") as out:
        process = subprocess.Popen([*command, "--lang", "pl"], stdout=out, stderr=out)

    def checks() -> int:
        return log.read_text(encoding="utf-8").count("Ctrl-C kończy")

    try:
        until(lambda: checks() == 1, PATIENCE)
        assert "bez błędów" in log.read_text(encoding="utf-8")
        edit(source, ("a se:Cluster {", "a se:Clusterr {"))
        until(lambda: checks() == 2, PATIENCE)
        assert "se:Clusterr" in log.read_text(encoding="utf-8")
        edit(source, ("a se:Clusterr {", "a se:Cluster {{"))
        until(lambda: checks() == 3, PATIENCE)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()


def verdict(server: Serving) -> dict[str, object]:
    found: dict[str, object] = server.client.get("/problems", headers={"Accept": "application/json"}).json()
    return found


def label(server: Serving) -> str:
    return str(server.client.get("/things/id/cluster-kps").json()["labels"]["pl"])


@pytest.mark.slow
@pytest.mark.browser
def test_an_edit_is_shown_and_a_broken_one_keeps_the_last_graph(copied: Folders, browser: Browser) -> None:
    source = kept(copied, (WATCHED,)).data / "sources" / f"{WATCHED}.ttl"
    with serving("--data", str(copied.data), "--watch") as server:
        page = browser.new_page(locale="pl-PL")
        page.goto(f"{server.url}/#view=sources&lang=pl")
        expect(page.locator(".watched summary")).to_contain_text("bez błędów")
        edit(source, (f'"{LABEL}"@pl', '"Klaster po zmianie"@pl'))
        until(lambda: label(server) == "Klaster po zmianie", PATIENCE)
        page.locator("#new-data").click()
        expect(page.locator(".watched summary")).to_contain_text("bez błędów")
        expect(page.locator("#new-data")).to_have_count(0)

        edit(source, ("a se:Cluster {", "a se:Clusterr {"))
        expect(page.locator(".watched summary")).to_contain_text("ostatni graf", timeout=1000 * PATIENCE)
        expect(page.locator(".watched .problems li").filter(has_text="se:Clusterr")).to_contain_text("id:cluster-kps")
        assert label(server) == "Klaster po zmianie"
        link = page.locator(".watched .problems a").first.get_attribute("href") or ""
        assert "#L" in link
        listed = server.client.get(f"/{link}")
        assert 'id="L20"' in listed.text and "Clusterr" in listed.text and 'lang="pl"' in listed.text
        assert "<h2>Błędy</h2>" in server.client.get("/problems?lang=pl", headers={"Accept": "text/html"}).text
        assert server.client.get("/problems/nothing.ttl").status_code == 404

        before = verdict(server)["graph"]
        edit(source, ("a se:Clusterr {", "a se:Cluster {"), ("Klaster po zmianie", "Klaster naprawiony"))
        until(lambda: label(server) == "Klaster naprawiony", PATIENCE)
        assert verdict(server)["problems"] == [] and verdict(server)["graph"] != before
        page.close()


def test_what_cannot_be_watched_is_refused(address: str, copied: Folders) -> None:
    assert httpx.get(f"{address}problems").status_code == 404
    assert "data-watched" not in httpx.get(address).text
    asked = subprocess.run(["kgraph", "serve", "--data", str(copied.data)], capture_output=True, text=True)
    assert (asked.returncode, "--watch" in asked.stderr) == (2, True)
    edit(kept(copied, (WATCHED,)).data / "sources" / f"{WATCHED}.ttl", ("a se:Cluster {", "a se:Clusterr {"))
    asked = subprocess.run(["kgraph", "serve", "--watch", "--data", str(copied.data)], capture_output=True, text=True)
    assert (asked.returncode, "se:Clusterr" in asked.stdout) == (1, True)
