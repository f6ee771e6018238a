"""The feeds of changes: the latest event of each object, as a Linked Data Event Stream and as Atom."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from kgraph import publish
from kgraph.base.paths import Folders
from kgraph.base.vocab import EDITORIAL_GRAPH, PREFIXES, term
from kgraph.errors import BadData
from kgraph.publish.feeds import atom, events, stream
from kgraph.publish.feeds.events import CREATE, DELETE, UPDATE, Event, Objects
from kgraph.publish.metadata.description import Description, Edition, dataset
from kgraph.publish.release.removed import tombstones
from kgraph.rdf.store import fill

FIRST, SECOND = Edition("1.0.0", "2026-11-23", "https://example.org/1/"), Edition("1.1.0", "2026-11-24", "")
ATOM = "{http://www.w3.org/2005/Atom}"
CLAIMS = """
claim:0a a se:Claim ; rdf:subject id:coop ; rdf:predicate se:address ; rdf:object "Old" ; prov:wasDerivedFrom source:a .
claim:0a-1 a oa:SpecificResource .
claim:0b a se:Claim ; rdf:subject id:coop ; rdf:predicate se:seat ; rdf:object id:town ; prov:wasDerivedFrom source:b .
claim:0c a se:Claim ; rdf:subject id:coop ; rdf:predicate foaf:name ; rdf:object "C" ; prov:wasDerivedFrom source:a .
inference:0d a se:Inference . source:a a se:Source . id:coop a org:Organization ; skos:prefLabel "Coop"@en , "Coop"@pl .
"""
LATER = """
claim:0a owl:deprecated true ; se:removedIn "1.1.0" .
claim:0b owl:deprecated true ; se:removedIn "1.1.0" .
claim:0c owl:deprecated true ; se:removedIn "1.1.0" .
source:b owl:deprecated true ; se:removedIn "1.1.0" ; rdfs:label "B"@en , "B"@pl ;
    skos:changeNote "It was a forgery."@en , "Było fałszywe."@pl .
claim:0e a se:Claim ; rdf:subject id:coop ; rdf:predicate se:address ; rdf:object "New" ; prov:wasDerivedFrom source:a .
source:a a se:Source . id:coop a org:Organization ; skos:prefLabel "Coop"@en , "Coop"@pl .
"""


@pytest.fixture
def objects_of(store_of: Callable[..., ox.Store]) -> Callable[[str], Objects]:
    return lambda turtle: events.objects(publish.default_graph(store_of(turtle)))


def test_each_object_has_its_latest_event_and_what_is_withdrawn_says_why(
    objects_of: Callable[[str], Objects],
) -> None:
    old, new = objects_of(CLAIMS), objects_of(LATER)
    before = events.latest([], {}, old, FIRST)
    assert {event.how for event in before} == {CREATE} and len(before) == 6
    found = {event.object.rpartition("/")[2]: event for event in events.latest(before, old, new, SECOND)}
    assert {name: event.how for name, event in found.items() if event.version == "1.1.0"} == {
        "0a": UPDATE,
        "0b": UPDATE,
        "0c": UPDATE,
        "0d": DELETE,
        "0e": CREATE,
        "b": CREATE,
    }
    assert (found["coop"].version, found["a"].version) == ("1.0.0", "1.0.0")
    assert dict(found["0a"].why)["en"] == "The same source is now recorded with another value of this property."
    assert dict(found["0b"].why) == {
        "en": "Its source was removed. It was a forgery.",
        "pl": "Usunięto jego źródło. Było fałszywe.",
    }
    assert found["0c"].why == () and dict(found["b"].why)["pl"] == "Było fałszywe."
    later = events.latest(found.values(), new, old, Edition("1.2.0", "2026-11-25", ""))
    assert {event.object.rpartition("/")[2]: event.how for event in later if event.version == "1.2.0"} == {
        "0a": UPDATE,
        "0b": UPDATE,
        "0c": UPDATE,
        "0d": CREATE,
        "0e": DELETE,
        "b": DELETE,
    }


def test_the_stream_of_the_data_gives_its_graph_from_version_to_version(
    graph: ox.Store, folders: Folders, tmp_path: Path
) -> None:
    """A person is removed from the whole graph: the stream replaces what it told, and Atom names nobody.

    A row of a register comes: it is in the stream, and no thing for Atom.
    """
    person = term("id:agata-lugowska")
    first = frozenset(publish.default_graph(graph))
    tenures = {triple.subject for triple in first if triple.object == person and triple.predicate == term("org:member")}
    gone = {person, *tenures}
    kept = frozenset(triple for triple in first if not gone & {triple.subject, triple.object})
    row = ox.Triple(ox.NamedNode(f"{PREFIXES['source']}x#row=2"), term("se:cells"), ox.Literal("[]"))
    second = kept | {*tombstones(first, kept, "1.1.0"), row}
    told = events.latest([], {}, events.objects(first), FIRST)
    write(tmp_path / "1", stream.files(told, events.objects(first)))
    assert stream.read(tmp_path / "1") == (told, first)

    told = events.latest(told, events.objects(first), events.objects(second), SECOND)
    write(tmp_path / "2", stream.files(told, events.objects(second)))
    assert stream.read(tmp_path / "2") == (told, second)
    assert 0 < sum(event.version == "1.1.0" for event in told) < len(told) / 4
    pages = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "2/feed").iterdir()}
    assert pages.keys() == {"1.0.0-1.trig", "1.1.0-1.trig"}
    assert '"a person"@en' in pages["1.1.0-1.trig"]

    store = ox.Store()
    fill(store, [ox.Quad(triple.subject, triple.predicate, triple.object, EDITORIAL_GRAPH) for triple in second])
    release = Description("1.1.0", "https://example.org/1.1.0/", date(2026, 11, 24), "mailto:a@example.org", (FIRST,))
    for path, content in atom.files(told, events.objects(second), store, dataset(graph), release).items():
        now, then = ElementTree.fromstring(content).findall(f"{ATOM}entry")
        assert then.findtext(f"{ATOM}id") == "https://w3id.org/sekg/release/1.0.0"
        links = {link.get("rel"): str(link.get("href")) for link in now.findall(f"{ATOM}link")}
        assert links["related"].startswith("https://example.org/1.1.0/changes/CHANGES")
        items = ["".join(item.itertext()) for item in now.iter("{http://www.w3.org/1999/xhtml}li")]
        start = {"feed.atom": "a person: removed. Removed in release 1.1.0.", "feed.pl.atom": "osoba: usunięte."}[path]
        assert any(item.startswith(start) for item in items) and not any("Ługowska" in item for item in items)
        assert not any("row=" in item for item in items)


def test_many_events_have_several_pages_with_odd_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST", 2)
    names = ("id/a", "id/b.", "id/ż", "kind/c-d/e_f", "source/x#row=1")
    told = sorted(Event(PREFIXES["id"].removesuffix("id/") + name, CREATE, "1.0.0", "2026-11-23") for name in names)
    graph = {
        event.object: frozenset({ox.Triple(ox.NamedNode(event.object), term("rdfs:label"), ox.Literal(event.object))})
        for event in told
    }
    files = write(tmp_path, stream.files(told, graph))
    assert files == {"feed.ttl", "feed/1.0.0-1.trig", "feed/1.0.0-2.trig", "feed/1.0.0-3.trig"}
    assert stream.read(tmp_path)[0] == told
    page = tmp_path / "feed/1.0.0-1.trig"
    page.write_text(page.read_text(encoding="utf-8").replace("as:published", "as:updated"), encoding="utf-8")
    with pytest.raises(BadData):
        stream.read(tmp_path)
    assert replace(told[0], version="2.0.0").iri == "https://w3id.org/sekg/feed/2.0.0#id/a"


def write(folder: Path, files: object) -> set[str]:
    """Write files by path; the result is their paths."""
    given = dict(files)  # type: ignore[call-overload]
    for path, content in given.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return {*given}
