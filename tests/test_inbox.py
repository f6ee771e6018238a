"""The inbox of curators: who may write, what is written, what is refused, and how it is played by keyboard."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser, Page, expect

from kgraph.base.paths import IDENTITY, Folders
from kgraph.server import run
from kgraph.server.app import create_app
from kgraph.server.inbox.queue import Editing
from kgraph.server.pool.limits import Limits
from kgraph.server.served import Served
from tests.browsing import faults, opening, settled
from tests.command import kgraph
from tests.serving import serving, until

TOKEN = "secret-of-a-test"
SIGNED = {"Authorization": f"Bearer {TOKEN}"}
QUEUE = "/inbox/identity"
SZANSA, ZAZ, SOKIAL = "id:stowarzyszenie-szansa", "id:zaz-siedlce", "id:sokial"
"""Three organisations of the graph; whether they are one is invented here."""

Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def served(graph: ox.Store, folders: Folders) -> Iterator[Served]:
    """A server of the bundled graph, as on a loopback address."""
    started = run.Setup(folders, Limits(), open_store=lambda: graph).start()
    yield replace(started, hosts=frozenset({"localhost", "127.0.0.1", "::1"}))
    run.close(started)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop, to which the connections to workers belong."""
    with asyncio.Runner() as made:
        yield made


@pytest.fixture
def ask(served: Served, runner: asyncio.Runner, tmp_path: Path) -> Ask:
    """Sends a request to a server whose curators write into an empty data folder."""
    app = create_app(replace(served, editing=Editing(tmp_path, TOKEN)))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def answer(method: str, path: str, **options: Any) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **options)

    return lambda method, path, **options: runner.run(answer(method, path, **options))


def decision(one: str, other: str, verdict: str = "same", seen: str | None = None, **more: object) -> dict[str, object]:
    given = {"item": f"{one} {other}", "verdict": verdict, "by": "A. Kowalska", "why": {"pl": "ten sam adres"}}
    return {**given, "seen": seen, **more}


def tag(state: httpx.Response, at: int = 0) -> str:
    assert state.status_code == 200, state.text
    return str(state.json()["answers"][at]["tag"])


def said(refused: httpx.Response, lang: str) -> str:
    """What a refusal says in a language; it must be a conflict."""
    assert refused.status_code == 409, refused.text
    return str(refused.json()["words"][lang])


def test_nobody_writes_without_the_token_from_elsewhere_or_by_reading(ask: Ask, tmp_path: Path) -> None:
    given = decision(SZANSA, ZAZ)
    refusals: list[tuple[int, dict[str, str]]] = [
        (401, {}),
        (401, {"Authorization": "Bearer wrong"}),
        (401, {"Authorization": f"Basic {TOKEN}"}),
        (403, {**SIGNED, "Origin": "https://example.org"}),
        (403, {**SIGNED, "Origin": "null"}),
        (403, {**SIGNED, "Sec-Fetch-Site": "cross-site"}),
        (403, {**SIGNED, "Sec-Fetch-Site": "same-site"}),
        (421, {**SIGNED, "Host": "example.org"}),
        (421, {**SIGNED, "Host": "localhost.example.org:8000"}),
    ]
    for status, headers in refusals:
        for path, content in ((QUEUE, given), (f"{QUEUE}/undo", given)):
            assert ask("POST", path, json=content, headers=headers).status_code == status, headers
    assert ask("POST", f"{QUEUE}?token={TOKEN}", json=given).status_code == 401
    for method in ("GET", "HEAD"):
        read = ask(method, QUEUE, headers=SIGNED, params={"item": f"{SZANSA} {ZAZ}", "verdict": "same"})
        assert read.status_code == 200
        assert ask(method, f"{QUEUE}/undo", headers=SIGNED).status_code == 405
    for method in ("PUT", "DELETE", "PATCH"):
        assert ask(method, QUEUE, json=given, headers=SIGNED).status_code == 405
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    preflight = ask("OPTIONS", QUEUE, headers={**asked, "Access-Control-Request-Headers": "authorization"})
    assert preflight.status_code == 400 and "access-control-allow-origin" not in preflight.headers
    foreign = ask("GET", QUEUE, headers={"Origin": "https://example.org"})
    assert "access-control-allow-origin" not in foreign.headers
    page = ask("GET", "/")
    assert page.headers["content-security-policy"].endswith("frame-ancestors 'self'") and "data-edited" in page.text
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("status", "options"),
    [
        (415, {"data": {"item": "x"}}),
        (400, {"content": b"{"}),
        (400, {"content": b"[" * 10_000}),
        (400, {"json": [1]}),
        (413, {"content": b" " * 30_000}),
        (400, {"json": decision(SZANSA, ZAZ, "merge")}),
        (400, {"json": decision(SZANSA, SZANSA)}),
        (400, {"json": decision(SZANSA, "<https://w3id.org/sekg/id/zaz-siedlce>")}),
        (400, {"json": decision(SZANSA, "nothing")}),
        (400, {"json": decision(SZANSA, "x:y> } ; DROP ALL #")}),
        (400, {"json": decision(SZANSA, ZAZ) | {"item": SZANSA}}),
        (400, {"json": decision(SZANSA, ZAZ) | {"item": ["a", "b"]}}),
        (400, {"json": decision(SZANSA, ZAZ, by=" ")}),
        (400, {"json": decision(SZANSA, ZAZ, by="A" * 201)}),
        (400, {"json": decision(SZANSA, ZAZ, by="A\x00B")}),
        (400, {"content": json.dumps(decision(SZANSA, ZAZ, by="\ud800")).encode()}),
        (400, {"json": decision(SZANSA, ZAZ, why={})}),
        (400, {"json": decision(SZANSA, ZAZ, why={"de": "weil"})}),
        (400, {"json": decision(SZANSA, ZAZ, why="text")}),
        (409, {"json": decision(SZANSA, "id:nobody-at-all")}),
        (409, {"json": decision(SZANSA, ZAZ, seen="another")}),
    ],
)
def test_what_is_no_answer_is_refused_and_writes_nothing(
    ask: Ask, tmp_path: Path, status: int, options: dict[str, Any]
) -> None:
    kind = {} if "data" in options else {"Content-Type": "application/json"}
    refused = ask("POST", QUEUE, headers={**SIGNED, **kind}, **options)
    assert refused.status_code == status, refused.text
    assert refused.json()["detail"]
    assert [*tmp_path.iterdir()] == []
    assert ask("POST", "/inbox/nothing", headers=SIGNED, **options).status_code == 404


def test_an_answer_is_the_decision_of_the_command_line_and_undo_gives_the_bytes_back(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / IDENTITY
    markup = 'ten sam "adres" <b>\\ ok'
    first = ask("POST", QUEUE, headers=SIGNED, json=decision(SZANSA, ZAZ, why={"pl": markup}))
    (found,) = first.json()["answers"]
    assert (found["verdict"], found["by"], found["day"], found["why"]) == (
        "same",
        "A. Kowalska",
        date.today().isoformat(),
        {"pl": markup},
    )
    command = tmp_path / "command"
    command.mkdir()
    signed = ("--by", "A. Kowalska", "--why", markup, "--lang", "pl", "--data", command)
    for needed in ("places.ttl",):
        (command / needed).touch()
    assert kgraph("identity", "same", SZANSA, ZAZ, *signed).returncode == 0
    assert path.read_bytes() == (command / IDENTITY).read_bytes()

    remarked = path.read_bytes() + b"\n# A remark of a curator.\n"
    path.write_bytes(remarked)
    other = ask("POST", QUEUE, headers=SIGNED, json=decision(SOKIAL, ZAZ, "undecided"))
    again = ask("POST", QUEUE, headers=SIGNED, json=decision(SOKIAL, ZAZ, "different", seen=tag(other)))
    assert [one["verdict"] for one in again.json()["answers"]] == ["different", "same"]
    undone = ask("POST", f"{QUEUE}/undo", headers=SIGNED, json={"item": f"{ZAZ} {SOKIAL}", "seen": tag(again)})
    assert [one["verdict"] for one in undone.json()["answers"]] == ["undecided", "same"]
    again = ask("POST", f"{QUEUE}/undo", headers=SIGNED, json={"item": f"{SOKIAL} {ZAZ}", "seen": tag(undone)})
    assert path.read_bytes() == remarked
    gone = ask("POST", f"{QUEUE}/undo", headers=SIGNED, json={"item": f"{SZANSA} {ZAZ}", "seen": tag(again)})
    assert gone.json()["answers"] == [] and not path.exists()


def test_an_earlier_answer_is_not_overwritten_unseen_and_comes_back(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / IDENTITY
    theirs = decision(ZAZ, SZANSA, "different", by="B. Nowak", why={"pl": "inni ludzie"})
    read = ask("POST", QUEUE, headers=SIGNED, json=theirs)
    before = path.read_bytes()
    mine = decision(SZANSA, ZAZ)
    assert "B. Nowak" in said(ask("POST", QUEUE, headers=SIGNED, json=mine), "en")
    polish = said(ask("POST", QUEUE, headers=SIGNED, json=mine), "pl")
    assert "różne („inni ludzie”)" in polish and path.read_bytes() == before
    replaced = ask("POST", QUEUE, headers=SIGNED, json={**mine, "seen": tag(read)})
    assert [one["by"] for one in replaced.json()["answers"]] == ["A. Kowalska"]
    path.write_bytes(path.read_bytes() + b"\n# Written by hand meanwhile.\n")
    undone = ask("POST", f"{QUEUE}/undo", headers=SIGNED, json={"item": f"{SZANSA} {ZAZ}", "seen": tag(replaced)})
    assert [(one["by"], one["verdict"]) for one in undone.json()["answers"]] == [("B. Nowak", "different")]
    assert b"# Written by hand meanwhile." in path.read_bytes()
    stale = {"item": f"{SZANSA} {ZAZ}", "seen": tag(replaced)}
    assert "B. Nowak" in said(ask("POST", f"{QUEUE}/undo", headers=SIGNED, json=stale), "pl")
    path.unlink()
    missing = ask("POST", f"{QUEUE}/undo", headers=SIGNED, json=stale)
    assert "nie ma już w pliku" in said(missing, "pl")


def test_a_contradiction_is_refused_with_its_path_and_one_in_the_file_is_told(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / IDENTITY
    for one, other in ((SZANSA, ZAZ), (ZAZ, SOKIAL)):
        assert ask("POST", QUEUE, headers=SIGNED, json=decision(one, other)).status_code == 200
    before = path.read_bytes()
    refused = ask("POST", QUEUE, headers=SIGNED, json=decision(SZANSA, SOKIAL, "different"))
    for lang in ("pl", "en"):
        assert f"{SZANSA} = {ZAZ} = {SOKIAL}" in said(refused, lang)
    assert path.read_bytes() == before
    signed = '{| dcterms:creator "B. Nowak" ; dcterms:created "2030-03-01"^^xsd:date |}'
    path.write_text(f"{before.decode()}\n{SZANSA} se:differentThing {SOKIAL} {signed} .\n", encoding="utf-8")
    read = ask("GET", QUEUE)
    assert f"{SZANSA} = {ZAZ} = {SOKIAL}" in read.json()["problems"][0]["pl"]
    unrelated = ask("POST", QUEUE, headers=SIGNED, json=decision(SOKIAL, "id:caritas-siedlce", "undecided"))
    assert unrelated.status_code == 200 and b"B. Nowak" in path.read_bytes()


def test_a_file_with_a_syntax_error_is_told_with_its_line_and_stays_as_it_is(ask: Ask, tmp_path: Path) -> None:
    path = tmp_path / IDENTITY
    assert ask("POST", QUEUE, headers=SIGNED, json=decision(SZANSA, ZAZ)).status_code == 200
    sound = path.read_bytes()
    path.write_bytes(sound + b"\n<<<<<<< HEAD\nid:a se:sameThing id:b .\n=======\n")
    broken, line = path.read_bytes(), sound.count(b"\n") + 2
    for refused in (ask("GET", QUEUE), ask("POST", QUEUE, headers=SIGNED, json=decision(SOKIAL, ZAZ))):
        assert f"{IDENTITY}:{line}" in said(refused, "pl") and said(refused, "en") != said(refused, "pl")
    assert path.read_bytes() == broken
    path.write_bytes(sound)
    assert ask("POST", QUEUE, headers=SIGNED, json=decision(SOKIAL, ZAZ)).status_code == 200


def test_pairs_come_by_the_value_of_a_decision_with_reasons_in_both_languages(ask: Ask, served: Served) -> None:
    found = ask("GET", f"{QUEUE}/items").json()
    items = found["items"]
    assert "id:pup-siedlce id:twp-siedlce" in {item["id"] for item in items}
    assert all({"pl", "en"} == reason["words"].keys() for item in items for reason in item["reasons"])
    quoted = [reason[side] for item in items for reason in item["reasons"] for side in ("one", "other")]
    assert any(place["words"] for places in quoted for place in places)  # the passages behind both sides
    alike = [(item["score"], item["facts"]) for item in items]
    assert not any(a[0] <= b[0] and a[1] < b[1] for a, b in pairwise(alike))
    assert {iri for item in items for iri in (item["one"], item["other"])} <= found["names"].keys()


def test_a_server_without_edit_has_no_inbox(address: str) -> None:
    assert httpx.get(f"{address}inbox/identity").status_code == 404
    assert httpx.post(f"{address}inbox/identity", json=decision(SZANSA, ZAZ), headers=SIGNED).status_code in (404, 405)
    assert "data-edited" not in httpx.get(address).text


@pytest.mark.parametrize(
    ("options", "polish"),
    [
        (("--host", "0.0.0.0"), "tylko na tym komputerze"),
        (("--host", "192.0.2.1"), "pomiń --host"),
        (("--base-url", "https://example.org/"), "pomiń --writable, --base-url"),
        (("--writable",), "pomiń --writable"),
        (("--cors", "*"), "--cors"),
    ],
)
def test_an_edited_server_is_for_this_computer_only(options: tuple[str, ...], polish: str) -> None:
    told = kgraph("serve", "--edit", "--lang", "pl", *options)
    assert told.returncode == 2 and polish in told.stderr


@pytest.mark.slow
def test_the_inbox_is_played_by_keyboard_alone(browser: Browser, built: Path, copied: Folders) -> None:
    path = copied.data / IDENTITY
    with serving("--edit", "--graph", str(built), "--data", str(copied.data)) as server:
        assert server.process.stdout
        start = re.search(r"http://\S+", server.process.stdout.readline())
        assert start
        with opening(browser, f"{server.url}/") as opened:
            page = opened(start[0].removeprefix(f"{server.url}/"), allow="status of 409")
            played(page, path)
            assert "token" not in page.url


def played(page: Page, path: Path) -> None:
    """A curator says who decides, decides, corrects a reason, goes back, and meets a decision of someone else."""
    first = page.locator("#item-title")
    expect(page.locator(".panes tbody tr").first).to_be_visible()
    expect(page.locator(".panes .passages q").first).to_be_visible()  # evidence is open
    press = page.keyboard.press
    while page.evaluate("document.activeElement.id") != "entered":
        press("Shift+Tab")
    page.keyboard.type("A. Kowalska")
    press("Enter")
    expect(page.locator("#item")).to_be_focused()
    asked = first.text_content()
    settled(page)
    assert faults(page, rules={"target-size": {"enabled": True}}) == []
    total = int((page.locator("#progress").text_content() or "").split()[-1])
    press("r")
    expect(page.locator("#progress")).to_have_text(f"rozstrzygnięto 1 z {total}")
    expect(first).not_to_have_text(asked or "")
    assert "se:differentThing" in path.read_text(encoding="utf-8")
    press("c")
    expect(first).to_have_text(asked or "")
    assert not path.exists()
    press("u")
    expect(page.locator("#why")).to_be_focused()
    press("Control+A")
    page.keyboard.type("ta sama siedziba")  # its letters are no answers
    press("Enter")
    press("t")
    expect(page.locator("#progress")).to_have_text(f"rozstrzygnięto 1 z {total}")
    written = path.read_text(encoding="utf-8")
    assert 'skos:note "ta sama siedziba"@pl' in written and 'dcterms:creator "A. Kowalska"' in written
    press("p")
    expect(page.locator("#list-later")).to_contain_text("(1)")
    press("ArrowRight")
    press("ArrowLeft")
    expect(first).to_contain_text(f"1 z {total - 2}")
    ids = page.evaluate("fetch('inbox/identity/items').then((answer) => answer.json())")["items"][2]["id"]
    signed = '{| dcterms:creator "B. Nowak" ; dcterms:created "2030-03-01"^^xsd:date ; skos:note "inni"@pl |}'
    theirs = f"\n{ids.replace(' ', ' se:differentThing ')} {signed} .\n"
    path.write_text(path.read_text(encoding="utf-8") + theirs, encoding="utf-8")
    press("t")
    expect(page.locator(".notices .trouble")).to_contain_text("Niczego nie zapisano (")
    expect(page.locator(".notices .trouble")).to_contain_text("B. Nowak")
    assert theirs.strip() in path.read_text(encoding="utf-8")
    expect(page.locator("#progress")).to_have_text(f"rozstrzygnięto 2 z {total}")
    while page.evaluate("document.activeElement.id") != "list-done":
        press("Shift+Tab")
    press("Enter")
    expect(page.locator(".decided li")).to_have_count(2)
    expect(page.locator(".decided")).to_contain_text("różne, B. Nowak, 2030-03-01")


@pytest.mark.slow
def test_without_a_graph_the_data_is_built_again_after_a_decision(copied: Folders) -> None:
    with serving("--edit", "--data", str(copied.data), env={"KGRAPH_TOKEN": TOKEN}) as server:
        assert server.client.get(QUEUE).json()["command"] == ""
        written = server.client.post(QUEUE, json=decision(SZANSA, ZAZ), headers=SIGNED)
        assert written.status_code == 200
        until(lambda: server.client.get("/id/zaz-siedlce").headers["location"].endswith("szansa.html"), 60)
        assert f"{SZANSA} {ZAZ}" not in server.client.get(f"{QUEUE}/items").text
        assert server.client.get(QUEUE).json()["answers"][0]["verdict"] == "same"
