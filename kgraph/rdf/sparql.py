"""Run SPARQL with bound terms, and write answers in the standard formats."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from math import isfinite

import pyoxigraph as ox

from kgraph.base import media, paths
from kgraph.base.vocab import BASE, DATE, PREFIXES, TURTLE_PREFIXES, compact, split, term
from kgraph.errors import BadQuery, EndpointError
from kgraph.rdf import bounds, sparql_text
from kgraph.rdf.functions import FUNCTIONS

Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Value = ox.NamedNode | ox.Literal
Values = Mapping[str, Value | Sequence[Value]]
"""One value, or several, for each of some variables."""
Table = tuple[Sequence[str], Sequence[Sequence[Value | None]]]
"""The names of columns, and rows."""


def run(store: ox.Store, text: str, /, **terms: Value | Sequence[Value]) -> Result:
    """The answer to a query, with `terms` in the place of its variables; declared prefixes may be left out.

    Raises BadQuery for text that is not SPARQL 1.1, an unknown prefix, an update, or a term that cannot be bound, and
    for text that is nested so deeply that the engine would crash; LimitExceeded for one that is too long.
    """
    bounds.check(text)
    return evaluate(store, bind(text, terms))


SHORT = 4000
"""The most characters of a query that is searched for the names of its prefixes."""


@dataclass(frozen=True)
class Dataset:
    """The dataset of a query: the graphs of its default graph and its named graphs, None for those of the store.

    Relative IRIs are resolved against `base`.
    """

    default: tuple[ox.NamedNode, ...] | None = None
    named: tuple[ox.NamedNode, ...] | None = None
    base: str | None = None


def evaluate(store: ox.Store, text: str, dataset: Dataset = Dataset()) -> Result:
    """The answer of a dataset to a query; raises BadQuery or EndpointError."""
    try:
        return store.query(
            text,
            base_iri=dataset.base,
            prefixes=_prefixes(text),
            default_graph=None if dataset.default is None else list(dataset.default),
            named_graphs=None if dataset.named is None else list(dataset.named),
            custom_functions=dict(FUNCTIONS),
        )
    except SyntaxError as error:
        raise BadQuery(_explain(error, text)) from error
    except OSError as error:
        raise EndpointError(f"another endpoint that the query names cannot be asked: {error}") from error


def _prefixes(text: str) -> dict[str, str]:
    """The prefixes in a short query, all for one that is long or has escapes: the engine parses each for each query."""
    if len(text) > SHORT or "\\" in text:
        return dict(PREFIXES)
    return {name: iri for name, iri in PREFIXES.items() if f"{name}:" in text} if ":" in text else {}


def bind(text: str, terms: Values) -> str:
    """A query with a value, or several, for each of some variables.

    A variable gets its values in its line `VALUES ?name { default }`, else in such a line at the beginning of the
    pattern, or at its end when the pattern computes the variable. All are put in at once: none is read as part of the
    query. Raises BadQuery for a variable that the query does not have, and for one that its SELECT computes.

    >>> bind("ASK { ?a ?b ?c }", {"a": [ox.NamedNode("x:y"), ox.Literal("z")]})
    'ASK { VALUES ?a { <x:y> "z" } ?a ?b ?c }'
    """
    values = {name: f"{{ {' '.join(map(str, _listed(value)))} }}" for name, value in terms.items()}
    given = {found.name for found in sparql_text.parameters(text)}
    text = _restricted(text, {name: value for name, value in values.items() if name not in given})
    known = (found for found in sparql_text.parameters(text) if found.name in given & values.keys())
    return sparql_text.spliced(text, ((found.opening - 1, found.closing + 1, values[found.name]) for found in known))


def open_to(text: str, *names: str) -> str:
    """A query that is bound often, with a line of values for each of some variables; `bind` then only fills these."""
    return _restricted(text, dict.fromkeys(names, "{ UNDEF }"))


def _listed(value: Value | Sequence[Value]) -> Sequence[Value]:
    return [value] if isinstance(value, ox.NamedNode | ox.Literal) else value


def _restricted(text: str, values: Mapping[str, str]) -> str:
    """A query with a line of values for each of some variables that have none."""
    if not values:
        return text
    begin, end = sparql_text.pattern(text) or (0, 0)
    computed = sparql_text.computed(text)
    lines: dict[bool, str] = {False: "", True: ""}
    for name, value in values.items():
        _must_be_open(name, text, computed.get(name, end) < begin or not end)
        lines[name in computed] += f" VALUES ?{name} {value}"
    pattern = text[begin:end]
    first = next(sparql_text.tokens(pattern), None)
    if first and first.word == "SELECT":
        pattern = f" {{{pattern}}} "
    return sparql_text.spliced(text, [(begin, end, f"{lines[False]}{pattern}{lines[True]}")])


def _must_be_open(name: str, text: str, is_closed: bool) -> None:
    variables = sparql_text.variables(text)
    if name not in variables:
        has = f"; it has ?{', ?'.join(variables)}" if variables else ""
        raise BadQuery(f"the query has no variable ?{name}{has}")
    if is_closed:
        raise BadQuery(f"?{name} cannot have a value here; write VALUES ?{name} {{ UNDEF }} into the query")


def defaults(text: str) -> dict[str, str]:
    """The parameters of a query, which are its `VALUES ?name { default }` lines, and their defaults as written.

    >>> defaults('SELECT ?day WHERE { VALUES ?day { "2018}"^^xsd:string } } # VALUES ?no { 1 }')
    {'day': '"2018}"^^xsd:string'}
    """
    return {found.name: found.default for found in sparql_text.parameters(text)}


def mentioned(text: str) -> list[ox.NamedNode]:
    """The terms that a query names, those with a prefix first.

    >>> mentioned("PREFIX id: <https://w3id.org/sekg/id/> ASK { id:mcps ?p 'id:b' } # id:c")
    [<NamedNode value=https://w3id.org/sekg/id/mcps>]
    """
    return list(map(ox.NamedNode, sparql_text.iris(text, PREFIXES)))


DESCRIBING = frozenset(PREFIXES.values()) - {PREFIXES["xsd"]}
"""Namespaces whose terms stand in triples."""


def unknown(store: ox.Store, terms: Iterable[object]) -> list[ox.NamedNode]:
    """The terms with a known prefix that are nowhere in the graph, most likely typing errors.

    Functions and datatypes, which stand in no triple, are left out.
    """
    return [node for node, current in current_of(store, terms).items() if current is None]


def current_of(store: ox.Store, terms: Iterable[object]) -> dict[ox.NamedNode, Value | None]:
    """The terms as things now are: what each was merged into, else itself; None for one that is unknown."""
    nodes = [node for node in dict.fromkeys(terms) if isinstance(node, ox.NamedNode) and node not in FUNCTIONS]
    ours = [node for node in nodes if node.value.startswith(BASE) or split(node.value)[0] in DESCRIBING]
    rows = named(store, "known", node=ours) if ours else ()
    known: dict[Value, Value] = {row[0]: row[1] for row in rows}
    return {node: known.get(node) if node in ours else node for node in nodes}


def _explain(error: SyntaxError, text: str) -> str:
    """What is wrong with a query, in one sentence with the position and a remedy."""
    unknown = [prefix for prefix in sparql_text.undeclared(text) if prefix not in PREFIXES]
    if unknown:
        return f"unknown prefix {unknown[0]!r}; declare it with PREFIX, or use one of {', '.join(PREFIXES)}"
    form = sparql_text.form(text)
    if form and form.word in sparql_text.UPDATES:
        return "this is an update; only queries (SELECT, ASK, CONSTRUCT, DESCRIBE) are answered"
    if not text.strip():
        return "the query is empty; try SELECT ?name WHERE { ?thing skos:prefLabel ?name } LIMIT 10"
    return f"not valid SPARQL 1.1{_place(str(error.msg), text)}"


def _place(message: str, text: str) -> str:
    """` near line 1, column 9` and the line with a caret at the last position that the parser reached."""
    found = re.match(r"error at (\d+):(\d+)", message)
    if not found:
        return f": {message}"
    line, column = int(found[1]), int(found[2])
    shown = text.splitlines()[line - 1] if line <= len(text.splitlines()) else ""
    return f" near line {line}, column {column}:\n  {shown}\n  {' ' * (column - 1)}^"


def parameter(text: str) -> tuple[str, Value]:
    """`name=value` as a term: an IRI `<…>`, a CURIE, a literal as SPARQL writes it, or else a plain string.

    >>> parameter("organisation=id:mcps")
    ('organisation', <NamedNode value=https://w3id.org/sekg/id/mcps>)
    """
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise BadQuery(f"{text!r} is not name=value; for example organisation=id:mcps or year=2018")
    try:
        return name, parse_term(value)
    except BadQuery as error:
        raise BadQuery(f"{name}: {error}") from error


def parse_term(value: str) -> Value:
    """A term as people write it on a command line; BadQuery for an unknown prefix or what is no IRI, day or number."""
    try:
        if value.startswith("<") and value.endswith(">"):
            return ox.NamedNode(value[1:-1])
        if re.match(r"https?://", value):
            return ox.NamedNode(value)
    except ValueError as error:
        raise BadQuery(f"{value!r} is not an IRI") from error
    if re.fullmatch(r"[A-Za-z][\w-]*:[\w.%-]*[\w%-]", value):
        return term(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return _day(value)
    return _literal(value) if re.match(r'"|[+-]?\d|(true|false)$', value) else ox.Literal(value)


def _day(value: str) -> ox.Literal:
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise BadQuery(f"there is no day {value}") from error
    return ox.Literal(value, datatype=DATE)


def _literal(value: str) -> Value:
    try:
        [quad] = ox.parse(f"{TURTLE_PREFIXES}<x:s> <x:p> {value} .", ox.RdfFormat.TURTLE)
    except (ValueError, SyntaxError) as error:
        raise BadQuery(f"{value!r} is {_misread(value)}") from error
    assert isinstance(quad.object, ox.Literal)
    return held(quad.object)


def _misread(value: str) -> str:
    if value.startswith('"'):
        return 'not one literal; write "text", "text"@pl or "2018-03-22"^^xsd:date'
    return "neither a number nor a day such as 2018-03-22; put text that begins with a digit in double quotes"


DECIMAL = term("xsd:decimal")
LARGEST = 2**63 - 1


def held(value: ox.Literal) -> ox.Literal:
    """The literal unchanged; BadQuery for a number beyond 64 bits, which the engine would compare as unequal to any."""
    is_number = value.datatype in (DECIMAL, term("xsd:integer")) and DIGITS.fullmatch(value.value)
    if is_number and abs(Decimal(value.value)) > LARGEST:
        raise BadQuery(f"{value.value} is too large a number; the largest that can be asked with is {LARGEST}")
    return value


TABLES = {
    known.name: form for known in media.TABLES for form in [ox.QueryResultsFormat.from_media_type(known.media)] if form
}
"""The W3C formats of SELECT and ASK results."""

GRAPHS = {known.name: form for known in media.GRAPHS for form in [ox.RdfFormat.from_media_type(known.media)] if form}
"""The formats of CONSTRUCT and DESCRIBE results."""


def rows(result: Result) -> Iterator[tuple[Value | None, ...]]:
    """The solutions of a SELECT in the order of its variables; None where a variable is unbound."""
    if not isinstance(result, ox.QuerySolutions):
        raise BadQuery("this query gives no table; write a SELECT")
    return (tuple(solution) for solution in result)


def named(store: ox.Store, name: str, **terms: Value | Sequence[Value]) -> Iterator[tuple[Value, ...]]:
    """The rows of one of the package's own queries, which binds every variable."""
    for row in rows(run(store, paths.query_text(name), **terms)):
        assert all(row), f"{name}.rq leaves a variable unbound"
        yield row  # type: ignore[misc]


def solutions(names: Sequence[str], table: Sequence[Sequence[Value | None]]) -> ox.QuerySolutions:
    """A computed table as the result of a SELECT, for `serialize`."""
    body = "".join(f"({' '.join('UNDEF' if value is None else str(value) for value in row)})\n" for row in table)
    variables = " ".join(f"?{name}" for name in names)
    result = ox.Store().query(f"SELECT {variables} WHERE {{ VALUES ({variables}) {{ {body} }} }}")
    assert isinstance(result, ox.QuerySolutions)
    return result


def columns(result: ox.QuerySolutions) -> tuple[str, ...]:
    return tuple(variable.value for variable in result.variables)


def serialize(result: Result, form: str) -> bytes:
    """An answer in a standard format, ndjson or Markdown; BadQuery when this kind of answer has no such format.

    Triples are sorted, solutions stay in the order of the query.
    """
    match result:
        case ox.QueryTriples() if form in GRAPHS:
            triples = sorted(set(result), key=str)
            text = " ".join(map(str, triples))
            used = {prefix: namespace for prefix, namespace in PREFIXES.items() if namespace in text}
            return ox.serialize(triples, format=GRAPHS[form], prefixes=used) or b""
        case ox.QuerySolutions() | ox.QueryBoolean() if form in TABLES and (
            form in ("json", "xml") or not isinstance(result, ox.QueryBoolean)
        ):
            return result.serialize(format=TABLES[form]) or b""
        case ox.QuerySolutions() if form == "ndjson":
            return b"".join(map(partial(_json_line, columns(result)), rows(result)))
        case ox.QuerySolutions() if form == "md":
            return markdown(columns(result), list(rows(result))).encode()
    raise BadQuery(f"{form} cannot hold this answer; {_advice(result)}")


def _advice(result: Result) -> str:
    match result:
        case ox.QueryTriples():
            return f"CONSTRUCT and DESCRIBE give {', '.join(GRAPHS)}"
        case ox.QueryBoolean():
            return "ASK gives table, json, xml"
    return f"SELECT gives table, {', '.join(TABLES)}, ndjson, md"


def _json_line(names: tuple[str, ...], row: tuple[Value | None, ...]) -> bytes:
    bound = {name: _json_value(value) for name, value in zip(names, row, strict=True) if value is not None}
    return json.dumps(bound, ensure_ascii=False).encode() + b"\n"


def _json_value(value: Value) -> str | int | float | bool:
    """A number or a boolean where JSON can represent it exactly; else the text of the term."""
    kind = value.datatype.value.removeprefix(PREFIXES["xsd"]) if isinstance(value, ox.Literal) else ""
    if kind == "boolean" and value.value in TRUTH:
        return TRUTH[value.value]
    if kind in WHOLE and re.fullmatch(r"[+-]?\d{1,19}", value.value, re.ASCII):
        return int(value.value)
    if kind in ("double", "float", "decimal") and NUMBER.fullmatch(value.value):
        number = float(value.value)
        is_same = isfinite(number) if kind != "decimal" else Decimal(str(number)) == Decimal(value.value)
        return number if is_same else value.value
    return value.value


WHOLE = (
    *("integer", "long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
)
"""The whole numbers of XML Schema."""
DIGITS = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
NUMBER = re.compile(rf"{DIGITS.pattern}([eE][+-]?\d+)?", re.ASCII)
TRUTH = {"true": True, "1": True, "false": False, "0": False}


def markdown(names: Sequence[str], table: Sequence[Sequence[Value | None]]) -> str:
    """A Markdown table; IRIs as CURIEs where they have one."""
    lines = [names, ["---"] * len(names), *([cell(value).replace("|", "\\|") for value in row] for row in table)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(value: Value | None) -> str:
    """A value for a table: CURIE, IRI or the literal's text; empty when unbound."""
    match value:
        case None:
            return ""
        case ox.NamedNode():
            return compact(value.value)
        case ox.Literal():
            return value.value
    return str(value)
