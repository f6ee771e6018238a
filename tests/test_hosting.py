"""Files for a web host: redirect rules, tested with a real Apache, a sitemap, and server settings."""

import http.client
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from kgraph.publish.metadata import hosting
from kgraph.publish.metadata.description import Description
from tests.programs import needs
from tests.serving import free_port

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
URL, CONTACT = "https://example.org/sekg/1.0.0/", "mailto:office@example.org"
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


@pytest.fixture(scope="module")
def apache() -> Iterator[int]:
    """The port of an Apache with the redirect rules at /sekg/ and a release at /release/."""
    program = needs("apache")
    with tempfile.TemporaryDirectory() as name:
        root, port = Path(name), free_port()
        description = Description("1.0.0", f"http://127.0.0.1:{port}/release/", date(2026, 11, 23), CONTACT)
        put(root / "www/sekg/.htaccess", hosting.redirects(description))
        put(root / "www/release/.htaccess", hosting.apache())
        put(root / "www/release/data/id/mcps.ttl", b"# Turtle")
        put(root / "www/release/index.html", b"the landing page")
        modules = (
            module
            for module in ("mpm_event", "authz_core", "rewrite", "mime", "alias", "dir", "headers", "filter", "deflate")
        )
        loaded = "\n".join(f"LoadModule {module}_module {MODULES}/mod_{module}.so" for module in modules)
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        put(root / "conf", SETTINGS.format(root=root, port=port, modules=loaded, user=user).encode())
        for path in (root, *root.rglob("*")):
            path.chmod(0o755)
        server = subprocess.Popen([program, "-f", str(root / "conf"), "-D", "FOREGROUND"])
        try:
            answering(port, server)
            yield port
        finally:
            server.terminate()
            server.wait(10)


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
        ("id/mcps", "application/ld+json", "", "data/id/mcps.jsonld"),
        ("id/mcps", "application/n-triples", "", "data/id/mcps.nt"),
        ("id/mcps.ttl", BROWSER, "", "data/id/mcps.ttl"),
        ("kind/role/director", BROWSER, "", "page/kind/role/director.html"),
        ("source/mcps-2018-klaster", "text/turtle", "", "data/source/mcps-2018-klaster.ttl"),
        ("claim/a0676c9759fc74c7", "text/turtle", "", "data/claim/a.ttl"),
        ("claim/a0676c9759fc74c7", BROWSER, "pl", "page/claim/a.pl.html#a0676c9759fc74c7"),
        ("claim/a0676c9759fc74c7-1-quote", BROWSER, "", "page/claim/a.html#a0676c9759fc74c7"),
        ("claim/a0676c9759fc74c7-1-quote", "application/ld+json", "", "data/claim/a.jsonld"),
        ("inference/00676c9759fc74c7", "*/*", "", "page/inference/0.html#00676c9759fc74c7"),
        ("inference/00676c9759fc74c7.nt", BROWSER, "", "data/inference/0.nt"),
        ("ns", BROWSER, "pl", "page/ns.pl.html"),
        ("ns", "text/turtle", "", "data/ns.ttl"),
        ("ns.jsonld", "*/*", "", "data/ns.jsonld"),
        ("ns/0.1.0", "*/*", "", "ontology/sekg.ttl"),
        ("kinds/1.0.0", "*/*", "", "ontology/kinds.ttl"),
        ("shapes", "*/*", "", "ontology/shapes.ttl"),
        ("single-valued/1.0.0", "*/*", "", "ontology/single-valued.ttl"),
        ("sekg.ttl", "*/*", "", "sekg.ttl"),
        ("catalog", "text/turtle", "", "catalog.ttl"),
        ("catalog", "application/rdf+xml", "", "catalog.rdf"),
        ("catalog", "*/*", "", "catalog.ttl"),
        ("void.jsonld", "*/*", "", "void.jsonld"),
        ("otwarte-dane.md5", "*/*", "", "otwarte-dane.md5"),
        ("latest/tables/people.csv", "*/*", "", "tables/people.csv"),
        ("release/1.0.0", BROWSER, "", "versions.html"),
        ("release", "application/ld+json", "", "versions.jsonld"),
        ("id/dataset-ontology", BROWSER, "", "page/ns.html"),
        ("id/dataset-ontology.ttl", "*/*", "", "data/ns.ttl"),
        ("", BROWSER, "", ""),
    ],
)
def test_an_address_leads_to_its_page_or_data(apache: int, path: str, accept: str, language: str, target: str) -> None:
    answer = get(apache, f"/sekg/{path}", accept, language)
    assert (answer.status, answer.headers["Location"]) == (303, f"http://127.0.0.1:{apache}/release/{target}")


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
        ("inference/00676c9759fc74c7.nt", "data/inference/0.nt"),
    ],
)
def test_an_address_that_a_claim_had_leads_to_its_shard(apache: int, path: str, target: str) -> None:
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
