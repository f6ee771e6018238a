"""Terms of RDF as cells of a sheet, and cells as terms; no text is lost on the way."""

import json
import re

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES, TURTLE_PREFIXES, TYPE, curie, term
from kgraph.evidence.statements import Properties
from kgraph.publish.formats.serialize import verb, written
from kgraph.publish.sheets.names import Names, Unreadable, iri_of
from kgraph.rdf.terms import Term

XSD = PREFIXES["xsd"]
PLAIN = "text"
"""The type of a text without language."""

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Spreadsheets read `_x000D_` as a character (ECMA-376, part 1, 22.9.2.19)."""

BY_FORM = (
    ("date", re.compile(r"-?\d{4,}-\d\d-\d\d")),
    ("gYearMonth", re.compile(r"-?\d{4,}-\d\d")),
    ("gYear", re.compile(r"-?\d{4}")),
    ("gMonthDay", re.compile(r"--\d\d-\d\d")),
    ("integer", re.compile(r"[+-]?\d+")),
    ("decimal", re.compile(r"[+-]?\d*\.\d+")),
    ("boolean", re.compile(r"true|false")),
)
"""Datatypes by the form of a value, in the order in which they are tried where the property allows them."""


def of_text(text: str) -> str:
    """A text as it stands in a cell; in quotation marks, with escapes, when a spreadsheet could change it.

    >>> of_text("Zioła"), of_text("a\\nb"), of_text("")
    ('Zioła', '"a\\\\nb"', '""')
    """
    is_plain = (
        text and text.isprintable() and text == text.strip() and text[0] not in "\"'" and not ESCAPED.search(text)
    )
    return text if is_plain else ESCAPED.sub(r"\\u005f", json.dumps(text, ensure_ascii=not text.isprintable()))


def to_text(cell: str) -> str:
    """The text of a cell."""
    if len(cell) < 2 or not (cell.startswith('"') and cell.endswith('"')):
        return cell
    try:
        return str(json.loads(cell))
    except ValueError:
        return cell


def of_term(given: Term, names: Names) -> tuple[str, str]:
    """A value and its type as cells; a thing has no type."""
    if isinstance(given, ox.NamedNode):
        return names.cell(given), ""
    assert isinstance(given, ox.Literal)
    if given.language:
        return of_text(given.value), given.language
    datatype = given.datatype
    kind = PLAIN if datatype == term("xsd:string") else curie(datatype.value) or f"<{datatype.value}>"
    return of_text(given.value), kind


def to_term(value: str, kind: str, predicate: ox.NamedNode, names: Names) -> ox.NamedNode | ox.Literal:
    """The value of two cells; without a type, an id is a thing and the property decides on others.

    Unreadable when it cannot.
    """
    if kind == PLAIN:
        return ox.Literal(to_text(value))
    if kind:
        return _typed(to_text(value), kind)
    if node := iri_of(value):
        return node
    types = names.types.get(predicate, frozenset())
    ranges = {range_.value.rpartition("#")[2] for range_ in names.ranges.get(predicate, ())}
    if term("owl:DatatypeProperty") in types or ranges == {"string"}:
        return _by_form(_spoken(value, ranges), ranges)
    if term("owl:AnnotationProperty") in types:
        raise Unreadable("sheet-no-language", value=value)
    classes = {node for node, found in names.types.items() if term("owl:Class") in found}
    return names.term(value, classes if predicate == TYPE else None)


def _typed(text: str, kind: str) -> ox.Literal:
    """A text with a language, or with a datatype."""
    try:
        if datatype := iri_of(kind) if ":" in kind else None:
            return ox.Literal(text, datatype=datatype)
        if LANGUAGE.fullmatch(kind):
            return ox.Literal(text, language=kind.lower())
    except ValueError:  # rdf:langString without a language
        pass
    raise Unreadable("sheet-wrong-type", type=kind)


SPOKEN = {"tak": "true", "prawda": "true", "yes": "true", "nie": "false", "fałsz": "false", "no": "false"}
"""Truth values as people write them."""

AMOUNT = re.compile(r"(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,](\d+))?(?: ?(?:zł|PLN))?")
"""A number as people write it: thousands apart, a comma or a point, a currency."""


def _spoken(value: str, ranges: set[str]) -> str:
    """A truth value or a decimal number in the form of XML Schema, when people write it otherwise.

    >>> _spoken("tak", {"boolean"}), _spoken("86 400,5 zł", {"decimal"}), _spoken("86400", {"integer", "decimal"})
    ('true', '86400.5', '86400')
    """
    if "boolean" in ranges:
        return SPOKEN.get(value.lower(), value)
    if "decimal" in ranges and not ("integer" in ranges and value.isdigit()) and (found := AMOUNT.fullmatch(value)):
        whole, cents = found.groups("00")
        return f"{re.sub(r'[^0-9]', '', whole)}.{cents}"
    return value


def _by_form(value: str, ranges: set[str]) -> ox.Literal:
    if "langString" in ranges:
        raise Unreadable("sheet-no-language", value=value)
    for name, form in BY_FORM:
        if name in ranges and form.fullmatch(value):
            return ox.Literal(value, datatype=ox.NamedNode(XSD + name))
    if ranges and "string" not in ranges and "anyURI" not in ranges:
        raise Unreadable("sheet-no-type", value=value, types=", ".join(sorted(f"xsd:{name}" for name in ranges)))
    return ox.Literal(to_text(value))


def of_fact(fact: ox.Triple) -> str:
    """A fact in Turtle."""
    return of_text(f"{written(fact.subject)} {verb(fact.predicate)} {written(fact.object)}")


def to_fact(cell: str) -> ox.Triple:
    """The fact of a cell in Turtle."""
    found = _turtle(to_text(cell))
    if len(found) != 1:
        raise Unreadable("sheet-no-fact", value=cell)
    return found[0]


def to_properties(cell: str) -> Properties:
    """The properties of a cell in Turtle."""
    return tuple((found.predicate, found.object) for found in _turtle(f"id:x {cell}"))


def _turtle(text: str) -> list[ox.Triple]:
    try:
        return [quad.triple for quad in ox.parse(f"{TURTLE_PREFIXES}{text} .", ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise Unreadable("sheet-no-turtle", value=text) from error
