"""The end of an organisation: its state on a day, its card, and numbers that stop counting it. All data is invented."""

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import TURTLE_PREFIXES, term
from kgraph.build import pipeline
from kgraph.graph.entity.cards import card
from kgraph.graph.entity.sentence import sentence
from kgraph.graph.faceting import facets, indicators
from kgraph.graph.statements import states
from kgraph.rdf.store import fill

StoreOf = Callable[..., ox.Store]
CLOSED = """id:t a org:Organization ; se:endedBy id:end . id:end a se:Event, org:ChangeEvent ;
    se:earliest "2019-05-01"^^xsd:date ; se:latest "2019-05-31"^^xsd:date . """
FOUNDED = """id:pact a se:Agreement ; se:establishes id:t ; se:signedAt id:s .
    id:s se:earliest "2014-09-01"^^xsd:date ; se:latest "2014-09-01"^^xsd:date . """

SOURCE = """
source:koniec a se:Source ; dcterms:title "Zmyślony tekst"@pl , "Invented text"@en ;
    dcterms:publisher "nikt" ; rdfs:seeAlso <https://example.org/koniec> ; se:textUnavailable true .
id:na-niby a se:SocialEconomyEntity {| oa:exact "spółdzielnia" |} ;
    skos:prefLabel "Na Niby"@pl , "Na Niby"@en ;
    org:classification legal:social-cooperative {| oa:exact "spółdzielnia" |} ;
    se:seatIn id:siedlce {| oa:exact "w Siedlcach" |} ;
    org:resultedFrom id:founding-na-niby {| oa:exact "powstała" |} ;
    se:endedBy id:ending-na-niby {| oa:exact "rozwiązała się" |} .
id:founding-na-niby a se:Event {| oa:exact "powstała" |} , org:ChangeEvent {| oa:exact "powstała" |} ;
    skos:prefLabel "powstanie Na Niby"@pl , "founding of Na Niby"@en ;
    se:date "2012"^^xsd:gYear {| oa:exact "w 2012 r." |} .
id:ending-na-niby a se:Event {| oa:exact "rozwiązała się" |} , org:ChangeEvent {| oa:exact "rozwiązała się" |} ;
    skos:prefLabel "rozwiązanie Na Niby"@pl , "closing of Na Niby"@en ;
    se:date "2019-05-31"^^xsd:date {| oa:exact "31 maja 2019 r." |} ;
    se:earliest "2019-05-31"^^xsd:date {| oa:exact "31 maja 2019 r." |} ;
    se:latest "2019-05-31"^^xsd:date {| oa:exact "31 maja 2019 r." |} .
"""


@pytest.mark.parametrize(
    ("facts", "on", "state"),
    [
        (CLOSED, "2019-04-30", "not-known-to-have-begun"),
        (CLOSED, "2019-05-01", "certainly"),
        (CLOSED, "2019-05-15", "not-known-to-have-ended"),
        (CLOSED, "2019-06-01", "ended"),
        (CLOSED + FOUNDED, "2014-08-31", "not-begun"),
        (CLOSED + FOUNDED, "2018-01-01", "certainly"),
        (CLOSED + FOUNDED, "2019-06-01", "ended"),
    ],
)
def test_the_state_of_an_organisation_that_ended(store_of: StoreOf, facts: str, on: str, state: str) -> None:
    store = store_of(facts)
    assert states.states(store, states.day(on))[term("id:t")] == term(f"state:{state}")
    assert (term("id:t").value in states.absent(store, states.day(on))) == (state in {"ended", "not-begun"})


COUNTED = """
id:dataset dcterms:modified "2023-06-01"^^xsd:date .
id:city cv:level level:city-with-powiat-rights .
id:closed a org:Organization ; se:seatIn id:city ; se:signatoryOf id:pact ; se:endedBy id:end .
id:pact a se:Agreement ; se:signedAt id:signing .
id:signing se:earliest "2018-03-03"^^xsd:date ; se:latest "2018-03-03"^^xsd:date .
id:end a se:Event, org:ChangeEvent ; se:earliest "2020-11-01"^^xsd:date ; se:latest "2021-02-28"^^xsd:date .
id:struck a org:Organization ; se:seatIn id:city ; se:signatoryOf id:pact ; rov:orgStatus operating:struck-off .
id:kept a se:StatusRecord ; se:holder id:closed ; se:recordedStatus orgstatus:cis-status ;
    se:validFrom "2019-01-01"^^xsd:date .
id:staff a schema:Observation ; schema:observationAbout id:other ; schema:measuredProperty headcount:employed ;
    schema:value 11 ; schema:observationDate "2022"^^xsd:gYear .
"""


def counted(found: indicators.Indicators, name: str, year: int) -> tuple[set[str], set[str]]:
    """The things that count in the city in a year, and those that may count."""
    own = found.of[name].numbers.get(term("id:city").value, ())
    number = next((one for one in own if one.year == year), None)
    if number is None:
        return set(), set()
    known, unknown = (
        {listed.thing.rpartition("/")[2] for listed in found.of[name].listed(number, unknown=of)}
        for of in (False, True)
    )
    return known, unknown


def test_numbers_stop_with_the_end() -> None:
    store = ox.Store()
    fill(store, ox.parse(input=TURTLE_PREFIXES + COUNTED, format=ox.RdfFormat.TURTLE))
    found = indicators.indicators(store, facets.dates(store))
    assert found.last == 2022
    # the year of the end is open until its last possible day; struck off without a day, it is known only while attested
    assert counted(found, "forms", 2018) == ({"closed", "struck"}, set())
    assert counted(found, "forms", 2019) == ({"closed"}, {"struck"})
    assert counted(found, "forms", 2020) == (set(), {"closed", "struck"})
    assert counted(found, "forms", 2021) == (set(), {"struck"})
    assert [counted(found, "statuses", year) for year in (2019, 2020, 2021)] == [
        ({"closed"}, set()),
        (set(), {"closed"}),
        (set(), set()),
    ]
    assert counted(found, "people", 2022) == (set(), {"struck"}), "who ended before the report owes none"


def test_the_card_says_until_when(bare: Folders) -> None:
    path = bare.data / "sources" / "koniec.ttl"
    path.write_text(f'VERSION "1.2"\n{TURTLE_PREFIXES}{SOURCE}', encoding="utf-8")
    store = pipeline.graph(bare)
    shown = {lang: card(store, term("id:na-niby"), lang) for lang in ("pl", "en")}
    assert [sentence(one) for one in shown.values()] == [
        "Na Niby to spółdzielnia socjalna; od kiedy: 2012; do kiedy: 31 maja 2019.",
        "Na Niby is a social co-operative; since when: 2012; until when: 31 May 2019.",
    ]
    # the wider org:changedBy, which follows, is not told beside it
    rows = [group.relation.name["en"] for group in shown["en"].story.groups]
    assert rows == ["Came into being by", "Ended by", "Seat", "Kind and legal form"]
    event = card(store, term("id:ending-na-niby"), "pl")
    assert event.story.groups[0].relation.name["pl"] == "Co wtedy przestało istnieć"
