"""Files for a web host: redirect rules, tested with a real Apache, a sitemap, and server settings."""

import http.client
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urldefrag, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from kgraph.base import media, paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import BASE
from kgraph.publish.metadata import examples, hosting
from kgraph.publish.metadata.description import Description, Edition
from kgraph.publish.release import making, verify
from kgraph.publish.release.making import Released
from kgraph.server.published import RENDERED
from tests.conftest import FEW, kept
from tests.programs import needs
from tests.serving import free_port, serving

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
URL, CONTACT = "https://example.org/sekg/1.0.0/", "mailto:office@example.org"
OLD = "https://example.org/sekg/0.9.0/"
MODULES = Path("/usr/lib/apache2/modules")
NEEDED = ("mpm_event", "authz_core", "rewrite", "mime", "alias", "dir", "headers", "filter", "deflate")

SETTINGS = """\
ServerRoot {root}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {root}/pid
ErrorLog {root}/errors
{user}
{modules}
TypesConfig /dev/null
DocumentRoot {root}/www
<Directory {root}/www>
AllowOverride All
Require all granted
</Directory>
"""


@contextmanager
def apache_of(files: Callable[[int], Iterable[tuple[str, bytes]]]) -> Iterator[tuple[int, Path]]:
    """The port of an Apache, and its folder with files by their paths, which may depend on the port."""
    program = needs("apache")
    with tempfile.TemporaryDirectory() as name:
        root, port = Path(name), free_port()
        for path, content in files(port):
            put(root / "www" / path, content)
        loaded = "\n".join(f"LoadModule {module}_module {MODULES}/mod_{module}.so" for module in NEEDED)
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        put(root / "conf", SETTINGS.format(root=root, port=port, modules=loaded, user=user).encode())
        for made in (root, *root.rglob("*")):
            made.chmod(0o755)
        server = subprocess.Popen([program, "-f", str(root / "conf"), "-D", "FOREGROUND"])
        try:
            answering(port, server)
            yield port, root / "www"
        finally:
            server.terminate()
            server.wait(10)


OF_GONE = {
    "page/id/old.one.html": "text/html; charset=utf-8",
    "page/id/old.one.pl.html": "text/html; charset=utf-8",
    "data/id/old.one.ttl": "text/turtle; charset=utf-8",
    "data/id/old.one.jsonld": "application/ld+json",
    "data/id/old.one.rdf": "application/rdf+xml",
}
"""The files of a removed thing, with their media types."""


@pytest.fixture(scope="module")
def apache() -> Iterator[int]:
    """The port of an Apache with the redirect rules at /sekg/ and a release at /release/, which followed two others."""

    def files(port: int) -> Iterator[tuple[str, bytes]]:
        base = f"http://127.0.0.1:{port}/release/"
        earlier = (
            Edition("0.8.0", "2026-11-21", base, ontology="0.0.8"),
            Edition("0.9.0", "2026-11-22", OLD, ontology="0.0.9"),
        )
        release = Description("1.0.0", base, date(2026, 11, 23), CONTACT, earlier, ontology="0.1.0")
        vocabularies = {"bridge": "0.7.0", "kinds": "1.0.0", "shapes": "1.0.0", "single-valued": "1.0.0"}
        yield "sekg/.htaccess", hosting.redirects(release, 1, vocabularies)
        yield "release/.htaccess", hosting.apache(base, gone=["id/old.one"])
        yield "release/data/id/mcps.ttl", b"# Turtle"
        for path in OF_GONE:
            yield f"release/{path}", path.encode()
        yield "release/index.html", b"the landing page"

    with apache_of(files) as (port, _):
        yield port


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def answering(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert server.poll() is None, "Apache ended at once"
        try:
            get(port, "/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("Apache does not answer")


def get(port: int, path: str, accept: str = "*/*", language: str = "") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"Accept": accept, "Accept-Language": language})
    return connection.getresponse()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "accept", "language", "target"),
    [
        ("id/mcps", BROWSER, "en-GB,en;q=0.9,pl;q=0.8", "page/id/mcps.html"),
        ("id/mcps", BROWSER, "pl,en;q=0.8", "page/id/mcps.pl.html"),
        ("id/mcps", "*/*", "", "page/id/mcps.html"),
        ("id/mcps", "text/turtle", "", "data/id/mcps.ttl"),
        ("id/mcps", "text/turtle, application/rdf+xml;q=0.9, text/html;q=0.3", "", "data/id/mcps.ttl"),
        ("id/mcps.rdf", "*/*", "", "data/id/mcps.rdf"),
        ("id/mcps.nt", "*/*", "", "data/id/mcps.ttl"),
        ("id/mcps", "text/n3", "", "data/id/mcps.ttl"),
        ("id/mcps", "application/ld+json", "", "data/id/mcps.jsonld"),
        ("id/mcps", "application/n-triples", "", "data/id/mcps.ttl"),
        ("id/mcps.ttl", BROWSER, "", "data/id/mcps.ttl"),
        ("kind/role", BROWSER, "", "page/kind/role.html"),
        ("kind/role/director", BROWSER, "", "page/kind/role.html#director"),
        ("kind/role/director", BROWSER, "pl", "page/kind/role.pl.html#director"),
        ("kind/role/director", "text/turtle", "", "data/kind/role.ttl"),
        ("kind/role/director.jsonld", "*/*", "", "data/kind/role.jsonld"),
        ("kind/role/director.pl.html", "*/*", "", "page/kind/role.pl.html#director"),
        ("kind/pkd-2025/88.10", "*/*", "", "page/kind/pkd-2025.html#88.10"),
        ("source/mcps-2018-klaster", "text/turtle", "", "data/source/mcps-2018-klaster.ttl"),
        ("claim/a0676c9759fc74c7", "text/turtle", "", "data/claim/a.ttl"),
        ("claim/a0676c9759fc74c7", BROWSER, "pl", "page/claim/a.pl.html#a0676c9759fc74c7"),
        ("claim/a0676c9759fc74c7-1-quote", BROWSER, "", "page/claim/a.html#a0676c9759fc74c7"),
        ("claim/a0676c9759fc74c7-1-quote", "application/ld+json", "", "data/claim/a.jsonld"),
        ("inference/00676c9759fc74c7", "*/*", "", "page/inference/0.html#00676c9759fc74c7"),
        ("inference/00676c9759fc74c7.nt", BROWSER, "", "data/inference/0.ttl"),
        ("ns", BROWSER, "pl", "page/ns.pl.html"),
        ("ns", "text/turtle", "", "data/ns.ttl"),
        ("ns.jsonld", "*/*", "", "data/ns.jsonld"),
        ("id/mcps", "application/rdf+xml", "", "data/id/mcps.rdf"),
        ("id/mcps", "application/rdf+xml, application/ld+json", "", "data/id/mcps.jsonld"),
        ("claim/a0676c9759fc74c7-1-position", "application/rdf+xml", "", "data/claim/a.rdf"),
        ("id/mcps.html", "text/turtle", "pl", "page/id/mcps.html"),
        ("id/mcps.pl.html", "*/*", "", "page/id/mcps.pl.html"),
        ("claim/a0676c9759fc74c7.pl.html", "*/*", "", "page/claim/a.pl.html#a0676c9759fc74c7"),
        ("ns.html", "*/*", "pl", "page/ns.html"),
        ("ns/core", BROWSER, "", "page/ns.html"),
        ("ns/core", "text/turtle", "", "data/ns.ttl"),
        ("ns/0.0.8", "text/turtle", "", "data/ns.ttl"),
        ("catalog", "*/*", "", "catalog.ttl"),
        ("catalog", "application/rdf+xml", "", "catalog.rdf"),
        ("latest/icon.svg", "*/*", "", "icon.svg"),
        ("ns/0.1.0", "*/*", "", "ontology/sekg.ttl"),
        ("ns/0.1.0", "text/turtle", "", "ontology/sekg.ttl"),
        ("ns/0.1.0", BROWSER, "pl", "page/ns.pl.html"),
        ("ns/0.1.0", "application/rdf+xml", "", "data/ns.rdf"),
        ("ns/0.1.0", "application/ld+json", "", "data/ns.jsonld"),
        ("shape/Agent", "*/*", "", "ontology/shapes.ttl"),
        ("shape/dcat-ap/Dataset", "*/*", "", "ontology/dcat-ap.ttl"),
        ("display/other", "*/*", "", "ontology/display.ttl"),
        ("kinds/1.0.0", "*/*", "", "ontology/kinds.ttl"),
        ("shapes", "*/*", "", "ontology/shapes.ttl"),
        ("bridge/0.7.0", "*/*", "", "ontology/bridge.ttl"),
        ("single-valued/1.0.0", "*/*", "", "ontology/single-valued.ttl"),
        ("sekg.ttl", "*/*", "", "sekg.ttl"),
        ("catalog", "text/turtle", "", "catalog.ttl"),
        ("void.jsonld", "*/*", "", "void.jsonld"),
        ("otwarte-dane.md5", "*/*", "", "otwarte-dane.md5"),
        ("latest/tables/people.csv", "*/*", "", "tables/people.csv"),
        ("release/1.0.0", BROWSER, "", "versions.html"),
        ("release", BROWSER, "pl,en;q=0.8", "versions.pl.html"),
        ("release", "application/ld+json", "", "versions.jsonld"),
        ("id/dataset-ontology", BROWSER, "", "page/ns.html"),
        ("id/dataset-ontology.ttl", "*/*", "", "data/ns.ttl"),
        ("", BROWSER, "", ""),
    ],
)
def test_an_address_leads_to_its_page_or_data(apache: int, path: str, accept: str, language: str, target: str) -> None:
    answer = get(apache, f"/sekg/{path}", accept, language)
    assert (answer.status, answer.headers["Location"]) == (303, f"http://127.0.0.1:{apache}/release/{target}")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {name.strip() for name in answer.headers["Vary"].split(",")} >= {"Accept", "Accept-Language"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("kinds/0.9.0", f"{OLD}ontology/kinds.ttl"),
        ("shapes/0.9.0", f"{OLD}ontology/shapes.ttl"),
        ("ns/0.0.9", f"{OLD}ontology/sekg.ttl"),
        ("kinds/0.8.0", None),
    ],
)
def test_an_earlier_version_is_at_its_own_release_unless_another_took_its_address(
    apache: int, path: str, target: str | None
) -> None:
    answer = get(apache, f"/sekg/{path}")
    assert (answer.status, answer.headers["Location"]) == (303 if target else 404, target)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("page/claim/a0676c9759fc74c7.html", "page/claim/a.html#a0676c9759fc74c7"),
        ("page/claim/a0676c9759fc74c7.pl.html", "page/claim/a.pl.html#a0676c9759fc74c7"),
        ("data/claim/a0676c9759fc74c7.ttl", "data/claim/a.ttl"),
        ("data/claim/a0676c9759fc74c7-1-quote.jsonld", "data/claim/a.jsonld"),
        ("page/inference/00676c9759fc74c7.html", "page/inference/0.html#00676c9759fc74c7"),
        ("claim/a0676c9759fc74c7", "page/claim/a.html#a0676c9759fc74c7"),
        ("data/id/mcps.nt", "data/id/mcps.ttl"),
        ("data/numbers.nt", "data/numbers.ttl"),
        ("api/things/id/mcps.json", "data/id/mcps.jsonld"),
        ("page/kind/role/director.html", "page/kind/role.html#director"),
        ("page/kind/role/director.pl.html", "page/kind/role.pl.html#director"),
        ("data/kind/role/director.jsonld", "data/kind/role.jsonld"),
        ("inference/00676c9759fc74c7.nt", "data/inference/0.nt"),
    ],
)
def test_an_address_of_an_earlier_release_leads_to_the_new_one(apache: int, path: str, target: str) -> None:
    answer = get(apache, f"/release/{path}")
    assert (answer.status, answer.headers["Location"]) == (303, f"http://127.0.0.1:{apache}/release/{target}")


@pytest.mark.slow
def test_the_address_of_a_claim_does_not_lead_to_another_host(apache: int) -> None:
    for path in ("//evil.example", "/release//evil.example", "/%5cevil.example", "/release/%5c%5cevil.example"):
        location = get(apache, f"{path}/page/claim/a0676c9759fc74c7.html").headers["Location"]
        assert location is None or urlsplit(location).netloc == f"127.0.0.1:{apache}"


@pytest.mark.slow
@pytest.mark.parametrize("path", ["other/x", "kinds/9.0.0", "id", "id/", "../etc/passwd", "identity/x"])
def test_other_addresses_lead_nowhere(apache: int, path: str) -> None:
    assert get(apache, f"/sekg/{path}").status in (400, 404)


@pytest.mark.slow
def test_a_redirect_does_not_lead_to_another_host(apache: int) -> None:
    for path in ("id/x@evil.example/", "id//evil.example/", "id/%0d%0aSet-Cookie:x", "id/%2f%2fevil.example"):
        location = get(apache, f"/sekg/{path}").headers["Location"]
        assert location is None or urlsplit(location).netloc == f"127.0.0.1:{apache}"


@pytest.mark.slow
def test_the_host_gives_data_its_media_type_and_lets_other_sites_read_it(apache: int) -> None:
    answer = get(apache, "/release/data/id/mcps.ttl")
    assert answer.headers["Content-Type"].lower().replace(" ", "") == "text/turtle;charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert get(apache, "/release/").read() == b"the landing page"


@pytest.mark.slow
@pytest.mark.parametrize("path", OF_GONE)
def test_the_host_says_of_a_removed_thing_what_it_was_with_410(apache: int, path: str) -> None:
    answer = get(apache, f"/release/{path}")
    assert (answer.status, answer.read().decode()) == (410, path)
    assert answer.headers["Content-Type"].lower() == OF_GONE[path]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.slow
def test_a_thing_with_a_longer_name_is_not_gone(apache: int) -> None:
    assert [get(apache, f"/release/page/id/{name}.html").status for name in ("old-one", "older.one", "old.one.x")] == [
        404
    ] * 3


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, folders: Folders) -> Path:
    """A release of two sources, with an address of its own."""
    root = tmp_path_factory.mktemp("released")
    shutil.copytree(folders.data, root / "data")
    few = kept(Folders(folders.ontology, root / "data"), FEW)
    assert making.write(root / "1.0.0", few, making.describe("1.0.0", URL, making.day(few), CONTACT)) == Released(())
    return root / "1.0.0"


@pytest.mark.slow
def test_every_iri_of_a_release_leads_to_a_file_with_its_media_type(released: Path) -> None:
    top = urlsplit(URL).path

    def files(port: int) -> Iterator[tuple[str, bytes]]:
        for path in filter(Path.is_file, released.rglob("*")):
            yield f"{top[1:]}{path.relative_to(released).as_posix()}", path.read_bytes()
        rules = (released / "w3id/.htaccess").read_text(encoding="utf-8")
        yield "w3id/.htaccess", rules.replace(URL, f"http://127.0.0.1:{port}{top}").encode()

    with apache_of(files) as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        data = {followed(connection, path, media.TURTLE.media) for path in addresses(released)}
        pages = {followed(connection, path, BROWSER) for path in addresses(released)}
        assert all(lead.endswith((".ttl", ".svg")) for lead in data - {top})
        assert len(pages) > 300 and len(data) > 200  # concepts share the data of their scheme
        statuses = {lead: asked(connection, urldefrag(lead)[0], "*/*")[0] for lead in data | pages}
        assert [lead for lead, status in sorted(statuses.items()) if status != 200] == []
        for lead in pages:
            shown, anchor = urldefrag(lead.removeprefix(top))
            assert not anchor or f'id="{anchor}"' in (released / shown).read_text(encoding="utf-8"), lead
        for path, entry in verify.manifest(released)["files"].items():
            if not Path(path).name.startswith("."):
                told = asked(connection, f"{top}{quote(path)}", "*/*")[1]["Content-Type"].partition(";")[0]
                assert told == entry["media"], path
        status, headers = asked(connection, f"{top}nothing", "*/*")
        assert (status, headers["Content-Type"].lower()) == (404, "text/html; charset=utf-8")
        assert int(headers["Content-Length"]) == (released / hosting.UNKNOWN).stat().st_size


OF_EACH_SERVER = ("llms.txt", ".well-known/sparql-examples")
"""Files that name the addresses of a server, which has its own."""


@pytest.mark.slow
def test_a_server_of_a_release_gives_its_own_files(released: Path) -> None:
    own = (*RENDERED, "explorer.html", "index.html", "index.pl.html", "404.html")
    with serving("--graph", str(released)) as server:
        for path, entry in verify.manifest(released)["files"].items():
            if (
                path in OF_EACH_SERVER
                or PurePosixPath(path).parts[0] in own
                or (paths.packaged("static") / path).is_file()
            ):
                continue
            answer = server.client.get(f"/{path}")
            if PurePosixPath(path).name == ".htaccess":
                assert answer.status_code == 404
                continue
            assert (answer.status_code, answer.content) == (200, (released / path).read_bytes()), path
            assert answer.headers["content-type"].partition(";")[0] == entry["media"]
            for name, field in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")):
                again = server.client.get(f"/{path}", headers={field: answer.headers[name]})
                assert (again.status_code, again.content) == (304, b"")
        assert server.client.get("/manifest.json").json()["version"] == "1.0.0"
        assert "catalog.ttl" in server.client.get("/index.html").text
        assert server.client.get("/%2e%2e/data/dataset.ttl").status_code == 404


def addresses(released: Path) -> list[str]:
    """The paths of all our IRIs in a release: of the graph, its claims and evidence, its vocabularies and catalogue."""
    found = set[str]()
    graphs = {*released.glob("*.ttl"), *released.glob("ontology/*.ttl")} - {
        released / examples.FILE
    }  # texts of queries
    for path in (released / "sekg.trig", *graphs):
        found |= {*re.findall(rf"<{BASE}([^>]*)>", lines_of(path))}
    return sorted({urldefrag(path)[0] for path in found})


def lines_of(path: Path) -> str:
    """The quads of a file as N-Quads, which write all IRIs out; the feed has relative ones."""
    read = ox.serialize(ox.parse(path=path, base_iri=f"{URL}{path.name}"), format=ox.RdfFormat.N_QUADS)
    assert read
    return read.decode()


def followed(connection: http.client.HTTPConnection, path: str, accept: str) -> str:
    """The path and fragment to which the rules for w3id.org lead a client."""
    status, headers = asked(connection, f"/w3id/{quote(path)}", accept)
    assert (status, headers["Access-Control-Allow-Origin"]) == (303, "*"), path
    assert "Accept" in headers["Vary"], path
    to = urlsplit(headers["Location"])
    return f"{to.path}#{to.fragment}" if to.fragment else to.path


def asked(connection: http.client.HTTPConnection, path: str, accept: str) -> tuple[int, http.client.HTTPMessage]:
    connection.request("GET", path, headers={"Accept": accept})
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers


def test_the_sitemap_names_every_page_once() -> None:
    pages = {"page/id/b&c.html": "2026-11-23", "index.html": "2026-11-24"}
    [(path, content)] = hosting.sitemaps(URL, pages)
    root = ElementTree.fromstring(content)
    assert path == "sitemap.xml"
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert [place.text for place in root.iter(f"{space}loc")] == [
        "https://example.org/sekg/1.0.0/index.html",
        "https://example.org/sekg/1.0.0/page/id/b%26c.html",
    ]
    assert [day.text for day in root.iter(f"{space}lastmod")] == ["2026-11-24", "2026-11-23"]
    assert b"Sitemap: https://example.org/sekg/1.0.0/sitemap.xml" in hosting.robots(URL)


def test_more_pages_than_a_sitemap_may_name_are_divided() -> None:
    files = dict(hosting.sitemaps(URL, {f"page/{number}.html": "" for number in range(5)}, most=2))
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    named = {
        path: [one.text for one in ElementTree.fromstring(text).iter(f"{space}loc")] for path, text in files.items()
    }
    assert named.pop("sitemap.xml") == [f"{URL}sitemap-{number}.xml" for number in (1, 2, 3)]
    assert [len(places) for places in named.values()] == [2, 2, 1]
    assert [place for places in named.values() for place in places] == [
        f"{URL}page/{number}.html" for number in range(5)
    ]
