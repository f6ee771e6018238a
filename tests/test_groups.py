"""A large graph by region and kind: counts, portions, addresses, and where regions are drawn."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base.vocab import term
from kgraph.errors import NotFound
from kgraph.graph import views
from kgraph.graph.network import groups

SIGNERS = 60
ENTITY, AGREEMENT, CLUSTER = (term(f"se:{name}").value for name in ("SocialEconomyEntity", "Agreement", "Cluster"))
MAZOWIECKIE, LUBELSKIE = (term(f"id:{name}").value for name in ("mazowieckie", "lubelskie"))


def unit(name: str) -> str:
    return f'id:{name} cv:level level:voivodeship ; a cv:AdminUnit ; skos:prefLabel "województwo {name}"@pl .'


def entity(number: int, region: str) -> str:
    return f'id:o{number:02} a se:SocialEconomyEntity ; se:seatIn id:{region} ; skos:prefLabel "podmiot {number}"@pl .'


@pytest.fixture
def store(store_of: Callable[..., ox.Store]) -> ox.Store:
    """Sixty entities in one region, one in another, one nowhere; an agreement that more of the first region signed."""
    entities = [entity(number, "mazowieckie") for number in range(SIGNERS)] + [entity(60, "lubelskie")]
    return store_of(
        f"{unit('mazowieckie')} {unit('lubelskie')} {' '.join(entities)}"
        ' id:o61 a se:SocialEconomyEntity ; skos:prefLabel "bez miejsca"@pl .'
        ' id:pact a se:Agreement ; se:hasSignatory id:o07 , id:o08 , id:o60 ; skos:prefLabel "porozumienie"@pl .'
        ' id:cluster a se:Cluster ; skos:prefLabel "klaster"@pl . id:pact se:establishes id:cluster .'
    )


def test_things_are_counted_where_they_are_seated_or_where_most_of_their_links_are(store: ox.Store) -> None:
    members = groups.grouped(store).members
    sizes = {region: {kind: len(things) for kind, things in kinds.items()} for region, kinds in members.items()}
    assert sizes == {
        MAZOWIECKIE: {CLUSTER: 1, AGREEMENT: 1, ENTITY: SIGNERS},
        LUBELSKIE: {ENTITY: 1},
        groups.NOWHERE: {ENTITY: 1},
    }


def test_a_group_opens_in_portions_that_give_each_thing_once(store: ox.Store) -> None:
    known, found = groups.grouped(store), list[str]()
    address: str | None = groups.address(MAZOWIECKIE, ENTITY)
    while address:
        shown = groups.portion(store, known, address)
        things = [edge.target for edge in shown.network.edges if edge.predicate == groups.HOLDS]
        assert len(things) <= groups.PORTION
        found += things
        address = next((edge.target for edge in shown.network.edges if edge.predicate == groups.NEXT), None)
    assert sorted(found) == sorted(set(found)) and len(found) == SIGNERS
    assert {*found[:2]} == {term("id:o07").value, term("id:o08").value}


def test_every_address_of_a_group_leads_somewhere_and_others_do_not(store: ox.Store) -> None:
    known = groups.grouped(store)
    addresses = list(groups.portions(known))
    assert len(addresses) == len(set(addresses)) == 3 + 2 + 3 + 2 + 2
    assert all(groups.portion(store, known, address).network.nodes for address in addresses)
    for wrong in ("group/nobody", "group/lubelskie/Cluster/x", "group/lubelskie/24", "group/lubelskie/Cluster"):
        with pytest.raises(NotFound, match="no group"):
            groups.portion(store, known, f"https://w3id.org/sekg/{wrong}")


def test_regions_stand_as_on_a_map_and_apart(store: ox.Store) -> None:
    positions = groups.overview(store, groups.grouped(store)).positions
    east, west = positions[groups.address(LUBELSKIE)], positions[groups.address(MAZOWIECKIE)]
    assert west[0] <= east[0] and west != east
    assert positions[groups.address(groups.NOWHERE)][1] > max(east[1], west[1])


def test_groups_are_kept_in_a_build_folder(store: ox.Store, tmp_path: Path) -> None:
    assert groups.load(tmp_path) is None and groups.of(store, tmp_path) is None
    groups.save(groups.grouped(store), tmp_path)
    assert groups.of(store, tmp_path) == groups.grouped(store)


def test_the_first_picture_says_how_much_each_group_holds(store: ox.Store, tmp_path: Path) -> None:
    groups.save(groups.grouped(store), tmp_path)
    marks = views.marks(store, tmp_path)
    shown = views.grouped(store, marks)
    assert shown["grouped"] and marks.overview.nodes == ()
    holds = {node["iri"]: node["holds"] for node in shown["nodes"]}  # type: ignore[attr-defined]
    assert holds[groups.address(MAZOWIECKIE)] == SIGNERS + 2
    assert holds[groups.address(MAZOWIECKIE, ENTITY)] == SIGNERS
    assert all(edge["asserted"] for edge in shown["edges"])  # type: ignore[attr-defined]
