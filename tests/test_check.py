"""`kgraph check`: quotes against source texts, faults of sources, and outdated generated files."""

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import TURTLE_PREFIXES
from kgraph.base.words import section
from kgraph.build import consistency, pipeline
from kgraph.cli import main
from kgraph.publish import check
from tests.conftest import lines

pytestmark = pytest.mark.whole


def test_the_real_data_is_clean_and_up_to_date(folders: Folders) -> None:
    assert check.problems(folders) == []


def test_a_forgotten_export_is_noticed(copied: Folders) -> None:
    copied.published().write_bytes(copied.published().read_bytes() + b"\n")
    copied.context().unlink()
    found = lines(check.problems(copied))
    assert len(found) == 2
    assert f"run “kgraph export turtle --data {copied.data} -o {copied.published()}”" in found[1]


def test_a_changed_label_makes_the_published_file_old(copied: Folders) -> None:
    path = copied.data / "places.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace('"Warsaw"@en', '"Warszawa"@en'), encoding="utf-8")
    assert [problem.file for problem in check.problems(copied)] == ["sekg.ttl"]


TEXT = "5 maja 2021 w Siedlcach: umowę podpisała Jutrzenka."
HEAD = f"""
source:x a se:Source ; dcterms:title "X"@pl , "X"@en ; dcterms:publisher "X" ; rdfs:seeAlso <https://example.org/x> ;
    se:textSHA256 "{hashlib.sha256(TEXT.encode()).hexdigest()}" ; se:textLength {len(TEXT)} .
"""
NEW = 'id:jutrzenka skos:prefLabel "Jutrzenka"@pl , "Jutrzenka"@en ; a se:SocialEconomyEntity ~ .\n'
NEW += 'id:mcps skos:prefLabel "MCPS"@pl , "MCPS"@en ; a org:Organization ~ .\n'


def add(copied: Folders, body: str, name: str = "x.ttl", head: str = HEAD) -> Path:
    path = copied.data / "sources" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text('VERSION "1.2"\n' + TURTLE_PREFIXES + head + body, encoding="utf-8")
    return path


def found(copied: Folders, *texts: Path, lang: str = "en") -> list[str]:
    """The reported problems as lines, without those of the generated files."""
    return lines((problem for problem in check.problems(copied, texts) if problem.file not in GENERATED), lang)


GENERATED = ("sekg.ttl", "context.jsonld")


def test_a_text_of_nobody_is_one_problem_among_the_others(bare: Folders, tmp_path: Path) -> None:
    add(bare, "id:siedlce se:within id:poland .")
    (tmp_path / "text.txt").write_text("Nothing of ours.")
    text, fact = sorted(found(bare, tmp_path / "text.txt"), reverse=True)[:2]
    assert text.startswith("x.ttl · id:siedlce se:within id:poland · has no evidence")
    assert fact.startswith("text.txt · no source has a text with this SHA-256")


def test_texts_beside_the_data_are_compared(bare: Folders) -> None:
    add(bare, NEW + 'id:jutrzenka se:seatIn id:siedlce {| oa:start 14 ; oa:end 23 ; oa:exact "Siedlcami" |} .')
    assert found(bare) == []
    (bare.data.parent / "texts").mkdir()
    (bare.data.parent / "texts" / "x.txt").write_text(TEXT, encoding="utf-8")
    assert found(bare) == ["x.ttl · id:jutrzenka se:seatIn id:siedlce · quotes “Siedlcami”, the text has “Siedlcach”"]


@pytest.mark.parametrize("command", [["export", "turtle"], ["site", "--base-url", "https://example.org/", "--out"]])
def test_what_check_refuses_is_not_published(bare: Folders, tmp_path: Path, command: list[str]) -> None:
    add(bare, NEW + f"id:jutrzenka se:seatInn id:siedlce {T} .")
    target = [] if command[0] == "export" else [str(tmp_path / "site")]
    done = CliRunner().invoke(main, [*command, *target, "--data", str(bare.data)])
    assert done.exit_code == 1
    assert done.stdout == "x.ttl · id:jutrzenka · se:seatInn is not defined in the ontology; is it a typing error?\n"
    assert not (tmp_path / "site").exists()


T = '{| oa:start 0 ; oa:end 11 ; oa:exact "5 maja 2021" |}'
OFFICE = (
    f'a org:Membership {T} ; skos:prefLabel "urząd"@pl , "office"@en ; org:member id:anna {T} ;'
    f" org:organization id:jutrzenka {T} ; org:role role:director {T}"
)
ANNA = f'id:anna a foaf:Person {T} ; skos:prefLabel "Anna"@pl , "Anna"@en .\n'
PACT = (
    f'id:pact a se:Agreement {T} ; skos:prefLabel "umowa"@pl , "pact"@en ;'
    f" se:hasSignatory id:jutrzenka {T} , id:mcps {T} .\n"
)
FAIR = f'id:fair a se:Event {T} ; skos:prefLabel "targi"@pl , "fair"@en'
COPY = HEAD.replace("source:x", "source:y")
UNREAD = 'source:y a se:Source ; dcterms:title "Y"@pl , "Y"@en ; dcterms:publisher "Y" ; se:textUnavailable true'


def day(name: str, text: str) -> str:
    kind = "xsd:gYear" if len(text) == 4 else "xsd:date"
    return f'{name} "{text}"^^{kind} {T}'


def term_of(slug: str, *days: tuple[str, str]) -> str:
    return " ;\n    ".join([f"id:{slug} {OFFICE}", *(day(*each) for each in days)]) + " .\n"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (term_of("t", ("se:validFrom", "2020-01-01"), ("se:validFrom", "2019-01-01")), "two values of se:validFrom by"),
        (FAIR + f" ; {day('se:earliest', '2021-05-04')} ; {day('se:earliest', '2021-05-05')} .", "two values of"),
        (term_of("t", ("se:validFrom", "2022-01-01"), ("se:lastAttested", "2021-05-05")), "later than its se:lastAtt"),
        (term_of("t", ("se:lastAttested", "2021-05-05"), ("se:untilYear", "2020")), "later than its se:untilYear 2020"),
        (term_of("t", ("se:validFrom", "2022-01-01"), ("se:fromYear", "2015")), "later than its se:fromYear 2015"),
        (term_of("t", ("se:fromYear", "2022"), ("se:untilYear", "2015")), "later than its se:untilYear 2015"),
        (
            term_of("t", ("se:fromYear", "2020"), ("se:validUntil", "2019-12-31")),
            "later than its se:validUntil 2019-12-31",
        ),
        (term_of("t", ("se:validFrom", "2019-01-02"), ("se:validUntil", "2019-01-01")), "later than its se:validUntil"),
        (FAIR + f" ; {day('se:earliest', '2021-05-05')} ; {day('se:latest', '2021-05-04')} .", "than its se:latest"),
        (FAIR + f" ; {day('se:date', '2019-05-06')} ; {day('se:earliest', '2021-05-05')} .", "later than its se:date"),
        (FAIR + f" ; {day('se:date', '2031-05-05')} .", "after the data was last changed"),
        (FAIR + f" ; {day('se:date', '0201-05-05')} .", "a year that can hardly be right"),
        (term_of("t", ("se:validFrom", "2099-01-01")), "a year that can hardly be right"),
        (term_of("t") + term_of("u"), "says the same as id:u"),
        (
            term_of("t", ("se:validFrom", "2019-01-01"), ("se:validUntil", "2020-01-01"))
            + term_of("u", ("se:fromYear", "2018"), ("se:untilYear", "2020")),
            "says the same as id:t",
        ),
        (PACT + f"id:pact se:numberOfSignatories 1 {T} .", "its number of signatories by source:x, which names 2"),
        (
            "id:jutrzenka skos:exactMatch <https://e.org/1> . id:mcps skos:exactMatch <https://e.org/1> .",
            "make them one",
        ),
    ],
)
def test_what_contradicts_itself_is_found_in_its_file(bare: Folders, body: str, message: str) -> None:
    add(bare, NEW + ANNA + body)
    [problem] = found(bare)
    assert message in problem
    assert "x.ttl" in problem.partition(" · ")[0]


@pytest.mark.parametrize(
    "body",
    [
        term_of("t", ("se:fromYear", "2015"), ("se:untilYear", "2019"))
        + term_of("u", ("se:validFrom", "2019-06-01"), ("se:validUntil", "2030-01-01")),
        term_of("t", ("se:validFrom", "2015-02-01"), ("se:lastAttested", "2015-02-01"), ("se:fromYear", "2015")),
        term_of("t") + term_of("u", ("se:fromYear", "2015")),
        FAIR + f" ; {day('se:date', '2021')} ; {day('se:earliest', '2021-05-05')} ; {day('se:latest', '2021-05-07')} .",
        FAIR + f' . << id:fair se:date "2031-05-05"^^xsd:date >> se:claimStatus status:planned ; {T[2:-2]} .',
        PACT + f"id:pact se:numberOfSignatories 2 {T} .",
    ],
)
def test_honest_data_is_left_alone(bare: Folders, body: str) -> None:
    add(bare, NEW + ANNA + body)
    assert found(bare) == []


def test_what_two_sources_say_differently_is_no_fault(bare: Folders) -> None:
    add(bare, NEW + ANNA + term_of("t", ("se:validFrom", "2022-01-01")))
    other = 'id:t se:lastAttested "2021-01-01"^^xsd:date ~ .'
    add(bare, other, "y.ttl", f"{UNREAD} ; rdfs:seeAlso <https://example.org/y> .\n")
    assert found(bare) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"1426122"', '"142612X"', "142612X is not a GUS (TERYT) number"),
        ('"1426122"', '"0226122"', "id:gmina-wodynie · has the TERYT code 0226122 but lies in id:mazowieckie"),
        ('"1426122"', '"1427122"', "has the TERYT code 1427122 but lies in id:powiat-siedlecki, whose code is 1426"),
        ("POINT(22.29006 52.16772)", "POINT(52.16772 22.29006)", "id:siedlce · lies in Poland but POINT(52.16772"),
        ("POINT(22.29006 52.16772)", "POINT(999 999)", "not one point on Earth"),
    ],
)
def test_a_place_that_cannot_be_there_is_found(bare: Folders, old: str, new: str, message: str) -> None:
    path = bare.data / "places.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(problem.startswith("places.ttl · ") and message in problem for problem in found(bare))


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (
            "    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;\n    dcterms:creator",
            "    dcterms:creator",
            "license",
        ),
        (" ;\n    dcterms:publisher id:kgraph-project .", " .", "publisher"),
        ('    dcterms:modified "2026-11-30"^^xsd:date ;\n', "", "modified"),
        ("2026-11-30", "2026-13-30", "modified"),
        ('"2026-11-30"^^xsd:date', '"2026-11-30"', "modified"),
        (
            "    dcterms:accessRights",
            "    dcterms:license <https://example.org/> ;\n    dcterms:accessRights",
            "license",
        ),
    ],
)
def test_a_data_set_that_cannot_be_released_is_found(bare: Folders, old: str, new: str, name: str) -> None:
    path = bare.data / "dataset.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(line.startswith(f"dataset.ttl · id:dataset · dcterms:{name} is needed for") for line in found(bare))


def test_files_that_would_be_passed_over_are_refused(bare: Folders) -> None:
    for name in ("note.TTL", "2024/note.ttl"):
        add(bare, "", name)
    assert [line.partition(" · ")[0] for line in found(bare)] == ["sources/2024/note.ttl", "sources/note.TTL"]
    assert pipeline.build(bare.data.parent / "out", pipeline.Recipe(bare)).problems


def test_a_copied_file_is_no_second_witness(bare: Folders) -> None:
    add(bare, NEW)
    add(bare, NEW, "copy.ttl")
    [problem] = found(bare)
    assert problem.startswith("x.ttl · source:x · copy.ttl describes this source too")
    assert lines(pipeline.build(bare.data.parent / "out", pipeline.Recipe(bare)).problems)[0] == problem


def test_one_page_and_one_text_are_one_witness(bare: Folders) -> None:
    add(bare, NEW)
    add(bare, NEW, "y.ttl", COPY)
    page, text = found(bare)
    assert page.startswith("x.ttl, y.ttl · source:x · and source:y have the same address <https://example.org/x>")
    assert text.startswith("x.ttl, y.ttl · source:x · and source:y have the same text")
    add(bare, "source:y dcterms:isVersionOf source:x .", "y.ttl", COPY)
    assert found(bare) == []


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (ANNA + term_of("t"), term_of("u")),
        *(
            pytest.param(first, then, marks=pytest.mark.slow)
            for first, then in (
                ("id:jutrzenka skos:exactMatch <https://e.org/1> .", "id:mcps skos:exactMatch <https://e.org/1> ."),
                (FAIR + " .", f"id:fair {day('se:date', '2031-05-05')} ."),
                (f"id:jutrzenka a foaf:Agent {T} .", f"id:jutrzenka a foaf:Person {T} ."),
            )
        ),
    ],
)
def test_a_build_that_grows_finds_what_check_finds(bare: Folders, first: str, then: str) -> None:
    out = bare.data.parent / "out"
    add(bare, NEW + first)
    assert pipeline.build(out, pipeline.Recipe(bare)).problems == ()
    add(
        bare,
        then,
        "y.ttl",
        COPY.replace("example.org/x", "example.org/y") + "source:y dcterms:isVersionOf source:x .",
    )
    assert lines(pipeline.build(out, pipeline.Recipe(bare)).problems) == found(bare) != []


def test_a_conflict_names_the_facts_and_the_file(copied: Folders) -> None:
    add(copied, f"id:caritas-siedlce a foaf:Person {T} .")
    [problem] = [line for line in found(copied) if "foaf:Person" in line]
    assert problem.startswith("x.ttl · id:caritas-siedlce · is a foaf:Person and a org:Organization")
    assert "id:caritas-siedlce rdf:type foaf:Person (x.ttl); id:caritas-siedlce " in problem
    assert "(caritas-siedlce-2012-dyrektor.ttl)" in problem


def test_a_circle_of_places_names_the_files_that_close_it(bare: Folders) -> None:
    add(bare, f"id:poland se:within id:mazowieckie {T} .")
    assert any(line.startswith("places.ttl, x.ttl · id:poland · The place lies within itself") for line in found(bare))


def test_a_place_within_itself_names_the_file_that_says_so(bare: Folders) -> None:
    add(bare, f"id:siedlce se:within id:siedlce {T} .")
    assert any(line.startswith("x.ttl · id:siedlce · The place lies within itself") for line in found(bare))


def test_a_date_at_the_agreement_is_shown_and_sent_to_the_signing(bare: Folders) -> None:
    add(bare, NEW + PACT + f"id:pact {day('se:date', '2021-05-05')} .")
    [problem] = [line for line in found(bare) if "used as an event" in line]
    assert problem.startswith("x.ttl · id:pact · ")
    assert problem.endswith(
        'belongs to its se:SigningEvent (se:signedAt). (se:date "2021-05-05"^^xsd:date) (sh:ClassConstraintComponent)'
    )


def test_a_forgotten_name_is_said_once(bare: Folders) -> None:
    add(bare, f"id:jutrzenka a se:SocialEconomyEntity {T} .")
    [problem] = found(bare)
    assert problem.startswith("x.ttl · id:jutrzenka · This thing has no name")


def test_a_fault_of_a_claim_is_said_of_its_fact(bare: Folders) -> None:
    add(bare, NEW + f"<< id:jutrzenka se:seatIn id:siedlce >> se:claimStatus status:maybe ; {T[2:-2]} .")
    assert found(bare)[0].startswith("x.ttl · id:jutrzenka se:seatIn id:siedlce · The claim does not have exactly")


def test_every_check_speaks_polish(bare: Folders) -> None:
    assert consistency.checks().keys() <= section("pl", "faults").keys()
    add(bare, NEW + ANNA + FAIR + f" ; {day('se:date', '2031-05-05')} .")
    assert "czyli po ostatniej zmianie danych (2026-11-30)" in found(bare, lang="pl")[0]


def spoilt(copied: Folders) -> None:
    """Data with one fault per kind of check: syntax, shapes, ontology terms, dates, and links between sources."""
    add(copied, "id:siedlce se:within id:poland . id:siedlce se:wihtin id:poland ~ .")
    add(copied, f"{NEW}{FAIR} ; {day('se:date', '2031-05-05')} .", "y.ttl", COPY)
    add(copied, "", "note.TTL")


@pytest.mark.parametrize("options", [["--lang", "pl"], ["--lang", "en"]])
def test_faults_do_not_depend_on_the_environment(bare: Folders, options: list[str]) -> None:
    spoilt(bare)
    shown = [
        CliRunner(env={"LANG": tongue, "LC_ALL": tongue, "LANGUAGE": tongue}).invoke(
            main, ["check", "--data", str(bare.data), *options]
        )
        for tongue in ("pl_PL.UTF-8", "C")
    ]
    assert shown[0].output == shown[1].output
    verdict, hint = check.verdict(bare), section(options[1], "curating")["hint"]
    hints = [f"{hint} {line}" for line in lines(verdict.hints, options[1])]
    assert shown[0].stdout.splitlines() == [*lines(verdict.problems, options[1]), *hints]
    assert all(problem.places for problem in verdict.problems if problem.file == "x.ttl")
    assert ("znaleziono" in shown[0].stderr) is (options[1] == "pl")


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("sources/x.ttl", b"id:siedlce se:within", "x.ttl:1:1 · przedrostka id: nie podano na początku pliku"),
        ("sources/x.ttl", b"# Sp\xf3\xb3dzielnia", "zapisz plik jako UTF-8"),
        ("places.ttl", None, "podaj folder, który go ma"),
    ],
)
@pytest.mark.parametrize("command", [["check"], ["build", "--out", "built"]])
def test_what_ends_the_reading_is_said_in_polish(
    bare: Folders, tmp_path: Path, command: list[str], file: str, content: bytes | None, said: str
) -> None:
    (bare.data / file).unlink(missing_ok=True)
    if content is not None:
        (bare.data / file).write_bytes(content)
    done = CliRunner().invoke(main, [*command, "--data", str(bare.data), "--lang", "pl"])
    assert done.exit_code == 3
    assert said in done.stderr and not done.stdout


def test_every_text_of_a_fault_is_used() -> None:
    package = Path(paths.packaged(""))
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(package.rglob("*.py")))
    names = section("en", "faults").keys() - consistency.checks().keys()
    assert [name for name in names if f'"{name}"' not in code and f"faults.{name}" not in code] == []
