"""SIMC, RJPS, REGON, OWES and lists of EU projects: invented files with the traps of real ones are read and asked."""

import csv
import gzip
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.build import pipeline
from kgraph.cli import main
from kgraph.errors import NotFound
from kgraph.graph import questions
from kgraph.graph.statements import states
from kgraph.graph.statements.facts import facts
from kgraph.publish.pages import writers
from kgraph.publish.pages.book import book_of
from kgraph.rdf import sparql

pytest.importorskip("duckdb", reason="DUCKDB is not installed")
pytest.importorskip("lxml", reason="LXML is not installed")

HERE = Path(__file__).parents[1] / "docs/registers"
DAY = ("--as-of", "2030-02-01")
ADDED = {
    "terc": ["terc.csv"],
    "simc": ["simc.csv"],
    "rjps": ["rjps.html"],
    "regon": ["regon-1.xml", "regon-2.xml", "regon-3.xml"],
    "owes": ["owes.csv", "--encoding", "cp1250"],
    "eu-2021": ["eu-2021.csv"],
    "krs": ["krs-9990000001.json", "krs-9990000101.json"],
}
LATER = ("1\N{NO-BREAK SPACE}062\N{NO-BREAK SPACE}500,43", "2000000,00")
"""The amount of a project in the example, and in a later edition."""

LATAWIEC = term("id:org-krs-9990000001")
KITCHEN = term("id:eu-project-fepr-08-01-iz-00-0001-29")


def kgraph(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all registers of the examples, and an earlier and a later edition of one."""
    folder = tmp_path_factory.mktemp("more") / "data"
    shutil.copytree(paths.bundled().data, folder)
    for name, given in ADDED.items():
        files = [HERE / part if (HERE / part).is_file() else part for part in given]
        told = kgraph("register", "add", name, *files, *DAY, "--data", folder)
        assert told.exit_code == 0, told.output
    before = ("--as-of", "2029-02-01", "--data", folder)  # two editions agree, and the third does not
    assert kgraph("register", "add", "eu-2021", HERE / "eu-2021.csv", *before).exit_code == 0
    later = folder.parent / "later.csv"
    content = (HERE / "eu-2021.csv").read_bytes().decode()
    assert LATER[0] in content
    later.write_bytes(content.replace(*LATER).encode())
    told = kgraph("register", "add", "eu-2021", later, "--as-of", "2031-02-01", "--data", folder)
    assert "new rows 0, changed 1, gone 0" in told.output
    return folder


@pytest.fixture(scope="module")
def graph(data: Path) -> ox.Store:
    store, problems = pipeline.validated(Folders(paths.bundled().ontology, data))
    assert not problems
    return store


def stated(store: ox.Store, thing: str) -> dict[str, list[tuple[str, int | None, str | None]]]:
    """The stated facts of a thing by property: the value, and the row and the words of the first passage."""
    found: dict[str, list[tuple[str, int | None, str | None]]] = {}
    for fact in facts(store, [term(thing)]):
        if fact.subject == term(thing) and fact.asserted:
            value = fact.object.value if isinstance(fact.object, ox.Literal) else str(fact.object)[1:-1].split("/")[-1]
            shown = (value, fact.passages[0].row, fact.passages[0].words)
            found.setdefault(str(fact.predicate)[1:-1].split("/")[-1].split("#")[-1], []).append(shown)
    return found


def holds(store: ox.Store, triple: str) -> bool:
    return bool(sparql.run(store, f"ASK {{ {triple} }}"))


def test_localities_lie_in_gminas_and_towns(graph: ox.Store) -> None:
    hill = stated(graph, "id:locality-9900004")
    assert sorted(hill["type"]) == [("Location", 5, "Górka"), ("part-of-locality", 5, "00")]
    assert holds(graph, "id:locality-9900004 se:within id:locality-9900003 , id:mordy , id:powiat-siedlecki")
    assert holds(graph, "id:locality-9900002 se:within id:teryt-1426054 . id:siedlce dcterms:type locality:town")
    assert holds(graph, "id:siedlce adms:identifier id:simc-9900010 , id:terc-1464011")


def test_a_card_of_rjps_says_what_stands_in_it(graph: ox.Store) -> None:
    kitchen = stated(graph, "id:org-rjps-990001")
    assert kitchen["seatIn"] == [("siedlce", 2, "08-110 Siedlce")]
    assert kitchen["telephone"] == [("25 000 00 00", 2, "tel. 25 000 00 00")]
    assert kitchen["lastAttested"] == [("2019-11-05", 2, "data aktualizacji: 2019-11-05")]
    assert holds(graph, "?r se:holder id:org-rjps-990001 ; se:recordedStatus orgstatus:social-enterprise-2022")
    for number, kind in (("2", "cis"), ("3", "kis"), ("4", "zaz"), ("5", "wtz")):
        assert stated(graph, f"id:org-rjps-99000{number}")["classification"][0][0] == kind
    club, office = stated(graph, "id:org-rjps-990003"), stated(graph, "id:org-rjps-990006")
    assert not club.keys() & {"seatIn", "email", "homepage", "lastAttested"}, "two places are called Borki"
    assert "classification" not in office and [kind for kind, *_ in office["type"]] == ["org#Organization"]
    assert holds(graph, 'id:org-rjps-990004 skos:prefLabel "Zakład Aktywności Zawodowej w Mordach"@pl')


def test_a_report_of_regon_joins_the_extract_by_its_number(graph: ox.Store) -> None:
    kite = stated(graph, "id:org-krs-9990000001")
    assert ("siedlce", 2, "MAZOWIECKIE, M. SIEDLCE, SIEDLCE") in kite["seatIn"]
    [seat] = [fact for fact in facts(graph, [LATAWIEC]) if fact.predicate == term("se:seatIn") and fact.asserted]
    assert [at.words for at in seat.passages] == ["MAZOWIECKIE, M. SIEDLCE, SIEDLCE", "14, 64, 011"]
    assert stated(graph, "id:founding-regon-123456704")["date"] == [("2012-05-21", 2, "2012-05-21")]
    bakery = stated(graph, "id:org-regon-999000029")
    assert bakery["orgStatus"] == [
        ("suspended", 3, "2028-01-01, 2027-01-01, SPÓŁDZIELNIA SOCJALNA PRZYKŁAD W LIKWIDACJI")
    ]
    assert bakery["seatIn"] == [("gmina-siedlce", 3, "14, 26, 082")]
    assert "resultedFrom" not in bakery, "30 February is no day"
    assert [value for value, *_ in bakery["identifier"]] == ["regon-999000029"]
    deleted = stated(graph, "id:org-regon-999000035")
    assert deleted["orgStatus"][0][:2] == ("struck-off", 4)
    assert deleted["endedBy"] == [("ending-regon-999000035", 4, "2025-06-30")] and "endedBy" not in bakery
    ending = stated(graph, "id:ending-regon-999000035")
    assert [ending[day] for day in ("date", "earliest", "latest")] == [[("2025-06-30", 4, "2025-06-30")]] * 3
    assert states.states(graph, states.day("2025-07-01"))[term("id:org-regon-999000035")] == term("state:ended")


def test_an_accreditation_has_its_days_and_its_list(graph: ox.Store) -> None:
    record = stated(graph, "id:owes-accreditation-owes-przyklad-w-siedlcach")
    assert record["validFrom"] == [("2029-03-01", 2, "01.03.2029")]
    assert record["validUntil"] == [("2031-02-28", 2, "28.02.2031 r.")]
    assert record["identifier"] == [("WYMYŚLONA-1/2029", 2, "WYMYŚLONA-1/2029")]
    formula = stated(graph, "id:owes-accreditation-hyperlink-https-example-org-owes")
    assert formula["holder"] and not formula.keys() & {"validFrom", "validUntil"}, "a month and a year are no days"
    assert holds(graph, "id:owes-osrodek-wsparcia-ekonomii-spolecznej-zolw se:activeIn id:mazowieckie")


def test_a_project_has_its_row_and_the_amount_of_the_later_edition(graph: ox.Store) -> None:
    project = stated(graph, "id:eu-project-fepr-08-01-iz-00-0001-29")
    amounts = {value: (row, words) for value, row, words in project["amount"]}
    assert amounts == {"1062500.43": (3, LATER[0]), "2000000": (3, LATER[1])}
    default = graph.quads_for_pattern(KITCHEN, term("schema:amount"), None, ox.DefaultGraph())
    assert [quad.object.value for quad in default if isinstance(quad.object, ox.Literal)] == ["2000000"]
    second = stated(graph, "id:eu-project-fepr-08-01-iz-00-0002-29")
    assert second["validFrom"] == [("2029-01-02", 4, "47120")]
    assert second["spatial"][0][2] == "WOJ.: MAZOWIECKIE, POW.: siedlecki, GM.: Siedlce - Gmina wiejska"
    firm = stated(graph, "id:eu-project-fepr-01-01-iz-00-0003-29")
    assert not firm.keys() & {"beneficiary", "amount", "spatial"}, "a person, an unclear number, two places"
    assert len(facts(graph, [term("id:eu-fund-europejski-fundusz-spoleczny-plus")])) < 10


def test_a_page_shows_the_cells_of_a_row_as_they_stand(graph: ox.Store, data: Path) -> None:
    book = book_of(graph, Folders(paths.bundled().ontology, data))
    assert {"rows/rjps-2030-02-01/1", "rows/eu-2021-2031-02-01/1"} < {*writers.paths(book)}
    card = writers.written(book, "id/eu-project-fepr-08-01-iz-00-0001-29", "pl")[0]
    assert 'href="../../page/rows/eu-2021-2030-02-01/1.pl.html#row-3"' in card
    shown = writers.written(book, "rows/eu-2021-2030-02-01/1", "pl")[0]
    assert 'id="row-3"' in shown and LATER[0] in shown and "JAN PRZYKŁADOWY" not in shown
    assert 'id="row-6"' in shown and 'id="row-2"' not in shown, "the header is row 2"
    assert "rows/eu-2021-2030-02-01/1.pl.html" in writers.written(book, "source/eu-2021-2030-02-01", "pl")[0]
    for path in ("rows/eu-2021-2030-02-01/2", "rows/none/1", "rows/eu-2021-2030-02-01/x"):
        with pytest.raises(NotFound):
            writers.written(book, path, "pl")
    writers.check(book, "rows/rjps-2030-02-01/1")


def test_nobody_s_name_is_imported(data: Path) -> None:
    for edition, name in (("rjps-2030-02-01", "Jan P****"), ("eu-2021-2030-02-01", "JAN PRZYKŁADOWY")):
        folder = data / "registers" / edition
        [original] = [file for file in folder.glob("*.gz") if file.name != "facts.nq.gz"]
        assert name.encode() in gzip.decompress(original.read_bytes())
        assert name.encode() not in gzip.decompress((folder / "facts.nq.gz").read_bytes())


def asked(store: ox.Store, name: str, **terms: ox.NamedNode | ox.Literal) -> list[dict[str, str]]:
    content = questions.ask(store, questions.named(paths.bundled().ontology, name), "en", **terms)
    return list(csv.DictReader(sparql.serialize(content, "csv").decode().splitlines()))


def test_questions_answer_from_registers_too(graph: ox.Store) -> None:
    paid = [row for row in asked(graph, "who-received-how-much") if row["grant"] == KITCHEN.value]
    assert {(row["name"], row["currency"], row["from"]) for row in paid} == {
        ("Fundacja „Przykładowy Latawiec”", "PLN", "2029-01-01")
    }
    assert {row["source"][-10:] for row in paid} == {"2029-02-01", "2030-02-01", "2031-02-01"}
    day = ox.Literal("2031-01-01", datatype=term("xsd:date"))
    assert [row["until"] for row in asked(graph, "statuses-ending", day=day) if "owes" in row["source"]] == [
        "2031-02-28"
    ]
    late = ox.Literal("2032-01-01", datatype=term("xsd:date"))
    assert [row["name"] for row in asked(graph, "expired-statuses", day=late) if "owes" in row["source"]] == [
        "OWES Przykład w Siedlcach"
    ]
    centre, then = term("id:owes-owes-przyklad-w-siedlcach"), ox.Literal("2030-06-01", datatype=term("xsd:date"))
    assert [row["state"] for row in asked(graph, "status-on-a-day", organisation=centre, day=then)] == ["held"]
    seats = asked(graph, "entities-in-territory", area=term("id:powiat-siedlecki"))
    assert {(row["kind"], row["seat"]) for row in seats if "rjps" in row["source"]} == {
        ("social integration centre", "Przykładów"),
        ("vocational activity establishment", "Mordy"),
        ("occupational therapy workshop", "gmina Przykładów"),
    }
    alone = asked(graph, "on-a-list-only", status=term("orgstatus:social-enterprise-2022"))
    assert [row["organisation"].rpartition("/")[2] for row in alone] == ["org-rjps-990001"]
    single = asked(graph, "single-source", subject=LATAWIEC)
    assert {row["source"].rpartition("/")[2] for row in single} == {"regon-2030-02-01"}
    origins = asked(graph, "asserted-or-inferred", subject=term("id:org-rjps-990002"))
    assert {
        (row["origin"], row["source"].rpartition("/")[2]) for row in origins if "classification" in row["predicate"]
    } == {("asserted", "rjps-2030-02-01")}
    words = asked(
        graph,
        "words-behind-edge",
        subject=KITCHEN,
        predicate=term("se:beneficiary"),
        object=term("id:eu-beneficiary-fundacja-przykladowy-latawiec"),
    )
    assert [LATER[0] in row["words"] for row in words] == [True, True, False]
    assert any("terc" in row["source"] for row in asked(graph, "gminas-without-entities"))


def test_each_register_says_on_what_its_description_rests(data: Path) -> None:
    told = kgraph("register", "list", "--data", data, "--lang", "pl").output
    assert "prawdziwego pliku nie widzieliśmy" in told and "przykładowy plik wymyślony" in told
    assert "the example file is invented" in kgraph("register", "show", "owes-2030-02-01", "--data", data).output
    told = kgraph("register", "check", "--data", data).output
    assert told == "no problems\n", told


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><root><dane><praw_regon9>&b;</praw_regon9></dane></root>'
PERSON = "<root><dane><fiz_regon9>999000012</fiz_regon9><fiz_imie1>JAN</fiz_imie1></dane></root>"


@pytest.mark.parametrize(
    ("name", "content", "polish"),
    [
        ("rjps", "<html><body><h1>Przerwa techniczna</h1></body></html>", "nie ma w nim żadnego rekordu"),
        ("rjps", "", "jest pusty"),
        ("regon", PERSON, "Raportów o osobach fizycznych się nie czyta"),
        ("regon", "<root><dane><praw_regon9>9990", "nie da się odczytać"),
        ("regon", "Przerwa techniczna", "nie da się odczytać"),
        ("regon", BOMB, "Entity 'b' not defined"),
        ("simc", "WOJ;POW\n14;26\n", "nie ma kolumny „GMI”"),
        ("eu-2021", "Lista projektów\n", "nie ma kolumny"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(data: Path, tmp_path: Path, name: str, content: str, polish: str) -> None:
    file = tmp_path / "bad.xml"
    file.write_text(content, encoding="utf-8")
    before = {*(data / "registers").rglob("*")}
    told = kgraph("register", "add", name, file, "--as-of", "2032-01-01", "--data", data, "--lang", "pl")
    assert told.exit_code == 3, told.output
    assert polish in told.output and told.output.count("\n") == 1, told.output
    assert {*(data / "registers").rglob("*")} == before
