"""SQL that makes N-Quads of the rows of a register, from its description."""

from collections.abc import Iterator, Mapping, Sequence

from kgraph.base import vocab
from kgraph.base.vocab import term
from kgraph.rdf.csvw import VARIABLE, Column, Description

ROW, CELLS, SOURCE = "_row", "_cells", "_source"
"""Columns of every table: the number of a row, the header being row 1 (RFC 7111, section 2.1); its cells as they stood,
as a JSON array; the IRI of the source."""

ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"))
"""The characters that N-Quads escapes in a literal (https://www.w3.org/TR/n-quads/#grammar-production-ECHAR)."""

EDITORIAL = {term("skos:prefLabel").value, term("skos:altLabel").value}
"""The properties whose triples are the curators' own, in the editorial graph."""


def name(column: str) -> str:
    """A column in SQL; its name has letters, digits and underscores only."""
    return f'"{column}"'


def text(value: str) -> str:
    """A text inside quotation marks of SQL."""
    return value.replace("'", "''")


def selected(
    description: Description, places: Mapping[str, int], every: Sequence[str], row: str = "row_number() OVER () + 1"
) -> str:
    """The columns of the table `cells`, from those of a file in their order; `row` is the number of a row."""
    nulls = ", ".join(f"'{text(null)}'" for null in description.nulls)
    for_each = (
        f"CASE WHEN trim(c{at}) IN ({nulls}) THEN NULL ELSE trim(c{at}) END AS {name(column)}"
        for column, at in places.items()
    )
    cells = ", ".join(f"coalesce({cell}, '')" for cell in every)
    return ", ".join((f"{row} AS {ROW}", *for_each, f"to_json([{cells}]) AS {CELLS}"))


def called(column: Column) -> str:
    """The call of the look-up of a column; an empty name among its sources stands for no value."""
    values = (name(source) if source else "NULL" for source in column.sources)
    return f"{column.lookup}({', '.join(values)})"


def facts(description: Description, source: str) -> str:
    """A query for the lines of N-Quads of each row, joined, in the order of rows and columns."""
    triples = (column for column in description.columns if column.predicate and not column.suppressed)
    lines = [(_line(column, source), _has_values(column)) for column in triples]
    given = (f"CASE WHEN {condition} THEN {line} END" for line, condition in (*lines, *_row(description, source)))
    return f"SELECT concat_ws(chr(10), {', '.join(given)}) AS lines FROM cells"


def _row(description: Description, source: str) -> Iterator[tuple[str, str]]:
    """The lines of the record of a row, each with its condition: its source, its cells, and what it describes."""
    row = f"'<{text(source)}{vocab.ROW}' || {ROW} || '>'"
    graph = f" <{vocab.CLAIMS_GRAPH.value}> ."
    yield f"{row} || ' <{term('prov:wasDerivedFrom').value}> <{text(source)}>{graph}'", "TRUE"
    yield f"{row} || ' <{term('se:cells').value}> \"' || {_escaped(CELLS)} || '\"{graph}'", "TRUE"
    for template in dict.fromkeys(column.about for column in description.columns if column.predicate):
        about = f"{row} || ' <{term('se:describes').value}> <' || {_filled(template, source)} || '>{graph}'"
        yield about, _not_null(VARIABLE.findall(template))


def _has_values(column: Column) -> str:
    return _not_null(sorted(column.variables - {SOURCE}))


def _not_null(columns: Sequence[str]) -> str:
    return " AND ".join(f"{name(column)} IS NOT NULL" for column in columns if column != SOURCE) or "TRUE"


def _line(column: Column, source: str) -> str:
    """A line of N-Quads with the triple of a column."""
    graph = vocab.EDITORIAL_GRAPH.value if column.predicate in EDITORIAL else source
    about = f"'<' || {_filled(column.about, source)}"
    return f"{about} || '> <{column.predicate}> ' || {_object(column, source)} || ' <{text(graph)}> .'"


def _object(column: Column, source: str) -> str:
    if column.value_iri:
        return f"'<' || {_filled(column.value_iri, source)} || '>'"
    value = f"'{text(column.default)}'" if column.default else name(column.name)
    kind = f"@{column.lang}" if column.lang else f"^^<{column.datatype}>" if column.datatype else ""
    return f"'\"' || {_escaped(value)} || '\"{kind}'"


def _escaped(value: str) -> str:
    """The value of an expression with the escapes of N-Quads."""
    for plain, written in ESCAPES:
        shown = {"\n": "chr(10)", "\r": "chr(13)"}.get(plain, f"'{plain}'")
        value = f"replace({value}, {shown}, '{written}')"
    return value


def _filled(template: str, source: str) -> str:
    """An expression for a template whose variables are columns."""
    parts = []
    for at, part in enumerate(VARIABLE.split(template)):
        if at % 2 == 0 and part:
            parts.append(f"'{text(part)}'")
        elif at % 2:
            parts.append(f"'{text(source)}'" if part == SOURCE else name(part))
    return " || ".join(parts)
