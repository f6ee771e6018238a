"""What is selected, as JSON in both languages: counts of facets, pages of a table, places of a map, a timeline."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.text import fold
from kgraph.base.vocab import BASE, term
from kgraph.graph.entity.as_json import Json
from kgraph.graph.faceting import indicators
from kgraph.graph.faceting.facets import Column, Index, Mask, Numbers, collated, having_any
from kgraph.graph.faceting.selection import FACETS, Selection

FEW = 12
"""The values of a facet that are listed when there are many."""

WHOLE = ("kind", "form", "function", "status", "year")
"""The facets of which all values are listed."""

SIZE, LARGEST = 100, 1000
"""The rows of a page, and the most that may be asked for."""

MOMENTS = 60
"""The rows of a timeline's group that are shown at first, and with each further page."""

COLUMNS = ("name", "kind", "form", "place", "from", "facts", "sources")
"""The columns of a table that rows can be sorted by."""

SEATABLE = ("org:Organization", "se:Cluster")
"""The classes of the things that a map lists where no source gives their place."""

LASTING = (*indicators.LASTING, term("se:Cluster"))
"""Classes of what lasts from its first to its last day; other things happened at some time between the two."""

NEVER: Json = {"from": None}

GROUPS: Mapping[str, tuple[str, ...]] = {
    "signing": ("se:SigningEvent", "se:Agreement"),
    "award": ("se:Award",),
    "founding": ("org:ChangeEvent", "org:Organization"),
    "event": ("se:Event",),
    "office": ("org:Membership",),
    "status": ("se:StatusRecord",),
}
"""What happened, by the classes of things; a thing is in the first group that has its class."""


def facets(index: Index, chosen: Selection, wanted: Sequence[str] = FACETS, text: str = "", most: int = FEW) -> Json:
    """The values of facets with their counts, most first: all chosen ones and the first of the others.

    With a text, those with each of its words in their names.
    """
    found: dict[str, Json] = {}
    names: dict[str, object] = {}
    for facet in wanted:
        counted = [row for row in index.counts(chosen, facet) if _is_called(index, row[0], text)]
        values = set(chosen.of(facet))
        first = len(counted) if facet in WHOLE else most
        kept = [row for number, row in enumerate(counted) if number < first or row[0] in values]
        if facet == "year":
            kept.sort()
        found[facet] = {"values": [{"value": value, "count": n} for value, n in kept], "left": len(counted) - len(kept)}
        names |= {value: index.labels[value] for value, _ in kept if value in index.labels}
    return {"total": int(index.selected(chosen).sum()), "facets": found, "names": names}


def _is_called(index: Index, value: str, text: str) -> bool:
    called = fold(" ".join((*index.labels.get(value, {}).values(), value))) if text else ""
    return all(word in called for word in fold(text).split())


def selected(index: Index, chosen: Selection) -> Json:
    """The things that are selected, as paths below the base where they can be."""
    numbers = np.flatnonzero(index.selected(chosen)).tolist()
    return {"things": [index.things[number].removeprefix(BASE) for number in numbers]}


@dataclass(frozen=True)
class Order:
    """The column that rows are sorted by, and the language of their names; facts first without a column."""

    column: str = "facts"
    is_down: bool = True
    lang: str = "pl"


def table(index: Index, chosen: Selection, order: Order, page: int = 1, size: int = SIZE) -> Json:
    """A page of the things that are selected: since when, classifications, places, counts of facts and sources."""
    numbers = in_order(index, index.selected(chosen), order)
    shown = numbers[(page - 1) * size : page * size].tolist()
    return {
        "total": int(numbers.size),
        "page": page,
        "size": size,
        "rows": [_row(index, number) for number in shown],
        "names": _names(index, (value for number in shown for value in _mentioned(index, number))),
    }


def _row(index: Index, number: int) -> Json:
    return _labelled(index, number) | {
        "classifications": [*_classifications(index, number)],
        "places": index.homes.of(number),
        "from": _since(index, number),
        "facts": int(index.facts[number]),
        "sources": int(index.sources[number]),
    }


def _since(index: Index, number: int) -> str | None:
    """The first known day of a thing; the month or the year alone where it happened on some day of it."""
    known = index.moments.get(index.things[number], NEVER)
    first = known["from"]
    if first is None or known["open"] or ox.NamedNode(index.kinds[number]) in LASTING:
        return first  # type: ignore[return-value]
    return period(str(first), str(known["to"]))


def period(first: str, last: str) -> str:
    """The month or the year from its first to its last day, else the first day.

    >>> period("2014-10-01", "2014-10-31"), period("2023-01-01", "2023-12-31"), period("2018-03-22", "2018-03-22")
    ('2014-10', '2023', '2018-03-22')
    """
    if first.endswith("-01-01") and last == f"{first[:4]}-12-31":
        return first[:4]
    is_month = first[8:] == "01" and last == f"{first[:8]}{monthrange(int(first[:4]), int(first[5:7]))[1]}"
    return first[:7] if is_month else first


def _labelled(index: Index, number: int) -> Json:
    iri = index.things[number]
    return {"iri": iri, "kind": index.kinds[number], "labels": index.labels.get(iri, {})}


def _classifications(index: Index, number: int) -> Iterator[str]:
    for facet in ("form", "function", "status"):
        yield from index.columns[facet].of(number)


def _mentioned(index: Index, number: int) -> Iterator[str]:
    yield index.kinds[number]
    yield from _classifications(index, number)
    yield from index.homes.of(number)


def _names(index: Index, terms: Iterable[str]) -> Json:
    return {iri: index.labels[iri] for iri in sorted(set(terms)) if iri in index.labels}


def in_order(index: Index, mask: Mask, order: Order) -> Numbers:
    """The things of a mask, sorted; those without a value come last in either direction, equal ones by name."""
    numbers = np.flatnonzero(mask)
    ranks, has_value = sorting(index, order.column, order.lang)
    by = ranks[numbers]
    return numbers[np.lexsort((index.ranks[order.lang][numbers], -by if order.is_down else by, ~has_value[numbers]))]


def sorting(index: Index, column: str, lang: str) -> tuple[Numbers, Mask]:
    """What each thing is sorted by in a column, and whether it has a value there."""
    every = np.ones(len(index.things), dtype=bool)
    if column in ("facts", "sources"):
        return (index.facts if column == "facts" else index.sources), every
    if column == "name":
        return index.ranks[lang], every
    if column == "from":
        return _ranked(str(index.moments[iri]["from"]) if iri in index.moments else "" for iri in index.things)
    if column == "kind":
        called = {kind: _called(index, kind, lang) for kind in set(index.kinds)}
        return _ranked(called[kind] for kind in index.kinds)
    shown = (index.homes,) if column == "place" else tuple(index.columns[f] for f in ("form", "function", "status"))
    return _first(index, shown, lang)


def _ranked(texts: Iterable[str]) -> tuple[Numbers, Mask]:
    """The rank of each text; an empty one is no value."""
    listed = [*texts]
    rank = {text: number for number, text in enumerate(sorted(set(listed)))}
    ranks = np.array([rank[text] for text in listed], dtype=np.int64)
    return ranks, np.array([bool(text) for text in listed], dtype=bool)


def _called(index: Index, iri: str, lang: str) -> str:
    names = index.labels.get(iri, {})
    return collated(names.get(lang) or next(iter(names.values()), iri), lang)


def _first(index: Index, columns: Sequence[Column], lang: str) -> tuple[Numbers, Mask]:
    """The rank of the first of a thing's values by name."""
    values = sorted({_called(index, value, lang) for column in columns for value in column.values})
    rank = {text: number for number, text in enumerate(values)}
    found = np.full(len(index.things), len(values), dtype=np.int64)
    for column in columns:
        of_value = np.array([rank[_called(index, value, lang)] for value in column.values], dtype=np.int64)
        if of_value.size:
            np.minimum.at(found, column.things[column.direct], of_value[column.numbers[column.direct]])
    return found, found < len(values)


def headings(lang: str) -> list[str]:
    """The headings of the whole table in a language."""
    names = [words.text(lang, f"explorer.table.columns.{name}") for name in ("name", "kind", "classification", "place")]
    return ["IRI", *names, words.text(lang, "explorer.table.columns.from"), *_counts(lang)]


def _counts(lang: str) -> Iterator[str]:
    for name in ("facts", "sources"):
        yield words.text(lang, f"common.{name}")


def cells(index: Index, chosen: Selection, order: Order) -> Iterator[list[str | int | None]]:
    """The rows of the whole table, in a language: IRI, name, kind, classifications, places, since when, counts."""
    lang = order.lang
    names = {iri: known.get(lang) or next(iter(known.values()), iri) for iri, known in index.labels.items()}
    for number in in_order(index, index.selected(chosen), order).tolist():
        row = _row(index, number)
        listed = ("; ".join(names.get(iri, iri) for iri in row[part]) or None for part in ("classifications", "places"))  # type: ignore[attr-defined]
        kind = names.get(index.kinds[number], index.kinds[number])
        yield [index.things[number], index.names[lang][number], kind, *listed, *_counted(row)]


def _counted(row: Json) -> Iterator[str | int | None]:
    for part in ("from", "facts", "sources"):
        yield row[part]  # type: ignore[misc]


def places(index: Index, chosen: Selection, *, with_things: bool = False) -> Json:
    """The places of what is selected, with the things that are in each: its own, and those in all places inside it.

    `without` are the first organisations and clusters without a place, of which there are `unplaced`.

    `with_things` lists the own things instead of counting them only.
    """
    mask = index.selected(chosen)
    column = index.columns["place"]
    inside, own = column.counts(mask), _own(column, mask)
    shown = [
        (value, n)
        for n, value in enumerate(column.values)
        if value in index.number_of and (inside[n] or value in chosen.of("place"))
    ]
    found = [
        _labelled(index, index.number_of[iri])
        | dict(zip(("lat", "lon"), index.points.get(iri, (None, None)), strict=True))
        | {"within": index.within.get(iri, []), "own": int(own[n]), "inside": int(inside[n])}
        | ({"things": _things_in(index, column, n, mask)} if with_things else {})
        for iri, n in shown
    ]
    placed = np.zeros(len(index.things), dtype=bool)
    placed[column.things] = True
    mentioned = {str(place["kind"]) for place in found} | {
        above for iri, _ in shown for above in index.within.get(iri, ())
    }
    seatable = having_any(index.columns["kind"], (term(name).value for name in SEATABLE), len(index.things))
    unplaced = mask & ~placed & seatable
    without = [_labelled(index, n) for n in in_order(index, unplaced, Order())[:MOMENTS].tolist()]
    mentioned |= {str(one["kind"]) for one in without}
    return {
        "total": int(mask.sum()),
        "placed": int((mask & placed).sum()),
        "places": found,
        "unplaced": int(unplaced.sum()),
        "without": without,
        "names": _names(index, mentioned - {iri for iri, _ in shown}),
    }


def _own(column: Column, mask: Mask) -> Numbers:
    """The number of things in a mask that have each value themselves."""
    return np.bincount(column.numbers[column.direct & mask[column.things]], minlength=len(column.values))


def _things_in(index: Index, column: Column, number: int, mask: Mask) -> list[str]:
    here = slice(column.starts[number], column.starts[number + 1])
    things = column.things[here][column.direct[here]]
    return [index.things[thing] for thing in things[mask[things]].tolist()]


def timeline(index: Index, chosen: Selection) -> Json:
    """What is selected and has a time, grouped by what happened: the first moments of each group, and years."""
    grouped, undated = _grouped(index, index.selected(chosen))
    dated = [index.moments[index.things[number]] for numbers in grouped.values() for number in numbers.tolist()]
    return {
        "dated": len(dated),
        "undated": int(undated.size),
        "from": min((str(known["from"]) for known in dated), default=None),
        "to": max((str(known["to"]) for known in dated), default=None),
        "years": [{"year": year, "count": n} for year, n in sorted(_years(index, chosen))],
        "groups": [
            {"group": name, "count": int(numbers.size), "rows": _moments(index, numbers[:MOMENTS])}
            for name, numbers in grouped.items()
            if numbers.size
        ],
        "without": [_labelled(index, number) for number in undated[:MOMENTS].tolist()],
        "names": _names(index, {index.kinds[number] for number in np.flatnonzero(index.is_datable)}),
    }


def moments(index: Index, chosen: Selection, group: str, page: int) -> Json:
    """A further page of one group of the timeline; of what has no date for the group `without`."""
    grouped, undated = _grouped(index, index.selected(chosen))
    numbers = undated if group == "without" else grouped[group]
    part = numbers[(page - 1) * MOMENTS : page * MOMENTS]
    if group == "without":
        return {"rows": [_labelled(index, number) for number in part.tolist()]}
    return {"rows": _moments(index, part)}


def _years(index: Index, chosen: Selection) -> Iterator[tuple[str, int]]:
    """The years of what has a time, as if no year were chosen."""
    column = index.columns["year"]
    counts = column.counts(index.selected(chosen.without("year")) & index.is_datable)
    return ((column.values[n], int(counts[n])) for n in np.flatnonzero(counts).tolist())


def _grouped(index: Index, mask: Mask) -> tuple[dict[str, Numbers], Numbers]:
    """The dated things of a mask by group, the earliest first, and the things that should have a date by name."""
    datable = np.flatnonzero(mask & index.is_datable)
    is_dated = np.array([index.things[number] in index.moments for number in datable.tolist()], dtype=bool)
    left, undated = datable[is_dated], datable[~is_dated]
    by_day = sorted(left.tolist(), key=lambda number: (str(index.moments[index.things[number]]["from"]), number))
    left = np.array(by_day, dtype=np.int64)
    found = {}
    for name, classes in GROUPS.items():
        having = np.concatenate([index.columns["kind"].having(term(kind).value) for kind in classes])
        is_in = np.isin(left, having)
        found[name], left = left[is_in], left[~is_in]
    found["event"] = np.concatenate([found["event"], left])
    return found, undated[np.argsort(index.ranks["pl"][undated], kind="stable")]


def _moments(index: Index, numbers: Numbers) -> list[Json]:
    return [_labelled(index, number) | index.moments[index.things[number]] for number in numbers.tolist()]
