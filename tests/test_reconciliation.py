"""The reconciliation service by its specification's rules, with a client that is not ours, and on the command line.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
https://reconciliation-api.github.io/specs/draft/
"""

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import openpyxl
import pandas as pd
import pyoxigraph as ox
import pytest
from python_calamine import CalamineWorkbook

from kgraph.api.opening import Graph
from kgraph.base.vocab import PREFIXES, term
from kgraph.graph.identity import corroborating, matching
from kgraph.graph.identity.corroborating import Evidence
from kgraph.graph.identity.matching import Candidate, Wanted
from kgraph.graph.names import search
from tests.command import kgraph as run

Json = Mapping[str, Any]
SERVICE, DRAFT = "reconcile", "reconcile/1.0-draft"
NAMES = ("ziola siedleckie", "Caritas Diecezji Siedleckiej", "MCPS", "nobody at all")


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30) as found:
        yield found


def asked(client: httpx.Client, **queries: object) -> Json:
    """The results of a batch of version 0.2."""
    answer = client.post(SERVICE, data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def best(client: httpx.Client, **query: object) -> Json:
    """The best candidate of a query."""
    found: Json = asked(client, q=query)["q"]["result"][0]
    return found


def test_each_manifest_has_what_its_version_requires(client: httpx.Client, address: str) -> None:
    answer = client.get(SERVICE)  # section 3.1: GET without parameters
    manifest, draft = answer.json(), client.get(DRAFT).json()
    assert answer.headers["content-type"] == "application/json"
    assert (manifest["versions"], draft["versions"]) == (["0.2"], ["1.0-draft"])
    assert manifest["identifierSpace"] == PREFIXES["id"] and manifest["schemaSpace"] == PREFIXES["se"]
    for one in (manifest, draft):
        assert one["name"] and one["batchSize"] >= 1
        assert all(type_["id"] and type_["name"] for type_ in one["defaultTypes"])
        assert isinstance(one["preview"]["width"], int) and isinstance(one["preview"]["height"], int)
    view, preview = manifest["view"]["url"], manifest["preview"]["url"]
    assert "{{id}}" in view and "{{id}}" in preview
    opened = client.get(view.replace("{{id}}", "mcps"), headers={"Accept": "text/html"}, follow_redirects=True)
    assert opened.status_code == 200 and "text/html" in opened.headers["content-type"]
    assert client.get(preview.replace("{{id}}", quote("mcps", safe=""))).status_code == 200
    suggest = {part: one["service_url"] + one["service_path"] for part, one in manifest["suggest"].items()}
    assert suggest.keys() == {"entity", "property", "type"}
    assert all(client.get(url, params={"prefix": "se"}).json()["result"] for url in suggest.values())
    proposing = manifest["extend"]["propose_properties"]
    assert client.get(proposing["service_url"] + proposing["service_path"], params={"type": "se:Cluster"}).is_success
    assert draft["view"]["url"] == f"{address}id/{{id}}"  # RFC 6570
    assert draft["suggest"] == {"entity": True, "property": True, "type": True} and draft["standardizedScore"] is True
    assert client.get(SERVICE, params={"lang": "pl"}).json()["defaultTypes"][1]["name"] == "osoba"
    polish = client.get(SERVICE, headers={"Accept-Language": "pl"})
    assert polish.headers["content-language"] == "pl" and polish.json()["defaultTypes"][1]["name"] == "osoba"


def check_candidates(found: list[Json]) -> None:
    """The rules of section 4.2."""
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    for one in found:
        assert one["id"] and one["name"] and 0 <= one["score"] <= 100 and isinstance(one["match"], bool)
        assert all(type_["id"] and type_["name"] for type_ in one["type"])
        ids = [feature["id"] for feature in one["features"]]
        assert len(set(ids)) == len(ids) and all(isinstance(each["value"], int) for each in one["features"])


def test_candidates_have_scores_features_and_the_page_of_the_evidence(client: httpx.Client) -> None:
    batch = {f"q{number}": {"query": name, "limit": 3} for number, name in enumerate(NAMES)}
    posted = asked(client, **batch)
    got = client.get(SERVICE, params={"queries": json.dumps(batch)}).json()  # section 4.3
    assert posted == got and posted.keys() == batch.keys()
    for one in posted.values():
        check_candidates(one["result"])
        assert len(one["result"]) <= 3
    herbs, caritas, centre, nobody = (posted[key]["result"] for key in batch)
    assert [found[0]["id"] for found in (herbs, caritas, centre)] == ["ziola-siedleckie", "caritas-siedlce", "mcps"]
    assert nobody == []
    assert herbs[0]["features"] == [{"id": "name", "value": 98}] and herbs[0]["score"] == 98
    assert "same name without diacritics" in herbs[0]["description"]
    page = client.get(herbs[0]["evidence"], follow_redirects=True)
    assert page.status_code == 200 and "<q " in page.text  # quotes of the sources
    assert best(client, query="caritas-siedlce")["id"] == "caritas-siedlce"  # section 4.4: an id as the query
    assert best(client, query="https://w3id.org/sekg/id/mcps")["score"] == 100


def test_what_is_known_beside_a_name_speaks_for_or_against_a_candidate(client: httpx.Client) -> None:
    def with_(pid: str, value: object, **more: object) -> Json:
        return best(client, query="SOKIAL", properties=[{"pid": pid, "v": value}], **more)

    plain, placed = best(client, query="SOKIAL"), with_("place", "Krzesk-Królowa Niwa")
    assert plain["id"] == placed["id"] == "sokial" and placed["score"] >= plain["score"]
    assert {"id": "place", "value": 100} in placed["features"]
    assert with_("place", {"id": "krzesk-krolowa-niwa"})["features"] == placed["features"]
    elsewhere = with_("place", ["Rzeszów"])
    assert elsewhere["score"] == 59 and not elsewhere["match"] and "different place" in elsewhere["description"]
    assert with_("krs", "248808")["features"][-1] == {"id": "KRS", "value": 100}
    wrong = with_("KRS", "0000000001")
    assert not wrong["match"] and {"id": "KRS", "value": 0} in wrong["features"]
    assert best(client, properties=[{"pid": "KRS", "v": 248808}])["id"] == "sokial"
    member = best(client, query="ziola siedleckie", properties=[{"pid": "se:memberOf", "v": "Siedlecki Klaster"}])
    assert {"id": "se:memberOf", "value": 50} in member["features"]
    year = best(client, query="ziola siedleckie", properties=[{"pid": "year", "v": "2018-03-22"}])
    assert {"id": "year", "value": 100} in year["features"]
    assert with_("place", "")["features"] == plain["features"]  # an empty cell says nothing
    assert with_("se:memberOf", "x", type="org:Organization")["id"] == "sokial"
    kinds = ["se:Cluster", "org:Organization"]
    assert best(client, query="MCPS", type=kinds)["id"] == "mcps"
    assert asked(client, q={"query": "MCPS", "type": kinds, "type_strict": "all"})["q"]["result"] == []
    should = best(client, query="MCPS", type="se:Cluster", type_strict="should")
    assert should["score"] == 90 and {"id": "type", "value": 0} in should["features"]


def test_the_draft_gives_the_same_candidates_in_order(client: httpx.Client) -> None:
    queries = [{"conditions": [{"matchType": "name", "propertyValue": name}], "limit": 3} for name in NAMES]
    found = client.post(f"{DRAFT}/match", json={"queries": queries}).json()["results"]
    earlier = asked(client, **{name: {"query": name, "limit": 3} for name in NAMES})
    for one, name in zip(found, NAMES, strict=True):
        check_candidates(one["candidates"])
        assert all(feature.pop("name") for each in one["candidates"] for feature in each["features"])
        assert one["candidates"] == earlier[name]["result"]

    def conditions(**more: object) -> list[Json]:
        place = {"matchType": "property", "pid": "place", "v": "Rzeszów", **more}  # as an earlier draft has them
        query = {"type": "org:Organization", "conditions": [{"matchType": "name", "v": "MCPS"}, place]}
        answer = client.post(f"{DRAFT}/match", json={"queries": [query]}, params={"lang": "pl"}).json()
        candidates: list[Json] = answer["results"][0]["candidates"]
        return candidates

    assert "inne miejsce" in conditions()[0]["description"] and conditions(required=True) == []
    (other,) = conditions(matchQuantifier="none")
    assert other["score"] == 100 and "bez niechcianej wartości" in other["description"]


def test_suggestions_begin_with_what_is_typed(client: httpx.Client) -> None:
    def suggested(part: str, prefix: str, root: str = SERVICE, **more: str | int) -> list[Json]:
        found: list[Json] = client.get(f"{root}/suggest/{part}", params={"prefix": prefix, **more}).json()["result"]
        assert all(one["id"] and one["name"] for one in found)
        return found

    towns = suggested("entity", "siedl")
    assert towns and all("notable" in one for one in towns)
    assert suggested("entity", "siedl", cursor=2)[0] == towns[2]
    assert suggested("entity", "siedl", DRAFT, offset=1, limit=2) == towns[1:3]
    assert suggested("entity", "mcps")[0]["id"] == "mcps" and suggested("entity", "") == []
    assert [one["id"] for one in suggested("type", "klas", lang="pl")] == ["se:Cluster"]
    assert suggested("type", "se:Cluster")[0]["id"] == "se:Cluster"
    assert suggested("type", "", limit=3)[0]["id"] == "org:Organization"
    assert "se:memberOf" in {one["id"] for one in suggested("property", "memb")}
    assert suggested("property", "", limit=2) == [
        {"id": "place", "name": "place", "description": ""},
        {"id": "year", "name": "year", "description": ""},
    ]


def test_values_are_fetched_for_what_is_proposed(client: httpx.Client) -> None:
    proposed = client.get(f"{SERVICE}/extend/propose", params={"type": "se:Cluster", "limit": 12}).json()
    assert proposed["type"] == "se:Cluster" and proposed["limit"] == 12 == len(proposed["properties"])
    properties = [{"id": one["id"]} for one in proposed["properties"]]
    query = {"ids": ["cluster-siedlce", "sokial", "nobody", "<>"], "properties": properties}
    answer = client.post(SERVICE, data={"extend": json.dumps(query)}).json()
    assert answer["meta"] == proposed["properties"] and [*answer["rows"]] == query["ids"]
    assert all(row.keys() == {one["id"] for one in properties} for row in answer["rows"].values())
    assert not any(value for key in ("nobody", "<>") for value in answer["rows"][key].values())
    values = [value for row in answer["rows"].values() for several in row.values() for value in several]
    assert all({*value} in ({"id", "name"}, {"str"}, {"int"}, {"float"}) for value in values)  # section 7.4
    assert answer["rows"]["sokial"]["KRS"] == [{"str": "0000248808"}]
    assert answer["rows"]["sokial"]["place"] == [{"id": "krzesk-krolowa-niwa", "name": "Krzesk-Królowa Niwa"}]
    assert answer["rows"]["cluster-siedlce"]["year"] == [{"int": 2018}]
    listed = client.post(f"{DRAFT}/extend", json=query).json()
    assert [(row["id"], {one["id"]: one["values"] for one in row["properties"]}) for row in listed["rows"]] == list(
        answer["rows"].items()
    )


def test_a_preview_is_a_small_page_for_a_frame_of_another_site(client: httpx.Client) -> None:
    shown = client.get(f"{SERVICE}/preview", params={"id": "mcps", "lang": "pl"})
    assert "<h1><bdi><a href" in shown.text and "Kto prowadzi" in shown.text and '<base target="_blank">' in shown.text
    assert "frame-ancestors 'self' http://localhost:*" in shown.headers["content-security-policy"]
    style = re.search('stylesheet" href="([^"]+)"', client.get(f"{DRAFT}/preview", params={"id": "mcps"}).text)
    assert style and client.get(f"{DRAFT}/{style[1]}").status_code == 200
    missing = client.get(f"{SERVICE}/preview", params={"id": "<script>"})
    assert missing.status_code == 404 and missing.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("queries", "status", "said"),
    [
        ({str(number): {"query": "x"} for number in range(10_000)}, 413, "at most 100 queries"),
        ({"q": {"query": "x" * 1_000_000}}, 413, "query 'q': a name or value has at most 10000 characters"),
        ({"q": {"query": "x" * 5_000_000}}, 413, "bytes are taken"),
        ({"q": {"limit": 1}}, 400, "give a name in `query`, or `properties`"),
        ({"q": {"query": ["x"]}}, 400, "query 'q': a name or value is a text"),
        ({"q": {"query": "x", "limit": 0}}, 400, "limit is a whole number"),
        (
            {"q": {"query": "x", "type": "se:Clustr"}},
            400,
            "unknown type: there is no se:Clustr; did you mean se:Cluster",
        ),
        ({"q": {"query": "x", "properties": [{"pid": "colour", "v": "x"}]}}, 400, "unknown property: 'colour'"),
        ({"q": {"query": "x", "properties": [{"pid": "KRS"}]}}, 400, "a property has `pid` and `v`"),
        ({"q": {"query": "x", "type_strict": "maybe"}}, 400, "type_strict is any, all or should"),
        ([], 400, "queries must be a JSON object"),
    ],
)
def test_a_bad_batch_is_refused_with_its_reason(client: httpx.Client, queries: object, status: int, said: str) -> None:
    answer = client.post(SERVICE, data={"queries": json.dumps(queries)})
    assert answer.status_code == status and said in answer.json()["detail"]


def test_odd_names_and_odd_requests_get_clear_answers(client: httpx.Client) -> None:
    odd = asked(
        client, empty={"query": ""}, blank={"query": " \t"}, rtl={"query": "\u202eMCPS שלום"}, int={"query": 248808}
    )
    assert (odd["empty"], odd["blank"]) == ({"result": []}, {"result": []})
    assert odd["rtl"]["result"][0]["id"] == "mcps" and odd["int"]["result"][0]["id"] == "sokial"
    half = client.post(SERVICE, data={"queries": '{"\\ud800": {"query": "MCPS \\ud800"}}'})
    assert half.json()["\ud800"]["result"][0]["id"] == "mcps"
    for text in ('{"q":', "[" * 100_000, "\ud83d".encode("utf-16", "surrogatepass").hex()):
        assert client.post(SERVICE, data={"queries": text}).status_code == 400
    assert client.get(f"{SERVICE}/suggest/entity", params={"prefix": "\x84"}).json() == {"result": []}
    odd_place = {"query": "x", "properties": [{"pid": "place", "v": {"id": "\x84"}}]}
    assert client.post(SERVICE, data={"queries": json.dumps({"q": odd_place})}).status_code == 400
    assert client.post(SERVICE, json={"queries": {}}).status_code == 415
    assert client.post(f"{DRAFT}/match", data={"queries": "{}"}).status_code == 415
    assert client.post(SERVICE, data={"queries": "{}", "extend": "{}"}).status_code == 400
    many = {"ids": ["mcps"] * 1001, "properties": []}
    assert client.post(SERVICE, data={"extend": json.dumps(many)}).status_code == 413
    for callback in ("jQuery1", "<img src=x onerror=alert(1)>"):
        refused = client.get(SERVICE, params={"callback": callback, "queries": "{}"})
        assert refused.status_code == 400 and "JSONP" in refused.json()["detail"] and callback not in refused.text
    described = client.get("openapi.json").json()["paths"]
    assert described[f"/{SERVICE}"]["post"]["requestBody"] and described[f"/{DRAFT}/match"]["post"]["requestBody"]


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_a_client_that_is_not_ours_matches_a_column(address: str) -> None:
    reconciler = pytest.importorskip("reconciler", reason="RECONCILER is not installed")
    mine = pd.DataFrame({"name": NAMES[:3], "town": ["Siedlce", "Siedlce", "Warszawa"]})
    found = reconciler.reconcile(
        mine["name"],
        type_id="org:Organization",
        property_mapping={"place": mine["town"]},
        reconciliation_endpoint=f"{address}{SERVICE}",
    )
    assert found["id"].tolist() == ["ziola-siedleckie", "caritas-siedlce", "mcps"] and found["match"].all()
    assert found["type_id"].tolist() == ["se:SocialEconomyEntity", "se:SocialEconomyEntity", "cv:PublicOrganisation"]


# The scorer


@pytest.fixture(scope="module")
def twins(bundled: Graph) -> Graph:
    """The graph with two invented organisations of one name in two towns, of which one has a number."""
    towns, name = ("siedlce", "wodynie"), ox.Literal("Bliźniak", language="pl")
    facts = [
        *((f"id:twin-{town}", "a", kind) for town in towns for kind in ("se:SocialEconomyEntity", "foaf:Agent")),
        *((f"id:twin-{town}", "skos:prefLabel", name) for town in towns),
        *((f"id:twin-{town}", "se:seatIn", f"id:{town}") for town in towns),
        ("id:krs-9990000001", "a", "adms:Identifier"),
        ("id:krs-9990000001", "skos:notation", "9990000001"),
        ("id:krs-9990000001", "adms:schemaAgency", "KRS"),
        ("id:twin-wodynie", "adms:identifier", "id:krs-9990000001"),
    ]
    return bundled.add(facts, name="twins")


def test_a_match_needs_no_person_only_when_nothing_else_is_nearly_as_likely(twins: Graph) -> None:
    def found(name: str, *evidence: Evidence) -> list[Candidate]:
        return matching.match(twins.store, twins.index, [Wanted(name, evidence)])[0]

    one, other = found("Bliźniak")[:2]
    assert one.is_tied and other.is_tied and not one.is_match
    area = corroborating.near(term("id:wodynie").value)
    (placed,) = [each for each in found("Bliźniak", area) if each.score == 1]
    assert placed.iri == term("id:twin-wodynie").value and placed.is_match
    numbered = found("Bliźniak", Evidence("KRS", (("9990000001",),)))
    assert numbered[0].iri == placed.iri and numbered[0].is_match and numbered[1].score == 0.96
    renamed = found("zupełnie inna nazwa", Evidence("KRS", (("9990000001",),)))
    assert [(each.iri, each.score) for each in renamed] == [(placed.iri, 0.95)]
    assert found("Artur Pozorek")[0].score == 1 and not found("Artur Pozorek")[0].is_match
    assert not found("Zioła Siedlecke")[0].is_match and found("Zioła Siedleckie")[0].is_match


def test_a_word_in_thousands_of_names_does_not_hide_a_rare_one() -> None:
    store, name = ox.Store(), term("skos:prefLabel")
    for number in range(search.COMMON + 100):
        store.add(ox.Quad(ox.NamedNode(f"x:{number}"), name, ox.Literal(f"Fundacja Dobra {number}"), ox.DefaultGraph()))
    store.add(ox.Quad(ox.NamedNode("x:kite"), name, ox.Literal("Dobra Latawiec Żółty"), ox.DefaultGraph()))
    index = search.open_index(store, None)
    assert [hit.iri for hit in search.overlapping(index, "Dobra Latawiec Czerwony")] == ["x:kite"]
    assert len(search.overlapping(index, "Dobra", 30)) == 30


# The command


def test_a_workbook_is_written_back_with_things_scores_and_reasons(tmp_path: Path, from_build: None) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["Nazwa", "Miejsce", "KRS", "Kwota", "Uwagi"])
    sheet.append(["ziola siedleckie", "Siedlce", None, 12.5, "'=1+1"])
    sheet.append(["ktoś", "Atlantyda", "0000248808", 7, "@x"])
    sheet.append(["ktoś inny", None, None, -3, None])
    book.save(tmp_path / "mine.xlsx")
    columns = ("--column", "Nazwa", "--near", "Miejsce", "--evidence", "krs=KRS", "--lang", "pl")
    for ending in ("xlsx", "ods", "csv"):
        ended = run("reconcile", tmp_path / "mine.xlsx", *columns, "-o", tmp_path / f"out.{ending}")
        assert ended.returncode == 0 and "kandydatów ma 2 z 3 wierszy" in ended.stderr
        assert "graf nie zna tych miejsc, a ich wiersze dopasowano bez miejsca: Atlantyda" in ended.stderr
    rows = [
        CalamineWorkbook.from_path(tmp_path / f"out.{ending}").get_sheet_by_index(0).to_python()
        for ending in ("xlsx", "ods")
    ]
    assert rows[0] == rows[1]
    head, herbs, number, nobody = rows[0]
    assert head[5:] == ["thing", "label", "kind", "score", "match", "reason"]
    assert herbs[5] == term("id:ziola-siedleckie").value and herbs[3:5] == [12.5, "'=1+1"]
    assert herbs[8:10] == [0.94, "tak"] and "miejsce nie jest znane" in str(herbs[10])
    assert number[5] == term("id:sokial").value and "ten sam numer: KRS 0000248808" in str(number[10])
    assert nobody[5:] == ["", "", "", "", "", "nic nie ma takiej nazwy"]
    written = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert ",7,'@x," in written and "ktoś inny,,,-3,," in written
    assert "<f>" not in zipfile.ZipFile(tmp_path / "out.xlsx").read("xl/worksheets/sheet1.xml").decode()
    again = run("reconcile", tmp_path / "out.ods", "--column", "Nazwa", "--type", "cluster", "-o", tmp_path / "out.ods")
    assert again.returncode == 2 and "is being read" in again.stderr
    wrong = run("reconcile", tmp_path / "mine.xlsx", "--column", "Nazwa", "--evidence", "KRS", "--lang", "pl")
    assert wrong.returncode == 2 and "„KRS” nie ma postaci WŁASNOŚĆ=KOLUMNA" in wrong.stderr
