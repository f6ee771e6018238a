"""The pipeline on real and on faulty data: every fault is named, and nothing is half-written."""

import subprocess
import sys
from pathlib import Path
from signal import SIGINT, SIGKILL, Signals

import pyoxigraph as ox
import pytest

from kgraph import build, layout, publish, reasons, resources, sources, store
from kgraph.errors import BadData, CannotWrite, NotFound
from kgraph.resources import Folders
from kgraph.vocab import INFERRED_GRAPH, ONTOLOGY_GRAPH, RULE, TURTLE_PREFIXES, term
from tests.conftest import holds

HEAD = (
    'source:x a se:Source ; dcterms:title "X"@pl , "X"@en ; dcterms:publisher "X" ;'
    " rdfs:seeAlso <https://example.org/x> ; se:textUnavailable true .\n"
)


def add_source(copied: Folders, body: str, head: str = HEAD) -> None:
    text = 'VERSION "1.2"\n' + TURTLE_PREFIXES + head + body
    (copied.data / "sources" / "x.ttl").write_text(text, encoding="utf-8")


def faults(copied: Folders, lang: str = "en") -> str:
    built = build.build(copied.data.parent / "out", copied, lang=lang)
    assert (copied.data.parent / "out").exists() is (not built.problems)
    return "\n".join(map(str, built.problems))


def test_the_real_data_builds_without_problems(copied: Folders, graph: ox.Store) -> None:
    assert faults(copied) == ""
    built = store.open_built(copied.data.parent / "out")
    assert publish.export(built, "trig") == publish.export(graph, "trig")


IDENTIFIER = (
    'id:number a adms:Identifier ~ ; adms:schemaAgency "{}" ~ ; skos:notation "{}" ~ ; skos:prefLabel "N"@pl , "N"@en .'
)


@pytest.mark.parametrize(
    ("body", "node", "message"),
    [
        ("id:siedlce se:wihtin id:poland ~ .", "id:siedlce", "se:wihtin is not defined in the ontology"),
        ("id:siedlce a se:Citty ~ .", "id:siedlce", "se:Citty is not defined in the ontology"),
        ("id:poland se:within id:siedlce ~ .", "id:", "within"),
        ("id:agreement-2018 a se:Event ~ .", "id:agreement-2018", "is a se:Agreement and a se:Event"),
        ("id:new se:within id:poland ~ .", "id:new", "has no name"),
        ('id:siedlce skos:altLabel "Sedlec" .', "id:siedlce", "language"),
        ("id:siedlce se:within id:poland .", "id:siedlce", "has no evidence"),
        (
            "id:agreement-2018 se:involvesKind standing:social-enterprise-2022 ~ .",
            "id:agreement-2018",
            "before the law",
        ),
        (IDENTIFIER.format("NIP", "1234567890"), "id:number", "1234567890 is not a NIP number"),
        (IDENTIFIER.format("KRS", "123"), "id:number", "123 is not a KRS number"),
    ],
)
def test_a_fault_names_file_and_node(copied: Folders, body: str, node: str, message: str) -> None:
    add_source(copied, body)
    found = [line for line in faults(copied).splitlines() if message in line]
    assert found
    assert node in found[0]
    assert ".ttl · " in found[0]


def test_the_file_that_is_wrong_is_blamed_and_not_the_first_that_knows_the_thing(copied: Folders) -> None:
    add_source(copied, 'id:signing-2018 se:date "2018-02-30"^^xsd:date ~ .')
    assert [line.partition(" · ")[0] for line in faults(copied).splitlines() if "id:signing-2018" in line] == ["x.ttl"]


def test_a_message_may_be_polish(copied: Folders) -> None:
    add_source(copied, 'id:siedlce skos:altLabel "Sedlec" .')
    assert faults(copied, "pl") != faults(copied, "en")


def test_a_failed_validation_leaves_the_old_build(copied: Folders) -> None:
    out = copied.data.parent / "out"
    build.build(out, copied)
    add_source(copied, "id:siedlce se:within id:poland .")
    assert build.build(out, copied).problems
    assert len(store.open_built(out)) > 1000


def test_broken_turtle_ends_the_build(copied: Folders) -> None:
    add_source(copied, "id:siedlce se:within")
    with pytest.raises(BadData, match=r"x\.ttl:\d+:\d+: "):
        build.build(copied.data.parent / "out", copied)
    assert not (copied.data.parent / "out").exists()


def test_an_unwritable_place(copied: Folders) -> None:
    (copied.data.parent / "file").write_text("")
    with pytest.raises(CannotWrite, match="nothing was changed"):
        build.build(copied.data.parent / "file" / "out", copied)


def test_a_folder_without_the_data(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"places\.ttl is missing"):
        resources.folders(data=tmp_path)


def test_a_removed_source_takes_exactly_its_contribution_along(copied: Folders) -> None:
    path = copied.data / "sources" / "wodynie-2022-serwis-komunalny.ttl"
    removed = set(sources.quads(sources.read(path)))
    others = {quad for other in copied.sources() if other != path for quad in sources.quads(sources.read(other))}
    whole = _named(copied)
    path.unlink()
    rest = _named(copied)
    assert whole - rest == removed - others
    assert rest - whole == set()


def test_what_was_inferred_from_a_removed_source_goes_with_it(copied: Folders) -> None:
    assert holds(build.graph(copied), "id:relaksownia se:foundingMemberOf id:cluster-siedlce")
    for name in ("mcps-2018-klaster", "cis-siedlce-2018-klaster"):
        (copied.data / "sources" / f"{name}.ttl").unlink()
    assert not holds(build.graph(copied), "id:relaksownia se:foundingMemberOf id:cluster-siedlce")


def _named(folders: Folders) -> set[ox.Quad]:
    """What the sources and curators say, in its graphs."""
    return {q for q in build.graph(folders) if q.graph_name not in (ox.DefaultGraph(), INFERRED_GRAPH, ONTOLOGY_GRAPH)}


def everything(built: Path) -> set[ox.Quad]:
    """What a build holds, apart from the ontology's blank nodes and which rule is named where several give a fact."""
    quads = set(store.open_built(built))
    return {q for q in quads if q.predicate != RULE and not {type(q.subject), type(q.object)} & {ox.BlankNode}}


ADDED = "siedlce-2020-porozumienie.ttl"


@pytest.mark.parametrize("records", [True, False])
@pytest.mark.parametrize("added", ["cis-siedlce-2018-klaster.ttl", "swr-2013-klaster.ttl", "popon-2021-zaz.ttl"])
def test_an_added_source_gives_what_a_whole_build_gives(copied: Folders, added: str, records: bool) -> None:
    out, whole = copied.data.parent / "out", copied.data.parent / "whole"
    held = (copied.data / "sources" / added).rename(copied.data.parent / added)
    assert not build.build(out, copied, records=records).problems
    held.rename(copied.data / "sources" / added)
    steps: list[str] = []
    grown = build.build(out, copied, records=records, step=steps.append)
    assert grown == build.build(whole, copied, records=records)
    assert everything(out) == everything(whole)
    assert [step for step in steps if step.startswith("reading")] == [f"reading {added} (1 of 1)"]


def test_an_added_source_with_a_fault_is_refused(copied: Folders) -> None:
    out = copied.data.parent / "out"
    build.build(out, copied)
    before = everything(out)
    add_source(copied, 'id:new a org:Organization ~ ; skos:prefLabel "Nowa"@pl , "New"@en ; se:seatIn id:mcps ~ .')
    assert "se:seatIn does not point at a place" in "\n".join(map(str, build.build(out, copied).problems))
    assert everything(out) == before


def test_a_date_that_takes_an_inference_back_is_seen(copied: Folders) -> None:
    out = copied.data.parent / "out"
    name = "ws-2018-term.ttl"
    office = (
        'id:t a org:Membership ~ ; skos:prefLabel "U"@pl , "T"@en ; org:member id:p ~ ; org:organization id:mcps ~ ;'
        ' org:role role:director ~ ; se:validFrom "2010-01-01"^^xsd:date ~ .'
        ' id:p a foaf:Person ~ ; skos:prefLabel "P"@pl , "P"@en . id:e a se:Event ~ ; skos:prefLabel "E"@pl , "E"@en ;'
        ' se:hasParticipant id:p ~ ; se:earliest "2018-01-01"^^xsd:date ~ ; se:latest "2018-01-01"^^xsd:date ~ .'
    )
    add_source(copied, office)
    assert not build.build(out, copied).problems
    assert holds(store.open_built(out), "id:mcps se:representedAt id:e")
    left = 'id:t se:validUntil "2015-01-01"^^xsd:date ~ .'
    text = (copied.data / "sources" / "x.ttl").read_text(encoding="utf-8")
    text = text.replace("source:x", "source:y").replace("example.org/x", "example.org/y")
    (copied.data / "sources" / name).write_text(text.replace(office, left), encoding="utf-8")
    assert not build.build(out, copied).problems
    assert not holds(store.open_built(out), "id:mcps se:representedAt id:e")


def test_an_unchanged_build_does_nothing(copied: Folders) -> None:
    out = copied.data.parent / "out"
    built = build.build(out, copied)
    steps: list[str] = []
    assert build.build(out, copied, step=steps.append) == built
    assert steps == []


def test_an_edited_source_is_the_only_one_read_again(copied: Folders) -> None:
    out = copied.data.parent / "out"
    build.build(out, copied)
    edited = copied.data / "sources" / ADDED
    edited.write_text(edited.read_text(encoding="utf-8") + "# looked at again\n", encoding="utf-8")
    steps: list[str] = []
    build.build(out, copied, step=steps.append)
    assert [step for step in steps if step.startswith("reading")] == [f"reading {ADDED} (1 of 1)"]


@pytest.mark.parametrize("signal", [SIGKILL, SIGINT])
@pytest.mark.parametrize("after", ["reading", "storing", "validating", "inferring", "indexing", "writing"])
def test_a_killed_build_leaves_the_old_one(copied: Folders, after: str, signal: Signals) -> None:
    out = copied.data.parent / "out"
    build.build(out, copied)
    before = everything(out)
    edited = copied.data / "sources" / ADDED
    named = edited.read_text(encoding="utf-8") + 'id:mcps skos:altLabel "inaczej"@pl .\n'
    edited.write_text(named, encoding="utf-8")
    script = f"""
import os, sys
from pathlib import Path
from kgraph import build
from kgraph.resources import Folders
def step(message):
    if message.startswith({after!r}):
        os.kill(os.getpid(), {signal.value})
build.build(Path(sys.argv[1]), Folders(Path(sys.argv[2]), Path(sys.argv[3])), step=step)
"""
    ended = subprocess.run([sys.executable, "-c", script, out, copied.ontology, copied.data], capture_output=True)
    assert ended.returncode != 0
    assert everything(out) == before
    assert not build.build(out, copied).problems
    assert {path.name for path in copied.data.parent.iterdir()} == {"ontology", "data", "out"}


def test_a_build_killed_between_two_renames_is_put_back(copied: Folders) -> None:
    out = copied.data.parent / "out"
    build.build(out, copied)
    before = everything(out)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    out.rename(out.with_name(f".out.old-{ended.pid}"))
    assert everything(out) == before


def test_why_needs_no_records(copied: Folders) -> None:
    out = copied.data.parent / "out"
    build.build(out, copied, records=False)
    built = store.open_built(out)
    assert not list(built.quads_for_pattern(None, RULE, None, None))
    fact = ox.Triple(term("id:relaksownia"), term("se:foundingMemberOf"), term("id:cluster-siedlce"))
    reason = reasons.why(built, fact, build.rules(copied))
    assert reason.rule == "se:signatoryOf ∘ se:establishes ⊑ se:foundingMemberOf"
    assert reason.premises


def test_both_validators_find_the_same(copied: Folders) -> None:
    add_source(copied, 'id:new a org:Organization ~ ; skos:prefLabel "Nowa"@pl ; se:seatIn id:mcps ~ .')
    out = copied.data.parent / "out"
    own, reference = (build.build(out, copied, validator=name).problems for name in ("kgraph", "pyshacl"))
    assert own == reference and len(own) == 3


def test_a_layout_is_built_when_wanted(copied: Folders) -> None:
    out = copied.data.parent / "out"
    build.build(out, copied, layout=True)
    assert "https://w3id.org/sekg/id/mcps" in (layout.read(out) or {})
