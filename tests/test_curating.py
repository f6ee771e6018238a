"""Curating: quotes find their places, checks say what they saw, messages help, words and templates are at hand."""

import json
import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.problems import Problem, reason
from kgraph.base.vocab import END, EXACT, REIFIES, START, TURTLE_PREFIXES
from kgraph.base.words import LANGUAGES, section, text
from kgraph.cli import main
from kgraph.evidence import finding, fixing, syntax, turtle
from kgraph.evidence.claims import SourceFile
from kgraph.evidence.finding import Quote
from kgraph.evidence.head import BLOCKS, head
from kgraph.evidence.quotes import check_text, sha256
from kgraph.graph.names import vocabulary
from kgraph.publish import check
from kgraph.publish.check import Verdict

HEAD = 'source:x a se:Source ; dcterms:title "X"@pl , "X"@en ; dcterms:publisher "X" ;\n    {text} .\n'
PROLOGUE = 'VERSION "1.2"\n' + TURTLE_PREFIXES


def source(body: str, wording: str = "") -> str:
    known = (
        f'se:textSHA256 "{sha256(wording)}" ; se:textLength {len(wording)}' if wording else "se:textUnavailable true"
    )
    return PROLOGUE + HEAD.format(text=known) + body


def fixed(body: str, wording: str) -> fixing.Fixed:
    return fixing.fixed(source(body, wording), "x.ttl", {sha256(wording): wording})


# Quotes find their places

PAGE = "Umowę podpisano w Siedlcach. Burmistrz był w\u00a0Łosicach i w Siedlcach, a „Zioła” nie."
TWICE = "Powstał pierwszy w województwie klaster, a przy podpisaniu umowy byli obecni dyrektorzy obu instytucji."
LEAD = f"{TWICE}\n{TWICE}\nDalej."


def placed(words: str, wording: str = PAGE, more: str = "") -> str:
    done = fixed(f'id:a se:seatIn id:b {{| {more}oa:exact "{words}" |}} . # note\n', wording)
    assert not done.problems
    return done.text[done.text.index("{|") : done.text.rindex("|}") + 2]


def test_a_quote_gets_the_offsets_of_its_words() -> None:
    assert placed("Umowę podpisano") == '{| oa:start 0 ; oa:end 15 ; oa:exact "Umowę podpisano" |}'


@pytest.mark.parametrize(
    ("more", "start"),
    [
        ('oa:prefix "podpisano w" ; ', PAGE.index("Siedlcach")),
        ('oa:prefix "i w" ; ', PAGE.rindex("Siedlcach")),
        ('oa:suffix ", a" ; ', PAGE.rindex("Siedlcach")),
        ("se:occurrence 2 ; ", PAGE.rindex("Siedlcach")),
    ],
)
def test_what_stands_beside_words_or_their_number_chooses_among_places(more: str, start: int) -> None:
    found = placed("Siedlcach", more=more)
    assert f"oa:start {start} ; oa:end {start + 9}" in found
    assert "occurrence" not in found


def test_words_that_stand_twice_are_listed_with_what_chooses_them() -> None:
    done = fixed('id:a se:seatIn id:b {| oa:exact "Siedlcach" |} .\n', PAGE)
    assert done.quotes == 0 and "oa:start" not in done.text
    [problem] = done.problems
    assert "stand in the text 2 times" in problem.worded("en") and "[Siedlcach]. Burmistrz" in problem.worded("en")
    assert problem.places[0][1] == len("id:a se:seatIn id:b ") + 1
    for choice in re.findall(r"→  (.+)", problem.worded("pl")):
        assert "oa:start" in placed("Siedlcach", more=f"{choice} ; ")


def test_a_passage_that_is_printed_twice_gets_both_places() -> None:
    found = placed("pierwszy w województwie", LEAD)
    assert re.findall(r"oa:start (\d+)", found) == [str(found) for found in (8, 8 + len(TWICE) + 1)]
    claim = '<< id:a se:seatIn id:b >> se:claimStatus status:opinion ; oa:exact "pierwszy w województwie" .\n'
    done = fixed(claim, LEAD)
    assert done.text.count("se:claimStatus status:opinion") == done.text.count("oa:start") == 2


def test_wrong_offsets_are_corrected_and_right_ones_kept() -> None:
    assert placed("Umowę podpisano", more="oa:start 3 ; oa:end 18 ; ").startswith("{| oa:start 0 ; oa:end 15 ;")
    right = f"oa:start {PAGE.rindex('Siedlcach')} ; oa:end {PAGE.rindex('Siedlcach') + 9}"
    assert right in placed("Siedlcach", more=f"{right} ; ")


@pytest.mark.parametrize(
    ("words", "there", "kind"),
    [
        ("w Łosicach", "w\\u00A0Łosicach", "noBreakSpace"),
        ('\\"Zioła\\"', "„Zioła”", "quotes"),
        ("Umowe\u0328 podpisano", "Umowę podpisano", "composition"),
    ],
)
def test_words_that_only_look_alike_are_explained_and_written_as_the_text_has_them(
    tmp_path: Path, words: str, there: str, kind: str
) -> None:
    assert f'oa:exact "{there}"' in placed(words)
    [file] = read(tmp_path, f'id:a se:seatIn id:b {{| oa:start 1 ; oa:end 5 ; oa:exact "{words}" |}} .', PAGE)
    [problem] = check_text([file], "t.txt", PAGE)
    for lang in LANGUAGES:
        assert text(lang, f"curating.differs.{kind}") in problem.worded(lang)
        assert there in problem.worded(lang)


def read(tmp_path: Path, body: str, wording: str = "") -> list[SourceFile]:
    (tmp_path / "x.ttl").write_text(source(body, wording), encoding="utf-8")
    return [turtle.read(tmp_path / "x.ttl")]


def test_a_mismatch_says_where_the_words_stand_or_which_are_nearest(tmp_path: Path) -> None:
    body = 'id:a se:seatIn id:b {| oa:start 1 ; oa:end 16 ; oa:exact "Umowę podpisano" |} .'
    [elsewhere] = check_text(read(tmp_path, body, PAGE), "t.txt", PAGE)
    assert "stand at [0, 15)" in elsewhere.worded("en") and "stoją w miejscu [0, 15)" in elsewhere.worded("pl")
    body = 'id:a se:seatIn id:b {| oa:exact "Burmistrzowie byli w Łosicach" |} .'
    [nowhere] = check_text(read(tmp_path, body, PAGE), "t.txt", PAGE)
    assert "not in the text" in nowhere.worded("en") and "Burmistrz był w\u00a0Łosicach" in nowhere.worded("en")


WORDS = ("Umowę", "klaster", "w", "Siedlcach", "„Zioła”", "podpisano", "i", "a\u00a0b", "2018")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=3, max_size=14).map(" ".join)
COMMENTS = st.sampled_from(("", "# a comment\n", "  # {| oa:exact |}\n\n"))
FORMS = st.sampled_from(
    (
        'id:{n} se:address "{n}" {{| oa:exact "{q}" |}} . # behind\n',
        'id:{n}   a  se:Cluster\n  {{| oa:exact  "{q}" ; se:refines <<( id:a a id:b )>> |}} ;\n se:address "{n}" ~ .\n',
        '<< id:{n} se:seatIn id:b >> se:claimStatus status:opinion ;\n\toa:exact "{q}" .\n',
        'id:{n} se:seatIn id:b {{| oa:start 0 ; oa:end 3 ; oa:exact "{q}" |}} , id:c ~ .\n',
        'id:{n} se:seatIn id:b {{| oa:start 7 ; oa:exact "{q}" |}} .\r\n',
    )
)


@st.composite
def sources(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and a source that quotes it; some quotes stand there more than once."""
    wording = draw(TEXTS)
    parts = draw(st.lists(st.tuples(COMMENTS, FORMS, st.integers(0, 13), st.integers(1, 3)), max_size=5))
    body = ""
    for number, (comment, form, first, count) in enumerate(parts):
        words = wording.split(" ")[first : first + count] or ["Umowę"]
        body += comment + form.format(n=f"n{number}", q=" ".join(words))
    return source(body, wording), wording


OFFSETS = re.compile(r"oa:(?:start|end) \d+ ; ")


@pytest.mark.whole
@given(sources())
def test_fixing_changes_offsets_only_and_fixing_again_changes_nothing(made: tuple[str, str]) -> None:
    before, wording = made
    once = fixing.fixed(before, "x.ttl", {sha256(wording): wording})
    assert fixing.fixed(once.text, "x.ttl", {sha256(wording): wording}).text == once.text
    assert OFFSETS.sub("", once.text) == OFFSETS.sub("", before)  # comments, order and white space too
    facts, others = ([fact.triple for fact in syntax.written(each)] for each in (before, once.text))
    assert facts == others
    for fact in syntax.written(once.text):
        for note in fact.notes:
            start, end, exact = (note.value(name) for name in (START, END, EXACT))
            unmoved = f"oa:start {start} ; oa:end {end}" in before or "oa:start 7 ; oa:exact" in before
            assert start is None or wording[int(start) : int(end or 0)] == exact or unmoved


@given(TEXTS, st.sampled_from(WORDS))
def test_every_place_that_is_found_holds_the_words(wording: str, word: str) -> None:
    found = finding.places(Quote(word), wording)
    assert len(found.spans) == wording.split(" ").count(word)
    assert {wording[slice(*span)] for span in found.spans} <= {word}


# Syntax errors, in both languages

SYNTAX = {
    'id:a skos:prefLabel “a” .': ("21", 'zapisz "a", z prostymi', 'write "a", with straight'),
    'id:a skos:prefLabel "Umowa”@pl , "Pact"@en .': ("21", 'zapisz "Umowa"@pl', 'write "Umowa"@pl'),
    'id:a skos:prefLabel "Sp. "Zioła" z"@pl .': ("21", "w środku prosty cudzysłów", "stands inside it"),
    'id:a skos:prefLabel "Sp.@pl .': ("21", "„Sp.@pl .” nie ma w tym wierszu zamyk", "no closing quote in this line"),
    "id:a se:seatIn id:b\n  se:activeIn id:c .": ("20", "brakuje średnika", "a semicolon is missing at the end"),
    "id:a se:seatIn id:b id:c .": ("20", "w wierszu {line} brakuje przecinka", "a comma is missing in line {line}"),
    "id:a se:seatIn id:b\nid:c se:seatIn id:d .": ("20", "brakuje kropki", "a full stop is missing at the end"),
    "id:a foaff:name id:b .": ("6", "czy to miało być foaf:name?", "did you mean foaf:name?"),
    "id:a se:date 2018-03-22 .": ("14", '"2018-03-22"^^xsd:date', '"2018-03-22"^^xsd:date'),
    'id:a se:seatIn id:b {| oa:exact "x" .': ("21", "cytatu dopisz |}}", "add |}} behind"),
    'id:a se:seatIn id:b { oa:exact "x" } .': ("21", "z kreską przy każdej klamrze", "with a bar at each brace"),
    "id:a se:seatIn Siedlce .": ("16", "ani przedrostka, ani cudzysłowu", "neither a prefix nor quotes"),
    "id:a se:seatIn , id:b .": ("15", "po se:seatIn brakuje wartości", "value after se:seatIn is missing"),
    "id:a se:seatIn <https://a b> .": ("16", "adres między < a >", "the address between"),
    'id:a skos:prefLabel "a"@ .': ("24", "po @ brakuje języka", "language is missing after @"),
    'id:a skos:prefLabel "Sp , "Co-op"@en .': ("21", "w środku prosty cudzysłów", "stands inside it"),
    'id:a skos:prefLabel "Sp.@pl , "Co-op"@en .': ("21", 'zapisz "Sp."@pl', 'write "Sp."@pl'),
    'id:a skos:prefLabel "„Zioła”@pl , "Herbs"@en .': ("21", 'zapisz "„Zioła”"@pl', 'write "„Zioła”"@pl'),
    'id:a se:seatIn id:b {| oa:exact "w Siedlcach” |} .': ("33", 'zapisz "w Siedlcach"', 'write "w Siedlcach"'),
    "<< id:a se:seatIn id:b se:claimStatus status:opinion .": ("1", "dopisz >>", "add >>"),
    "id:a a se:Cluster .\n  se:seatIn id:b ~ .": ("19", "w wierszu {line} stoi kropka", "line {line} has a full stop"),
    "id:sp zioła a se:Cluster .": ("1", "zapisz id:sp-ziola", "write id:sp-ziola"),
    "id:a se:operatedBy id:nowa droga 2 ~ .": ("20", "zapisz id:nowa-droga-2", "write id:nowa-droga-2"),
    "id:a sekg:seatIn id:b .": ("6", "czy to miało być se:seatIn?", "did you mean se:seatIn?"),
    "id:a form:siedziba id:b .": ("6", "kgraph vocabulary siedziba", "kgraph vocabulary siedziba"),
    "id:a\u00a0se:seatIn id:b .": ("5", "nie jest zwykłą spacją (U+00A0)", "not an ordinary one stands here (U+00A0)"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", SYNTAX)
def test_a_syntax_error_has_its_place_and_its_cause(mistake: str) -> None:
    line = PROLOGUE.count("\n") + 1
    found = syntax.faults(f"{PROLOGUE}{mistake}\n", "x.ttl")
    column, polish, english = SYNTAX[mistake]
    assert [problem.worded("pl").startswith(f"x.ttl:{line}:{column} · ") for problem in found] == [True]
    assert polish.format(line=line) in found[0].worded("pl") and english.format(line=line) in found[0].worded("en")


def test_all_syntax_errors_of_a_file_are_found_in_one_run() -> None:
    mistakes = [mistake for mistake in SYNTAX if "foaff" not in mistake]
    whole = PROLOGUE + "".join(f"\n{mistake}\n\nid:fine se:seatIn id:b .\n" for mistake in mistakes)
    found = syntax.faults(whole, "x.ttl")
    assert [problem.code for problem in found] == [syntax.faults(PROLOGUE + each, "")[0].code for each in mistakes]
    assert sum(fact.subject_at > 0 and "id/fine" in str(fact.triple) for fact in syntax.written(whole)) == len(mistakes)


PIECES = (
    "{|",
    "|}",
    "<<",
    ")>>",
    ".",
    ";",
    ",",
    '"',
    "”",
    "[",
    ")",
    " a ",
    "@polszczyzna",
    "^^",
    "~",
    "\u00a0",
    "\\uD800",
)


@given(st.data())
def test_what_the_engine_accepts_has_no_fault(data: st.DataObject) -> None:
    """Whatever is inserted or deleted, the parser goes on to the end; a fault is only in what the engine refuses."""
    spoilt = source(BODY + HINTS, TEXT)[len(PROLOGUE) :]
    for _ in range(data.draw(st.integers(1, 3))):
        at, length = data.draw(st.integers(0, len(spoilt))), data.draw(st.integers(0, 3))
        spoilt = spoilt[:at] + data.draw(st.sampled_from(PIECES)) + spoilt[at + length :]
    found = syntax.faults(PROLOGUE + spoilt, "x.ttl")
    try:
        list(ox.parse(PROLOGUE + spoilt, ox.RdfFormat.TURTLE))
    except SyntaxError:
        return
    assert found == []


def test_the_parser_reads_what_the_engine_reads(folders: Folders) -> None:
    for path in (*folders.sources(), folders.ontology / "kinds.ttl", folders.ontology / "shapes.ttl"):
        parser = syntax.Parser(path.read_text(encoding="utf-8"))
        triples = {quad.triple for quad in turtle.parse(path) if quad.predicate != REIFIES}
        told = {triple for triple in triples if "_:" not in str(triple)}
        assert parser.faults == [] and told <= {fact.triple for fact in parser.facts}


# Mistakes and hints in whole data

TEXT = "Umowę podpisano 22 marca 2018 w Siedlcach. Prezesem Jutrzenki jest Anna Nowak, a wójtem Wodyń Jan Kos."
Q = '{| oa:exact "Umowę podpisano" |}'
NAMED = 'skos:prefLabel "{0}"@pl , "{0}"@en'
BODY = f"""
id:jutrzenka a se:SocialEconomyEntity {Q} ; {NAMED.format("Jutrzenka")} ; se:seatInn id:siedlce {Q} .
id:zorza a se:SocialEconomyEntity {Q} ; {NAMED.format("Zorza")} ; se:seatIn id:siedlcee {Q} .
id:fala a se:SocialEconomyEntity {Q} ; {NAMED.format("Fala")} ; org:classification legal:social-coperative {Q} .
id:anna a foaf:Person {Q} ; {NAMED.format("Anna Nowak")} ; se:operates id:zorza {Q} .
id:fair a se:Event {Q} ; {NAMED.format("Targi")} ; se:date "22.03.2018"^^xsd:date {Q} .
id:dawn a se:SocialEconomyEntity {Q} ; skos:prefLabel "Świt"@pl , "Dawn"@pl .
id:cis-siedlce skos:prefLabel "Centrum Integracji Społecznej w Łosicach"@pl , "Łosice Centre"@en .
id:mill a se:SocialEconomyEntity {Q} ; {NAMED.format("Młyn")} ; se:seatIn id:losice-nowe {Q} .
id:office-kos a org:Membership {Q} ; {NAMED.format("Kos")} ; org:member id:anna {Q} ; org:organization id:mcps {Q} ;
    org:role role:wojt {Q} , role:sexton {Q} .
id:wrong a se:SocialEconomyEntity {{| oa:start 3 ; oa:end 18 ; oa:exact "Umowę podpisano" |}} ;
    {NAMED.format("Wrong")} .
id:unfounded a se:SocialEconomyEntity {{| oa:exact "umowa została zerwana" |}} ; {NAMED.format("Brak")} .
id:untagged a se:SocialEconomyEntity {Q} ; {NAMED.format("Bez")} ; skos:altLabel "bez języka" .
"""
HINTS = f"""
id:unknown-x a se:KnownUnknown ; se:about source:x ; {NAMED.format("kto")} .
id:jutrzenkaa a se:SocialEconomyEntity {Q} ; {NAMED.format("Jutrzenka II")} .
id:swapped a se:SocialEconomyEntity {Q} ; skos:prefLabel "Agreement of the Sun"@pl , "porozumienie Słońca"@en .
id:pact-fair a se:Event {Q} ; {NAMED.format("Fair")} ; se:date "2017-05-05"^^xsd:date {Q} .
id:mcps skos:altLabel "Zupełnie Inna Nazwa"@pl .
id:crowd a foaf:Group {Q} ; {NAMED.format("Tłum")} ; se:operates id:zorza {Q} .
"""


ZERO = '{| oa:exact "words" |}'
PLANNED = 'se:claimStatus status:planned ; oa:exact "words"'
SLIPS = f"""
id:crowd-2018 a schema:Observation {ZERO} ; {NAMED.format("Liczba")} ; schema:observationAbout id:mcps {ZERO} ;
    schema:observationDate "2018"^^xsd:gYear {ZERO} ; schema:measuredProperty headcount:participants {ZERO} .
<< id:crowd-2018 schema:value 20 >> {PLANNED} .
id:house a org:Site {ZERO} ; {NAMED.format("Budynek")} .
<< id:house org:siteOf id:mcps >> {PLANNED} .
id:both a se:SocialEconomyEntity {ZERO} ; {NAMED.format("Obie")} .
id:both se:seatIn id:warszawa {ZERO} .
<< id:both se:seatIn id:warszawa >> {PLANNED} .
id:tagged a se:SocialEconomyEntity {ZERO} ; skos:prefLabel "Zmierzch"@pol , "Dusk"@en .
id:no-day a se:Event {ZERO} ; {NAMED.format("Dzień")} ; se:date "2021-04-31"^^xsd:date {ZERO} .
id:misspelt a se:Event {ZERO} ; {NAMED.format("Zły zapis")} ; se:date "2021-4-12"^^xsd:date {ZERO} ;
    se:earliest "2021-04-12"^^xsd:date {ZERO} ; se:latest "2021-04-12"^^xsd:date {ZERO} .
id:in-nowhere a se:SocialEconomyEntity {ZERO} ; {NAMED.format("Gdzieś")} ; se:seatIn id:hamlet {ZERO} ;
    se:activeIn id:hamlet {ZERO} .
id:met a se:Event {ZERO} ; {NAMED.format("Spotkanie")} ; se:tookPlaceIn id:hamlet {ZERO} .
id:twice a se:SocialEconomyEntity {ZERO} ; skos:prefLabel "Fundacja Pierwsza"@pl , "First Foundation"@en .
id:twice skos:prefLabel "Stowarzyszenie Drugie"@pl , "Second Association"@en .
<< id:mcps se:operatedByy id:warszawa >> se:claimStatus status:opinion ; oa:exact "words" .
id:ewa a org:Organization {ZERO} ; {NAMED.format("Ewa Kos")} ; foaf:name "Ewa Kos" {ZERO} .
id:union a foaf:Person {ZERO} ; skos:prefLabel "Stowarzyszenie Jutro"@pl , "Jutro"@en ; skos:altLabel "Union"@eng .
id:mutual a se:SocialEconomyEntity {ZERO} ; skos:prefLabel "Association Razem"@pl , "Stowarzyszenie Razem"@en .
id:head a org:Post {ZERO} ; skos:prefLabel "head of gmina Wodynie"@pl , "wójt gminy Wodynie"@en .
id:seen a org:Membership {ZERO} ; {NAMED.format("Widziana")} ; se:lastAttested "2017-05-05"^^xsd:date {ZERO} .
id:Capital a se:SocialEconomyEntity {ZERO} ; {NAMED.format("Wielka")} .
id:stringed a se:SocialEconomyEntity {ZERO} ; {NAMED.format("Napis")} ; se:seatIn "Siedlce" {ZERO} .
id:no-month a se:Event {ZERO} ; {NAMED.format("Miesiąc")} ; se:date "2018-13-01"^^xsd:date {ZERO} .
id:whole a se:Grant {ZERO} ; {NAMED.format("Dotacja")} ; schema:amount 120000 {ZERO} ; schema:currency "PLN" {ZERO} .
id:two-days a se:Event {ZERO} ; {NAMED.format("Dni")} ;
    se:date "2018-03-01"^^xsd:date {{| oa:exact "w 2018" |}} , "2018-03-02"^^xsd:date {{| oa:exact "w 2018" |}} .
id:other-year a se:Event {ZERO} ; {NAMED.format("Inny rok")} ; se:date "2017"^^xsd:gYear {{| oa:exact "w 2018 r." |}} .
id:bare-fact a se:SocialEconomyEntity {ZERO} ; {NAMED.format("Goła")} ; se:seatIn id:siedlce .
id:unnamed-tongue a se:SocialEconomyEntity {ZERO} ; skos:prefLabel "Bez znacznika" , "Untagged"@en .
id:human a foaf:Person {ZERO} ; {NAMED.format("Jan Kos")} ; se:operates id:mcps {ZERO} .
"""
"""Slips of a source whose text is not at hand."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, folders: Folders) -> Folders:
    """A copy of the data with a source full of mistakes and hints, whose text is at hand."""
    path = tmp_path_factory.mktemp("curating")
    shutil.copytree(folders.data, path / "data")
    (path / "texts").mkdir()
    (path / "texts" / "x.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    (path / "data" / "sources" / "x.ttl").write_text(source(BODY + HINTS, TEXT), encoding="utf-8")
    slips = source(SLIPS).replace("source:x", "source:z")
    (path / "data" / "sources" / "z.ttl").write_text(slips, encoding="utf-8")
    return Folders(folders.ontology, path / "data")


@pytest.fixture(scope="module")
def verdict(folder: Folders) -> Verdict:
    check.fix(folder)
    return check.verdict(folder)


MISTAKES = {
    "id:jutrzenka": ("Czy chodziło o se:seatIn?", "Did you mean se:seatIn?"),
    "id:siedlcee": ("Czy chodziło o id:siedlce?", "Did you mean id:siedlce?"),
    "legal:social-coperative": ("Czy chodziło o legal:social-cooperative?", "Did you mean legal:social-cooperative?"),
    "id:anna": ("Jeśli to człowiek, usuń fakt", "If it is a human being, delete the fact"),
    "id:fair": ('Zapisz tę datę jako "2018-03-22"^^xsd:date', 'Write this date as "2018-03-22"^^xsd:date'),
    "id:dawn": ("popraw jej znacznik na @en", "correct its tag to @en"),
    "id:cis-siedlce": ("nowej nadaj własny identyfikator: w x.ttl", "give the new one its own id: in x.ttl"),
    "id:losice-nowe": ("id:losice-nowe a dcterms:Location", "id:losice-nowe a dcterms:Location"),
    "role:wojt": ("Czy chodziło o role:gmina-head?", "Did you mean role:gmina-head?"),
    "role:sexton": ("nową dodaje się w ontology/kinds.ttl", "a new one goes to ontology/kinds.ttl"),
    "id:unfounded": ("skopiuj je stamtąd", "copy them from there"),
    "id:untagged": ("dopisz @pl lub @en", "add @pl or @en"),
}  # fmt: skip


@pytest.mark.parametrize("node", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_what_helps(verdict: Verdict, node: str) -> None:
    about = [problem for problem in verdict.problems if node in problem.worded("en")]
    assert about and all(problem.places for problem in about)
    for lang, words in zip(LANGUAGES, MISTAKES[node], strict=True):
        assert any(words in problem.worded(lang) for problem in about), [p.worded(lang) for p in about]


def test_places_are_those_of_the_facts_at_fault(verdict: Verdict, folder: Folders) -> None:
    lines = (folder.data / "sources" / "x.ttl").read_text(encoding="utf-8").split("\n")
    [typo] = [one for one in verdict.problems if one.code == "undefined" and one.file == "x.ttl"]
    line, column = typo.places[0]
    assert lines[line - 1][column - 1 :].startswith(("se:seatInn", "id:siedlce {|"))


def test_a_semicolon_that_is_missing_within_a_line_is_shown_there() -> None:
    [found] = syntax.faults(PROLOGUE + "id:a se:seatIn id:b {| oa:start 1 oa:end 2 |} .\n", "x.ttl")
    assert "przed oa:end brakuje średnika" in found.worded("pl") and "missing before oa:end" in found.worded("en")
    assert found.places[0][1] == len("id:a se:seatIn id:b {| oa:start 1") + 1


def test_wrong_offsets_were_corrected_by_fix(verdict: Verdict, folder: Folders) -> None:
    written = (folder.data / "sources" / "x.ttl").read_text(encoding="utf-8")
    assert 'id:wrong a se:SocialEconomyEntity {| oa:start 0 ; oa:end 15 ; oa:exact "Umowę podpisano" |}' in written
    assert not [problem for problem in verdict.problems if "id:wrong" in problem.node]


SLIPPED = {
    "id:crowd-2018": ("także typ: << id:crowd-2018 a schema:Observation >>", "write its type between << and >> too"),
    "id:house": ("tylko ze statusem status:planned", "with status:planned only"),
    "id:both se:seatIn id:warszawa": ("tak samo jej typ", "its type and its other facts too"),
    "id:tagged": ("„Zmierzch” ma znacznik @pol, którego nie ma żaden język: napisz @pl", "write @pl"),
    "id:no-day": ("ostatni dzień tego miesiąca to 2021-04-30", "has no day 2021-04-31"),
    "id:misspelt": ('Zapisz tę datę jako "2021-04-12"^^xsd:date', 'Write this date as "2021-04-12"^^xsd:date'),
    "id:hamlet": ("id:hamlet a dcterms:Location", "A place that is not in places.ttl can be added"),
    "id:twice": ("to „Fundacja Pierwsza”, a w wierszu ", "It is “Fundacja Pierwsza” in line "),
    "id:mcps se:operatedByy id:warszawa": ("Czy chodziło o se:operatedBy?", "Did you mean se:operatedBy?"),
    "id:ewa": ("jeśli to człowiek, napisz typ foaf:Person", "if it is a human being, write the type foaf:Person"),
    "id:union": ("nazwa zaczyna się od „stowarzyszenie”", "its name begins with “stowarzyszenie”"),
    'id:union skos:altLabel "Union"@eng': ("napisz @en", "write @en"),
    "id:mutual": ("nazwy wyglądają na zamienione", "the names look swapped"),
    "id:head": ("nazwy wyglądają na zamienione", "the names look swapped"),
    "id:Capital": ("Zapisz id:capital", "Write id:capital"),
    "id:stringed": ("bez cudzysłowu: zapisz id:siedlce", "without quotation marks: write id:siedlce"),
    "id:no-month": ("czy dzień i miesiąc są zamienione (2018-01-13)?", "There is no month 13"),
    "id:whole": ("Zapisz tę kwotę jako 120000.00", "Write this amount as 120000.00"),
    "id:two-days": ("zostaw jedną, drugą zapisz między << i >>", "keep one, write the other between << and >>"),
    'id:other-year se:date "2017"^^xsd:gYear': ("podaje rok 2018, a data rok 2017", "gives the year 2018, the date"),
    "id:bare-fact se:seatIn id:siedlce": ('oa:exact "słowa z tekstu"', 'oa:exact "words of the text"'),
    "id:unnamed-tongue": ("nie ma znacznika języka: dopisz @pl lub @en", "no language tag: add @pl or @en"),
    "id:human": ("Jeśli to człowiek, usuń fakt, który czyni", "If it is a human being, delete the fact"),
    'id:seen se:lastAttested "2017-05-05"^^xsd:date': ("nie zawiera roku 2017", "does not hold the year 2017"),
}  # fmt: skip


@pytest.mark.parametrize("node", SLIPPED)
def test_a_slip_is_told_once_by_its_cause(verdict: Verdict, node: str) -> None:
    told = [one for one in (*verdict.problems, *verdict.hints) if one.file == "z.ttl" and one.node == node]
    found = [one for one in told if SLIPPED[node][0] in one.worded("pl")]
    assert len(found) == 1 and found[0].places, [one.worded("pl") for one in told]
    assert SLIPPED[node][1] in found[0].worded("en")


def test_what_follows_from_a_cause_is_not_told(verdict: Verdict) -> None:
    told = [one for one in verdict.problems if one.file == "z.ttl"]
    assert [one.code for one in told if "id:hamlet" in one.worded("en")] == ["unlabelled"]
    for node in ("id:misspelt", "id:unnamed-tongue"):
        assert [one.code for one in told if one.node == node] == ["shape"]
    assert [one.code for one in told if one.node == "id:human"] == ["disjoint"]
    assert [one.code for one in told if "legal:social-coperative" in one.worded("en")] == []


HINTED = {
    "nobody-leaves-open": ("se:leavesUnknown", "se:leavesUnknown"),
    "alike": ("różni się niewiele od id:jutrzenka", "differs little from id:jutrzenka"),
    "swapped": ("nazwy wyglądają na zamienione", "the names look swapped"),
    "yearless": ("nie zawiera roku 2017", "does not hold the year 2017"),
    "renamed": ("czy to ta sama rzecz?", "is it one thing?"),
    "other-class": (
        "wynika org:Organization, bo id:crowd se:operates id:zorza",
        "because of id:crowd se:operates id:zorza",
    ),
}


@pytest.mark.parametrize("code", HINTED)
def test_what_smells_is_hinted_at(verdict: Verdict, code: str) -> None:
    found = [hint for hint in verdict.hints if hint.code == code and hint.file == "x.ttl"]
    assert len(found) == 1 and found[0].places
    for lang, words in zip(LANGUAGES, HINTED[code], strict=True):
        assert words in found[0].worded(lang)


def test_a_second_value_from_another_source_asks_whether_time_passed(folder: Folders, verdict: Verdict) -> None:
    assert [hint.code for hint in verdict.hints].count("second-value") == 0  # the data says why its values differ
    path, spoilt = folder.data / "sources" / "y.ttl", folder.data / "sources" / "x.ttl"
    before = spoilt.read_text(encoding="utf-8")
    ended = before.replace(
        "id:wrong a se:SocialEconomyEntity {| oa:start 0 ; oa:end 15",
        "id:wrong a se:SocialEconomyEntity {| oa:start 0 ; oa:end 14",
    )
    spoilt.write_text(ended, encoding="utf-8")
    other = f'id:erection-caritas-siedlce se:date "1991-04-16"^^xsd:date {Q} .\n'
    path.write_text(source(other).replace("source:x", "source:y"), encoding="utf-8")
    try:
        again = check.verdict(folder)
    finally:
        path.unlink()
        spoilt.write_text(before, encoding="utf-8")
    assert [one.code for one in again.problems if one.node.startswith("id:wrong ")] == ["misquoted"]
    [hint] = [hint for hint in again.hints if hint.code == "second-value"]
    assert "sprzeczność czy zmiana w czasie?" in hint.worded("pl")
    assert "a contradiction, or a change over time?" in hint.worded("en") and hint.file == "y.ttl"


@pytest.mark.whole
def test_the_real_data_has_few_hints(folders: Folders) -> None:
    assert [(hint.code, hint.node) for hint in check.verdict(folders).hints] == [("renamed", "id:collegium-humanum")]


# The command

COMMAND = CliRunner()


def kgraph(*arguments: object) -> Result:
    return COMMAND.invoke(main, [str(argument) for argument in arguments])


def test_the_last_line_says_what_was_looked_at(
    folder: Folders, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folder.data / "sources", tmp_path / "data" / "sources")
    monkeypatch.chdir(tmp_path)
    done = kgraph("check", "--data", folder.data, "--lang", "pl")
    assert done.exit_code == 1
    *_, warning, last = done.stderr.splitlines()
    assert warning == f"uwaga: sprawdzono {folder.data}, a nie folder data stąd; aby sprawdzić ten, dodaj --data data"
    assert last.startswith(f"{folder.data}: {verdict.sources} źród") and "nie ma tu jego tekstu: mcps-2018" in last
    assert f", {verdict.quotes} cytat" in last and f"znaleziono {len(verdict.problems)} błęd" in last
    assert last.endswith(text("pl", "curating.hints", n=len(verdict.hints)))
    assert [line for line in done.stdout.splitlines() if line.startswith("wskazówka: x.ttl:")]
    told = json.loads(kgraph("check", "--data", folder.data, "--format", "json").stdout)
    assert all(entry["line"] and entry["column"] for entry in told["problems"] if entry["file"] == "x.ttl")
    assert {entry["code"] for entry in told["hints"]} >= HINTED.keys()


def test_broken_files_are_all_named_and_nothing_else_is_checked(copied: Folders) -> None:
    for name in ("x.ttl", "y.ttl"):
        (copied.data / "sources" / name).write_text(PROLOGUE + "id:a se:seatIn “b” .\n", encoding="utf-8")
    done = kgraph("check", "--data", copied.data, "--fix", "--lang", "pl")
    assert done.exit_code == 3 and done.stderr.count("prostymi cudzysłowami") == 2
    assert done.stderr.splitlines()[-1].endswith("danych nie da się odczytać, więc niczego więcej nie sprawdzono")


WRITING = (
    ("check", "--fix"),
    ("new-source", "https://example.org/a"),
    ("sheet", "in", "curator.xlsx"),
    ("register", "remove", "opp-2030-01-01"),
)


@pytest.mark.parametrize("given", WRITING)
def test_the_data_of_an_installed_wheel_is_not_edited(given: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "is_checkout", lambda: False)
    for data in ((), ("--data", paths.bundled().data)):
        done = kgraph(*given, *data)
        assert done.exit_code == 2 and "say with --data" in done.stderr and "is not to be edited" in done.stderr


# Vocabulary

OFFICES = (
    "wojt",
    "burmistrz",
    "prezydent miasta",
    "starosta",
    "marszalek",
    "wojewoda",
    "przewodniczacy rady",
    "soltys",
)


@pytest.mark.parametrize("office", OFFICES)
def test_an_office_of_local_government_is_found_without_diacritics(graph: ox.Store, office: str) -> None:
    first = vocabulary.matching(vocabulary.words(graph, "pl"), office)[0]
    assert first.sort == "role" and first.definition and f"org:role {first.curie}" in first.turtle


def test_everyday_words_find_the_words_of_the_ontology(graph: ox.Store) -> None:
    known = vocabulary.words(graph, "pl")
    for asked, found in {
        "dotacja": "funding:grant",
        "kwota": "schema:amount",
        "umowa": "se:Agreement",
        "zastępca": "role:deputy-gmina-head",
        "prezes": "role:president",
        "rada": "role:council-chair",
        "wizyta": "se:Event",
        "planuje": "status:planned",
        "liczba uczestników": "schema:Observation",
        "targi pracy": "se:Event",
        "marzec": "se:date",
        "wiosna": "se:date",
        "użyczenie": "org:Site",
        "przejęła": "org:ChangeEvent",
        "zdobyła": "se:hasLaureate",
    }.items():
        assert found in [word.curie for word in vocabulary.matching(known, asked)[:6]], asked
    for lang in LANGUAGES:
        assert section(lang, "everyday").keys() <= {word.curie for word in known}
    claimed = vocabulary.matching(known, "se:firstOfKindIn")[0].turtle
    assert claimed.startswith("<< id:… se:firstOfKindIn id:… >> se:claimStatus status:superlative")


def test_a_gmina_is_explained_as_place_and_as_authority(from_build: None) -> None:
    for lang, words in (("pl", "osobna rzecz"), ("en", "a thing of its own")):
        shown = kgraph("vocabulary", "gmina", "--lang", lang)
        assert shown.exit_code == 0 and words in shown.stdout
        assert "level:gmina ·" in shown.stdout and "legal:local-government-unit ·" in shown.stdout


def test_a_word_has_an_example_and_an_unknown_word_a_similar_one(from_build: None) -> None:
    shown = kgraph("vocabulary", "se:seatIn").stdout
    assert 'from the data: id:mcps se:seatIn id:warszawa {| oa:exact "' in shown
    assert "id:… se:seatIn id:… {|" in shown
    unknown = kgraph("vocabulary", "burmsitrz", "--lang", "pl")
    assert unknown.exit_code == 3 and "Czy chodziło o role:town-mayor?" in unknown.stderr
    assert kgraph("vocabulary").stdout.count("\n") > 300


def test_several_words_are_found_in_any_form(graph: ox.Store, from_build: None) -> None:
    known = vocabulary.words(graph, "pl")
    assert vocabulary.matching(known, "spółdzielni socjalnych")[0].curie == "legal:social-cooperative"
    assert "role:board-member ·" in kgraph("vocabulary", "członkowie", "zarządu", "--lang", "pl").stdout


def test_the_turtle_to_copy_is_turtle_with_the_prefixes_of_a_new_source(graph: ox.Store) -> None:
    declared = syntax.Parser(head("https://example.org/a", "a", None)).prefixes
    for word in vocabulary.words(graph, "en"):
        used = {token.text.partition(":")[0] for token in syntax.Parser(word.turtle).tokens if token.kind == "name"}
        assert used <= declared.keys(), word.curie
        copied = PROLOGUE + word.turtle.replace("id:…", "id:a").replace("-…", "-a").replace("se:…", "se:a")
        assert syntax.faults(copied, word.curie) == []


def test_an_id_is_found_without_its_prefix_and_a_sheet_goes_back_to_its_folder(
    from_build: None, folder: Folders, tmp_path: Path
) -> None:
    assert "id:cis-siedlce" in kgraph("show", "cis-siedlce").stdout.splitlines()[0]
    made = kgraph("sheet", "out", folder.data / "sources" / "curator.ttl", tmp_path / "a.csv", "--data", folder.data)
    assert f"kgraph sheet in {tmp_path / 'a.csv'} --data {folder.data}" in made.stderr


# Templates


def test_the_blocks_of_a_new_source_pass_when_they_are_filled(copied: Folders) -> None:
    text_file = copied.data.parent / "a.txt"
    text_file.write_bytes("\ufeffUmowę zawarto.\r\n".encode())
    blocks, address = "all", "https://example.org/umowa"
    made = kgraph("new-source", address, "--with", blocks, "--data", copied.data, "--text", text_file, "--lang", "pl")
    assert made.exit_code == 0 and "BOM" in made.stderr
    path = copied.data / "sources" / "example-org-umowa.ttl"
    begun = path.read_text(encoding="utf-8")
    counted = sha256("Umowę zawarto.\n")
    assert (
        f'"{counted}"' in begun
        and len(re.findall("(?m)^# ── .+ · ", begun)) == len(BLOCKS)
        and "Wypełnij i usuń znaki #" in begun
        and "Fill in" not in begun
    )
    path.write_text(filled(begun), encoding="utf-8")
    done = kgraph("check", "--data", copied.data, "--text", text_file, "--fix")
    told = [line for line in done.stdout.splitlines() if not line.startswith("hint: ")]
    assert done.exit_code == 1 and [line.partition(" · ")[0] for line in told] == ["to renew: sekg.ttl"]
    assert "; sources without problems, " in done.stderr and "; 1 generated file to renew" in done.stderr


def filled(begun: str) -> str:
    """A new source with its blocks uncommented and each gap filled."""
    first, *blocks = re.split(r"(?m)^(?=# ── .+ · )", begun.replace("# dcterms:title", "dcterms:title"))
    first = first.replace('# dcterms:publisher ""', 'dcterms:publisher "P"').replace('""@pl , ""@en', '"T"@pl , "T"@en')
    body = re.sub(r"(?m)^# (?=id:|source:|<<|    )", "", "".join(blocks))
    for number in range(body.count('"…"@pl')):
        body = body.replace('"…"@pl , "…"@en', f'"N{number}"@pl , "N{number}"@en', 1)
    return first + body.replace('oa:exact "…"', 'oa:exact "Umowę zawarto"')


def test_a_text_in_another_encoding_is_converted_on_request(copied: Folders) -> None:
    path = copied.data.parent / "a.txt"
    path.write_bytes("Umowę zawarto.".encode("cp1250"))
    arguments = ("new-source", "https://example.org/b", "--data", copied.data, "--text", path)
    for lang, words in (("pl", "dodaj --encoding cp1250"), ("en", "add --encoding cp1250")):
        refused = kgraph(*arguments, "--lang", lang)
        assert refused.exit_code == 3 and words in refused.stderr
    assert kgraph(*arguments, "--encoding", "cp1250").exit_code == 0
    assert (copied.data.parent / "texts" / "example-org-b.txt").read_text(encoding="utf-8") == "Umowę zawarto."


# No message stays English

ENGLISH = re.compile(r"(?<!-)\b(?:the|is|are|not|has|have|of|and|with|this|that|which|it|must|should|cannot)\b")


@pytest.mark.parametrize("code", sorted(section("pl", "faults").keys() - {"shape"}))
def test_every_fault_is_polish_in_polish(code: str) -> None:
    """Every fault with made-up values; those that come from the system or the engine are worded by `reason`."""
    wording = section("pl", "faults")[code]
    several = [wording] if isinstance(wording, str) else list(wording.values())
    names = sorted({name for each in several for name in re.findall(r"{(\w+)}", str(each))} - {"n"})
    numbers = {name for each in several for name in re.findall(r"{(\w+):d}", str(each))} - {"n"}
    raised = reason(ValueError("the engine is English"))
    values = tuple((name, raised if name == "reason" else "7") for name in names) + tuple((name, 7) for name in numbers)
    found = Problem("x.ttl", "id:a", code, values)
    polish, english = (text(lang, f"faults.{code}", n=5, **dict(_worded(found, lang))) for lang in LANGUAGES)
    assert polish != english and not ENGLISH.search(polish)


def _worded(found: Problem, lang: str) -> list[tuple[str, object]]:
    return [(name, dict(value)[lang] if isinstance(value, tuple) else value) for name, value in found.values]


def test_reasons_of_the_system_are_polish_in_polish() -> None:
    errors = (FileNotFoundError(2, "Not there"), PermissionError(13, "Denied"), IsADirectoryError(21, "Is a directory"))
    engines = (SyntaxError("bad", ("x", 3, 1, "")), UnicodeDecodeError("utf-8", b"", 0, 1, "bad"), KeyError("is"))
    for error in (*errors, *engines):
        by = reason(error)
        assert isinstance(by, tuple)
        assert dict(by)["pl"] != dict(by)["en"] and not ENGLISH.search(dict(by)["pl"])
