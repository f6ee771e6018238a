"""Descriptions of registers as CSVW metadata (https://www.w3.org/TR/tabular-metadata/).

Each column gives one triple a row: `aboutUrl`, `propertyUrl`, and the value or `valueUrl`. A virtual column with
`se:lookup` has the result of a look-up in the columns that `se:from` names. A triple is left out when a column that its
templates name has no value.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any

from kgraph.base.problems import fault
from kgraph.base.text import fold, nearest
from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadData

VARIABLE = re.compile(r"\{(\w+)\}")
"""A variable of a URI template (RFC 6570, level 1)."""


@dataclass(frozen=True)
class Column:
    """A column with the triple that it gives, if any; IRIs are templates.

    `titles` are the headers that it may have; a virtual column has none. `datatype` is an IRI, `lang` a language. With
    `first`, only the first row with a value of that column gives the triple: many rows may name one fund.
    """

    name: str
    titles: tuple[str, ...] = ()
    about: str = ""
    predicate: str = ""
    value_iri: str = ""
    default: str = ""
    datatype: str = ""
    lang: str = ""
    pattern: str = ""
    check: str = ""
    lookup: str = ""
    sources: tuple[str, ...] = ()
    first: str = ""
    required: bool = False
    virtual: bool = False
    suppressed: bool = False

    @property
    def variables(self) -> set[str]:
        """The columns that must have a value, so that the triple is there."""
        named = set(VARIABLE.findall(self.about + self.value_iri))
        return named if self.value_iri or self.default else named | {self.name}

    @property
    def evidence(self) -> tuple[str, ...]:
        """The columns in which the triple stands."""
        return self.sources or ((self.name,) if not self.virtual else tuple(VARIABLE.findall(self.value_iri)))

    def gives(self, subject: str, predicate: str, value: str) -> bool:
        """Whether a triple may be of the column, by its templates."""
        is_value = not self.value_iri or _fits(self.value_iri, value)
        return self.predicate == predicate and is_value and _fits(self.about, subject)


@dataclass(frozen=True)
class Description:
    """A register: what its source is called, how its file is read, and its columns.

    `fetch` are templates of the addresses at which a row can be had by its key, to be asked in turn. `sheet` is one
    of a workbook, `skipped` the number of rows above the header. `each` is an XPath for the records of a page or
    report, `seen` by language the samples on which the description rests.
    """

    name: str
    title: Mapping[str, str]
    publisher: str
    licence: str
    page: str
    key: str
    columns: tuple[Column, ...]
    delimiter: str = ","
    nulls: tuple[str, ...] = ("",)
    lists: str = ""
    reader: str = ""
    fetch: tuple[str, ...] = ()
    sheet: str = ""
    each: str = ""
    skipped: int = 0
    seen: Mapping[str, str] = field(default_factory=dict)

    @property
    def read(self) -> tuple[Column, ...]:
        """The columns that stand in the file."""
        return tuple(column for column in self.columns if not column.virtual)

    def stands_in(self, subject: str, predicate: str, value: str) -> tuple[int, ...]:
        """The places of the columns, from 0, in which a triple of a row stands; empty for one of no column."""
        named = next((column.evidence for column in self.columns if column.gives(subject, predicate, value)), ())
        return tuple(dict.fromkeys(chain.from_iterable(map(self._cells, named))))

    def _cells(self, name: str) -> tuple[int, ...]:
        """The places of the columns of the file that a column rests on."""
        for at, column in enumerate(self.read):
            if column.name == name:
                return (at,)
        virtual = next((column for column in self.columns if column.name == name), None)
        return tuple(chain.from_iterable(map(self._cells, virtual.sources))) if virtual else ()

    def is_used(self, at: int) -> bool:
        """Whether a fact, the key or a check rests on the column of the file at a place, from 0."""
        own = self.read[at]
        others = (column for column in self.columns if column is not own)
        named = {name for each in others for name in (*each.sources, *VARIABLE.findall(each.about + each.value_iri))}
        return own.name in named | {self.key} or bool(own.predicate or own.pattern or own.required)

    def placed(self, header: Sequence[str]) -> dict[str, int]:
        """The place of each column in a header, from 0; BadData names a missing one and the nearest title.

        Of a title in two languages, such as `Nazwa projektu/ Project name`, the first counts.
        """
        folded = list(map(_plain, header))
        return {column.name: _place(column, header, folded) for column in self.read}


def _fits(template: str, iri: str) -> bool:
    return re.fullmatch(_pattern(template), iri) is not None


@cache
def _pattern(template: str) -> str:
    """A regular expression for the IRIs of a template."""
    parts = VARIABLE.split(template)
    return "".join(".+" if at % 2 else re.escape(part) for at, part in enumerate(parts))


def _plain(title: str) -> str:
    """A title for comparing: folded, its spaces alike, without its translation after a slash."""
    return fold(" ".join(title.split())).partition("/ ")[0].rstrip()


def _place(column: Column, header: Sequence[str], folded: Sequence[str]) -> int:
    wanted = list(map(_plain, column.titles))
    for title in wanted:
        if title in folded:
            return folded.index(title)
    near = nearest(column.titles[0], {" ".join(title.split()): title for title in header}, 0.5)
    code = "column-renamed" if near else "column-missing"
    raise BadData(fault(code, column=column.titles[0], nearest=near or "", header=", ".join(header)))


def parsed(name: str, metadata: Mapping[str, Any]) -> Description:
    """The description in CSVW metadata of one table."""
    schema = metadata["tableSchema"]
    about = schema.get("aboutUrl", "")
    titles = metadata["dc:title"]
    return Description(
        name=name,
        title={given["@language"]: given["@value"] for given in titles},
        publisher=metadata["dc:publisher"],
        licence=metadata.get("dc:license", ""),
        page=metadata.get("dc:source", ""),
        key=schema["primaryKey"],
        columns=tuple(_columns(schema["columns"], about)),
        delimiter=metadata.get("dialect", {}).get("delimiter", ","),
        nulls=tuple(_listed(metadata.get("null", ""))),
        lists=expanded(metadata.get("se:listsAll", "")),
        reader=metadata.get("se:reader", ""),
        fetch=tuple(_listed(metadata.get("se:fetch", ()))),
        sheet=metadata.get("se:sheet", ""),
        each=metadata.get("se:each", ""),
        skipped=metadata.get("dialect", {}).get("skipRows", 0),
        seen={given["@language"]: given["@value"] for given in metadata.get("rdfs:comment", ())},
    )


def _columns(given: Sequence[Mapping[str, Any]], about: str) -> Iterator[Column]:
    for column in given:
        datatype = column.get("datatype", "string")
        parts = datatype if isinstance(datatype, dict) else {"base": datatype}
        yield Column(
            name=column["name"],
            titles=tuple(_listed(column.get("titles", column["name"]))),
            about=expanded(column.get("aboutUrl", about)),
            predicate=expanded(column.get("propertyUrl", "")),
            value_iri=expanded(column.get("valueUrl", "")),
            default=column.get("default", ""),
            datatype="" if parts["base"] == "string" else PREFIXES["xsd"] + parts["base"],
            lang=column.get("lang", ""),
            pattern=parts.get("format", ""),
            check=column.get("se:check", ""),
            lookup=column.get("se:lookup", ""),
            sources=tuple(column.get("se:from", ())),
            first=column.get("se:first", ""),
            required=column.get("required", False),
            virtual=column.get("virtual", False),
            suppressed=column.get("suppressOutput", False),
        )


def _listed(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


def expanded(name: str) -> str:
    """An IRI or template with its prefix written out.

    >>> expanded("id:krs-{krs}")
    'https://w3id.org/sekg/id/krs-{krs}'
    """
    prefix, colon, rest = name.partition(":")
    return PREFIXES[prefix] + rest if colon and prefix in PREFIXES else name
