"""The default graph has one value of a single-valued property, by a published rule; the others stay as claims."""

import io
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from rich.console import Console, RenderableType

from kgraph import publish
from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import TURTLE_PREFIXES, short, term
from kgraph.build import choice, pipeline
from kgraph.build.consistency import Files
from kgraph.graph.entity import as_json, as_text, cards
from kgraph.graph.statements import reasons
from kgraph.publish.release import difference
from kgraph.rdf import sparql
from kgraph.rdf.store import fill
from tests.conftest import holds

HEAD = (
    'VERSION "1.2"\n{prefixes}source:{name} a se:Source ; dcterms:title "X"@pl , "X"@en ; dcterms:publisher "X" ;'
    " rdfs:seeAlso <https://example.org/{name}> ; se:textUnavailable true {more} .\n"
)
EVENT = 'id:e a se:Event ~ ; skos:prefLabel "E"@pl , "E"@en .\n'


@pytest.fixture
def told(tmp_path: Path, folders: Folders) -> Callable[..., ox.Store]:
    """The graph of some sources, each with facts about the event `id:e`; `copies` repeat the text of `a`."""
    (tmp_path / "sources").mkdir()
    for name in ("places.ttl", "dataset.ttl"):
        (tmp_path / name).write_bytes((folders.data / name).read_bytes())
    (tmp_path / "sources" / "curator.ttl").write_bytes((folders.data / "sources" / "curator.ttl").read_bytes())

    def make(copies: str = "", **sources: str) -> ox.Store:
        for name, facts in sources.items():
            if name == "curator":
                text = (tmp_path / "sources" / "curator.ttl").read_text(encoding="utf-8") + TURTLE_PREFIXES
            else:
                more = "; dcterms:isVersionOf source:a" if name in copies else ""
                text = HEAD.format(prefixes=TURTLE_PREFIXES, name=name, more=more)
            (tmp_path / "sources" / f"{name}.ttl").write_text(text + EVENT + f"id:e {facts} .\n", encoding="utf-8")
        return pipeline.graph(Folders(folders.ontology, tmp_path))

    return make


def written(tree: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=400, color_system=None)
    console.print(tree)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def values(store: ox.Store, name: str, graph: ox.NamedNode | ox.DefaultGraph = ox.DefaultGraph()) -> list[str]:  # noqa: B008
    quads = store.quads_for_pattern(term("id:e"), term(name), None, graph)
    return sorted(quad.object.value for quad in quads if isinstance(quad.object, ox.Literal))


def on(day: str, kind: str = "date") -> str:
    return f'se:date "{day}"^^xsd:{kind} ~'


@pytest.mark.parametrize(
    ("sources", "chosen"),
    [
        ({"a": on("2018-03-22"), "b": on("2018-03-23"), "c": on("2018-03-23")}, "2018-03-23"),  # better attested
        ({"a": on("2018-03-22"), "b": on("2018-03-22"), "c": on("2018-03-23")}, "2018-03-22"),
        ({"a": on("2018-03-23"), "b": on("2018-03-23"), "c": on("2018-03-22"), "copies": "b"}, "2018-03-22"),  # a copy
        ({"a": on("2018", "gYear"), "b": on("2018", "gYear"), "c": on("2018-03-22")}, "2018-03-22"),  # more precise
        ({"a": on("--03-22", "gMonthDay"), "b": on("2018-03-22"), "c": on("2018-03", "gYearMonth")}, "2018-03-22"),
        ({"a": on("2017", "gYear"), "b": on("2018-03-22")}, "2018-03-22"),  # differing years: the more precise
        ({"a": on("2018-03-23"), "b": on("2018-03-22")}, "2018-03-22"),  # a tie: the earlier
        ({"b": on("2018-03-22"), "curator": on("2018-03-21")}, "2018-03-22"),  # a curator is no witness
    ],
)
def test_one_day_stands_by_the_rule(told: Callable[..., ox.Store], sources: dict[str, str], chosen: str) -> None:
    store = told(**sources)
    assert values(store, "se:date") == [chosen]
    given = {name for name in sources if name != "copies"}
    assert all(values(store, "se:date", term(f"source:{name}")) for name in given)


def test_a_refinement_counts_the_sources_of_what_it_refines(told: Callable[..., ox.Store]) -> None:
    link = "{| se:refines <<( id:e se:numberOfLaureates 20 )>> |}"
    store = told(a="se:numberOfLaureates 20 ~", b="se:numberOfLaureates 20 ~", c=f"se:numberOfLaureates 21 {link}")
    assert values(store, "se:numberOfLaureates") == ["21"]


def test_numbers_are_compared_as_numbers(told: Callable[..., ox.Store]) -> None:
    assert values(told(a="se:numberOfLaureates 9 ~", b="se:numberOfLaureates 13 ~"), "se:numberOfLaureates") == ["9"]


def bounds(first: str, last: str = "") -> str:
    return f'se:earliest "{first}"^^xsd:date ~' + (f' ; se:latest "{last}"^^xsd:date ~' if last else "")


def test_no_earliest_day_is_after_a_latest(told: Callable[..., ox.Store]) -> None:
    day, next_day = "2018-03-22", "2018-03-23"
    store = told(a=bounds(day, day), b=bounds(next_day, next_day), c=bounds(next_day))
    assert (values(store, "se:earliest"), values(store, "se:latest")) == ([next_day], [next_day])


def test_faulty_values_are_left_to_the_shapes(told: Callable[..., ox.Store]) -> None:
    store = told(a='se:date id:e ~ ; se:latest "2018-03-22"^^xsd:date ~', b=on("2018-03-22"), c='se:date "" ~')
    assert values(store, "se:date") == ["2018-03-22"]


def test_what_is_inferred_rests_on_the_chosen_value(told: Callable[..., ox.Store]) -> None:
    """A body is represented at an event if the chosen day is within the term of its official."""
    office = (
        'id:t a org:Membership ~ ; skos:prefLabel "T"@pl , "T"@en ; org:member id:p ~ ; org:organization id:o ~ ;'
        ' org:role role:director ~ ; se:validFrom "2018-03-23"^^xsd:date ~ ; se:validUntil "2018-12-31"^^xsd:date ~ .'
        ' id:o a org:Organization ~ ; skos:prefLabel "O"@pl , "O"@en .'
        ' id:p a foaf:Person ~ ; skos:prefLabel "P"@pl , "P"@en'
    )
    there = "se:hasParticipant id:p ~ ; "
    later, earlier = bounds("2018-03-23", "2018-03-23"), bounds("2018-03-22", "2018-03-22")
    assert holds(told(a=f"{there}{later} . {office}", b=later, c=earlier), "id:o se:representedAt id:e")
    assert not holds(told(a=f"{there}{later} . {office}", b=earlier, c=earlier), "id:o se:representedAt id:e")


def test_every_single_valued_property_has_one_value_in_the_built_graph(graph: ox.Store, folders: Folders) -> None:
    properties = choice.properties(folders.ontology / "single-valued.ttl").single
    assert {"se:date", "se:earliest", "se:latest", "se:validFrom"} <= {short(name.value) for name in properties}
    for name in properties:
        subjects = [quad.subject for quad in graph.quads_for_pattern(None, name, None, ox.DefaultGraph())]
        assert len(subjects) == len(set(subjects))
    assert holds(graph, 'id:signing-2018 se:date "2018-03-22"^^xsd:date')
    assert holds(graph, 'id:signing-2020 se:date "2020-09-14"^^xsd:date')


def test_plain_sparql_multiplies_no_rows(graph: ox.Store) -> None:
    asked = "SELECT * { ?event se:date ?day ; se:earliest ?first ; se:latest ?last }"
    found = sparql.run(graph, asked)
    assert isinstance(found, ox.QuerySolutions)
    rows = [[term.value for term in row if isinstance(term, ox.NamedNode | ox.Literal)] for row in found]
    assert len(rows) == len({row[0] for row in rows})
    assert all(row[2] <= row[3] for row in rows)


def test_the_check_finds_a_second_value_in_the_default_graph(folders: Folders) -> None:
    store = ox.Store()
    for day in ("2018-03-22", "2018-03-23"):
        fill(
            store,
            [ox.Quad(term("id:e"), term("se:date"), ox.Literal(day, datatype=term("xsd:date")), term("source:a"))],
        )
    shapes = folders.ontology / "single-valued.ttl"
    for validator in ("kgraph", "pyshacl"):
        found = list(choice.repeated(store, choice.properties(shapes).single, shapes, Files(), validator))
        assert [(wrong.node, "se:date" in wrong.message) for wrong in found] == [("id:e", True)]


def test_both_sides_are_claims_and_one_yields(graph: ox.Store) -> None:
    ask = (
        'ASK { ?claim rdf:subject id:signing-2018 ; rdf:predicate se:date ; rdf:object "--03-22"^^xsd:gMonthDay ;'
        " se:claimStatus status:stated ; se:yieldsTo ?other ."
        ' ?other rdf:object "2018-03-22"^^xsd:date }'
    )
    assert sparql.run(graph, ask)


def test_the_card_and_why_show_both_sides(graph: ox.Store, folders: Folders) -> None:
    card = cards.card(graph, term("id:signing-2018"), "en")
    yields = {fact.object.value: fact.yields for fact in card.facts if fact.predicate == term("se:date")}
    assert yields == {"2018-03-22": False, "--03-22": True}
    text = written(as_text.card(card, "en"))
    assert "yields to another value" in text and "“22 marca”" in text
    other = ox.Triple(term("id:signing-2018"), term("se:date"), ox.Literal("--03-22", datatype=term("xsd:gMonthDay")))
    why = reasons.why(graph, other, pipeline.rules(folders))
    assert why.passages and why.instead and "2018-03-22" in str(why.instead.fact.object)
    assert why.instead.passages
    assert as_json.reason(why)["instead"]


def test_files_of_named_graphs_give_the_same_default_graph(graph: ox.Store, tmp_path: Path) -> None:
    (tmp_path / "sekg.trig").write_bytes(publish.trig(graph))
    assert difference.read(tmp_path / "sekg.trig") == frozenset(publish.default_graph(graph))


# Known unknowns


def test_an_unknown_that_another_source_answers_says_by_what(graph: ox.Store) -> None:
    found = {quad.subject for quad in graph.quads_for_pattern(None, term("se:resolvedBy"), None, None)}
    assert len(found) >= 11
    assert sparql.run(graph, "ASK { id:unknown-mcps-seat se:resolvedBy ?claim . ?claim rdf:object id:warszawa }")
    assert not sparql.run(graph, "ASK { id:unknown-ziola-siedleckie-seat se:resolvedBy ?claim }")


def test_no_unknown_is_answered_by_the_source_that_leaves_it_open(graph: ox.Store) -> None:
    assert not sparql.run(graph, "ASK { ?source se:leavesUnknown ?u . ?u se:resolvedBy/prov:wasDerivedFrom ?source }")


def test_a_source_that_comes_later_answers(told: Callable[..., ox.Store]) -> None:
    unknown = 'id:u a se:KnownUnknown ; se:about id:e ; se:aspect se:date ; skos:prefLabel "U"@pl , "U"@en'
    silent = f"se:inYearOf source:a ~ . source:a se:leavesUnknown id:u . {unknown}"
    assert not holds(told(a=silent), "id:u se:resolvedBy ?claim")
    assert holds(told(a=silent, b=on("2018-03-22")), "id:u se:resolvedBy ?claim")


def test_silent_sources_and_what_nobody_says_are_told_apart(graph: ox.Store) -> None:
    card = cards.card(graph, term("id:mcps"), "en")
    assert "seat of MCPS" not in card.unknowns
    [(_, answers)] = [(u, found) for u, found in card.silent.items() if u == term("id:unknown-mcps-seat")]
    assert [*answers] == [term("id:warszawa")] and len(answers[term("id:warszawa")]) >= 2
    text = written(as_text.card(card, "en"))
    assert text.index("One source is silent, another gives") < text.index("seat of MCPS")
    unknown = written(as_text.card(cards.card(graph, term("id:unknown-mcps-seat"), "en"), "en"))
    assert "Warsaw — " in unknown.partition("One source is silent, another gives")[2]
    open_ = cards.card(graph, term("id:ziola-siedleckie"), "pl")
    assert "siedziba spółdzielni „Zioła Siedleckie”" in open_.unknowns and not open_.silent
    told = as_json.card(card, frozenset())["unknowns"]
    assert isinstance(told, list)
    assert {bool(one["answers"]) for one in told} == {True, False}


# Stated and inferred values


def pattern(page: str) -> str:
    """The SPARQL example of a page, with the prefixes that the command line knows."""
    [_, text] = (paths.packaged("..") / "docs" / page).resolve().read_text(encoding="utf-8").split("```sparql\n")
    return text.split("```")[0]


@pytest.mark.parametrize("page", ["ontology.md", "ontologia.md"])
def test_the_documented_pattern_gives_stated_values_in_the_store_and_in_turtle(
    graph: ox.Store, folders: Folders, page: str
) -> None:
    turtle = ox.Store()
    turtle.bulk_load(path=folders.data / "sekg.ttl", format=ox.RdfFormat.TURTLE)
    asked = pattern(page)
    in_store, in_turtle = (sorted(map(str, sparql.run(store, asked))) for store in (graph, turtle))  # type: ignore[arg-type]
    assert in_store and in_store == in_turtle
    assert not any("id/poland" in row or "id/mazowieckie>" in row for row in in_store)
    assert any("id/warszawa" in row for row in in_store)
