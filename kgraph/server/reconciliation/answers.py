"""Manifests, candidates and suggestions in the JSON of the reconciliation API."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.base import words
from kgraph.base.vocab import PREFIXES, compact, term
from kgraph.graph.identity import matching
from kgraph.graph.identity.comparison import Comparison
from kgraph.graph.identity.corroborating import FIELDS, Evidence
from kgraph.graph.identity.matching import Candidate
from kgraph.graph.names import labels, search
from kgraph.graph.names.labels import Names
from kgraph.graph.names.searchable import AUXILIARY
from kgraph.publish.metadata.answer_citation import credited
from kgraph.publish.pages.book import Book
from kgraph.rdf import sparql
from kgraph.server.reconciliation.properties import TYPES, Item, Vocabulary
from kgraph.server.reconciliation.queries import BATCH, ID, Query, node

Json = dict[str, object]

SERVICE = "reconcile"
DRAFT = f"{SERVICE}/1.0-draft"
"""The paths of both endpoints: their manifests differ in what both require, such as the type of `suggest`."""

WIDTH, HEIGHT = 430, 320
"""The size of a preview in CSS pixels."""

VALUES = {"equal": 100, "alike": 50, "different": 0}
"""The value of a matching feature by how a field compares."""

SUGGESTED = 10
"""The most suggestions without a limit."""


@dataclass(frozen=True)
class Service:
    """The service over a graph, in a language, at an address with a final slash."""

    book: Book
    lang: str
    base: str
    is_draft: bool = False

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.book, self.lang)

    # The manifest

    def manifest(self) -> Json:
        """The service manifest (section 3.1), of version 0.2 or of the draft."""
        title, _ = credited(self.book.store, self.lang)
        names = labels.names(self.book.store, map(term, TYPES), self.lang)
        default = [{"id": one, "name": labels.name(names, term(one))} for one in TYPES]
        return {
            "versions": ["1.0-draft"] if self.is_draft else ["0.2"],
            "name": title or words.text(self.lang, "common.site"),
            "serviceVersion": __version__,
            "logo": f"{self.base}icon.svg",
            "defaultTypes": default,
            "batchSize": BATCH,
            **(self._of_draft() if self.is_draft else self._of_version()),
        }

    def _of_version(self) -> Json:
        """The fields of version 0.2 that the draft has in another form, or not at all."""

        def at(path: str) -> Json:
            return {"service_url": self.base.rstrip("/"), "service_path": f"/{SERVICE}/{path}?lang={self.lang}"}

        return {
            "identifierSpace": ID,
            "schemaSpace": PREFIXES["se"],
            "view": {"url": f"{self.base}id/{{{{id}}}}"},
            "preview": {
                "url": f"{self.base}{SERVICE}/preview?lang={self.lang}&id={{{{id}}}}",
                "width": WIDTH,
                "height": HEIGHT,
            },
            "suggest": {part: at(f"suggest/{part}") for part in ("entity", "property", "type")},
            "extend": {"propose_properties": at("extend/propose"), "property_settings": []},
        }

    def _of_draft(self) -> Json:
        return {
            "view": {"url": f"{self.base}id/{{id}}"},
            "preview": {"width": WIDTH, "height": HEIGHT},
            "suggest": dict.fromkeys(("entity", "property", "type"), True),
            "extend": {"proposeProperties": True, "propertySettings": []},
            "lang": self.lang,
            "standardizedScore": True,
        }

    # Candidates

    def candidates(self, queries: Sequence[Query]) -> list[list[Json]]:
        """The candidates of each query, the best first."""
        wanted, most = [query.wanted for query in queries], max((query.limit for query in queries), default=1)
        found = matching.match(self.book.store, self.book.index, wanted, most)
        kept = [
            [one for one in several if one.iri.startswith(ID)][: query.limit]
            for several, query in zip(found, queries, strict=True)
        ]
        terms = {ox.NamedNode(iri) for several in kept for one in several for iri in (one.iri, one.kind)}
        names = labels.names(self.book.store, terms, self.lang)
        return [
            [self._candidate(one, query.wanted.evidence, names) for one in several]
            for several, query in zip(kept, queries, strict=True)
        ]

    def _candidate(self, one: Candidate, evidence: Sequence[Evidence], names: Names) -> Json:
        """A reconciliation candidate (section 4.2), with the address of the page that shows the evidence."""
        kind = labels.name(names, ox.NamedNode(one.kind))
        return {
            "id": one.iri.removeprefix(ID),
            "name": names.get(ox.NamedNode(one.iri)) or one.name or one.iri.removeprefix(ID),
            "description": f"{kind}; {one.told(self.lang)}",
            "type": [{"id": compact(one.kind), "name": kind}],
            "score": round(100 * one.score),
            "features": list(self._features(one, evidence)),
            "match": one.is_match,
            "evidence": f"{self.base}page/id/{one.iri.removeprefix(ID)}",
        }

    def _features(self, one: Candidate, evidence: Sequence[Evidence]) -> Iterator[Json]:
        """The matching features: one for each field that could be compared, from 0 to 100."""
        own = len(one.comparisons) - len(evidence)
        fields = [each.field for each in one.comparisons[:own]] + [compact(each.field) for each in evidence]
        for id_, each in zip(fields, one.comparisons, strict=True):
            if each.verdict != "unknown":
                yield {"id": id_, "value": _value(each)} | ({"name": self._called(id_)} if self.is_draft else {})

    def _called(self, id_: str) -> str:
        is_own = id_ in ("name", "identifier", "type")
        return words.text(self.lang, f"matching.features.{id_}") if is_own else self.vocabulary.name(_iri(id_))

    # Suggestions

    def entities(self, prefix: str, skipped: int, most: int) -> list[Json]:
        """Entities with names that begin with the words of a text, and the one with it as its id (section 6)."""
        known = sparql.current_of(self.book.store, [node(prefix)])
        exact = [current.value for current in known.values() if current]
        hits = search.find(self.book.index, prefix, skipped + most + 1)
        named = [hit.iri for hit in hits if hit.iri.startswith(ID) and hit.rank < AUXILIARY]
        chosen = list(dict.fromkeys((*exact, *named)))[skipped : skipped + most]
        kinds = {iri: ox.NamedNode(kind) for iri in chosen if (kind := search.kind(self.book.index, iri))}
        names = labels.names(self.book.store, {*map(ox.NamedNode, chosen), *kinds.values()}, self.lang)
        return [self._suggested(iri, kinds.get(iri), names) for iri in chosen]

    def _suggested(self, iri: str, kind: ox.NamedNode | None, names: Names) -> Json:
        id_ = iri.removeprefix(ID)
        name = names.get(ox.NamedNode(iri)) or next((name for name, _ in search.named(self.book.index, iri)), id_)
        if kind is None:
            return {"id": id_, "name": name}
        called = labels.name(names, kind)
        notable = [{"id": compact(kind.value), "name": called}]
        return {"id": id_, "name": name, "description": called, "notable": notable}

    def proposed(self, type_: str | None, most: int | None) -> Json:
        """The properties that things of a type have, those of most things first (section 7.2)."""
        properties = self.vocabulary.properties
        if type_:
            used = sparql.named(self.book.store, "used", **{"class": ox.NamedNode(self.vocabulary.type(type_))})
            order = {compact(relation.value): number for number, (relation, _) in enumerate(used)}
            chosen = [item for item in properties if item.id in order]
            properties = (*properties[: len(FIELDS)], *sorted(chosen, key=lambda item: order[item.id]))
        shown = [{"id": item.id, "name": item.name} for item in properties[:most]]
        return {"properties": shown} | ({"type": type_} if type_ else {}) | ({"limit": most} if most else {})


def begun(items: Iterable[Item], prefix: str, skipped: int, most: int) -> list[Json]:
    """The types or properties whose names or ids begin with the words of a text, all for an empty one."""
    found = (item for item in items if item.id == prefix or item.begins(prefix))
    chosen = islice(found, skipped, skipped + most)
    return [{"id": one.id, "name": one.name, "description": one.description} for one in chosen]


def _value(each: Comparison) -> int:
    return round(100 * each.like.score) if each.like else VALUES[each.verdict]


def _iri(id_: str) -> str:
    return id_ if id_ in FIELDS else sparql.parse_term(id_).value
