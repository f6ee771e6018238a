"""Releases: complete, deterministic, with changes listed, and verifiable by other tools."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser, expect

import kgraph
from kgraph.base.paths import Folders
from kgraph.base.problems import problem as wrong
from kgraph.base.vocab import PREFIXES, TURTLE_PREFIXES, term
from kgraph.build import pipeline, shapes
from kgraph.errors import BadData, BadQuery, CannotWrite, NotFound
from kgraph.publish.formats.package import compressed
from kgraph.publish.formats.serialize import canonical_hash
from kgraph.publish.release import difference, making, signing, verify
from kgraph.publish.release.making import Released
from tests.browsing import DRAWN, opening, settled
from tests.command import kgraph as command
from tests.conftest import FEW, without_other_places
from tests.programs import needs
from tests.serving import serving_files
from tests.streaming import Client, by_ldes_client, by_the_rules
from tests.test_signing import keys

DAY, NEXT_DAY = date(2026, 11, 23), date(2026, 11, 24)
URL, CONTACT = "https://example.org/sekg/", "mailto:office@example.org"
GUEST = """
source:guest a se:Source ; dcterms:title "Gość"@pl , "A guest"@en ; dcterms:publisher "G" ;
    rdfs:seeAlso <https://example.org/guest> ; se:textUnavailable true .
id:guest a org:Organization ~ ; skos:prefLabel "Spółdzielnia „Gość” <b>"@pl , "Guest co-operative <b>"@en .
id:agreement-2018 se:hasSignatory id:guest ~ .
id:zenobia a foaf:Person ~ ; foaf:name "Zenobia Zniknięta" ~ ;
    skos:prefLabel "Zenobia Zniknięta"@pl , "Zenobia Zniknięta"@en .
id:tenure-zenobia a org:Membership ~ ; org:member id:zenobia ~ ;
    org:organization id:guest ~ ; org:role role:director ~ ;
    skos:prefLabel "Zenobia Zniknięta jako dyrektorka"@pl , "Zenobia Zniknięta as director"@en .
source:guest se:leavesUnknown id:unknown-zenobia .
id:unknown-zenobia a se:KnownUnknown ; se:about id:tenure-zenobia ; se:aspect se:validFrom ;
    skos:prefLabel "od kiedy Zenobia Zniknięta tu jest"@pl , "since when Zenobia Zniknięta has been here"@en .
"""
pytestmark = pytest.mark.release
CIRCLE = "dcat:hasCurrentVersion id:dataset"
ADDRESSED, STREET = "sources/cis-siedlce-2018-klaster.ttl", '\nid:cis-siedlce se:address "ul. Budowlana 1" ~ .\n'
GONE = {"id:guest", "id:tenure-zenobia", "id:unknown-zenobia", "id:zenobia", "source:guest"}


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory, folders: Folders) -> Folders:
    root = tmp_path_factory.mktemp("few")
    shutil.copytree(folders.data, root / "data", ignore=lambda _, names: [n for n in names if not kept(n)])
    with (root / "data" / ADDRESSED).open("a", encoding="utf-8") as source:
        source.write(STREET)
    return without_other_places(Folders(folders.ontology, root / "data"))


def linked(release: Path, folder: Path) -> Path:
    """A copy of a release for `rewrite`; its files are links to those of the release."""
    return shutil.copytree(release, folder / "spoilt", copy_function=os.link)


def rewrite(path: Path, content: bytes) -> None:
    """Put a new file in the place of a link."""
    path.unlink()
    path.write_bytes(content)


def kept(name: str) -> bool:
    return not name.endswith(".ttl") or Path(name).stem in (*FEW, "places", "dataset", "sekg")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, few: Folders) -> Path:
    """The folder of release 1.0.0, which contains the source “guest”."""
    guest = few.data / "sources/guest.ttl"
    guest.write_text('VERSION "1.2"\n' + TURTLE_PREFIXES + GUEST, encoding="utf-8")
    target = tmp_path_factory.mktemp("releases") / "1.0.0"
    options = ("--base-url", f"{URL}1.0.0", "--issued", DAY, "--rdf12", "--data", few.data, "--contact", CONTACT)
    written = command("release", "1.0.0", "--out", target, *options)
    assert written.returncode == 0, written.stdout + written.stderr
    guest.unlink()
    return target


@pytest.fixture(scope="module")
def second(first: Path, few: Folders) -> tuple[Path, Released]:
    """The folder and the result of release 1.1.0, signed, which no longer contains “guest”."""
    target = first.with_name("1.1.0")
    description = making.describe("1.1.0", f"{URL}1.1.0/", NEXT_DAY, CONTACT, first)
    secret, _ = keys(first.parent)
    return target, making.write(target, few, description, first, key=signing.key(secret))


def test_a_release_stands_every_check(first: Path) -> None:
    assert verify.problems(first) == []


@pytest.mark.slow
def test_a_release_after_another_stands_every_check(first: Path, second: tuple[Path, Released]) -> None:
    assert verify.problems(second[0], first, first.with_name("minisign.pub")) == []


@pytest.mark.slow
def test_the_same_data_gives_the_same_bytes(first: Path, second: tuple[Path, Released], few: Folders) -> None:
    again = first.with_name("again")
    making.write(again, few, making.describe("1.1.0", f"{URL}1.1.0", NEXT_DAY, CONTACT, first), first)
    assert verify.manifest(again) == verify.manifest(second[0])
    assert verify.problems(again, first) == []


def test_every_file_is_in_the_manifest(first: Path) -> None:
    known = verify.manifest(first)
    files = {path.relative_to(first).as_posix() for path in first.rglob("*") if path.is_file()}
    assert files == known["files"].keys() | {verify.MANIFEST}
    assert {"sekg.ttl", "sekg.nt", "sekg.trig", "sekg.jsonld", "sekg-rdf12.ttl", "ontology/shapes.ttl"} <= files
    assert {"index.html", "index.pl.html", "explorer.html", "page/id/cluster-siedlce.pl.html"} <= files
    assert {"data/id/cluster-siedlce.ttl", "page/ns.html", "data/ns.ttl", "api/whole.json", "404.html"} <= files


def test_a_release_is_opened_from_python_and_tells_what_was_released(first: Path, few: Folders) -> None:
    opened = kgraph.open(first)
    assert repr(opened) == str(first) and opened.rules == pipeline.rules(few)
    assert kgraph.thing(opened, "Guest co-operative <b>") == term("id:guest")
    assert {row.thing for row in kgraph.search(opened, "gosc")} == {"id:guest", "source:guest"}
    assert "id:guest" in {row.founder for row in kgraph.ask(opened, "founders")}
    founded = kgraph.why(opened, "id:guest", "se:foundingMemberOf", "id:cluster-siedlce").reason
    assert founded.rule == "rules/founding"
    assert [place.source for place in founded.premises[0].passages] == [term("source:guest").value]


def test_its_explorer_works_from_files_alone(browser: Browser, first: Path) -> None:
    with serving_files(first) as address, opening(browser, f"{address}explorer.html") as open_page:
        page = open_page(lang="en")
        for view in ("network", "table", "map", "timeline", "questions", "sparql"):
            page.click(f"#view-{view}")
            page.wait_for_selector(DRAWN[view])
            settled(page)
            expect(page.locator(".trouble")).to_have_count(0)
        page.fill("#search", "guest")
        page.locator("#search-list [role=option]", has_text="Guest co-operative").click()
        expect(page.locator("aside.panel h2")).to_contain_text("Guest co-operative <b>")


@pytest.mark.parametrize("name", ["ns", "bridge", "kinds", "shapes", "single-valued"])
def test_each_vocabulary_says_its_version(first: Path, name: str) -> None:
    facts = difference.read(first / f"ontology/{'sekg' if name == 'ns' else name}.ttl")
    (version,) = [str(triple.object) for triple in facts if triple.predicate == term("owl:versionIRI")]
    assert re.fullmatch(rf"<https://w3id\.org/sekg/{name}/\d+\.\d+\.\d+>", version)


@pytest.mark.slow
def test_raptor_reads_every_rdf_file(first: Path) -> None:
    needs("rapper")
    forms = {".ttl": "turtle", ".nt": "ntriples", ".rdf": "rdfxml"}
    counts = {path: rapper(path, forms[path.suffix]) for path in sorted(first.glob("*")) if path.suffix in forms}
    counts |= {
        path: rapper(path, forms[path.suffix]) for path in sorted(first.glob("data/id/*")) if path.suffix in forms
    }
    assert counts.pop(first / "sekg-rdf12.ttl") is None
    assert counts[first / "sekg.ttl"] == counts[first / "sekg.nt"] == len(difference.read(first))
    assert all(counts.values())
    things = {path.stem for path in first.glob("data/id/*")}
    assert all(counts[first / f"data/id/{name}.ttl"] == counts[first / f"data/id/{name}.rdf"] for name in things)


def rapper(path: Path, form: str) -> int | None:
    """The number of triples that raptor parses, None on a syntax error."""
    done = subprocess.run(["rapper", "-c", "-i", form, path], capture_output=True, text=True, check=False)
    found = [line for line in done.stderr.splitlines() if "Parsing returned" in line]
    return int(found[0].split("returned")[1].split()[0]) if done.returncode == 0 and found else None


@pytest.mark.slow
def test_what_is_gone_is_remembered(second: tuple[Path, Released]) -> None:
    target, released = second
    assert released == Released((), tuple(sorted(str(term(node)) for node in GONE)))
    facts = difference.read(target)
    said = {triple.predicate: triple.object for triple in facts if triple.subject == term("id:guest")}
    assert said[term("se:removedIn")] == ox.Literal("1.1.0")
    assert said[term("owl:deprecated")] == ox.Literal(True)
    assert {o.value for s, p, o in map(tuple, facts) if (s, p) == (term("id:guest"), term("rdfs:label"))} == {
        "Spółdzielnia „Gość” <b>",
        "Guest co-operative <b>",
    }
    page = (target / "page/id/guest.html").read_text(encoding="utf-8")
    assert "Guest co-operative &lt;b&gt;" in page and "1.1.0" in page


@pytest.mark.slow
def test_what_is_remembered_keeps_the_shapes(second: tuple[Path, Released], folders: Folders) -> None:
    facts = difference.read(second[0])
    withdrawn = {triple.subject for triple in facts if triple.predicate == term("se:removedIn")}
    assert any(str(node).startswith(f"<{PREFIXES['claim']}") for node in withdrawn)
    assert [*shapes.faults(facts, folders.ontology / "shapes.ttl")] == []


@pytest.mark.slow
def test_a_removed_person_is_not_named_again(first: Path, second: tuple[Path, Released]) -> None:
    facts = difference.read(second[0])
    named = {
        name: {str(t.object) for t in facts if (t.subject, t.predicate) == (term(name), term("rdfs:label"))}
        for name in GONE
    }
    assert named["id:zenobia"] == {'"osoba"@pl', '"a person"@en'}
    assert named["id:tenure-zenobia"] == {'"wpis o osobie"@pl', '"an entry about a person"@en'}
    assert named["id:unknown-zenobia"] == named["id:tenure-zenobia"]
    assert '"A guest"@en' in named["source:guest"]
    assert naming(first, "Zenobia") and not naming(second[0], "Zenobia")
    page = (second[0] / "page/id/zenobia.pl.html").read_text(encoding="utf-8")
    assert "<h1><bdi>osoba</bdi></h1>" in page


def naming(release: Path, name: str) -> set[str]:
    """The files that contain a name, without `changes/removed.nt`, which repeats triples of the earlier release."""
    files = [path for path in release.rglob("*") if path.is_file() and path.name != "removed.nt"]
    return {path.name for path in files if name.encode() in path.read_bytes()}


@pytest.mark.slow
@pytest.mark.parametrize("client", [by_the_rules, by_ldes_client])
def test_a_client_follows_the_stream_from_release_to_release(
    first: Path, second: tuple[Path, Released], tmp_path: Path, client: Client
) -> None:
    held: dict[ox.NamedNode, set[ox.Triple]] = {}
    seen: set[ox.NamedNode] = set()
    with serving_files(tmp_path) as address:
        for release in (first, second[0]):
            shutil.copytree(release / "feed", tmp_path / "feed", dirs_exist_ok=True)
            shutil.copy(release / "feed.ttl", tmp_path)
            new = [event for event in client(f"{address}feed.ttl", tmp_path / "state") if event.iri not in seen]
            seen |= {event.iri for event in new}
            held |= {event.about: event.triples for event in new}
            assert canonical_hash(set().union(*held.values())) == verify.manifest(release)["graph"]
    assert 0 < len(new) < len(seen) / 2


@pytest.mark.slow
def test_the_changes_are_said_in_words_and_can_be_proven(first: Path, second: tuple[Path, Released]) -> None:
    target, _ = second
    old, new = difference.read(first), difference.read(target)
    went, came = (difference.read(target / f"changes/{name}.nt") for name in ("removed", "added"))
    assert (old - went) | came == new
    assert any(triple.object == term("id:guest") for triple in went)
    named = {triple.subject for triple in came if not str(triple.subject).startswith("<https://w3id.org/sekg/claim/")}
    assert named == set(map(term, GONE))
    said = {lang: (target / f"changes/CHANGES{lang}.md").read_text(encoding="utf-8") for lang in ("", ".pl")}
    assert said[""].startswith("# What changed from release 1.0.0 to release 1.1.0\n\n")
    assert "### Guest co-operative <b> (id:guest)" in said[""]
    assert said[".pl"].startswith("# Co się zmieniło od wydania 1.0.0 do wydania 1.1.0\n\n")
    assert "## Usunięte" in said[".pl"]


@pytest.mark.slow
def test_what_is_to_be_copied_into_the_data_says_so_and_has_no_claims(second: tuple[Path, Released]) -> None:
    text = (second[0] / "changes/removed.ttl").read_text(encoding="utf-8")
    assert "Generated by “kgraph release”" in text and "kgraph export" not in text
    gone = {triple.subject for triple in difference.read(second[0] / "changes/removed.ttl")}
    assert gone == set(map(term, GONE))


@pytest.mark.slow
def test_no_address_of_a_claim_dies(first: Path, second: tuple[Path, Released]) -> None:
    before, after = (anchors(root) for root in (first, second[0]))
    gone = [quad.subject for quad in difference.read(second[0]) if quad.predicate == term("se:removedIn")]
    claims = [node.value.rpartition("/")[2] for node in gone if "/claim/" in str(node)]  # type: ignore[union-attr]
    assert claims and before <= after
    page = (second[0] / f"page/claim/{claims[0][0]}.html").read_text(encoding="utf-8")
    text = page.split(f'id="{claims[0]}"')[1].partition("</section>")[0]
    assert "This claim was part of the graph" in text and "Removed in release 1.1.0" in text and "Guest" not in text


def anchors(folder: Path, part: str = "claim", suffix: str = ".html") -> set[str]:
    """The anchors of claims or inferences on the pages of a release."""
    pages = (path.read_text(encoding="utf-8") for path in (folder / "page" / part).glob(f"?{suffix}"))
    return {name for page in pages for name in re.findall(r'<section class="described" id="(\w+)"', page)}


@pytest.mark.slow
@pytest.mark.parametrize("page", ["index.html", "index.pl.html"])
def test_the_landing_page_leads_portals_to_what_they_take(
    first: Path, second: tuple[Path, Released], page: str
) -> None:
    linked = {*verify.hrefs((second[0] / page).read_text(encoding="utf-8"))}
    tables = {f"tables/{path.name}" for path in (second[0] / "tables").iterdir()}
    assert linked >= tables | {
        "catalog.ttl",
        "catalog.rdf",
        "otwarte-dane.xml",
        "void.ttl",
        "sekg.trig",
        "sekg.graphml",
    }
    assert linked >= {"CITATION.cff", "ro-crate-metadata.json", "manifest.json", "changes/added.nt"}
    assert ("changes/CHANGES.md" in linked, "changes/CHANGES.pl.md" in linked) == (
        page == "index.html",
        page == "index.pl.html",
    )
    assert not any("changes/" in link for link in verify.hrefs((first / page).read_text(encoding="utf-8")))
    assert "sekg-rdf12.ttl" in {*verify.hrefs((first / page).read_text(encoding="utf-8"))} - linked


@pytest.mark.slow
def test_a_release_after_that_remembers_what_an_earlier_one_remembered(
    second: tuple[Path, Released], few: Folders
) -> None:
    target = second[0].with_name("1.2.0")
    released = making.write(target, few, making.describe("1.2.0", URL, NEXT_DAY, CONTACT, second[0]), second[0])
    assert released == Released(())
    assert difference.read(target) == difference.read(second[0])
    assert "Nothing changed" in (target / "changes/CHANGES.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("version", ["1", "1.0", "v1.0.0", "1.0.0-", "1.0.0-01", "1.0.0+x", "01.0.0", "", "../x"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(BadQuery, match="is not a version"):
        making.describe(version, URL, DAY, CONTACT)


def test_a_release_candidate_comes_before_its_release(first: Path) -> None:
    assert making.describe("1.1.0-rc.1", URL, DAY, CONTACT, first).previous == "1.0.0"
    with pytest.raises(CannotWrite, match="already"):
        making.describe("1.0.0-rc.1", URL, DAY, CONTACT, first)


@pytest.mark.parametrize("contact", ["", "me", "mailto:", "javascript:alert(1)", "a b@example.org"])
def test_a_release_without_anyone_to_ask_is_refused(contact: str) -> None:
    with pytest.raises(BadQuery, match="give --contact"):
        making.describe("1.0.0", URL, DAY, contact)


def test_whom_to_ask_stands_in_the_data_or_is_given(few: Folders, tmp_path: Path) -> None:
    shutil.copytree(few.data, tmp_path / "data")
    path = tmp_path / "data/dataset.ttl"
    named = "dcat:contactPoint <mailto:office@example.org> ;\n    dcterms:modified"
    path.write_text(path.read_text(encoding="utf-8").replace("dcterms:modified", named, 1), encoding="utf-8")
    own = Folders(few.ontology, tmp_path / "data")
    assert (making.contact(few), making.contact(own)) == ("", CONTACT)
    assert making.contact(own, "other@example.org") == "other@example.org"
    assert pipeline.validated(own)[1] == []


@pytest.mark.slow
def test_one_changed_address_changes_what_shows_it_and_keeps_the_days_of_the_rest(
    second: tuple[Path, Released], few: Folders, tmp_path: Path
) -> None:
    shutil.copytree(few.data, tmp_path / "data")
    source = tmp_path / "data" / ADDRESSED
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace('se:address "ul. Budowlana 1"', 'se:address "ul. Budowlana 3"'), encoding="utf-8")
    day = date(2026, 11, 25)
    described = making.describe("1.2.0", f"{URL}1.2.0/", day, CONTACT, second[0])
    assert (
        making.write(tmp_path / "1.2.0", Folders(few.ontology, tmp_path / "data"), described, second[0]).problems == ()
    )
    assert verify.problems(tmp_path / "1.2.0", second[0]) == []
    before, after = (verify.listed(verify.manifest(folder)) for folder in (second[0], tmp_path / "1.2.0"))
    changed = {path for path, one in after.items() if path not in before or before[path].sha256 != one.sha256}
    assert "page/id/cis-siedlce.html" in changed and len(changed) <= 100
    assert {path for path, one in after.items() if one.modified == day.isoformat()} == changed
    assert not [path for path in changed if path.startswith(("ontology/", "pictures/", "sekg-ontology"))]
    said = difference.read(tmp_path / "1.2.0/catalog.ttl")
    versions = {one.subject: one.object for one in said if one.predicate == term("dcat:version")}
    assert versions[term("id:dataset")] == ox.Literal("1.2.0")
    assert versions[term("id:dataset-ontology")] == ox.Literal("1.0.0")


@pytest.mark.parametrize("url", ["example.org/sekg", "ftp://example.org/", "https://", "https://example.org/?x=1", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadQuery, match="is not the address of a folder"):
        making.describe("1.0.0", url, DAY, CONTACT)


@pytest.mark.parametrize("url", ["sparql.example.org/sparql", "foo:bar baz", "nope:x", "https://", ""])
def test_what_is_no_endpoint_is_refused(url: str) -> None:
    with pytest.raises(BadQuery, match="is not the address of an endpoint"):
        making.describe("1.0.0", URL, DAY, CONTACT, endpoint=url)


@pytest.mark.parametrize("version", ["1.0.0", "0.9.9"])
def test_a_version_that_exists_is_refused(first: Path, version: str) -> None:
    with pytest.raises(CannotWrite, match=r"is version 1\.0\.0 already"):
        making.describe(version, URL, DAY, CONTACT, first)


def test_a_folder_that_is_not_empty_is_refused_and_left_alone(tmp_path: Path, few: Folders) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CannotWrite, match="is not empty"):
        making.write(tmp_path, few, making.describe("1.0.0", URL, DAY, CONTACT))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_a_previous_release_that_does_not_verify_is_refused(tmp_path: Path, first: Path, few: Folders) -> None:
    spoilt = linked(first, tmp_path)
    rewrite(spoilt / "sekg.ttl", b"")
    released = making.write(tmp_path / "new", few, making.describe("1.1.0", URL, DAY, CONTACT, spoilt), spoilt)
    assert "sekg.ttl" in {problem.file for problem in released.problems}
    assert not (tmp_path / "new").exists()
    with pytest.raises(NotFound, match="is not a release"):
        making.describe("1.1.0", URL, DAY, CONTACT, tmp_path)


def test_a_thing_without_a_label_is_refused_and_nothing_is_left(tmp_path: Path, few: Folders) -> None:
    shutil.copytree(few.data, tmp_path / "data")
    with (tmp_path / "data/sources/cis-siedlce-2018-klaster.ttl").open("a", encoding="utf-8") as source:
        source.write("id:agreement-2018 se:hasSignatory id:nameless ~ .\n")
    released = making.write(
        tmp_path / "new", Folders(few.ontology, tmp_path / "data"), making.describe("1.0.0", URL, DAY, CONTACT)
    )
    assert "id:nameless" in {problem.node for problem in released.problems}
    assert not [path for path in tmp_path.iterdir() if path.name != "data"]


def test_the_day_is_that_of_the_data_unless_one_is_given(folders: Folders) -> None:
    assert making.day(folders, "2020-02-29") == date(2020, 2, 29)
    assert making.day(folders) >= DAY
    with pytest.raises(BadQuery, match="is not a day"):
        making.day(folders, "2020-02-30")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("day", "message"),
    [(DAY, "the graph changed, but the day of the release is still 2026-11-23"), (date(2026, 11, 22), "is before")],
)
def test_a_day_that_would_hide_what_is_new_is_refused_and_found(
    first: Path, second: tuple[Path, Released], few: Folders, tmp_path: Path, day: date, message: str
) -> None:
    released = making.write(tmp_path / "new", few, making.describe("1.1.0", URL, day, CONTACT, first), first)
    assert [message in problem.message for problem in released.problems] == [True]
    assert not (tmp_path / "new").exists()
    dated = linked(second[0], tmp_path)
    known = json.loads((dated / verify.MANIFEST).read_text(encoding="utf-8"))
    rewrite(dated / verify.MANIFEST, json.dumps(known | {"issued": day.isoformat()}).encode())
    assert any(message in problem.message for problem in verify.problems(dated, first))


@pytest.mark.slow
def test_releases_in_the_wrong_order_are_told(first: Path, second: tuple[Path, Released]) -> None:
    (found,) = verify.problems(first, second[0])
    assert found.message == f"{first} follows no release, so that it has no difference to {second[0]}"


NOT_UTF_8 = {"page/id/mcps.html": "is not UTF-8", "index.html": "is not UTF-8"}
NOT_UTF_8 |= dict.fromkeys(("sekg.nt", "sekg.ttl", "sekg.jsonld"), "cannot be read (")
NOT_UTF_8 |= dict.fromkeys(("catalog.ttl", "catalog.jsonld", "catalog.rdf", "void.ttl"), "cannot be read (")
NOT_UTF_8 |= {"tables/csv-metadata.json": "is not CSVW metadata ('utf-8' codec can't decode byte 0xff"}


@pytest.mark.parametrize(
    "spoilt",
    [
        NOT_UTF_8,
        pytest.param(
            {"sekg.trig": "cannot be read ("}, marks=pytest.mark.slow
        ),  # from here on without the files that are read no more for want of another
        pytest.param({"ontology/dcat-ap.ttl": "cannot be read ("}, marks=pytest.mark.slow),
    ],
    ids=len,
)
def test_a_file_that_is_not_utf_8_is_a_fault_beside_the_others(
    tmp_path: Path, first: Path, spoilt: dict[str, str]
) -> None:
    folder = linked(first, tmp_path)
    for path in spoilt:
        rewrite(folder / path, (folder / path).read_bytes() + b"\xff\xfe")
    rewrite(
        folder / "page/things.html", f'<a href="nowhere"><link href="{URL}1.0.0/gone"><a href="{URL}0.9.0/">'.encode()
    )
    found = verify.problems(folder)
    for path, message in spoilt.items():
        assert any(problem.file == path and message in problem.message for problem in found), path
    assert all(len(problem.message) < 300 for problem in found)
    dead = [f"{urlsplit(URL).path}1.0.0/gone", "nowhere"]
    assert [each for each in found if each.code == "dead-link"] == [
        wrong("page/things.html", "", "dead-link", link=link) for link in dead
    ]
    assert wrong("page/things.html", "", "dead-link", link="nowhere") in found


@pytest.mark.parametrize(
    "spoil",
    [
        {"issued": "soon"},
        {"files": []},
        {"files": {"sekg.nt": {"size": 1}}},
        {"files": {"sekg.nt": None}},
        {"releases": []},
        {"releases": [{"version": "1.0.0"}]},
    ],
)
def test_a_manifest_that_says_nonsense_is_told(tmp_path: Path, spoil: dict[str, object]) -> None:
    one = {"version": "1.0.0", "issued": "2026-11-23", "baseUrl": URL, "parts": []}
    known = dict.fromkeys(verify.KNOWN) | {"issued": "2026-11-23", "files": {}, "releases": [one]}
    (tmp_path / verify.MANIFEST).write_text(json.dumps(known))
    assert verify.manifest(tmp_path) == known
    (tmp_path / verify.MANIFEST).write_text(json.dumps(known | spoil))
    with pytest.raises(BadData, match=r"manifest\.json: cannot be read"):
        verify.manifest(tmp_path)


@pytest.mark.parametrize(
    ("path", "spoil", "messages"),
    [
        ("sekg.nt", lambda text: text.partition("\n")[2], ["SHA-256 differs", "has not the canonical hash"]),
        pytest.param(
            "sekg.jsonld",
            lambda text: text.replace("Siedlce", "Siedlec"),
            ["does not hold the same triples"],
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "sekg-numbers.ttl",
            lambda text: re.sub(r"measure:counted \d+", "measure:counted 77", text, count=1),
            ["does not hold the same triples as sekg.nt"],
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "index.html",
            lambda text: text.replace('href="', 'href="nowhere/', 1),
            ["which is not there"],
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "catalog.ttl",
            lambda text: text.replace("dcat:hasCurrentVersion <https://w3id.org/sekg/release/1.0.0#dataset>", CIRCLE),
            ["is a version of itself (dcat:hasCurrentVersion)"],
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_spoilt_release_is_found_out(
    tmp_path: Path, first: Path, path: str, spoil: Callable[[str], str], messages: list[str]
) -> None:
    folder = linked(first, tmp_path)
    rewrite(folder / path, spoil((folder / path).read_text(encoding="utf-8")).encode())
    found = [problem.message for problem in verify.problems(folder)]
    assert all(any(message in said for said in found) for message in messages)


@pytest.mark.slow
def test_descriptions_for_portals_that_say_other_things_are_found_out(tmp_path: Path, first: Path) -> None:
    folder = linked(first, tmp_path)
    names = {"otwarte-dane.xml", "CITATION.cff", ".zenodo.json", "datapackage.json", "croissant.json"}
    for name in names:
        rewrite(folder / name, (folder / name).read_bytes().replace(b"1.0.0", b"1.0.1"))
    assert {found.file for found in verify.problems(folder) if found.code == "other-description"} >= names
    rewrite(folder / "tables/csv-metadata.json", b"[]")
    assert any(found.code == "no-table-metadata" for found in verify.problems(folder))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (compressed(b"<a:a> <a:b> <a:c> .\n")["br"], "sekg.nt.br: does not hold the same triples"),
        (b"no", "sekg.nt.br: cannot be read"),
    ],
)
def test_a_compressed_graph_that_is_another_is_found_out(
    tmp_path: Path, first: Path, content: bytes, message: str
) -> None:
    folder = linked(first, tmp_path)
    rewrite(folder / "sekg.nt.br", content)
    assert any(message in f"{found.file}: {found.message}" for found in verify.problems(folder))


def test_missing_and_strange_files_are_found(tmp_path: Path, first: Path) -> None:
    spoilt = linked(first, tmp_path)
    (spoilt / "404.html").unlink()
    (spoilt / "strange.txt").write_text("x")
    found = {(problem.file, problem.message) for problem in verify.problems(spoilt)}
    assert {("404.html", "is missing"), ("strange.txt", "is not a file of this release")} <= found


@pytest.mark.slow
def test_a_forged_difference_is_found(tmp_path: Path, first: Path, second: tuple[Path, Released]) -> None:
    spoilt = linked(second[0], tmp_path)
    rewrite(spoilt / "changes/added.nt", b"")
    assert any("do not give this release" in problem.message for problem in verify.problems(spoilt, first))
    known = json.loads((spoilt / verify.MANIFEST).read_text(encoding="utf-8"))
    known["previous"]["graph"] = "0" * 64
    rewrite(spoilt / verify.MANIFEST, json.dumps(known).encode())
    assert any("has another hash" in problem.message for problem in verify.problems(spoilt, first))
