"""The benchmark of kgraph against other tools: `python bench/run.py --quick` (ten minutes on two cores).

Each job runs in a separate process. Rounds alternate between the tools, so that other load affects all of them. Each
tool has a virtual environment; the table names those that cannot be installed. The result is the section "A whole
country" of bench/RESULTS.md, with a verdict for each goal.
"""

import argparse
import json
import math
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from kgraph.base import paths

EXAMPLES = """\
examples:
  python bench/run.py --quick                  10,000 organisations, the closure of 100,000 too
  python bench/run.py                          the builds of 100,000 as well: about an hour
  python bench/run.py --quick --only closure   one piece of work, printed and not kept
"""

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
HEADING = "# A whole country"
METHOD = """\
A synthetic ecosystem (`bench/generate.py`); each tool in a separate process and virtual environment; interleaved
rounds; medians. The load of the machine changes seconds more than ratios of CPU seconds: compare the rows.
"""

PEERS = {
    "rdflib": ("rdflib",),
    "kglab": ("kglab", "setuptools"),
    "oxrdflib": ("oxrdflib",),
    "maplib": ("maplib",),
    "owlrl": ("owlrl", "rdflib"),
    "pyshacl": ("pyshacl",),
    "reasonable": ("reasonable", "rdflib"),
    "networkx": ("networkx",),
    "igraph": ("igraph",),
}
"""The packages to install for each tool."""

OWN = ("kgraph", "oxigraph")
"""The tools that run in the environment of this script: kgraph, and Oxigraph with CONSTRUCT queries."""

SECONDS = 900
"""The time limit of a job in seconds."""

Part = tuple[float, float]


@dataclass(frozen=True)
class Run:
    """One run of a job: wall and CPU seconds by part, peak memory in megabytes, the answer or the failure."""

    parts: Mapping[str, Part]
    peak: float
    answer: object
    failure: str | None = None


@dataclass(frozen=True)
class Work:
    """A job: its name in jobs.py, number of organisations, tools, rounds, files, and the tools that run only once."""

    name: str
    size: int
    tools: Sequence[str]
    rounds: int
    files: tuple[str, ...]
    once: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        return f"{self.name} {self.size:,}"


Key = tuple[str, str]
"""The label of a job and the name of a tool."""


def works(folder: Path, quick: bool) -> list[Work]:
    """The jobs of the benchmark; slow tools run only once."""
    ontology, kinds, shapes = (str(paths.bundled().ontology / f"{name}.ttl") for name in ("sekg", "kinds", "shapes"))
    small, middle, large = (str(folder / f"{size}.nt") for size in (1_000, 10_000, 100_000))
    graphs = ("kgraph", "rdflib", "kglab", "oxrdflib", "maplib")
    found = [
        Work("load", 10_000, graphs, 3, (middle,)),
        Work("queries", 10_000, graphs, 3, (middle,), frozenset({"rdflib", "kglab"})),
        Work("parse", 10_000, ("kgraph",), 3, (middle,)),
        Work("closure", 1_000, ("kgraph", "owlrl", "reasonable"), 3, (small, ontology), frozenset({"owlrl"})),
        Work("closure", 10_000, ("kgraph", "oxigraph", "reasonable"), 3, (middle, ontology), frozenset({"reasonable"})),
        Work("parse", 100_000, ("kgraph",), 3, (large,)),
        Work("closure", 100_000, ("kgraph",), 3, (large, ontology)),
        Work("validation", 10_000, ("kgraph", "pyshacl"), 3, (middle, ontology, kinds, shapes), frozenset({"pyshacl"})),
        Work("export", 10_000, ("kgraph", "rdflib", "kglab"), 3, (middle,), frozenset({"kglab"})),
        Work("measures", 10_000, ("kgraph", "igraph", "networkx"), 3, (middle,), frozenset({"networkx"})),
        Work("pipeline", 1_000, ("kgraph", "kglab"), 3, (small, ontology, kinds, shapes), frozenset({"kglab"})),
    ]
    for size in (10_000,) if quick else (10_000, 100_000):
        files = (str(folder / f"data-{size}"), str(folder / f"build-{size}"))
        found += [Work("build", size, ("kgraph",), 1, files), Work("added", size, ("kgraph",), 1, files)]
    return found


# Environments and data


def interpreters(folder: Path, say: Callable[[str], None]) -> dict[str, Path | str]:
    """The Python interpreter of each tool, or the error of its installation."""
    found: dict[str, Path | str] = {tool: Path(sys.executable) for tool in OWN}
    for peer, packages in PEERS.items():
        say(f"installing {peer}")
        found[peer] = _installed(folder / peer, packages)
    return found


def _installed(folder: Path, packages: Sequence[str]) -> Path | str:
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        done = subprocess.run([python, "-m", "pip", "install", "-q", *packages], capture_output=True, text=True)
        if done.returncode:
            return next(iter(reversed(done.stderr.strip().splitlines())), "pip failed")
        (folder / "installed").touch()
    return python


def generate(folder: Path, needed: Iterable[Work], say: Callable[[str], None]) -> None:
    """Generate the files that the jobs need, unless they exist."""
    for file in sorted({file for work in needed for file in work.files if file.startswith(str(folder))}):
        path = Path(file)
        size = "".join(filter(str.isdigit, path.stem))
        if not path.exists() and not path.stem.startswith("build"):
            say(f"generating {path.name}")
            form = ["--facts", path] if path.suffix == ".nt" else ["--out", path]
            subprocess.run([sys.executable, HERE / "generate.py", size, *form], check=True, stderr=subprocess.DEVNULL)


# Running


def run(python: Path | str, work: Work, tool: str) -> Run:
    if isinstance(python, str):
        return Run({}, 0, None, f"not installed: {python}")
    command = [python, HERE / "jobs.py", tool, work.name.replace("added", "build"), *work.files]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return Run({}, 0, None, f"no answer within {SECONDS} s")
    if done.returncode:
        return Run({}, 0, None, next(iter(reversed(done.stderr.strip().splitlines())), f"ended with {done.returncode}"))
    found = json.loads(done.stdout.splitlines()[-1])
    return Run({name: (wall, cpu) for name, (wall, cpu) in found["parts"].items()}, found["peak"], found["answer"])


def run_all(
    todo: Sequence[Work], pythons: Mapping[str, Path | str], say: Callable[[str], None]
) -> dict[Key, list[Run]]:
    """The runs of every job and tool. A build runs twice: without its last source, then with that source added."""
    found: dict[Key, list[Run]] = {}
    for number in range(max(work.rounds for work in todo)):
        for work in todo:
            for tool in work.tools:
                if number < (1 if tool in work.once else work.rounds):
                    say(f"round {number + 1}: {work.label}, {tool}")
                    with_source = _held_back(work) if work.name == "build" else None
                    found.setdefault((work.label, tool), []).append(run(pythons[tool], work, tool))
                    if with_source:
                        with_source()
    return found


def _held_back(work: Work) -> Callable[[], object]:
    """Remove the earlier build and move the last source away; the returned function restores the source."""
    data, out = map(Path, work.files)
    shutil.rmtree(out, ignore_errors=True)
    for left in data.glob("register-*.ttl"):  # left by an interrupted run
        left.rename(data / "sources" / left.name)
    last = max((data / "sources").glob("*.ttl"))
    held = last.rename(data / last.name)
    return lambda: held.rename(last)


# The table


def cpu(runs: Sequence[Run], name: str = "all") -> float:
    return statistics.median(run.parts[name][1] for run in runs)


def wall(runs: Sequence[Run], name: str = "all") -> float:
    return statistics.median(run.parts[name][0] for run in runs)


def total(run: Run) -> Part:
    """Wall and CPU seconds of the whole job, or the sum of its parts."""
    parts = [run.parts["all"]] if "all" in run.parts else list(run.parts.values())
    return sum(part[0] for part in parts), sum(part[1] for part in parts)


def table(found: Mapping[Key, Sequence[Run]]) -> str:
    lines = [
        "| work, organisations | tool | wall, s | CPU, s | spread of CPU | peak, MB | CPU against kgraph |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for (label, tool), runs in found.items():
        if runs[0].failure:
            lines.append(f"| {label} | {tool} | {runs[0].failure[:80]} | | | | |")
            continue
        walls, cpus = zip(*map(total, runs), strict=True)
        spread = f"{min(cpus):.3g}–{max(cpus):.3g}" if len(runs) > 1 else "once"
        ours = statistics.median(total(run)[1] for run in found[label, "kgraph"])
        ratio = "" if tool == "kgraph" else f"{statistics.median(cpus) / ours:.2f}×"
        numbers = f"{statistics.median(walls):.3g} | {statistics.median(cpus):.3g} | {spread} | {_peak(runs):.0f}"
        lines.append(f"| {label} | {tool} | {numbers} | {ratio} |")
    return "\n".join(lines)


def _peak(runs: Sequence[Run]) -> float:
    return max(run.peak for run in runs)


def queries_table(found: Mapping[Key, Sequence[Run]], label: str) -> str:
    """A Markdown table of the research queries: milliseconds by tool, and the numbers of rows."""
    tools = [tool for (work, tool), runs in found.items() if work == label and not runs[0].failure]
    lines = [
        f"| query | rows | {' | '.join(f'{tool}, ms' for tool in tools)} |",
        "| --- | ---: |" + " ---: |" * len(tools),
    ]
    answers = {tool: dict(found[label, tool][0].answer) for tool in tools}  # type: ignore[call-overload]
    for name in found[label, "kgraph"][0].parts:
        rows = {str(answers[tool].get(name)) for tool in tools}
        cells = [f"{1000 * wall(found[label, tool], name):.2f}" for tool in tools]
        lines.append(f"| {name} | {' or '.join(sorted(rows))} | {' | '.join(cells)} |")
    return "\n".join(lines)


# The goals


@dataclass(frozen=True)
class Goal:
    """A goal of the benchmark: its target, the measured value, and whether it is reached."""

    work: str
    aim: str
    measured: str
    reached: bool


def at_least(work: str, aim: float, ratio: float) -> Goal:
    return Goal(work, f"≥ {aim:g}×", f"{ratio:.3g}×", ratio >= aim)


def at_most(work: str, aim: float, ratio: float) -> Goal:
    return Goal(work, f"≤ {aim:.3g}×", f"{ratio:.3g}×", ratio <= aim)


def geometric(found: Mapping[Key, Sequence[Run]], label: str, peer: str) -> float:
    """The geometric mean of the ratios of wall time, other tool to kgraph, over the queries that it answers."""
    names = [name for name, rows in dict(found[label, peer][0].answer).items() if isinstance(rows, int)]  # type: ignore[call-overload]
    ratios = [wall(found[label, peer], name) / wall(found[label, "kgraph"], name) for name in names]
    return math.exp(statistics.fmean(map(math.log, ratios)))


def goals(found: Mapping[Key, Sequence[Run]], folder: Path) -> list[Goal]:
    """The goals whose jobs have run."""
    f = {key: runs for key, runs in found.items() if not runs[0].failure}
    aims: list[tuple[Iterable[Key], Callable[[], Goal]]] = []

    def add(label: str, tools: Iterable[str], goal: Callable[[], Goal], *more: Key) -> None:
        aims.append(([*((label, tool) for tool in ("kgraph", *tools)), *more], goal))

    def ratio(label: str, peer: str, part: str = "all") -> float:
        return cpu(f[label, peer], part) / cpu(f[label, "kgraph"], part)

    load, asked = "load 10,000", "queries 10,000"
    for peer in ("rdflib", "kglab"):
        add(load, [peer], lambda p=peer: at_least(f"load against {p}", 15, ratio(load, p, "load")))  # type: ignore[misc]
        add(asked, [peer], lambda p=peer: at_least(f"queries against {p}", 60, geometric(f, asked, p)))  # type: ignore[misc]
    add(asked, ["maplib"], lambda: at_least("queries against maplib", 1, geometric(f, asked, "maplib")))
    one, ten, hundred = "closure 1,000", "closure 10,000", "closure 100,000"
    add(one, ["owlrl"], lambda: at_least("closure against owlrl, 1,000", 500, ratio(one, "owlrl")))
    add(ten, ["oxigraph"], lambda: at_least("closure against CONSTRUCTs", 75, ratio(ten, "oxigraph")))
    file = (folder / "100000.nt").stat().st_size / 1e6 if (folder / "100000.nt").exists() else 1.0
    add(
        hundred,
        [],
        lambda: at_most("memory of the closure of 100,000, in input files", 3, _peak(f[hundred, "kgraph"]) / file),
    )
    add(hundred, [], lambda: speed(f[hundred, "kgraph"]))
    parse = ("parse 100,000", "kgraph")
    add(
        hundred,
        [],
        lambda: at_most(
            "encoding of 100,000, in raw parses", 2, cpu(f[hundred, "kgraph"], "encode") / cpu(f[parse], "parse")
        ),
        parse,
    )
    valid, path = "validation 10,000", "pipeline 1,000"
    add(valid, ["pyshacl"], lambda: at_least("validation against pySHACL", 25, ratio(valid, "pyshacl")))
    add(
        path,
        ["kglab"],
        lambda: at_least("parse, infer, validate, export against kglab, 1,000", 20, ratio(path, "kglab")),
    )
    add(
        path,
        ["kglab"],
        lambda: at_most("its memory against kglab's", 0.5, _peak(f[path, "kgraph"]) / _peak(f[path, "kglab"])),
    )
    add(
        hundred,
        [],
        lambda: at_most(
            "growth of the closure, 10,000 to 100,000, time", 12, cpu(f[hundred, "kgraph"]) / cpu(f[ten, "kgraph"])
        ),
        (ten, "kgraph"),
    )
    add(
        hundred,
        [],
        lambda: at_most("growth of the closure, memory", 12, _peak(f[hundred, "kgraph"]) / _peak(f[ten, "kgraph"])),
        (ten, "kgraph"),
    )
    for size in ("10,000", "100,000"):
        whole, more = f"build {size}", (f"added {size}", "kgraph")
        add(
            whole,
            [],
            lambda w=whole, m=more, s=size: at_most(
                f"one source added to {s}, in whole builds", 1 / 50, wall(f[m]) / wall(f[w, "kgraph"])
            ),
            more,
        )  # type: ignore[misc]
    both = ("build 100,000", "kgraph")
    add(
        "build 10,000",
        [],
        lambda: at_most("growth of the build, time", 12, wall(f[both]) / wall(f["build 10,000", "kgraph"])),
        both,
    )
    add(
        "build 10,000",
        [],
        lambda: at_most("growth of the build, memory", 12, _peak(f[both]) / _peak(f["build 10,000", "kgraph"])),
        both,
    )
    return [goal() for needed, goal in aims if all(key in f for key in needed)]


def speed(runs: Sequence[Run]) -> Goal:
    inferred = runs[0].answer
    assert isinstance(inferred, int)
    millions = inferred / cpu(runs, "close") / 1e6
    return Goal("inferred triples a CPU second, 100,000", "≥ 2 million", f"{millions:.2f} million", millions >= 2)


def goals_table(reached: Sequence[Goal]) -> str:
    lines = ["| work | goal | measured | |", "| --- | ---: | ---: | --- |"]
    lines += [
        f"| {g.work} | {g.aim} | {g.measured} | {'reached' if g.reached else '**not reached**'} |" for g in reached
    ]
    return "\n".join(lines)


def completeness(found: Mapping[Key, Sequence[Run]]) -> str:
    """A sentence with the number of inferred facts per engine: an incomplete closure is no faster closure."""
    said = []
    for label in ("closure 1,000", "closure 10,000"):
        answers = {
            tool: runs[0].answer for (work, tool), runs in found.items() if work == label and not runs[0].failure
        }
        said.append(
            f"{label}: " + ", ".join(f"{tool} {count:,}" for tool, count in answers.items() if isinstance(count, int))
        )
    return "Inferred facts: " + "; ".join(said) + "."


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, {platform.system()}, Python"
        f" {platform.python_version()}; load when the run ended: {load}"
    )


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def section(found: Mapping[Key, Sequence[Run]], command: str, folder: Path) -> str:
    return "\n\n".join(
        [
            HEADING,
            f"`{command}`; {machine()}.\n{METHOD.strip()}",
            goals_table(goals(found, folder)),
            (HERE / "OBSTACLES.md").read_text(encoding="utf-8").strip(),
            table(found),
            completeness(found),
            "The research queries, wall time:",
            queries_table(found, "queries 10,000"),
        ]
    )


def keep(text: str) -> None:
    """Replace the section in bench/RESULTS.md."""
    before, _, rest = RESULTS.read_text(encoding="utf-8").partition(HEADING + "\n")
    _, mark, after = rest.partition("\n# ")
    RESULTS.write_text(before.rstrip("\n") + f"\n\n{text}\n" + (f"\n# {after}" if mark else ""), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="leave out the builds of 100,000 organisations")
    parser.add_argument("--only", help="run works whose name begins so, and print the tables")
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "kgraph-bench"
    parser.add_argument("--folder", type=Path, default=default, help=f"for environments and data (default: {default})")
    asked = parser.parse_args()
    todo = [work for work in works(asked.folder, asked.quick) if work.name.startswith(asked.only or "")]
    asked.folder.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    with console.status("") as status:
        say = status.update if console.is_terminal else lambda message: console.print(message, style="dim")
        pythons = interpreters(asked.folder, say)
        generate(asked.folder, todo, say)
        found = run_all(todo, pythons, say)
    if asked.only:
        print(table(found), goals_table(goals(found, asked.folder)), sep="\n\n")
    else:
        keep(section(found, "python bench/run.py --quick" if asked.quick else "python bench/run.py", asked.folder))


if __name__ == "__main__":
    main()
