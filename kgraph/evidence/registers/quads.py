"""SQL that makes N-Quads of the rows of a register, from its description."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from operator import itemgetter

from kgraph.base import vocab
from kgraph.base.vocab import term
from kgraph.rdf.csvw import VARIABLE, Column, Description

ROW, CELLS, SOURCE = "_row", "_cells", "_source"
"""Columns of every table: the number of a row in its file, from 1 (RFC 7111, section 2.1); its cells as they stood,
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


def selected(description: Description, places: Mapping[str, int], every: Sequence[str], row: str = "") -> str:
    """The columns of the table `cells`, from those of a file in their order; `row` is its number if it has one."""
    nulls = ", ".join(f"'{text(null)}'" for null in description.nulls)
    for_each = (
        f"CASE WHEN trim(c{at}) IN ({nulls}) THEN NULL ELSE trim(c{at}) END AS {name(column)}"
        for column, at in places.items()
    )
    cells = ", ".join(f"coalesce({cell}, '')" for cell in every)
    number = row or f"row_number() OVER () + {1 + description.skipped}"
    return ", ".join((f"{number} AS {ROW}", *for_each, f"json_array({cells}) AS {CELLS}"))


def result(lookup: str, sources: Sequence[str]) -> str:
    """The name of the column with the results of a look-up in some columns."""
    return f"_{lookup}_of_{'_'.join(sources)}"


def together(columns: Sequence[str]) -> str:
    """An expression for the value of a column, or for those of several as a JSON array; without name, it is null."""
    named = [name(column) if column else "NULL" for column in columns]
    return named[0] if len(named) == 1 else f"json_array({', '.join(named)})"


def phrase(words: str, value: str) -> str:
    """An expression for a value inside words, whose place is `{}`; no value gives no words."""
    before, after = words.split("{}")
    filled = " || ".join(part for part in (before and f"'{text(before)}'", value, after and f"'{text(after)}'") if part)
    return value if filled == value else f"CASE WHEN {value} <> '' THEN {filled} END"


def numbered(description: Description) -> str:
    """A query for `cells` with the number of each row among those of one value, for columns of which the first counts.

    Empty without such columns.
    """
    columns = dict.fromkeys(column.first for column in description.columns if column.first)
    counted = (f"row_number() OVER (PARTITION BY {name(each)} ORDER BY {ROW}) AS {_nth(each)}" for each in columns)
    return f"SELECT *, {', '.join(counted)} FROM cells" if columns else ""


def _nth(column: str) -> str:
    return name(f"_nth_{column}")


NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def surely_nip(column: str) -> str:
    """A condition that holds for a number of ten digits with the check digit of NIP only."""
    digits = [f"CAST(substr({name(column)}, {at}, 1) AS INTEGER)" for at in range(1, 11)]
    weighed = " + ".join(f"{weight} * {digit}" for weight, digit in zip(NIP_WEIGHTS, digits, strict=False))
    plain = f"regexp_matches({name(column)}, '^[0-9]{{10}}$')"
    return f"CASE WHEN {plain} THEN ({weighed}) % 11 = {digits[-1]} ELSE FALSE END"


def repeated(column: str) -> str:
    """A condition for the rows whose value stands in other rows too."""
    named = name(column)
    return f"{named} IN (SELECT {named} FROM cells GROUP BY {named} HAVING count(*) > 1)"


def facts(description: Description, source: str, beside: str | None = None) -> str:
    """A query for the lines of N-Quads of each row, joined, in the order of columns.

    With `beside`, each triple also stands in a second graph, in angle brackets, or in the default graph if it is empty.
    """
    triples = (column for column in description.columns if column.predicate and not column.suppressed)
    given = _given(description)
    lines = [(_has_values(column, given), *_triple(column, source)) for column in triples]
    alike = groupby((*lines, *_row(description, source, given)), key=itemgetter(0))
    parts = (_parts(condition, [line[1:] for line in group], beside) for condition, group in alike)
    return f"SELECT concat_ws('', {_listed(chain.from_iterable(parts))}) AS lines FROM cells"


def _parts(condition: str, lines: Iterable[tuple[Sequence[str], str]], beside: str | None) -> Iterator[str]:
    """The parts of the quads of triples that are there on one condition."""
    parts = chain.from_iterable(_quads(*line, beside) for line in lines)
    if condition == ALWAYS:
        yield from parts
    else:
        yield Sql(f"CASE WHEN {condition} THEN concat({_listed(parts)}) END")


class Sql(str):
    """An expression among texts that stand as they are."""


def _listed(parts: Iterable[str]) -> str:
    """The arguments for texts and expressions that are joined: neighbouring texts are one, which is copied once."""
    runs = groupby(parts, key=lambda part: isinstance(part, Sql))
    return ", ".join(", ".join(run) if is_sql else _quoted("".join(run)) for is_sql, run in runs)


def _quoted(value: str) -> str:
    return f"'{text(value)}'"


def _quads(triple: Sequence[str], graph: str, beside: str | None) -> Iterator[str]:
    """The lines of a triple in its graph, and in a second one."""
    yield from (*triple, f" <{graph}> .\n")
    if beside is not None:
        yield from (*triple, f" {beside} .\n" if beside else " .\n")


def stated(description: Description) -> str:
    """An expression for the number of facts of a row: the triples that are not the curators' own."""
    columns = (column for column in description.columns if column.predicate and not column.suppressed)
    given = _given(description)
    facts = [_has_values(column, given) for column in columns if column.predicate not in EDITORIAL]
    return " + ".join(f"CASE WHEN {condition} THEN 1 ELSE 0 END" for condition in facts) or "0"


def _row(description: Description, source: str, given: Collection[str]) -> Iterator[tuple[str, Sequence[str], str]]:
    """The condition, triple and graph of what the record of a row says: source, cells, and what it describes."""
    row, graph = (f"<{source}{vocab.ROW}", Sql(ROW)), vocab.CLAIMS_GRAPH.value
    yield ALWAYS, (*row, f"> <{term('prov:wasDerivedFrom').value}> <{source}>"), graph
    yield ALWAYS, (*row, f'> <{term("se:cells").value}> "', Sql(_escaped(CELLS)), '"'), graph
    for template, first in {column.about: column.first for column in description.columns if column.predicate}.items():
        about = (*row, f"> <{term('se:describes').value}> <", *_filled(template, source), ">")
        yield _where({*VARIABLE.findall(template)} - {*given}, first), about, graph


ALWAYS = "TRUE"
"""The condition of what all rows have."""


def _given(description: Description) -> set[str]:
    """The columns that have a value in each row, which `reading.check` has seen; and the source."""
    return {SOURCE, *(column.name for column in description.read if column.required)}


def _has_values(column: Column, given: Collection[str]) -> str:
    return _where(column.variables - {*given}, column.first)


def _where(columns: Iterable[str], first: str) -> str:
    """The condition that columns have values, in the first row with a value of a column if one is named."""
    nth = [f"{_nth(first)} = 1"] if first else []
    return " AND ".join([*(f"{name(column)} IS NOT NULL" for column in sorted(columns)), *nth]) or ALWAYS


def _triple(column: Column, source: str) -> tuple[Sequence[str], str]:
    """The triple of a column, and its graph."""
    graph = vocab.EDITORIAL_GRAPH.value if column.predicate in EDITORIAL else source
    about = ("<", *_filled(column.about, source), f"> <{column.predicate}> ")
    return (*about, *_object(column, source)), graph


def _object(column: Column, source: str) -> Iterator[str]:
    if column.value_iri:
        yield from ("<", *_filled(column.value_iri, source), ">")
        return
    kind = f"@{column.lang}" if column.lang else f"^^<{column.datatype}>" if column.datatype else ""
    value = _literal(column.default) if column.default else Sql(_escaped_if_needed(name(column.name)))
    yield from ('"', value, f'"{kind}')


def _literal(value: str) -> str:
    for plain, written in ESCAPES:
        value = value.replace(plain, written)
    return value


def _escaped(value: str) -> str:
    """The value of an expression with the escapes of N-Quads."""
    for plain, written in ESCAPES:
        value = f"replace({value}, {_sign(plain)}, '{written}')"
    return value


def _escaped_if_needed(value: str) -> str:
    """The expression for values few of which need escapes: looking for the signs costs half of replacing them."""
    needed = " OR ".join(f"contains({value}, {_sign(plain)})" for plain, _ in ESCAPES)
    return f"CASE WHEN {needed} THEN {_escaped(value)} ELSE {value} END"


def _sign(plain: str) -> str:
    """A character in SQL."""
    return {"\n": "chr(10)", "\r": "chr(13)"}.get(plain, f"'{plain}'")


def _filled(template: str, source: str) -> Iterator[str]:
    """A template, with the columns in the places of its variables."""
    for at, part in enumerate(VARIABLE.split(template)):
        yield part if at % 2 == 0 else source if part == SOURCE else Sql(name(part))
