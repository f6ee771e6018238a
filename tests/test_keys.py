"""Triples encoded as sorted keys: round trip, and the operations of joins."""

import numpy as np
import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from kgraph.rdf import encoding
from kgraph.rdf.encoding import Facts

LINES = [
    b"<x:a> <x:p> <x:b> .\n",
    b'<x:a> <x:p> "a b \\" . c"@pl .\n',
    b'<x:b> <x:q> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n',
    b"<x:b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:C> .\n",
]

small = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=20)


def encoded(pairs: list[tuple[int, int]]) -> encoding.Keys:
    return encoding.distinct(np.array([one << 32 | other for one, other in pairs], dtype=np.int64))


def decoded(found: encoding.Keys) -> list[tuple[int, int]]:
    return [(key >> 32, key & encoding.LOW) for key in found.tolist()]


def test_what_is_read_is_what_is_written() -> None:
    facts = Facts()
    encoding.read(facts, [*LINES, *LINES])
    assert sorted(encoding.all_lines(facts)) == sorted(LINES)


def test_only_what_is_wanted_is_read() -> None:
    facts = Facts()
    encoding.read(facts, LINES, {b"<x:q>", b"<x:C>"})
    assert sorted(encoding.all_lines(facts)) == sorted(LINES[2:])


def test_reading_again_brings_nothing_new() -> None:
    facts = Facts()
    assert encoding.read(facts, LINES).keys() == {ox.NamedNode(f"x:{name}") for name in "pqC"}
    assert encoding.read(facts, LINES) == {}


@given(small, small)
def test_arrays_behave_like_sets(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    left, right = encoded(one), encoded(other)
    assert decoded(left) == sorted(set(one))
    assert decoded(encoding.absent(left, right)) == sorted(set(one) - set(other))
    assert decoded(encoding.merged(left, encoding.absent(right, left))) == sorted({*one, *other})
    assert sorted(decoded(encoding.swap(left))) == sorted({(b, a) for a, b in one})
    joined = {(a, d) for a, b in one for c, d in other if b == c}
    assert decoded(encoding.distinct(encoding.join(left, right))) == sorted(joined)
