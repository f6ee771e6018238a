"""The sentence at the beginning of a card, made from its key facts by the templates of the catalogue of words."""

from collections.abc import Iterator, Sequence
from itertools import islice

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.text import seen
from kgraph.base.vocab import PREFIXES, SOURCE, TYPE, term
from kgraph.base.wording import literal, moment
from kgraph.graph.entity.cards import Card
from kgraph.graph.entity.offices import Office
from kgraph.graph.entity.story import Key, KeyValue
from kgraph.rdf.sparql import Value

CLUSTER, ORGANISATION = term("se:Cluster"), term("org:Organization")
KINDS = frozenset(map(term, ("rdf:type", "org:classification", "cv:level")))
"""The relations of a key fact that says what a thing is."""
DATES = frozenset(f"{PREFIXES['xsd']}{kind}" for kind in ("date", "gYear", "gYearMonth", "gMonthDay"))
AT_MOST = 2
"""The most key facts in a sentence, beside what the thing is, and the most values of each."""


def sentence(card: Card) -> str:
    """A sentence about the thing of a card, in its language, and one for each key fact that no source gives."""
    kinds = {fact.object for fact in card.facts if fact.predicate == TYPE and fact.subject == card.thing}
    rest = list(islice(_rest(card, kinds), AT_MOST))
    begun = "; ".join((_beginning(card, kinds), *(part for part, is_known in rest if is_known)))
    parts = (begun, *(part for part, is_known in rest if not is_known))
    return " ".join(seen(part[:1].upper() + part[1:]).removesuffix(".") + "." for part in parts)


def _beginning(card: Card, kinds: set[Value]) -> str:
    """What a thing is, and since when a cluster exists."""
    kind = _kind(card)
    if not kind or card.thing in card.offices:
        return card.name(card.thing)
    if ORGANISATION not in kinds:
        return _text(card, "plain", name=card.name(card.thing), kind=kind)
    article = ("an " if kind[:1].lower() in "aeiou" else "a ") if card.lang == "en" else ""
    shown = _text(card, "is", name=card.name(card.thing), kind=f"{article}{kind}")
    if CLUSTER not in kinds:
        return shown
    since = _date(card)
    return shown + (_text(card, "cluster since", when=moment(since, card.lang)) if since else _text(card, "no since"))


def _kind(card: Card) -> str:
    key = next((key for key in card.story.keys if key.values and key.values[0].path[0].predicate in KINDS), None)
    named = [told(card, one) for one in key.values] if key else [card.name(kind) for kind in card.kinds]
    return ", ".join(named[:AT_MOST])


def _date(card: Card) -> ox.Literal | None:
    """The first date among the key facts."""
    values = (one.value for key in card.story.keys for one in key.values)
    return next((one for one in values if isinstance(one, ox.Literal) and one.datatype.value in DATES), None)


def _rest(card: Card, kinds: set[Value]) -> Iterator[tuple[str, bool]]:
    """The other key facts, each with its name, and whether they are known; for a source, its publisher and date."""
    for key in card.story.keys:
        is_kind = bool(key.values) and key.values[0].path[0].predicate in KINDS
        is_since = CLUSTER in kinds and bool(key.values) and key.values[0].value == _date(card)
        if not is_kind and not is_since:
            yield _part(card, key), bool(key.values)
    if SOURCE in {*kinds, *card.kinds}:
        published = dict(reversed([(link, value) for link, value in card.notes]))
        about = (published.get(term("dcterms:publisher")), published.get(term("dcterms:issued")))
        yield from ((value_in_words(card, value), True) for value in about if value)


def _part(card: Card, key: Key) -> str:
    """A key fact with its first values; an office with its time."""
    label = key.relation.name.get(card.lang, "")
    label = label[:1].lower() + label[1:]
    if not key.values:
        return _text(card, "unknown", label=label)
    known = _latest(card, key)
    first = known[:AT_MOST]
    values = [_office(card, one.office) if one.office else told(card, one) for one in first]
    shown, more = ("; " if first[0].office else ", ").join(values), len(known) - AT_MOST
    return _text(card, "part", label=label, values=_text(card, "more", values=shown, n=more) if more > 0 else shown)


def _latest(card: Card, key: Key) -> Sequence[KeyValue]:
    """The values of a key fact without the offices of an organisation that others held later."""

    def is_past(office: Office | None) -> bool:
        return office is not None and office.organisation == card.thing and bool(office.later)

    return [one for one in key.values if not is_past(one.office)] or key.values


def _office(card: Card, office: Office) -> str:
    """An office as the card of its member or of its organisation tells it."""
    place = office.organisation if card.thing == office.member else office.member
    roles = ", ".join(map(card.name, office.roles))
    key = "office" if roles else "office plain"
    return _text(card, key, roles=roles, place=card.name(place), span=office.span.told(card.lang))


def told(card: Card, one: KeyValue) -> str:
    """The value of a key fact; with its status, such as “planned”, when no source asserts it."""
    shown = value_in_words(card, one.value)
    return f"{shown} ({card.name(one.status)})" if one.status else shown


def value_in_words(card: Card, value: Value) -> str:
    """The name of a thing; a literal as people write it."""
    return literal(value, card.lang) if isinstance(value, ox.Literal) else card.name(value)


def _text(card: Card, key: str, *, n: int = 0, **values: object) -> str:
    return words.text(card.lang, f"cards.sentence.{key}", n=n, **values)
