"""The command that hands the graph over to a larger engine."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox

from kgraph.base import paths
from kgraph.cli.group import main
from kgraph.cli.options import GRAPH, LANG, ONTOLOGY, PATH, TIMEOUT, opened, options
from kgraph.cli.output import say

if TYPE_CHECKING:
    from kgraph.publish.handoff import Compared

SHOWN = 3
"""The most differing rows of an answer that are shown."""


@main.command()
@click.argument("engine", type=click.Choice(["virtuoso", "qlever", "oxigraph"]))
@GRAPH
@click.option("--out", type=PATH, help="The folder to write: new, or empty.")
@click.option(
    "--verify", "url", metavar="URL", help="The SPARQL address of an engine that was loaded: compare answers."
)
@options(ONTOLOGY, TIMEOUT, LANG)
def handoff(
    engine: str,
    folder: Path | None,
    out: Path | None,
    url: str | None,
    ontology: Path | None,
    timeout: float,
    lang: str,
) -> None:
    """Write the graph for another engine, sorted and ready to load, or compare its answers with ours.

    \b
    Examples:
      kgraph handoff oxigraph --graph my-graph --out for-oxigraph
      kgraph handoff virtuoso --graph my-graph --out for-virtuoso
      kgraph handoff oxigraph --graph my-graph --verify http://localhost:7878/query
    """
    if not (out or url):
        raise click.UsageError("say with --out where to write, or with --verify whom to compare with")
    store = opened(folder).store
    if out:
        _write(store, engine, folder, out)
    if url:
        _verify(store, url, ontology, timeout, lang)


def _write(store: ox.Store, engine: str, folder: Path | None, out: Path) -> None:
    from kgraph.publish import handoff
    from kgraph.rdf.store import must_be_new, replace

    must_be_new(out)
    total = replace(out, lambda fresh: handoff.write(store, engine, str(folder or "my-graph"), fresh))
    say(f"wrote {total:,} quads to {out}; its README.md tells how to load them")


def _verify(store: ox.Store, url: str, ontology: Path | None, timeout: float, lang: str) -> None:
    from kgraph.graph import questions
    from kgraph.publish import handoff
    from kgraph.rdf.endpoint import Endpoint, address

    known = questions.all_in(paths.folders(ontology).ontology).values()
    different = 0
    for found in handoff.verify(store, Endpoint(address(url), timeout), known, lang):
        different += not found.equal
        click.echo(f"{found.question}: {_verdict(found)}")
    if different:
        say(f"{different} {'question is' if different == 1 else 'questions are'} answered differently")
        raise SystemExit(1)
    say("all questions are answered alike")


def _verdict(found: "Compared") -> str:
    """How two answers compare, with the first rows that only one of them has."""
    if found.equal:
        return f"{found.rows} rows, equal" + ("" if found.exact else " but for the rounding of points and true as 1")
    lines = [f"{len(found.only_here)} rows only here, {len(found.only_there)} only there"]
    for where, rows in (("here", found.only_here), ("there", found.only_there)):
        lines += [f"  only {where}: {' | '.join(row)}" for row in rows[:SHOWN]] + ["  …"][: len(rows) > SHOWN]
    return found.error or "\n".join(lines)
