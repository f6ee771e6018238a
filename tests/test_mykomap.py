"""Organisations for the map of the Solidarity Economy Association: its standard columns, read by DuckDB."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.publish.formats import mykomap
from kgraph.rdf import sparql
from tests.command import kgraph

INVENTED = """
id:coop a org:Organization ; skos:prefLabel "Invented, or not; co-operative"@en , "Zmyślona"@pl ;
    org:classification legal:coop ; skos:scopeNote "Bakes bread."@en ; locn:address id:address ;
    se:address "written out" ; foaf:homepage <https://example.org/> ;
    schema:telephone "+48 000 000 000" ; schema:email "a@example.org" ; se:seatIn id:town , id:wide , id:land .
id:address locn:thoroughfare "ul. Zmyślona" ; locn:locatorDesignator "1/2" ; locn:postCode "00-000" .
id:club a org:Organization ; skos:prefLabel "Club"@en ; se:address "1 Old Street" ; se:seatIn id:town , id:other .
id:office a org:Organization ; skos:prefLabel "Office"@en ; se:seatIn id:wide , id:land .
id:crowd a org:Organization , foaf:Group ; skos:prefLabel "Crowd"@en .
legal:coop skos:inScheme kind:legal-form ; skos:prefLabel "co-operative"@en .
id:town skos:prefLabel "Town"@en ; se:within id:wide , id:land ; geo:hasGeometry id:point .
id:point geo:asWKT "POINT(21.5 52.25)"^^geo:wktLiteral .
id:other skos:prefLabel "Other Town"@en .
id:wide skos:prefLabel "Wide Region"@en ; se:within id:land ; cv:level level:voivodeship .
id:land skos:prefLabel "Land"@en ; cv:level level:country .
id:land adms:identifier [ skos:notation "PL" ] , [ skos:notation "616" ] .
"""
"""Everything in it is invented."""


def test_each_value_stands_in_its_column_and_nothing_is_made_up(store_of: Callable[..., ox.Store]) -> None:
    text = mykomap.standard(store_of(INVENTED), "en").decode()
    rows = {row["Identifier"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows.keys() == {"coop", "club", "office"}
    assert {column: value for column, value in rows["coop"].items() if value} == {
        "Identifier": "coop",
        "Name": "Invented, or not; co-operative",
        "Description": "Bakes bread.",
        "Street Address": "ul. Zmyślona 1/2",
        "Locality": "Town",
        "Region": "Wide Region",
        "Postcode": "00-000",
        "Country ID": "PL",
        "Website": "https://example.org/",
        "Phone": "+48 000 000 000",
        "Email": "a@example.org",
        "Geo Container": "https://w3id.org/sekg/id/town",
        "Geo Container Latitude": "52.25",
        "Geo Container Longitude": "21.5",
        "Legal Form": "co-operative",
        "URI": "https://w3id.org/sekg/id/coop",
    }
    told = {"Identifier", "Name", "Street Address", "Locality", "URI"}
    assert {column for column, value in rows["club"].items() if value} == told  # sources differ on the seat: no point
    assert {*rows["club"]["Locality"].split(";")} == {"Town", "Other Town"}
    assert rows["office"]["Locality"] == "" and rows["office"]["Region"] == "Wide Region"


def test_another_reader_takes_the_table_of_the_real_graph(tmp_path: Path, built: Path, graph: ox.Store) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DUCKDB is not installed")
    file = tmp_path / "standard.csv"
    assert kgraph("export", "mykomap", "--graph", built, "--lang", "pl", "-o", file).returncode == 0
    table = duckdb.read_csv(str(file), header=True)
    assert tuple(table.columns) == (*mykomap.COLUMNS, *mykomap.OWN)
    types = dict(zip(table.columns, map(str, table.types), strict=True))
    assert types["Geo Container Latitude"] == types["Geo Container Longitude"] == "DOUBLE"
    asked = 'count(*), count(distinct "Identifier"), count("Name"), max("Geo Container Latitude")'
    [(rows, unique, named, north)] = table.query("standard", f"SELECT {asked} FROM standard").fetchall()
    wanted = "SELECT ?o { ?o a org:Organization FILTER NOT EXISTS { ?o a foaf:Group } }"
    assert rows == unique == named == len([*sparql.rows(sparql.run(graph, wanted))])
    assert 49 < north < 55
    found = table.query(
        "standard", """SELECT "Name", "Region", "Country ID" FROM standard WHERE "Identifier" = 'relaksownia'"""
    )
    assert found.fetchall() == [("Spółdzielnia Socjalna „Relaksownia”", "województwo mazowieckie", "PL")]
    clusters = kgraph("export", "mykomap", "--graph", built, "--kind", "cluster").stdout
    assert "cluster-siedlce" in clusters and "mcps" not in clusters


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("mykomap", "--asserted"), "--asserted is for triples"),
        (("mykomap", "--graphs"), "mykomap has no graphs"),
        (("turtle", "--kind", "cluster"), "--kind goes with mykomap"),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: tuple[str, ...], sentence: str) -> None:
    ended = kgraph("export", *arguments)
    assert ended.returncode == 2 and sentence in ended.stderr
