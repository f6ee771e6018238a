"""Goals of registers on files that the reader has: the list of public benefit organisations, TERC, later editions.

The list is added and built into the curated graph, the share of rows with a gmina or a city is counted, and a second
edition with one row in a hundred changed is read. CPU seconds count all processes, with the start of Python.
"""

import argparse
import csv
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from registers import TITLES, Cost, measured, organisations, prepared

from kgraph.base import paths
from kgraph.base.vocab import term
from kgraph.build import pipeline
from kgraph.graph.statements import rows

EXAMPLES = """\
examples:
  python bench/editions.py                                       100,000 invented rows, and a second edition
  python bench/editions.py --opp opp.csv --terc TERC.csv         the real files, added and built, and a second edition
  python bench/editions.py --rows 300000
  python bench/editions.py --rows 9181 --built                   both editions of invented rows, each built
"""

RUN = (sys.executable, "-c", "from kgraph.cli import main; main()")
FIRST, SECOND = "2030-02-01", "2030-03-01"
EVERY = 100
"""Of so many rows one is changed."""


def added(data: Path, register: str, file: Path, day: str, folder: Path) -> Cost:
    """What `kgraph register add` costs."""
    return measured((*RUN, "register", "add", register, file, "--as-of", day, "--data", data), folder)


def changed(table: Sequence[Sequence[str]], name: int) -> Iterator[Sequence[str]]:
    """The rows of a list with another name in one of a hundred, the first row at the end."""
    for number, row in enumerate((*table[1:], table[0])):
        yield row if number % EVERY else [*row[:name], f"{row[name]} ODDZIAŁ", *row[name + 1 :]]


def write(file: Path, header: Sequence[str], table: Iterable[Sequence[str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        written = csv.writer(out, lineterminator="\n")
        written.writerow(header)
        written.writerows(table)
    return file


def said(name: str, cost: Cost) -> None:
    print(f"| {name} | {cost.wall:.1f} | {cost.cpu:.2f} | {cost.peak:,.0f} |", flush=True)


def head() -> None:
    print("| step | wall, s | CPU, s | peak, MB |\n| --- | ---: | ---: | ---: |")


def editions(data: Path, table: Sequence[Sequence[str]], header: Sequence[str], folder: Path) -> None:
    """A first edition and a second one, with the ratio of their costs; `--help` is the start of Python."""
    name = header.index("Name")
    start = measured((*RUN, "register", "--help"), folder)
    first = added(data, "opp", write(folder / "first.csv", header, table), FIRST, folder)
    second = added(data, "opp", write(folder / "second.csv", header, changed(table, name)), SECOND, folder)
    said(f"{len(table):,} rows, first edition", first)
    said("second edition, 1 % changed", second)
    print(f"\nCPU of the second to the first: {second.cpu / first.cpu:.2f}, ", end="")
    print(f"without the start of Python {(second.cpu - start.cpu) / (first.cpu - start.cpu):.2f}\n")


def real(opp: Path, terc: Path, folder: Path) -> None:
    """The real list, added and built into the curated graph; the share of its rows whose territory is known."""
    data = folder / "curated"
    shutil.copytree(paths.bundled().data, data)
    head()
    steps = [added(data, "terc", terc, "2024-01-01", folder), added(data, "opp", opp, "2024-12-31", folder)]
    steps.append(measured((*RUN, "build", "--data", data, "--out", folder / "graph"), folder))
    for name, cost in zip(("TERC added", "OPP added", "built"), steps, strict=True):
        said(name, cost)
    total = sum(cost.wall for cost in steps), sum(cost.cpu for cost in steps), max(cost.peak for cost in steps)
    said("in all (goals: 20 s, 1,000 MB)", Cost(*total))
    resolved(data)
    with opp.open(encoding="utf-8-sig", newline="") as lines:
        header, *table = csv.reader(lines)
    for edition in ("opp-2024-12-31",):
        measured((*RUN, "register", "remove", edition, "--data", data), folder)
    head()
    editions(data, table, header, folder)


def built(data: Path, table: Sequence[Sequence[str]], folder: Path) -> None:
    """An invented list, added and built into the curated graph where that is built already; then a second edition."""

    def build() -> Cost:
        return measured((*RUN, "build", "--data", data, "--out", folder / "graph"), folder)

    said("the curated graph, built before", build())
    later = changed(table, TITLES.index("Name"))
    for name, lines, day in (("first", iter(table), FIRST), ("second", later, SECOND)):
        file = write(folder / f"{name}.csv", TITLES, lines)
        said(f"{len(table):,} invented rows, {name} edition added", added(data, "opp", file, day, folder))
        said("built", build())


def resolved(data: Path) -> None:
    """The rows of the list by the level of the unit that was found."""
    store, _ = pipeline.validated(paths.folders(data=data))
    source, levels = term("source:opp-2024-12-31"), {}
    for quad in store.quads_for_pattern(None, term("cv:level"), None, None):
        levels[quad.subject] = str(quad.object).rpartition("/")[2].rstrip(">")
    seats = [fact for fact in rows.every(store, source) if fact.triple[1] == term("se:seatIn")]
    found = Counter(levels.get(fact.triple[2], "?") for fact in seats)
    whole = sum(found.values())
    small = sum(count for level, count in found.items() if "gmina" in level or "city" in level)
    print(f"\nseats by level: {dict(found)}; a gmina or a city in {small / whole:.2%} (goal: 99.5 %)\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--opp", type=Path, help="the list of public benefit organisations, in CSV")
    parser.add_argument("--terc", type=Path, help="TERC, in CSV")
    parser.add_argument("--built", action="store_true", help="build the graph after each edition")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if chosen.opp and chosen.terc:
            real(chosen.opp.resolve(), chosen.terc.resolve(), folder)
            return
        data, table = prepared(folder), list(organisations(chosen.rows, random.Random(1)))
        head()
        if chosen.built:
            built(data, table, folder)
        else:
            editions(data, table, TITLES, folder)


if __name__ == "__main__":
    main()
