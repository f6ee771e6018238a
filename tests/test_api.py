"""The public functions of `import kgraph`: import time, results, and every form of graph."""

import importlib
import math
import os
import pkgutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from subprocess import PIPE

import numpy as np
import pyoxigraph as ox
import pytest
import rdflib

import kgraph
from kgraph import Graph
from kgraph.api import functions, interruptible, values
from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.vocab import term
from kgraph.errors import BadData, BadQuery, KgraphError, NotFound, Timeout
from tests.command import kgraph as command
from tests.conftest import ROOT, on

RARELY_USED = ("owlrl", "pyshacl", "pyvis", "rdflib", "IPython", "pandas", "httpx")
"""Packages that only one command uses, or that only programs of users import."""

HEAVY = ("pyoxigraph", "rich", "networkx", "numpy", "polars", "pyarrow", *RARELY_USED)


def seconds(code: str) -> float:
    """CPU seconds of a Python process, the minimum of five runs."""
    runs = []
    for _ in range(5):
        before = os.times()
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
        after = os.times()
        runs.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return min(runs)


def loaded(code: str) -> set[str]:
    command = [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"]
    return set(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.split())


def test_the_import_takes_less_than_half_a_second() -> None:
    assert seconds("import kgraph") - seconds("pass") < 0.5


def test_the_import_loads_no_library() -> None:
    assert loaded("import kgraph").isdisjoint(HEAVY)


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "id:mcps"],
        pytest.param(["--help"], marks=pytest.mark.slow),
        pytest.param(["why", "MCPS", "se:representedAt", "id:signing-2018"], marks=pytest.mark.slow),
    ],
)
def test_a_command_loads_only_the_libraries_that_it_uses(arguments: list[str]) -> None:
    run = f"from click.testing import CliRunner; from kgraph.cli import main; CliRunner().invoke(main, {arguments})"
    assert loaded(run).isdisjoint(RARELY_USED)


def test_asking_loads_no_library_that_it_does_not_need() -> None:
    asked = loaded("import kgraph; kgraph.query(kgraph.open(), 'ASK {}')")
    assert asked.isdisjoint({"pandas", "polars", "pyarrow", "IPython", "pyvis", "rdflib"})


@pytest.mark.slow
def test_the_processes_of_a_server_load_only_what_they_use() -> None:
    assert loaded("import kgraph.server.run").isdisjoint({"httpx", "rich"})
    unused = {"httpx", "rich", "uvicorn", "rdflib", "owlrl", "pyshacl"}
    assert loaded("import kgraph.server.pool.worker").isdisjoint(unused)
    assert loaded("import kgraph.server.update.process").isdisjoint({"asyncio", "numpy"})


def test_no_module_takes_the_name_of_a_public_function() -> None:
    for module in pkgutil.iter_modules(kgraph.__path__):
        importlib.import_module(f"kgraph.{module.name}")
    assert not set(kgraph.__all__) & {module.name for module in pkgutil.iter_modules(kgraph.__path__)}
    assert callable(kgraph.query) and callable(kgraph.search) and callable(kgraph.why) and callable(kgraph.network)


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    assert not hasattr(kgraph, "nothing")
    assert set(kgraph.__all__) <= set(dir(kgraph))


def test_every_public_function_has_an_example() -> None:
    public = [getattr(kgraph, name) for name in kgraph.__all__ if name != "__version__"]
    assert [one.__name__ for one in public if ">>>" not in (one.__doc__ or "")] == []


CLUSTER = "SELECT ?name { id:cluster-siedlce skos:prefLabel ?name } ORDER BY ?name"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory, folders: Folders, built: Path, address: str) -> dict[str, str]:
    """The path or address of the bundled graph in each form that `kgraph.open` accepts."""
    folder = tmp_path_factory.mktemp("graphs")
    assert command("export", "--graphs", "-o", folder / "sekg.trig").returncode == 0
    return {
        "built": str(built),
        "data": str(folders.data),
        "turtle": str(folders.published()),
        "trig": str(folder / "sekg.trig"),
        "endpoint": f"{address}sparql",
    }


EACH = pytest.mark.parametrize("form", ["built", "data", "turtle", "trig", "endpoint"])


@EACH
def test_the_same_answer_from_each_form(places: dict[str, str], bundled: Graph, form: str) -> None:
    opened = kgraph.open(places[form])
    assert kgraph.query(opened, CLUSTER).terms == kgraph.query(bundled, CLUSTER).terms
    assert kgraph.ask(opened, "founders", lang="pl").terms == kgraph.ask(bundled, "founders", lang="pl").terms
    assert repr(opened) == places[form]


@EACH
def test_the_same_card_and_neighbours_from_each_form(places: dict[str, str], bundled: Graph, form: str) -> None:
    opened = kgraph.open(places[form])
    assert kgraph.search(opened, "ziola").terms == kgraph.search(bundled, "ziola").terms
    assert repr(kgraph.show(opened, "Zioła Siedleckie")) == repr(kgraph.show(bundled, "id:ziola-siedleckie"))
    near = [kgraph.neighbourhood(graph, "id:ziola-siedleckie").network for graph in (opened, bundled)]
    assert near[0] == near[1]


@pytest.mark.parametrize("form", ["built", "data", "trig", "endpoint"])
def test_the_same_reason_from_each_form_that_has_the_sources(places: dict[str, str], bundled: Graph, form: str) -> None:
    fact = ("Relaksownia", "se:foundingMemberOf", "id:cluster-siedlce")
    assert repr(kgraph.why(kgraph.open(places[form]), *fact)) == repr(kgraph.why(bundled, *fact))


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (("nowhere.ttl",), NotFound, "nowhere.ttl is not there"),
        (("README.md",), BadData, "unknown kind of file"),
        (("broken.ttl",), BadData, "broken.ttl: cannot be read"),
        (("http://a.example/", "http://b.example/"), BadQuery, "one endpoint at a time"),
        (("empty",), NotFound, "empty holds no graph"),
    ],
)
def test_what_cannot_be_opened_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], error: type[KgraphError], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("README.md").touch()
    Path("broken.ttl").write_text("a b", encoding="utf-8")
    Path("empty").mkdir()
    with pytest.raises(error, match=words):
        kgraph.open(*given)


@pytest.mark.whole
def test_a_day_is_asked_about() -> None:
    text = "SELECT ?state { id:tenure-pozorek-mcps se:state ?state }"
    for day in ("2018-03-22", date(2018, 3, 22)):
        assert [row.state for row in kgraph.query(kgraph.open(as_of=day), text)] == ["state:certainly"]
    with pytest.raises(BadQuery, match="cannot be told a day"):
        kgraph.open("https://example.org/sparql", as_of="2018-03-22")


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        ("id:mcps", term("id:mcps")),
        ("https://example.org/a", ox.NamedNode("https://example.org/a")),
        ("Zioła", ox.Literal("Zioła")),
        ("Projekt: zioła", ox.Literal("Projekt: zioła")),
        ('" } UNION { ?a ?b ?c } #', ox.Literal('" } UNION { ?a ?b ?c } #')),
        ("2018", ox.Literal("2018")),
        (2018, ox.Literal(2018)),
        (True, ox.Literal(True)),
        (date(2018, 3, 22), ox.Literal("2018-03-22", datatype=term("xsd:date"))),
        ("2018-03-22", ox.Literal("2018-03-22", datatype=term("xsd:date"))),
        (ox.Literal("2018-03-22"), ox.Literal("2018-03-22")),
        ("<urn:example:a>", ox.NamedNode("urn:example:a")),
        ("<b onclick=x>", ox.Literal("<b onclick=x>")),
        (datetime(2018, 3, 22, 10), ox.Literal("2018-03-22T10:00:00", datatype=term("xsd:dateTime"))),
        (
            datetime(2018, 3, 22, 10, tzinfo=UTC),
            ox.Literal("2018-03-22T10:00:00Z", datatype=term("xsd:dateTime")),
        ),
        (Decimal("1.5"), ox.Literal("1.5", datatype=term("xsd:decimal"))),
        (Decimal("1E3"), ox.Literal("1000", datatype=term("xsd:decimal"))),
        (np.int64(3), ox.Literal(3)),
        (ox.Literal("Zioła", language="pl"), ox.Literal("Zioła", language="pl")),
    ],
)
def test_values_are_bound_and_never_pasted(bundled: Graph, value: values.Given, bound: ox.Literal) -> None:
    assert kgraph.query(bundled, "SELECT ?x { BIND(1 AS ?one) }", x=value).terms == ((bound,),)


def test_a_variable_may_have_any_name(bundled: Graph) -> None:
    assert kgraph.query(bundled, "SELECT ?text ?store ?graph {}", text=1, store=2, graph=3).to_polars().row(0) == (
        1,
        2,
        3,
    )


def test_a_limit_says_whether_rows_are_left(bundled: Graph) -> None:
    rows = "SELECT ?x { VALUES ?x { 1 2 3 } }"
    assert [kgraph.query(bundled, rows, limit=limit).truncated for limit in (None, 2, 3, 4)] == [
        False,
        True,
        False,
        False,
    ]
    cut = kgraph.query(bundled, rows, limit=2)
    assert len(cut) == 2 and repr(cut).endswith("2 rows; there are more, the limit was reached")
    assert kgraph.query(bundled, "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }", limit=5).truncated


ENDLESS = """
import signal
import kgraph
signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background of a shell ignores Ctrl-C
graph = kgraph.open()
print("asking", flush=True)
kgraph.query(graph, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", seconds=%s)
"""


def test_waiting_for_an_endless_query_can_be_interrupted() -> None:
    python = subprocess.Popen([sys.executable, "-c", ENDLESS % None], stdout=PIPE, stderr=PIPE, text=True)
    assert python.stdout is not None and python.stdout.readline() == "asking\n"
    time.sleep(0.5)
    python.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in python.communicate(timeout=10)[1]


@pytest.mark.slow
def test_waiting_has_a_limit() -> None:
    python = subprocess.run([sys.executable, "-c", ENDLESS % 0.5], capture_output=True, text=True, timeout=20)
    assert python.stderr.splitlines()[-1] == (
        "kgraph.errors.Timeout: no answer within 0.5 s; ask for less, or for more time"
    )


def test_a_query_that_nobody_waits_for_takes_no_more_rows(bundled: Graph) -> None:
    with pytest.raises(Timeout):
        kgraph.query(bundled, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", seconds=0.2)
    for one in threading.enumerate():
        if one.name == interruptible.NAME:
            one.join(10)
    assert interruptible.NAME not in {one.name for one in threading.enumerate()}


def test_an_unknown_question_names_the_others(bundled: Graph) -> None:
    with pytest.raises(NotFound, match="founders"):
        kgraph.ask(bundled, "finders")


def test_an_unknown_network_names_the_others(bundled: Graph) -> None:
    with pytest.raises(NotFound, match="no network 'agreement'; there are everything, overview, agreements"):
        kgraph.network(bundled, "agreement")  # type: ignore[call-overload]


def test_a_name_of_nothing_and_a_name_of_several_things(bundled: Graph) -> None:
    with pytest.raises(NotFound, match="did you mean id:relaksownia"):
        kgraph.show(bundled, "Relaksowina")
    with pytest.raises(NotFound, match="is in the names of several things"):
        kgraph.show(bundled, "Klaster")


@pytest.mark.parametrize(("lang", "words"), [("pl", "Obie strony podpisały to samo"), ("en", "Both signed the same")])
def test_a_card_is_shown_in_a_language(bundled: Graph, lang: functions.Lang, words: str) -> None:
    shown = kgraph.show(bundled, "Zioła Siedleckie", lang=lang)
    assert words in repr(shown) and words in shown._repr_html_()


def test_a_reason_is_shown_down_to_the_words(bundled: Graph) -> None:
    reason = kgraph.why(bundled, "Zioła Siedleckie", "se:foundingMemberOf", "id:cluster-siedlce", lang="pl")
    assert "„Zioła Siedleckie”" in repr(reason)
    assert "<details open><summary>" in reason._repr_html_() and "„Zioła Siedleckie”" in reason._repr_html_()


def test_a_class_and_a_literal_can_be_explained(bundled: Graph) -> None:
    assert kgraph.why(bundled, "id:ziola-siedleckie", "a", "se:SocialEconomyEntity").reason
    signed = ox.Literal("2018-03-22", datatype=term("xsd:date"))
    assert kgraph.why(bundled, "id:signing-2018", "se:date", signed).reason.passages
    assert kgraph.why(bundled, "id:signing-2018", "se:date", date(2018, 3, 22)).reason.passages


def test_hostile_names_are_text_on_a_card_and_in_a_picture(store_of: Callable[..., ox.Store]) -> None:
    script = "</script><script>alert(1)</script>"
    facts = f'id:a a se:Cluster ; skos:prefLabel "{script}"@en ; skos:note "<b onclick=x>"@en . claim:c a se:Claim .'
    graph = Graph(store_of(facts, (paths.folders().ontology / "sekg.ttl").read_text("utf-8")), "hostile", {})
    card = kgraph.show(graph, "id:a")._repr_html_()
    picture = kgraph.neighbourhood(graph, "id:a")._repr_html_()
    assert "<script" not in card and "&lt;/script&gt;" in card and "<b " not in card
    assert "<script" not in picture and picture.startswith("<iframe srcdoc=") and 'sandbox="allow-scripts"' in picture


def test_a_network_is_one_of_networkx(bundled: Graph) -> None:
    agreements = kgraph.network(bundled, "agreements").to_networkx()
    assert agreements.nodes["id:agreement-2018"]["kind"] == "se:Agreement"
    whole = kgraph.network(bundled, "agreements").to_networkx(curies=False)
    assert whole.nodes["https://w3id.org/sekg/id/agreement-2018"]["kind"] == "https://w3id.org/sekg/ns#Agreement"
    everything, overview = kgraph.network(bundled), kgraph.network(bundled, "overview")
    assert len(everything.edges) > len(overview.edges) > agreements.number_of_edges()


def test_rdflib_sees_the_same_store(bundled: Graph) -> None:
    view = kgraph.dataset(bundled)
    founders = view.query((ROOT / "ontology/questions/founders.rq").read_text(encoding="utf-8"))
    assert {str(row[0]) for row in founders if isinstance(row, rdflib.query.ResultRow)} == {
        founder.value for founder, *_ in kgraph.ask(bundled, "founders").terms if isinstance(founder, ox.NamedNode)
    }
    (counted,) = kgraph.query(bundled, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert len(view.default_graph) == counted.n
    assert any("source" in str(one.identifier) for one in view.graphs())


def test_rdflib_asks_an_endpoint_itself() -> None:
    with pytest.raises(BadQuery, match="SPARQLStore"):
        kgraph.dataset(kgraph.open("https://example.org/sparql"))


@pytest.mark.whole
def test_a_network_of_a_day_leaves_out_what_was_not_there(bundled: Graph) -> None:
    lasting = {term("org:heldBy").value, term("se:hasOfficeHolder").value}
    now, then = bundled, on("2020-01-01")
    assert lasting <= {edge.predicate for edge in kgraph.neighbourhood(now, "Krzysztof Hapon").edges}
    assert not lasting & {edge.predicate for edge in kgraph.neighbourhood(then, "Krzysztof Hapon").edges}


@pytest.mark.whole
def test_agreements_of_a_day_are_those_that_were_signed(bundled: Graph) -> None:
    early = on("2018-01-01")
    agreements = kgraph.network(early, "agreements")
    assert {node.iri for node in agreements.nodes} == {end for e in agreements.edges for end in (e.source, e.target)}
    assert 0 < len(agreements.edges) < len(kgraph.network(bundled, "agreements").edges)
    with pytest.raises(NotFound, match="id:agreement-2018 was not there on 2018-01-01: it had ended or had not begun"):
        kgraph.neighbourhood(early, "id:agreement-2018")


def test_a_search_says_whether_there_are_more(bundled: Graph) -> None:
    everything = kgraph.search(bundled, "siedlce", limit=1000)
    cut = kgraph.search(bundled, "siedlce", limit=5)
    assert (everything.truncated, cut.truncated, len(cut)) == (False, True, 5)
    assert cut.terms == everything.terms[:5]
    assert not kgraph.search(bundled, "siedlce", limit=len(everything)).truncated


def test_a_graph_that_says_of_no_fact_who_says_it_has_no_networks(tmp_path: Path) -> None:
    file = tmp_path / "plain.ttl"
    file.write_text(f'PREFIX skos: <{term("skos:").value}> <x:a> skos:prefLabel "A"@pl ; <x:knows> <x:b> .')
    foreign = kgraph.open(file)
    for draw in (kgraph.network, lambda graph: kgraph.neighbourhood(graph, "A")):
        with pytest.raises(BadData, match=r"does not say who says its facts .* draw what a CONSTRUCT gives"):
            draw(foreign)


def test_literals_may_be_given_as_sparql_writes_them(bundled: Graph) -> None:
    text = "SELECT ?thing ?name { ?thing skos:prefLabel ?name }"
    named = kgraph.query(bundled, text, name='"Artur Pozorek"@pl')
    assert [row.thing for row in named] == ["id:artur-pozorek"]
    typed = kgraph.query(bundled, "SELECT ?x { VALUES ?x { UNDEF } }", x='"5"^^xsd:integer')
    assert [row.x for row in typed] == [5]
    quoted = kgraph.query(bundled, "SELECT ?x { VALUES ?x { UNDEF } }", x='"2018"')
    assert [row.x for row in quoted] == ["2018"]


def test_folders_are_opened_one_at_a_time(tmp_path: Path) -> None:
    with pytest.raises(BadQuery, match="is a folder, and only files can be opened together"):
        kgraph.open(ROOT / "data" / "sekg.ttl", tmp_path)


def test_plain_mistakes_are_said_plainly(bundled: Graph) -> None:
    graph = bundled
    for verb in (kgraph.query, kgraph.ask, kgraph.search, kgraph.show, kgraph.neighbourhood):
        with pytest.raises(BadQuery, match="'my-graph' is not a graph; write graph ="):
            verb("my-graph", "MCPS")  # type: ignore[arg-type]
    for limit in ("3", 2.5):
        with pytest.raises(BadQuery, match="give how many rows to take at most"):
            kgraph.query(graph, "SELECT * { ?s ?p ?o }", limit=limit)  # type: ignore[arg-type]
    for patience in (-1, 0, "10", math.nan, math.inf):
        with pytest.raises(BadQuery, match="give how many seconds to wait"):
            kgraph.query(graph, "ASK {}", seconds=patience)  # type: ignore[arg-type]
    for depth in (0, 11, "2"):
        with pytest.raises(BadQuery, match="give a number of steps from 1 to 10"):
            kgraph.neighbourhood(graph, "MCPS", depth=depth)  # type: ignore[arg-type]
    with pytest.raises(BadQuery, match="no language 'de'; choose one of pl, en"):
        kgraph.show(graph, "MCPS", lang="de")  # type: ignore[arg-type]
    with pytest.raises(BadQuery, match="limit=-1; give how many rows"):
        kgraph.query(graph, "SELECT * { ?s ?p ?o }", limit=-1)
    with pytest.raises(BadQuery, match="there is no day 2018-02-30"):
        kgraph.query(graph, "SELECT ?d { ?s se:date ?d }", d="2018-02-30")
    for large in (2**63, Decimal("1e20")):
        with pytest.raises(BadQuery, match="is too large a number; the largest"):
            kgraph.query(graph, "SELECT ?n { ?s ?p ?n }", n=large)
    for never in (Decimal("NaN"), object()):
        with pytest.raises(BadQuery, match="cannot be bound to a variable"):
            kgraph.query(graph, "SELECT ?n { ?s ?p ?n }", n=never)  # type: ignore[arg-type]
    with pytest.raises(BadQuery, match="None cannot be bound to a variable"):
        kgraph.query(graph, "SELECT * { ?s ?p ?o }", s=None)  # type: ignore[arg-type]


FAILS_LATE = """
import gc, socket, threading, time
import kgraph

held = socket.socket()
held.bind(("127.0.0.1", 0))
held.listen()
def refuse():
    while True:
        connection, _ = held.accept()
        time.sleep(0.5)
        connection.close()


threading.Thread(target=refuse, daemon=True).start()
graph = kgraph.open()
text = "SELECT * { ?a ?b ?c SERVICE <http://127.0.0.1:%d/> { ?d ?e ?f } }" % held.getsockname()[1]
for seconds in (0.1, None):
    try:
        kgraph.query(graph, text, seconds=seconds)
    except kgraph.errors.KgraphError as error:
        print(type(error).__name__)
    time.sleep(1)
    gc.collect()
"""


def test_a_query_that_fails_on_the_way_leaves_nothing_in_another_thread() -> None:
    python = subprocess.run([sys.executable, "-c", FAILS_LATE], capture_output=True, text=True, timeout=30)
    assert (python.stdout.split(), python.stderr) == (["Timeout", "EndpointError"], "")


def test_terms_that_the_graph_does_not_know_are_pointed_out(bundled: Graph, address: str) -> None:
    text = "SELECT ?x ?who { ?x a se:Clusterr ; ?p ?who }"
    found = kgraph.query(bundled, text, who="id:mcpsx")
    assert found.doubts == (
        "se:Clusterr is not in the ontology; did you mean se:Cluster (social economy cluster)?",
        "id:mcpsx is not in the graph; did you mean id:mcps (Mazovian Centre for Social Policy)?",
    )
    assert repr(found).endswith(f"0 rows\nnote: {found.doubts[0]}\nnote: {found.doubts[1]}")
    assert f"<p>note: {found.doubts[1]}</p>" in found._repr_html_()
    assert kgraph.ask(bundled, "words-behind-edge", object="id:zaz-siedlcee").doubts[0].startswith("id:zaz-siedlcee is")
    assert kgraph.query(bundled, "SELECT ?x { ?x a se:Cluster }").doubts == ()
    assert kgraph.query(kgraph.open(f"{address}sparql"), text).doubts == (
        "se:Clusterr is not in the ontology; is it a typing error?",
    )


def test_a_question_takes_things_by_their_names(bundled: Graph) -> None:
    by_name, by_curie, by_iri = (
        kgraph.ask(bundled, "words-behind-edge", object=who).terms
        for who in ("zaz siedlce", "id:zaz-siedlce", f"<{term('id:zaz-siedlce').value}>")
    )
    assert by_name == by_curie == by_iri != ()


def test_things_are_found_by_their_names_in_a_language(bundled: Graph) -> None:
    names = [kgraph.search(bundled, "karpacki klaster", lang=lang).terms[0][1] for lang in ("en", "pl")]
    assert [name.value for name in names if isinstance(name, ox.Literal)] == [
        "Carpathian Social Economy Cluster",
        "Karpacki Klaster Ekonomii Społecznej",
    ]


def test_a_file_without_a_graph_for_each_source_says_why_it_cannot_explain(folders: Folders) -> None:
    with pytest.raises(NotFound, match="does not say which facts its sources state; open a folder of “kgraph build”"):
        kgraph.why(kgraph.open(folders.published()), "Relaksownia", "se:foundingMemberOf", "id:cluster-siedlce")


def test_no_value_of_an_answer_can_command_the_terminal(bundled: Graph) -> None:
    found = kgraph.query(bundled, "SELECT ?x {}", x="\x1b[31m\u202e")
    for shown in (repr(found), found._repr_html_()):
        assert "⟨U+001B⟩[31m⟨U+202E⟩" in shown and "\x1b" not in shown
