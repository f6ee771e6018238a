"""Decisions about identity: what was decided to be one thing is one in the graph, and comes apart again."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base import paths
from kgraph.base.paths import IDENTITY, Folders
from kgraph.base.vocab import term
from kgraph.build import pipeline
from kgraph.evidence import identity
from kgraph.evidence.identity import Decision
from kgraph.graph.entity.cards import card
from kgraph.graph.identity import candidates
from kgraph.graph.identity.candidates import Record
from kgraph.graph.names import labels, search
from kgraph.graph.statements import rows
from kgraph.publish.formats import serialize
from kgraph.publish.pages import writers
from kgraph.publish.pages.book import book_of
from kgraph.server import run
from kgraph.server.pool.limits import Limits
from tests.command import kgraph
from tests.serving import without_socket

pytest.importorskip("duckdb", reason="DUCKDB is not installed")

TABLES = Path(__file__).parents[1] / "docs/registers"
DAY = "2030-02-01"
KITE, LISTED, OTHER = "id:fundacja-zolty-latawiec", "id:org-krs-9990000001", "id:org-krs-9990000002"
CULTURE = "10,0000248808,,STOWARZYSZENIE OŚRODEK KULTURY,MAZOWIECKIE,M. SIEDLCE,M. SIEDLCE,SIEDLCE\n"
"""An invented row with the number of an association of the graph, whose name is longer there."""
SIGNED = ("--by", "A. Kowalska", "--why", "ta sama nazwa i miasto", "--lang", "pl")


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two invented registers."""
    data = tmp_path_factory.mktemp("identity") / "data"
    shutil.copytree(paths.bundled().data, data)
    listed = tmp_path_factory.mktemp("tables") / "opp.csv"
    listed.write_bytes((TABLES / "opp.csv").read_bytes() + CULTURE.encode())
    for name, file in (("terc", TABLES / "terc.csv"), ("opp", listed)):
        added = kgraph("register", "add", name, file, "--as-of", DAY, "--data", data)
        assert added.returncode == 0, added.stderr
    return data


@pytest.fixture
def data(registers: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(registers, tmp_path / "data"))


def decided(data: Path, verdict: str, one: str, other: str) -> None:
    told = kgraph("identity", verdict, one, other, "--data", data, *SIGNED)
    assert told.returncode == 0, told.stderr


def built(data: Path) -> tuple[ox.Store, list[str]]:
    store, problems = pipeline.validated(Folders(paths.bundled().ontology, data))
    return store, [str(problem) for problem in problems]


def test_what_is_decided_is_one_thing_and_can_be_taken_back(data: Path) -> None:
    before = serialize.export(built(data)[0], "nquads")
    decided(data, "same", KITE, LISTED)
    store, problems = built(data)
    assert not problems
    stays, given_up = term(KITE), term(LISTED)
    one = card(store, stays, "pl")
    found = search.find(search.open_index(store, None), "FUNDACJA PRZYKŁADOWY LATAWIEC")
    assert found[0].iri == stays.value
    told = {passage.source.rpartition("/")[2] for fact in one.facts for passage in fact.passages}
    assert {"opp-2030-02-01", "siedlce-2020-porozumienie", "identity"} <= told
    assert labels.resolve(store, lambda: search.open_index(store, None), LISTED) == stays
    stated = [fact for fact in rows.every(store) if fact.triple[0] == stays]
    assert stated and all(fact.words for fact in stated)
    assert not any(store.quads_for_pattern(None, None, given_up, term("source:opp-2030-02-01")))
    assert kgraph("identity", "undo", LISTED, KITE, "--data", data).returncode == 0
    assert not (data / IDENTITY).exists()
    assert serialize.export(built(data)[0], "nquads") == before


def test_a_claim_keeps_its_address_and_what_its_source_calls_the_thing(data: Path) -> None:
    about = built(data)[0].quads_for_pattern(None, term("rdf:subject"), term("id:sokial"), term("graph:claims"))
    claims = [quad.subject for quad in about if str(quad.subject).startswith("<https://w3id.org/sekg/claim/")]
    decided(data, "same", KITE, "id:sokial")
    store, _ = built(data)
    found = [quad.subject for quad in store.quads_for_pattern(None, term("se:statedSubject"), term("id:sokial"))]
    assert claims and set(found) == set(claims)
    assert all(ox.Quad(one, term("rdf:subject"), term(KITE), term("graph:claims")) in store for one in claims)


def test_decisions_stand_in_an_order_that_does_not_depend_on_when_they_were_made(data: Path) -> None:
    pairs = [("same", KITE, LISTED), ("different", "id:sokial", OTHER), ("undecided", "id:caritas-siedlce", OTHER)]
    for verdict, one, other in pairs:
        decided(data, verdict, one, other)
    written = (data / IDENTITY).read_bytes()
    assert built(data)[1] == []
    for _, one, other in pairs[:2]:
        kgraph("identity", "undo", one, other, "--data", data)
    for verdict, one, other in pairs[1::-1]:
        decided(data, verdict, one, other)
    assert (data / IDENTITY).read_bytes() == written
    listed = kgraph("identity", "list", "--data", data, "--lang", "pl").stdout
    assert f"{KITE} = {LISTED}" in listed and "A. Kowalska\tta sama nazwa i miasto" in listed
    with (data / IDENTITY).open("a", encoding="utf-8") as file:
        file.write("\n# A remark of a curator.\n")
    decided(data, "same", KITE, LISTED)
    assert "# A remark of a curator." in (data / IDENTITY).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("decisions", "polish"),
    [
        ([("same", KITE, "id:org-krs-1")], "żadne źródło nie mówi już nic"),
        ([("same", LISTED, OTHER)], "dwa numery KRS: 9990000001 i 9990000002"),
        ([("same", KITE, "id:aleksander-kornatowski")], f"kgraph identity undo {KITE} id:aleksander-kornatowski"),
    ],
)
def test_a_decision_that_cannot_be_is_a_problem(data: Path, decisions: list[tuple[str, str, str]], polish: str) -> None:
    for each in decisions:
        decided(data, *each)
    told = kgraph("check", "--data", data, "--lang", "pl")
    assert told.returncode == 1
    assert polish in told.stdout + told.stderr


def test_a_chain_of_decisions_that_contradicts_itself_is_refused_with_its_path(data: Path) -> None:
    decided(data, "same", KITE, LISTED)
    decided(data, "same", LISTED, OTHER)
    before = (data / IDENTITY).read_bytes()
    told = kgraph("identity", "different", KITE, OTHER, "--data", data, *SIGNED)
    assert told.returncode == 3 and f"{KITE} = {LISTED} = {OTHER}" in told.stderr and "cofnij" in told.stderr
    assert (data / IDENTITY).read_bytes() == before


def test_two_curators_who_differ_and_a_file_that_says_other_things_are_problems(data: Path) -> None:
    decided(data, "same", KITE, LISTED)
    path = data / IDENTITY
    signed = '{| dcterms:creator "B. Nowak" ; dcterms:created "2030-03-01"^^xsd:date |}'
    path.write_text(
        path.read_text(encoding="utf-8")
        + f"\n{KITE} se:differentThing {LISTED} {signed} .\n"
        + f'\nid:sokial se:sameThing {OTHER} {{| skos:note "bez podpisu"@pl |}} .\n'
        + f"\nid:sokial se:seatIn id:siedlce {signed} .\n",
        encoding="utf-8",
    )
    told = kgraph("check", "--data", data).stdout
    assert f"{KITE} = {LISTED}" in told
    assert "does not say who made it and when: dcterms:creator, dcterms:created is missing" in told
    assert "only decisions stand in this file" in told


def test_a_broken_file_and_an_unknown_decision_are_one_sentence(data: Path) -> None:
    told = kgraph("identity", "undo", KITE, LISTED, "--data", data)
    assert told.returncode != 0 and told.stderr.count("\n") == 1
    decided(data, "same", KITE, LISTED)
    before = (data / IDENTITY).read_bytes()
    (data / IDENTITY).write_bytes(before.replace(b"|} .", b"|}"))
    told = kgraph("identity", "different", KITE, OTHER, "--data", data, *SIGNED)
    assert told.returncode == 3 and IDENTITY in told.stderr
    assert (data / IDENTITY).read_bytes() == before.replace(b"|} .", b"|}")
    assert kgraph("identity", "same", KITE, KITE, "--data", data, *SIGNED).returncode == 2


def test_the_address_that_stays_is_that_which_no_decision_gives_up() -> None:
    a, b, c = (ox.NamedNode(f"urn:x:{name}") for name in "abc")
    signed = ("same", "X", "2030-01-01")
    assert identity.merged([Decision(b, a, *signed), Decision(c, b, *signed)]) == {a: c, b: c}  # type: ignore[arg-type]


def record(name: str, place: str = "", form: str = "", **numbers: str) -> Record:
    given = {agency: frozenset({number}) for agency, number in numbers.items()}
    return Record(name, (name,), frozenset({"org"}), given, frozenset({place} - {""}), frozenset({form} - {""}))


LARGER = {"siedlce": frozenset({"mazowieckie"}), "lukow": frozenset({"lubelskie"})}


@pytest.mark.parametrize(
    ("one", "other", "is_sure", "reason"),
    [
        (record("Fundacja „Dąb”", "siedlce"), record("FUND. DAB", "siedlce"), True, "to samo miejsce"),
        (record("Fundacja „Dąb”", "siedlce"), record("Fundacja Dąb", "lukow"), False, "inne miejsce"),
        (
            record("Fundacja „Dąb”", "siedlce"),
            record("Fundacja Dąb", "mazowieckie"),
            True,
            "jedno miejsce leży w drugim",
        ),
        (record("Fundacja „Dąb”"), record("Stowarzyszenie Dąb"), False, "inna forma prawna"),
        (record("Stow. Latawiec", "siedlce"), record("Stowarzyszenie Lataweic", "siedlce"), True, "podobna pisownia"),
        (record("Stowarzyszenie Latawiec"), record("Stowarzyszenie Lataweic"), False, "podobna pisownia"),
        (record("Przedszkole nr 2", "siedlce"), record("Przedszkole nr 3", "siedlce"), False, "podobna pisownia"),
        (record("Dąb", KRS="0000000001"), record("Klon", KRS="0000000001"), True, "ten sam numer: KRS 0000000001"),
    ],
)
def test_a_comparison_weighs_each_field_and_says_why(one: Record, other: Record, is_sure: bool, reason: str) -> None:
    found = candidates.compared(one, other, LARGER)
    assert found and found.is_sure == is_sure
    assert reason in found.told("pl")


def test_other_numbers_and_a_rival_make_a_pair_unsure() -> None:
    first, second = record("Dąb", KRS="0000000001"), record("DĄB", KRS="0000000002")
    assert candidates.compared(first, second, {}) is None
    third = record("dab")
    found = candidates.pairs([first, second, third], {})
    assert len(found) == 2 and not any(pair.is_sure for pair in found)
    assert "inny element jest równie podobny" in found[0].told("pl")


def test_the_same_number_is_accepted_when_the_curator_says_so(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph"
    assert kgraph("build", "--data", data, "--out", out).returncode == 0
    asked = ("identity", "candidates", "--graph", out, "--format", "csv")
    told = kgraph(*asked, "sokial").stdout.splitlines()
    assert told[1].startswith(f"{term('id:sokial').value},") and "same number: KRS 0000248808" in told[1]
    assert "same number: KRS 0000248808: “Nr KRS 0000248808” — Page of powiat siedlecki" in told[1]
    assert " / “0000248808” (row 11) — List of public benefit organisations" in told[1]
    assert kgraph(*asked, "--accept", "identifiers").returncode == 2
    assert not (data / IDENTITY).exists()
    accepted = kgraph(*asked, "--accept", "identifiers", "--by", "A. Kowalska", "--data", data, "--lang", "pl")
    assert "par: 1" in accepted.stderr
    assert "id:sokial = id:org-krs-0000248808" in kgraph("identity", "list", "--data", data).stdout
    assert kgraph("build", "--data", data, "--out", out).returncode == 0
    assert "same number" not in kgraph(*asked).stdout


def test_the_address_that_was_given_up_leads_to_the_one_that_stays(data: Path) -> None:
    decided(data, "same", KITE, LISTED)
    store, _ = built(data)
    served = run.Setup(Folders(paths.bundled().ontology, data), Limits(), open_store=lambda: store).start()
    try:
        with without_socket(served) as ask:
            moved = ask("/id/org-krs-9990000001", "text/html")
            page = ask("/page/id/org-krs-9990000001.pl.html", "text/html")
    finally:
        run.close(served)
    assert (moved.status_code, moved.headers["location"]) == (303, "/page/id/fundacja-zolty-latawiec.html")
    assert (page.status_code, page.headers["location"]) == (303, "/page/id/fundacja-zolty-latawiec.pl.html")
    asked = book_of(store, Folders(paths.bundled().ontology, data))
    written = writers.written(asked, "id/org-krs-9990000001", "pl")[0]
    assert 'content="0; url=../../page/id/fundacja-zolty-latawiec.pl.html"' in written and "za tożsame z" in written
