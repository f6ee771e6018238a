"""A layout that is kept, and one of a whole country."""

import time
from pathlib import Path

from kgraph import layout
from kgraph.networks import Edge, Network, Node


def test_a_country_is_laid_out_at_once_and_kept(tmp_path: Path) -> None:
    nodes = tuple(Node(f"x:{number:05}", "x:kind", (("pl", "Podmiot"),)) for number in range(5_000))
    edges = tuple(Edge(one.iri, "x:p", other.iri, (), None) for one, other in zip(nodes, nodes[7:], strict=False))
    started = time.process_time()
    layout.write(Network(nodes, edges), frozenset(), tmp_path)
    assert time.process_time() - started < 10
    kept = layout.read(tmp_path)
    assert kept == layout.positions(Network(nodes, edges), frozenset())
    assert len(set(kept.values())) == len(nodes)


def test_a_build_without_a_layout_says_so(tmp_path: Path) -> None:
    assert layout.read(tmp_path) is None
