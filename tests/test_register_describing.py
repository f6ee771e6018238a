"""A curator's own table: its description is proposed, edited, and used. The table of the test is invented."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.build import pipeline
from kgraph.graph.faceting import facets, listing
from kgraph.graph.faceting.selection import Selection
from kgraph.graph.statements.facts import facts
from kgraph.publish.formats import spreadsheet
from tests.command import kgraph

HERE = Path(__file__).parents[1] / "docs/registers"
DAY = ("--as-of", "2030-02-01")
MEMBERS = {
    "Nazwa": ('FUNDACJA "PRZYKŁADOWY LATAWIEC"', '=HYPERLINK("https://example.org")', "FUNDACJA\nW DWÓCH WIERSZACH"),
    "Numer KRS": ("9990000001", "9990000002", "9990000003"),
    "NIP": ("111-000-00-07", "", "1110000071"),
    "REGON": ("123456785", "", ""),
    "Województwo": ("MAZOWIECKIE", "MAZOWIECKIE", "mazowieckie"),
    "Gmina": ("M. SIEDLCE", "ZBUCZYN", "Mordy"),
    "Miejscowość": ("SIEDLCE", "BORKI", "Mordy"),
    "Kontakt": ("biuro@example.org", "nie ma", "c@example.org"),
    "Strona": ("www.example.org", "", "https://example.org/c"),
    "Data wpisu": ("1.02.2029 r.", "2029-03-01", "2029-04-01"),
    "Dotacja (kwota)": ("12 000,50 zł", "500", "700,00"),
    "Kod": ("1464011", "1426132", "1426053"),
    "Uwagi": ("brak", "x", ""),
}
"""The columns of the table."""


@pytest.fixture
def data(with_terc: Path, tmp_path: Path) -> Path:
    shutil.copytree(with_terc, tmp_path / "data")
    return tmp_path / "data"


def test_a_table_is_described_added_and_exported(data: Path, tmp_path: Path) -> None:
    file, made = tmp_path / "Członkowie sieci.csv", tmp_path / "members.json"
    with file.open("w", encoding="cp1250", newline="") as out:
        csv.writer(out, delimiter=";").writerows([MEMBERS, *zip(*MEMBERS.values(), strict=True)])
    told = kgraph("register", "describe", file, "-o", made, "--data", data, "--lang", "pl")
    assert told.returncode == 0, told.stderr
    lines = dict(line.split(" → ") for line in told.stderr.splitlines() if " → " in line)
    assert lines == {
        "Nazwa": "nazwa organizacji: pasuje 3 z 3 wartości, pasuje też nagłówek",
        "Numer KRS": "numer KRS: pasuje 3 z 3 wartości, pasuje też nagłówek",
        "NIP": "NIP: pasuje 2 z 2 wartości, pasuje też nagłówek",
        "REGON": "numer REGON: pasuje 1 z 1 wartości, pasuje też nagłówek",
        "Województwo": "województwo: pasuje 3 z 3 wartości, pasuje też nagłówek",
        "Gmina": "gmina: pasuje 3 z 3 wartości, pasuje też nagłówek",
        "Miejscowość": "miejscowość: pasuje 3 z 3 wartości, pasuje też nagłówek",
        "Kontakt": "nie rozpoznano; kolumna nie daje faktów",
        "Strona": "adres strony: pasuje 2 z 2 wartości, pasuje też nagłówek",
        "Data wpisu": "dzień: pasuje 3 z 3 wartości, pasuje też nagłówek",
        "Dotacja (kwota)": "kwota: pasuje 3 z 3 wartości, pasuje też nagłówek",
        "Kod": "kod TERC, z rejestru jednostek terytorialnych: pasuje 3 z 3 wartości",
        "Uwagi": "nie rozpoznano; kolumna nie daje faktów",
    }
    assert "wiersze rozróżnia kolumna „Numer KRS”" in told.stderr
    described = json.loads(made.read_text(encoding="utf-8"))
    assert described["dialect"] == {"delimiter": ";", "encoding": "cp1250"} and "brak" in described["null"]
    told = kgraph("register", "add", made, file, *DAY, "--data", data)
    assert told.returncode == 0 and "3 rows" in told.stderr, told.stderr
    store, problems = pipeline.validated(Folders(paths.bundled().ontology, data))
    assert not problems
    about = {
        (fact.subject, fact.predicate): fact
        for fact in facts(store, [term(f"id:org-krs-999000000{n}") for n in (1, 2, 3)])
        if fact.passages
    }
    first, second = term("id:org-krs-9990000001"), term("id:org-krs-9990000002")
    assert about[first, term("se:seatIn")].object == term("id:siedlce")
    assert about[second, term("se:seatIn")].object == term("id:teryt-1426132")
    assert about[first, term("foaf:homepage")].object.value == "http://www.example.org"
    assert about[first, term("foaf:homepage")].passages[0].words == "www.example.org"
    index = facets.index(store, facets.dates(store))
    rows = [*listing.cells(index, Selection({}), listing.Order("name", False, "pl"))]
    exported = spreadsheet.csv(rows, for_excel=True).decode("utf-8-sig")
    assert "'=HYPERLINK(" in exported and '\n"=HYPERLINK(' not in exported
    assert "Fundacja w Dwóch Wierszach" in exported


def test_a_sheet_is_described_in_english_and_its_days_are_days(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "lista.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Lista"  # type: ignore[union-attr]
    rows = [["Lista"], [], ["Lp", "Nazwa", "od", "e-mail"]]
    rows += [[n, f"Fundacja {n}", date(2030, 1, n), f"a{n}@example.org"] for n in range(1, 5)]  # type: ignore[list-item]
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(file)
    told = kgraph("register", "describe", file, "--data", data)
    found = json.loads(told.stdout)
    notes = {column.get("titles"): column.get("rdfs:comment", "") for column in found["tableSchema"]["columns"]}
    assert notes["od"].startswith("a day: 4 of 4 values fit, and so does the heading. It gives no fact")
    assert found["se:sheet"] == "Lista" and "rows are told apart by “Lp”" in told.stderr
    made = tmp_path / "lista.json"
    made.write_text(told.stdout, encoding="utf-8")
    told = kgraph("register", "add", made, file, *DAY, "--data", data, "--dry-run")
    assert told.returncode == 0 and "Fundacja 1 · e-mail · a1@example.org" in told.stdout, told.stderr


@pytest.mark.parametrize(
    ("content", "polish", "english"),
    [
        ("[", "nie jest opisem rejestru", "is no description of a register"),
        ("[]", "brakuje części", "is missing"),
        (
            '{"dc:title": [{"@language": "pl", "@value": "x"}]}',
            "brakuje części dc:publisher",
            "dc:publisher is missing",
        ),
        ({"primaryKey": "y"}, "nie ma kolumny „y”", "has no column “y”"),
        (
            {"columns": [{"name": "x", "propertyUrl": "nie:ma x"}]},
            "„nie:ma x” w kolumnie „x”",
            "“nie:ma x” in the column",
        ),
        ({"columns": [{"name": "x", "se:lookup": "y", "se:from": ["x"]}]}, "nieznana operacja „y”", "look-up “y”"),
        ({"columns": [{"name": "x", "se:lookup": "state"}]}, "nieznana operacja „state”", "look-up “state”"),
    ],
)
def test_a_bad_description_is_refused_in_a_sentence(
    data: Path, tmp_path: Path, content: object, polish: str, english: str
) -> None:
    made, file = tmp_path / "my.json", tmp_path / "my.csv"
    titles = [{"@language": lang, "@value": "x"} for lang in ("pl", "en")]
    schema = {"primaryKey": "x", "columns": [{"name": "x"}]} | (content if isinstance(content, dict) else {})
    whole = {"dc:title": titles, "dc:publisher": "x", "tableSchema": schema}
    made.write_text(content if isinstance(content, str) else json.dumps(whole), encoding="utf-8")
    file.write_text("x\n1\n", encoding="utf-8")
    for lang, part in (("pl", polish), ("en", english)):
        told = kgraph("register", "add", made, file, *DAY, "--data", data, "--lang", lang)
        assert (told.returncode, told.stderr.count("\n")) == (3, 1) and part in told.stderr, told.stderr
    assert not (data / "registers/my-2030-02-01").exists()


def test_what_cannot_be_described_is_said(data: Path, tmp_path: Path) -> None:
    for name, content, part in (
        ("a.json", "{}", "is not a table"),
        ("a.csv", "", "is empty"),
        ("a.csv", "x,y\n", "no row below its header"),
        ("a.csv", "<html>", "is a web page"),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
        told = kgraph("register", "describe", tmp_path / name, "--data", data)
        assert (told.returncode, told.stderr.count("\n"), told.stdout) == (3, 1, "") and part in told.stderr
    (tmp_path / "a.csv").write_text("x\n1\n1\n", encoding="utf-8")
    told = kgraph("register", "describe", tmp_path / "a.csv", "-o", tmp_path / "b.json", "--data", data, "--lang", "pl")
    assert told.returncode == 0 and "wskaż klucz w primaryKey" in told.stderr
    told = kgraph("register", "add", tmp_path / "b.json", tmp_path / "a.csv", *DAY, "--data", data)
    assert told.returncode == 3 and "has no column “unknown”" in told.stderr
