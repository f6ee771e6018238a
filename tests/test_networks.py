"""Neighbourhoods and projections of the graph, with evidence on each edge."""

import random
import sys
from collections.abc import Callable
from itertools import combinations, pairwise

import networkx as nx
import pyoxigraph as ox
import pytest

from kgraph.base.vocab import term
from kgraph.errors import NotFound
from kgraph.graph.network import edges, networks
from kgraph.graph.statements import states
from kgraph.graph.statements.facts import facts


def iri(curie: str) -> str:
    return term(curie).value


def edge(found: networks.Network, source: str, predicate: str, target: str) -> networks.Edge:
    triple = (iri(source), iri(predicate), iri(target))
    return next(e for e in found.edges if (e.source, e.predicate, e.target) == triple)


@pytest.fixture(scope="module")
def whole(graph: ox.Store) -> networks.Network:
    return networks.whole(graph)


def test_a_signatory_is_a_neighbour_of_its_agreement(graph: ox.Store) -> None:
    found = networks.neighbourhood(graph, iri("id:relaksownia"))
    assert edge(found, "id:agreement-2018", "se:hasSignatory", "id:relaksownia").asserted
    assert iri("id:serwis-komunalny") not in {node.iri for node in found.nodes}


def test_two_steps_reach_the_other_signatories(graph: ox.Store) -> None:
    found = networks.neighbourhood(graph, iri("id:relaksownia"), depth=2)
    assert iri("id:serwis-komunalny") in {node.iri for node in found.nodes}


def test_both_ends_of_every_edge_are_nodes(whole: networks.Network) -> None:
    nodes = {node.iri for node in whole.nodes}
    assert {end for e in whole.edges for end in (e.source, e.target)} <= nodes


def test_an_edge_carries_the_words_of_each_source(whole: networks.Network) -> None:
    places = edge(whole, "id:agreement-2018", "se:hasSignatory", "id:cis-siedlce").passages
    assert [(place.source, place.words, place.start, place.end) for place in places] == [
        (iri("source:cis-siedlce-2018-klaster"), "Centrum Integracji Społecznej", None, None),
        (iri("source:mcps-2018-klaster"), "Centrum Integracji Społecznej w Siedlcach", 1339, 1380),
    ]


def test_an_inferred_edge_carries_its_rule_and_an_opinion_is_not_asserted(whole: networks.Network) -> None:
    founding = edge(whole, "id:relaksownia", "se:foundingMemberOf", "id:cluster-siedlce")
    assert (founding.asserted, founding.rule) == (False, "rules/founding")
    first = edge(whole, "id:cluster-siedlce", "se:firstOfKindIn", "id:mazowieckie")
    assert (first.asserted, first.rule) == (False, None)


def test_nodes_have_names_in_both_languages_and_their_most_specific_class(whole: networks.Network) -> None:
    node = next(n for n in whole.nodes if n.iri == iri("id:cis-siedlce"))
    assert node.kind == iri("se:SocialEconomyEntity")
    assert (node.label("pl"), node.label("en")) == (
        "Centrum Integracji Społecznej w Siedlcach",
        "Social Integration Centre in Siedlce",
    )


def test_five_signatories_give_ten_co_signing_edges(graph: ox.Store) -> None:
    signed = networks.agreements(graph)
    founding = networks.with_ends(graph, [e for e in signed.edges if e.source == iri("id:agreement-2018")])
    projected = networks.co_signing(founding)
    assert (projected.number_of_nodes(), projected.number_of_edges()) == (5, 10)
    assert {data["weight"] for _, _, data in projected.edges(data=True)} == {1}


def test_who_signed_two_agreements_has_more_partners(graph: ox.Store) -> None:
    projected = networks.co_signing(networks.agreements(graph))
    assert projected.degree[iri("id:cis-siedlce")] > projected.degree[iri("id:relaksownia")]


def test_the_chain_to_a_director_has_three_steps(graph: ox.Store) -> None:
    steps = networks.chain(graph, iri("id:ziola-siedleckie"), iri("id:artur-pozorek"))
    assert [step.predicate for step in steps] == [iri("se:hasSignatory"), iri("se:signedAt"), iri("se:hasAttendee")]
    assert all(step.passages for step in steps)


def test_chains_are_those_that_networkx_finds_in_the_whole_network(graph: ox.Store, whole: networks.Network) -> None:
    inner = {node.iri for node in whole.nodes if node.kind not in networks.NOT_STEPPED_THROUGH}
    usable = [(edge.source, edge.target) for edge in whole.edges if edge.asserted or edge.rule]
    for one, other in random.Random(1).sample(list(combinations(sorted(n.iri for n in whole.nodes), 2)), 60):
        ends = inner | {one, other}
        oracle = nx.Graph(
            sorted((min(pair), max(pair)) for pair in usable if ends.issuperset(pair) and len({*pair}) == 2)
        )
        try:
            path = nx.shortest_path(oracle, one, other)
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            with pytest.raises(NotFound):
                networks.chain(graph, one, other)
        else:
            assert [{e.source, e.target} for e in networks.chain(graph, one, other)] == list(map(set, pairwise(path)))


def test_the_overview_is_a_part_of_the_whole(graph: ox.Store, whole: networks.Network) -> None:
    overview = networks.overview(graph)
    assert {*overview.edges} < {*whole.edges} and {*overview.nodes} < {*whole.nodes}


def test_of_no_things_there_are_no_facts(graph: ox.Store) -> None:
    assert facts(graph, []) == []


def test_there_is_no_chain_to_nowhere(graph: ox.Store) -> None:
    with pytest.raises(NotFound, match="no chain of facts"):
        networks.chain(graph, iri("id:ziola-siedleckie"), iri("id:nobody"))


def test_brokers_are_networkxs_own_measures(graph: ox.Store) -> None:
    found = {broker.iri: broker for broker in networks.measured(*networks.numbered(networks.agreements(graph)))}
    assert found[iri("id:cis-siedlce")].cuts
    assert found[iri("id:cis-siedlce")].betweenness > found[iri("id:mcps")].betweenness


def test_what_is_taken_out_takes_its_edges_along(whole: networks.Network) -> None:
    found = networks.without(whole, {iri("id:cluster-siedlce")})
    assert iri("id:cluster-siedlce") not in {end for e in found.edges for end in (e.source, e.target)}


def test_no_agreements_no_projection(store_of: Callable[..., ox.Store]) -> None:
    bipartite = networks.agreements(store_of("id:a se:within id:b ."))
    assert networks.co_signing(bipartite).number_of_nodes() == 0


def test_the_networkx_form_keeps_parallel_facts(graph: ox.Store, whole: networks.Network) -> None:
    converted = edges.to_networkx(graph, whole, "pl")
    assert converted.number_of_edges() == len(whole.edges)
    assert converted.nodes[iri("id:siedlce")] == {"label": "Siedlce", "kind": iri("cv:AdminUnit")}


def test_an_unknown_thing(graph: ox.Store) -> None:
    with pytest.raises(NotFound, match="nothing is known"):
        networks.neighbourhood(graph, "https://example.org/nobody")


def test_who_signed_together_is_what_networkx_projects() -> None:
    bipartite = nx.bipartite.random_graph(30, 12, 0.2, seed=1)
    signers = {node for node in bipartite if node < 30 and bipartite[node]}
    signed = [networks.Edge(f"{max(pair)}", "p", f"{min(pair)}", (), None) for pair in bipartite.edges]
    projected = networks.co_signing(networks.Network((), tuple(signed)))
    expected = nx.relabel_nodes(nx.bipartite.weighted_projected_graph(bipartite, signers), str)
    assert {*projected} == {*expected} and nx.utils.edges_equal(projected.edges(data=True), expected.edges(data=True))
    assert {1, 2} <= set(nx.get_edge_attributes(projected, "weight").values())


def test_both_libraries_measure_the_same(graph: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = networks.measured(*networks.numbered(networks.agreements(graph)))
    monkeypatch.setitem(sys.modules, "rustworkx", None)
    assert networks.measured(*networks.numbered(networks.agreements(graph))) == fast
    assert fast[0].betweenness > 0


@pytest.mark.parametrize(("day", "holds"), [("2010-01-01", True), ("2020-01-01", False), ("1999-01-01", False)])
def test_an_office_held_by_a_post_lasts_as_long_as_its_tenure(graph: ox.Store, day: str, holds: bool) -> None:
    caritas, hapon = (term(f"id:{name}").value for name in ("caritas-siedlce", "krzysztof-hapon"))
    around = networks.neighbourhood(graph, hapon)
    then = networks.as_of(graph, around, states.day(day))
    lasting = {term("org:heldBy").value, term("se:hasOfficeHolder").value}
    assert lasting <= {edge.predicate for edge in around.edges}
    assert bool(lasting & {edge.predicate for edge in then.edges}) is holds
    if holds:
        assert len(networks.chain(graph, caritas, hapon, states.day(day))) == 2
    else:
        with pytest.raises(NotFound):
            networks.chain(graph, caritas, hapon, states.day(day))
