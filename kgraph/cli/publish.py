"""Commands that publish: a release, a static site, and what changed between two graphs."""

from pathlib import Path

import click

from kgraph.base import paths
from kgraph.cli.group import main
from kgraph.cli.options import DATA, LANG, ONTOLOGY, OUTPUT, PATH, QUIET, options
from kgraph.cli.output import put, report_problems, say, steps

OUT = click.option("--out", type=PATH, required=True, help="The folder to write: new, or empty.")
BASE_URL = click.option("--base-url", required=True, help="The address that the folder will have on the web.")
ISSUED = click.option(
    "--issued", metavar="DATE", help="The day of publication; by default the day on which the data was last changed."
)
PREVIOUS = click.option("--previous", type=PATH, help="The folder of the release before it, for what changed.")


@main.command()
@click.argument("version")
@options(OUT, BASE_URL, PREVIOUS, ISSUED)
@click.option("--endpoint", metavar="URL", help="Where SPARQL is answered, if anywhere, for the catalogue.")
@click.option("--rdf12", is_flag=True, help="Write an edition in RDF 1.2 too, with annotations.")
@options(DATA, ONTOLOGY, LANG, QUIET)
def release(
    version: str,
    out: Path,
    base_url: str,
    previous: Path | None,
    issued: str | None,
    endpoint: str | None,
    rdf12: bool,
    data: Path | None,
    ontology: Path | None,
    lang: str,
    quiet: bool,
) -> None:
    """Write a release: graph, tables, catalogue, differences and the static site, in one folder.

    The same data and options give the same bytes. A release is never overwritten.

    \b
    Examples:
      kgraph release 1.0.0 --out dist/1.0.0 --base-url https://example.org/sekg/1.0.0/
      kgraph release 1.1.0 --out dist/1.1.0 --base-url https://example.org/sekg/1.1.0/ --previous dist/1.0.0
      kgraph check --release dist/1.1.0 --previous dist/1.0.0
    """
    from kgraph.publish.release import making as releases

    folders = paths.folders(ontology, data)
    description = releases.describe(version, base_url, releases.day(folders, issued), previous, endpoint)
    with steps(quiet) as step:
        done = releases.write(out, folders, description, previous, rdf12=rdf12, step=step)
    report_problems(done.problems, lang)
    for thing in done.vanished:
        say(f"note: {thing} is gone since {description.previous}; say why in removed.ttl beside the data")
    if not quiet:
        say(f"wrote {out}; look at {out / 'index.html'}, prove it with “kgraph check --release {out}”")


@main.command()
@options(OUT, BASE_URL, DATA, ONTOLOGY, QUIET)
def site(out: Path, base_url: str, data: Path | None, ontology: Path | None, quiet: bool) -> None:
    """Write the static site alone: pages, explorer and live SPARQL, for any web host. Faulty data is refused.

    It is a part of every release.

    \b
    Examples:
      kgraph site --out public --base-url https://example.org/sekg/
      python3 -m http.server --directory public
    """
    from kgraph.build import pipeline
    from kgraph.publish.release import site as writing

    folders = paths.folders(ontology, data)
    report_problems(pipeline.validated(folders)[1])
    with steps(quiet) as step:
        writing.write_alone(out, folders, base_url, step)
    if not quiet:
        say(f"wrote {out}; look at it with “python3 -m http.server --directory {out}”")


@main.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@click.option(
    "--format",
    "form",
    type=click.Choice(["words", "patch"]),
    default="words",
    show_default=True,
    help="words: by thing, as Markdown; patch: triples, as an RDF Patch.",
)
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
