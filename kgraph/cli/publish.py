"""Commands that write for others: releases, sites, differences, exports, reports, loads of other engines."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.base import paths
from kgraph.cli.options import DATA, GRAPH, LANG, ONTOLOGY, OUTPUT, PATH, QUIET, TIMEOUT, choice, main, opened, options
from kgraph.cli.output import by_ending, put, report_problems, say, steps

if TYPE_CHECKING:
    from kgraph.publish.handoff import Compared

WITHOUT_DRAFTS = click.option("--without-drafts", is_flag=True, help="Leave out the sources that are drafts.")
OUT = click.option("--out", type=PATH, required=True, help="The folder to write: new, or empty.")
BASE_URL = click.option("--base-url", required=True, help="The address that the folder will have on the web.")
ISSUED = click.option(
    "--issued", metavar="DATE", help="The day of publication; by default the day on which the data was last changed."
)
PREVIOUS = click.option("--previous", type=PATH, help="The folder of the release before it, for what changed.")
CONTACT = click.option(
    "--contact",
    metavar="ADDRESS",
    help="The e-mail address, or a page, for corrections and removals; by default that in data/dataset.ttl.",
)
ENDINGS = {"ttl": "turtle", "nt": "nt", "jsonld": "jsonld", "trig": "trig"}
"""The format of an export by the ending of its file."""
MYKOMAP = "mykomap"
"""The form of an export that is a table of organisations."""
SHOWN = 3
"""The most differing rows of an answer that `handoff --verify` shows."""


@main.command()
@click.argument("version")
@options(OUT, BASE_URL, PREVIOUS, ISSUED, CONTACT)
@click.option("--endpoint", metavar="URL", help="Where SPARQL is answered, if anywhere, for the catalogue.")
@click.option("--sign", "key_file", type=PATH, metavar="KEY", help="Sign the manifest with a secret key of minisign.")
@click.option("--rdf12", is_flag=True, help="Write an edition in RDF 1.2 too, with annotations.")
@options(WITHOUT_DRAFTS, DATA, ONTOLOGY, LANG, QUIET)
def release(
    version: str,
    out: Path,
    base_url: str,
    previous: Path | None,
    issued: str | None,
    contact: str | None,
    endpoint: str | None,
    key_file: Path | None,
    rdf12: bool,
    without_drafts: bool,
    data: Path | None,
    ontology: Path | None,
    lang: str,
    quiet: bool,
) -> None:
    """Write a release: graph, tables, catalogue, differences and the static site, in one folder.

    The same data and options give the same bytes. A release is never overwritten.

    \b
    Examples:
      kgraph release 1.0.0 --out dist/1.0.0 --base-url https://example.org/1.0.0/ --contact office@example.org
      kgraph release 1.1.0 --out dist/1.1.0 --base-url https://example.org/1.1.0/ --contact office@example.org \\
          --previous dist/1.0.0
      kgraph check --release dist/1.1.0 --previous dist/1.0.0

    --sign takes a key without a password, such as “minisign -G -W” writes.
    """
    from kgraph.build import drafts
    from kgraph.publish.formats import parquet
    from kgraph.publish.release import making as releases
    from kgraph.publish.release import signing

    folders = paths.folders(ontology, data)
    folders = drafts.without(folders) if without_drafts else folders
    day, asked = releases.day(folders, issued), releases.contact(folders, contact)
    description = releases.describe(version, base_url, day, asked, previous, endpoint)
    key = signing.key(key_file) if key_file else None
    with steps(quiet) as step:
        done = releases.write(out, folders, description, previous, rdf12=rdf12, key=key, step=step)
    report_problems(done.problems, lang)
    for thing in done.vanished:
        say(f"note: {thing} is gone since {description.previous}; say why in removed.ttl beside the data")
    if not parquet.is_available():
        say(f"note: tables/claims.parquet is left out, because pyarrow is not installed; say {parquet.EXTRA}")
    if not quiet:
        say(f"wrote {out}; look at {out / 'index.html'}, prove it with “kgraph check --release {out}”")
        if description.latest_url != description.base_url:
            say(f"publish it at {description.latest_url} too, the address of the newest release")


@main.command()
@options(OUT, BASE_URL, WITHOUT_DRAFTS, DATA, ONTOLOGY, LANG, QUIET)
def site(
    out: Path, base_url: str, without_drafts: bool, data: Path | None, ontology: Path | None, lang: str, quiet: bool
) -> None:
    """Write the static site alone: pages, explorer and live SPARQL, for any web host.

    Faulty data is refused, and so are drafts.

    It is a part of every release.

    \b
    Examples:
      kgraph site --out public --base-url https://example.org/sekg/
      python3 -m http.server --directory public
    """
    from kgraph.build import drafts, pipeline
    from kgraph.publish.release import site as writing

    folders = paths.folders(ontology, data)
    folders = drafts.without(folders) if without_drafts else folders
    report_problems(drafts.problems(folders) or pipeline.validated(folders)[1], lang)
    with steps(quiet) as step:
        writing.write_alone(out, folders, base_url, step)
    if not quiet:
        say(f"wrote {out}; look at it with “python3 -m http.server --directory {out}”")


@main.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@choice("--format", "words", "patch", help="words: by thing, as Markdown; patch: triples, as an RDF Patch.")
@click.option("--exit-code", is_flag=True, help="End with exit code 1 when anything differs.")
@options(LANG, OUTPUT)
def diff(old: Path, new: Path, form: str, exit_code: bool, lang: str, output: Path | None) -> None:
    """Show what changed between two RDF files, builds or releases.

    \b
    Examples:
      kgraph diff dist/1.0.0 dist/1.1.0
      kgraph diff data/sekg.ttl my-graph --lang pl
      kgraph diff old.ttl new.ttl --format patch -o change.rdfp
    """
    from kgraph.publish.release import difference

    before, after = difference.read(old), difference.read(new)
    change = difference.difference(before, after)
    put(difference.patch(change) if form == "patch" else difference.words(before, after, lang).encode(), output)
    if exit_code and change:
        raise SystemExit(1)


@main.command()
@click.argument("form", type=click.Choice(["turtle", "nt", "jsonld", "trig", "context", MYKOMAP]), required=False)
@click.option("--asserted", is_flag=True, help="Leave the inferred facts out.")
@click.option("--graphs", is_flag=True, help="TriG, with a graph for each source.")
@click.option("--kind", metavar="CLASS", help="With mykomap: only organisations of a class, such as cluster.")
@options(DATA, GRAPH, LANG, OUTPUT)
def export(
    form: str | None,
    asserted: bool,
    graphs: bool,
    kind: str | None,
    data: Path | None,
    folder: Path | None,
    lang: str,
    output: Path | None,
) -> None:
    """Write the graph in a standard format; the same data gives the same bytes. Faulty data is refused.

    turtle, nt, jsonld, trig, or the JSON-LD context alone; by default what the ending of the file says, else turtle.
    mykomap: the organisations as the standard CSV of the Solidarity Economy Association's map.

    \b
    Examples:
      kgraph export turtle -o sekg.ttl
      kgraph export --graphs -o sekg.trig
      kgraph export --asserted -o asserted.jsonld
      kgraph export mykomap --lang pl -o standard.csv
    """
    from kgraph import publish
    from kgraph.build import pipeline
    from kgraph.graph.names import labels
    from kgraph.publish.formats import mykomap

    if form == MYKOMAP and asserted:
        raise click.UsageError("--asserted is for triples; mykomap takes a table")
    if kind and form != MYKOMAP:
        raise click.UsageError("--kind goes with mykomap")
    if graphs and form not in (None, "trig"):
        raise click.UsageError(f"--graphs is for trig; {form} has no graphs")
    if data and folder:
        raise click.UsageError("give --data or --graph, not both")
    chosen = form or ("trig" if graphs else by_ending(output, ENDINGS) or "turtle")
    store, faults = (opened(folder).store, []) if folder else pipeline.validated(paths.folders(data=data))
    report_problems(faults, lang)
    if form == MYKOMAP:
        put(mykomap.standard(store, lang, labels.kind(store, kind, lang) if kind else None), output)
    else:
        put(publish.export(store, chosen, inferred=not asserted), output)


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
    from kgraph.graph import questions as prepared
    from kgraph.publish import handoff as handing
    from kgraph.rdf.endpoint import Endpoint, address
    from kgraph.rdf.store import must_be_new, replace

    if not (out or url):
        raise click.UsageError("say with --out where to write, or with --verify whom to compare with")
    other = Endpoint(address(url), timeout) if url else None
    store = opened(folder).store
    if out:
        must_be_new(out)
        total = replace(out, lambda fresh: handing.write(store, engine, str(folder or "my-graph"), fresh))
        say(f"wrote {total:,} quads to {out}; its README.md tells how to load them")
    if not other:
        return
    known = prepared.all_in(paths.folders(ontology).ontology).values()
    different = 0
    for found in handing.verify(store, other, known, lang):
        different += not found.equal
        click.echo(f"{found.question}: {_verdict(found)}")
    if different:
        say(f"{different} {'question is' if different == 1 else 'questions are'} answered differently")
        raise SystemExit(1)
    say("all questions are answered alike")


def _verdict(found: "Compared") -> str:
    """The comparison of two answers, with the first rows that only one of them has."""
    if found.equal:
        return f"{found.rows} rows, equal" + ("" if found.exact else " but for the rounding of points and true as 1")
    lines = [f"{len(found.only_here)} rows only here, {len(found.only_there)} only there"]
    for where, rows in (("here", found.only_here), ("there", found.only_there)):
        lines += [f"  only {where}: {' | '.join(row)}" for row in rows[:SHOWN]] + ["  …"][: len(rows) > SHOWN]
    return found.error or "\n".join(lines)
