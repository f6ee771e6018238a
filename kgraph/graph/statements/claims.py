"""Claims as a table: a row for each claim and each of its passages, with names and what is known of the source."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.vocab import compact, term
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadQuery
from kgraph.graph.names.labels import Names, name, names, names_by_language
from kgraph.graph.network import edges
from kgraph.graph.statements import states
from kgraph.graph.statements.facts import Fact, Passage, Triple, behind, facts, said_by, tenures
from kgraph.graph.statements.sources import Links, day_of, links_of
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Table, Value
from kgraph.rdf.terms import claim_iri

COLUMNS = (
    *("subject", "subject_name", "relation", "relation_name", "object", "object_name", "datatype"),
    *("status", "source", "title", "publisher", "issued", "row", "start", "end", "words", "since", "until"),
)

PUBLISHER = term("dcterms:publisher")
IN_SCHEME, STATUSES = term("skos:inScheme"), term("kind:claim-status")
PLANNED = term("status:planned").value
ENDS = term("org:member"), term("org:organization")
"""The ends of a membership."""
DAYS = frozenset(map(term, ("xsd:date", "xsd:gYear")))
"""The datatypes of what has a year."""
YEAR = re.compile(r"\d{4}")

Row = tuple[Value | None, ...]
Said = Sequence[tuple[Fact, Passage]]
"""Facts, each with a passage that states it."""
Told = Mapping[Value, tuple[Value | None, Value | None, Value | None]]
"""The title, publisher and day of issue, of a register its own day, of each source; None where it is not known."""
Lasting = Mapping[Triple, tuple[str, str]]
"""The first and the last known day or year of facts; an empty text where it is not known."""


@dataclass(frozen=True)
class Chosen:
    """Facts with passages, what is known of their sources, the days of facts, and what is left out.

    That is claims of sources without a day, claims of later sources, and of undated ones those about later days.
    """

    kept: Said
    told: Told
    days: Lasting
    undated: Said = ()
    later: Said = ()
    ahead: Said = ()
    until: str = ""

    def doubts(self, lang: str) -> tuple[str, ...]:
        """The sentence that says how many claims of how many sources without a day are left out."""
        return (words.text(lang, "questions.undated", **_counted(self.undated)),) if self.undated else ()

    def notes(self, lang: str) -> tuple[str, ...]:
        """Sentences that say how many claims of later sources, and how many about later days, are left out."""
        left_out = (("later", self.later), ("ahead", self.ahead))
        return tuple(
            words.text(lang, f"questions.{key}", day=self.until, **_counted(said)) for key, said in left_out if said
        )


def _counted(said: Said) -> Mapping[str, int]:
    claims = {(at.source, fact.triple) for fact, at in said}
    return {"claims": len(claims), "sources": len({source for source, _ in claims})}


def choose(
    store: ox.Store,
    lang: str,
    *,
    thing: ox.NamedNode | None = None,
    source: ox.NamedNode | None = None,
    status: ox.NamedNode | None = None,
    until: ox.Literal | None = None,
    undated: bool = False,
    offices: bool = False,
) -> Chosen:
    """All claims, or those about a thing (at either end), of a source, of a status, of sources issued up to a day.

    Where a day is asked for, a source without one is left out, unless `undated` ones are asked for too: then without
    their claims about later days, unless these are plans. With `offices`, the thing's memberships count as the thing.
    """
    things = [thing, *(_memberships(store, thing) if offices else ())] if thing else []
    found = said_by(store, source) if source else facts(store, things or None)
    about = [fact for fact in found if not things or fact.subject in things or fact.object in things]
    kept = [(fact, at) for fact in about for at in fact.passages if source is None or at.source == source.value]
    told = _told(store, {at.source for _, at in kept}, lang)
    kept = [(fact, at) for fact, at in kept if status is None or at.status == status.value]
    days = _days(store, [fact for fact, _ in kept])
    if until is None:
        return Chosen(kept, told, days)
    dayless = [(fact, at) for fact, at in kept if not _day(at, told)]
    later = [(fact, at) for fact, at in kept if _day(at, told)[: len(until.value)] > until.value]
    ahead = [(fact, at) for fact, at in dayless if at.status != PLANNED and days[fact.triple][0] > until.value]
    left_out = {id(at) for _, at in (*later, *(ahead if undated else dayless))}
    chosen = [(fact, at) for fact, at in kept if id(at) not in left_out]
    return Chosen(chosen, told, days, () if undated else dayless, later, ahead if undated else (), until.value)


def _memberships(store: ox.Store, thing: ox.NamedNode) -> list[ox.NamedNode]:
    """The memberships of which a thing is the member or the organisation."""
    found = {quad.subject for end in ENDS for quad in store.quads_for_pattern(None, end, thing)}
    return sorted((one for one in found if isinstance(one, ox.NamedNode)), key=str)


def _days(store: ox.Store, said: Sequence[Fact]) -> Lasting:
    """The first and last day or year of each fact: its own value, else as on the edges of networks; else empty."""
    memberships = tenures(store, [fact.triple for fact in said])
    things = {fact.triple: behind(fact.triple, memberships) or _ends(fact) for fact in said}
    known = edges.days(store, {thing for several in things.values() for thing in several})
    return {
        fact.triple: (own, own) if (own := _own_day(fact.object)) else edges.span(things[fact.triple], known)
        for fact in said
    }


def _ends(fact: Fact) -> tuple[str, ...]:
    return tuple(end.value for end in (fact.subject, fact.object) if isinstance(end, ox.NamedNode))


def _own_day(value: Value) -> str:
    """The day or year that a fact has as its object; empty for any other."""
    return value.value if isinstance(value, ox.Literal) and value.datatype in DAYS else ""


def table(store: ox.Store, lang: str, chosen: Chosen) -> Table:
    """A row for each passage of some claims."""
    called = names(store, {part for fact, _ in chosen.kept for part in fact.triple}, lang)
    return COLUMNS, [tuple(_row(fact, at, called, chosen)) for fact, at in chosen.kept]


def until(text: str) -> ox.Literal:
    """The last day of a day or a year.

    >>> until("2019").value
    '2019-12-31'
    """
    return states.day(f"{text}-12-31" if YEAR.fullmatch(text) else text)


def status(store: ox.Store, text: str) -> ox.NamedNode:
    """The status of a local name, a CURIE or an IRI; BadQuery lists the statuses for what is none."""
    found = sparql.parse_term(text if ":" in text else f"status:{'-'.join(text.lower().split())}")
    known = {str(quad.subject) for quad in store.quads_for_pattern(None, IN_SCHEME, STATUSES, None)}
    if isinstance(found, ox.NamedNode) and str(found) in known:
        return found
    raise BadQuery(f"{text!r} is no status; there are {', '.join(sorted(compact(one.strip('<>')) for one in known))}")


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


def _row(fact: Fact, at: Passage, called: Names, chosen: Chosen) -> Iterator[Value | None]:
    for part in fact.triple:
        yield part
        yield ox.Literal(name(called, part))
    yield fact.object.datatype if isinstance(fact.object, ox.Literal) else None
    source = ox.NamedNode(at.source)
    yield from (ox.NamedNode(at.status), source, *chosen.told.get(source, (None, None, None)))
    yield from _place(at)
    yield from (ox.Literal(day) if day else None for day in chosen.days[fact.triple])


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
