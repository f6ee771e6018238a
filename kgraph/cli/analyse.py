"""Commands that measure and draw the network."""

from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import click

from kgraph.base.words import text
from kgraph.cli.options import AS_OF, ENDPOINT, GRAPH, LANG, OUTPUT, PATH, TIMEOUT, Where, choice, main, opened, options
from kgraph.cli.output import TABLE_FORMATS, by_ending, put, put_rows, say, say_day, stopped_after
from kgraph.errors import NotFound
from kgraph.rdf import sparql

MEASURES = ("things", "ties", "network")
NETWORKS = ("gexf", "graphml", "ttl")
ENDINGS = TABLE_FORMATS | {form: form for form in NETWORKS}


@main.command()
@choice(
    "--projection",
    "bipartite",
    "signatories",
    "agreements",
    help="bipartite: agreements and their signatories; signatories: joined by the agreements they share, whose number "
    "is the weight; agreements: joined by shared signatories.",
)
@click.option(
    "--table",
    "shown",
    type=click.Choice(MEASURES),
    help="things (the default): degree, weight, betweenness, core, community, whether it cuts; ties: weight, whether "
    "it is a bridge, sources; network: the whole, with modularity and assortativity by kind and place.",
)
@click.option(
    "--chain",
    "ends",
    nargs=2,
    metavar="THING THING",
    help="Show the shortest chain of facts between two things instead, each step with its source.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *sparql.TABLES, "ndjson", "md", *NETWORKS]),
    help="A table as table, csv, tsv, json, xml, ndjson or md; the network with all its measures as gexf or graphml; "
    "the measures as RDF (ttl).",
)
@click.option(
    "--figure",
    "figures",
    type=PATH,
    multiple=True,
    help="Draw the network into a .svg or .pdf: bipartite as two columns, the other projections as a matrix; may be "
    "repeated. Needs matplotlib.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the communities.")
@click.option(
    "--as-of",
    "day",
    metavar="DATE",
    help="Of this day, such as 2019-12-31; by default that of the last change of the data.",
)
@options(LANG, GRAPH, ENDPOINT, TIMEOUT, OUTPUT)
def analyse(
    projection: str,
    shown: str | None,
    ends: tuple[str, str] | None,
    form: str | None,
    figures: tuple[Path, ...],
    seed: int,
    day: str | None,
    lang: str,
    timeout: float,
    output: Path | None,
    **where: Unpack[Where],
) -> None:
    """Measure the network of agreements and those who signed them.

    What had ended or had not begun on the day is left out. The same data, day and seed give the same bytes.

    \b
    Examples:
      kgraph analyse
      kgraph analyse --projection signatories --lang pl
      kgraph analyse --table network --as-of 2019-12-31
      kgraph analyse --table ties -o ties.csv
      kgraph analyse -o network.gexf
      kgraph analyse -o measures.ttl
      kgraph analyse --figure network.svg --lang pl
      kgraph analyse --projection signatories --figure shared.pdf
      kgraph analyse --chain "Zioła Siedleckie" "Artur Pozorek"
    """
    from kgraph.graph.network import analysis, edges, networks
    from kgraph.graph.statements import states

    form = form or by_ending(output, ENDINGS)
    refuse_what_does_not_go_together(ends, shown, form, figures, output)
    graph = opened(**where)
    with stopped_after(timeout):
        if ends:
            one, other = (graph.resolve(name).value for name in ends)
            steps = networks.chain(graph.store, one, other, states.day(day) if day else None)
        else:
            found = analysis.analyse(graph.store, projection, day, seed)
    if ends:
        put_rows(analysis.chain(steps), form, output)
        say_day(day, lang)
        return
    if figures:
        from kgraph.publish import figures as drawing

        for path in figures:
            put(drawing.figure(graph.store, found, path.suffix[1:], lang), path)
    elif form in NETWORKS:
        from kgraph.publish.formats import cube, graphml

        formats = {"gexf": graphml.measured_gexf, "graphml": graphml.measured_graphml}
        told = edges.told(graph.store, {source for tie in found.ties for source in tie.sources}, lang)
        put(formats[form](found, lang, told) if form in formats else cube.turtle(found), output)
    else:
        put_rows(analysis.AS_TABLE[shown or "things"](found, lang), form, output)
        say_day(found.basis.day, lang)


def refuse_what_does_not_go_together(
    ends: tuple[str, str] | None, shown: str | None, form: str | None, figures: Sequence[Path], output: Path | None
) -> None:
    if shown and form in NETWORKS:
        raise click.UsageError(f"{form} holds all measures; leave out --table")
    if shown and (ends or figures):
        raise click.UsageError("--table is one of measures; leave it out beside --chain and --figure")
    if ends and (figures or form in NETWORKS):
        raise click.UsageError("a chain is a table; leave out --figure and choose another --format")
    if figures and (form or output):
        raise click.UsageError("--figure names its own file; leave out --format and --output")
    for path in figures:
        if path.suffix not in (".svg", ".pdf"):
            raise click.UsageError(f"a figure is written as .svg or .pdf; {path} is neither")


@main.command()
@click.argument("place", required=False)
@click.option("--year", type=int, help="Of one year.")
@click.option("--things", is_flag=True, help="One row for each thing that a number counts, or may count.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *sparql.TABLES, "ndjson", "md", "ttl"]),
    help="A table as table, csv, tsv, json, xml, ndjson or md; all numbers as RDF Data Cubes (ttl).",
)
@options(LANG, GRAPH, OUTPUT)
def numbers(
    place: str | None,
    year: int | None,
    things: bool,
    form: str | None,
    lang: str,
    folder: Path | None,
    output: Path | None,
) -> None:
    """Count organisations by legal form and status, agreements and people, by powiat and year.

    PLACE is a powiat or a city with powiat rights. What is not known stands beside each number and is not counted. The
    pages say what each number means.

    \b
    Examples:
      kgraph numbers Siedlce
      kgraph numbers Siedlce --year 2018 --things
      kgraph numbers --year 2018 -o numbers.csv
      kgraph numbers -o numbers.ttl
    """
    from kgraph.graph.faceting import facets, indicators

    form = form or by_ending(output, TABLE_FORMATS | {"ttl": "ttl"})
    if form == "ttl" and (place or year or things):
        raise click.UsageError("ttl holds all numbers; leave out PLACE, --year and --things")
    graph = opened(folder)
    found = indicators.indicators(graph.store, facets.dates(graph.store))
    if form == "ttl":
        from kgraph import publish
        from kgraph.publish.formats import cube

        put(publish.turtle(cube.indicators(found), cube.HEADING_OF_NUMBERS), output)
        return
    at = graph.resolve(place).value if place else None
    if at and at not in found.areas:
        raise NotFound(f"nothing is counted in {place}; give a powiat or a city with powiat rights")
    if year and not found.first <= year <= found.last:
        raise NotFound(f"there are numbers from {found.first} to {found.last}, not of {year}")
    put_rows(indicators.table(graph.store, found, lang, at, year, things=things), form, output)


@main.command()
@click.argument("thing", required=False)
@click.option("--depth", type=click.IntRange(1, 10), default=1, show_default=True, help="Steps around THING.")
@options(AS_OF, LANG, GRAPH, OUTPUT)
def picture(
    thing: str | None, depth: int, as_of: str | None, lang: str, folder: Path | None, output: Path | None
) -> None:
    """Draw the network as one page that opens offline: all of it, or what is around THING.

    Of thousands of things, one picture shows the largest agreements and partnerships. With --as-of, what had ended or
    had not begun on that day is left out.

    \b
    Examples:
      kgraph picture -o picture.html
      kgraph picture "Zioła Siedleckie" --depth 2 -o ziola.html
      kgraph picture --as-of 2018-01-01 -o before.html
    """
    from kgraph.graph.network import groups, networks
    from kgraph.graph.statements import states
    from kgraph.publish import picture as drawing

    graph = opened(folder)
    store, focus = graph.store, graph.resolve(thing).value if thing else None
    if focus:
        drawn = networks.neighbourhood(store, focus, depth)
    elif groups.is_large(store):
        say(text(lang, "picture.tooLarge"))
        drawn = networks.overview(store)
    else:
        drawn = networks.whole(store)
    if as_of is not None:
        drawn = networks.as_of(store, drawn, states.day(as_of), focus)
    put(drawing.page(store, drawn, lang).encode(), output)
