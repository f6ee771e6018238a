"""How long each prepared question takes over a large graph: `python bench/questions.py --graph FOLDER`, seconds.

Each question is asked as a command, `kgraph questions NAME`, start included, with parameters that exist in a graph of
`bench/generate.py`. With --before, the same command of an earlier checkout is measured in turn, over a graph it built.
The goal is 1 s for up to 10,000 organisations, and 5 s for more; the median of the CPU seconds is held against it. Wall
seconds are shown too, and say little on a loaded machine. Exits with 1 when a question does not reach the goal.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import generate

from kgraph.base import paths
from kgraph.build import pipeline
from kgraph.graph import questions

ROUNDS, LIMIT = 3, 60
"""Rounds of each question, and the seconds after which one is stopped."""
GOALS = ((10_000, 1.0), (100_000, 5.0))
"""The CPU seconds within which each question is answered, by the number of organisations."""
CLUSTER = ("cluster=id:c10",)
PARAMETERS: Mapping[str, Sequence[str]] = {
    "asserted-or-inferred": ("subject=id:o7",),
    "chain": ("from=id:o104", "to=id:o150"),
    "director-on-the-day": ("organisation=id:o107", "event=id:s10"),
    "entities-in-territory": ("area=id:pl-1401",),
    "founders": CLUSTER,
    "leaders": ("organisation=id:o107",),
    "marks-and-joining": CLUSTER,
    "members-on-a-day": CLUSTER,
    "on-no-list": ("area=id:pl-14",),
    "organisations-by-powiat": ("area=id:pl-14",),
    "outside-territory": CLUSTER,
    "role-changes": ("organisation=id:o104",),
    "seats": ("agreement=id:a10",),
    "shared-purposes": ("one=id:a10",),
    "signed-or-attended": ("event=id:s10",),
    "signing-date": ("event=id:s10",),
    "single-source": ("subject=id:o7",),
    "status-on-a-day": ("organisation=id:o2", "day=2018-01-01"),
    "statuses-ending": ("day=2023-01-01",),
    "within-30-km": (*CLUSTER, "limit=300"),
    "within-30-km-box": (*CLUSTER, "limit=300"),
    "words-behind-edge": ("subject=id:a10", "predicate=se:hasSignatory", "object=id:o107"),
}
"""What is asked for in an invented graph; the other questions are asked without parameters."""


@dataclass(frozen=True)
class Run:
    """One answer: its wall and CPU seconds and its rows; none of them when it was stopped or failed."""

    wall: float
    cpu: float
    rows: int | None


def ask(checkout: Path, graph: Path, name: str) -> Run:
    """The answer of a checkout's command to a question."""
    code = "from kgraph.cli import main; main()"
    given = [argument for value in PARAMETERS.get(name, ()) for argument in ("--param", value)]
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.csv"
        command = [sys.executable, "-c", code, "questions", name, *given, "--graph", str(graph), "-o", str(answer)]
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        try:
            subprocess.run(
                command, env={**os.environ, "PYTHONPATH": str(checkout)}, timeout=LIMIT, check=True, capture_output=True
            )
            rows = answer.read_bytes().count(b"\n") - 1
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            rows = None
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(time.perf_counter() - started, cpu, rows)


def seconds(runs: Sequence[Run]) -> str:
    """The median of some runs as two cells, wall and CPU."""
    if not answered(runs):
        return "none | none"
    return f"{statistics.median(run.wall for run in runs):.2f} | {cpu(runs):.2f}"


def answered(runs: Sequence[Run]) -> bool:
    return all(run.rows is not None for run in runs)


def cpu(runs: Sequence[Run]) -> float:
    """The median of the CPU seconds."""
    return statistics.median(run.cpu for run in runs)


def measure(graph: Path, before: tuple[Path, Path] | None, rounds: int, goal: float) -> bool:
    """Print a row for each question, the old checkout and the new one in turn; whether all hold."""
    earlier = ("before: wall, s", "CPU, s", "CPU, old by new") if before else ()
    columns = ("question", "rows", "wall, s", "CPU, s", f"≤ {goal:g} s CPU", *earlier)
    print(f"| {' | '.join(columns)} |\n| --- |{' ---: |' * (len(columns) - 1)}")
    held = [row(graph, before, rounds, goal, name) for name in questions.all_in(paths.folders().ontology)]
    return all(held)


def row(graph: Path, before: tuple[Path, Path] | None, rounds: int, goal: float, name: str) -> bool:
    """Print the row of a question; whether it holds."""
    new: list[Run] = []
    old: list[Run] = []
    for _ in range(rounds):
        new.append(ask(Path(__file__).parent.parent, graph, name))
        if before and answered(old):
            old.append(ask(before[0], before[1], name))
    holds = answered(new) and cpu(new) <= goal
    cells = [f"`{name}`", str(new[0].rows), seconds(new), "held" if holds else "**not held**"]
    if before:
        cells += [seconds(old), f"{cpu(old) / cpu(new):.1f}×" if answered((*old, *new)) else ""]
    print(f"| {' | '.join(cells)} |", flush=True)
    return holds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("organisations", type=int, nargs="?", default=10_000, help="how many (default: 10000)")
    parser.add_argument("--graph", type=Path, help="a graph of bench/generate.py with so many, that is built already")
    parser.add_argument(
        "--before", type=Path, nargs=2, metavar=("CHECKOUT", "GRAPH"), help="an earlier version and its graph"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each is asked (default: {ROUNDS})")
    given = parser.parse_args()
    goal = next((goal for size, goal in GOALS if given.organisations <= size), GOALS[-1][1])
    with tempfile.TemporaryDirectory() as folder:
        graph = given.graph or Path(folder) / "graph"
        if not given.graph:
            generate.write_folder(Path(folder) / "data", range(given.organisations // generate.A_SOURCE), 1)
            own = paths.Folders(paths.folders().ontology, Path(folder) / "data")
            pipeline.build(graph, pipeline.Recipe(own, records=False))
        held = measure(graph, tuple(given.before) if given.before else None, given.rounds, goal)
    sys.exit(not held)


if __name__ == "__main__":
    main()
