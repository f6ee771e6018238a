"""Commands of curators: build, check, begin a source file."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from kgraph.base import paths
from kgraph.base.problems import fault
from kgraph.base.words import text
from kgraph.cli import watching
from kgraph.cli.checked import check_data, check_release
from kgraph.cli.options import DATA, LANG, ONTOLOGY, PATH, QUIET, SAID_IN, choice, main, options, refuse_installed
from kgraph.cli.output import report_problems, say, steps
from kgraph.errors import BadData, CannotWrite


@main.command()
@click.option("--out", type=PATH, default=Path("kgraph-build"), show_default=True, help="The folder to write.")
@options(DATA, ONTOLOGY)
@choice("--reasoner", "kgraph", "owlrl", help="owlrl is the reference: complete and slow.")
@choice("--validator", "kgraph", "pyshacl", help="pyshacl is the reference: complete and slow.")
@click.option(
    "--records/--no-records",
    default=True,
    show_default=True,
    help="Note which rule gave each inferred fact, but for those about things that only registers name; without notes,"
    " “kgraph why” works it out.",
)
@click.option("--layout", is_flag=True, help="Lay out the network too, so that the explorer need not.")
@options(LANG, QUIET)
def build(
    out: Path,
    data: Path | None,
    ontology: Path | None,
    reasoner: str,
    validator: str,
    records: bool,
    layout: bool,
    lang: str,
    quiet: bool,
) -> None:
    """Read the sources, validate, infer, and write the graph to a folder.

    What an earlier build in the folder has read is not read again, and sources that were only added are added to it.
    It may be interrupted: the earlier build stays until the new one is whole.

    \b
    Examples:
      kgraph build --out my-graph
      kgraph build --data my-data --out my-graph
      kgraph build --data country --out my-graph --no-records
      kgraph query --graph my-graph "SELECT (COUNT(*) AS ?n) WHERE { ?c a se:Claim }"
    """
    from kgraph.build import pipeline

    folders = paths.folders(ontology, data)
    with steps(quiet) as step:
        built = pipeline.build(out, pipeline.Recipe(folders, reasoner, validator, records, layout, step))
    report_problems(built.problems, lang)
    if not quiet:
        say(f"{out}: {built.facts} stated facts, {built.claims} claims, {built.inferred} inferred facts, no problems")


@main.command()
@click.option(
    "--text",
    "texts",
    multiple=True,
    type=PATH,
    help="A source's text that lies elsewhere than in texts/; its offsets are compared word for word.",
)
@click.option("--fix", is_flag=True, help="First write the offsets of quotes into the source files, in place.")
@choice("--format", "text", "json", help="json: problems and hints with file, line and column, for programs.")
@click.option("--release", type=PATH, help="Check the folder of a release instead of the data.")
@click.option("--previous", type=PATH, help="With --release: the one before it, to compare.")
@click.option("--public-key", type=PATH, help="With --release: the minisign key that signed it.")
@click.option("--watch", is_flag=True, help="Check again at each change, until Ctrl-C.")
@options(DATA, ONTOLOGY, LANG)
def check(
    texts: Sequence[Path],
    fix: bool,
    form: str,
    release: Path | None,
    previous: Path | None,
    public_key: Path | None,
    watch: bool,
    data: Path | None,
    ontology: Path | None,
    lang: str,
) -> None:
    """Check the data: shapes, classes, names, offsets, and that data/sekg.ttl is up to date.

    Texts that lie in texts/ beside the data folder (*.txt) are compared with the quotes by themselves. Hints are no
    problems: they name what is allowed but likely a slip. A generated file that is not up to date is shown apart; it
    too makes the command exit with 1.

    With --fix, quotes without offsets get them where their words stand in a text; nothing else in a file changes.
    Where words stand more than once, the places are listed, and oa:prefix or oa:suffix tells which is meant.

    With --release, check a release by its files alone: hashes, links, counts, licences, catalogue, tables.

    \b
    Examples:
      kgraph check
      kgraph check --data my-data --fix
      kgraph check --data my-data --watch
      kgraph check --text article.txt
      kgraph check --release dist/1.1.0 --previous dist/1.0.0
    """
    if release:
        if texts or data or ontology or fix or form == "json":
            raise click.UsageError(text(lang, "curating.releaseAlone"))
        check_release(release, previous, public_key, lang)
    else:
        if previous:
            raise click.UsageError(text(lang, "curating.previousAlone"))
        if public_key:
            raise click.UsageError(text(lang, "curating.publicKeyAlone"))
        folders = paths.folders(ontology, data)
        checked = partial(check_data, folders, texts, fix=fix, form=form, lang=lang)
        if watch:
            watching.repeat(folders, checked, lang)
        else:
            checked()


def named_blocks(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """The names of blocks that have commas between them, or all of them; BadParameter for one that there is not."""
    from kgraph.evidence.head import BLOCKS

    names = tuple(filter(None, map(str.strip, value.split(","))))
    if names == ("all",):
        return BLOCKS
    for name in names:
        if name not in BLOCKS:
            said = text(context.meta.get(SAID_IN, "en"), "curating.noBlock", name=name, known=", ".join(BLOCKS))
            raise click.BadParameter(said, context, parameter)
    return names


@main.command("new-source")
@click.argument("url")
@click.option("--text", "wording", type=PATH, help="The source's text, for its hash and length.")
@click.option("--slug", help="The name of the file and of the source; by default made from the address.")
@click.option(
    "--with",
    "blocks",
    callback=named_blocks,
    default="",
    metavar="BLOCKS",
    help="Commented blocks to fill: agreement,gmina,office,organisation,founding,merger,ending,event,award,money,"
    "number,opinion,planned,unknown; or all.",
)
@choice(
    "--encoding", "utf-8", "cp1250", "iso-8859-2", help="The encoding of the text; others are saved as UTF-8 in texts/."
)
@options(DATA, LANG)
def new_source(
    url: str,
    wording: Path | None,
    slug: str | None,
    blocks: tuple[str, ...],
    encoding: str,
    data: Path | None,
    lang: str,
) -> None:
    """Write the head of a new source file, with what is not known yet left to fill.

    The text is not copied, except from another encoding. A byte order mark and Windows line ends do not count.

    \b
    Examples:
      kgraph new-source https://example.org/news/agreement --text agreement.txt --data my-data
      kgraph new-source https://example.org/news/mayor --with office,planned --data my-data
      kgraph new-source https://example.org/news/grant --with all --data my-data --lang pl
    """
    from kgraph.evidence import head
    from kgraph.evidence.quotes import plain
    from kgraph.rdf.store import write_file

    refuse_installed(data, text(lang, "curating.whichFolder"))
    name = head.slug(url) if slug is None else slug
    folders = paths.folders(data=data)
    target = folders.data / "sources" / f"{name}.ttl"
    if target.exists():
        raise CannotWrite(fault("source-exists", file=str(target)))
    read = decoded(wording, encoding) if wording else None
    counted = None if read is None else plain(read)
    write_file(target, head.head(url, name, counted, blocks, lang).encode())
    if read != counted:
        say(text(lang, "curating.normalised"))
    if counted is not None and encoding != "utf-8":
        copy = folders.texts() / f"{name}.txt"
        write_file(copy, counted.encode())
        say(text(lang, "curating.converted", encoding=encoding, file=copy))
    say(text(lang, "curating.begun", file=target))


def decoded(path: Path, encoding: str) -> str:
    """The text of a file in an encoding; BadData names the option for one that is not UTF-8."""
    content = paths.read_bytes(path, pipes=True)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        code = "text-not-utf-8" if encoding == "utf-8" else "text-not-in-encoding"
        raise BadData(fault(code, file=str(path), byte=error.start, encoding=encoding)) from error
