"""The build pipeline on bundled and on faulty data: every fault is reported, and no partial build is written."""

import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from signal import SIGINT, SIGKILL, Signals
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from kgraph import publish
from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import INFERRED_GRAPH, ONTOLOGY_GRAPH, PREFIXES, RULE, TURTLE_PREFIXES, term
from kgraph.build import pipeline
from kgraph.build.pipeline import Built, Recipe
from kgraph.errors import BadData, CannotWrite, NotFound
from kgraph.evidence import cache, claims, turtle
from kgraph.graph.names import search
from kgraph.graph.network import brokers, layout, networks
from kgraph.graph.statements import facts, reasons
from kgraph.rdf import store
from tests.conftest import everything, holds, lines

pytestmark = pytest.mark.whole

HEAD = (
    'source:x a se:Source ; dcterms:title "X"@pl , "X"@en ; dcterms:publisher "X" ;'
    " rdfs:seeAlso <https://example.org/x> ; se:textUnavailable true .\n"
)


def add_source(copied: Folders, body: str, head: str = HEAD) -> None:
    text = 'VERSION "1.2"\n' + TURTLE_PREFIXES + head + body
    (copied.data / "sources" / "x.ttl").write_text(text, encoding="utf-8")


def faults(copied: Folders, lang: str = "en") -> str:
    built = pipeline.build(copied.data.parent / "out", Recipe(copied))
    assert (copied.data.parent / "out").exists() is (not built.problems)
    return "\n".join(lines(built.problems, lang))


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
            "id:agreement-2018 se:involvesKind orgstatus:social-enterprise-2022 ~ .",
            "id:agreement-2018",
            "before the law",
        ),
        (IDENTIFIER.format("NIP", "1234567890"), "id:number", "1234567890 is not a NIP number"),
        (IDENTIFIER.format("KRS", "123"), "id:number", "123 is not a KRS number"),
    ],
)
def test_a_fault_names_file_and_node(few: Folders, body: str, node: str, message: str) -> None:
    add_source(few, body)
    found = [line for line in faults(few).splitlines() if message in line]
    assert found
    assert node in found[0]
    assert ".ttl · " in found[0]


def test_the_file_that_is_wrong_is_blamed_and_not_the_first_that_knows_the_thing(few: Folders) -> None:
    add_source(few, 'id:signing-2018 se:date "2018-02-30"^^xsd:date ~ .')
    assert [line.partition(" · ")[0] for line in faults(few).splitlines() if "id:signing-2018" in line] == ["x.ttl"]


def test_a_message_may_be_polish(bare: Folders) -> None:
    add_source(bare, 'id:siedlce skos:altLabel "Sedlec" .')
    assert faults(bare, "pl") != faults(bare, "en")


def test_a_failed_validation_leaves_the_old_build(few: Folders, few_out: Path) -> None:
    add_source(few, "id:siedlce se:within id:poland .")
    assert pipeline.build(few_out, Recipe(few)).problems
    assert len(store.open_built(few_out)) > 1000


def test_broken_turtle_ends_the_build(bare: Folders) -> None:
    add_source(bare, "id:siedlce se:within")
    with pytest.raises(BadData, match=r"x\.ttl:\d+:\d+ · "):
        pipeline.build(bare.data.parent / "out", Recipe(bare))
    assert not (bare.data.parent / "out").exists()


def test_an_unwritable_place(bare: Folders) -> None:
    (bare.data.parent / "file").write_text("")
    with pytest.raises(CannotWrite, match="nothing was changed"):
        pipeline.build(bare.data.parent / "file" / "out", Recipe(bare))


def test_a_folder_without_the_data(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"places\.ttl is missing"):
        paths.folders(data=tmp_path)


def test_a_removed_source_takes_exactly_its_contribution_along(copied: Folders) -> None:
    path = copied.data / "sources" / "wodynie-2022-serwis-komunalny.ttl"
    removed = set(claims.quads(turtle.read(path)))
    others = {quad for other in copied.sources() if other != path for quad in claims.quads(turtle.read(other))}
    whole = _named(copied)
    path.unlink()
    rest = _named(copied)
    assert whole - rest == removed - others
    assert rest - whole == set()


def test_what_was_inferred_from_a_removed_source_goes_with_it(copied: Folders) -> None:
    assert holds(pipeline.graph(copied), "id:relaksownia se:foundingMemberOf id:cluster-siedlce")
    for name in ("mcps-2018-klaster", "cis-siedlce-2018-klaster"):
        (copied.data / "sources" / f"{name}.ttl").unlink()
    assert not holds(pipeline.graph(copied), "id:relaksownia se:foundingMemberOf id:cluster-siedlce")


def _named(folders: Folders) -> set[ox.Quad]:
    """The quads of the source graphs and the editorial graph, without inferences and ontology."""
    return {
        q for q in pipeline.graph(folders) if q.graph_name not in (ox.DefaultGraph(), INFERRED_GRAPH, ONTOLOGY_GRAPH)
    }


EDITED = "mcps-2018-klaster.ttl"


class Whole(NamedTuple):
    """A build of all sources, with or without records: its folder, its result and its quads."""

    records: bool
    folder: Path
    built: Built
    quads: set[ox.Quad]


@pytest.fixture(scope="module", params=[True, pytest.param(False, marks=pytest.mark.slow)])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, folders: Folders) -> Whole:
    folder = tmp_path_factory.mktemp("whole") / "built"
    built = pipeline.build(folder, Recipe(folders, records=request.param))
    return Whole(request.param, folder, built, everything(folder))


@pytest.mark.parametrize(
    "added",
    [
        "cis-siedlce-2018-klaster.ttl",
        pytest.param("swr-2013-klaster.ttl", marks=pytest.mark.slow),
        pytest.param("popon-2021-zaz.ttl", marks=pytest.mark.slow),
    ],
)
def test_an_added_source_gives_what_a_whole_build_gives(copied: Folders, whole: Whole, added: str) -> None:
    out, records = copied.data.parent / "out", whole.records
    held = (copied.data / "sources" / added).rename(copied.data.parent / added)
    assert not pipeline.build(out, Recipe(copied, records=records)).problems
    held.rename(copied.data / "sources" / added)
    steps: list[str] = []
    grown = pipeline.build(out, Recipe(copied, records=records, step=steps.append))
    assert grown == whole.built
    assert everything(out) == whole.quads
    assert brokers.load(whole.folder) and brokers.load(out) == brokers.load(whole.folder)
    assert ("measuring the network" in steps) is (added != "popon-2021-zaz.ttl")  # it names no signatory
    assert {step for step in steps if step.startswith("reading")} == {f"reading {added} (1 of 1)"}


def test_an_added_source_with_a_fault_is_refused(few: Folders, few_out: Path) -> None:
    before = everything(few_out)
    add_source(few, 'id:new a org:Organization ~ ; skos:prefLabel "Nowa"@pl , "New"@en ; se:seatIn id:mcps ~ .')
    assert "se:seatIn does not point at a place" in "\n".join(lines(pipeline.build(few_out, Recipe(few)).problems))
    assert everything(few_out) == before


def test_a_date_that_takes_an_inference_back_is_seen(few: Folders) -> None:
    out = few.data.parent / "out"
    name = "ws-2018-term.ttl"
    office = (
        'id:t a org:Membership ~ ; skos:prefLabel "U"@pl , "T"@en ; org:member id:p ~ ; org:organization id:mcps ~ ;'
        ' org:role role:director ~ ; se:validFrom "2010-01-01"^^xsd:date ~ .'
        ' id:p a foaf:Person ~ ; skos:prefLabel "P"@pl , "P"@en . id:e a se:Event ~ ; skos:prefLabel "E"@pl , "E"@en ;'
        ' se:hasParticipant id:p ~ ; se:earliest "2018-01-01"^^xsd:date ~ ; se:latest "2018-01-01"^^xsd:date ~ .'
    )
    add_source(few, office)
    assert not pipeline.build(out, Recipe(few)).problems
    assert holds(store.open_built(out), "id:mcps se:representedAt id:e")
    left = 'id:t se:validUntil "2015-01-01"^^xsd:date ~ .'
    text = (few.data / "sources" / "x.ttl").read_text(encoding="utf-8")
    text = text.replace("source:x", "source:y").replace("example.org/x", "example.org/y")
    (few.data / "sources" / name).write_text(text.replace(office, left), encoding="utf-8")
    assert not pipeline.build(out, Recipe(few)).problems
    assert not holds(store.open_built(out), "id:mcps se:representedAt id:e")


def test_an_unchanged_build_does_nothing(few: Folders, few_out: Path) -> None:
    built = pipeline.build(few.data.parent / "again", Recipe(few))
    steps: list[str] = []
    assert pipeline.build(few_out, Recipe(few, step=steps.append)) == built
    assert steps == []


def test_an_edited_source_is_the_only_one_read_again(few: Folders, few_out: Path) -> None:
    edited = few.data / "sources" / EDITED
    edited.write_text(edited.read_text(encoding="utf-8") + "# looked at again\n", encoding="utf-8")
    steps: list[str] = []
    pipeline.build(few_out, Recipe(few, step=steps.append))
    assert [step for step in steps if step.startswith("reading")] == [f"reading {EDITED} (1 of 1)"]


@pytest.mark.parametrize("signal", [SIGKILL, pytest.param(SIGINT, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "after",
    [
        "reading",
        "storing",
        "writing",
        *(pytest.param(step, marks=pytest.mark.slow) for step in ("validating", "inferring", "indexing")),
    ],
)
def test_a_killed_build_leaves_the_old_one(few: Folders, few_out: Path, after: str, signal: Signals) -> None:
    before = everything(few_out)
    edited = few.data / "sources" / EDITED
    named = edited.read_text(encoding="utf-8") + 'id:mcps skos:altLabel "inaczej"@pl .\n'
    edited.write_text(named, encoding="utf-8")
    script = f"""
import os, sys
from pathlib import Path
from kgraph.build import pipeline
from kgraph.base.paths import Folders
def step(message):
    if message.startswith({after!r}):
        os.kill(os.getpid(), {signal.value})
pipeline.build(Path(sys.argv[1]), pipeline.Recipe(Folders(Path(sys.argv[2]), Path(sys.argv[3])), step=step))
"""
    ended = subprocess.run([sys.executable, "-c", script, few_out, few.ontology, few.data], capture_output=True)
    assert ended.returncode in (-signal, 1) and not ended.stderr.count(b"ImportError")
    assert everything(few_out) == before
    assert not pipeline.build(few_out, Recipe(few)).problems
    assert {path.name for path in few.data.parent.iterdir()} == {"ontology", "data", "out"}


def test_a_build_killed_between_two_renames_is_put_back(few: Folders, few_out: Path) -> None:
    before = everything(few_out)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    few_out.rename(few_out.with_name(f".out.old-{ended.pid}"))
    assert everything(few_out) == before


def test_why_needs_no_records(few: Folders) -> None:
    out = few.data.parent / "out"
    pipeline.build(out, Recipe(few, records=False))
    built = store.open_built(out)
    assert not list(built.quads_for_pattern(None, RULE, None, None))
    fact = ox.Triple(term("id:relaksownia"), term("se:foundingMemberOf"), term("id:cluster-siedlce"))
    reason = reasons.why(built, fact, pipeline.rules(few))
    assert reason.rule == "rules/founding"
    assert reason.premises


@pytest.mark.slow
def test_both_validators_find_the_same(few: Folders) -> None:
    add_source(few, 'id:new a org:Organization ~ ; skos:prefLabel "Nowa"@pl ; se:seatIn id:mcps ~ .')
    out = few.data.parent / "out"
    own, reference = (pipeline.build(out, Recipe(few, validator=name)).problems for name in ("kgraph", "pyshacl"))
    assert own == reference and len(own) == 3


@pytest.mark.slow
def test_a_layout_is_built_when_wanted(few: Folders) -> None:
    out = few.data.parent / "out"
    pipeline.build(out, Recipe(few, layout=True))
    assert "https://w3id.org/sekg/id/mcps" in (layout.load(out) or {})


def source(folders: Folders, name: str, body: str) -> Path:
    """The path of a new source file with this name and body."""
    path = folders.data / "sources" / f"{name}.ttl"
    head = HEAD.replace("source:x", f"source:{name}").replace("example.org/x", f"example.org/{name}")
    path.write_text('VERSION "1.2"\n' + TURTLE_PREFIXES + head + body, encoding="utf-8")
    return path


def named(thing: str, kind: str) -> str:
    return f'{thing} a {kind} ~ ; skos:prefLabel "N"@pl , "N"@en .\n'


def extended(folders: Folders, first: str, added: str) -> Path:
    """A build after an incremental build with one added source."""
    out = folders.data.parent / "out"
    source(folders, "first", first)
    assert not pipeline.build(out, Recipe(folders)).problems
    source(folders, "added", added)
    steps: list[str] = []
    assert not pipeline.build(out, Recipe(folders, step=steps.append)).problems
    assert "storing what was read" not in steps
    return out


def fresh(folders: Folders) -> Path:
    whole = folders.data.parent / "whole"
    pipeline.build(whole, Recipe(folders))
    return whole


OFFICE = (
    named("id:o", "org:Organization") + named("id:p", "foaf:Person") + named("id:t", "org:Membership")
    + "id:t org:organization id:o ~ ; org:member id:p ~ ; org:role role:director ~ .\n"
)  # fmt: skip


@pytest.mark.slow
def test_a_source_that_repeats_known_facts_may_be_what_a_rule_waits_for(bare: Folders) -> None:
    source(bare, "event", named("id:e", "se:Event") + named("id:p", "foaf:Person") + "id:e se:hasAttendee id:p ~ .")
    out = extended(bare, OFFICE, "id:t org:member id:p ~ . id:e se:hasAttendee id:p ~ .")
    assert holds(store.open_built(out), "id:o se:representedAt id:e")
    assert everything(out) == everything(fresh(bare))


@pytest.mark.slow
def test_a_rule_may_look_at_what_is_said_without_being_asserted(bare: Folders) -> None:
    rule = (
        "#+ premises: ?one se:cooperatesWith ?other .\n"
        "CONSTRUCT { ?one se:supports ?other } WHERE { ?one se:cooperatesWith ?other . "
        "?c rdf:subject ?one ; se:claimStatus status:opinion }"
    )
    (bare.ontology / "rules" / "praised.rq").write_text(PREFIXED + rule, encoding="utf-8")
    first = named("id:o", "org:Organization") + named("id:q", "org:Organization") + "id:o se:cooperatesWith id:q ~ ."
    out = extended(bare, first, "<< id:o se:memberOf id:q >> se:claimStatus status:opinion .")
    assert holds(store.open_built(out), "id:o se:supports id:q")
    assert everything(out) == everything(fresh(bare))


PREFIXED = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@pytest.mark.slow
def test_a_premise_may_be_what_a_thing_is(bare: Folders) -> None:
    rule = "#+ premises: ?one a se:Cluster .\nCONSTRUCT { ?one se:activeIn ?land } WHERE { ?one a se:Cluster . "
    rule += "VALUES ?land { id:poland } }"
    (bare.ontology / "rules" / "anywhere.rq").write_text(PREFIXED + rule, encoding="utf-8")
    out = extended(bare, named("id:o", "org:Organization"), "id:o a se:Cluster ~ .")
    assert holds(store.open_built(out), "id:o se:activeIn id:poland")
    assert everything(out) == everything(fresh(bare))


SIGNED = "".join(named(f"id:{thing}", "org:Organization") for thing in "oq") + named("id:g", "foaf:Agent")
SIGNED += named("id:a", "se:Agreement") + named("id:c", "se:Cluster")
SIGNED += "id:a se:hasSignatory id:o ~ , id:q ~ , id:g ~ ; se:establishes id:c ~ ."


@pytest.mark.parametrize(
    ("added", "gone"),
    [
        pytest.param("id:o se:operatedBy id:q ~ .", "id:o se:cooperatesWith id:q", marks=pytest.mark.slow),
        pytest.param("id:o se:operates id:q ~ .", "id:o se:cooperatesWith id:q", marks=pytest.mark.slow),
        pytest.param("id:o se:accededTo id:a ~ .", "id:o se:foundingMemberOf id:c", marks=pytest.mark.slow),
        ("id:g a foaf:Group ~ .", "id:g se:foundingMemberOf id:c"),
    ],
)
def test_what_takes_an_inference_back_is_inferred_from_anew(bare: Folders, added: str, gone: str) -> None:
    out = bare.data.parent / "out"
    source(bare, "first", SIGNED)
    assert not pipeline.build(out, Recipe(bare)).problems
    assert holds(store.open_built(out), gone)
    source(bare, "added", added)
    assert not pipeline.build(out, Recipe(bare)).problems
    assert not holds(store.open_built(out), gone)
    assert everything(out) == everything(fresh(bare))


@pytest.mark.parametrize("premises", ["", "#+ premises: id:o se:operates ?a .\n", "#+ premises: ?b operates ?a .\n"])
def test_a_rule_that_does_not_say_what_it_rests_on_is_refused(bare: Folders, premises: str) -> None:
    rule = premises + "CONSTRUCT { ?a se:cooperatesWith ?b } WHERE { ?b se:operates ?a }"
    (bare.ontology / "rules" / "operator.rq").write_text(rule, encoding="utf-8")
    with pytest.raises(BadData, match=r"rules/operator: .*“#\+ premises:”"):
        pipeline.build(bare.data.parent / "out", Recipe(bare))


def kind_found(built: Path, name: str) -> str:
    with closing(search.open_index(store.open_built(built), built)) as index:
        return search.find(index, name)[0].kind


@pytest.mark.slow
def test_what_is_learnt_of_a_thing_by_inference_reaches_the_search(bare: Folders) -> None:
    with (bare.ontology / "sekg.ttl").open("a", encoding="utf-8") as ontology:
        ontology.write("\nse:hasOfficeHolder rdfs:range foaf:Person .\n")
    post = named("id:o", "org:Organization") + named("id:post", "org:Post") + named("id:p", "foaf:Agent")
    post += 'id:post org:postIn id:o ~ ; org:role role:director ~ . id:p skos:altLabel "Zenobia"@pl .'
    out = extended(bare, post, "id:post org:heldBy id:p ~ .")
    assert kind_found(out, "zenobia") == kind_found(fresh(bare), "zenobia") == term("foaf:Person").value


def test_another_version_reads_again(bare: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    out = bare.data.parent / "out"
    source(bare, "first", named("id:o", "org:Organization"))
    pipeline.build(out, Recipe(bare))
    monkeypatch.setattr(cache, "__version__", "0.0.0")
    steps: list[str] = []
    pipeline.build(out, Recipe(bare, step=steps.append))
    assert "reading first.ttl (2 of 2)" in steps


def test_a_license_given_twice_by_an_added_source_is_refused(bare: Folders) -> None:
    out = bare.data.parent / "out"
    pipeline.build(out, Recipe(bare))
    source(bare, "added", "id:dataset dcterms:license <https://example.org/licence> ~ .")
    grown = pipeline.build(out, Recipe(bare)).problems
    assert grown and list(grown) == pipeline.validated(bare)[1]


@pytest.mark.slow
def test_inferred_facts_are_seen_without_their_records(copied: Folders, graph: ox.Store) -> None:
    out = copied.data.parent / "out"
    pipeline.build(out, Recipe(copied, records=False))
    built = store.open_built(out)
    for about in ([term("id:cluster-siedlce"), term("id:mcps")], None):
        recorded, unrecorded = facts.facts(graph, about), facts.facts(built, about)
        assert [_without_rule(fact) for fact in unrecorded] == [_without_rule(fact) for fact in recorded]
        assert {fact.rule for fact in unrecorded} == {None, facts.UNRECORDED}
    assert len(networks.whole(built).edges) == len(networks.whole(graph).edges)
    one, other = (term(name).value for name in ("id:relaksownia", "id:cluster-siedlce"))
    assert len(networks.chain(built, one, other)) == len(networks.chain(graph, one, other))


def _without_rule(fact: facts.Fact) -> facts.Fact:
    return replace(fact, rule="inferred" if fact.rule else None)
