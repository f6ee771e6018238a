"""What a card tells first, and what it folds away: key facts, groups of relations, facts that say the same again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import pyoxigraph as ox

from kgraph.base.vocab import TYPE, short, term
from kgraph.graph.entity.display import FOLDED, Display, Relation, Steps, Way
from kgraph.graph.entity.offices import Office
from kgraph.graph.statements.facts import LASTING, Fact
from kgraph.rdf import sparql
from kgraph.rdf.sparql import Value

MEMBER = term("org:member")


@dataclass(frozen=True)
class Line:
    """A fact on a card by its other end; `incoming` when that end is its subject. `office` when it tells of one."""

    other: Value
    fact: Fact
    incoming: bool
    office: Office | None = None

    @property
    def way(self) -> Way:
        return self.fact.predicate, self.incoming


@dataclass(frozen=True)
class Group:
    """The lines of one relation, as ontology/display.ttl names it."""

    relation: Relation
    lines: tuple[Line, ...]

    @property
    def way(self) -> Way:
        """The way of the first line."""
        return self.lines[0].way


@dataclass(frozen=True)
class KeyValue:
    """A value of a key fact, with the facts along its path, the last of them first."""

    value: Value
    path: tuple[Fact, ...]
    office: Office | None = None

    @property
    def status(self) -> Value | None:
        """The status of the first fact of the path that no source asserts, such as status:planned; None without one."""
        return next(filter(None, (fact.status for fact in reversed(self.path))), None)


@dataclass(frozen=True)
class Key:
    """A key fact with its values; without any when a source leaves it open as the known unknown `unknown`."""

    relation: Relation
    values: tuple[KeyValue, ...]
    unknown: Value | None = None


@dataclass(frozen=True)
class Story:
    """The key facts, the groups in the order of their sections, and the groups of what is folded away."""

    keys: tuple[Key, ...]
    groups: tuple[Group, ...]
    folded: tuple[Group, ...]


@dataclass(frozen=True)
class Entailing:
    """Which relation says the same from the other end, which are broader, which reach further along another."""

    inverse: Mapping[Value, Value]
    broader: Mapping[Value, frozenset[Value]]
    extends: frozenset[Value]
    wide: dict[Way, frozenset[Way]] = field(default_factory=dict, compare=False)
    """The broader ways that have been worked out."""

    def broader_ways(self, way: Way) -> frozenset[Way]:
        """The ways that a way entails, other than itself, with their turned forms."""
        if way in self.wide:
            return self.wide[way]
        found: set[Way] = set()
        left = self.turned(way)
        while left:
            more = {(wide, back) for predicate, back in left for wide in self.broader.get(predicate, ())} - found
            left = frozenset(chain.from_iterable(map(self.turned, more))) - found  # type: ignore[arg-type]
            found |= left
        self.wide[way] = frozenset(found)
        return self.wide[way]

    def turned(self, way: Way) -> frozenset[Way]:
        """A way, and the same from the other end."""
        predicate, incoming = way
        inverse = self.inverse.get(predicate)
        return frozenset([way, (inverse, not incoming)]) if isinstance(inverse, ox.NamedNode) else frozenset([way])


def entailing(store: ox.Store) -> Entailing:
    inverse: dict[Value, Value] = {}
    broader: dict[Value, set[Value]] = defaultdict(set)
    extends = set()
    for predicate, how, other in sparql.named(store, "entailing"):
        if how.value == "inverse":
            inverse[predicate] = other
        elif how.value == "broader":
            broader[predicate].add(other)
        else:
            extends.add(predicate)
    return Entailing(inverse, {one: frozenset(found) for one, found in broader.items()}, frozenset(extends))


@dataclass(frozen=True)
class Known:
    """What a story is told from: the thing, its facts, those of things on the way to key facts, and offices."""

    thing: ox.NamedNode
    facts: Sequence[Fact]
    beside: Sequence[Fact]
    kinds: Sequence[Value]
    offices: Mapping[Value, Office]
    entailing: Entailing
    unknown: Mapping[Value, Value]
    """The open known unknowns about the thing by the relation that they are about."""


def story(known: Known, display: Display) -> Story:
    """What the card of a thing tells: each end once in a relation, and nothing that follows from what is beside it."""
    lines = [*_lines(known)]
    groups = _grouped(lines, known, display)
    kept = [group for group in groups if group.relation.section.iri != FOLDED]
    by_end = _by_end(lines)
    again = {*_said_again(known, by_end, kept)}
    shown = [Group(group.relation, tuple(line for line in group.lines if id(line) not in again)) for group in kept]
    shown = [group for group in shown if group.lines]
    seen = {id(line) for group in shown for line in group.lines}
    rest = [line for line in lines if id(line) not in seen and not _is_turned(line, by_end[line.other], seen, known)]
    return Story(tuple(_keys(known, display, shown)), tuple(shown), tuple(_by_way(rest, known, display)))


def _lines(known: Known) -> Iterator[Line]:
    """The facts by their other end, each with the office that it tells of."""
    for fact in known.facts:
        incoming = fact.subject != known.thing
        other = fact.subject if incoming else fact.object
        yield Line(other, fact, incoming, known.offices.get(other) or _office(known, fact, other))


def _office(known: Known, fact: Fact, other: Value) -> Office | None:
    """The office behind a lasting fact, or behind who it is that holds it."""
    if fact.predicate == MEMBER:
        return known.offices.get(known.thing)
    if fact.predicate not in LASTING:
        return None
    ends = {known.thing, other}
    return next((office for office in known.offices.values() if ends <= office.ends), None)


def _relation(way: Way, known: Known, display: Display) -> Relation:
    ways = (way, *(other for other in known.entailing.turned(way) if other != way))
    found = next((display.relations[one] for one in ways if one in display.relations), None)
    return found or Relation({}, display.other, 99, ((way,),))


def _grouped(lines: Iterable[Line], known: Known, display: Display) -> list[Group]:
    """The lines by relation, the best line for each end, in the order of display."""
    best: dict[tuple[int, int], dict[Value, Line]] = defaultdict(dict)
    relations: dict[tuple[int, int], Relation] = {}
    for line in sorted(lines, key=lambda line: _rank(line, known, display)):
        relation = _relation(line.way, known, display)
        key = (relation.place[0], id(relation) if relation.name else hash(line.way))
        relations[key] = relation
        best[key].setdefault(line.other, line)
    groups = [Group(relations[key], tuple(members.values())) for key, members in best.items()]
    return sorted(groups, key=lambda group: (group.relation.place, group.lines[0].fact.predicate.value))


def _rank(line: Line, known: Known, display: Display) -> tuple[int, bool, int, bool]:
    """The order of lines: stated before said before inferred, the most specific path, the later of two offices."""
    fact, paths = line.fact, _relation(line.way, known, display).paths
    turned = known.entailing.turned(line.way)
    at = next((number for number, path in enumerate(paths) if path[0] in turned), len(paths))
    return 0 if fact.asserted else 2 if fact.rule else 1, fact.yields, at, (fact.rule or "").endswith("⁻")


def _by_end(lines: Iterable[Line]) -> Mapping[Value, Sequence[Line]]:
    by_end: dict[Value, list[Line]] = defaultdict(list)
    for line in lines:
        by_end[line.other].append(line)
    return by_end


def _said_again(known: Known, by_end: Mapping[Value, Sequence[Line]], groups: Sequence[Group]) -> Iterator[int]:
    """The lines that say what another line says too, or what follows from one."""
    shown: dict[tuple[str, Value], Line] = {}
    told = {office for other in by_end if (office := known.offices.get(other))}
    reified = {end for office in told for end in office.ends}
    for group in groups:
        has_own = any(not line.fact.rule for line in group.lines)
        for line in group.lines:
            key = (group.relation.section.iri, line.other)
            if (
                (line.fact.rule and _follows(line, by_end[line.other], known))
                or (not line.incoming and _reaches_further(line.fact, has_own, known))
                or (line.fact.rule and key in shown)
                or _is_reified(line, reified, known)
            ):
                yield id(line)
            else:
                shown[key] = line


def _follows(line: Line, others: Iterable[Line], known: Known) -> bool:
    """Whether a line of the same ends has a narrower relation."""
    return any(line.way in known.entailing.broader_ways(other.way) for other in others if other is not line)


def _reaches_further(fact: Fact, has_own: bool, known: Known) -> bool:
    """Whether an inferred fact only carries another of its relation further, as from a town to its voivodeship."""
    extends = bool(fact.rule) and fact.predicate in known.entailing.extends
    return extends and (has_own or str(fact.rule).startswith(f"{short(fact.predicate.value)} ∘"))


def _is_reified(line: Line, told: set[Value], known: Known) -> bool:
    """Whether a line only repeats an office that the card shows as a membership."""
    direct = line.fact.predicate in LASTING or line.fact.predicate.value.endswith("#hasPost")
    return direct and line.other in told and line.other not in known.offices and bool(told)


def _is_turned(line: Line, lines: Iterable[Line], seen: set[int], known: Known) -> bool:
    """Whether a line is an inferred one that another line says from the other end."""
    turned = known.entailing.turned(line.way) - {line.way}
    same = (one for one in lines if one.way in turned)
    return bool(line.fact.rule) and any(id(one) in seen or not one.fact.rule or line.incoming for one in same)


def _by_way(lines: Iterable[Line], known: Known, display: Display) -> Iterator[Group]:
    """Folded lines by their way, in the order of display."""
    found: dict[Way, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.way].append(line)
    groups = [Group(_relation(way, known, display), tuple(own)) for way, own in found.items()]
    yield from sorted(groups, key=lambda group: (group.relation.place, group.way[0].value, group.way[1]))


def _keys(known: Known, display: Display, shown: Sequence[Group]) -> Iterator[Key]:
    """The key facts that have values, or that a source leaves open."""
    kinds = {fact.object for fact in known.facts if fact.predicate == TYPE and fact.subject == known.thing}
    ends = {line.other for group in shown for line in group.lines}
    for relation in display.keys_of({*kinds, *known.kinds}):
        values = next(filter(None, (tuple(_values(path, known, ends)) for path in relation.paths)), ())
        aspects = (path[-1][0] for path in relation.paths)
        unknown = next((known.unknown[aspect] for aspect in aspects if aspect in known.unknown), None)
        if values or unknown:
            yield Key(relation, values, None if values else unknown)


def _values(path: Steps, known: Known, ends: set[Value]) -> Iterator[KeyValue]:
    """The values at the end of a path, each once, those of offices the latest first."""
    found: dict[Value, KeyValue] = {}
    for facts, value in _walks(path, known, known.thing, known.facts):
        last = facts[-1]
        is_told = value in (known.kinds if last.predicate == TYPE else ends) or len(path) > 1
        if is_told and not last.yields:
            office = known.offices.get(value) or _office(known, last, value)
            found.setdefault(value, KeyValue(value, tuple(reversed(facts)), office))
    order = list(known.offices.values())
    yield from sorted(found.values(), key=lambda one: order.index(one.office) if one.office else -1)


def _walks(path: Steps, known: Known, begin: Value, facts: Sequence[Fact]) -> Iterator[tuple[tuple[Fact, ...], Value]]:
    """The facts along a path from a thing, stated facts first, and what is at its end."""
    ways, steps = known.entailing.turned(path[0]), path[1:]
    for fact in sorted(facts, key=lambda fact: (not fact.asserted, bool(fact.rule))):
        incoming = fact.object == begin
        if (fact.predicate, incoming) not in ways or (not incoming and fact.subject != begin):
            continue
        end = fact.subject if incoming else fact.object
        if not steps:
            yield (fact,), end
        else:
            yield from (((fact, *rest), last) for rest, last in _walks(steps, known, end, known.beside))
