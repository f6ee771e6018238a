"""CSV tables: equal to the graph, valid for a CSVW reader, and every fault is reported."""

import csv
import io
import json
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.vocab import PREFIXES, term
from kgraph.build import pipeline
from kgraph.graph.network import networks
from kgraph.publish.formats import tables
from kgraph.publish.formats.graphml import graphml
from kgraph.publish.metadata.description import Dataset, dataset
from tests.serving import serving_files


@pytest.fixture(scope="module")
def about(graph: ox.Store) -> Dataset:
    return dataset(graph)


@pytest.fixture(scope="module")
def files(graph: ox.Store, about: Dataset) -> dict[str, bytes]:
    return tables.tables(graph, about)


def rows(files: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode(), newline="")))


def row(files: Mapping[str, bytes], name: str, iri: str) -> dict[str, str]:
    (found,) = (row for row in rows(files, name) if row["iri"] == term(iri).value)
    return found


def test_tables_and_metadata_fit(files: dict[str, bytes]) -> None:
    assert tables.problems(files) == []


def test_a_reader_of_csvw_accepts_them(files: dict[str, bytes], tmp_path: Path) -> None:
    import csvw  # imports jsonschema, which compiles grammars for 1.4 s

    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert csvw.CSVW(str(tmp_path / tables.METADATA), validate=True).is_valid
        group = csvw.TableGroup.from_file(tmp_path / tables.METADATA)
    read = {table.url.string: list(table) for table in group.tables}
    assert {name: len(found) for name, found in read.items()} == {
        name: len(rows(files, name.removesuffix(".csv"))) for name in tables.files()
    }
    assert {source["text_at_hand"] for source in read["sources.csv"]} == {True, False}


@pytest.mark.slow
def test_a_converter_to_rdf_gives_facts_of_the_graph_only(
    graph: ox.Store, files: dict[str, bytes], tmp_path: Path
) -> None:
    import csvw_functions

    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with serving_files(tmp_path) as address, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the converter's own regular expressions
        group = csvw_functions.create_annotated_table_group(f"{address}{tables.METADATA}")
        text = csvw_functions.create_rdf(group, mode="minimal")
    given = {quad.triple for quad in ox.parse(text, ox.RdfFormat.N_TRIPLES)}
    facts = {quad.triple for quad in graph.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    assert sorted(map(str, given - facts)) == []
    links = {triple.predicate for triple in given if isinstance(triple.object, ox.NamedNode)}
    assert links >= {term("rdf:type"), term("org:member"), term("se:hasSignatory"), term("dcterms:isVersionOf")}
    assert len(given) > 400


def test_what_csvw_cannot_say_in_rdf_is_left_out_of_it() -> None:
    for table in tables.described()["tables"]:
        for column in table["tableSchema"]["columns"]:
            is_link = column["datatype"] == "anyURI"
            is_said = "propertyUrl" in column and not (is_link and "separator" in column)
            assert is_said or column["suppressOutput"], (table["url"], column["name"])
            assert not is_said or is_link == ("valueUrl" in column), (table["url"], column["name"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("people", "foaf:Person"),
        ("places", "dcterms:Location"),
        ("agreements", "se:Agreement"),
        ("sources", "se:Source"),
    ],
)
def test_each_thing_of_a_kind_has_one_row(graph: ox.Store, files: dict[str, bytes], name: str, kind: str) -> None:
    things = {q.subject.value for q in graph.quads_for_pattern(None, term("rdf:type"), term(kind), ox.DefaultGraph())}  # type: ignore[union-attr]
    assert [row["iri"] for row in rows(files, name)] == sorted(things)


def test_organisations_are_all_agents_but_people(graph: ox.Store, files: dict[str, bytes]) -> None:
    agents, people = (
        {q.subject.value for q in graph.quads_for_pattern(None, term("rdf:type"), term(kind), ox.DefaultGraph())}  # type: ignore[union-attr]
        for kind in ("foaf:Agent", "foaf:Person")
    )
    assert [row["iri"] for row in rows(files, "organisations")] == sorted(agents - people)


def test_each_signature_is_a_stated_fact(graph: ox.Store, files: dict[str, bytes]) -> None:
    signed = graph.quads_for_pattern(None, term("se:hasSignatory"), None, ox.DefaultGraph())
    facts = {(str(q.subject), str(q.object)) for q in signed}
    assert {(f"<{r['agreement']}>", f"<{r['signatory']}>") for r in rows(files, "signatures")} == facts
    assert {r["listed_in"] for r in rows(files, "signatures")} == {"organisations"}


def test_the_unknown_is_told_from_what_is_not_there(files: dict[str, bytes]) -> None:
    herbs, centre = (row(files, "organisations", iri) for iri in ("id:ziola-siedleckie", "id:relaksownia"))
    assert herbs["seats"] == ""
    assert term("se:seatIn").value in herbs["known_unknown"].split(" ")
    assert term("se:seatIn").value not in centre["known_unknown"]


def test_a_date_without_a_year_keeps_none(files: dict[str, bytes]) -> None:
    agreement = row(files, "agreements", "id:agreement-2018")
    assert agreement["dates"].split(" ") == ["--03-22", "2018-03-22"]
    assert (agreement["earliest"], agreement["latest"]) == ("2018-03-22", "2018-03-22")


def test_two_roles_of_one_tenure_are_two_rows(files: dict[str, bytes]) -> None:
    found = [r for r in rows(files, "posts") if r["iri"] == term("id:tenure-pozorek-mcps").value]
    assert [r["role_en"] for r in found] == ["acting director", "director"]
    assert [r["attested"].split(" ") for r in found] == [["2018-11-08", "2019-01-16"]] * 2


def test_a_place_has_codes_and_a_point(files: dict[str, bytes]) -> None:
    siedlce = row(files, "places", "id:siedlce")
    assert "GUS (TERYT): 1464" in siedlce["codes"].split(" | ")
    assert -90 < float(siedlce["latitude"]) < 90
    assert float(siedlce["latitude"]) > float(siedlce["longitude"])  # Siedlce: 52° N, 22° E


def test_people_may_sign(about: Dataset, store_of: Callable[..., ox.Store]) -> None:
    store = store_of(
        """id:deal a se:Agreement ; se:hasSignatory id:ann . id:ann a foaf:Person , foaf:Agent . source:s a se:Source .
        claim:1 a se:Claim ; rdf:subject id:deal ; rdf:predicate se:hasSignatory ; rdf:object id:ann ;
        se:claimStatus status:stated ; prov:wasDerivedFrom source:s ."""
    )
    files = tables.tables(store, about)
    assert [r["listed_in"] for r in rows(files, "signatures")] == ["people"]
    assert tables.problems(files) == []


def test_csv_is_as_rfc_4180_wants_it(about: Dataset, store_of: Callable[..., ox.Store]) -> None:
    store = store_of('id:a a foaf:Agent ; skos:prefLabel "say \\"no\\",\\nż"@pl .')
    content = tables.tables(store, about)["organisations.csv"]
    assert content.endswith(b',"say ""no"",\n\xc5\xbc",,http://xmlns.com/foaf/0.1/Agent,,,,,,,,\r\n')
    assert rows({"organisations.csv": content}, "organisations")[0]["name_pl"] == 'say "no",\nż'


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(files: dict[str, bytes], folders: Folders) -> None:
    again = pipeline.graph(folders)
    assert tables.tables(again, dataset(again)) == files
    assert graphml(again) == graphml(pipeline.graph(folders))


def test_every_column_has_titles_in_both_languages(files: dict[str, bytes]) -> None:
    for table in json.loads(files[tables.METADATA])["tables"]:
        for described in (table, *table["tableSchema"]["columns"]):
            assert [title["@language"] for title in described["dc:title"]] == ["en", "pl"]


def spoilt(files: Mapping[str, bytes], name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in files[name]
    return {**files, name: files[name].replace(old, new)}


BASE = PREFIXES["id"].encode()


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("people.csv", b"iri,name_pl", b"iri,nazwa", "its first line is not iri,name_pl,name_en,name,known_unknown"),
        ("people.csv", b"Artur Pozorek,Artur", b"Artur Pozorek", "cells, not 5"),
        ("people.csv", b"\r\n" + BASE + b"artur-pozorek", b"\r\n", "iri is empty"),
        ("people.csv", BASE + b"artur-pozorek", BASE + b"hubert-pasiak", "stands in 2 rows"),
        ("people.csv", BASE + b"artur-pozorek", BASE + b"a b", "is not of anyURI"),
        ("people.csv", "ł".encode(), b"\xb3", "codec can't decode"),
        ("posts.csv", b"2012-09-01", b"2012-09-31", "'2012-09-31' is not of date"),
        ("posts.csv", b"2012-09-01", b"20120901", "'20120901' is not of date"),
        ("posts.csv", BASE + b"caritas-siedlce,", BASE + b"nobody,", "organisation points at no row"),
        ("signatures.csv", BASE + b"agreement-2018,", BASE + b"agreement-1900,", "agreement points at no row"),
        ("sources.csv", b",false,", b",no,", "'no' is not of boolean"),
        ("sources.csv", b"\r\n", b'\r\n"', "expected after"),
        ("places.csv", b"52.1", b"52,1", "cells, not 10"),
        ("agreements.csv", b",13,", b",thirteen,", "'thirteen' is not of integer"),
        ("csv-metadata.json", b'"tables"', b'"sheets"', "is not CSVW metadata"),
        ("csv-metadata.json", b"{", b"", "is not CSVW metadata"),
        ("csv-metadata.json", b"people.csv", b"persons.csv", "is missing"),
    ],
)
def test_a_fault_is_found(files: dict[str, bytes], name: str, old: bytes, new: bytes, message: str) -> None:
    found = tables.problems(spoilt(files, name, old, new))
    assert [problem for problem in found if message in problem.message]


@pytest.mark.parametrize("missing", ["people.csv", "csv-metadata.json"])
def test_a_missing_file_is_found(files: dict[str, bytes], missing: str) -> None:
    found = tables.problems({name: content for name, content in files.items() if name != missing})
    assert missing in {problem.file for problem in found}


def test_graphml_is_the_network(graph: ox.Store) -> None:
    read, whole = nx.read_graphml(io.BytesIO(graphml(graph)), force_multigraph=True), networks.whole(graph)
    assert set(read) == {node.iri for node in whole.nodes}
    assert read.number_of_edges() == len(whole.edges)
    ends = (term("id:agreement-2018").value, term("id:cis-siedlce").value)
    edge = read.get_edge_data(*ends, term("se:hasSignatory").value)
    assert edge["asserted"] is True
    assert edge["inferred"] is False
    assert term("source:mcps-2018-klaster").value in edge["sources"].split(" ")
    assert read.nodes[ends[1]]["label_pl"] == "Centrum Integracji Społecznej w Siedlcach"


def test_labels_that_xml_cannot_hold_do_not_break_graphml(store_of: Callable[..., ox.Store]) -> None:
    store = store_of(
        """id:a a foaf:Agent ; skos:prefLabel "<b>\\u0001\\u202E&"@pl . id:b a foaf:Agent ; skos:prefLabel "b"@pl .
        claim:1 a se:Claim ; rdf:subject id:a ; rdf:predicate se:memberOf ; rdf:object id:b ;
        se:claimStatus status:stated ; prov:wasDerivedFrom source:s ."""
    )
    read = nx.read_graphml(io.BytesIO(graphml(store)))
    assert read.nodes[term("id:a").value]["label_pl"] == "<b>\ufffd\u202e&"
