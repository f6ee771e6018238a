"""Source files as workbooks and CSV, and back without loss."""

from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.base.paths import Folders
from kgraph.base.vocab import CONTRADICTS, EXACT, STATUS, TURTLE_PREFIXES, term
from kgraph.evidence import turtle
from kgraph.evidence.statements import Statement, statements
from kgraph.publish.formats.annotated import source_file
from kgraph.publish.sheets import book, files, into, out
from kgraph.publish.sheets.cells import to_term
from kgraph.publish.sheets.names import Names, names, names_of
from tests.command import kgraph
from tests.conftest import lines


@pytest.fixture(scope="module")
def polish(folders: Folders) -> Names:
    return names(folders, "pl")


def told(path: Path) -> Counter[str]:
    """The statements of a source file, in any order."""
    return counted(statements(path.name, (quad.triple for quad in turtle.parse(path))))


def counted(given: Sequence[Statement]) -> Counter[str]:
    evidence = (sorted(map(str, one.evidence)) if one.evidence is not None else None for one in given)
    return Counter(f"{one.fact} {one.reifier} {found}" for one, found in zip(given, evidence, strict=True))


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_every_source_comes_back_as_it_went_out(folders: Folders, polish: Names, tmp_path: Path, ending: str) -> None:
    for path in folders.sources():
        sheet, back = tmp_path / f"{path.stem}.{ending}", tmp_path / path.name
        sheet.write_bytes(files.workbook(path, polish, sheet).content)
        found = files.source(sheet, polish)
        back.write_bytes(found.content)
        assert not found.problems
        assert told(back) == told(path)
        before, after = turtle.read(path), turtle.read(back)
        assert {*before.claims} == {*after.claims}
        assert (before.sources, before.editorial, before.problems) == (after.sources, after.editorial, after.problems)
        assert path.name == "places.ttl" or files.target(folders.data, found, sheet) == path


texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(["=1+1", "'=1+1", '"', '"a"', " a ", "_x000D_", "a\r\nb", "null", "-5", "id:mcps", "x · id:mcps"]),
)
things = st.sampled_from([term("id:a"), term("id:b"), term("se:Cluster"), ox.NamedNode("https://example.org/a?b=ż#c")])
literals = st.one_of(
    st.builds(ox.Literal, texts),
    st.builds(lambda text, lang: ox.Literal(text, language=lang), texts, st.sampled_from(["pl", "en", "zh-hant"])),
    st.builds(
        lambda text, kind: ox.Literal(text, datatype=kind),
        texts,
        st.sampled_from([term("xsd:date"), term("xsd:integer"), ox.NamedNode("https://example.org/type")]),
    ),
)
facts = st.builds(
    ox.Triple, things, st.sampled_from([term("se:date"), term("skos:prefLabel"), term("rdf:type")]), things | literals
)
parts = st.one_of(
    st.tuples(st.just(EXACT), st.builds(ox.Literal, texts)),
    st.tuples(st.sampled_from([term("oa:start"), term("oa:end")]), st.builds(ox.Literal, st.integers(0, 10**12))),
    st.tuples(st.just(CONTRADICTS), facts),
    st.tuples(st.sampled_from([term("skos:note"), term("oa:prefix"), term("se:x")]), things | literals),
)
claims = st.builds(
    lambda fact, found, reifier, status: Statement(
        fact, tuple(dict.fromkeys([*found, *([(STATUS, status)] if status else [])])), reifier
    ),
    facts,
    st.lists(parts, max_size=4),
    st.none(),
    st.sampled_from([None, term("status:opinion")]),
)


@settings(max_examples=60)
@given(st.lists(claims, max_size=4), st.lists(facts, max_size=4, unique=True), st.sampled_from(["xlsx", "csv"]))
def test_any_statements_come_back(
    tmp_path_factory: pytest.TempPathFactory, claimed: list[Statement], bare: list[ox.Triple], ending: str
) -> None:
    plain = {one.fact for one in claimed if one.is_asserted}
    kept = [one for one in claimed if one.is_asserted or one.fact not in plain]
    given = [*kept, *(Statement(fact) for fact in bare if fact not in {one.fact for one in claimed})]
    few = names_of((quad.triple for quad in ox.parse(LABELS, ox.RdfFormat.TURTLE)), "en")
    path = tmp_path_factory.mktemp("any") / f"sheet.{ending}"
    path.write_bytes(book.write(out.table(given, "a\n  comment", few), few, path))
    read, problems = book.read(path)
    found = into.read(read, few)
    assert [*problems, *found.problems] == []
    assert found.comment == "a\n  comment"
    assert counted(found.statements) == counted(given)
    again = path.with_suffix(".ttl")
    again.write_bytes(source_file(found.statements, found.comment))
    assert told(again) == counted(given)


LABELS = f"""{TURTLE_PREFIXES}
id:a skos:prefLabel "=A"@en . id:b skos:prefLabel "Gmina B (authority)"@en . id:c skos:prefLabel "Gmina B (place)"@en .
se:Cluster a owl:Class ; rdfs:label "cluster"@en . se:date a owl:DatatypeProperty ; rdfs:label "date"@en ;
    rdfs:range xsd:date , xsd:gYear . se:partOf a owl:ObjectProperty ; rdfs:label "part of"@en .
skos:prefLabel a owl:AnnotationProperty ; rdfs:label "name"@en . status:opinion skos:prefLabel "opinion"@en .
"""


def csv_lines(tmp_path: Path, *rows: str) -> into.Read:
    """What rows of CSV say, with the names of LABELS."""
    path = tmp_path / "typed.csv"
    heading = "Sheet,Subject,Relation,Object or value,Language or type,Quote,Status,Id,Polish name"
    path.write_text("\n".join([heading, *rows]), encoding="utf-8")
    read, problems = book.read(path)
    found = into.read(read, names_of((quad.triple for quad in ox.parse(LABELS, ox.RdfFormat.TURTLE)), "en"))
    return into.Read(found.statements, found.comment, [*problems, *found.problems])


def test_names_are_typed_in_place_of_ids(tmp_path: Path) -> None:
    found = csv_lines(
        tmp_path,
        "things,,,,,,,,Nowa Spółka",
        "facts,Nowa Spółka,part of,gmina b (AUTHORITY),,razem,,,",
        "facts,nowa spółka,date,2024,,w 2024 r.,opinion,,",
    )
    assert not found.problems
    new, authority = term("id:nowa-spolka"), term("id:b")
    year = ox.Literal("2024", datatype=term("xsd:gYear"))
    opinion = ((EXACT, ox.Literal("w 2024 r.")), (STATUS, term("status:opinion")))
    assert list(found.statements)[1:] == [
        Statement(ox.Triple(new, term("se:partOf"), authority), ((EXACT, ox.Literal("razem")),)),
        Statement(ox.Triple(new, term("se:date"), year), opinion),
    ]


def test_values_are_read_as_people_write_them(polish: Names) -> None:
    decimal, truth = term("xsd:decimal"), term("xsd:boolean")
    for name, value, read in (
        ("se:draft", "tak", ox.Literal("true", datatype=truth)),
        ("schema:amount", "86 400 zł", ox.Literal("86400.00", datatype=decimal)),
        ("schema:amount", "12500,5", ox.Literal("12500.5", datatype=decimal)),
        ("schema:value", "20", ox.Literal("20", datatype=term("xsd:integer"))),
        ("dcterms:publisher", "Kurier", ox.Literal("Kurier")),
    ):
        assert to_term(value, "", term(name), polish) == read
    assert polish.term("Siedziba", polish.properties) == term("se:seatIn")  # as cards call it


def test_a_line_break_within_a_cell_is_kept(tmp_path: Path) -> None:
    [statement] = csv_lines(tmp_path, 'facts,id:a,part of,id:b,,"w jednym\nwierszu",,,').statements
    assert statement.evidence == ((EXACT, ox.Literal("w jednym\nwierszu")),)


def test_each_cell_that_cannot_be_read_is_named_with_what_is_alike(tmp_path: Path) -> None:
    found = csv_lines(
        tmp_path,
        "facts,Gmina B,part of,Gmina Bx,,,,,",
        "facts,id:a,dat,2024,,,opinon,,",
        "facts,id:a,date,wczoraj,,,,,",
        "no evidence,id:a,name,A,,,,,",
        "no evidence,id:a,name,A,po polsku,,,,",
        "facts,id:a,,,,,,,",
        "other,id:a,name,A,pl,,,,",
    )
    shown = lines(found.problems)
    for cell, words in (
        (
            "CSV!B2",
            "“Gmina B” is the name of several things; write one of: Gmina B (authority) · id:b, Gmina B (place)",
        ),
        ("CSV!D2", "“Gmina Bx” is the name of nothing; similar: Gmina B (authority) · id:b"),
        ("CSV!C3", "similar: date · se:date"),
        ("CSV!G3", "similar: opinion · status:opinion"),
        ("CSV!D4", "has not the form that the relation takes (xsd:date, xsd:gYear)"),
        ("CSV!D5", "has no language"),
        ("CSV!D6", "“po polsku” is neither a language nor a type"),
        ("CSV!C7", "fill in the column “Relation”"),
        ("CSV!A8", "to which sheet"),
    ):
        assert any(cell in line and words in line for line in shown), (cell, shown)
    assert any("typed.csv · CSV!B2 · „Gmina B” to nazwa kilku rzeczy" in line for line in lines(found.problems, "pl"))


def test_a_workbook_hides_nothing(tmp_path: Path) -> None:
    path, content = tmp_path / "odd.xlsx", BytesIO()
    with xlsxwriter.Workbook(content) as made:
        page, extra = made.add_worksheet("facts"), made.add_worksheet("mine")
        page.write_row(0, 0, ["Subject", "Relation", "Object or value", "Colour"])
        page.write_row(1, 0, ["id:a", "a", "se:Cluster"])
        page.write_formula("C3", "=A1")
        page.set_row(1, None, None, {"hidden": True})
        page.merge_range("A5:B5", "id:a")
        extra.write(0, 0, "x")
    path.write_bytes(content.getvalue())
    problems = book.read(path)[1]
    assert [(problem.node, problem.code) for problem in problems] == [
        ("facts!2", "sheet-hidden"),
        ("facts!A5:B5", "sheet-merged"),
        ("facts!C3", "sheet-formula"),
        ("facts!D1", "sheet-unknown-column"),
        ("mine", "sheet-unknown-sheet"),
    ]
    assert "read are facts, things" in lines(problems)[-1]
    with xlsxwriter.Workbook(tmp_path / "macros.xlsm") as made:
        made.add_worksheet("facts")
        (tmp_path / "vba.bin").write_bytes(b"macro")
        made.add_vba_project(str(tmp_path / "vba.bin"))
    assert [problem.code for problem in book.read(tmp_path / "macros.xlsm")[1]] == ["sheet-macros"]


def test_a_source_is_edited_in_a_spreadsheet(copied: Folders, tmp_path: Path) -> None:
    source = copied.data / "sources" / "swr-2013-klaster.ttl"
    at, before = tmp_path / "klaster.xlsx", source.read_bytes()
    data = ("--data", copied.data, "--lang", "pl")
    assert "zapisano" in kgraph("sheet", "out", source, at, *data).stderr
    assert "mówi to samo" in kgraph("sheet", "in", at, *data).stderr
    assert source.read_bytes() == before
    made = openpyxl.load_workbook(at)
    assert made.sheetnames == ["fakty", "rzeczy", "niewiadome", "bez cytatu", "źródło", "listy"]
    assert len(made["fakty"].data_validations.dataValidation) == 6
    made["rzeczy"].append([None, "=Nowa fundacja", "New foundation"])
    made["fakty"].append(["=Nowa fundacja", "a", "podmiot ekonomii społecznej", None, "nowa fundacja"])
    for sheet in ("rzeczy", "fakty"):
        for row in made[sheet].iter_rows():
            for cell in row:
                cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    made.save(at)
    refused = kgraph("sheet", "in", at, *data)
    assert refused.returncode == 3 and "--replace" in refused.stderr
    assert source.read_bytes() == before
    taken = kgraph("sheet", "in", at, "--replace", *data)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    new = term("id:nowa-fundacja")
    [claim] = [one for one in turtle.read(source).claims if one.triple.subject == new]
    assert claim.triple.object == term("se:SocialEconomyEntity")
    assert (
        ox.Triple(new, term("skos:prefLabel"), ox.Literal("=Nowa fundacja", language="pl"))
        in turtle.read(source).editorial
    )
    made["fakty"].append(["Miasto Siedlec", "ma sygnatariusza", "id:mcps"])
    made.save(at)
    asked = kgraph("sheet", "in", at, "--replace", *data)
    assert asked.returncode == 1
    assert "klaster.xlsx · fakty!A" in asked.stdout and "Miasto Siedlce (samorząd) · id:city-of-siedlce" in asked.stdout


def test_a_file_that_no_sheet_holds_is_refused(tmp_path: Path, polish: Names) -> None:
    path = tmp_path / "bad.ttl"
    path.write_text(f"{TURTLE_PREFIXES} id:a se:partOf [ a se:Cluster ] .", encoding="utf-8")
    asked = kgraph("sheet", "out", path, tmp_path / "bad.xlsx", "--lang", "pl")
    assert (asked.returncode, "węzeł bez IRI" in asked.stderr) == (3, True)
    (tmp_path / "text.xlsx").write_text("Not a workbook")
    asked = kgraph("sheet", "in", tmp_path / "text.xlsx", "-o", path)
    assert (asked.returncode, "cannot be read" in asked.stderr) == (3, True)
