"""Output of commands: data to stdout, everything else to stderr."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import pyoxigraph as ox

from kgraph.base.problems import Problem
from kgraph.base.text import seen
from kgraph.base.words import text
from kgraph.errors import BadQuery, Timeout
from kgraph.rdf import sparql


def say(message: str) -> None:
    """Print a message to stderr, control characters of the data made visible."""
    click.echo(seen(message), err=True)


@contextmanager
def steps(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A function that shows the current step on a terminal; it does nothing when `quiet` or redirected."""
    from kgraph.graph import as_text

    console = as_text.console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    with console.status("") as status:
        yield lambda message: status.update(f"{message} …")


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """End the process after some seconds or on Ctrl-C: a running SPARQL query cannot be interrupted."""

    def end() -> None:
        say(f"kgraph: stopped after {seconds:g} s; ask for less, or for more time with --timeout")
        os._exit(Timeout.exit_code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    previous = signal.signal(signal.SIGINT, signal.SIG_DFL)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, previous)


def read_stdin() -> str:
    try:
        return sys.stdin.buffer.read().decode()
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
    put_answer(sparql.solutions(*found) if isinstance(found, tuple) else found, form, output, TABLE_FORMATS)


def put_answer(
    result: sparql.Result, form: str | None, output: Path | None, endings: Mapping[str, str] = ANSWER_FORMATS
) -> None:
    """Print an answer in the format of --format, else of the file's ending, else in one that suits its kind."""
    is_graph, is_truth = isinstance(result, ox.QueryTriples), isinstance(result, ox.QueryBoolean)
    fitting = "ttl" if is_graph else "table" if is_truth or is_watched(output) else "csv"
    chosen = form or by_ending(output, endings) or fitting
    if chosen == "table" and is_truth:
        put(b"true\n" if result else b"false\n", output)
    elif chosen == "table" and isinstance(result, ox.QuerySolutions):
        put_table(result, output)
    else:
        put(sparql.serialize(result, chosen), output)


def put_table(result: ox.QuerySolutions, output: Path | None) -> None:
    """Print an answer as a table as wide as the console, and the number of its rows."""
    from kgraph.graph import as_text

    console, rows = as_text.console(to_file=output is not None), list(sparql.rows(result))
    with console.capture() as captured:
        console.print(as_text.table(sparql.columns(result), rows, console.width))
    put(captured.get().encode(), output)
    say(f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}")


def put_json(content: object) -> None:
    put(json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n", None)


def report_problems(found: Sequence[Problem], lang: str = "en") -> None:
    """Print faults to stdout and their number to stderr; exit with code 1 when there are any."""
    for problem in found:
        click.echo(seen(problem.worded(lang)))
    if found:
        say(text(lang, "faults.found", n=len(found)))
        raise SystemExit(1)
