"""Results: datatypes, languages, empty cells, and conversion to data frames with provenance."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kgraph
from kgraph import Graph, Result
from kgraph.api.values import column
from kgraph.base.vocab import PREFIXES, term
from kgraph.errors import BadQuery


@pytest.fixture
def ask(store_of: Callable[..., ox.Store]) -> Callable[[str], Result]:
    graph = Graph(store_of("id:mcps a org:Organization ."), "little", {})
    return lambda text: kgraph.query(graph, text)


TYPES = """SELECT ?thing ?name ?count ?share ?rate ?holds ?day ?moment ?instant WHERE { VALUES
    (?thing ?name ?count ?share ?rate ?holds ?day ?moment ?instant) {
    (id:mcps "Zioła"@pl 7 1.50 1e3 true "2018-03-22"^^xsd:date
     "2018-03-22T10:00:00"^^xsd:dateTime "2018-03-22T10:00:00+01:00"^^xsd:dateTime)
    (UNDEF UNDEF UNDEF UNDEF UNDEF UNDEF UNDEF UNDEF UNDEF)
} }"""

VALUES = {
    "thing": "id:mcps",
    "name": "Zioła",
    "name_lang": "pl",
    "count": 7,
    "share": Decimal("1.5"),
    "rate": 1000.0,
    "holds": True,
    "day": date(2018, 3, 22),
    "moment": datetime(2018, 3, 22, 10),
    "instant": datetime(2018, 3, 22, 9, tzinfo=UTC),
}


def test_a_row_has_the_values_of_python(ask: Callable[[str], Result]) -> None:
    first, second = ask(TYPES)
    assert first._asdict() == {name: value for name, value in VALUES.items() if name != "name_lang"}
    assert set(second) == {None}


def test_terms_keep_everything(ask: Callable[[str], Result]) -> None:
    name = ask(TYPES).terms[0][1]
    assert isinstance(name, ox.Literal) and name.language == "pl"


def test_polars_keeps_types_languages_and_gaps(ask: Callable[[str], Result]) -> None:
    frame = ask(TYPES).to_polars()
    assert frame.row(0, named=True) == VALUES
    assert set(frame.row(1)) == {None}
    assert frame.schema["count"] == pl.Int64 and frame.schema["day"] == pl.Date


def test_arrow_keeps_types_languages_and_gaps(ask: Callable[[str], Result]) -> None:
    table = ask(TYPES).to_arrow()
    assert table.to_pylist() == [VALUES, dict.fromkeys(VALUES)]
    assert table.schema.field("day").type == pa.date32()
    assert table.schema.metadata[b"query"].decode() == TYPES


def test_pandas_keeps_integers_nullable(ask: Callable[[str], Result]) -> None:
    frame = ask(TYPES).to_pandas()
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "thing": "string",
        "name": "string",
        "name_lang": "string",
        "count": "Int64",
        "share": "Float64",
        "rate": "Float64",
        "holds": "boolean",
        "day": "datetime64[s]",
        "moment": "datetime64[us]",
        "instant": "datetime64[us, UTC]",
    }
    assert frame["count"].tolist()[0] == 7 and frame.iloc[1].isna().all()
    assert frame["day"][0].date() == date(2018, 3, 22)


def test_a_frame_knows_where_it_comes_from(ask: Callable[[str], Result]) -> None:
    attributes = ask(TYPES).to_pandas().attrs
    assert attributes["query"] == TYPES
    assert attributes["prefixes"] == {"id": PREFIXES["id"], "xsd": PREFIXES["xsd"]}
    assert attributes["elapsed"] > 0 and attributes["truncated"] is False


def test_languages_and_curies_can_be_left_out(ask: Callable[[str], Result]) -> None:
    frame = ask(TYPES).to_pandas(curies=False, languages=False)
    assert "name_lang" not in frame and frame["thing"][0] == "https://w3id.org/sekg/id/mcps"


def test_an_answer_without_rows_keeps_its_columns(ask: Callable[[str], Result]) -> None:
    nothing = ask("SELECT ?a ?b { ?a ?b 1 }")
    assert not nothing
    assert list(nothing.to_pandas()) == nothing.to_polars().columns == nothing.to_arrow().column_names == ["a", "b"]


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ('"2018-03-22"^^xsd:date "--03-22"^^xsd:gMonthDay', ["2018-03-22", "--03-22"]),
        ('"2018-03-22"^^xsd:date "2018"^^xsd:gYear', ["2018-03-22", "2018"]),
        ('id:mcps "mcps"', ["id:mcps", "mcps"]),
        ('1 "one"', ["1", "one"]),
        ('"2024-02-30"^^xsd:date', ["2024-02-30"]),
        ('"20240229"^^xsd:date', ["20240229"]),
        ('"1_000"^^xsd:integer', ["1_000"]),
        ("9223372036854775808", ["9223372036854775808"]),
        ("1 2.5", [Decimal(1), Decimal("2.5")]),
        ("1 2.5e0", [1.0, 2.5]),
    ],
)
def test_a_column_takes_the_kind_that_loses_nothing(
    ask: Callable[[str], Result], values: str, kept: list[object]
) -> None:
    assert ask(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}").to_polars()["x"].to_list() == kept


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.integers().map(lambda n: ox.Literal(str(n), datatype=term("xsd:integer"))),
            st.decimals(allow_nan=False, allow_infinity=False).map(
                lambda d: ox.Literal(f"{d:f}", datatype=term("xsd:decimal"))
            ),
            st.text().map(lambda text: ox.Literal(text, datatype=term("xsd:date"))),
            st.text().map(ox.Literal),
            st.text().map(lambda text: ox.Literal(text, language="pl")),
            st.just(term("id:mcps")),
        ),
        max_size=5,
    )
)
def test_any_column_of_terms_becomes_one_kind_with_the_same_gaps(terms: list[ox.Literal | ox.NamedNode | None]) -> None:
    read = column("x", terms)
    assert [value is None for value in read.values] == [given is None for given in terms]
    assert len({type(value) for value in read.values if value is not None}) <= 1


def test_a_variable_of_any_name_is_a_column(ask: Callable[[str], Result]) -> None:
    (row,) = ask("SELECT ?class ?_x ?żółw { VALUES (?class ?_x ?żółw) { (1 2 3) } }")
    assert tuple(row) == (1, 2, 3) and row.żółw == 3


def test_triples_become_a_network(ask: Callable[[str], Result]) -> None:
    result = ask('CONSTRUCT { id:a se:knows id:b . id:a skos:prefLabel "A"@pl, "a"@en } WHERE {}')
    assert result.columns == ("subject", "predicate", "object") and len(result) == 3
    graph = result.to_networkx()
    assert list(graph.edges(keys=True)) == [("id:a", "id:b", "se:knows")]
    assert sorted(graph.nodes["id:a"]["skos:prefLabel"].split("; ")) == ["A", "a"]


def test_rows_become_a_network_with_what_they_say_on_its_edges(ask: Callable[[str], Result]) -> None:
    rows = "VALUES (?since ?target ?source) { (2018 id:b id:a) (UNDEF UNDEF id:a) }"
    graph = ask(f"SELECT ?since ?target ?source {{ {rows} }}").to_networkx()
    assert list(graph.edges(data=True)) == [("id:a", "id:b", {"since": 2018})]


def test_a_network_needs_two_ends(ask: Callable[[str], Result]) -> None:
    with pytest.raises(BadQuery, match="two columns"):
        ask("ASK {}").to_networkx()


def test_only_the_first_rows_are_printed_and_their_number_is_said(ask: Callable[[str], Result]) -> None:
    many = ask(f"SELECT ?x {{ VALUES ?x {{ {' '.join(map(str, range(1234)))} }} }}")
    assert len(many) == 1234
    assert repr(many).endswith("first 50 of 1,234 rows") and "│ 49" in repr(many) and "│ 50" not in repr(many)
    assert many._repr_html_().count("<tr>") == 51


def test_whatever_a_value_says_is_text_in_a_notebook(ask: Callable[[str], Result]) -> None:
    html = ask('SELECT ?x { VALUES ?x { "<img src=x onerror=alert(1)>" <javascript:alert(2)> } }')._repr_html_()
    assert "<img" not in html and "href" not in html
    assert "&lt;img src=x" in html


def test_a_long_value_is_cut_where_it_is_shown_only(ask: Callable[[str], Result]) -> None:
    long = ask(f'SELECT ?x {{ VALUES ?x {{ "{"a" * 1000}" }} }}')
    assert "a" * 301 not in long._repr_html_()
    assert len(next(iter(long)).x) == 1000


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow", "oxrdflib"])
def test_a_library_that_is_not_there_is_named(library: str) -> None:
    convert = {"pyarrow": "answer.to_arrow()", "oxrdflib": "kgraph.dataset(kgraph.Graph(store, '', {}))"}
    code = f"""
import sys; sys.modules["{library}"] = None
import kgraph, pyoxigraph
store = pyoxigraph.Store()
answer = kgraph.Result("truth", ("answer",), ())
{convert.get(library, f"answer.to_{library}()")}"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stderr
    assert said.splitlines()[-1] == (f"kgraph.errors.NotFound: {library} is not installed; say pip install {library}")


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT * { ?who se:signatoryOf ?agreement }", ("who", "agreement")),
        ("SELECT DISTINCT * { ?z ?b ?a # ?a\n }", ("z", "b", "a")),
        ("SELECT * { { SELECT ?z ?a { ?a ?p ?z } } }", ("z", "a")),
        ("SELECT ?b ?a { { SELECT * { ?a ?p ?b } } }", ("b", "a")),
        ("SELECT * { BIND('?a' AS ?x) BIND(1 AS ?a) }", ("x", "a")),
    ],
)
def test_the_columns_of_everything_come_as_the_query_names_them(
    ask: Callable[[str], Result], text: str, columns: tuple[str, ...]
) -> None:
    assert ask(text).columns == columns


def test_the_edges_of_everything_run_as_the_query_says(store_of: Callable[..., ox.Store]) -> None:
    found = kgraph.query(Graph(store_of("id:a se:signatoryOf id:b ."), "one", {}), "SELECT * { ?who ?is ?agreement }")
    assert [row.who for row in found] == ["id:a"]
    assert (
        kgraph.query(
            Graph(store_of("id:a se:signatoryOf id:b ."), "one", {}), "SELECT * { ?who se:signatoryOf ?agreement }"
        )
        .to_networkx()
        .has_edge("id:a", "id:b")
    )
