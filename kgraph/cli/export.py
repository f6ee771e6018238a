"""Commands that write files for others: exports, the picture, the report."""

from pathlib import Path

import click

from kgraph.base import paths
from kgraph.cli.group import main
from kgraph.cli.options import AS_OF, DATA, GRAPH, LANG, OUTPUT, opened, options
from kgraph.cli.output import by_ending, put, report_problems

ENDINGS = {"ttl": "turtle", "nt": "nt", "jsonld": "jsonld", "trig": "trig"}
"""The format of an export by the ending of its file."""


@main.command()
@click.argument("form", type=click.Choice(["turtle", "nt", "jsonld", "trig", "context"]), required=False)
@click.option("--asserted", is_flag=True, help="Leave the inferred facts out.")
@click.option("--graphs", is_flag=True, help="TriG, with a graph for each source.")
@options(DATA, GRAPH, OUTPUT)
def export(
    form: str | None, asserted: bool, graphs: bool, data: Path | None, folder: Path | None, output: Path | None
) -> None:
    """Write the graph in a standard format; the same data gives the same bytes. Faulty data is refused.

    turtle, nt, jsonld, trig, or the JSON-LD context alone; by default what the ending of the file says, else turtle.

    \b
    Examples:
      kgraph export turtle -o sekg.ttl
      kgraph export --graphs -o sekg.trig
      kgraph export --asserted -o asserted.jsonld
    """
    from kgraph import publish
    from kgraph.build import pipeline

    if graphs and form not in (None, "trig"):
        raise click.UsageError(f"--graphs is for trig; {form} has no graphs")
    if data and folder:
        raise click.UsageError("give --data or --graph, not both")
    chosen = form or ("trig" if graphs else by_ending(output, ENDINGS) or "turtle")
    store, faults = (opened(folder).store, []) if folder else pipeline.validated(paths.folders(data=data))
    report_problems(faults)
    put(publish.export(store, chosen, inferred=not asserted), output)


@main.command()
@click.argument("thing", required=False)
@click.option("--depth", type=click.IntRange(1, 10), default=1, show_default=True, help="Steps around THING.")
@options(AS_OF, LANG, GRAPH, OUTPUT)
def picture(
    thing: str | None, depth: int, as_of: str | None, lang: str, folder: Path | None, output: Path | None
) -> None:
    """Draw the network as one page that opens offline: all of it, or what is around THING.

    With --as-of, what had ended or had not begun on that day is left out.

    \b
    Examples:
      kgraph picture -o picture.html
      kgraph picture "Zioła Siedleckie" --depth 2 -o ziola.html
      kgraph picture --as-of 2018-01-01 -o before.html
    """
    from kgraph.graph import networks, states
    from kgraph.publish import picture as drawing

    graph = opened(folder)
    store, focus = graph.store, graph.resolve(thing).value if thing else None
    drawn = networks.neighbourhood(store, focus, depth) if focus else networks.whole(store)
    if as_of is not None:
        drawn = networks.as_of(store, drawn, states.day(as_of), focus)
    put(drawing.page(store, drawn, lang).encode(), output)


@main.command()
@options(LANG, GRAPH, OUTPUT)
def report(lang: str, folder: Path | None, output: Path | None) -> None:
    """Write a Markdown page: sizes, sources, what is not known, all questions with their answers.

    \b
    Examples:
      kgraph report --lang pl -o report.md
    """
    from kgraph.graph import questions as prepared
    from kgraph.publish import report as reporting

    known = prepared.all_in(paths.folders().ontology)
    put(reporting.markdown(opened(folder).store, known.values(), lang).encode(), output)
