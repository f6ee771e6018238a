"""Claims as a table: a row for each claim and each of its passages, with names and what is known of the source."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.vocab import term
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadQuery
from kgraph.graph.facts import Fact, Passage, facts, said_by
from kgraph.graph.labels import Names, name, names, names_by_language
from kgraph.graph.sources import Links, day_of, links_of
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Table, Value
from kgraph.rdf.terms import claim_iri

COLUMNS = (
    *("subject", "subject_name", "relation", "relation_name", "object", "object_name", "datatype"),
    *("status", "source", "title", "publisher", "issued", "row", "start", "end", "words"),
)

PUBLISHER = term("dcterms:publisher")

Row = tuple[Value | None, ...]
Told = Mapping[Value, tuple[Value | None, Value | None, Value | None]]
"""The title, publisher and day of issue, of a register its own day, of each source; None where it is not known."""


@dataclass(frozen=True)
class Chosen:
    """Facts with passages, what is known of their sources, and those left out because their source has no day."""

    kept: Sequence[tuple[Fact, Passage]]
    told: Told
    undated: Sequence[tuple[Fact, Passage]] = ()

    def doubts(self, lang: str) -> tuple[str, ...]:
        """The sentence that says how many claims of how many sources without a day are left out."""
        if not self.undated:
            return ()
        claims = {(at.source, fact.triple) for fact, at in self.undated}
        sources = len({source for source, _ in claims})
        return (words.text(lang, "questions.undated", claims=len(claims), sources=sources),)


def choose(
    store: ox.Store,
    lang: str,
    *,
    thing: ox.NamedNode | None = None,
    source: ox.NamedNode | None = None,
    status: ox.NamedNode | None = None,
    until: ox.Literal | None = None,
    undated: bool = False,
) -> Chosen:
    """All claims, or those about a thing (at either end), of a source, of a status, of sources issued up to a day.

    Where a day is asked for, a source without one is left out, unless `undated` ones are asked for too.
    """
    found = said_by(store, source) if source else facts(store, [thing] if thing else None)
    about = [fact for fact in found if thing is None or thing in (fact.subject, fact.object)]
    kept = [(fact, at) for fact in about for at in fact.passages if source is None or at.source == source.value]
    told = _told(store, {at.source for _, at in kept}, lang)
    kept = [(fact, at) for fact, at in kept if status is None or at.status == status.value]
    if until is None:
        return Chosen(kept, told)
    dayless = [] if undated else [(fact, at) for fact, at in kept if not _day(at, told)]
    return Chosen([(fact, at) for fact, at in kept if _is_until(_day(at, told), until, undated)], told, dayless)


def table(store: ox.Store, lang: str, chosen: Chosen) -> Table:
    """A row for each passage of some claims."""
    called = names(store, {part for fact, _ in chosen.kept for part in fact.triple}, lang)
    return COLUMNS, [tuple(_row(fact, at, called, chosen.told)) for fact, at in chosen.kept]


def status(text: str) -> ox.NamedNode:
    """The status of a CURIE or IRI; BadQuery for what is none.

    >>> status("status:opinion").value
    'https://w3id.org/sekg/kind/claim-status/opinion'
    """
    found = sparql.parse_term(text)
    if not isinstance(found, ox.NamedNode):
        raise BadQuery(f"{text!r} is no status; give one such as status:stated")
    return found


def _told(store: ox.Store, sources: Set[str], lang: str) -> Told:
    known = links_of(store, sources)
    titles = names(store, known, lang)
    return {
        source: (
            ox.Literal(titles[source], language=lang) if source in titles else None,
            links.get(PUBLISHER),
            day_of(links),
        )
        for source, links in known.items()
    }


def _day(at: Passage, told: Told) -> str:
    """The day of the source of a passage, empty where it has none."""
    issued = told.get(ox.NamedNode(at.source), (None, None, None))[2]
    return issued.value if issued else ""


def _is_until(day: str, until: ox.Literal, undated: bool) -> bool:
    return day[: len(until.value)] <= until.value if day else undated


def _row(fact: Fact, at: Passage, called: Names, told: Told) -> Iterator[Value | None]:
    for part in fact.triple:
        yield part
        yield ox.Literal(name(called, part))
    yield fact.object.datatype if isinstance(fact.object, ox.Literal) else None
    source = ox.NamedNode(at.source)
    yield from (ox.NamedNode(at.status), source, *told.get(source, (None, None, None)))
    yield from _place(at)


def _place(at: Passage) -> Iterator[Value | None]:
    """The row of a register, or the characters of a text, and the words."""
    yield from (None if value is None else ox.Literal(value) for value in (at.row, at.start, at.end, at.words))


def recorded(store: ox.Store) -> Iterator[Row]:
    """A row for each passage of each claim, with its IRI and number, and names in each language.

    The columns are those of the table of claims in a release.
    """
    known = [(fact, at) for fact in facts(store) for at in fact.passages]
    origins = links_of(store, {at.source for _, at in known})
    called = names_by_language(store, {*origins, *(part for fact, _ in known for part in fact.triple)}, LANGUAGES)
    numbers: dict[ox.NamedNode, int] = defaultdict(int)
    for fact, at in known:
        source = ox.NamedNode(at.source)
        claim = claim_iri(source, *fact.triple)
        numbers[claim] += 1
        yield claim, ox.Literal(numbers[claim]), *_recorded(fact, at, source, called, origins[source])


def _recorded(
    fact: Fact, at: Passage, source: ox.NamedNode, called: Mapping[str, Names], links: Links
) -> Iterator[Value | None]:
    for part in fact.triple:
        yield part
        yield from _names(part, called)
    literal = fact.object if isinstance(fact.object, ox.Literal) else None
    yield literal.datatype if literal else None
    yield ox.Literal(literal.language) if literal and literal.language else None
    yield from (ox.NamedNode(at.status), source, *_names(source, called), links.get(PUBLISHER), day_of(links))
    yield from _place(at)


def _names(term: Value, called: Mapping[str, Names]) -> Iterator[ox.Literal | None]:
    """The name of a term in each language, None where it has none."""
    return (ox.Literal(names[term]) if term in names else None for names in called.values())
