"""Registers from the web, by a real server on this machine: downloads that go on, extracts by number, refusals."""

import http.server
import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from kgraph.base import paths
from kgraph.errors import LimitExceeded
from kgraph.evidence.registers import fetching, unwatched
from tests.command import kgraph

HERE = Path(__file__).parents[1] / "docs/registers"
OPP = (HERE / "opp.csv").read_bytes()
EXTRACTS = {path.stem.partition("-")[2]: path.read_bytes() for path in HERE.glob("krs-*.json")}
DAY = ("--as-of", "2030-02-01")


@dataclass
class Site:
    """A server: how often each address was asked, with which headers, and how many answers break off in the middle."""

    port: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    headers: list[dict[str, str]] = field(default_factory=list)
    breaks: int = 0
    version: str = '"1"'

    def __call__(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def allowed(self) -> tuple[str, ...]:
        return ("--allow-host", f"127.0.0.1:{self.port}", "--pause", "0")


class Answers(http.server.BaseHTTPRequestHandler):
    """The answers of a site."""

    site: Site

    def do_GET(self) -> None:
        self.site.asked[self.path] += 1
        self.site.headers.append({name.lower(): value for name, value in self.headers.items()})
        path = urlsplit(self.path).path
        if path == "/opp.csv":
            self.file()
        elif path.startswith("/krs/"):
            self.extract(path.rpartition("/")[2], parse_qs(urlsplit(self.path).query)["rejestr"][0])
        elif path.startswith("/to/"):
            self.send(302, b"", Location=path.removeprefix("/to/").replace(":/", "://", 1))
        elif path == "/huge.csv":
            self.send(200, b"", **{"Content-Length": str(3 * 1024**3)})
        else:
            pages = {"/page.csv": b"<!DOCTYPE html><title>Przerwa</title>", "/empty.csv": b""}
            self.send(200 if path in pages else 404, pages.get(path, b""))

    def file(self) -> None:
        """The list, from the byte that is asked for if the version is still the one asked for."""
        start = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        at = int(start[1]) if start and self.headers.get("If-Range") == self.site.version else 0
        content = OPP[at:]
        ranged = {"Content-Range": f"bytes {at}-{len(OPP) - 1}/{len(OPP)}"} if at else {}
        is_cut = self.site.breaks > 0
        self.site.breaks -= is_cut
        sent = content[: len(content) // 2] if is_cut else content
        self.send(
            206 if at else 200, sent, **{"Content-Length": str(len(content)), "ETag": self.site.version, **ranged}
        )

    def extract(self, number: str, register: str) -> None:
        """An extract: the first request is too early; the second organisation is in the other part of the register."""
        if self.site.asked[self.path] == 1 and number.endswith("001"):
            self.send(429, b"", **{"Retry-After": "0"})
        elif number in EXTRACTS and (register == "P") == number.endswith("101"):
            self.send(200, EXTRACTS[number])
        elif number == "9990000009":
            self.send(200, b"<html>awaria</html>")
        else:
            self.send(404 if register == "S" else 200, b"")

    def send(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Answering", (Answers,), {"site": made})) as server:
        server.daemon_threads, server.block_on_close = True, False
        made.port = server.server_port
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield made
        server.shutdown()


@pytest.fixture
def data(with_terc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(paths.CACHE, str(tmp_path / "cache"))
    shutil.copytree(with_terc, tmp_path / "data")
    return tmp_path / "data"


def listed(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_download_that_breaks_off_adds_nothing_and_goes_on_when_repeated(data: Path, site: Site) -> None:
    before, command = listed(data), ("register", "add", "opp", site("/opp.csv"), *DAY, *site.allowed, "--data", data)
    site.breaks = 99
    told = kgraph(*command, "--lang", "pl")
    assert (told.returncode, told.stderr.count("\n")) == (5, 1), told.stderr
    assert "zostało przerwane" in told.stderr and "powtórz polecenie" in told.stderr
    assert listed(data) == before
    assert [int(headers.get("range", "bytes=0-")[6:-1]) for headers in site.headers] == sorted(
        len(OPP) - -(-len(OPP) // 2**tries) for tries in range(4)
    )
    site.breaks, already = 0, len(site.headers)
    told = kgraph(*command)
    assert told.returncode == 0, told.stderr
    [last] = site.headers[already:]
    assert int(last["range"][6:-1]) > len(OPP) * 0.9 and last["if-range"] == '"1"'
    assert re.match(r"kgraph/\d.*\(.+\)", last["user-agent"])
    assert (data / "registers/opp-2030-02-01/opp.csv.gz").is_file()
    assert f"rdfs:seeAlso <{site('/opp.csv')}#opp-2030-02-01>" in (data / "registers/opp-2030-02-01.ttl").read_text()
    assert listed(data.parent / "cache") == []


def test_a_download_of_another_version_begins_anew(data: Path, site: Site) -> None:
    site.breaks = 1
    network = fetching.Network((f"127.0.0.1:{site.port}",), between=0)
    with fetching.downloaded(site("/opp.csv"), network, lambda done, whole: setattr(site, "version", '"2"')) as file:
        assert file.read_bytes() == OPP
    assert [headers.get("if-range") for headers in site.headers] == [None, '"1"']


def test_extracts_are_fetched_by_number_politely_and_once(data: Path, site: Site, tmp_path: Path) -> None:
    numbers = tmp_path / "numbers.csv"
    numbers.write_text("KRS;nazwa\n9990000001;Latawiec\n\n9990000101;Druga\n9990000001;znowu\n", encoding="utf-8")
    templates = [part for register in "SP" for part in ("--from", site("/krs/{krs}?rejestr=") + register)]
    command = ("register", "add", "krs", *templates, *site.allowed, "--data", data)
    told = kgraph(*command, "--numbers", numbers, "9990000777", *DAY, "--lang", "pl")
    assert (told.returncode, told.stderr.count("\n")) == (3, 1), told.stderr
    assert "9990000777" in told.stderr and "krs-2030-02-01" not in " ".join(listed(data))
    assert site.asked["/krs/9990000001?rejestr=S"] == 2  # 429, and again
    assert site.asked["/krs/9990000101?rejestr=P"] == 1
    (data.parent / "cache/registers/krs-2029-02-01").mkdir()
    told = kgraph(*command, "--numbers", numbers, "9990000777", *DAY, "--skip-missing")
    assert told.returncode == 0 and "left out: 9990000777" in told.stderr
    assert site.asked["/krs/9990000001?rejestr=S"] == 2  # it was in the cache
    assert [path.name for path in (data.parent / "cache/registers").iterdir()] == ["krs-2030-02-01"]
    assert (data / "registers/krs-2030-02-01/krs.zip.gz").is_file()
    for given, part in (("9990000009", "web page"), ("12x", "12x"), ("99900000011", "99900000011")):
        told = kgraph(*command, given, "--as-of", "2030-03-01")
        assert (told.returncode, told.stderr.count("\n")) == (3, 1) and part in told.stderr, told.stderr
    told = kgraph("register", "add", "opp", "--numbers", numbers, *DAY, "--data", data)
    assert told.returncode == 3 and "not fetched by numbers" in told.stderr


@pytest.mark.parametrize(
    ("path", "code", "polish", "english"),
    [
        ("/page.csv", 3, "strona internetowa", "is a web page"),
        ("/empty.csv", 3, "jest pusty", "is empty"),
        ("/nowhere.csv", 3, "nic nie ma (404)", "is not there (404)"),
        ("/huge.csv", 6, "bajtów", "bytes"),
        ("/to/http:/localhost:1/opp.csv", 2, "w sieci prywatnej", "on a private network"),
        ("/to/http:/169.254.169.254/latest", 2, "w sieci prywatnej", "on a private network"),
        ("/to/file:/etc/passwd", 2, "nie jest adresem http", "is not an http"),
    ],
)
def test_what_is_no_register_is_refused_in_a_sentence(
    data: Path, site: Site, path: str, code: int, polish: str, english: str
) -> None:
    before = listed(data)
    for lang, part in (("pl", polish), ("en", english)):
        told = kgraph("register", "add", "opp", site(path), *DAY, *site.allowed, "--data", data, "--lang", lang)
        assert (told.returncode, told.stderr.count("\n"), told.stdout) == (code, 1, ""), told.stderr
        assert part in told.stderr
    assert listed(data) == before and listed(data.parent / "cache") == []


def test_a_private_address_is_not_asked_without_leave(data: Path, site: Site) -> None:
    told = kgraph("register", "add", "opp", site("/opp.csv"), *DAY, "--data", data)
    assert told.returncode == 2 and "--allow-host" in told.stderr
    assert not site.asked


def test_a_body_without_length_is_bounded(site: Site, tmp_path: Path) -> None:
    network = fetching.Network((f"127.0.0.1:{site.port}",), 0, tmp_path, most=100)
    with pytest.raises(LimitExceeded), fetching.downloaded(site("/opp.csv"), network, unwatched):
        pass
    assert listed(tmp_path) == []
