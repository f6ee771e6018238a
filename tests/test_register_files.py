"""Files of registers that curators have: workbooks, later editions, what must be refused. All tables are invented."""

import csv
import io
import shutil
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.build import pipeline
from kgraph.evidence.registers import descriptions, lines, readers, unchanged
from kgraph.graph.entity import as_json
from kgraph.graph.statements.facts import facts
from tests.command import kgraph

HERE = Path(__file__).parents[1] / "docs/registers"
OPP = HERE / "opp.csv"
ROWS = list(csv.reader(io.StringIO(OPP.read_text(encoding="utf-8"))))
DAY, LATER = ("--as-of", "2030-02-01"), ("--as-of", "2031-02-01")
LATAWIEC = term("id:org-krs-9990000001")


@pytest.fixture
def data(with_terc: Path, tmp_path: Path) -> Path:
    shutil.copytree(with_terc, tmp_path / "data")
    return tmp_path / "data"


def listed(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def workbook(file: Path, sheets: Mapping[str, Iterable[Iterable[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(file)
    return file


def ods(file: Path, rows: str) -> Path:
    """An OpenDocument spreadsheet with one sheet of these rows in XML."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "manifest")
    )
    body = f"<office:body><office:spreadsheet><table:table table:name='Wykaz'>{rows}</table:table>"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", f"<manifest:manifest{names}/>")
        parts.writestr(
            "content.xml",
            f"<office:document-content{names}>{body}</office:spreadsheet></office:body></office:document-content>",
        )
    return file


def ods_row(cells: Iterable[str], attributes: str = "") -> str:
    texts = (f"<text:p>{cell.replace('&', '&amp;')}</text:p>" for cell in cells)
    found = "".join(f'<table:table-cell office:value-type="string">{text}</table:table-cell>' for text in texts)
    return f"<table:table-row{attributes}>{found}</table:table-row>"


EMPTY_ROWS = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'


def test_a_sheet_is_found_by_its_header_and_its_rows_keep_their_numbers(data: Path, tmp_path: Path) -> None:
    sheet: list[Sequence[object]] = [["Wykaz OPP"], [], ["stan na", date(2030, 2, 1)], []]
    sheet += [ROWS[0], ROWS[1], [], *ROWS[2:4]]
    file = workbook(tmp_path / "wykaz.xlsx", {"Uwagi": [["KRS", "opis"], ["x", "y"]], "OPP 2030": sheet})
    told = kgraph("register", "add", "opp", file, *DAY, "--data", data)
    assert told.returncode == 0 and "3 rows" in told.stderr, told.stderr
    store, problems = pipeline.validated(Folders(paths.bundled().ontology, data))
    assert not problems
    [seat] = [fact for fact in facts(store, [LATAWIEC]) if fact.predicate == term("se:seatIn") and fact.passages]
    [passage] = seat.passages
    assert (passage.row, passage.words) == (6, "MAZOWIECKIE, M. SIEDLCE, SIEDLCE")
    assert as_json.passage(passage)["fragment"] == "cell=6,5;6,6;6,7;6,8"
    titles = [
        quad.object.value
        for quad in store.quads_for_pattern(ox.NamedNode(passage.source), None, None, None)
        if quad.predicate == term("dcterms:title") and isinstance(quad.object, ox.Literal)
    ]
    assert any(title.endswith("stan na 2030-02-01, arkusz „OPP 2030”") for title in titles)
    shown = lines(data / "registers/opp-2030-02-01").decode()
    assert [number in shown for number in ("#row=6>", "#row=7>", "#row=8>", "#row=9>")] == [True, False, True, True]
    assert kgraph("register", "check", "--data", data).returncode == 0


def test_sheets_with_one_table_twice_are_told_apart_by_name(data: Path, tmp_path: Path) -> None:
    file = workbook(tmp_path / "wykaz.xlsx", {"2029": ROWS[:2], "2030": ROWS[:3]})
    told = kgraph("register", "add", "opp", file, *DAY, "--data", data, "--lang", "pl")
    assert (told.returncode, told.stderr.count("\n")) == (3, 1) and "2029, 2030" in told.stderr
    told = kgraph("register", "add", "opp", file, *DAY, "--data", data, "--sheet", "2031")
    assert told.returncode == 3 and "has no sheet “2031”; it has 2029, 2030" in told.stderr
    told = kgraph("register", "add", "opp", file, *DAY, "--data", data, "--sheet", "2030")
    assert told.returncode == 0 and "2 rows" in told.stderr


def test_an_open_document_gives_the_rows_of_its_csv(data: Path, tmp_path: Path) -> None:
    table = "".join(map(ods_row, [*ROWS[:2], *ROWS[3:]])) + EMPTY_ROWS
    told = kgraph("register", "add", "opp", ods(tmp_path / "opp.ods", table), *DAY, "--data", data)
    assert told.returncode == 0, told.stderr
    found = lines(data / "registers/opp-2030-02-01").decode()
    plain = tmp_path / "plain.csv"
    with plain.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([*ROWS[:2], *ROWS[3:]])
    kgraph("register", "remove", "opp-2030-02-01", "--data", data)
    assert kgraph("register", "add", "opp", plain, *DAY, "--data", data).returncode == 0
    of_csv = lines(data / "registers/opp-2030-02-01").decode()
    assert found.partition("\n")[2] == of_csv.partition("\n")[2]  # the first line describes the file


def macros(file: Path) -> Path:
    workbook(file, {"OPP": ROWS})
    with zipfile.ZipFile(file, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"\0")
    return file


def formula(file: Path) -> Path:
    return workbook(file, {"OPP": [ROWS[0], [*ROWS[1][:3], '=HYPERLINK("https://example.org")', *ROWS[1][4:]]]})


def bomb(file: Path) -> Path:
    """A workbook of 300 MB in 300 kB."""
    workbook(file, {"OPP": ROWS})
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as parts, parts.open("x.bin", "w") as out:
        for _ in range(300):
            out.write(bytes(1024**2))
    return file


def liar(file: Path) -> Path:
    """A workbook whose sheet is larger than its head says."""
    workbook(file, {"OPP": ROWS})
    with zipfile.ZipFile(file) as parts:
        size = parts.getinfo("xl/worksheets/sheet1.xml").file_size
    content = file.read_bytes()
    file.write_bytes(content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    return file


def wide(file: Path) -> Path:
    """A workbook with a cell in the last row and column: a rectangle of 17 thousand million cells."""
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1  # type: ignore[index]
    book.save(file)
    return file


def repeated(file: Path) -> Path:
    return ods(file, ods_row(ROWS[0]) + ods_row(ROWS[1], ' table:number-rows-repeated="1000000"'))


def zipped(file: Path) -> Path:
    """A ZIP that says that it would unpack to 4 GB."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("a.json", b"{}")
    content = file.read_bytes()
    at = content.index(b"PK\x01\x02") + 24  # the size in the central directory (APPNOTE, section 4.3.12)
    file.write_bytes(content[:at] + (0xFFFFFFF0).to_bytes(4, "little") + content[at + 4 :])
    return file


def sparse(file: Path) -> Path:
    """A file of a little more than 2 GB, of which the disk holds nothing."""
    with file.open("wb") as out:
        out.truncate(2 * 1024**3 + 1)
    return file


def renamed(content: bytes) -> Callable[[Path], Path]:
    def write(file: Path) -> Path:
        file.write_bytes(content)
        return file

    return write


WHOLE = OPP.read_bytes()


@pytest.mark.parametrize(
    ("name", "make", "code", "polish", "english"),
    [
        ("opp.xlsx", macros, 3, "zawiera makra", "has macros"),
        ("opp.xlsm", macros, 3, "w formacie, którego nie czytamy", "of a kind that is not read"),
        ("opp.xlsx", formula, 3, "komórka D2 zawiera formułę bez wartości", "the cell D2 is a formula without a value"),
        ("opp.xlsx", bomb, 6, "nie został otwarty", "would unpack to more than"),
        ("opp.xlsx", liar, 3, "nie daje się otworzyć", "cannot be opened"),
        ("opp.xlsx", wide, 6, "usuń puste wiersze", "delete empty rows"),
        ("opp.ods", repeated, 6, "usuń puste wiersze", "delete empty rows"),
        ("opp.xlsx", renamed(WHOLE), 3, "nie daje się otworzyć jako skoroszyt", "cannot be opened as a workbook"),
        ("opp.csv", sparse, 6, "ma ponad 2147483648 bajtów", "more than 2147483648 bytes"),
        ("krs.zip", zipped, 6, "nie został otwarty", "is not opened"),
        ("krs.zip", renamed(b"PK"), 3, "nie da się odczytać", "cannot be read"),
        ("krs.json", renamed(b""), 3, "jest pusty", "is empty"),
        ("krs.json", renamed(b"<!DOCTYPE html>"), 3, "strona internetowa", "is a web page"),
        ("krs.json", renamed(b'{"odpis": {'), 3, "nie da się odczytać", "cannot be read"),
        ("opp.csv", renamed(WHOLE.decode().encode("cp1250")), 3, "--encoding cp1250", "--encoding cp1250"),
        ("opp.csv", renamed(WHOLE[: len(WHOLE) // 2 + 40]), 3, "opp.csv nie da się odczytać", "opp.csv cannot be read"),
        ("opp.csv", renamed(WHOLE + b'1,"2\n'), 3, "cudzysłów nie jest zamknięty", "a quotation mark is not closed"),
        ("opp.csv", renamed(WHOLE + b"1,2\n"), 3, ": 2, w nagłówku: 8", ": 2, in the header: 8"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(
    data: Path, tmp_path: Path, name: str, make: Callable[[Path], Path], code: int, polish: str, english: str
) -> None:
    file, before = make(tmp_path / name), listed(data)
    for lang, part in (("pl", polish), ("en", english)):
        told = kgraph("register", "add", name.partition(".")[0], file, *DAY, "--data", data, "--lang", lang)
        assert (told.returncode, told.stderr.count("\n"), told.stdout) == (code, 1, ""), told.stderr
        assert part in told.stderr
    assert listed(data) == before


def test_a_large_table_is_read_in_little_memory(tmp_path: Path) -> None:
    file, target = tmp_path / "opp.csv", tmp_path / "table.csv"
    lines_ = OPP.read_bytes().splitlines(keepends=True)
    with file.open("wb") as out:
        out.write(lines_[0])
        for _ in range(40):
            out.write(lines_[1] * 4000)
    tracemalloc.start()
    readers.written([file], descriptions.described("opp"), "utf-8", target)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert target.stat().st_size == file.stat().st_size > 15 * 1024**2
    assert most < 8 * 1024**2


def test_a_file_of_windows_and_one_with_a_mark_are_read(data: Path, tmp_path: Path) -> None:
    for name, content, options in (
        ("windows.csv", WHOLE.decode().encode("cp1250"), ("--encoding", "cp1250")),
        ("mark.csv", b"\xef\xbb\xbf" + WHOLE, ()),
    ):
        (tmp_path / name).write_bytes(content)
        told = kgraph("register", "add", "opp", tmp_path / name, *DAY, *options, "--data", data)
        assert told.returncode == 0, told.stderr
        assert "Przykładowy Latawiec" in lines(data / "registers/opp-2030-02-01").decode()
        assert kgraph("register", "check", "--data", data).returncode == 0
        kgraph("register", "remove", "opp-2030-02-01", "--data", data)


def table(file: Path, rows: Iterable[Iterable[str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([ROWS[0], *rows])
    return file


def test_a_newer_edition_reads_the_rows_that_changed_and_says_all_of_it(data: Path, tmp_path: Path) -> None:
    told = kgraph("register", "update", "opp", OPP, *DAY, "--data", data, "--lang", "pl")
    assert (told.returncode, told.stderr.count("\n")) == (3, 1) and "zacznij od „kgraph register add”" in told.stderr
    odd = ["90", "9990000090", "", "FUNDACJA ZNIKĄD", "NIGDZIE", "", "", ""]
    first = table(tmp_path / "first.csv", [*ROWS[1:], odd])
    assert kgraph("register", "add", "opp", first, *DAY, "--data", data).returncode == 0
    changed = [cell.replace("STOŁECZNA", "WARSZAWSKA") for cell in ROWS[7]]
    new = ["91", "9990000091", "", 'FUNDACJA "NOWA"', "MAZOWIECKIE", "SIEDLCE", "SIEDLCE", "SIEDLCE"]
    reordered = [new, *ROWS[3:7], changed, *ROWS[8:], ROWS[1], odd]
    later = table(tmp_path / "later.csv", ([str(number), *row[1:]] for number, row in enumerate(reordered, 1)))
    told = kgraph("register", "update", "opp", later, *LATER, "--data", data)
    assert told.returncode == 0, told.stderr
    assert "10 rows, 2 of them new or changed and read" in told.stderr
    assert "new rows 1, changed 1, gone 1" in told.stderr
    assert "nothing found for 1 rows (10.0%)" in told.stderr
    shared, whole = lines(data / "registers/opp-2031-02-01"), tmp_path / "whole"
    assert unchanged.of(data / "registers/opp-2031-02-01")
    shutil.copytree(data, whole)
    kgraph("register", "remove", "opp-2031-02-01", "--data", whole)
    kgraph("register", "remove", "opp-2030-02-01", "--data", whole)
    assert kgraph("register", "add", "opp", later, *LATER, "--data", whole).returncode == 0
    assert lines(whole / "registers/opp-2031-02-01") == shared
    told = kgraph("register", "diff", "opp-2030-02-01", "opp-2031-02-01", "--data", data)
    assert [row[:3] for row in csv.reader(io.StringIO(told.stdout))][1:] == [
        ["appeared", "9990000091", ""],
        ["changed", "9990000007", "Name"],
        ["gone", "9990000002", ""],
    ]
    assert kgraph("register", "check", "--data", data).returncode == 0
    assert kgraph("register", "remove", "opp-2030-02-01", "--data", data).returncode == 0
    assert lines(data / "registers/opp-2031-02-01") == shared
    assert not unchanged.of(data / "registers/opp-2031-02-01")


def test_a_file_that_breaks_off_in_its_last_row_does_not_end_the_rows_after_it(data: Path, tmp_path: Path) -> None:
    assert kgraph("register", "add", "opp", OPP, *DAY, "--data", data).returncode == 0
    before, cut = listed(data), tmp_path / "cut.csv"
    cut.write_bytes(WHOLE.rstrip().rpartition(b"\n")[0][:-2])
    for lang, part in (("pl", "cut.csv się urywa"), ("en", "cut.csv breaks off")):
        told = kgraph("register", "update", "opp", cut, *LATER, "--data", data, "--lang", lang)
        assert (told.returncode, told.stderr.count("\n"), told.stdout) == (3, 1, ""), told.stderr
        assert part in told.stderr
    assert listed(data) == before
    kgraph("register", "remove", "opp-2030-02-01", "--data", data)
    told = kgraph("register", "add", "opp", cut, *DAY, "--data", data)
    assert told.returncode == 0 and "if the file was cut off, rows are missing" in told.stderr, (
        "nothing to compare with"
    )
    told = kgraph("register", "update", "opp", cut, *LATER, "--data", data)
    assert told.returncode == 0, "the editions end alike"


def test_a_newer_edition_is_checked_with_the_rows_that_did_not_change(data: Path, tmp_path: Path) -> None:
    assert kgraph("register", "add", "opp", OPP, *DAY, "--data", data).returncode == 0
    twice = table(tmp_path / "twice.csv", [*ROWS[1:], [*ROWS[1][:3], "FUNDACJA INNA", *ROWS[1][4:]]])
    told = kgraph("register", "update", "opp", twice, *LATER, "--data", data)
    assert told.returncode == 3 and f"row {len(ROWS) + 1}: “9990000001” stands twice" in told.stderr
    terc = tmp_path / "terc.csv"
    terc.write_text(
        (HERE / "terc.csv").read_text(encoding="utf-8").replace("2030-01-01", "2031-01-01"), encoding="utf-8"
    )
    assert kgraph("register", "add", "terc", terc, "--as-of", "2031-01-01", "--data", data).returncode == 0
    told = kgraph("register", "update", "opp", OPP, *LATER, "--data", data)
    assert "added opp-2031-02-01: 9 rows" in told.stderr, told.stderr  # places may have changed: all rows are read
    assert "new rows 0, changed 0, gone 0" in told.stderr
