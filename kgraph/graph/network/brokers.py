"""Brokers among those who sign agreements: who lies between others, and whose removal splits the network.

A step leads from one signatory over a common agreement to another. Betweenness is the share of shortest paths between
two signatories that pass through a third (Brandes 2001). A build keeps the measures beside its store.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kgraph.base.vocab import term
from kgraph.graph.statements import states
from kgraph.rdf import sparql

BROKERS = "brokers.json"
"""The name of the measures inside a build folder."""
ALL, PIVOTS, AT_ONCE = 1000, 512, 32
"""Up to ALL starts of paths each is taken; of more, PIVOTS are drawn (Brandes and Pich 2007); AT_ONCE in one pass."""

Ends = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Broker:
    """A signatory: its betweenness (0 to 1), whether it is a cut vertex, its agreements, the first source of them."""

    iri: str
    betweenness: float
    cuts: bool
    agreements: int
    source: str


SIGNING = [str(term(name)).encode() for name in ("se:hasSignatory", "foaf:Group")]


def may_change(lines: Iterable[bytes]) -> bool:
    """Whether added N-Quads say who signed, or that somebody is a group, which is left out."""
    return any(name in line for line in lines for name in SIGNING)


def save(store: ox.Store, folder: Path) -> None:
    """Write the brokers of a graph into a build folder."""
    (folder / BROKERS).write_text(json.dumps([astuple(broker) for broker in brokers(store)]), encoding="utf-8")


def load(folder: Path) -> list[Broker] | None:
    """The brokers in a build folder; None when it has no measures."""
    try:
        rows = json.loads((folder / BROKERS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return [Broker(*row) for row in rows]


def brokers(store: ox.Store, on: ox.Literal | None = None) -> list[Broker]:
    """Those between others, and the cut vertices, the strongest first; of what was there on a day, if one is given."""
    gone = states.absent(store, on) if on else set()
    signed: dict[str, set[str]] = defaultdict(set)
    source: dict[str, str] = {}
    for agreement, signatory, by in sparql.named(store, "co-signers"):
        if gone & {agreement.value, signatory.value}:
            continue
        signed[agreement.value].add(signatory.value)
        source[signatory.value] = min(by.value, source.get(signatory.value, by.value))
    together = {agreement: signatories for agreement, signatories in signed.items() if len(signatories) > 1}
    shares, cuts = betweenness(together), _cuts(together)
    count = {thing: len(found) for thing, found in _agreements_of(together).items()}
    found = (Broker(thing, shares[thing], thing in cuts, count[thing], source[thing]) for thing in shares)
    return sorted((b for b in found if b.betweenness or b.cuts), key=lambda b: (-b.betweenness, b.iri))


def _agreements_of(signed: Mapping[str, set[str]]) -> Mapping[str, list[str]]:
    by_signatory: dict[str, list[str]] = defaultdict(list)
    for agreement, signatories in signed.items():
        for signatory in signatories:
            by_signatory[signatory].append(agreement)
    return by_signatory


def _cuts(signed: Mapping[str, set[str]]) -> set[str]:
    """The things without which the network falls into more parts."""
    import networkx as nx

    edges = ((agreement, signatory) for agreement, signatories in signed.items() for signatory in signatories)
    return set(nx.articulation_points(nx.Graph(edges)))


def betweenness(signed: Mapping[str, set[str]], *, every: int = ALL, pivots: int = PIVOTS) -> dict[str, float]:
    """The betweenness of those who signed several agreements; above `every` starts an estimate from `pivots`.

    Who signed one agreement is between nobody, and counts as one of the ends at that agreement.
    """
    several = {thing for thing, found in _agreements_of(signed).items() if len(found) > 1}
    things = [*sorted(signed), *sorted(several)]
    numbers = {thing: number for number, thing in enumerate(things)}
    pairs = [(numbers[a], numbers[s]) for a in sorted(signed) for s in sorted(signed[a] & several)]
    weights = np.array([*(len(signed[a] - several) for a in sorted(signed)), *(1 for _ in several)], np.float64)
    starts, factors = _starts(weights, every, pivots)
    total = np.zeros(len(things))
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    for at in range(0, len(starts), AT_ONCE) if pairs else ():
        total += _dependencies(ends, weights, starts[at : at + AT_ONCE]) @ factors[at : at + AT_ONCE]
    count = weights.sum()
    shares = total / max(1, (count - 1) * (count - 2))
    return {thing: round(float(shares[numbers[thing]]), 9) for thing in sorted(several)}


def _starts(weights: Numbers, every: int, pivots: int) -> tuple[Ends, Numbers]:
    """The starts of paths, and how many starts each of them stands for."""
    starts = np.flatnonzero(weights)
    if starts.size <= every:
        return starts, weights[starts]
    drawn = np.random.default_rng(0).choice(starts, pivots, p=weights[starts] / weights.sum())
    return drawn, np.full(pivots, weights.sum() / pivots)


def _dependencies(pairs: Ends, weights: Numbers, starts: Ends) -> Numbers:
    """For each thing and start, the paths from that start to others that pass through the thing, as shares."""
    both = np.concatenate((pairs, pairs[:, ::-1]))
    both = both[np.argsort(both[:, 1], kind="stable")]
    near, (reached, first) = both[:, 0], np.unique(both[:, 1], return_index=True)

    def spread(values: Numbers) -> Numbers:
        summed = np.zeros_like(values)
        summed[reached] = np.add.reduceat(values[near], first)
        return summed

    columns = np.arange(len(starts))
    paths = np.zeros((len(weights), len(starts)))
    steps = np.full(paths.shape, -1, np.int16)
    paths[starts, columns], steps[starts, columns] = 1, 0
    last = 0
    while (fresh := spread(np.where(steps == last, paths, 0)) * (steps < 0)).any():
        last += 1
        steps[fresh > 0], paths = last, paths + fresh
    passing = np.zeros(paths.shape)
    for step in range(last, 0, -1):
        told = np.divide(weights[:, None] + passing, paths, out=np.zeros(paths.shape), where=steps == step)
        passing += np.where(steps == step - 1, paths * spread(told), 0)
    passing[starts, columns] = 0
    return passing
