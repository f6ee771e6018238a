"""Things that the names and identifiers in a table may mean: candidates with a score and a reason."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Connection

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.likeness import likeness, parts
from kgraph.base.stemming import CHARACTERS, MOST_WORDS
from kgraph.base.vocab import PREFIXES
from kgraph.errors import KgraphError
from kgraph.graph import labels, search
from kgraph.graph.searchable import AUXILIARY
from kgraph.rdf import sparql

LEAST = 0.5
"""The least score of a candidate."""

SURE = 0.9
"""The score from which on a name has the same words as that of the thing, or a number is equal."""

COMPARED = 50
"""The most things whose names are compared with one given name, by each way of finding them."""

UNPLACED = 0.9
"""The factor of the score of a thing that is not known to be in the area."""

REGISTERS: Mapping[str, int] = {"NIP": 10, "REGON": 9, "KRS": 10}
"""Registers of Poland with the digits of their numbers; a REGON of 14 digits is that of a unit."""

WHOLE = "00000"
"""The end of a REGON of 14 digits that is that of the whole entity, whose number is the nine before."""

NUMBERED = re.compile(r"\b(NIP|REGON|KRS)\b\W*((?:\d[\s-]?){3,14}\d)", re.IGNORECASE)
NUMBER = re.compile(r"\s*((?:\d[\s-]?){4,14}\d)\s*")
IRI = re.compile(r"<?https?://[^\s<>]+>?|[a-z][a-z0-9]*:[\w-]+")


@dataclass(frozen=True)
class Candidate:
    """A thing, the name of it that is alike, its kind, a score from 0 to 1, and the reason by its code and values.

    `unplaced` is one whose place is not known, `tied` one of several with the best score.
    """

    iri: str
    name: str
    kind: str
    score: float
    reason: str
    without: tuple[str, ...] = ()
    unplaced: bool = False
    tied: bool = False

    def told(self, lang: str) -> str:
        """The reason in words of a language."""
        reason = told(lang, self.reason, self.without)
        reason = words.text(lang, "matching.unplaced", reason=reason) if self.unplaced else reason
        return words.text(lang, "matching.tied", reason=reason) if self.tied else reason


def told(lang: str, reason: str, without: Sequence[str] = ()) -> str:
    """Why two names are alike, and what was disregarded, in words of a language."""
    differences = [words.text(lang, f"matching.differences.{name}") for name in without]
    if len(differences) > 1:
        *others, last = differences
        differences = [words.text(lang, "matching.and", one=", ".join(others), other=last)]
    found = words.text(lang, f"matching.reasons.{reason}")
    return words.text(lang, "matching.without", reason=found, differences=differences[0]) if differences else found


@dataclass(frozen=True)
class Wanted:
    """A name or identifier to match, and the area in which the thing is, if that is given."""

    text: str
    area: ox.NamedNode | None = None


def match(
    store: ox.Store, database: Connection, wanted: Sequence[Wanted], kind: ox.NamedNode | None = None, most: int = 5
) -> list[list[Candidate]]:
    """At most `most` candidates for each, the best first.

    Without a kind, what describes other things, such as sources and memberships, is left out. A thing that is known to
    be elsewhere than in the area is none; one whose place is not known gets a lower score.
    """
    found = {text: _found(store, database, text, kind is not None) for text in {one.text for one in wanted}}
    if kind:
        fitting = labels.of_kind(store, kind, {each.iri for several in found.values() for each in several})
        found = {text: [each for each in several if each.iri in fitting] for text, several in found.items()}
    areas: defaultdict[ox.NamedNode, set[str]] = defaultdict(set)
    for one in wanted:
        if one.area:
            areas[one.area].update(each.iri for each in found[one.text])
    placed = {area: _placed(store, area, things) for area, things in areas.items()}
    return [_best(_near(found[one.text], placed[one.area]) if one.area else found[one.text], most) for one in wanted]


def table(
    store: ox.Store, found: Sequence[Sequence[Candidate]], lang: str, least: float = LEAST
) -> Iterator[tuple[int, list[sparql.Value | None]]]:
    """The COLUMNS of each candidate with the number of what is wanted; one row for what has no candidate from `least`.

    The reason of such a row names the best candidate below.
    """
    names = labels.names(store, [ox.NamedNode(one.iri) for several in found for one in several], lang)
    for number, several in enumerate(found):
        kept = [one for one in several if one.score >= least]
        for one in kept:
            thing = ox.NamedNode(one.iri)
            label = ox.Literal(names.get(thing, one.name))
            yield number, [thing, label, ox.NamedNode(one.kind), ox.Literal(one.score), ox.Literal(one.told(lang))]
        if not kept:
            yield number, [None, None, None, None, ox.Literal(_without(several, names, least, lang))]


def _without(below: Sequence[Candidate], names: labels.Names, least: float, lang: str) -> str:
    """Why there is no candidate: none at all, or the best is below the least score."""
    if not below:
        return words.text(lang, "matching.reasons.none")
    best = below[0]
    label = names.get(ox.NamedNode(best.iri), best.name)
    return words.text(lang, "matching.below", least=least, label=label, score=best.score)


def summary(found: Sequence[Sequence[Candidate]], lang: str) -> str:
    """How many have a sure candidate, only others, or none."""
    best = [several[0].score if several else 0 for several in found]
    sure, none = sum(score >= SURE for score in best), sum(not score for score in best)
    return words.text(lang, "matching.summary", sure=sure, others=len(best) - sure - none, none=none, score=SURE)


def tied(found: Sequence[Sequence[Candidate]]) -> list[int]:
    """The numbers of those with several sure candidates of the same score."""
    return [at for at, several in enumerate(found) if several and several[0].tied and several[0].score >= SURE]


COLUMNS = ("thing", "label", "kind", "score", "reason")


def _found(store: ox.Store, database: Connection, text: str, also_auxiliary: bool) -> list[Candidate]:
    """All candidates for a text: by IRI or CURIE, by identifier, else by name."""
    exact = [*_by_iri(store, database, text), *_by_identifier(store, database, text)]
    return exact or [*_by_name(database, text, also_auxiliary)]


def _by_iri(store: ox.Store, database: Connection, text: str) -> Iterator[Candidate]:
    written = text.strip()
    if not IRI.fullmatch(written) or ("//" not in written and written.partition(":")[0] not in PREFIXES):
        return
    try:
        node = sparql.parse_term(written)
    except KgraphError:
        return
    if isinstance(node, ox.NamedNode) and not sparql.unknown(store, [node]):
        yield _known(database, node.value, "iri")


def _known(database: Connection, iri: str, reason: str) -> Candidate:
    name, kind = next(iter(search.named(database, iri)), ("", PREFIXES["rdfs"] + "Resource"))
    return Candidate(iri, name, kind, 1.0, reason)


def _by_identifier(store: ox.Store, database: Connection, text: str) -> Iterator[Candidate]:
    """The things with a number in the text, alone or after the name of its register."""
    numbers = [(register.upper(), _digits(number)) for register, number in NUMBERED.findall(text)]
    if alone := NUMBER.fullmatch(text):
        numbers = [("", _digits(alone[1]))]
    for register, number in numbers:
        whole = (number.removesuffix(WHOLE),) if len(number) == 14 and register in ("", "REGON") else ()
        for padded in dict.fromkeys((number, *whole, number.zfill(REGISTERS.get(register, 10)))):
            hits = (hit for hit in search.find(database, padded) if _digits(hit.name) == padded and not hit.guessed)
            nodes = [ox.NamedNode(hit.iri) for hit in hits]
            for _, thing, agency in sparql.named(store, "identified", identifier=nodes) if nodes else ():
                if not register or register in agency.value:
                    yield _known(database, thing.value, "identifier")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _by_name(database: Connection, text: str, also_auxiliary: bool) -> Iterator[Candidate]:
    """The things with names alike, each by the name that is most alike."""
    name = " ".join(NUMBERED.sub(" ", text)[:CHARACTERS].split()[:MOST_WORDS])
    own = " ".join(parts(name).words[:MOST_WORDS])[:CHARACTERS]
    hits = [*search.find(database, own, COMPARED), *search.overlapping(database, own, COMPARED)] if own else []
    for hit in {hit.iri: hit for hit in hits if also_auxiliary or hit.rank < AUXILIARY}.values():
        rated = [(like, called) for called, _ in search.named(database, hit.iri) if (like := likeness(name, called))]
        if rated:
            like, called = max(rated, key=lambda pair: (pair[0].score, pair[1]))
            yield Candidate(hit.iri, called, hit.kind, like.score, like.way, like.without)


def _placed(store: ox.Store, area: ox.NamedNode, things: Iterable[str]) -> Mapping[str, bool]:
    """Whether each thing with a known place is in the area; without those known in a larger place around it only."""
    nodes = [ox.NamedNode(iri) for iri in sorted(things)]
    found: defaultdict[str, set[str]] = defaultdict(set, {area.value: {INSIDE}})
    for thing, how in sparql.named(store, "placed", thing=nodes, area=area) if nodes else ():
        found[thing.value].add(how.value)
    return {iri: INSIDE in hows for iri, hows in found.items() if hows & {INSIDE, ELSEWHERE}}


INSIDE, ELSEWHERE = "inside", "elsewhere"


def _near(found: Iterable[Candidate], placed: Mapping[str, bool]) -> Iterator[Candidate]:
    for one in found:
        if one.iri not in placed:
            yield replace(one, score=round(one.score * UNPLACED, 2), unplaced=True)
        elif placed[one.iri]:
            yield one


def _best(found: Iterable[Candidate], most: int) -> list[Candidate]:
    enough = (one for one in found if one.score >= LEAST)
    ordered = sorted(enough, key=lambda one: (-one.score, len(one.name), one.name, one.iri))
    best = [one for one in ordered if one.score == ordered[0].score]
    if len(best) > 1:
        ordered = [replace(one, tied=True) for one in best] + ordered[len(best) :]
    return ordered[:most]
