"""Network measures: equal to those of networkx, on a date, in a fixed order, with the sources of each tie."""

import csv
import io
import os
import random
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.base.vocab import DATE, STATED, term
from kgraph.errors import BadData, BadQuery
from kgraph.graph.network import analysis, networks
from kgraph.graph.network.analysis import Analysis, Basis
from kgraph.graph.network.networks import Edge, Network, Node
from kgraph.graph.statements.facts import Passage
from kgraph.publish.formats import cube, graphml
from kgraph.rdf import sparql
from tests.command import kgraph, printed

SIGNED = networks.SIGNATORY


def iri(curie: str) -> str:
    return term(curie).value


def basis(projection: str = "bipartite") -> Basis:
    return Basis(projection, "2020-01-01", 0, "0")


def signed(pairs: Iterable[tuple[str, str]], kinds: dict[str, str] | None = None) -> Network:
    """A bipartite network of agreements and signatories; each edge has a separate source."""
    pairs = sorted(set(pairs))
    ends = sorted({end for pair in pairs for end in pair})
    return Network(
        tuple(Node(end, (kinds or {}).get(end, "se:Thing"), (("en", end),)) for end in ends),
        tuple(
            Edge(one, SIGNED, other, (Passage(f"source:{one}-{other}", STATED.value, None, None, None),), None)
            for one, other in pairs
        ),
    )


def davis() -> list[tuple[str, str]]:
    """The Davis Southern Women network (1941), the standard bipartite test network: events and attendees."""
    study = nx.davis_southern_women_graph()
    women = set(study.graph["top"])
    return [(other, one) if one in women else (one, other) for one, other in study.edges]


def by_iri(found: Analysis) -> dict[str, analysis.Measured]:
    return {one.node.iri: one for one in found.things}


def test_bipartite_measures_are_networkxs() -> None:
    graph = nx.Graph(davis())
    found = by_iri(analysis.measure(signed(davis()), {}, basis()))
    assert {name: one.degree for name, one in found.items()} == dict(graph.degree)
    assert {name: one.core for name, one in found.items()} == nx.core_number(graph)
    assert {name: one.betweenness for name, one in found.items()} == pytest.approx(
        nx.betweenness_centrality(graph), abs=1e-9
    )


@pytest.mark.parametrize(("projection", "side"), [("signatories", 1), ("agreements", 0)])
def test_projections_and_their_weights_are_networkxs(projection: str, side: int) -> None:
    expected = nx.bipartite.weighted_projected_graph(nx.Graph(davis()), {pair[side] for pair in davis()})
    found = analysis.measure(signed(davis()), {}, basis(projection))
    weights = {frozenset(pair): expected.edges[pair]["weight"] for pair in expected.edges}
    assert {frozenset((tie.one, tie.other)): tie.weight for tie in found.ties} == weights
    shares = nx.betweenness_centrality(expected)
    assert {name: one.betweenness for name, one in by_iri(found).items()} == pytest.approx(shares, abs=1e-9)
    assert {name: one.weight for name, one in by_iri(found).items()} == dict(expected.degree(weight="weight"))
    assert found.whole.density == pytest.approx(nx.density(expected))


PAIRS = st.sets(st.tuples(st.integers(0, 6).map("a{}".format), st.integers(0, 9).map("s{}".format)), min_size=1)


@given(PAIRS, st.integers(0, 2**32 - 1))
def test_bridges_and_cuts_are_networkxs_whatever_the_order(pairs: set[tuple[str, str]], seed: int) -> None:
    shuffled = random.Random(seed).sample(sorted(pairs), len(pairs))
    graph = nx.Graph(shuffled)
    found = analysis.measure(signed(pairs), {}, basis())
    assert {frozenset((t.one, t.other)) for t in found.ties if t.is_bridge} == set(map(frozenset, nx.bridges(graph)))
    assert {one.node.iri for one in found.things if one.cuts} == set(nx.articulation_points(graph))
    assert found.whole.parts == nx.number_connected_components(graph)


@given(PAIRS)
def test_communities_part_the_network_and_have_its_modularity(pairs: set[tuple[str, str]]) -> None:
    found = analysis.measure(signed(pairs), {}, basis("signatories"))
    members: dict[int, set[str]] = {}
    for one in found.things:
        members.setdefault(one.community, set()).add(one.node.iri)
    assert sorted(members) == list(range(1, found.whole.communities + 1))
    assert sorted(map(len, members.values()), reverse=True) == [len(members[n]) for n in sorted(members)]
    if found.whole.modularity is not None:
        weighted = [(tie.one, tie.other, tie.weight) for tie in found.ties]
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(one.node.iri for one in found.things)
        graph.add_weighted_edges_from(weighted)
        expected = nx.community.modularity(graph, members.values(), weight="weight")
        assert found.whole.modularity == pytest.approx(expected, abs=1e-8)


TWO_CIRCLES = [("a", "s1"), ("a", "s2"), ("b", "s3"), ("b", "s4")]


def test_like_tied_to_like_only_is_one_and_a_uniform_network_has_no_assortativity() -> None:
    kinds = {"s1": "x", "s2": "x", "s3": "y", "s4": "y"}
    found = analysis.measure(signed(TWO_CIRCLES, kinds), {"s1": "p", "s2": "q"}, basis("signatories"))
    assert (found.whole.by_kind, found.whole.by_place) == (1.0, -1.0)
    assert analysis.measure(signed(TWO_CIRCLES), {}, basis("signatories")).whole.by_kind is None


def test_a_thing_without_a_known_place_does_not_count_for_assortativity_by_place() -> None:
    known = {"s1": "p", "s2": "p", "s3": "q"}
    assert analysis.measure(signed(TWO_CIRCLES), known, basis("signatories")).whole.by_place is None


def test_a_tie_between_signatories_has_the_sources_of_both_signatures() -> None:
    found = analysis.measure(signed([("a", "s1"), ("a", "s2")]), {}, basis("signatories"))
    assert [tie.sources for tie in found.ties] == [("source:a-s1", "source:a-s2")]


def test_the_broker_of_the_two_agreements_cuts_the_network(graph: ox.Store) -> None:
    found = by_iri(analysis.analyse(graph))
    centre = found[iri("id:cis-siedlce")]
    assert (centre.cuts, centre.degree, centre.place) == (True, 2, iri("id:siedlce"))
    others = [one for one in found.values() if one.node.kind != iri("se:Agreement") and one is not centre]
    assert all(one.betweenness < centre.betweenness for one in others)


def test_every_tie_of_the_real_network_has_a_source(graph: ox.Store) -> None:
    for projection in analysis.PROJECTIONS:
        assert all(tie.sources for tie in analysis.analyse(graph, projection).ties)


def test_the_day_is_that_of_the_data_or_the_one_given(graph: ox.Store) -> None:
    assert analysis.analyse(graph).basis.day == analysis.day_of(graph)
    before = analysis.analyse(graph, day="2018-12-31")
    assert iri("id:agreement-2020") not in by_iri(before)
    undated = ("id:agreement-humanum-mcps", "id:collegium-humanum", "id:mcps")  # no source states the year
    assert set(by_iri(analysis.analyse(graph, day="2000-01-01"))) == {*map(iri, undated)}


def test_data_that_does_not_say_its_day_wants_one(store_of: Callable[..., ox.Store]) -> None:
    with pytest.raises(BadData, match="give a day with --as-of"):
        analysis.analyse(store_of("id:a se:within id:b ."))
    assert not analysis.analyse(store_of("id:a se:within id:b ."), day="2020-01-01").things


def test_there_is_no_other_projection(graph: ox.Store) -> None:
    with pytest.raises(BadQuery, match="there are bipartite, signatories, agreements"):
        analysis.analyse(graph, "people")


def test_a_place_is_the_narrowest_known(store_of: Callable[..., ox.Store]) -> None:
    store = store_of("id:o se:seatIn id:town , id:region . id:town se:within id:region .")
    assert list(sparql.named(store, "seated")) == [(term("id:o"), term("id:town"))]


def test_each_step_of_a_chain_has_a_source(graph: ox.Store) -> None:
    found = networks.chain(graph, iri("id:ziola-siedleckie"), iri("id:artur-pozorek"))
    _, rows = analysis.chain(found)
    assert [row[4] for row in rows] == [term("source:cis-siedlce-2018-klaster")] * 3


def test_a_chain_of_a_day_does_not_pass_through_what_was_still_to_come(from_build: None) -> None:
    chain = ("--chain", "Zioła Siedleckie", "Caritas Diecezji Siedleckiej")
    shown = printed("analyse", *chain, "--as-of", "2018-01-01", "--format", "csv")
    passed = list(csv.DictReader(io.StringIO(shown.decode())))
    ends = {row[end] for row in passed for end in ("subject", "object")}
    assert passed and not ends & {iri("id:agreement-2018"), iri("id:signing-2018")}
    assert all(row["source"].startswith(iri("source:")) for row in passed)


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_table_of_the_whole_says_what_was_measured_in_both_languages(graph: ox.Store, lang: str) -> None:
    _, rows = analysis.network(analysis.analyse(graph), lang)
    values = {row[0].value: row[2] for row in rows if row[0]}
    assert (values["day"], values["things"]) == (ox.Literal(analysis.day_of(graph)), ox.Literal(47))


def read(form: str, content: bytes) -> "nx.Graph[str]":
    return nx.read_gexf(io.BytesIO(content)) if form == "gexf" else nx.read_graphml(io.BytesIO(content))


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_other_tools_read_back_the_measures(graph: ox.Store, form: str) -> None:
    found = analysis.analyse(graph, "signatories")
    back = read(form, getattr(graphml, f"measured_{form}")(found, "pl"))
    node = back.nodes[iri("id:cis-siedlce")]
    centre = by_iri(found)[iri("id:cis-siedlce")]
    assert node["label"] == "Centrum Integracji Społecznej w Siedlcach"
    assert (node["degree"], node["betweenness"], node["cuts"]) == (centre.degree, centre.betweenness, True)
    assert {frozenset(edge) for edge in back.edges} == {frozenset((tie.one, tie.other)) for tie in found.ties}
    assert all(data["sources"] and data["weight"] for _, _, data in back.edges(data=True))


def test_a_name_that_xml_cannot_hold_is_still_written() -> None:
    spoilt = signed([("a", "s\x00")])
    found = analysis.measure(spoilt, {}, basis())
    assert "\ufffd".encode() in graphml.measured_gexf(Analysis(found.basis, found.things, (), found.whole))


def observed(found: Analysis) -> ox.Store:
    store = ox.Store()
    store.load(cube.turtle(found), format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture
def the_cube(graph: ox.Store) -> ox.Store:
    """One store with data cubes of two dates and two projections."""
    store = ox.Store()
    for projection, day in (("signatories", "2019-01-01"), ("signatories", "2021-01-01"), ("bipartite", "2021-01-01")):
        store.load(cube.turtle(analysis.analyse(graph, projection, day)), format=ox.RdfFormat.TURTLE)
    return store


ILL_FORMED = {
    "an observation without its one data set": """
        ?x a qb:Observation . { SELECT ?x (COUNT(?d) AS ?n) { ?x a qb:Observation . OPTIONAL { ?x qb:dataSet ?d } }
        GROUP BY ?x } FILTER(?n != 1)""",
    "a data set without its one structure": """
        { SELECT ?x (COUNT(?d) AS ?n) { ?x a qb:DataSet . OPTIONAL { ?x qb:structure ?d } } GROUP BY ?x }
        FILTER(?n != 1)""",
    "a component without a range": """
        ?x a ?kind FILTER(?kind IN (qb:DimensionProperty, qb:MeasureProperty, qb:AttributeProperty))
        FILTER NOT EXISTS { ?x rdfs:range ?range }""",
    "a dimension of concepts without a list of them": """
        ?x a qb:DimensionProperty ; rdfs:range skos:Concept
        FILTER NOT EXISTS { ?x qb:codeList/^skos:inScheme ?code }""",
    "an observation without a value of a component": """
        ?x a qb:Observation ; qb:dataSet/qb:structure/qb:component ?c . ?c qb:dimension|qb:measure|qb:attribute ?p
        FILTER NOT EXISTS { ?x ?p ?value }""",
    "a value that is not in the list": """
        ?x a qb:Observation ; ?p ?value . ?p qb:codeList ?list FILTER NOT EXISTS { ?value skos:inScheme ?list }""",
    "a term without a name in both languages": """
        ?x a ?kind FILTER(?kind IN (rdf:Property, qb:DataSet)) VALUES ?lang { "pl" "en" }
        FILTER NOT EXISTS { ?x rdfs:label ?label FILTER(LANG(?label) = ?lang) }""",
    "two observations of the same": """
        ?x a qb:Observation ; measure:thing ?t ; measure:projection ?p ; measure:day ?d ; measure:seed ?s .
        ?y a qb:Observation ; measure:thing ?t ; measure:projection ?p ; measure:day ?d ; measure:seed ?s
        FILTER(?x != ?y)""",
}
"""Violations of the well-formedness of a data cube (https://www.w3.org/TR/vocab-data-cube/#wf), as SPARQL patterns."""


def faulty(store: ox.Store, fault: str) -> set[sparql.Value | None]:
    return {x for (x,) in sparql.rows(sparql.run(store, f"SELECT DISTINCT ?x WHERE {{ {ILL_FORMED[fault]} }}"))}


@pytest.mark.parametrize("fault", ILL_FORMED)
def test_the_cube_is_well_formed(the_cube: ox.Store, fault: str) -> None:
    assert faulty(the_cube, fault) == set()


def test_the_check_of_the_cube_sees_a_fault(the_cube: ox.Store) -> None:
    one = next(iter(the_cube.quads_for_pattern(None, term("measure:day"), None)))
    the_cube.remove(one)
    assert one.subject in faulty(the_cube, "an observation without a value of a component")


def test_an_observation_says_its_day_projection_and_version(graph: ox.Store) -> None:
    found = analysis.analyse(graph, "signatories", "2021-01-01")
    asked = """SELECT ?day ?projection ?version ?share WHERE {
        ?o measure:thing id:cis-siedlce ; measure:day ?day ; measure:projection ?projection ;
           measure:version ?version ; measure:betweenness ?share }"""
    ((day, projection, version, share),) = sparql.rows(sparql.run(observed(found), asked))
    said = (ox.Literal("2021-01-01", datatype=DATE), term("measure:signatories"), ox.Literal(found.basis.version))
    assert (day, projection, version) == said
    assert share and float(share.value) == by_iri(found)[iri("id:cis-siedlce")].betweenness


def run(graph: Path, *arguments: str, seed: str) -> subprocess.CompletedProcess[bytes]:
    """A finished subprocess: PYTHONHASHSEED sets the order of sets when Python starts."""
    environment = {**os.environ, "KGRAPH_GRAPH": str(graph), "PYTHONHASHSEED": seed}
    return subprocess.run(["kgraph", "analyse", *arguments], capture_output=True, timeout=120, env=environment)


@pytest.mark.parametrize(
    "form", ["ttl", *(pytest.param(form, marks=pytest.mark.slow) for form in ("gexf", "graphml", "csv"))]
)
def test_the_same_bytes_whatever_the_order_of_sets_and_however_the_form_is_asked_for(
    tmp_path: Path, built: Path, form: str
) -> None:
    written = tmp_path / f"network.{form}"
    first = run(built, "--format", form, "--projection", "signatories", seed="1")
    second = run(built, "-o", str(written), "--projection", "signatories", seed="2")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert first.stdout == written.read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--projection", "signatories", "--as-of", "2019-12-31"],
        ["--chain", "Zioła Siedleckie", "Artur Pozorek"],
        *(
            pytest.param(arguments, marks=pytest.mark.slow)
            for arguments in (
                ["--table", "ties", "--lang", "pl"],
                ["--table", "network", "--projection", "agreements"],
                ["--format", "graphml"],
                ["--format", "ttl"],
            )
        ),
    ],
)
def test_an_endpoint_has_the_same_measures(address: str, arguments: list[str]) -> None:
    there = printed("analyse", *arguments, "--endpoint", f"{address}sparql")
    assert there == printed("analyse", *arguments)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["--chain", "Relaksownia", "MCPS", "--format", "gexf"], "a chain is a table"),
        (["--chain", "Relaksownia", "MCPS", "-o", "a.graphml"], "a chain is a table"),
        (["--figure", "a.svg", "--format", "csv"], "names its own file"),
        (["--table", "ties", "-o", "a.gexf"], "gexf holds all measures; leave out --table"),
        (["--table", "ties", "--figure", "a.svg"], "leave it out beside --chain and --figure"),
        (["--figure", "a.png"], "written as .svg or .pdf"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: list[str], advice: str) -> None:
    refused = kgraph("analyse", *arguments)
    assert refused.returncode == 2 and advice in refused.stderr
    assert not refused.stdout


def test_a_chain_between_names(from_build: None) -> None:
    shown = kgraph("analyse", "--chain", "Zioła Siedleckie", "Artur Pozorek", "--format", "csv")
    assert len(shown.stdout.splitlines()) == 4, shown.stderr


def test_help_has_examples() -> None:
    assert "kgraph analyse --figure network.svg --lang pl" in kgraph("analyse", "--help").stdout
