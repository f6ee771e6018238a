"""Registers: tables described by CSVW become facts whose evidence is a cell. The tables of the tests are invented."""

import csv
import gzip
import io
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import CLAIMS_GRAPH, EDITORIAL_GRAPH, RULE, SUBJECT, TURTLE_PREFIXES, term
from kgraph.build import pipeline
from kgraph.build.pipeline import Recipe
from kgraph.cli import main
from kgraph.evidence.registers.names import label, labels
from kgraph.evidence.registers.territory import Territory
from kgraph.graph import questions
from kgraph.graph.entity.cards import card
from kgraph.graph.entity.sentence import sentence
from kgraph.graph.faceting import facets
from kgraph.graph.faceting.selection import Selection
from kgraph.graph.statements import claims
from kgraph.graph.statements.facts import UNRECORDED, Fact, facts
from kgraph.graph.statements.reasons import reasons
from kgraph.publish.pages import Site, writers
from kgraph.publish.pages.book import book_of
from kgraph.publish.release import difference
from kgraph.rdf import sparql
from kgraph.rdf.store import graph as in_graph
from kgraph.rdf.store import open_built
from kgraph.rdf.terms import hashed
from tests.conftest import everything, opened_once

HERE = Path(__file__).parents[1] / "docs/registers"
OPP = HERE / "opp.csv"
EXTRACTS = sorted(HERE.glob("krs-*.json"))
DAY = ("--as-of", "2030-02-01")
LATAWIEC = term("id:org-krs-9990000001")
ABSENT = term("se:absentFrom")


def kgraph(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture(scope="module")
def territory() -> Territory:
    with (HERE / "terc.csv").open(encoding="utf-8") as lines:
        return Territory(csv.DictReader(lines, delimiter=";"))


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("MAZOWIECKIE", "M. SIEDLCE", "M. SIEDLCE", "SIEDLCE"), "1464011"),
        (("MAZOWIECKIE", "SIEDLCE", "SIEDLCE", "SIEDLCE"), "1464011"),
        (("MAZOWIECKIE", "SIEDLECKI", "SIEDLCE", "SIEDLCE"), "1464011"),  # the city lies in no gmina of the powiat
        (("MAZOWIECKIE", "SIEDLECKI", "SIEDLCE", "BIAŁKI"), "1426082"),
        (("MAZOWIECKIE", "SIEDLECKI", "ZBUCZYN PODUCHOWNY", "BORKI"), "1426132"),
        (("MAZOWIECKIE", "SIEDLECKI", "PRZYKŁADÓW", "PRZYKŁADÓW"), "1426911"),
        (("MAZOWIECKIE", "SIEDLECKI", "PRZYKŁADÓW", "WÓLKA"), "1426922"),
        (("MAZOWIECKIE", "SIEDLECKI", "PRZYKŁADÓW", ""), "1426"),  # nothing decides between town and rural gmina
        (("MAZOWIECKIE", "SIEDLECKI", "NIE MA TAKIEJ", "NIGDZIE"), "1426"),
        (("MAZOWIECKIE", "WARSZAWSKI", "WARSZAWA-CENTRUM", "WARSZAWA"), "1465011"),
        (("MAZOWIECKIE", "WARSZAWSKI", "REMBERTÓW", "WARSZAWA"), "1465011"),
        (("MAZOWIECKIE", "WARSZAWSKI", "WARSZAWA-WAWER", "WARSZAWA-FALENICA"), "1465011"),
        (("MAZOWIECKIE", "-----", "M.ST. WARSZAWA", "WARSZAWA"), "1465011"),
        (("MAZOWIECKIE", "M. ST. WARSZAWY", "M.ST.WARSZAWA", "WARSZAWA"), "1465011"),
        (("MAZOWIECKIE", "", "MORDY", ""), "1426053"),
        (("MAZOWIECKIE", "", "", ""), "14"),
    ],
)
def test_a_place_is_the_smallest_certain_unit(territory: Territory, names: tuple[str, ...], code: str) -> None:
    found = territory.locate(*names)
    assert found is not None
    assert found.code == code


def test_an_unknown_voivodeship_has_no_unit(territory: Territory) -> None:
    assert territory.locate("NIGDZIE", "SIEDLECKI") is None


LABELS = {
    'STOWARZYSZENIE "RAZEM"\nODDZIAŁ W SIEDLCACH': "Stowarzyszenie „Razem” Oddział w Siedlcach",
    "OCHOTNICZA STRAŻ POŻARNA IM. ŚW.FLORIANA": "Ochotnicza Straż Pożarna im. św. Floriana",
    "ZESPÓŁ SZKÓŁ NR 2 - KLUB UKS (ZSS)": "Zespół Szkół nr 2 – Klub UKS (ZSS)",
    "DOM DZIECKA IM. J. KORCZAKA": "Dom Dziecka im. J. Korczaka",
    'FUNDACJA "BEZ KOŃCA': 'Fundacja "Bez Końca',
    "Fundacja eFkropka": "Fundacja eFkropka",
}


@pytest.mark.parametrize(("name", "shown"), LABELS.items())
def test_a_name_in_capitals_becomes_readable(name: str, shown: str) -> None:
    assert label(name) == shown


def test_a_name_has_the_same_label_among_others() -> None:
    assert labels((*LABELS, *reversed(LABELS))) == (*LABELS.values(), *reversed(LABELS.values()))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three registers."""
    folder = tmp_path_factory.mktemp("registers") / "data"
    shutil.copytree(paths.bundled().data, folder)
    told = kgraph("register", "add", "terc", HERE / "terc.csv", "--as-of", "2030-01-01", "--data", folder)
    assert told.exit_code == 0, told.output
    for name, files in (("opp", [OPP]), ("krs", EXTRACTS)):
        told = kgraph("register", "add", name, *files, *DAY, "--data", folder)
        assert told.exit_code == 0, told.output
    return folder


@pytest.fixture(scope="module")
def graph(data: Path) -> ox.Store:
    store, problems = pipeline.validated(Folders(paths.bundled().ontology, data))
    assert not problems
    return store


def test_the_cards_of_a_whole_site_tell_what_the_registers_say(graph: ox.Store) -> None:
    book = book_of(graph, paths.bundled(), Site(is_static=True))
    described = {fact.subject for fact in facts(graph) if any(passage.row for passage in fact.passages)}
    assert len(described) > 5
    for thing in described:
        assert book.cards(thing) == card(graph, thing)


def about(store: ox.Store, thing: ox.NamedNode, predicate: str) -> list[Fact]:
    return [fact for fact in facts(store, [thing]) if fact.subject == thing and fact.predicate == term(predicate)]


def test_a_fact_opens_its_cells_in_two_registers(graph: ox.Store) -> None:
    [seat] = [fact for fact in about(graph, LATAWIEC, "se:seatIn") if fact.asserted]
    assert seat.object == term("id:siedlce")
    assert [(at.source.rpartition("/")[2], at.row, at.words) for at in seat.passages] == [
        ("krs-2030-02-01", 2, "MAZOWIECKIE, M. SIEDLCE, SIEDLCE"),
        ("opp-2030-02-01", 2, "MAZOWIECKIE, M. SIEDLCE, SIEDLCE"),
    ]
    assert len(seat.witnesses) == 2
    numbers = {fact.object: fact.passages[0].words for fact in about(graph, LATAWIEC, "adms:identifier")}
    assert numbers[term("id:nip-1110000007")] == "1110000007"
    assert numbers[term("id:krs-9990000001")] == "9990000001"


def test_a_claim_of_a_register_has_its_day_and_its_row(graph: ox.Store) -> None:
    for day, registers in (("2030-01-31", {"terc"}), ("2030-02-01", {"terc", "krs", "opp"})):
        chosen = claims.choose(graph, "en", until=ox.Literal(day))
        columns, rows = claims.table(graph, "en", chosen)
        told = [row for row in (dict(zip(columns, row, strict=True)) for row in rows) if row["row"]]
        assert {str(row["source"]).rpartition("/")[2].partition("-")[0] for row in told} == registers
        for source, issued, number in ((row["source"], row["issued"], row["row"]) for row in told):
            assert source and issued and number
            assert source.value.endswith(f"-{issued.value}") and int(number.value) > 1
    table = {column: cells for column, *cells in zip(claims.COLUMNS, *rows, strict=True)}
    assert table["start"] and not any(start and row for start, row in zip(table["start"], table["row"], strict=True))


def test_registers_agree_on_who_has_the_status(graph: ox.Store) -> None:
    holders = {fact.subject for fact in facts(graph, [term("orgstatus:public-benefit-organisation")]) if fact.passages}
    assert len([one for one in holders if "opp-krs" in str(one)]) == 9
    assert term("id:opp-krs-9990000101") not in holders


def test_a_state_is_read_from_the_name_and_the_extract(graph: ox.Store) -> None:
    for number in ("9990000008", "9990000101"):
        [state] = about(graph, term(f"id:org-krs-{number}"), "rov:orgStatus")
        assert state.object == term("operating:in-liquidation")


def test_masked_persons_are_not_imported(data: Path) -> None:
    content = gzip.decompress((data / "registers/krs-2030-02-01/facts.nq.gz").read_bytes())
    assert b"P****" not in content
    assert b"P****" in gzip.decompress((data / "registers/krs-2030-02-01/krs.zip.gz").read_bytes())


def test_a_fact_of_a_register_costs_at_most_four_quads(data: Path) -> None:
    lines = gzip.decompress((data / "registers/opp-2030-02-01/facts.nq.gz").read_bytes()).splitlines()
    facts_and_names = [line for line in lines if not line.endswith(b"/graph/claims> .")]
    assert 2 * len(lines) <= 4 * len(facts_and_names)  # each line also stands in the default graph


def test_what_registers_alone_tell_costs_at_most_four_quads_a_fact_all_told(graph: ox.Store) -> None:
    """The quads that registers add to the bundled graph, beside the facts that they state or that follow."""
    added = set(graph) - set(opened_once().store)
    told = [quad for quad in added if quad.graph_name not in (ox.DefaultGraph(), CLAIMS_GRAPH, EDITORIAL_GRAPH)]
    assert len(told) > 200
    assert len(added) <= 4 * len(told)


def recorded(store: ox.Store) -> set[ox.NamedNode | ox.BlankNode | ox.Triple]:
    return {quad.subject for quad in store.quads_for_pattern(None, RULE, None, ox.DefaultGraph())}


def test_an_inference_about_what_only_registers_name_has_a_rule_and_no_record(graph: ox.Store) -> None:
    before = opened_once().store
    lost = [fact for fact in facts(before) if fact.rule and hashed("inference", *fact.triple) not in recorded(graph)]
    assert len(lost) < 5  # what a register states is not inferred
    assert all(fact.asserted for one in lost for fact in facts(graph, [one.subject]) if fact.triple == one.triple)
    about_it = {quad.subject for quad in graph.quads_for_pattern(None, SUBJECT, LATAWIEC, ox.DefaultGraph())}
    assert not about_it & recorded(graph)
    rules = {(fact.predicate, fact.object): fact.rule for fact in card(graph, LATAWIEC).facts if not fact.asserted}
    assert rules[term("se:seatIn"), term("id:mazowieckie")] == "se:seatIn ∘ se:within ⊑ se:seatIn"
    assert UNRECORDED not in rules.values()
    book = book_of(graph, paths.bundled(), Site(is_static=True))
    page, _ = writers.written(book, "id/org-krs-9990000001", "en")
    assert page.count('<span class="chip inferred">') == page.count('<details class="why">') > 5
    assert "page/inference/" not in page
    question = questions.named(paths.bundled().ontology, "asserted-or-inferred")
    answers = {row[1:5] for row in sparql.rows(questions.ask(graph, question, "en", subject=LATAWIEC))}
    own = [fact for fact in facts(graph, [LATAWIEC]) if fact.subject == LATAWIEC]
    follows = {(fact.predicate, fact.object) for fact in own if not fact.asserted}
    assert follows == {row[:2] for row in answers if row[2] == ox.Literal("inferred")}


@pytest.mark.slow
def test_a_source_about_what_only_registers_named_gives_what_a_whole_build_gives(data: Path, tmp_path: Path) -> None:
    folders = Folders(paths.bundled().ontology, Path(shutil.copytree(data, tmp_path / "data")))
    pipeline.build(tmp_path / "grown", Recipe(folders))
    head = (
        'source:x a se:Source ; dcterms:title "X"@pl , "X"@en ; dcterms:publisher "X" ;'
        " rdfs:seeAlso <https://example.org/x> ; se:textUnavailable true .\n"
    )
    for name, thing in (("x", "mcps"), ("y", "org-krs-9990000001")):
        text = TURTLE_PREFIXES + head.replace("source:x", f"source:{name}").replace("org/x", f"org/{name}")
        text += f'id:{thing} skos:altLabel "{name}"@pl ~ .'
        (folders.data / f"sources/{name}.ttl").write_text(f'VERSION "1.2"\n{text}', encoding="utf-8")
        steps: list[str] = []
        assert not pipeline.build(tmp_path / "grown", Recipe(folders, step=steps.append)).problems
        assert ("storing what was read" in steps) is (name == "y")
        assert not pipeline.build(tmp_path / name, Recipe(folders)).problems
        grown, whole = (open_built(tmp_path / out) for out in ("grown", name))
        assert recorded(grown) == recorded(whole)
        seat = {quad.subject for quad in whole.quads_for_pattern(None, SUBJECT, LATAWIEC, ox.DefaultGraph())}
        assert bool(seat & recorded(whole)) is (name == "y")


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "is_anew"), [(3, False), (60, True)])
def test_an_added_register_gives_what_a_whole_build_gives(
    data: Path, tmp_path: Path, rows: int, *, is_anew: bool
) -> None:
    """What is small beside the earlier build is added to it; with much, to build anew is quicker."""
    folders = Folders(paths.bundled().ontology, Path(shutil.copytree(data, tmp_path / "data")))
    pipeline.build(tmp_path / "grown", Recipe(folders))
    places = "MAZOWIECKIE,M. SIEDLCE,M. SIEDLCE,SIEDLCE"
    listed = (f"{row},{9990001000 + row},,FUNDACJA NR {row},{places}\n" for row in range(1, rows + 1))
    (tmp_path / "opp.csv").write_text("".join((OPP.read_text().partition("\n")[0], "\n", *listed)), encoding="utf-8")
    told = kgraph("register", "add", "opp", tmp_path / "opp.csv", "--as-of", "2029-02-01", "--data", folders.data)
    assert told.exit_code == 0, told.output
    steps: list[str] = []
    grown = pipeline.build(tmp_path / "grown", Recipe(folders, step=steps.append))
    assert ("storing what was read" in steps) is is_anew
    assert grown == pipeline.build(tmp_path / "anew", Recipe(folders))
    assert everything(tmp_path / "grown") == everything(tmp_path / "anew")


OPP_OF_2031 = {
    'FUNDACJA ""PRZYKŁADOWY LATAWIEC""': 'FUNDACJA ""NOWY LATAWIEC""',
    "SIEDLECKI,ZBUCZYN PODUCHOWNY,BORKI": "M. SIEDLCE,M. SIEDLCE,SIEDLCE",
    "FUNDACJA STOŁECZNA,MAZOWIECKIE,WARSZAWSKI,WARSZAWA-CENTRUM,WARSZAWA": (
        "FUNDACJA STOŁECZNA,MAZOWIECKIE,SIEDLECKI,PRZYKŁADÓW,WÓLKA"
    ),
}


@pytest.fixture(scope="module")
def later(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The data folder with a later edition, in which one organisation has another name and two have other seats.

    The old seat of one stands in a source, too.
    """
    folder = tmp_path_factory.mktemp("later") / "data"
    shutil.copytree(data, folder)
    content = OPP.read_text(encoding="utf-8")
    for old, new in OPP_OF_2031.items():
        assert old in content
        content = content.replace(old, new)
    file = folder.parent / "opp.csv"
    file.write_text(content, encoding="utf-8")
    told = kgraph("register", "update", "opp", file, "--as-of", "2031-02-01", "--data", folder)
    assert "new rows 0, changed 3, gone 0" in told.output
    text = (
        f'VERSION "1.2"\n{TURTLE_PREFIXES}source:x a se:Source ; dcterms:title "X"@pl , "X"@en ; '
        'dcterms:publisher "X" ; rdfs:seeAlso <https://example.org/x> ; se:textUnavailable true .\n'
        "id:org-krs-9990000007 se:seatIn id:warszawa ~ ."
    )
    (folder / "sources/x.ttl").write_text(text, encoding="utf-8")
    return Folders(paths.bundled().ontology, folder)


@pytest.fixture(scope="module")
def newer(later: Folders) -> ox.Store:
    store, problems = pipeline.validated(later)
    assert not problems
    return store


def test_the_latest_edition_gives_the_name_and_the_seat(later: Folders, newer: ox.Store) -> None:
    store = newer

    def values(thing: str, name: str, of: ox.NamedNode | ox.DefaultGraph) -> set[str]:
        quads = store.quads_for_pattern(term(f"id:org-krs-{thing}"), term(name), None, of)
        return {str(quad.object).rpartition("/")[2].rstrip(">") for quad in quads}

    preferred, others = (values("9990000001", name, EDITORIAL_GRAPH) for name in ("skos:prefLabel", "skos:altLabel"))
    assert preferred == {'"Fundacja „Nowy Latawiec”"@pl', '"Fundacja „Nowy Latawiec”"@en'}
    assert {'"Fundacja „Przykładowy Latawiec”"@pl', '"FUNDACJA \\"NOWY LATAWIEC\\""@pl'} < others
    in_siedlce = {"siedlce", "mazowieckie", "pl925", "poland"}
    assert values("9990000003", "se:seatIn", ox.DefaultGraph()) == in_siedlce, "nothing follows from the old seat"
    assert values("9990000003", "se:seatIn", term("source:opp-2030-02-01")) == {"teryt-1426132"}
    assert {"warszawa", "teryt-1426922"} < values("9990000007", "se:seatIn", ox.DefaultGraph()), "a source has both"
    asked = questions.named(later.ontology, "entities-in-territory")
    for area, is_there in (("teryt-1426132", False), ("siedlce", True)):
        rows = sparql.rows(questions.ask(store, asked, "en", area=term(f"id:{area}")))
        assert (term("id:org-krs-9990000003") in {row[1] for row in rows}) is is_there
    found = facets.index(store, facets.dates(store))
    at = found.things.index(term("id:org-krs-9990000003").value)
    assert [
        found.selected(Selection({"place": (term(f"id:{area}").value,)}))[at] for area in ("teryt-1426132", "siedlce")
    ] == [False, True]
    seats = {fact.object: fact for fact in facts(store, [term("id:org-krs-9990000003")]) if fact.asserted}
    assert seats[term("id:teryt-1426132")].yields and not seats[term("id:siedlce")].yields


def test_the_changes_of_a_later_edition_are_told_in_short(graph: ox.Store, newer: ox.Store) -> None:
    old, new = (frozenset(in_graph(store, ox.DefaultGraph())) for store in (graph, newer))
    told = difference.words(old, new)
    assert "#row=" not in told, "a row is evidence, and no thing"
    assert "- − preferred name → Fundacja „Przykładowy Latawiec”" in told
    moved = told.partition("(id:org-krs-9990000003)")[2].partition("###")[0]
    assert "- + has seat in → Siedlce\n" in moved and "- − has seat in → gmina Zbuczyn" in moved
    [seen] = (part for part in told.split("###") if part.count("id:opp-krs-") > 1)
    assert "and 5 more\n\n- + seen on the list → List of public benefit organisations, as of 2031-02-01\n" in seen


@pytest.mark.slow
def test_a_release_of_two_editions_holds(later: Folders, tmp_path: Path) -> None:
    where = ("--base-url", "https://example.org/1/", "--contact", "office@example.org", "--data", later.data)
    assert kgraph("release", "1.0.0", "--out", tmp_path / "1.0.0", *where).exit_code == 0
    told = kgraph("check", "--release", tmp_path / "1.0.0")
    assert told.exit_code == 0, told.output


@pytest.mark.slow
def test_a_later_edition_that_is_added_gives_what_a_whole_build_gives(
    data: Path, later: Folders, tmp_path: Path
) -> None:
    folders = Folders(later.ontology, Path(shutil.copytree(data, tmp_path / "data")))
    pipeline.build(tmp_path / "grown", Recipe(folders))
    shutil.copytree(later.data, folders.data, dirs_exist_ok=True)
    assert pipeline.build(tmp_path / "grown", Recipe(folders)) == pipeline.build(tmp_path / "anew", Recipe(folders))
    assert everything(tmp_path / "grown") == everything(tmp_path / "anew")


def test_the_card_names_the_row(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph"
    assert kgraph("build", "--data", data, "--out", out).exit_code == 0
    told = kgraph("show", "id:org-krs-9990000001", "--graph", out, "--lang", "pl").output
    assert "Fundacja „Przykładowy Latawiec”" in told
    assert (
        "„MAZOWIECKIE, M. SIEDLCE, SIEDLCE” (wiersz 2) — Wykaz organizacji pożytku publicznego, stan na 2030-02-01"
        in told
    )


def test_all_is_as_it_was_read(data: Path) -> None:
    told = kgraph("register", "check", "--data", data)
    assert told.exit_code == 0, told.output


def test_a_changed_file_is_found(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data, folder)
    kept = folder / "registers/opp-2030-02-01/opp.csv.gz"
    kept.write_bytes(
        gzip.compress(gzip.decompress(kept.read_bytes()).replace(b"STOLECZNA", b"X").replace(b"NIP", b"nip"))
    )
    told = kgraph("register", "check", "--data", folder, "--lang", "pl")
    assert told.exit_code == 1
    assert "opp-2030-02-01.ttl" in told.output and "SHA-256" in told.output
    assert kgraph("register", "remove", "opp-2030-02-01", "--data", folder).exit_code == 0
    assert "opp-2030-02-01" not in kgraph("register", "list", "--data", folder).output


HEADER, ROW = OPP.read_text(encoding="utf-8").splitlines(keepends=True)[:2]


@pytest.mark.parametrize(
    ("content", "polish"),
    [
        (b"", "jest pusty"),
        (b"<!DOCTYPE html><html></html>", "strona internetowa"),
        ((HEADER + ROW).encode("utf-16"), "nie jest w UTF-8"),
        ((HEADER.replace("KRS", "Nr rejestru") + ROW).encode(), "nie ma kolumny „KRS”"),
        ((HEADER.replace("Municipality", "Municipalty") + ROW).encode(), "czy to „Municipalty”?"),
        ((HEADER + ROW + ROW).encode(), "powtarza się"),
        ((HEADER + ROW.replace("9990000001", "12")).encode(), "inną postać"),
        ((HEADER + ROW.replace("1110000007", "1110000008")).encode(), "cyfra kontrolna"),
        ((HEADER + ROW[:40]).encode(), "nie da się odczytać"),
    ],
)
def test_a_bad_table_is_refused_in_a_sentence(data: Path, tmp_path: Path, content: bytes, polish: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    before = listed(data)
    told = kgraph("register", "add", "opp", file, "--as-of", "2031-01-01", "--data", data, "--lang", "pl")
    assert told.exit_code == 3, told.output
    assert polish in told.output and told.output.count("\n") == 1
    assert listed(data) == before


def listed(data: Path) -> set[Path]:
    return set((data / "registers").rglob("*"))


def test_an_unknown_register_and_a_missing_gazetteer_are_named(data: Path, tmp_path: Path) -> None:
    assert (
        "there are eu-2014, eu-2021, krs, opp, owes"
        in kgraph("register", "add", "sudop", OPP, *DAY, "--data", data).output
    )
    folder = tmp_path / "data"
    shutil.copytree(paths.bundled().data, folder)
    told = kgraph("register", "add", "opp", OPP, *DAY, "--data", folder)
    assert told.exit_code == 3 and "add it first" in told.output
    assert "is in the data folder already" in kgraph("register", "add", "opp", OPP, *DAY, "--data", data).output


def test_a_dry_run_says_facts_in_words_and_writes_nothing(data: Path) -> None:
    before = listed(data)
    told = kgraph("register", "add", "opp", OPP, "--as-of", "2031-01-01", "--data", data, "--dry-run", "--lang", "pl")
    assert "Fundacja „Przykładowy Latawiec” · ma siedzibę w · Siedlce" in told.output
    assert "niczego nie zapisano" in told.output
    assert listed(data) == before


@pytest.fixture(autouse=True, scope="module")
def _needs_duckdb() -> None:
    pytest.importorskip("duckdb", reason="DUCKDB is not installed")


WAS_GONE = '1110000007 · FUNDACJA "PRZYKŁADOWY LATAWIEC" · MAZOWIECKIE · M. SIEDLCE · M. SIEDLCE · SIEDLCE'


def test_a_later_edition_says_what_changed(data: Path, tmp_path: Path) -> None:
    folder, later = tmp_path / "data", tmp_path / "later.csv"
    shutil.copytree(data, folder)
    lines = (
        OPP.read_text(encoding="utf-8").replace("FUNDACJA STOŁECZNA", "FUNDACJA WARSZAWSKA").splitlines(keepends=True)
    )
    new = "10,9990000010,,FUNDACJA NOWA,MAZOWIECKIE,SIEDLCE,SIEDLCE,SIEDLCE\n"
    later.write_text("".join([lines[0], *lines[2:], new]), encoding="utf-8")
    told = kgraph("register", "add", "opp", later, "--as-of", "2031-02-01", "--data", folder, "--lang", "pl")
    assert "nowych wierszy 1, zmienionych 1, usuniętych 1" in told.output
    assert f"wypisze je „kgraph register diff opp-2030-02-01 opp-2031-02-01 --data {folder}”" in told.output
    listed = kgraph("register", "diff", "opp-2030-02-01", "opp-2031-02-01", "--data", folder).stdout
    assert [*csv.reader(io.StringIO(listed))][1:] == [
        ["appeared", "9990000010", "", "", "FUNDACJA NOWA · MAZOWIECKIE · SIEDLCE · SIEDLCE · SIEDLCE"],
        ["changed", "9990000007", "Name", "FUNDACJA STOŁECZNA", "FUNDACJA WARSZAWSKA"],
        ["gone", "9990000001", "", WAS_GONE, ""],
    ]
    store, problems = pipeline.validated(Folders(paths.bundled().ontology, folder))
    assert not problems
    question = questions.named(paths.bundled().ontology, "status-on-a-day")
    asked: dict[str, ox.NamedNode | ox.Literal] = {
        "organisation": LATAWIEC,
        "day": ox.Literal("2031-02-01", datatype=term("xsd:date")),
    }
    states = {row[3] for row in sparql.rows(questions.ask(store, question, "en", **asked))}
    assert ox.Literal("not on the complete list of that day") in states
    assert_is_absent(store, term("id:opp-krs-9990000001"), term("source:opp-2031-02-01"))


def assert_is_absent(store: ox.Store, record: ox.NamedNode, latest: ox.NamedNode) -> None:
    """The record of a status, and it alone, is absent from the latest list: on cards, with a reason."""
    assert [quad.subject for quad in store.quads_for_pattern(None, ABSENT, None, ox.DefaultGraph())] == [record]
    asked = questions.named(paths.bundled().ontology, "no-longer-listed")
    [row] = sparql.rows(questions.ask(store, asked, "en"))
    assert (row[0], *(value.value for value in row[3:5] if value)) == (LATAWIEC, "2030-02-01", "2031-02-01")
    said = sentence(card(store, LATAWIEC))
    assert said.endswith("no longer on the list: List of public benefit organisations, as of 2031-02-01.")
    assert [fact.rule for fact in card(store, record).facts if fact.predicate == ABSENT] == ["rules/absence"]
    reason = reasons(store, pipeline.rules(paths.bundled()))(ox.Triple(record, ABSENT, latest))
    assert reason and reason.rule == "rules/absence" and all(premise.passages for premise in reason.premises[:2])


def test_facets_count_the_facts_of_registers(graph: ox.Store) -> None:
    found = facets.index(graph, facets.dates(graph))
    assert term("id:org-krs-9990000001").value in found.things
    chosen = Selection({"place": (term("id:siedlce").value,), "source": (term("source:opp-2030-02-01").value,)})
    having = [found.things[number] for number in found.selected(chosen).nonzero()[0].tolist()]
    assert [iri.rpartition("-")[2] for iri in having] == ["9990000001", "9990000002"]
