"""States of things on a date, derived from dated evidence only."""

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kgraph.base.vocab import STATE, term
from kgraph.errors import BadQuery
from kgraph.graph.faceting import facets
from kgraph.graph.statements import states
from kgraph.rdf import sparql

StoreOf = Callable[..., ox.Store]
FROM = 'id:t a org:Membership ; se:validFrom "2015-01-01"^^xsd:date . '
UNTIL = 'id:t se:validUntil "2018-06-30"^^xsd:date . '
ATTESTED = 'id:t a org:Membership ; se:lastAttested "2017-05-05"^^xsd:date . '
YEARS = 'id:t a org:Membership ; se:fromYear "2003"^^xsd:gYear ; se:untilYear "2012"^^xsd:gYear . '
ATTESTED_EARLY = 'id:t se:lastAttested "2003-05-01"^^xsd:date . '
ATTESTED_LATE = 'id:t se:lastAttested "2012-09-14"^^xsd:date . '
YEAR_OF_BOTH = 'id:t se:fromYear "2015"^^xsd:gYear ; se:untilYear "2018"^^xsd:gYear . '
OTHER_END = 'id:t se:validUntil "2020-06-30"^^xsd:date . '
OTHER_BEGINNING = 'id:t se:validFrom "2014-01-01"^^xsd:date . '
EVENT = 'id:t a se:Event ; se:earliest "2018-03-22"^^xsd:date ; se:latest "2018-03-22"^^xsd:date . '

AGREEMENT = "id:t a se:Agreement ; se:establishes id:c . id:c a se:Cluster ; org:resultedFrom id:founding . "
FOUNDED = (
    AGREEMENT + 'id:founding a se:Event ; se:earliest "2014-10-01"^^xsd:date ; se:latest "2014-10-31"^^xsd:date . '
)
SIGNED = 'id:t se:signedAt id:s . id:s se:earliest "2014-09-01"^^xsd:date ; se:latest "2014-09-01"^^xsd:date . '


@pytest.mark.parametrize(
    ("facts", "on", "state"),
    [
        (FOUNDED, "2014-09-30", "not-begun"),
        (FOUNDED, "2014-10-15", "not-known-to-have-begun"),
        (FOUNDED, "2014-10-31", "certainly"),
        (FOUNDED + SIGNED, "2014-09-02", "not-known-to-have-ended"),
        (FROM, "2014-12-31", "not-begun"),
        (FROM, "2015-01-01", "not-known-to-have-ended"),
        (FROM + UNTIL, "2016-01-01", "certainly"),
        (FROM + UNTIL, "2018-06-30", "certainly"),
        (FROM + UNTIL, "2018-07-01", "ended"),
        (ATTESTED, "2017-05-05", "certainly"),
        (ATTESTED, "2017-05-06", "not-known-to-have-ended"),
        (ATTESTED, "2017-05-04", "not-known-to-have-begun"),
        (FROM + ATTESTED, "2016-01-01", "certainly"),
        (YEARS, "2002-12-31", "not-begun"),
        (YEARS, "2003-06-01", "not-known-to-have-begun"),
        (YEARS, "2008-01-01", "certainly"),
        (YEARS, "2012-06-01", "not-known-to-have-ended"),
        (YEARS, "2013-01-01", "ended"),
        (YEARS + ATTESTED_EARLY, "2003-05-01", "certainly"),
        (YEARS + ATTESTED_EARLY, "2003-04-30", "not-known-to-have-begun"),
        (YEARS + ATTESTED_LATE, "2012-09-14", "certainly"),
        (YEARS + ATTESTED_LATE, "2012-09-15", "not-known-to-have-ended"),
        (FROM + UNTIL + YEAR_OF_BOTH, "2015-01-01", "certainly"),
        (FROM + UNTIL + YEAR_OF_BOTH, "2018-07-01", "ended"),
        (FROM + UNTIL + OTHER_END, "2018-06-30", "certainly"),
        (FROM + UNTIL + OTHER_END, "2019-06-30", "not-known-to-have-ended"),
        (FROM + UNTIL + OTHER_END, "2020-07-01", "ended"),
        (FROM + OTHER_BEGINNING, "2014-06-01", "not-known-to-have-begun"),
        (EVENT, "2018-03-21", "not-begun"),
        (EVENT, "2018-03-22", "certainly"),
        (EVENT, "2018-03-23", "ended"),
        ("id:t a org:Membership .", "2018-01-01", "not-known-to-have-begun"),
    ],
)
def test_the_state_on_a_day(store_of: StoreOf, facts: str, on: str, state: str) -> None:
    assert states.states(store_of(facts), states.day(on))[term("id:t")] == term(f"state:{state}")


def test_an_office_is_certain_on_the_day_its_holder_attended(graph: ox.Store) -> None:
    known = states.states(graph, states.day("2018-03-22"))
    assert known[term("id:tenure-pozorek-mcps")] == term("state:certainly")


def test_of_two_disputed_days_the_chosen_one_counts(graph: ox.Store) -> None:
    event = term("id:erection-caritas-siedlce")
    known = {day: states.states(graph, states.day(day))[event] for day in ("1991-04-13", "1991-04-14", "1991-04-15")}
    [(first, last)] = [(row[1].value, row[2].value) for row in sparql.named(graph, "dates") if row[0] == event]
    assert first == last
    assert [known[day] == term("state:certainly") for day in known] == [day == first for day in known]
    days = {date.value for thing, date in sparql.named(graph, "disputed-dates") if thing == event}
    assert days == {"1991-04-14", "1991-04-15"}


def test_what_had_not_begun_is_absent(graph: ox.Store) -> None:
    before = states.absent(graph, states.day("2018-03-21"))
    assert {term(t).value for t in ("id:cluster-siedlce", "id:agreement-2018", "id:signing-2018")} <= before
    assert term("id:cluster-siedlce").value not in states.absent(graph, states.day("2018-03-22"))


def test_a_day_is_added_to_a_copy(graph: ox.Store) -> None:
    copy = states.as_of(graph, states.day("2018-03-22"))
    assert list(copy.quads_for_pattern(None, STATE, None))
    assert not list(graph.quads_for_pattern(None, STATE, None))


@pytest.mark.parametrize("text", ["22.03.2018", "2018-02-30", "", "yesterday", "20180322"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(BadQuery, match="is not"):
        states.day(text)


@pytest.mark.parametrize(
    ("facts", "dates"),
    [
        (FROM, ("2015-01-01", "2015-01-01", "open", "begun")),
        (FROM + UNTIL, ("2015-01-01", "2018-06-30", "ended", "begun")),
        (FROM + ATTESTED, ("2015-01-01", "2017-05-05", "open", "begun")),
        (ATTESTED, ("2017-05-05", "2017-05-05", "open", "attested")),
        (ATTESTED + UNTIL, ("2017-05-05", "2018-06-30", "ended", "attested")),
        ("id:t a org:Membership . " + UNTIL, ("2018-06-30", "2018-06-30", "ended", "attested")),
        (YEARS, ("2003", "2012", "ended", "begun")),
        ("id:t a org:Membership .", None),
    ],
)
def test_a_beginning_is_told_from_a_first_attestation(
    store_of: StoreOf, facts: str, dates: tuple[str, ...] | None
) -> None:
    found = [
        (
            first.value,
            last.value,
            "open" if is_open.value == "true" else "ended",
            "begun" if begun.value == "true" else "attested",
        )
        for _, first, last, is_open, begun in sparql.named(store_of(facts), "dates")
    ]
    assert found == ([dates] if dates else [])


@pytest.mark.parametrize("kind", ["se:Cluster", "org:Organization"])
def test_what_an_agreement_established_lasts_after_its_signing(store_of: StoreOf, kind: str) -> None:
    facts = f"id:a se:establishes id:o ; se:signedAt id:t . id:o se:establishedBy id:a ; a {kind}, org:Organization . "
    store = store_of(facts + EVENT + 'id:o skos:prefLabel "O"@en .')
    lasting = {thing: is_open.value for thing, _, _, is_open, _ in sparql.named(store, "dates")}
    assert (lasting[term("id:o")], lasting[term("id:a")]) == ("true", "false")
    found = facets.index(store, facets.dates(store))
    assert found.is_datable[found.things.index(term("id:o").value)]
