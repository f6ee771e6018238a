"""RDF terms as Python values and back, and columns of values of one kind."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from numbers import Integral
from typing import Literal

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES, compact, term
from kgraph.errors import BadQuery
from kgraph.rdf import sparql
from kgraph.rdf.sparql import DIGITS, TRUTH, WHOLE, Value
from kgraph.rdf.terms import Term

Rows = Sequence[Sequence[Term | None]]
Plain = str | int | float | bool | Decimal | date | datetime
Kind = Literal["iri", "text", "integer", "decimal", "number", "boolean", "date", "time", "instant"]
"""`time` is a date and time without an offset, `instant` one with."""

XSD = PREFIXES["xsd"]
INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True)
class Column:
    """The values of one variable; `languages` is None when none of them has a language."""

    name: str
    kind: Kind
    values: tuple[Plain | None, ...]
    languages: tuple[str | None, ...] | None


def plain(term: Term | None, curies: bool = True) -> Plain | None:
    """A term as a Python value; its text where Python has no type, such as for a day without a year.

    >>> plain(ox.Literal("2018-03-22", datatype=ox.NamedNode(XSD + "date")))
    datetime.date(2018, 3, 22)
    >>> plain(ox.Literal("--03-22", datatype=ox.NamedNode(XSD + "gMonthDay")))
    '--03-22'
    """
    return _read(term, curies)[1]


def column(name: str, terms: Sequence[Term | None], curies: bool = True, usual: Kind = "text") -> Column:
    """The terms as values of one kind, or as text when no kind holds them all; `usual` is the kind of no values."""
    read = [_read(term, curies) for term in terms]
    kind = _common({kind for kind, value in read if value is not None} or {usual})
    pairs = zip(terms, (value for _, value in read), strict=True)
    values = [None if term is None or value is None else _as(kind, term, value, curies) for term, value in pairs]
    languages = tuple(term.language if isinstance(term, ox.Literal) else None for term in terms)
    return Column(name, kind, tuple(values), languages if any(languages) else None)


def written(term: Term, curies: bool = True) -> str:
    """A term as text: its CURIE or IRI, or the value of a literal."""
    match term:
        case ox.NamedNode():
            return compact(term.value) if curies else term.value
        case ox.Literal():
            return term.value
    return str(term)


def _read(term: Term | None, curies: bool) -> tuple[Kind, Plain | None]:
    if not isinstance(term, ox.Literal):
        return ("text", None) if term is None else ("iri", written(term, curies))
    read = READERS.get(term.datatype.value.removeprefix(XSD))
    try:
        return read(term.value) if read else ("text", term.value)
    except (ValueError, ArithmeticError, KeyError):
        return "text", term.value


def _integer(text: str) -> tuple[Kind, Plain]:
    number = int(_digits(text))
    return ("integer", number) if number in INT64 else ("text", text)


def _digits(text: str) -> str:
    """A number as XML Schema writes it; ValueError for text that only Python accepts, such as `1_000`."""
    if not DIGITS.fullmatch(text):
        raise ValueError(text)
    return text


def _day(text: str) -> tuple[Kind, Plain]:
    day = date.fromisoformat(text)
    return ("date", day) if day.isoformat() == text else ("text", text)


def _moment(text: str) -> tuple[Kind, Plain]:
    if "T" not in text:
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    return ("instant", moment.astimezone(UTC)) if moment.tzinfo else ("time", moment)


READERS: Mapping[str, Callable[[str], tuple[Kind, Plain]]] = {
    **dict.fromkeys(WHOLE, _integer),
    "decimal": lambda text: ("decimal", Decimal(_digits(text))),
    **dict.fromkeys(("double", "float"), lambda text: ("number", float(text))),
    "boolean": lambda text: ("boolean", TRUTH[text]),
    "date": _day,
    "dateTime": _moment,
    "dateTimeStamp": _moment,
}


def _common(kinds: set[Kind]) -> Kind:
    """The kind that holds values of all these kinds without loss; text if there is none."""
    if len(kinds) == 1:
        return next(iter(kinds))
    if kinds == {"integer", "decimal"}:
        return "decimal"
    return "number" if kinds and kinds <= {"integer", "decimal", "number"} else "text"


def _as(kind: Kind, term: Term, value: Plain, curies: bool) -> Plain:
    if kind == "text":
        return written(term, curies)
    return Decimal(str(value)) if kind == "decimal" else float(str(value)) if kind == "number" else value


One = Value | str | bool | int | float | Decimal | date
Given = One | Iterable[One]
"""A term, or a Python value, to bind to a variable; or several, such as a list or a column of a data frame.

A string is a thing when it is a CURIE, an IRI or `<IRI>`, a day when it is like `2018-03-22`, and a text with its
language when it is like `"zioła"@pl`. Any other is text, also one of digits; so is `pyoxigraph.Literal("2018-03-22")`.
"""


def terms_of(value: Given) -> Value | list[Value]:
    """The term of a value, or those of several."""
    is_one = isinstance(value, ox.NamedNode | ox.Literal | str) or not isinstance(value, Iterable)
    return term_of(value) if is_one else [*map(term_of, value)]  # type: ignore[arg-type]


def day_text(day: object) -> str:
    """A day as text, also of a `datetime` or of pandas' `Timestamp`.

    >>> day_text(datetime(2018, 3, 22, 9, 30)), day_text(2018)
    ('2018-03-22', '2018')
    """
    return day.date().isoformat() if isinstance(day, datetime) else str(day)


def is_missing(value: object) -> bool:
    """Whether a cell of a data frame has no value; `pandas.NA` is asked by its text, as it compares with nothing."""
    return value is None or str(value) in ("<NA>", "NaT") or value != value


def term_of(value: One) -> Value:
    """The term of a value; BadQuery for what cannot be one."""
    match value:
        case ox.NamedNode() | ox.Literal():
            return value
        case str():
            is_curie = ":" in value and value.partition(":")[0] in PREFIXES
            return sparql.parse_term(value) if is_curie or NAMING.fullmatch(value) else ox.Literal(value)
        case bool() | float():
            return ox.Literal(value)
        case Integral():
            return sparql.held(ox.Literal(int(value)))
        case Decimal() if value.is_finite():
            return sparql.held(ox.Literal(f"{value:f}", datatype=sparql.DECIMAL))
        case datetime():
            return ox.Literal(value.isoformat(), datatype=term("xsd:dateTime"))
        case date():
            return ox.Literal(value.isoformat(), datatype=term("xsd:date"))
    raise BadQuery(f"{value!r} cannot be bound to a variable; give one name, text, number, date or term")


NAMING = re.compile(
    r'https?://.*|<[A-Za-z][\w+.-]*:[^<>\s]*>|\d{4}-\d\d-\d\d|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^\S+)?', re.DOTALL
)
"""An IRI, a day, or a quoted literal of SPARQL."""
