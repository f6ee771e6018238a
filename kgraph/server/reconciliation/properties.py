"""The properties of the service: those that every table may have, and the relations of the ontology by their CURIEs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kgraph.base.stemming import words_in
from kgraph.base.vocab import compact, term
from kgraph.errors import BadQuery, NotFound
from kgraph.graph.identity import corroborating
from kgraph.graph.identity.corroborating import FIELDS
from kgraph.graph.names import labels
from kgraph.publish.pages.book import Book

TYPES = ("org:Organization", "foaf:Person", "se:Cluster", "dcterms:Location")
"""The types that a manifest proposes."""


@dataclass(frozen=True)
class Item:
    """A type or property: its id, its name and what it means in a language."""

    id: str
    name: str
    description: str = ""

    def begins(self, prefix: str) -> bool:
        """Whether each word of a text is the beginning of a word in its name or id."""
        own = words_in(f"{self.name} {self.id}")
        return all(any(word.startswith(typed) for word in own) for typed in words_in(prefix))


@dataclass(frozen=True)
class Vocabulary:
    """The types and properties of a graph in a language."""

    book: Book
    lang: str

    def _items(self, part: str) -> Iterator[Item]:
        """The classes or the properties of the ontology: first TYPES in their order, then those of most things."""
        found: Sequence[dict[str, object]] = self.book.schema[part]  # type: ignore[assignment]
        proposed, had = {term(one).value: at for at, one in enumerate(TYPES)}, {*self.book.facets.kinds}

        def order(entry: dict[str, object]) -> tuple[int, bool, int]:
            iri = str(entry["iri"])
            return proposed.get(iri, len(TYPES)), iri not in had, -int(str(entry["count"]))

        for entry in sorted(found, key=order):
            name, definition = (entry[key].get(self.lang, "") for key in ("labels", "definitions"))  # type: ignore[attr-defined]
            id_ = compact(str(entry["iri"]))
            yield Item(id_, name or id_, definition)

    @cached_property
    def types(self) -> Sequence[Item]:
        return tuple(self._items("classes"))

    @cached_property
    def properties(self) -> Sequence[Item]:
        return (*(Item(own, self.name(own)) for own in FIELDS), *self._items("properties"))

    def type(self, given: str) -> str:
        """The IRI of a type; BadQuery names similar ones for an unknown type."""
        try:
            return labels.kind(self.book.store, given, self.lang).value
        except NotFound as error:
            raise BadQuery(f"unknown type: {error}") from error

    def property(self, given: str) -> str:
        """One of FIELDS, or the IRI of a relation; BadQuery names similar ones for an unknown property."""
        try:
            return corroborating.field(self.book.store, given, self.lang)
        except NotFound as error:
            raise BadQuery(f"unknown property: {error}; also known are {', '.join(FIELDS)}") from error

    def name(self, field: str) -> str:
        """The name of a property by one of FIELDS or an IRI."""
        return corroborating.name(self.book.store, field, self.lang)
