"""The statements of a source file as the rows of sheets."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from kgraph.base.vocab import (
    ABRIDGED,
    CLAIM_LINKS,
    DERIVED_FROM,
    END,
    EXACT,
    KNOWN_UNKNOWN,
    NOTE,
    PREF_LABEL,
    PREFIX,
    PREFIXES,
    SOURCE,
    START,
    STATUS,
    SUFFIX,
    TYPE,
    term,
)
from kgraph.evidence.statements import Statement
from kgraph.publish.formats.annotated import inline
from kgraph.publish.formats.serialize import written
from kgraph.publish.formats.spreadsheet import Cell
from kgraph.publish.sheets import cells
from kgraph.publish.sheets.columns import COMMENT, SHEETS
from kgraph.publish.sheets.names import Names
from kgraph.rdf.terms import Term

Row = Mapping[str, Cell]
"""The cells of a row by column."""

Table = Mapping[str, Sequence[Row]]
"""The rows of each sheet."""

ABOUT, ASPECT, LEAVES = (term(name) for name in ("se:about", "se:aspect", "se:leavesUnknown"))
TEXTS = {EXACT: "quote", ABRIDGED: "abridged", NOTE: "note", PREFIX: "prefix", SUFFIX: "suffix"}
NUMBERS = {START: "start", END: "end"}
TERMS = {STATUS: "status", DERIVED_FROM: "source"}
"""The columns of an annotation that hold a text, a number, or a term."""

STRING, INTEGER = (term(f"xsd:{name}") for name in ("string", "integer"))
LARGEST = 10**9
"""The greatest number that a cell holds as a number."""


def table(statements: Iterable[Statement], comment: str, names: Names) -> Table:
    """The rows of all sheets; `into.statements` reads them back."""
    given = list(statements)
    bare = {one.fact: None for one in given if one.evidence is None}
    rows: dict[str, list[Row]] = {sheet: [] for sheet in SHEETS}
    if comment:
        rows["source"].append({"property": COMMENT, "value": cells.of_text(comment)})
    rows["unknowns"] = list(_unknowns(bare, names))
    rows["things"] = list(_things(bare))
    heads = {fact.subject for fact in bare if (fact.predicate, fact.object) == (TYPE, SOURCE)}
    for fact in bare:
        rows["source" if fact.subject in heads else "notes"].append(_fact(fact, names))
    rows["facts"] = [{**_fact(one.fact, names), **_evidence(one, names)} for one in given if one.evidence is not None]
    return rows


def _fact(fact: ox.Triple, names: Names) -> dict[str, Cell]:
    value, kind = cells.of_term(fact.object, names)
    subject, predicate = (names.cell(node) for node in (fact.subject, fact.predicate))  # type: ignore[arg-type]
    return {"subject": subject, "property": predicate, "value": value, "type": kind}


def _taken(bare: dict[ox.Triple, None]) -> Mapping[object, Mapping[ox.NamedNode, list[Term]]]:
    """The values of the facts without evidence by subject and property."""
    found: dict[object, dict[ox.NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for fact in bare:
        found[fact.subject][fact.predicate].append(fact.object)
    return found


def _labels(node: ox.NamedNode, values: Mapping[ox.NamedNode, list[Term]], bare: dict[ox.Triple, None]) -> Row:
    """The first Polish and the first English name of a thing, taken out of `bare`."""
    found: dict[str, Cell] = {}
    for column, lang in (("polish", "pl"), ("english", "en")):
        for label in values.get(PREF_LABEL, ()):
            if isinstance(label, ox.Literal) and label.language == lang and column not in found:
                found[column] = cells.of_text(label.value)
                del bare[ox.Triple(node, PREF_LABEL, label)]
    return found


def _unknowns(bare: dict[ox.Triple, None], names: Names) -> Iterator[Row]:
    """A row for each known unknown; its facts are taken out of `bare`."""
    known = _taken(bare)
    left: dict[object, list[ox.Triple]] = defaultdict(list)
    for fact in bare:
        if fact.predicate == LEAVES:
            left[fact.object].append(fact)
    for node, values in known.items():
        if KNOWN_UNKNOWN in values.get(TYPE, ()) and isinstance(node, ox.NamedNode):
            del bare[ox.Triple(node, TYPE, KNOWN_UNKNOWN)]
            row: dict[str, Cell] = {"thing": written(node), **_labels(node, values, bare)}
            for column, predicate in (("about", ABOUT), ("aspect", ASPECT)):
                for end in values.get(predicate, ())[:1]:
                    if isinstance(end, ox.NamedNode):
                        row[column] = names.cell(end)
                        del bare[ox.Triple(node, predicate, end)]
            for fact in left[node][:1]:
                row["leaves"] = names.cell(fact.subject)  # type: ignore[arg-type]
                del bare[fact]
            yield row


def _things(bare: dict[ox.Triple, None]) -> Iterator[Row]:
    """A row for each thing with a name; its names are taken out of `bare`."""
    known = _taken(bare)
    for node, values in known.items():
        is_ours = isinstance(node, ox.NamedNode) and node.value.startswith(PREFIXES["id"])
        if is_ours and (labels := _labels(node, values, bare)):  # type: ignore[arg-type]
            yield {"thing": written(node), **labels}  # type: ignore[arg-type]


def _evidence(one: Statement, names: Names) -> Row:
    """The columns of an annotation; what they cannot hold is in the column `other`, in Turtle."""
    found: dict[str, Cell] = {}
    others: list[tuple[ox.NamedNode, Term]] = []
    for predicate, end in one.evidence or ():
        column, cell = _column(predicate, end, names)
        if column and column not in found:
            found |= {column: cell, **({"link": names.cell(predicate)} if column == "linked" else {})}
        else:
            others.append((predicate, end))
    named = [f"~ {written(one.reifier)}"] if one.reifier else []
    rest = [*named, *([inline(others)] if others else [])]
    return found | ({"other": cells.of_text(" ; ".join(rest))} if rest else {})


def _column(predicate: ox.NamedNode, end: Term, names: Names) -> tuple[str | None, Cell]:
    """The column of a property of an annotation and its cell; no column when it has none for such a value."""
    if predicate in CLAIM_LINKS and isinstance(end, ox.Triple):
        return "linked", cells.of_fact(end)
    if predicate in TERMS and isinstance(end, ox.NamedNode):
        return TERMS[predicate], names.cell(end)
    if not isinstance(end, ox.Literal):
        return None, None
    if predicate in TEXTS and end.datatype == STRING:
        return TEXTS[predicate], cells.of_text(end.value)
    if predicate in NUMBERS and end.datatype == INTEGER and end.value.isdecimal() and str(int(end.value)) == end.value:
        return (NUMBERS[predicate], int(end.value)) if int(end.value) < LARGEST else (None, None)
    return None, None
