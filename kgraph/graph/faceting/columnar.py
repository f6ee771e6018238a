"""The index of facets as a file: in a build folder for its server, in a release for its explorer."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyoxigraph as ox

from kgraph.base.vocab import BASE
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadData
from kgraph.graph.entity.as_json import Json
from kgraph.graph.faceting import facets, listing
from kgraph.graph.faceting.facets import Column, Encoded, Index, Numbers
from kgraph.graph.statements.contributions import Contribution
from kgraph.graph.statements.quality import Quality

Value = TypeVar("Value")

FILE = "facets.json"
"""The name of the index inside a build folder."""


def save(store: ox.Store, folder: Path, known: Encoded | None = None) -> None:
    """Write the index of a store into a build folder; `known` is the store, if encoded."""
    (folder / FILE).write_bytes(as_bytes(facets.index(store, facets.dates(store), known)))


def load(folder: Path | None) -> Index | None:
    """The index in a build folder, None where there is none; BadData for one that is damaged."""
    file = folder and folder / FILE
    if not (file and file.is_file()):
        return None
    try:
        return _read(json.loads(file.read_bytes()))
    except (ValueError, KeyError, TypeError) as error:
        raise BadData(f"{file} is damaged ({error}); remove the build and run “kgraph build” again") from error


def as_bytes(index: Index) -> bytes:
    return json.dumps(written(index), ensure_ascii=False, separators=(",", ":")).encode()


def written(index: Index) -> Json:
    """The index with IRIs below the base shortened: things in columns, names, what rows are sorted by."""
    return {
        "things": _short(index.things),
        "kinds": _short(index.kinds),
        "main": np.flatnonzero(index.is_main).tolist(),
        "datable": np.flatnonzero(index.is_datable).tolist(),
        "facts": index.facts.tolist(),
        "sources": index.sources.tolist(),
        "columns": {name: _pairs(column) for name, column in index.columns.items()},
        "homes": _pairs(index.homes),
        "moments": _by_path(index.moments),
        "points": _by_path(index.points),
        "within": {path: _short(outer) for path, outer in _by_path(index.within).items()},
        "labels": {path: dict(sorted(names.items())) for path, names in _by_path(index.labels).items()},
        "contributions": {source: astuple(counts) for source, counts in _by_path(index.contributions).items()},
        "quality": astuple(index.quality),
        "triples": index.triples,
        "orders": {lang: _orders(index, lang) for lang in LANGUAGES},
    }


def _short(iris: Iterable[str]) -> list[str]:
    return [iri.removeprefix(BASE) for iri in iris]


def _by_path(values: Mapping[str, Value]) -> dict[str, Value]:
    """Values in the order of their paths."""
    return {iri.removeprefix(BASE): value for iri, value in sorted(values.items())}


def _pairs(column: Column) -> Json:
    """The values of a column, and for each value the things that have it directly, and the others."""
    rows = []
    for start, end in zip(column.starts[:-1].tolist(), column.starts[1:].tolist(), strict=True):
        things, direct = column.things[start:end], column.direct[start:end]
        rows.append([things[direct].tolist(), things[~direct].tolist()])
    return {"values": _short(column.values), "things": rows}


def _orders(index: Index, lang: str) -> Json:
    """What rows are sorted by in each column; -1 for no value."""
    found = {}
    for column in listing.COLUMNS:
        ranks, has_value = listing.sorting(index, column, lang)
        found[column] = np.where(has_value, ranks, -1).tolist()
    return found


def _read(known: Any) -> Index:
    things, labels = _long(known["things"]), _by_iri(known["labels"])
    index = Index(
        things,
        {lang: tuple(facets.best(labels[thing], lang, thing) for thing in things) for lang in LANGUAGES},
        _long(known["kinds"]),
        _mask(known["main"], len(things)),
        _mask(known["datable"], len(things)),
        {name: _column(pairs) for name, pairs in known["columns"].items()},
        _column(known["homes"]),
        _by_iri(known["moments"]),
        _whole(known["facts"]),
        _whole(known["sources"]),
        labels,
        _by_iri(known["points"]),
        {place: _long(outer) for place, outer in _by_iri(known["within"]).items()},
        {source: Contribution(*counts) for source, counts in _by_iri(known["contributions"]).items()},
        Quality(*known["quality"]),
        known.get("triples"),
    )
    index.ranks = {lang: _whole(orders["name"]) for lang, orders in known["orders"].items()}
    return index


def _iri(path: str) -> str:
    return path if path.startswith(("http:", "https:")) or path.isdecimal() else BASE + path


def _long(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_iri, paths))


def _by_iri(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_iri(path): value for path, value in values.items()}


def _whole(numbers: list[int]) -> Numbers:
    return np.array(numbers, dtype=np.int64)


def _mask(numbers: list[int], size: int) -> facets.Mask:
    found = np.zeros(size, dtype=bool)
    found[numbers] = True
    return found


def _column(pairs: Any) -> Column:
    """The column of its written form; the things of a value are sorted."""
    things, numbers, direct = [], [], []
    for number, (own, others) in enumerate(pairs["things"]):
        all_ = _whole([*own, *others])
        order = np.argsort(all_, kind="stable")
        things.append(all_[order])
        numbers.append(np.full(all_.size, number, dtype=np.int64))
        direct.append(order < len(own))
    none = np.empty(0, dtype=np.int64)
    joined = np.concatenate([none, *things]), np.concatenate([none, *numbers])
    return Column(_long(pairs["values"]), *joined, np.concatenate([none.astype(bool), *direct]))
