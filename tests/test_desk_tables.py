"""The desk's tables and networks: a day that counts, claims as files, ties by year, one form of names, citations."""

import asyncio
import csv
import io
import json
import re
import sqlite3
import sys
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import networkx as nx
import pandas as pd
import polars as pl
import pyoxigraph as ox
import pytest
from playwright.sync_api import expect

import kgraph
from kgraph import Graph
from kgraph.base.vocab import STATED, term
from kgraph.errors import BadQuery, NotFound
from kgraph.graph.statements.facts import statements
from kgraph.publish.formats import database, parquet, tables
from kgraph.publish.metadata.description import dataset
from kgraph.rdf import sparql
from tests.browsing import Open, fragment
from tests.command import kgraph as command
from tests.conftest import on


@pytest.fixture(scope="module")
def desk(bundled: Graph) -> Graph:
    return bundled


@pytest.fixture(scope="module")
def early() -> Graph:
    return on("2010-01-01")


@pytest.fixture(scope="module")
def files(desk: Graph) -> dict[str, bytes]:
    return tables.tables(desk.store, dataset(desk.store))


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode(), newline="")))


# a day


def test_an_answer_names_its_day(desk: Graph, early: Graph) -> None:
    assert repr(kgraph.ask(early, "brokers")).endswith("0 rows, as of 2010-01-01")
    assert (
        kgraph.ask(desk, "members-on-a-day", day="2020-01-02").cite().csl["note"].startswith("version 0.1.0; as of 20")
    )
    assert kgraph.analyse(desk).day == kgraph.analyse(desk).to_pandas().attrs["day"] is not None
    assert "as of 2010-01-01" in kgraph.query(early, "ASK { ?thing se:state ?state }")._repr_html_()
    assert kgraph.ask(early, "founders").day is None is kgraph.ask(desk, "founders").day


def test_tables_of_all_times_say_that_they_ignore_the_day(desk: Graph, early: Graph) -> None:
    for table in (kgraph.claims, kgraph.sources, kgraph.disputes):
        assert any("takes no day" in doubt for doubt in table(early).doubts)
        assert not table(desk).doubts and table(early).day is None


@pytest.mark.usefixtures("from_build")
def test_commands_name_the_day() -> None:
    then = command("questions", "brokers", "--as-of", "2010-01-01", "--lang", "pl")
    assert "stan na 2010-01-01" in then.stderr and "id:" not in then.stdout
    assert "as of 2010-01-01" in command("analyse", "--as-of", "2010-01-01").stderr
    assert "as of 20" in command("questions", "members-on-a-day").stderr


def test_the_server_answers_on_a_day_or_says_why_not(address: str) -> None:
    client = httpx.Client(base_url=address)
    now, then = client.get("/questions/brokers"), client.get("/questions/brokers?as-of=2010-01-01")
    assert len(now.json()["results"]["bindings"]) > 0 == len(then.json()["results"]["bindings"])
    assert (now.headers.get("X-Kgraph-Day"), then.headers["X-Kgraph-Day"]) == (None, "2010-01-01")
    members = client.get("/questions/members-on-a-day?as-of=2018-05-01")
    own = client.get("/questions/members-on-a-day", params={"day": '"2018-05-01"^^xsd:date'})
    assert members.json() == own.json() and members.headers["X-Kgraph-Day"] == own.headers["X-Kgraph-Day"]
    assert client.get("/questions/chain?as-of=2010-01-01").status_code == 404
    for refused, why in (
        ("/questions/founders?as-of=2010-01-01&lang=pl", "nie wybiera się dnia"),
        ("/questions/brokers?as-of=yesterday", "is not a day"),
        ("/sparql?query=ASK%7B%7D&as-of=2010-01-01", "takes no day"),
    ):
        answer = client.get(refused)
        assert answer.status_code == 400 and why in answer.json()["detail"]


# tables


def test_each_cell_is_stated_or_says_that_it_is_inferred(desk: Graph, files: dict[str, bytes]) -> None:
    found = statements(desk.store)
    stated = {tuple(part.value for part in claim.triple) for claim in found.claims if claim.status == STATED}
    inferred = {tuple(part.value for part in triple) for triple in found.rules} - stated
    told = 0
    for table in tables.described()["tables"]:
        columns = [column for column in table["tableSchema"]["columns"] if "propertyUrl" in column]
        for row in rows(files, table["url"]):
            for column in columns:
                values = row[column["name"]].split(column.get("separator", "\0"))
                follows = [
                    value for value in values if (row[next(iter(row))], column["propertyUrl"], value) in inferred
                ]
                assert bool(follows) == (column["name"] in row.get("inferred", "").split(" "))
            told += len(row.get("inferred", ""))
    assert told > 0


def test_an_inferred_value_is_marked(store_of: Callable[..., ox.Store], desk: Graph) -> None:
    store = store_of(
        """id:m a org:Membership ; org:role role:director ; org:member id:p ; org:organization id:o ; se:validFrom
        "2020-01-01"^^xsd:date . id:p a foaf:Person . id:o a org:Organization , foaf:Agent ; se:seatIn id:town .
        inference:1 a se:Inference ; rdf:subject id:m ; rdf:predicate se:validFrom ;
            rdf:object "2020-01-01"^^xsd:date ; se:rule "r" .
        inference:2 a se:Inference ; rdf:subject id:o ; rdf:predicate se:seatIn ; rdf:object id:town ; se:rule "r" ."""
    )
    files = tables.tables(store, dataset(desk.store))
    assert [row["inferred"] for row in rows(files, "posts.csv")] == ["from"]
    (organisation,) = rows(files, "organisations.csv")
    assert (organisation["seats"], organisation["inferred"]) == ("", "inferred_seats")
    assert organisation["inferred_seats"] == term("id:town").value


def test_the_tables_lose_nothing_that_analyse_has(desk: Graph, files: dict[str, bytes]) -> None:
    known = {
        row["iri"]: {*row[places].split(" "), *row[f"inferred_{places}"].split(" ")}
        for name, places in (("organisations.csv", "seats"), ("agreements.csv", "places"))
        for row in rows(files, name)
    }
    measured = kgraph.analyse(desk).to_pandas(curies=False)
    assert len(measured["place"].dropna()) > 10
    assert all(place in known[thing] for thing, place in measured[["thing", "place"]].dropna().itertuples(index=False))
    signed = {(row["agreement"], row["signatory"]) for row in rows(files, "signatures.csv")}
    ties = kgraph.analyse(desk, table="ties").to_pandas(curies=False)
    assert set(ties[["one", "other"]].itertuples(index=False, name=None)) == signed


def test_claims_are_a_table_in_four_forms(desk: Graph, files: dict[str, bytes], tmp_path: Path) -> None:
    read = rows(files, "claims.csv")
    both = ["subject", "relation", "object", "status", "source", "publisher", "issued", "row", "start", "end", "words"]
    mine = csv.DictReader(io.StringIO(kgraph.claims(desk).to_csv()))
    assert sorted([row[name] for name in both] for row in read) == sorted([row[name] for name in both] for row in mine)
    store = ox.Store()
    store.extend(desk.store.quads_for_pattern(None, term("se:claimStatus"), None, ox.DefaultGraph()))
    assert {row["claim"] for row in read} == {quad.subject.value for quad in store}
    (tmp_path / "claims.parquet").write_bytes(files["claims.parquet"])
    for frame in (
        pd.read_parquet(tmp_path / "claims.parquet"),
        pl.read_parquet(tmp_path / "claims.parquet").to_pandas(),
    ):
        assert frame.shape == (len(read), len(read[0])) and frame["start"].max() > 100
    assert tables.problems(files) == []


@pytest.mark.slow
def test_two_releases_have_equal_tables(desk: Graph, files: dict[str, bytes]) -> None:
    assert tables.tables(kgraph.open().store, dataset(desk.store)) == files


def test_sqlite_has_keys_and_indices(files: dict[str, bytes]) -> None:
    with closing(sqlite3.connect(":memory:")) as store:
        store.deserialize(files[database.FILE])
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert store.execute("PRAGMA foreign_key_check").fetchall() == []
        names = {name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert {f"{name}.csv" for name in names} == tables.files().keys()
        plan = store.execute("EXPLAIN QUERY PLAN SELECT * FROM claims WHERE subject = ?", ("x",)).fetchall()
        assert "USING INDEX claims_subject" in str(plan)
        (count,) = store.execute(
            "SELECT COUNT(*) FROM claims JOIN sources ON source = sources.iri WHERE text_at_hand = 1 AND start > 9"
        ).fetchone()
        assert count > 100


def test_datasette_opens_the_database(files: dict[str, bytes], tmp_path: Path) -> None:
    from datasette.app import Datasette  # takes 1 s

    (tmp_path / database.FILE).write_bytes(files[database.FILE])
    shown = Datasette([str(tmp_path / database.FILE)], metadata=json.loads(files[database.METADATA["pl"]]))

    async def ask() -> tuple[str, dict[str, object]]:
        await shown.invoke_startup()
        page = await shown.client.get("/sekg/claims?_size=3")
        found = await shown.client.get("/sekg/claims.json?_shape=objects&_size=max&source__endswith=mcps-2018-klaster")
        return page.text, found.json()

    page, found = asyncio.run(ask())
    assert "Twierdzenia źródeł" in page and "słowa źródła" in page and "Uznanie autorstwa" not in page
    assert len(found["rows"]) > 50  # type: ignore[arg-type]


def test_what_does_not_fit_is_found(files: dict[str, bytes]) -> None:
    other = files | {"people.csv": files["people.csv"].splitlines(keepends=True)[0]}
    assert {(found.file, found.code) for found in tables.problems(other)} >= {(database.FILE, "other-rows")}
    spoilt = tables.problems(files | {database.FILE: b"SQLite?", tables.PARQUET: b"PAR1"})
    assert {(found.file, found.code) for found in spoilt} == {
        (database.FILE, "not-a-database"),
        (tables.PARQUET, "unreadable"),
    }
    assert all(found.sentence("pl") != found.sentence("en") for found in spoilt)


def test_without_pyarrow_the_rest_is_written(
    desk: Graph, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert not parquet.is_available()
    assert tables.tables(desk.store, dataset(desk.store)).keys() == files.keys() - {tables.PARQUET}
    assert tables.problems(files) == []


# names


def test_files_have_iris_and_python_has_curies(desk: Graph, tmp_path: Path) -> None:
    answer = kgraph.query(desk, "SELECT ?x { VALUES ?x { id:mcps } }")
    whole = "https://w3id.org/sekg/id/mcps"
    assert answer.to_csv() == f"x\r\n{whole}\r\n" and answer.to_csv(curies=True) == "x\r\nid:mcps\r\n"
    assert answer.to_json() == f'[{{"x": "{whole}"}}]' and answer.to_dict() == [{"x": "id:mcps"}]
    assert (kgraph.curie(whole), kgraph.iri("id:mcps"), kgraph.iri(term("id:mcps"))) == ("id:mcps", whole, whole)
    with pytest.raises(BadQuery, match="finds a thing by its name"):
        kgraph.iri("MCPS")


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_a_written_network_has_iris_only(desk: Graph, built: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"a.{form}"
    assert command("analyse", "--graph", built, "--projection", "signatories", "-o", target).returncode == 0
    found = nx.read_gexf(target) if form == "gexf" else nx.read_graphml(target)
    for thing, about in found.nodes(data=True):
        assert thing.startswith("https://") and "://" in about["kind"] and "://" in about.get("place", "://")
    one, other = (term(name).value for name in ("id:relaksownia", "id:ziola-siedleckie"))
    tie = found.edges[one, other]
    assert (tie["since"], tie["until"], tie["issued"]) == ("2018-03-22", "2018-03-22", "2018-03-27")
    assert len(tie["sources"].split(" ")) == len(tie["titles"].split("; ")) == 2


def test_edges_carry_sources_and_days_and_are_written(desk: Graph, tmp_path: Path) -> None:
    for network in (
        kgraph.network(desk),
        kgraph.neighbourhood(desk, "id:mcps", depth=2),
        kgraph.network(desk, "agreements"),
    ):
        found = network.to_networkx()
        for write, read, name in (
            (nx.write_gexf, nx.read_gexf, "a.gexf"),
            (nx.write_graphml, nx.read_graphml, "a.graphml"),
        ):
            write(found, tmp_path / name)
            assert len(read(tmp_path / name)) == len(found) > 3
        stated = [about for *_, about in found.edges(data=True) if about["asserted"]]
        assert stated and all(about["sources"].startswith("source:") and about["titles"] for about in stated)
    whole = kgraph.network(desk).to_networkx()
    held = kgraph.query(desk, "SELECT ?m ?who ?from { ?m org:member ?who ; se:validFrom|se:fromYear ?from }")
    assert held and all(whole.edges[row.m, row.who, "org:member"]["since"] == str(row[2]) for row in held)


# years


def test_networks_by_year_have_ties_and_measures(desk: Graph) -> None:
    yearly = kgraph.network(desk, by="year")
    assert [*yearly] == sorted(yearly) and {2018, 2020} <= {*yearly}
    assert "id:agreement-2018" in yearly[2018].to_networkx() and "id:agreement-2018" not in yearly[2020].to_networkx()
    ties = yearly.ties().to_pandas()
    assert set(ties["year"]) <= {*yearly} and ties[["agreement", "since", "source", "title"]].notna().all().all()
    pairs = ties[ties["year"] == 2018][["one", "other"]].drop_duplicates()
    graph = nx.from_pandas_edgelist(pairs, "one", "other")
    measured = yearly.measures().to_pandas().query("year == 2018").set_index("thing")
    assert dict(graph.degree()) == measured["degree"].to_dict() != {}
    assert measured["betweenness"].to_dict() == pytest.approx(nx.betweenness_centrality(graph))
    dated = kgraph.query(desk, "SELECT ?a { ?a se:hasSignatory ?s } GROUP BY ?a")
    assert {*yearly.undated} | {a for n in yearly.values() for a in n.to_networkx() if "agreement" in a} == {
        r.a for r in dated
    }
    assert [*kgraph.network(on("2019-01-01"), by="year")][-1] == 2018
    with pytest.raises(BadQuery, match="made by"):
        kgraph.network(desk, by="month")  # type: ignore[call-overload]


NS = "{http://gexf.net/1.3}"
ALLOWED = {
    "gexf": {"version", "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"},
    "meta": {"lastmodifieddate"},
    "graph": {"defaultedgetype", "mode", "timeformat"},
    "attributes": {"class", "mode"},
    "attribute": {"id", "title", "type"},
    "node": {"id", "label"},
    "edge": {"id", "source", "target", "label", "start", "end"},
    "attvalue": {"for", "value"},
    "spell": {"start", "end"},
}
"""The attributes of GEXF 1.3 that we use, by element (https://gexf.net/schema.html)."""


def faults(gexf: ET.Element) -> Iterator[str]:
    """Where a dynamic network breaks the rules of GEXF 1.3: attributes, order, references, days."""
    for element in gexf.iter():
        name = element.tag.removeprefix(NS)
        if not element.tag.startswith(NS) or not {*element.keys()} <= ALLOWED.get(name, set()):
            yield f"{element.tag} {element.attrib}"
        for day in (element.get("start"), element.get("end")):
            if day is not None and pd.Timestamp(day).strftime("%Y-%m-%d") != day:
                yield f"{day} is no day"
    graph = gexf.find(f"{NS}graph")
    assert graph is not None and (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")
    order = [child.tag.removeprefix(NS) for child in graph]
    if order != sorted(order, key=["attributes", "nodes", "edges"].index):
        yield f"order {order}"
    nodes = {node.get("id") for node in graph.iter(f"{NS}node")}
    fields = {field.get("id") for field in graph.iter(f"{NS}attribute")}
    for edge in graph.iter(f"{NS}edge"):
        if not {edge.get("source"), edge.get("target")} <= nodes:
            yield f"edge {edge.get('id')}"
    if not {value.get("for") for value in graph.iter(f"{NS}attvalue")} <= fields:
        yield "an attribute that is not declared"


def test_a_dynamic_network_is_gexf_for_a_timeline(desk: Graph, tmp_path: Path) -> None:
    yearly = kgraph.network(desk, by="year")
    for growing in (False, True):
        yearly.to_gexf(tmp_path / "a.gexf", growing=growing)
        assert [*faults(ET.parse(tmp_path / "a.gexf").getroot())] == []
        read = nx.read_gexf(tmp_path / "a.gexf")
        about = read.nodes[term("id:cis-siedlce").value]
        assert about["spells"][0][0] == "2018-01-01" and (about["spells"][0][1] == "None") == growing
        assert all(("end" in edge) != growing and edge["sources"] for *_, edge in read.edges(data=True))
        ties = {(*sorted((one, other)), edge["agreement"]) for one, other, edge in read.edges(data=True)}
        known = yearly.ties().to_pandas(curies=False)[["one", "other", "agreement"]]
        assert ties == set(known.itertuples(index=False, name=None))
    spoilt = ET.parse(tmp_path / "a.gexf").getroot()
    spoilt.find(f"{NS}graph").set("name", "")  # type: ignore[union-attr]
    assert [*faults(spoilt)]


def test_reasons_and_cards_are_frames_and_dictionaries(desk: Graph) -> None:
    why = kgraph.why(desk, "Relaksownia", "se:foundingMemberOf", "id:cluster-siedlce")
    frame = why.to_pandas()
    assert frame["rule"].iloc[0] == "rules/founding" and frame["depth"].max() >= 1
    assert frame[frame["words"].notna()]["source"].str.startswith("source:").all()
    tree = why.to_dict()["reason"]
    assert tree["subject"] == term("id:relaksownia").value and tree["premises"]  # type: ignore[index]
    card = kgraph.show(desk, "Relaksownia")
    facts = card.to_pandas(curies=False)
    assert set(facts[facts["relation"] == term("se:hasSignatory").value]["other"]) >= {term("id:agreement-2018").value}
    assert len(card.to_dict()["facts"]) == facts.drop_duplicates(["relation", "incoming", "other"]).shape[0]  # type: ignore[arg-type]


def test_columns_of_languages_can_be_left_out(desk: Graph) -> None:
    answer = kgraph.query(desk, "SELECT ?x ?name { ?x a se:Cluster ; skos:prefLabel ?name }")
    assert [*answer.to_pandas()] == ["x", "name", "name_lang"] and [*answer.to_pandas(languages=False)] == ["x", "name"]


# citations


def test_the_endpoint_offers_the_citation_of_an_answer(address: str, built: Path) -> None:
    client, text = httpx.Client(base_url=address), "SELECT ?x { ?x a se:Cluster }  # 100 %"
    for answer in (client.get("/sparql", params={"query": text}), client.post("/sparql", data={"query": text})):
        link = answer.links["describedby"]
        cited = client.get(str(answer.url.join(link["url"]))).json()
        own = kgraph.query(kgraph.open(built), text).cite()
        asked = httpx.URL(link["url"]).params["asked"][:16] + "Z"
        mine = f"asked {own.asked.isoformat()[:16]}Z"
        assert cited["sentence"] == own.sentence.replace(mine, f"asked {asked}")
        assert cited["csl"]["title"] == own.csl["title"] and r"100 \%" in cited["bibtex"]
    assert "describedby" not in client.post("/sparql", data={"query": text + "#" * 4000}).links


def test_the_server_cites_a_question_in_every_form(address: str, built: Path) -> None:
    client = httpx.Client(base_url=address)
    answer = client.get("/questions/members-on-a-day?as-of=2018-05-01&lang=pl")
    link = str(answer.url.join(answer.links["describedby"]["url"]))
    sentence = client.get(f"{link}&format=sentence&asked=2026-11-30T01:02:03Z")
    assert sentence.headers["content-type"].startswith("text/plain") and "stan na 2018-05-01" in sentence.text
    own = kgraph.ask(kgraph.open(built), "members-on-a-day", lang="pl", day="2018-05-01")
    asked = [line for line in own.query.splitlines() if not line.startswith("#")]
    assert " ".join(" ".join(asked).split()) in sentence.text and "title-pl" not in sentence.text
    assert "2026-11-30T01:02Z" in sentence.text
    assert client.get(f"{link}&format=bibtex").text.startswith("@misc{kgraph-")
    assert client.get(f"{link}&format=csl").json()["type"] == "dataset"
    assert client.get(link).headers["cache-control"] == "no-store"
    for refused, status in (
        ("/cite", 400),
        ("/cite?question=x", 404),
        ("/cite?query=ASK{}&as-of=2018-01-01", 400),
        ("/cite?query=ASK{}&format=ris", 400),
        ("/cite?query=ASK{}&asked=soon", 400),
    ):
        assert client.get(refused).status_code == status


@pytest.mark.slow
def test_the_explorer_asks_on_a_day_and_cites(opened: Open, built: Path) -> None:
    page = opened("#/questions?:question=brokers&day=2010-01-01", lang="en")
    expect(page.locator(".questions .result .none")).to_be_visible()
    page.locator("#ask-day-of-network").fill("2020-12-31")
    expect(page.locator(".questions table.grid tbody tr")).to_have_count(2)
    assert "day=2020-12-31" in fragment(page)
    page.click("#cite")
    sentence = page.locator("#cite-sentence-text").inner_text()
    assert f"as of 2020-12-31; RDFC-1.0 SHA-256 {kgraph.open(built).hash}; asked" in sentence
    assert page.locator("#cite-bibtex-text").inner_text().startswith("@misc{")
    assert json.loads(page.locator("#cite-csl-text").inner_text())["type"] == "dataset"
    page = opened("#/questions?:question=founders&day=2018-05-01", lang="pl")
    expect(page.locator(".day .as-of")).to_have_text(re.compile("nie wybiera się dnia.*1 maja 2018"))
    page = opened("#/questions?:question=members-on-a-day&day=2018-05-01", lang="en")
    expect(page.locator(".day .as-of")).to_have_text("As of the day: 1 May 2018")
    page = opened("#/sparql?:query=ASK%20%7B%7D", lang="en")
    page.click("#cite")
    assert page.locator("#cite-sentence-text").inner_text().endswith("query: ASK {}.")


# what a stranger met


def _signing(store: ox.Store) -> dict[tuple[str, str], set[str]]:
    """The sources that state each signature, by agreement and signatory."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    text = """SELECT ?a ?who ?source { ?claim rdf:subject ?a ; rdf:predicate se:hasSignatory ; rdf:object ?who ;
      prov:wasDerivedFrom ?source ; se:claimStatus status:stated }"""
    for agreement, who, source in sparql.rows(sparql.run(store, text)):
        assert agreement and who and source
        found[agreement.value, who.value].add(source.value)
    return found


def test_a_source_of_a_tie_states_both_its_ends(desk: Graph) -> None:
    signing, yearly = _signing(desk.store), kgraph.network(desk, by="year")
    ties = yearly.ties().to_pandas(curies=False)
    assert set(ties["together"]) == {True, False}
    for tie, rows in ties.groupby(["agreement", "one", "other"]):
        agreement, one, other = map(str, tie)
        both = signing[agreement, one] & signing[agreement, other]
        assert set(rows["source"]) == (both or signing[agreement, one] | signing[agreement, other])
        assert set(rows["together"]) == {bool(both)}
    shared = kgraph.analyse(desk, "signatories", table="ties").to_pandas(curies=False)
    agreements = {agreement for agreement, _ in signing}
    for tie, rows in shared.groupby(["one", "other"]):
        one, other = map(str, tie)
        both = {source for a in agreements for source in signing[a, one] & signing[a, other]}
        assert set(rows["together"]) == {bool(both)} and (not both or set(rows["source"]) == both)
    assert {*shared["together"]} == {True, False}
    edges = yearly.to_networkx(curies=False).edges(data=True)
    assert {about["together"] for *_, about in edges} == {True, False}


def test_years_name_what_they_leave_out(desk: Graph) -> None:
    yearly = kgraph.network(desk, by="year")
    assert yearly.undated and all(agreement in repr(yearly) for agreement in yearly.undated)
    for error in (NotFound, KeyError):
        with pytest.raises(error, match="no agreement was signed in 1990; there are 2013, "):
            yearly[1990]
    assert yearly.get(1990) is None and 1990 not in yearly
    drawn, measured = yearly.to_networkx(), yearly.measures(projection="bipartite").to_pandas()
    agreements = {row.a for row in kgraph.query(desk, "SELECT ?a { ?a se:hasSignatory ?s }")}
    assert {*drawn} == {*measured["thing"]} - agreements >= {*yearly.measures().to_pandas()["thing"]}
    assert drawn.nodes["id:cis-siedlce"]["years"].split(" ")[0] == "2018"


def test_claims_without_a_day_are_counted_or_kept(desk: Graph, built: Path) -> None:
    every = kgraph.claims(desk).to_pandas()
    early = kgraph.claims(desk, until="2019-12-31")
    undated = every[every["issued"].isna()]
    claims = len(undated[["subject", "relation", "object", "source"]].drop_duplicates())
    said = f"no day: {claims}, of sources: {undated['source'].nunique()}; --undated or undated=True keeps them"
    assert claims > 9 and said in early.doubts[0]
    kept = kgraph.claims(desk, until="2019-12-31", undated=True)
    ahead = undated[(undated["since"] > "2019-12-31") & (undated["status"] != "status:planned")]
    assert len(kept) == len(early) + len(undated) - len(ahead) and not kept.doubts and "undated=True" in kept.query
    ended = command("claims", "--graph", built, "--until", "2019-12-31", "--format", "csv")
    assert ended.returncode == 0 and f"note: claims left out because their source has {said}" in ended.stderr
    assert command("claims", "--undated").returncode == 2
