"""The names of terms in a language, and the things and relations that a name stands for."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from difflib import get_close_matches
from sqlite3 import Connection

import pyoxigraph as ox

from kgraph.base.stemming import bears
from kgraph.base.text import fold, seen
from kgraph.base.vocab import MERGED_INTO, PREFIXES, TYPE, short, split, term
from kgraph.errors import KgraphError, NotFound
from kgraph.graph.entity.display import Way, display
from kgraph.graph.names import search
from kgraph.graph.names.searchable import AUXILIARY
from kgraph.rdf import sparql
from kgraph.rdf.endpoint import Endpoint
from kgraph.rdf.sparql import Value, parse_term

Names = Mapping[Value, str]
Index = Callable[[], Connection]
"""Opens the index of names, when it is needed."""
LISTED = 8
"""The candidates that a message names."""
BY_WORDS = "; “kgraph search” finds things by name"
MOST_HITS = 100
"""The most things that a name to resolve is compared with."""
Words = Sequence[tuple[str, ox.NamedNode]]
"""Classes and properties with their folded names."""


def names(store: ox.Store, terms: Iterable[object], lang: str) -> Names:
    """The names of terms in a language, as far as they have one."""
    return names_by_language(store, terms, [lang])[lang]


def names_by_language(store: ox.Store, terms: Iterable[object] | None, langs: Sequence[str]) -> Mapping[str, Names]:
    """The names of terms, or of all that have one, in each of some languages."""
    named = sorted({term for term in terms or () if isinstance(term, ox.NamedNode)}, key=str)
    asked = {} if terms is None else {"term": named}
    found: dict[str, dict[Value, str]] = {lang: {} for lang in langs}
    for node, label in sparql.named(store, "called", **asked, lang=list(map(ox.Literal, langs))):
        assert isinstance(label, ox.Literal) and label.language
        found[label.language][node] = label.value
    return found


def name(names: Names, term: object) -> str:
    """The name of a term: the value of a literal, the CURIE of an IRI without a name."""
    if isinstance(term, ox.Literal):
        return term.value
    assert isinstance(term, ox.NamedNode)
    return names.get(term) or short(term.value)


SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
"""An id without its prefix; one word may be a name."""


def resolve(
    store: ox.Store, index: Index, text: str, lang: str = "en", like: Value | None = None, rank: int | None = None
) -> ox.NamedNode:
    """The thing of an IRI, a CURIE, a slug or a name; NotFound lists candidates when it is ambiguous or unknown.

    Among things with that name, those of the kind of the thing `like`, or of a rank, go before all others.
    """
    node = iri(text)
    known = sparql.current_of(store, [node]).get(node) if node else None
    if node and known is None:
        guess = near(store, index, node, lang) or BY_WORDS
        raise NotFound(f"nothing is known of {short(node.value)}{guess}")
    if not node and SLUG.fullmatch(text):
        own = term(f"id:{text}")
        known = sparql.current_of(store, [own])[own]
    if isinstance(known, ox.NamedNode):
        return known
    found = search.find(index(), text, MOST_HITS)
    kind = search.kind(index(), like.value) if like else None
    preferred = [hit for hit in found if hit.kind == kind or hit.rank == rank]
    return _by_name(store, preferred or found, text, lang)


def current(store: ox.Store, node: ox.NamedNode) -> ox.NamedNode:
    """The thing whose address stays, for one that was decided to be another; else the thing itself."""
    into = (quad.object for quad in store.quads_for_pattern(node, MERGED_INTO, None, ox.DefaultGraph()))
    return next((thing for thing in into if isinstance(thing, ox.NamedNode)), node)


def iri(text: str) -> ox.NamedNode | None:
    """The IRI of a text that is an IRI or CURIE; None for a name, which may have a colon too."""
    is_iri = text.startswith(("<", "http://", "https://")) or text.partition(":")[0] in PREFIXES
    node = parse_term(text) if is_iri else None
    return node if isinstance(node, ox.NamedNode) else None


def _misprefixed(text: str) -> str:
    """Advice for a CURIE with an unknown prefix; empty for any other text."""
    prefix, colon, local = text.partition(":")
    if not colon or not re.fullmatch(r"[A-Za-z][\w-]*", prefix) or not re.fullmatch(r"[\w-]+", local):
        return ""
    alike = [f"{other}:{local}" for other in get_close_matches(prefix, PREFIXES)]
    advice = f"did you mean {', '.join(alike)}?" if alike else f"known are {', '.join(PREFIXES)}"
    return f", and {prefix!r} is no known prefix; {advice}"


def _by_name(store: ox.Store, found: Sequence[search.Found], text: str, lang: str) -> ox.NamedNode:
    begun = [hit for hit in found if not hit.guessed]
    same = [hit for hit in begun if fold(hit.name) == fold(text)]
    if len(meant := same or _bearers(begun, text) or begun) == 1:
        return ox.NamedNode(meant[0].iri)
    listed = [ox.NamedNode(hit.iri) for hit in meant or found]
    if begun:
        how = (
            "is the name of" if same else "is in the names of" if meant is not begun else "begins words in the names of"
        )
        choice = f"write one of their ids, such as {short(listed[0].value)}"
        raise NotFound(f"{text!r} {how} several things: {_listed(store, listed, lang)}; {choice}")
    advice = _meant(store, listed, lang) or _misprefixed(text) or BY_WORDS
    raise NotFound(f"{text!r} is not the name of anything{advice}")


def _bearers(found: Sequence[search.Found], text: str) -> list[search.Found]:
    """The hits of the best rank whose names have each word or a form of it; none when all are auxiliary."""
    bearing = [hit for hit in found if hit.rank < AUXILIARY and bears(hit.name, text)]
    best = min((hit.rank for hit in bearing), default=AUXILIARY)
    return [hit for hit in bearing if hit.rank == best]


def kind(store: ox.Store, text: str, lang: str = "en") -> ox.NamedNode:
    """The class of an IRI, a CURIE, a local name, or a name in any language; NotFound lists candidates."""
    words = [(name, node) for name, node, is_relation in _vocabulary(store) if not is_relation]
    return _word(words, store, text, lang, "kind")


def of_kind(store: ox.Store, kind: ox.NamedNode, things: Iterable[str]) -> set[str]:
    """The IRIs among some that are of a class."""
    nodes = [ox.NamedNode(iri) for iri in sorted(things)]
    found = sparql.named(store, "typed", thing=nodes, **{"class": kind}) if nodes else ()
    return {thing.value for (thing,) in found}


def among(store: ox.Store, kind: ox.NamedNode) -> search.Among:
    """The choice of things of a class, for a search."""
    return lambda things: of_kind(store, kind, things)


def relation(store: ox.Store, text: str, lang: str = "en") -> ox.NamedNode:
    """The relation of `a`, an IRI, a CURIE, a local name, or a name in any language; NotFound lists candidates."""
    words = [(name, node) for name, node, is_relation in _vocabulary(store) if is_relation]
    return _word(words, store, short(TYPE.value) if text == "a" else text, lang, "relation")


def ways(store: ox.Store, text: str, lang: str = "en") -> list[Way]:
    """The relations that a text may mean, each with its direction: as `relation` has it, and by the names on cards.

    NotFound lists candidates of both kinds.
    """
    if iri(text):
        return [(relation(store, text, lang), False)]
    shown = [way for way, name in _on_cards() if name == fold(text)]
    try:
        found = [(relation(store, text, lang), False)]
    except NotFound as error:
        if shown:
            return shown
        alike = get_close_matches(fold(text), {name: None for _, name in _on_cards()}, cutoff=0.75)
        names = dict.fromkeys(
            f"“{_on_card(way, lang)}”" for name in alike for way, other in _on_cards() if name == other
        )
        advice = f"; cards have {', '.join([*names][:LISTED])}" if names else ""
        raise NotFound(f"{error}{advice}") from error
    return list(dict.fromkeys((*found, *shown)))


def _on_cards() -> Iterator[tuple[Way, str]]:
    """Each relation in each direction by its folded names on cards, in any language."""
    for way, shown in display().relations.items():
        yield from ((way, fold(name)) for name in shown.name.values())


def _on_card(way: Way, lang: str) -> str:
    return display().relations[way].name.get(lang, "")


def is_relation(store: ox.Store, node: object) -> bool:
    """Whether a node is a relation of the ontology."""
    return any(word == node for _, word, is_one in _vocabulary(store) if is_one) if node else False


def _word(words: Words, store: ox.Store, text: str, lang: str, sort: str) -> ox.NamedNode:
    """The class or property of an IRI, a CURIE or a name; `sort` says which of the two in messages."""
    node = iri(text)
    if node is None:
        return _named(words, store, text, lang, sort)
    if any(node == other for _, other in words) or any(sparql.named(store, "known", node=node)):
        return node
    raise NotFound(f"there is no {short(node.value)}{_meant(store, _spelt(words, node), lang)}")


def _named(words: Words, store: ox.Store, text: str, lang: str, sort: str) -> ox.NamedNode:
    """The class or property with a name."""
    same = _called(words, [fold(text)])
    if len(same) == 1:
        return same[0]
    if same:
        raise NotFound(f"{text!r} is the name of several {sort}s: {_listed(store, same, lang)}")
    known = sorted({name for name, _ in words})
    alike = get_close_matches(fold(text), known, cutoff=0.75) or [name for name in known if bears(name, text)]
    meant = _meant(store, _called(words, alike), lang) or _misprefixed(text)
    raise NotFound(f"{text!r} is not the name of a {sort}{meant}")


def doubts(store: ox.Store, index: Index, terms: Iterable[object], lang: str = "en") -> Iterator[str]:
    """A sentence for each term that the graph does not know, with similar terms.

    Without it, an empty answer would look as if no source said anything. An endpoint is asked once, without
    suggestions; when it fails there are no sentences.
    """
    is_remote = isinstance(store, Endpoint)
    with suppress(KgraphError) if is_remote else nullcontext():
        for node in sparql.unknown(store, terms):
            lacking = "is not in the ontology" if node.value.startswith(PREFIXES["se"]) else "is not in the graph"
            guess = "" if is_remote else near(store, index, node, lang)
            yield seen(f"{short(node.value)} {lacking}{guess or '; is it a typing error?'}")


def untagged(name: str, bearer: str | None = None) -> str:
    """The sentence for a name in a query that has no language; names in a graph have one, and a plain text is none.

    `bearer` is the IRI of a thing with that name.
    """
    thing = f", or {short(bearer)} for the thing" if bearer else ""
    return f"a name without a language matches nothing; write {name}@pl or {name}@en{thing}"


def near(store: ox.Store, index: Index, node: ox.NamedNode, lang: str = "en") -> str:
    """`; did you mean …?` for an unknown term; empty when there is no similar one."""
    if node.value.startswith(PREFIXES["se"]):
        return _meant(store, _spelt([(name, word) for name, word, _ in _vocabulary(store)], node), lang)
    return _meant(store, [ox.NamedNode(iri) for iri in search.near(index(), node.value)], lang)


def _vocabulary(store: ox.Store) -> Iterator[tuple[str, ox.NamedNode, bool]]:
    """Each class and property by its folded names and local name; whether it is a property."""
    for word, label, is_relation in sparql.named(store, "vocabulary"):
        assert isinstance(word, ox.NamedNode)
        for called in (label.value, split(word.value)[1]):
            yield fold(called), word, is_relation.value == "true"


def _called(words: Words, names: Iterable[str]) -> list[ox.NamedNode]:
    return list(dict.fromkeys(node for wanted in names for name, node in words if name == wanted))


def _spelt(words: Words, node: ox.NamedNode) -> list[ox.NamedNode]:
    """The words with CURIEs similar to that of a node."""
    curies = {short(word.value): word for _, word in words}
    return [curies[curie] for curie in get_close_matches(short(node.value), curies, cutoff=0.8)]


def _meant(store: ox.Store, nodes: Sequence[ox.NamedNode], lang: str) -> str:
    return f"; did you mean {_listed(store, nodes, lang)}?" if nodes else ""


def _listed(store: ox.Store, nodes: Sequence[ox.NamedNode], lang: str) -> str:
    called = names(store, nodes, lang)
    shown = (short(node.value) + (f" ({called[node]})" if node in called else "") for node in nodes[:LISTED])
    at_least = "at least " if len(nodes) >= MOST_HITS else ""
    return ", ".join(shown) + (f" and {at_least}{len(nodes) - LISTED} more" if len(nodes) > LISTED else "")
