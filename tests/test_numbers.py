"""Indicators by powiat and year: what is counted, what is unknown, and the integrity constraints of the Data Cube."""

import csv
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import PREFIXES, TURTLE_PREFIXES, term
from kgraph.errors import NotFound
from kgraph.graph.faceting import facets, indicators
from kgraph.graph.faceting.indicators import TOTAL, UNPLACED, Indicator
from kgraph.graph.statements import states
from kgraph.publish.formats import cube
from kgraph.publish.pages import numbers, writers
from kgraph.publish.pages.book import Book, book_of
from kgraph.rdf.store import fill
from tests.command import kgraph

STORE = """
# invented, for tests only
id:dataset dcterms:modified "2022-06-01"^^xsd:date .
id:powiat a cv:AdminUnit ; cv:level level:powiat . id:town a dcterms:Location ; se:within id:powiat .
id:city cv:level level:city-with-powiat-rights .
id:old a org:Organization ; se:seatIn id:town, id:powiat ; org:classification legal:association ;
    se:signatoryOf id:pact .
id:pact a se:Agreement ; se:signedAt id:signing . id:signing a se:SigningEvent, se:Event ;
    se:earliest "2019-05-05"^^xsd:date ; se:latest "2019-05-05"^^xsd:date ; se:tookPlaceIn id:city .
id:undated-pact a se:Agreement .
id:coop a org:Organization ; se:seatIn id:city, id:powiat ; org:classification legal:social-cooperative .
id:nowhere a org:Organization .
id:kept a se:StatusRecord ; se:holder id:coop ; se:recordedStatus orgstatus:cis-status ;
    se:validFrom "2018-02-01"^^xsd:date ; se:validUntil "2020-12-30"^^xsd:date .
id:again a se:StatusRecord ; se:holder id:coop ; se:recordedStatus orgstatus:cis-status ;
    se:fromYear "2020"^^xsd:gYear .
id:seen a se:StatusRecord ; se:holder id:old ; se:recordedStatus orgstatus:kis-status ;
    se:lastAttested "2020-03-03"^^xsd:date ; se:untilYear "2021"^^xsd:gYear .
id:staff a schema:Observation ; schema:observationAbout id:coop ; schema:measuredProperty headcount:employed ;
    schema:value 11 ; schema:observationDate "2021"^^xsd:gYear .
id:women a schema:Observation ; schema:observationAbout id:coop ; schema:measuredProperty headcount:employed ;
    schema:value 7 ; schema:observationDate "2021"^^xsd:gYear ; se:targetGroup group:unemployed .
id:one-says a schema:Observation ; schema:observationAbout id:old ; schema:measuredProperty headcount:employed ;
    schema:value 3 ; schema:observationDate "2021"^^xsd:gYear .
id:other-says a schema:Observation ; schema:observationAbout id:old ; schema:measuredProperty headcount:employed ;
    schema:value 4 ; schema:observationDate "2021"^^xsd:gYear .
"""


@pytest.fixture(scope="module")
def counted() -> ox.Store:
    store = ox.Store()
    fill(store, ox.parse(input=TURTLE_PREFIXES + STORE, format=ox.RdfFormat.TURTLE))
    return store


def number(found: Indicator, area: str, code: str, year: int) -> tuple[int, int, set[str], set[str]]:
    """How many count and may count, and which."""
    iri = term(area).value
    one = next(one for one in found.numbers[iri] if (one.code, one.year) == (term(code).value, year))
    known, other = (
        {listed.thing.rpartition("/")[2] for listed in found.listed(one, unknown=own)} for own in (False, True)
    )
    return one.counted, one.unknown, known, other


def test_each_number_is_a_set_of_things_with_the_unknown_beside_it(counted: ox.Store) -> None:
    found = indicators.indicators(counted, facets.dates(counted))
    assert (found.first, found.last) == (2018, 2021)  # 2022 had not ended when the data was last changed
    assert {area.rpartition("/")[2] for area in found.areas} == {"powiat", "city"}

    forms = found.of["forms"]
    association = "legal:association"
    assert number(forms, "id:powiat", association, 2018) == (0, 1, set(), {"old"})
    assert number(forms, "id:powiat", association, 2019) == (1, 0, {"old"}, set())
    assert number(forms, "id:powiat", "measure:total", 2018) == (1, 1, {"coop"}, {"old"})
    assert number(forms, "id:city", "measure:total", 2021) == (1, 0, {"coop"}, set())
    assert number(forms, "measure:no-powiat", "measure:not-known", 2021) == (0, 1, set(), {"nowhere"})
    (old,) = [
        one for one in forms.numbers[term("id:powiat").value] if (one.code, one.year) == (term(association).value, 2019)
    ]
    assert forms.listed(old)[0].by == (term("id:pact").value,)

    signed = found.of["agreements"]
    assert number(signed, "id:city", "measure:total", 2019) == (1, 0, {"pact"}, set())
    assert number(signed, "measure:no-powiat", "measure:total", 2018) == (0, 1, set(), {"undated-pact"})

    people = found.of["people"]
    assert number(people, "id:powiat", "headcount:employed", 2021) == (1, 1, {"coop"}, {"old"})
    assert number(people, "measure:no-powiat", "headcount:employed", 2021) == (0, 1, set(), {"nowhere"})
    assert [one.people for one in people.numbers[term("id:powiat").value]] == [Decimal(11)]


@pytest.mark.parametrize("given", ["counted", "graph"])
def test_a_status_counts_on_the_last_day_of_a_year_as_on_that_day(given: str, request: pytest.FixtureRequest) -> None:
    store = request.getfixturevalue(given)
    found = indicators.indicators(store, facets.dates(store))
    statuses = found.of["statuses"]
    held = {
        quad.subject.value: quad.object.value
        for quad in store.quads_for_pattern(None, facets.HOLDER, None, ox.DefaultGraph())
    }
    assert held
    for year in range(found.first, found.last + 1, 1 if given == "counted" else 10):
        on = states.states(store, states.day(f"{year}-12-31"))
        there = {held[node.value] for node, state in on.items() if node.value in held and state in states.CERTAINTY[:2]}
        maybe = {held[node.value] for node, state in on.items() if node.value in held and state == states.CERTAINTY[2]}
        own = [one for area in statuses.numbers.values() for one in area if (one.code, one.year) == (TOTAL, year)]
        assert {each.thing for one in own for each in statuses.listed(one)} == there
        assert {each.thing for one in own for each in statuses.listed(one, unknown=True)} == maybe - there


QB = """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX owl: <http://www.w3.org/2002/07/owl#>
"""

NORMALISED = """
INSERT { ?o a qb:Observation } WHERE { [] qb:observation ?o } ;
INSERT { ?o a qb:Observation } WHERE { ?o qb:dataSet [] } ;
INSERT { ?s a qb:Slice } WHERE { [] qb:slice ?s } ;
INSERT { ?cs qb:componentProperty ?p . ?p a qb:DimensionProperty } WHERE { ?cs qb:dimension ?p } ;
INSERT { ?cs qb:componentProperty ?p . ?p a qb:MeasureProperty } WHERE { ?cs qb:measure ?p } ;
INSERT { ?cs qb:componentProperty ?p . ?p a qb:AttributeProperty } WHERE { ?cs qb:attribute ?p } ;
INSERT { ?o qb:dataSet ?d } WHERE { ?d qb:slice/qb:observation ?o } ;
INSERT { ?p a rdf:Property, qb:ComponentProperty } WHERE {
  ?p a ?kind . VALUES ?kind { qb:DimensionProperty qb:MeasureProperty qb:AttributeProperty }
}
"""
"""The normalisation that the constraints presuppose (https://www.w3.org/TR/vocab-data-cube/#normalize-algorithm)."""

PART = "qb:component/qb:componentProperty"
OBSERVED = "?obs qb:dataSet/qb:structure/qb:component"
CONSTRAINTS = {
    "IC-1": """?obs a qb:Observation .
        { SELECT ?obs (COUNT(?d) AS ?n) { ?obs a qb:Observation OPTIONAL { ?obs qb:dataSet ?d } } GROUP BY ?obs }
        FILTER(?n != 1)""",
    "IC-2": """{ SELECT ?d (COUNT(?s) AS ?n) { ?d a qb:DataSet OPTIONAL { ?d qb:structure ?s } } GROUP BY ?d }
        FILTER(?n != 1)""",
    "IC-3": """?dsd a qb:DataStructureDefinition .
        FILTER NOT EXISTS { ?dsd $part [a qb:MeasureProperty] }""",
    "IC-4": "?dim a qb:DimensionProperty . FILTER NOT EXISTS { ?dim rdfs:range [] }",
    "IC-5": "?dim a qb:DimensionProperty ; rdfs:range skos:Concept . FILTER NOT EXISTS { ?dim qb:codeList [] }",
    "IC-6": """?c qb:componentRequired "false"^^xsd:boolean ; qb:componentProperty ?p .
        FILTER NOT EXISTS { ?p a qb:AttributeProperty }""",
    "IC-7": "?key a qb:SliceKey . FILTER NOT EXISTS { [a qb:DataStructureDefinition] qb:sliceKey ?key }",
    "IC-8": """?key a qb:SliceKey ; qb:componentProperty ?p . ?dsd qb:sliceKey ?key .
        FILTER NOT EXISTS { ?dsd qb:component [qb:componentProperty ?p] }""",
    "IC-9": """?slice a qb:Slice .
        { SELECT ?slice (COUNT(?s) AS ?n) { ?slice a qb:Slice OPTIONAL { ?slice qb:sliceStructure ?s } }
          GROUP BY ?slice } FILTER(?n != 1)""",
    "IC-10": """?slice qb:sliceStructure [qb:componentProperty ?dim] . FILTER NOT EXISTS { ?slice ?dim [] }""",
    "IC-11": f"""{OBSERVED}/qb:componentProperty ?dim . ?dim a qb:DimensionProperty .
        FILTER NOT EXISTS {{ ?obs ?dim [] }}""",
    "IC-12": """{ SELECT (MIN(?equal) AS ?allEqual) {
          ?obs qb:dataSet ?set . ?other qb:dataSet ?set . FILTER(?obs != ?other)
          ?set qb:structure/$part ?dim . ?dim a qb:DimensionProperty .
          ?obs ?dim ?one . ?other ?dim ?two . BIND(IF(?one = ?two, 1, 0) AS ?equal)
        } GROUP BY ?obs ?other } FILTER(?allEqual = 1)""",
    "IC-13": f"""{OBSERVED} ?c . ?c qb:componentRequired "true"^^xsd:boolean ; qb:componentProperty ?a .
        FILTER NOT EXISTS {{ ?obs ?a [] }}""",
    "IC-14": """?obs qb:dataSet/qb:structure ?dsd . FILTER NOT EXISTS { ?dsd $part qb:measureType }
        ?dsd $part ?m . ?m a qb:MeasureProperty . FILTER NOT EXISTS { ?obs ?m [] }""",
    "IC-15": """?obs qb:dataSet/qb:structure ?dsd ; qb:measureType ?m . ?dsd $part qb:measureType .
        FILTER NOT EXISTS { ?obs ?m [] }""",
    "IC-16": """?obs qb:dataSet/qb:structure ?dsd ; qb:measureType ?m ; ?other [] .
        ?dsd $part qb:measureType, ?other . ?other a qb:MeasureProperty . FILTER(?other != ?m)""",
    "IC-17": """{ SELECT (COUNT(?m) AS ?all) ?dsd { ?dsd $part qb:measureType, ?m .
          ?m a qb:MeasureProperty } GROUP BY ?dsd }
        { SELECT ?one (COUNT(DISTINCT ?obs) AS ?n) ?dsd { ?one qb:dataSet/qb:structure ?dsd ; qb:measureType [] .
          ?obs qb:dataSet/qb:structure ?dsd ; qb:measureType [] } GROUP BY ?one ?dsd } FILTER(?n < ?all)""",
    "IC-18": "?set qb:slice ?slice . ?slice qb:observation ?obs . FILTER NOT EXISTS { ?obs qb:dataSet ?set }",
    "IC-19": f"""{OBSERVED}/qb:componentProperty ?dim . ?dim a qb:DimensionProperty ; qb:codeList ?list . ?obs ?dim ?v .
        FILTER(
          EXISTS {{ ?list a skos:ConceptScheme }} && NOT EXISTS {{ ?v a skos:Concept ; skos:inScheme ?list }} ||
          EXISTS {{ ?list a skos:Collection }} && NOT EXISTS {{ ?v a skos:Concept . ?list skos:member+ ?v }}
        )""",
    "IC-20": f"""{OBSERVED}/qb:componentProperty ?dim . ?dim qb:codeList ?list . ?list a qb:HierarchicalCodeList ;
        qb:parentChildProperty $p . ?obs ?dim ?v . FILTER NOT EXISTS {{ ?list qb:hierarchyRoot/$p* ?v }}""",
    "IC-21": f"""{OBSERVED}/qb:componentProperty ?dim . ?dim qb:codeList ?list . ?list a qb:HierarchicalCodeList ;
        qb:parentChildProperty [owl:inverseOf $p] . ?obs ?dim ?v .
        FILTER NOT EXISTS {{ ?list qb:hierarchyRoot/(^$p)* ?v }}""",
}
"""The integrity constraints (https://www.w3.org/TR/vocab-data-cube/#wf): each pattern matches what breaks one.

`$part` is a path to the properties of a structure. The last two are made for each property `$p` of a code list.
"""


def broken(store: ox.Store) -> set[str]:
    """The constraints that a store with cubes breaks, after the normalisation."""
    store.update(QB + NORMALISED)
    parents = store.query(f"{QB} SELECT ?p {{ [] qb:parentChildProperty ?q . ?q owl:inverseOf? ?p FILTER(ISIRI(?p)) }}")
    properties = [str(row["p"]) for row in parents]  # type: ignore[union-attr]
    asked = (
        (name, pattern.replace("$part", PART).replace("$p", each))
        for name, pattern in CONSTRAINTS.items()
        for each in (properties if re.search(r"\$p\b", pattern) else [""])
    )
    return {name for name, pattern in asked if bool(store.query(f"{QB} ASK {{ {pattern} }}"))}


def cubes(found: indicators.Indicators, change: Callable[[str], str] = str) -> ox.Store:
    """A store with the cubes, whose N-Triples may be changed before."""
    text = "".join(f"{triple} .\n" for triple in cube.indicators(found))
    store = ox.Store()
    store.load(change(text).encode(), format=ox.RdfFormat.N_TRIPLES)
    return store


def without(pattern: str) -> Callable[[str], str]:
    """Leaves out the first line with a pattern."""
    return lambda text: re.sub(rf"(?m)^.*{pattern}.*\n", "", text, count=1)


AN_OBSERVATION = f"<{PREFIXES['measure']}people-powiat-employed-2021>"
CODES = f"<{PREFIXES['measure']}codes-people> "
HIERARCHY = f"{CODES}<{PREFIXES['rdf']}type> <{PREFIXES['qb']}HierarchicalCodeList> .\n{CODES}"
DAMAGES: Mapping[str, Callable[[str], str]] = {
    "IC-1": lambda text: text.replace(f"{AN_OBSERVATION} <{PREFIXES['qb']}dataSet>", f"{AN_OBSERVATION} <a:b>"),
    "IC-2": without("qb_structure>".replace("qb_", "cube#")),
    "IC-3": lambda text: re.sub(r"(?m)^.*component-agreements-\w+> <[^>]*cube#measure>.*\n", "", text),
    "IC-4": without("measure/year> <http://www.w3.org/2000/01/rdf-schema#range>"),
    "IC-5": without("cube#codeList>"),
    "IC-11": without(f"{AN_OBSERVATION} <{PREFIXES['measure']}year>"),
    "IC-12": lambda text: text + re.sub("(?m)^(?!<[^>]*measure/people-).*\n|(?<=measure/)people-", "", text),
    "IC-14": without(f"{AN_OBSERVATION} <{PREFIXES['measure']}reported>"),
    "IC-19": without("core#inScheme>"),
    "IC-20": lambda text: f"{text}{HIERARCHY}<{PREFIXES['qb']}parentChildProperty> <a:below> .\n",
    "IC-21": lambda text: (
        f"{text}{HIERARCHY}<{PREFIXES['qb']}parentChildProperty> _:up .\n_:up <{PREFIXES['owl']}inverseOf> <a:up> .\n"
    ),
}


def test_the_cubes_keep_the_integrity_constraints(counted: ox.Store) -> None:
    found = indicators.indicators(counted, facets.dates(counted))
    assert len(CONSTRAINTS) == 21
    assert broken(cubes(found)) == set()
    for name, change in DAMAGES.items():
        assert name in broken(cubes(found, change)), name


def test_the_cube_tells_the_numbers_of_the_page(counted: ox.Store) -> None:
    found = indicators.indicators(counted, facets.dates(counted))
    told = cubes(found).query(
        "PREFIX measure: <https://w3id.org/sekg/measure/> SELECT ?counted ?uncounted ?reported "
        "{ ?o measure:area <https://w3id.org/sekg/id/powiat> ; measure:who ?who ; measure:counted ?counted ; "
        "measure:uncounted ?uncounted ; measure:reported ?reported }"
    )
    assert [[int(float(value.value)) for value in row] for row in told] == [[1, 1, 11]]  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def book(graph: ox.Store, folders: Folders) -> Book:
    return book_of(graph, folders)


@pytest.mark.whole
def test_each_number_on_a_page_opens_a_list_of_that_length_with_claims(book: Book, graph: ox.Store) -> None:
    found = book.indicators
    claims = 0
    for area in (term("id:siedlce").value, UNPLACED):
        for lang in ("en", "pl"):
            path = f"numbers/{numbers.slug(area)}"
            html = writers.written(book, path, lang)[0]
            suffix = {"en": ".html", "pl": ".pl.html"}[lang]
            links = re.findall(rf'{numbers.slug(area)}{re.escape(suffix)}#([^"]+)">(\d+)', html)
            assert links
            for anchor, shown in links:
                section = html.partition(f'id="{anchor}"')[2].partition("</section>")[0]
                assert section.count("<li>") == int(shown), anchor
                claims += section.count('class="record"')
    assert claims > 100
    first = writers.written(book, "numbers", "en")[0]
    (siedlce,) = re.findall(r"<tr>(?:(?!<tr>).)*numbers/siedlce\.html\".*?</tr>", first)
    newest = [
        one
        for one in found.of["forms"].numbers[term("id:siedlce").value]
        if (one.code, one.year) == (TOTAL, found.last)
    ]
    assert f">{newest[0].counted}</a>" in siedlce and f">{newest[0].unknown} unknown</a>" in siedlce


def test_long_lists_have_pages_of_their_own(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "MOST", 20)
    long = [path for path in numbers.paths(book.indicators) if path.count("/") == 2]
    assert long and all(path in writers.paths(book) for path in long)
    html = writers.written(book, long[0], "en")[0]
    assert html.count("<li>") > 20
    assert f"{long[0]}.html" in writers.written(book, "numbers/no-powiat", "en")[0]


def test_addresses_without_numbers_are_not_found(book: Book) -> None:
    writers.check(book, "numbers/siedlce")
    for path in ("numbers/nowhere", "numbers/nowhere/forms-total-2018"):
        with pytest.raises(NotFound):
            writers.check(book, path)
    with pytest.raises(NotFound, match="no number"):
        writers.written(book, "numbers/siedlce/forms-total-1900", "en")


@pytest.mark.whole
def test_the_command_opens_numbers_too() -> None:
    rows = list(csv.DictReader(kgraph("numbers", "Siedlce", "--year", "2018", "--things").stdout.splitlines()))
    total = [row for row in rows if row["indicator"] == "forms" and row["code"] == TOTAL]
    assert {row["is_unknown"] for row in total} == {"true", "false"}
    assert sum(row["is_unknown"] == "false" for row in total) == int(total[0]["counted"])
    assert sum(row["is_unknown"] == "true" for row in total) == int(total[0]["unknown"])
    assert kgraph("numbers", "Siedlce", "--year", "1800").returncode == 3
    assert kgraph("numbers", "Siedlce", "--format", "ttl").returncode == 2
    assert "qb:Observation" in kgraph("numbers", "--format", "ttl").stdout
