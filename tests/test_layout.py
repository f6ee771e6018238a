"""Layouts: saved positions, and the positions of small and large networks."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from kgraph.base import paths
from kgraph.graph.network import layout
from kgraph.graph.network.networks import Edge, Network, Node


def test_a_country_is_laid_out_at_once_and_kept(tmp_path: Path) -> None:
    nodes = tuple(Node(f"x:{number:05}", "x:kind", (("pl", "Podmiot"),)) for number in range(5_000))
    edges = tuple(Edge(one.iri, "x:p", other.iri, (), None) for one, other in zip(nodes, nodes[7:], strict=False))
    started = time.process_time()
    layout.save(Network(nodes, edges), frozenset(), tmp_path)
    assert time.process_time() - started < 10
    kept = layout.load(tmp_path)
    assert kept == layout.computed(Network(nodes, edges), frozenset())
    assert len(set(kept.values())) == len(nodes)


def test_a_part_is_laid_out_around_a_thing_and_what_is_not_linked_stands_beside_it() -> None:
    nodes = tuple(Node(f"x:{name}", "x:kind", (("pl", "Podmiot"),)) for name in "abcdef")
    edges = tuple(Edge(f"x:{one}", "x:p", f"x:{other}", (), None) for one, other in ("ab", "ac", "ad", "ef"))
    places = layout.around(Network(nodes, edges), "x:a")
    assert places == layout.around(Network(nodes, edges), "x:a")
    assert places["x:a"] == (0, 0) and len({*places.values()}) == len(nodes)
    star, pair = (np.array([places[f"x:{name}"] for name in part]) for part in ("abcd", "ef"))
    assert ((star.max(axis=0) < pair.min(axis=0)) | (pair.max(axis=0) < star.min(axis=0))).any()
    assert layout.around(Network((), ())) == {}


def test_a_build_without_a_layout_says_so(tmp_path: Path) -> None:
    assert layout.load(tmp_path) is None


def _tree(size: int) -> Network:
    nodes = tuple(Node(f"x:{number:04}", "x:kind", (("pl", f"rzecz {number}"),)) for number in range(size))
    return Network(nodes, tuple(Edge(nodes[n // 3].iri, "p", nodes[n].iri, (), "r") for n in range(1, size)))


def test_a_small_first_view_of_a_large_network_is_laid_out_too() -> None:
    assert len(set(layout.positions(_tree(520), {"x:0001", "x:0002"}).values())) > 500


def test_a_first_view_without_things_is_no_error() -> None:
    assert len(set(layout.positions(_tree(9), set()).values())) == 9


def test_labels_of_two_things_are_apart() -> None:
    (x, y), (other_x, other_y) = layout.positions(_tree(2), {"x:0000", "x:0001"}).values()
    assert abs(x - other_x) >= 60 or abs(y - other_y) >= 48


def test_a_layout_is_computed_once_and_kept_for_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.CACHE, str(tmp_path / "cache"))
    first = layout.positions(_tree(9), {"x:0001"})
    [kept] = (tmp_path / "cache").iterdir()
    assert first == layout.computed(_tree(9), {"x:0001"})
    kept.write_text(json.dumps({"x:0000": [7, 8]}))
    assert layout.positions(_tree(9), {"x:0001"}) == {"x:0000": (7, 8)}
    assert layout.positions(_tree(9), {"x:0002"}) == layout.computed(_tree(9), {"x:0002"})
    assert len([*kept.parent.iterdir()]) == 2
    for spoilt in ("", "[]", '{"x:0000": 7}', '{"x:0000": ["a", 8]}'):
        kept.write_text(spoilt)
        assert layout.positions(_tree(9), {"x:0001"}) == first


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    for cache in ("", str(tmp_path / "file")):
        monkeypatch.setenv(paths.CACHE, cache)
        assert layout.positions(_tree(9), set()) == layout.computed(_tree(9), set())
    monkeypatch.delenv(paths.CACHE)
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert paths.cache_folder() == Path.home() / ".cache" / "kgraph"


def test_the_cache_keeps_what_was_written_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "KEPT", 3)
    for number in range(5):
        paths.keep(tmp_path / f"layout-{number}.json", b"{}")
        os.utime(tmp_path / f"layout-{number}.json", (number, number))
    assert {path.name for path in tmp_path.iterdir()} == {f"layout-{number}.json" for number in (2, 3, 4)}
    paths.keep(tmp_path / "picture-1.png", b"")
    assert len([*tmp_path.iterdir()]) == 4  # a kind does not displace another
