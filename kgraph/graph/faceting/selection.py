"""A selection: the chosen values of each facet, and words that a name must have."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kgraph.base.vocab import compact, term
from kgraph.errors import BadQuery

FACETS = ("kind", "form", "function", "status", "place", "year", "source", "relation")
"""The facets, in the order in which they are shown."""

YEARS = re.compile(r"(\d{4})(?:/(\d{4}))?")
"""A year, or the first and the last of several (ISO 8601, a time interval)."""


@dataclass(frozen=True)
class Selection:
    """The chosen values by facet, and a text.

    A thing is selected when it has one of the chosen values of each facet in which some are chosen, and each word of
    the text in its name.
    """

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""

    def of(self, facet: str) -> tuple[str, ...]:
        """The chosen values of a facet: IRIs, or years."""
        return self.chosen.get(facet, ())

    def without(self, facet: str) -> "Selection":
        """The selection with all values of one facet."""
        return Selection({name: values for name, values in self.chosen.items() if name != facet}, self.text)

    @property
    def key(self) -> str:
        """A short text that tells selections apart."""
        return repr((sorted(self.chosen.items()), self.text))


def selection(chosen: Mapping[str, Iterable[str]], text: str = "") -> Selection:
    """The selection of some values; BadQuery for a facet's value that is none.

    >>> selection({"year": ["2018/2020"], "kind": ["se:Cluster"]}).of("year")
    ('2018', '2019', '2020')
    """
    found = {name: _values(name, values) for name, values in chosen.items()}
    return Selection({name: values for name, values in found.items() if values}, text.strip())


def _values(facet: str, texts: Iterable[str]) -> tuple[str, ...]:
    values = (_years(text) if facet == "year" else [_iri(facet, text)] for text in texts)
    return tuple(dict.fromkeys(value for some in values for value in some))


def _years(text: str) -> list[str]:
    match = YEARS.fullmatch(text)
    if not match or (match[2] or match[1]) < match[1]:
        raise BadQuery(f"?year={text} is no year; write 2018, or 2018/2020 for several")
    return [str(year).zfill(4) for year in range(int(match[1]), int(match[2] or match[1]) + 1)]


def _iri(facet: str, text: str) -> str:
    if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", text):
        return text
    try:
        return term(text).value
    except (BadQuery, ValueError) as error:
        raise BadQuery(f"?{facet}={text} is no IRI and no CURIE such as {compact(EXAMPLES[facet])}") from error


EXAMPLES = {
    "kind": "https://w3id.org/sekg/ns#Cluster",
    "form": "https://w3id.org/sekg/kind/legal-form/association",
    "function": "https://w3id.org/sekg/kind/functional-kind/cis",
    "status": "https://w3id.org/sekg/kind/organisation-status/cis-status",
    "place": "https://w3id.org/sekg/id/siedlce",
    "source": "https://w3id.org/sekg/source/geonames",
    "relation": "https://w3id.org/sekg/ns#hasSignatory",
}
