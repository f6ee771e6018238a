"""Things that the names and identifiers in a table may mean: candidates with a score and a reason."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Connection
from typing import Literal

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.likeness import Likeness, likeness, parts
from kgraph.base.stemming import CHARACTERS, MOST_WORDS
from kgraph.base.vocab import PREFIXES
from kgraph.errors import KgraphError
from kgraph.graph.identity import comparison
from kgraph.graph.identity.comparison import FACTORS, MARGIN, NUMBERED, REGISTERS, RENAMED, SURE, Comparison, Verdict
from kgraph.graph.identity.corroborating import LEAST, Evidence, Facts, compared, facts
from kgraph.graph.names import labels, search
from kgraph.graph.names.searchable import AUXILIARY
from kgraph.rdf import sparql

COMPARED = 50
"""The most things whose names are compared with one given name, by each way of finding them."""

WHOLE = "00000"
"""The end of a REGON of 14 digits that is that of the whole entity, whose number is the nine before."""

NUMBERED_TEXT = re.compile(r"\b(NIP|REGON|KRS|RJPS)\b\W*((?:\d[\s-]?){3,14}\d)", re.IGNORECASE)
NUMBER = re.compile(r"\s*((?:\d[\s-]?){4,14}\d)\s*")
PERSON = PREFIXES["foaf"] + "Person"
IRI = re.compile(r"<?https?://[^\s<>]+>?|[a-z][a-z0-9]*:[\w-]+")


Types = Literal["any", "all", "should"]


@dataclass(frozen=True)
class Wanted:
    """A name or identifier to match, what else is known of the thing, and its classes: any, all, or preferably any."""

    text: str
    evidence: tuple[Evidence, ...] = ()
    kinds: tuple[ox.NamedNode, ...] = ()
    types: Types = "any"

    @property
    def numbers(self) -> tuple[tuple[str, str], ...]:
        """The numbers of registers among the evidence that it wants."""
        known = (one for one in self.evidence if one.sort == "number" and one.which != "none")
        return tuple((one.field, value[0]) for one in known for value in one.values)


@dataclass(frozen=True)
class Candidate:
    """A thing, the name of it that is alike, its kind, a score from 0 to 1, and the comparisons behind it.

    The first comparison is that of the names, or of the identifier. One of several with the best score `is_tied`; one
    that may be taken without a person's look `is_match`.
    """

    iri: str
    name: str
    kind: str
    score: float
    comparisons: tuple[Comparison, ...]
    is_tied: bool = False
    is_match: bool = False

    @property
    def has_number(self) -> bool:
        """Whether it has the number or the address that is given."""
        return any(each.field in ("number", "identifier") and each.verdict == "equal" for each in self.comparisons)

    def told(self, lang: str) -> str:
        """The reasons in words of a language, one after another."""
        reason = "; ".join(each.told(lang) for each in self.comparisons)
        return words.text(lang, "matching.tied", reason=reason) if self.is_tied else reason


Found = Mapping[str, Candidate]


def match(store: ox.Store, database: Connection, wanted: Sequence[Wanted], most: int = 5) -> list[list[Candidate]]:
    """At most `most` candidates for each, the best first.

    Without a class, what describes other things, such as sources and memberships, is left out.
    """
    asked = {(one.text, one.numbers, bool(one.kinds)) for one in wanted}
    by_text = {key: _found(store, database, *key) for key in asked}
    found = [by_text[one.text, one.numbers, bool(one.kinds)] for one in wanted]
    typed = _typed(store, wanted, found)
    chosen = [_of_kinds(one, several, typed) for one, several in zip(wanted, found, strict=True)]
    pairs = ((each, several) for one, several in zip(wanted, chosen, strict=True) for each in one.evidence)
    known = facts(store, database, pairs)
    return [_best(_supported(one, several, known), most) for one, several in zip(wanted, chosen, strict=True)]


def _typed(store: ox.Store, wanted: Sequence[Wanted], found: Sequence[Found]) -> Mapping[ox.NamedNode, set[str]]:
    """The things among those found that are of each class that is wanted."""
    among: defaultdict[ox.NamedNode, set[str]] = defaultdict(set)
    for one, several in zip(wanted, found, strict=True):
        for kind in one.kinds:
            among[kind].update(several)
    return {kind: labels.of_kind(store, kind, things) for kind, things in among.items()}


def _of_kinds(one: Wanted, found: Found, typed: Mapping[ox.NamedNode, set[str]]) -> Found:
    """The candidates of the classes; where these are a preference, all, each with a comparison of its class."""
    if not one.kinds:
        return found
    has = all if one.types == "all" else any
    fitting = {iri for iri in found if has(iri in typed[kind] for kind in one.kinds)}
    if one.types != "should":
        return {iri: each for iri, each in found.items() if iri in fitting}
    said = {iri: Comparison("type", "equal" if iri in fitting else "different") for iri in found}
    return {iri: replace(each, comparisons=(*each.comparisons, said[iri])) for iri, each in found.items()}


def _supported(one: Wanted, found: Found, known: Facts) -> Iterator[Candidate]:
    """The candidates with the comparisons of the evidence and the score that they give, without those it refuses."""
    for iri, each in found.items():
        others = [(evidence, compared(known, evidence, iri)) for evidence in one.evidence]
        if not any(other.verdict in evidence.refused for evidence, other in others):
            first, *rest = each.comparisons
            rest += [other for _, other in others]
            yield replace(each, score=_score(each.score, rest), comparisons=(first, *rest))


def _score(names: float, others: Sequence[Comparison]) -> float:
    """The score of a candidate by that of its names; a number that is equal decides."""
    if any(each.field == "number" and each.verdict == "equal" for each in others):
        return NUMBERED if names >= LEAST else RENAMED
    return round(comparison.rated(names, *others), 2)


def table(
    store: ox.Store, found: Sequence[Sequence[Candidate]], lang: str, least: float = LEAST
) -> Iterator[tuple[int, Candidate | None, list[sparql.Value | None]]]:
    """The COLUMNS of each candidate with the number of what is wanted; one row for what has no candidate from `least`.

    The reason of such a row names the best candidate below.
    """
    names = labels.names(store, [ox.NamedNode(one.iri) for several in found for one in several], lang)
    for number, several in enumerate(found):
        kept = [one for one in several if one.score >= least]
        for one in kept:
            thing = ox.NamedNode(one.iri)
            label = ox.Literal(names.get(thing, one.name))
            yield number, one, [thing, label, ox.NamedNode(one.kind), ox.Literal(one.score), ox.Literal(one.told(lang))]
        if not kept:
            yield number, None, [None, None, None, None, ox.Literal(_without(several, names, least, lang))]


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
    return [at for at, several in enumerate(found) if several and several[0].is_tied and several[0].score >= SURE]


COLUMNS = ("thing", "label", "kind", "score", "reason")


def _found(
    store: ox.Store, database: Connection, text: str, numbers: Iterable[tuple[str, str]], also_auxiliary: bool
) -> Found:
    """All candidates for a text by IRI or CURIE, by identifier, else by name; and those with one of the numbers."""
    exact = {one.iri: one for one in (*_by_iri(store, database, text), *_by_identifier(store, database, text))}
    if exact:
        return exact
    numbered = [one for register, number in numbers for one in _by_identifier(store, database, f"{register} {number}")]
    named = {one.iri: one for one in _by_name(database, text, also_auxiliary)}
    return {one.iri: _renamed(database, one.iri, text) for one in numbered} | named


def _by_iri(store: ox.Store, database: Connection, text: str) -> Iterator[Candidate]:
    """The thing of an IRI, a CURIE or a slug; one that was merged is what it was merged into."""
    written = text.strip()
    written = f"id:{written}" if labels.SLUG.fullmatch(written) else written
    if not IRI.fullmatch(written) or ("//" not in written and written.partition(":")[0] not in PREFIXES):
        return
    try:
        node = sparql.parse_term(written)
    except KgraphError:
        return
    current = sparql.current_of(store, [node]).get(node) if isinstance(node, ox.NamedNode) else None
    if current:
        yield _known(database, current.value, "iri")


def _known(database: Connection, iri: str, reason: str) -> Candidate:
    name, kind = next(iter(search.named(database, iri)), ("", PREFIXES["rdfs"] + "Resource"))
    return Candidate(iri, name, kind, 1.0, (Comparison("identifier", "equal", like=Likeness(1.0, reason)),))


def _by_identifier(store: ox.Store, database: Connection, text: str) -> Iterator[Candidate]:
    """The things with a number in the text, alone or after the name of its register."""
    numbers = [(register.upper(), _digits(number)) for register, number in NUMBERED_TEXT.findall(text)]
    if alone := NUMBER.fullmatch(text):
        numbers = [("", _digits(alone[1]))]
    for register, number in numbers:
        whole = (number.removesuffix(WHOLE),) if len(number) == 14 and register in ("", "REGON") else ()
        for padded in dict.fromkeys((number, *whole, number.zfill(REGISTERS.get(register, 10)))):
            hits = (hit for hit in search.find(database, padded) if _digits(hit.name) == padded and not hit.guessed)
            nodes = [ox.NamedNode(hit.iri) for hit in hits]
            for _, thing, agency, _ in sparql.named(store, "identified", identifier=nodes) if nodes else ():
                if not register or register in agency.value:
                    yield _known(database, thing.value, "identifier")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _by_name(database: Connection, text: str, also_auxiliary: bool) -> Iterator[Candidate]:
    """The things with names alike, each by the name that is most alike."""
    name = _plain(text)
    own = " ".join(parts(name).words[:MOST_WORDS])[:CHARACTERS]
    hits = [*search.find(database, own, COMPARED), *search.overlapping(database, own, COMPARED)] if own else []
    chosen = {hit.iri: hit for hit in hits if also_auxiliary or hit.rank < AUXILIARY}
    names = search.names_of(database, chosen) if chosen else {}
    for hit in chosen.values():
        named = ((likeness(name, called), called) for called in names.get(hit.iri, ()))
        if rated := [(like, called) for like, called in named if like and like.score >= LEAST]:
            like, called = max(rated, key=lambda pair: (pair[0].score, pair[1]))
            verdict: Verdict = "equal" if like.way == "name" else "alike"
            yield Candidate(hit.iri, called, hit.kind, like.score, (Comparison("name", verdict, name, called, like),))


def _plain(text: str) -> str:
    """A name without numbers of registers, as long as names are."""
    return " ".join(NUMBERED_TEXT.sub(" ", text)[:CHARACTERS].split()[:MOST_WORDS])


def _renamed(database: Connection, iri: str, text: str) -> Candidate:
    """A thing that is found by its number alone, with the comparison of its name, if there is one to compare."""
    known = _known(database, iri, "identifier")
    name = _plain(text)
    if not name:
        return known
    return replace(known, score=0.0, comparisons=(Comparison("name", "different", name, known.name),))


def _best(found: Iterable[Candidate], most: int) -> list[Candidate]:
    enough = (one for one in found if one.score >= LEAST)
    ordered = sorted(enough, key=lambda one: (-one.score, len(one.name), one.name, one.iri))
    if not ordered:
        return []
    best = [one for one in ordered if one.score == ordered[0].score]
    if len(best) > 1:
        ordered = [replace(one, is_tied=True) for one in best] + ordered[len(best) :]
    ordered[0] = replace(ordered[0], is_match=_is_match(*ordered))
    return ordered[:most]


def _is_match(best: Candidate, *others: Candidate) -> bool:
    """Whether the best candidate may be taken without a person's look, as cautiously as of two things in the graph.

    No other is nearly as likely. Without a number, place or relation that agrees, the names differ by little and are
    not those of people.
    """
    rivals = [one for one in others if one.score >= best.score - MARGIN and one.has_number >= best.has_number]
    if rivals or best.has_number:
        return not rivals
    first, *rest = best.comparisons
    if any(each.agrees and each.field in ("place", "relation") for each in rest):
        return best.score >= SURE
    is_placed = any(each.field == "place" for each in rest)
    score = best.score if is_placed else best.score * FACTORS["place", "unknown"]
    return score >= SURE and first.verdict == "equal" and best.kind != PERSON
