"""Output of commands: data to stdout, everything else to stderr."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import pyoxigraph as ox

from kgraph.base.problems import Problem
from kgraph.base.text import seen
from kgraph.base.words import text
from kgraph.cli.isolation import free_memory
from kgraph.errors import BadQuery, LimitExceeded, Timeout
from kgraph.rdf import bounds, sparql


def say(message: str) -> None:
    """Print a message to stderr, control characters of the data made visible."""
    click.echo(seen(message), err=True)


@contextmanager
def steps(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A function that shows the current step on a terminal; it does nothing when `quiet` or redirected."""
    from kgraph.graph.entity import as_text

    console = as_text.console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    with console.status("") as status:
        yield lambda message: status.update(f"{message} …")


@contextmanager
def bar(message: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A function that shows how much is done, of how much, and how much a second, on a terminal.

    `unit` is what is counted; bytes are shown in multiples of themselves.
    """
    if not sys.stderr.isatty():
        yield lambda done, whole: None
        return
    from rich import progress  # slow to import, and needed on a terminal only
    from rich.console import Console

    bytes_ = (progress.DownloadColumn(), progress.TransferSpeedColumn())
    counted = (progress.MofNCompleteColumn(), progress.TextColumn("{task.fields[rate]}"))
    columns = (progress.TextColumn("{task.description}"), progress.BarColumn(), *(bytes_ if unit == "B" else counted))
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(message, total=None, rate="")

        def step(done: int, whole: int) -> None:
            seconds = shown.tasks[0].elapsed
            rate = f"{done / seconds:,.0f} {unit}/s" if done and seconds else ""
            shown.update(task, completed=done, total=whole or None, rate=rate)

        yield step


def say_day(day: str | None, lang: str = "en") -> None:
    """Name the day that an answer is about, if it is about one."""
    if day:
        say(text(lang, "questions.as of", day=day))


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """End the process after some seconds, on Ctrl-C or SIGTERM: a running SPARQL query cannot be interrupted.

    Meanwhile the process may grow by the memory that is free.
    """

    def end() -> None:
        say(f"kgraph: stopped after {seconds:g} s; ask for less, or for more time with --timeout")
        os._exit(Timeout.exit_code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    handlers = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGTERM)}
    timer.start()
    try:
        with free_memory():
            yield
    finally:
        timer.cancel()
        for number, handler in handlers.items():
            signal.signal(number, handler)


def read_stdin() -> str:
    """The query on stdin, of which no more is read than a query may have."""
    most = 4 * bounds.LENGTH  # UTF-8 has at most four bytes for a character
    content = sys.stdin.buffer.read(most + 1)
    if len(content) > most:
        raise LimitExceeded(f"the query on stdin has more than {most} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise BadQuery("the query on stdin is not UTF-8") from error


def put(content: bytes, output: Path | None) -> None:
    """Write bytes to a file or to stdout."""
    from kgraph.rdf.store import write_file

    if output:
        write_file(output, content)
        say(f"wrote {output}")
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()


TABLE_FORMATS = {"txt": "table"} | {form: form for form in (*sparql.TABLES, "ndjson", "md")}
"""The format of a table by the ending of its file."""

ANSWER_FORMATS = TABLE_FORMATS | {form: form for form in sparql.GRAPHS}


def by_ending(output: Path | None, endings: Mapping[str, str]) -> str | None:
    """The format of a file by its ending, None without an ending; BadQuery for an unknown one."""
    if output is None or not output.suffix:
        return None
    ending = output.suffix[1:].lower()
    if ending not in endings:
        raise BadQuery(f"{output} has the ending of no format; use .{', .'.join(endings)}")
    return endings[ending]


def is_watched(output: Path | None) -> bool:
    return sys.stdout.isatty() and not output


def put_rows(found: sparql.Table | sparql.Result, form: str | None, output: Path | None) -> None:
    """Print rows, or an answer that has them, in a format for tables."""
    answer = sparql.solutions(*found) if isinstance(found, tuple) else found
    put_written(written(answer, form, output, TABLE_FORMATS), output)


@dataclass(frozen=True)
class Written:
    """An answer in its format, and the number of its rows when they are to be counted for a person."""

    content: bytes
    rows: int | None = None


def put_written(answer: Written, output: Path | None) -> None:
    put(answer.content, output)
    if answer.rows is not None:
        say(f"{answer.rows} {'row' if answer.rows == 1 else 'rows'}")


def written(
    result: sparql.Result, form: str | None, output: Path | None, endings: Mapping[str, str] = ANSWER_FORMATS
) -> Written:
    """An answer in the format of --format, else of the file's ending, else in one that suits its kind."""
    is_graph, is_truth = isinstance(result, ox.QueryTriples), isinstance(result, ox.QueryBoolean)
    fitting = "ttl" if is_graph else "table" if is_truth or is_watched(output) else "csv"
    chosen = form or by_ending(output, endings) or fitting
    if chosen == "table" and is_truth:
        return Written(b"true\n" if result else b"false\n")
    if chosen == "table" and isinstance(result, ox.QuerySolutions):
        return _table(result, output)
    return Written(sparql.serialize(result, chosen))


def _table(result: ox.QuerySolutions, output: Path | None) -> Written:
    """An answer as a table as wide as the console."""
    from kgraph.graph.entity import as_text

    console, rows = as_text.console(to_file=output is not None), list(sparql.rows(result))
    with console.capture() as captured:
        console.print(as_text.table(sparql.columns(result), rows, console.width))
    return Written(captured.get().encode(), len(rows))


def put_json(content: object) -> None:
    put(json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n", None)


def report_problems(found: Sequence[Problem], lang: str) -> None:
    """Print faults to stdout and their number to stderr; exit with code 1 when there are any."""
    for problem in found:
        click.echo(seen(problem.worded(lang)))
    if found:
        say(text(lang, "faults.found", n=len(found)))
        raise SystemExit(1)
