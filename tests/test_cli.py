"""The command line: data on stdout, messages on stderr, and exit codes."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from kgraph.base import paths
from kgraph.errors import NotFound
from kgraph.rdf.store import open_built
from tests.command import kgraph, printed

SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


pytestmark = pytest.mark.usefixtures("from_build")


def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["kgraph", *arguments], capture_output=True, text=True, timeout=120)


def spent() -> float:
    """CPU seconds of finished child processes; wall time would depend on the load of the machine."""
    times = os.times()
    return times.children_user + times.children_system


COMMANDS = [
    "build",
    "check",
    "diff",
    "disputes",
    "export",
    "mcp",
    "new-source",
    "picture",
    "query",
    "questions",
    "release",
    "report",
    "search",
    "serve",
    "sheet",
    "show",
    "site",
    "sources",
    "vocabulary",
    "why",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    shown = kgraph(command, "--help")
    assert shown.returncode == 0
    assert f"kgraph {command}" in shown.stdout
    assert "Examples:" in shown.stdout
    assert len(shown.stdout.splitlines()) <= 40


def test_help_lists_every_command() -> None:
    assert all(f"  {command} " in kgraph("--help").stdout for command in COMMANDS)


def test_help_is_quick() -> None:
    process("--help")
    started = spent()
    process("--help")
    assert spent() - started < 0.5


def test_a_query_on_a_built_graph_is_quick(built: Path) -> None:
    process("query", "--graph", str(built), "ASK {}")
    started = spent()
    answer = process("query", "--graph", str(built), "SELECT ?c WHERE { ?c a se:Cluster }")
    assert spent() - started < 1
    assert "https://w3id.org/sekg/id/cluster-siedlce" in answer.stdout.splitlines()
    assert answer.stderr == ""


def test_the_bundled_graph_and_a_built_one_answer_alike(built: Path) -> None:
    query = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
    bundled = kgraph("query", query, KGRAPH_GRAPH="").stdout
    assert bundled.count("\n") > 1000
    assert bundled == kgraph("query", query, "--graph", built).stdout


def test_the_environment_may_name_the_graph(built: Path) -> None:
    assert kgraph("query", "ASK {}", KGRAPH_GRAPH="/nonexistent").returncode == 3
    assert kgraph("query", "ASK {}", KGRAPH_GRAPH=str(built)).stdout == "true\n"


def test_a_query_from_stdin_and_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("ASK { id:mcps ?p ?o }")
    assert kgraph("query", "-", stdin="ASK { id:mcps ?p ?o }").stdout == "true\n"
    assert kgraph("query", "-f", str(tmp_path / "q.rq")).stdout == "true\n"


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "xml", "ndjson", "md"])
def test_every_table_format(form: str) -> None:
    answer = kgraph("query", "--format", form, "SELECT ?c WHERE { ?c a se:Cluster }")
    assert answer.returncode == 0
    assert "cluster-siedlce" in answer.stdout


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld"])
def test_every_graph_format(form: str) -> None:
    answer = kgraph("query", "--format", form, "CONSTRUCT WHERE { ?c a se:Cluster }")
    assert answer.returncode == 0
    assert "cluster-siedlce" in answer.stdout


def test_parameters_are_bound() -> None:
    query = "SELECT ?who ?event WHERE { ?who se:representedAt ?event }"
    answer = kgraph("query", query, "--param", "who=id:owes-siedlce", "--format", "json")
    who = {row["who"]["value"] for row in json.loads(answer.stdout)["results"]["bindings"]}
    assert who == {"https://w3id.org/sekg/id/owes-siedlce"}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["query", "SELECT * {"], 2, "not valid SPARQL"),
        (["query", "SELECT * { ?s xx:p ?o }"], 2, "unknown prefix 'xx'"),
        (["query"], 2, "give a query"),
        (["query", __file__], 2, f"{__file__} is a file: “kgraph query -f {__file__}” asks what it says"),
        (["query", "SELECT" * 1000], 2, "not valid SPARQL"),
        (["query", "ASK {}", "--param", "x"], 2, "is not name=value"),
        (["query", "ASK {}", "--format", "csv"], 2, "cannot hold this answer"),
        (["query", "-f", "/nonexistent.rq"], 3, "cannot be read"),
        (["query", "ASK {}", "--graph", "/nonexistent"], 3, "holds no built graph"),
        (["query", SLOW, "--timeout", "0.5"], 4, "stopped after 0.5 s"),
        (
            ["questions", "within-30-km", "--param", "limit=99999999999999999999999"],
            2,
            "limit: 99999999999999999999999 is",
        ),
        (["query", "ASK {}", "--graph", "frontend"], 3, "frontend holds no graph; give a folder that “kgraph build”"),
        (["query", "ASK {}", "--graph", "missing.ttl"], 3, "missing.ttl is not there; give an RDF file, a folder"),
        (["query", "ASK {}", "--graph", "README.md"], 3, "README.md: unknown kind of file"),
        (["serve", "--graph", "data", "--writable", "--get", "/"], 2, "--graph FOLDER of “kgraph build”"),
        (["sources", "-o", "x.ttl"], 2, "x.ttl has the ending of no format; use .txt, .json"),
        (["questions", "nonsense"], 3, "no question 'nonsense'"),
        (["show", "nobody"], 3, "is not the name of anything"),
        (["show", "id:nobody"], 3, "nothing is known"),
        (
            ["picture", "id:agreement-2018", "--as-of", "2018-01-01"],
            3,
            "was not there on 2018-01-01: it had ended or had",
        ),
        (["search", "qqq"], 3, "no name, question or source has words like"),
        (["picture", "nobody"], 3, "is not the name of anything"),
        (["build", "--data", "/nonexistent"], 3, "is missing"),
        (["export", "-o", "/dev/null/x"], 3, "cannot be written"),
        (["check", "--text", "/nonexistent"], 3, "cannot be read"),
        (["query", "INSERT DATA { id:a id:b id:c }"], 2, "this is an update"),
        (["questions", "--all", "-o", "x.txt"], 2, "kgraph report"),
        (["questions", "founders", "--param", "lang=de"], 2, "--lang pl"),
        (["export", "jsonld", "--graphs"], 2, "--graphs is for trig"),
        (["new-source", "https://example.org/x", "--slug", "../x"], 3, "is not a slug"),
        (["show", "id:mcps", "--as-of", ""], 2, "is not a day"),
        (["why", "id:mcps", "se:memberOf", "id:cluster-siedlce"], 3, "no source says so, and no rule gives it"),
        (["why", "id:mcpss", "se:seatIn", "id:siedlce"], 3, "nothing is known of id:mcpss; did you mean id:mcps ("),
        (["why", "id:xxx", "se:seatIn", "id:siedlce"], 3, "nothing is known of id:xxx; “kgraph search”"),
        (["why", "id:mcps", "se:seatIn", "id:siedlcee"], 3, "did you mean id:siedlce (Siedlce)"),
        (["why", "id:mcps", "se:seatInn", "id:siedlce"], 3, "there is no se:seatInn; did you mean se:seatIn (has seat"),
        (["show", "id:zaz-siedlcee", "--lang", "pl"], 3, "id:zaz-siedlce (Zakład Aktywności Zawodowej w Siedlcach)?"),
        (["show", "Relaksowina"], 3, "id:relaksownia (Relaksownia Social Co-operative)"),
        (["questions", "foundrs"], 3, "no question 'foundrs'; did you mean founders?"),
        (
            ["questions", "members-on-a-day", "--param", "day=14.09.2020"],
            2,
            "day: '14.09.2020' is neither a number nor",
        ),
        (["questions", "members-on-a-day", "--param", "day=2020-02-30"], 2, "day: there is no day 2020-02-30"),
        (
            ["questions", "members-on-a-day", "--param", "day=2020"],
            2,
            "day: '2020' is not a day; give a day of that year, such as its last, 2020-12-31",
        ),
        (["questions", "words-behind-edge", "--param", "object=siedl"], 3, "the names of several things"),
        (["query", "ASK {}", "-o", "x.xlsx"], 2, "x.xlsx has the ending of no format; use .txt, .json"),
        (["export", "-o", "x.json"], 2, "x.json has the ending of no format; use .ttl, .nt, .jsonld, .trig"),
        (["show", "id:mcps", "--as-of", "22.03.2018"], 2, "is not a day"),
        (["questions", "seats", "--param", "colour=red"], 2, "no parameter 'colour'"),
        (["new-source", "ftp://example.org/x"], 3, "is not a web address"),
        (["serve", "--get", "/nothing"], 3, "answered 404"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_an_error_is_one_sentence_with_its_code(arguments: list[str], code: int, message: str) -> None:
    answer = process(*arguments) if SLOW in arguments else kgraph(*arguments)
    assert (answer.returncode, answer.stdout if "--get" not in arguments else "") == (code, "")
    assert message in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_search_says_that_there_are_more() -> None:
    cut, whole = kgraph("search", "siedlce", "--limit", "3"), kgraph("search", "relaksownia")
    assert cut.stdout.count(",thing\n") == 3 and cut.stderr.startswith("note: there are more than 3; give more words")
    assert not whole.stderr


def test_a_typing_error_in_a_property_is_pointed_out() -> None:
    answer = kgraph("query", "SELECT ?x WHERE { ?x se:hasSignatori ?y }")
    assert (answer.returncode, answer.stdout) == (0, "x\n")
    assert "se:hasSignatori is not in the ontology" in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "note"),
    [
        (["query", "SELECT ?p ?x { id:mcpss ?p ?x }"], "id:mcpss is not in the graph; did you mean id:mcps ("),
        (["query", "SELECT ?p { <https://w3id.org/sekg/id/mcpss> ?p 1 }"], "id:mcpss is not in the graph; did you"),
        (["query", "SELECT ?s ?p { ?s ?p 1 }", "--param", "s=id:mcpss"], "id:mcpss is not in the graph; did you"),
        (["query", "SELECT ?s { ?s a se:Clustr }"], "se:Clustr is not in the ontology; did you mean se:Cluster ("),
        (["query", "SELECT ?s { ?s a id:qqqq }"], "id:qqqq is not in the graph; is it a typing error?"),
        (["questions", "words-behind-edge", "--param", "object=id:zaz-siedlcee"], "did you mean id:zaz-siedlce ("),
    ],
)
def test_an_empty_answer_for_a_typing_error_says_so(arguments: list[str], note: str) -> None:
    asked = kgraph(*arguments)
    assert (asked.returncode, asked.stdout.count("\n")) == (0, 1)
    assert note in asked.stderr


def test_a_question_takes_things_by_their_names_and_says_with_what_it_was_asked() -> None:
    asked = kgraph("questions", "words-behind-edge", "--param", "object=zaz siedlce")
    assert "Zakład Aktywności Zawodowej w Siedlcach" in asked.stdout
    assert "object=id:zaz-siedlce;" in asked.stderr


def test_debug_shows_the_traceback() -> None:
    assert "Traceback" in process("--debug", "query", "SELECT * {").stderr


def test_ctrl_c_ends_a_running_query() -> None:
    process = subprocess.Popen(["kgraph", "query", SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    started = time.perf_counter()
    process.communicate(timeout=20)
    assert time.perf_counter() - started < 3
    assert process.returncode != 0


def test_a_closed_pipe_is_quiet() -> None:
    answer = subprocess.run(
        "kgraph query 'SELECT ?s ?p ?o WHERE { ?s ?p ?o }' | head -1",
        shell=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.stdout == "s,p,o\n"
    assert "Traceback" not in answer.stderr


def test_a_faulty_folder_fails_the_check(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "places.ttl").write_text("id:a id:b id:c .")
    (tmp_path / "dataset.ttl").write_text("")
    answer = kgraph("check", "--data", str(tmp_path))
    assert answer.returncode == 3
    assert "places.ttl:1:" in answer.stderr


def test_output_goes_to_a_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "graph.ttl"
    answer = kgraph("export", "-o", str(target))
    assert (answer.returncode, answer.stdout) == (0, "")
    assert target.read_bytes() == printed("export")
    assert [path.name for path in target.parent.iterdir()] == ["graph.ttl"]


def test_a_literal_fact_has_a_reason_too() -> None:
    assert "Artura Pozorka" in kgraph("why", "Artur Pozorek", "foaf:name", '"Artur Pozorek"').stdout


def test_a_full_device_is_said(tmp_path: Path) -> None:
    answer = subprocess.run("kgraph export > /dev/full", shell=True, capture_output=True, text=True, timeout=60)
    assert (answer.returncode, "Traceback" in answer.stderr) == (3, False)
    assert "No space left on device" in answer.stderr


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_show_gives_words_source_and_unknowns(lang: str) -> None:
    shown = kgraph("show", "Zioła Siedleckie", "--lang", lang).stdout
    assert "„Zioła Siedleckie”" in shown
    assert "1461–1479" in shown
    assert {"pl": "siedziba spółdzielni", "en": "seat of the co-operative"}[lang] in shown


def test_the_report_answers_every_question() -> None:
    shown = kgraph("report", "--lang", "pl").stdout
    assert shown.startswith("# Graf w skrócie")
    assert shown.count("\n### ") == 36
    assert "nie wiadomo" in shown


def test_all_questions_are_answered_at_once() -> None:
    answer = kgraph("questions", "--all", "--lang", "pl", "--format", "md")
    assert answer.returncode == 0
    assert len([line for line in answer.stdout.splitlines() if line.startswith("| ---")]) == 36


def test_why_tells_rule_and_words() -> None:
    shown = kgraph("why", "Relaksownia", "se:foundingMemberOf", "id:cluster-siedlce").stdout
    assert "rules/founding" in shown
    assert "„Relaksownia” z Siedlec" in shown


def test_why_knows_relations_by_their_names() -> None:
    by_name = [
        kgraph("why", "Relaksownia", name, "id:cluster-siedlce").stdout
        for name in ("se:foundingMemberOf", "foundingMemberOf", "founding member of", "jest członkiem założycielem")
    ]
    assert by_name[0] and {*by_name} == {by_name[0]}


@pytest.mark.parametrize(
    ("lang", "said", "how"),
    [("en", "opinion or announcement", "implied"), ("pl", "opinia lub zapowiedź", "wynika z kontekstu")],
)
def test_why_shows_who_says_what_is_not_asserted(lang: str, said: str, how: str) -> None:
    shown = kgraph("why", "Zioła Siedleckie", "se:seatIn", "id:siedlce", "--lang", lang)
    assert shown.returncode == 0
    assert said in shown.stdout and shown.stdout.rstrip().endswith(how)


def test_why_and_show_as_json() -> None:
    why = json.loads(kgraph("why", "MCPS", "se:representedAt", "id:signing-2018", "--format", "json").stdout)
    assert why["reason"]["places"][0]["source"] in why["names"]
    shown = json.loads(kgraph("show", "MCPS", "--format", "json", "--lang", "pl").stdout)
    assert shown["names"][shown["thing"]] == "Mazowieckie Centrum Polityki Społecznej"


def test_names_are_told_in_the_language_that_was_asked_for() -> None:
    for lang, name in (("en", "Carpathian Social Economy Cluster"), ("pl", "Karpacki Klaster Ekonomii Społecznej")):
        assert f",{name}," in kgraph("search", "karpacki", "klaster", "--lang", lang).stdout
    assert "kind not known" in kgraph("search", "members of the cluster").stdout


@pytest.mark.parametrize("command", [["search", "ziola"], ["questions"], ["disputes"], ["sources"]])
def test_every_list_has_every_format(tmp_path: Path, command: list[str]) -> None:
    csv = kgraph(*command).stdout.splitlines()
    head = csv[0].split(",")
    assert json.loads(kgraph(*command, "--format", "json").stdout)["head"]["vars"] == head
    for ending, first in (
        ("csv", csv[0]),
        ("md", f"| {' | '.join(head)} |"),
        ("tsv", "\t".join(f"?{n}" for n in head)),
    ):
        target = tmp_path / f"list.{ending}"
        assert kgraph(*command, "-o", str(target)).stdout == ""
        assert target.read_text(encoding="utf-8").splitlines()[0] == first


def test_the_ending_of_a_file_chooses_the_format(tmp_path: Path) -> None:
    query = "SELECT ?c { ?c a se:Cluster }"
    for ending in ("json", "xml", "tsv", "ndjson", "md", "CSV"):
        kgraph("query", query, "-o", str(tmp_path / f"x.{ending}"))
        asked = printed("query", query, "--format", ending.lower())
        assert (tmp_path / f"x.{ending}").read_bytes() == asked
    kgraph("query", query, "-o", str(tmp_path / "x.json"), "--format", "csv")
    assert (tmp_path / "x.json").read_bytes().startswith(b"c\r\n")
    kgraph("export", "-o", str(tmp_path / "x.trig"))
    assert "source:mcps-2018-klaster {" in (tmp_path / "x.trig").read_text(encoding="utf-8")


def test_questions_list_their_parameters() -> None:
    rows = json.loads(kgraph("questions", "--format", "json").stdout)["results"]["bindings"]
    parameters = {row["name"]["value"]: row["parameters"]["value"] for row in rows}
    assert parameters["members-on-a-day"] == "cluster=id:cluster-siedlce day=2021-06-01"
    assert (parameters["role-changes"], parameters["brokers"]) == ("organisation", "day")


def test_disputes_show_both_sides_with_their_words() -> None:
    shown = kgraph("disputes", "--lang", "pl").stdout
    assert "Stowarzyszeniem Ośrodek Kultury … prowadzącym Siedlecki Ośrodek Wsparcia Ekonomii Społecznej" in shown
    assert "Siedleckiego Ośrodka Wsparcia Ekonomii Społecznej" in shown


def test_a_day_is_answered_as_far_as_the_evidence_reaches() -> None:
    query = "SELECT ?tenure ?state WHERE { ?tenure se:state ?state }"
    for day, state in (("2018-03-22", "certainly"), ("2020-09-14", "not-known-to-have-ended")):
        rows = kgraph("query", "--as-of", day, "--param", "tenure=id:tenure-pozorek-mcps", query).stdout.splitlines()
        assert rows[1].endswith(f"/{state}")


def test_a_new_source_begins_with_what_is_known(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(paths.folders().data, data)
    (tmp_path / "text.txt").write_text("Podpisano porozumienie.", encoding="utf-8")
    arguments = ["new-source", "https://www.example.org/a/porozumienie.html", "--data", str(data)]
    made = kgraph(*arguments, "--text", str(tmp_path / "text.txt"))
    assert made.returncode == 0
    written = (data / "sources" / "example-org-porozumienie.ttl").read_text(encoding="utf-8")
    assert "se:textLength 23" in written
    found = kgraph("check", "--data", str(data))
    assert found.returncode == 1
    assert "source:example-org-porozumienie" in found.stdout
    assert kgraph(*arguments).returncode == 3
    complete = written.replace('    # dcterms:title ""@pl , ""@en', '    dcterms:title "A"@pl , "A"@en')
    complete = complete.replace('    # dcterms:publisher ""', '    dcterms:publisher "Example"')
    (data / "sources" / "example-org-porozumienie.ttl").write_text(complete, encoding="utf-8")
    assert "example-org" not in kgraph("check", "--data", str(data)).stdout


def test_two_graphs_are_compared_in_words_and_as_a_patch(tmp_path: Path) -> None:
    (tmp_path / "old.ttl").write_text("<https://w3id.org/sekg/id/a> <http://www.w3.org/2004/02/skos/core#note> 1 .")
    (tmp_path / "new.nt").write_text("")
    files = [str(tmp_path / "old.ttl"), str(tmp_path / "new.nt")]
    words = kgraph("diff", *files, "--lang", "pl")
    assert words.returncode == 0 and "- − uwaga → 1" in words.stdout
    patch = kgraph("diff", *files, "--format", "patch", "--exit-code")
    assert patch.returncode == 1 and patch.stdout.startswith("TX .\nD <https://w3id.org/sekg/id/a>")
    assert kgraph("diff", files[0], files[0], "--exit-code").returncode == 0
    assert kgraph("diff", files[0], str(tmp_path / "none.ttl")).returncode == 3


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["1.0", "--base-url", "https://example.org/"], 2, "is not a version"),
        (["1.0.0", "--base-url", "example.org"], 2, "is not the address of a folder"),
        (["1.0.0", "--base-url", "https://example.org/", "--issued", "today"], 2, "is not a day"),
        (["1.0.0", "--base-url", "https://example.org/", "--previous", "."], 3, "is not a release"),
        (["1.0.0", "--base-url", "https://example.org/"], 2, "a release needs a contact"),
        (["1.0.0", "--base-url", "https://example.org/", "--contact", "me"], 2, "is no address of a contact"),
    ],
)
def test_a_release_that_cannot_be_is_refused(tmp_path: Path, arguments: list[str], code: int, message: str) -> None:
    answer = kgraph("release", *arguments, "--out", str(tmp_path / "new"))
    assert (answer.returncode, answer.stdout, [*tmp_path.iterdir()]) == (code, "", [])
    assert message in answer.stderr and answer.stderr.count("\n") == 1


def test_a_check_of_what_is_no_release_says_so(tmp_path: Path) -> None:
    answer = kgraph("check", "--release", str(tmp_path))
    assert answer.returncode == 3 and "is not a release" in answer.stderr
    assert kgraph("check", "--previous", str(tmp_path)).returncode == 2


@pytest.mark.parametrize("place", ["data", pytest.param("data/sekg.ttl", marks=pytest.mark.slow)])
def test_any_graph_that_can_be_opened_is_asked_and_served(place: str) -> None:
    clusters = "SELECT ?c { ?c a se:Cluster } ORDER BY ?c"
    assert kgraph("query", clusters, "--graph", place).stdout == kgraph("query", clusters).stdout
    assert "id:mcps" in kgraph("show", "MCPS", "--graph", place).stdout
    assert kgraph("serve", "--graph", place, "--get", "/sparql?query=ASK%7B%7D").stdout == '{"head":{},"boolean":true}'


@pytest.mark.parametrize("command", ["disputes", "sources", "search", "questions"])
def test_lists_offer_the_formats_of_tables_only(command: str) -> None:
    assert "[table|json|xml|csv|tsv|ndjson|md]" in kgraph(command, "--help").stdout


def test_what_is_said_cannot_command_the_terminal() -> None:
    asked = kgraph("query", "--format", "table", r'SELECT ("\u001b[31mRED\u001b]0;title\u0007" AS ?x) {}')
    assert "⟨U+001B⟩[31mRED⟨U+001B⟩]0;title⟨U+0007⟩" in asked.stdout and "\x1b" not in asked.stdout
    refused = kgraph("query", "SELECT ?x { \x1b[31m }")
    assert "⟨U+001B⟩[31m" in refused.stderr and "\x1b" not in refused.stderr


def test_a_folder_that_holds_something_else_is_not_recommended_for_a_build(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="run “kgraph build --out ANOTHER-FOLDER” and give that"):
        open_built(tmp_path)
