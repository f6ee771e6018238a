"""Readers of event streams: one by the rules of TREE, and the npm package ldes-client."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

TREE, ABOUT = "https://w3id.org/tree#", "https://www.w3.org/ns/activitystreams#object"

BARE = re.compile(rb"(?<=> )(true|false|[+-]?\d+)(?= <)")
"""Values that the client writes as Turtle does, which N-Quads have not."""


@dataclass(frozen=True)
class Member:
    """A member of a stream: the object it is about, and the triples of its named graph."""

    iri: ox.NamedNode
    about: ox.NamedNode
    triples: set[ox.Triple] = field(default_factory=set)


Client = Callable[[str, Path], list[Member]]
"""Gives the members of the stream at an address; what it remembers between calls is in a folder."""


def by_the_rules(address: str, state: Path) -> list[Member]:
    """The members on all pages that the relations of a view lead to (https://w3id.org/tree/specification)."""
    left, pages = [address], set[str]()
    quads: list[ox.Quad] = []
    while left:
        pages.add(page := left.pop())
        form = ox.RdfFormat.from_extension(page.rpartition(".")[2])
        quads += ox.parse(input=httpx.get(page).raise_for_status().content, format=form, base_iri=page)
        found = {str(quad.object)[1:-1] for quad in quads if quad.predicate.value == f"{TREE}node"}
        left += sorted(found - pages - {*left})
    views = [str(quad.object)[1:-1] for quad in quads if quad.predicate.value == f"{TREE}view"]
    assert views == [address]
    return _members(quads, {quad.object for quad in quads if quad.predicate.value == f"{TREE}member"})


def by_ldes_client(address: str, state: Path) -> list[Member]:
    """The members that the client prints: the new ones, as it saves its state. Skips the test without the client."""
    program = shutil.which("ldes-client")
    if not program:
        pytest.skip("LDES-CLIENT is not on this machine: npm install --global ldes-client")
    command = [program, address, "--no-shape", "--save", str(state)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    quads = [*ox.parse(input=BARE.sub(_typed, done.stdout), format=ox.RdfFormat.N_QUADS)]
    return _members(quads, {quad.subject for quad in quads if quad.predicate.value == ABOUT})


def _typed(value: re.Match[bytes]) -> bytes:
    kind = b"boolean" if value[1].isalpha() else b"integer"
    return b'"%b"^^<http://www.w3.org/2001/XMLSchema#%b>' % (value[1], kind)


def _members(quads: Iterable[ox.Quad], members: set[object]) -> list[Member]:
    given = [*quads]
    about = {quad.subject: quad.object for quad in given if quad.predicate.value == ABOUT and quad.subject in members}
    found = {iri: Member(iri, end) for iri, end in about.items()}  # type: ignore[arg-type]
    for quad in given:
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name in found:
            found[quad.graph_name].triples.add(quad.triple)
    return [*found.values()]
