"""The releases of the graph as an Atom feed for people (RFC 4287): what changed, and why something was withdrawn.

It is made from the latest events and the present names, so that no removed person is named.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.text import printable
from kgraph.base.vocab import BASE, SUBJECT
from kgraph.graph.names.labels import name, names
from kgraph.publish.feeds.events import CLAIMED, CREATE, DELETE, Event, Objects, is_withdrawn
from kgraph.publish.formats import template
from kgraph.publish.metadata.description import FEEDS, Dataset, Description, Edition
from kgraph.publish.pages.addresses import SUFFIXES, quoted
from kgraph.publish.pages.removed import removed
from kgraph.publish.pages.shards import concept
from kgraph.publish.release.removed import is_thing

MOST = 200
"""The most things that an entry names."""


@dataclass(frozen=True, order=True)
class Told:
    """A thing in an entry: its name, `how` it changed, the path of its page, and why it was withdrawn, if known."""

    name: str
    how: str
    path: str
    why: str


@dataclass(frozen=True)
class Entry:
    """A release with its changed things, how many more there are, and its withdrawn claims, counted by reason."""

    edition: Edition
    is_first: bool
    things: Sequence[Told] = ()
    more: int = 0
    claims: Sequence[tuple[str, int]] = ()


def files(
    events: Sequence[Event], graph: Objects, store: ox.Store, dataset: Dataset, release: Description
) -> dict[str, bytes]:
    """The feed in each language by path; `events` are the latest of the objects of a graph."""
    feeds = {path: _feed(events, graph, store, dataset, release, lang) for lang, path in FEEDS.items()}
    return {path: printable(text).encode() for path, text in feeds.items()}


def _feed(
    events: Sequence[Event], graph: Objects, store: ox.Store, dataset: Dataset, release: Description, lang: str
) -> str:
    first = min(((event.issued, event.version) for event in events), default=("", ""))
    known = [edition for edition in release.editions if (edition.issued, edition.version) >= first]
    return template.text(
        "metadata/atom.xml",
        lang=lang,
        entries=[_entry(one, one.version == first[1], events, graph, store, lang) for one in reversed(known)],
        release=release,
        dataset=dataset,
        itself=FEEDS[lang],
        base=BASE,
        suffix=SUFFIXES[lang],
        changes=f"changes/CHANGES{'.pl' if lang == 'pl' else ''}.md",
    )


def _entry(
    edition: Edition, is_first: bool, events: Iterable[Event], graph: Objects, store: ox.Store, lang: str
) -> Entry:
    if is_first:
        return Entry(edition, is_first)
    own = [event for event in events if event.version == edition.version]
    told = _told(own, graph, store, lang)
    return Entry(edition, is_first, told[:MOST], max(0, len(told) - MOST), _withdrawn(own, graph, lang))


def _told(events: Iterable[Event], graph: Objects, store: ox.Store, lang: str) -> list[Told]:
    """The things that events or the claims about them are about, by name."""
    own = {ox.NamedNode(event.object): event for event in events}
    about = {_about(node, graph) for node in own}
    things = sorted((node for node in own.keys() | about if node and is_thing(node)), key=str)
    called = names(store, things, lang)
    found = []
    for node in things:
        event, left = own.get(node), removed(store, node, lang)
        how = "withdrawn" if left else event.how if event else "Update"
        iri = node.value.removeprefix(BASE)
        path, place = concept(iri) or (iri, "")
        path = f"{quoted(path)}{SUFFIXES[lang]}" + (f"#{quoted(place)}" if place else "")
        shown = (left.name if left else None) or name(called, node)
        found.append(Told(shown, how, "" if how == DELETE else f"page/{path}", _reason(event, lang) if left else ""))
    return sorted(found)


def _about(claim: ox.NamedNode, graph: Objects) -> ox.NamedNode | None:
    """The thing that a claim is about; None for any other object."""
    if not claim.value.startswith(CLAIMED):
        return None
    ends = (triple.object for triple in graph.get(claim.value, ()) if triple.predicate == SUBJECT)
    return next((end for end in ends if isinstance(end, ox.NamedNode)), None)


def _reason(event: Event | None, lang: str) -> str:
    """Why an object was withdrawn, in a language or else in another, empty if the data does not say it."""
    why = dict(event.why) if event else {}
    return why.get(lang) or next(iter(why.values()), "")


def _withdrawn(events: Iterable[Event], graph: Objects, lang: str) -> list[tuple[str, int]]:
    """The number of withdrawn claims by reason, the most frequent first; an empty reason is not known."""
    claims = (event for event in events if event.object.startswith(CLAIMED) and event.how != CREATE)
    gone = (event for event in claims if event.how == DELETE or is_withdrawn(graph[event.object]))
    return sorted(Counter(_reason(event, lang) for event in gone).items(), key=lambda one: (-one[1], one[0]))
