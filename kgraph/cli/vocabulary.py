"""The command that shows the words of the ontology."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from kgraph.base.problems import fault
from kgraph.base.text import nearest, seen
from kgraph.base.words import text
from kgraph.cli.options import GRAPH, LANG, main, opened, options
from kgraph.errors import NotFound
from kgraph.graph.names import vocabulary as vocabularies
from kgraph.graph.names.vocabulary import Word

MOST_SHOWN = 6
"""Words that are shown in full."""


@main.command()
@click.argument("words", nargs=-1)
@options(GRAPH, LANG)
def vocabulary(words: tuple[str, ...], folder: Path | None, lang: str) -> None:
    """Show the words in which facts are written: classes, properties, kinds, roles, with the Turtle to copy.

    A word is found by its name or definition, diacritics and Polish endings or not; several words are looked for
    together. Without one, all are listed.

    \b
    Examples:
      kgraph vocabulary wojt --lang pl
      kgraph vocabulary gmina --lang pl
      kgraph vocabulary członek zarządu --lang pl
      kgraph vocabulary se:seatIn
      kgraph vocabulary
    """
    store = opened(folder).store
    known = vocabularies.words(store, lang)
    word = " ".join(words)
    if not word:
        put_list(known, lang)
        return
    found = vocabularies.matching(known, word)
    if not found:
        near = nearest(word, {name: each.curie for each in known for name in each.names()})
        advice = (fault("did-you-mean", near=near),) if near else ()
        raise NotFound(fault("no-such-word", word=word).advised(*advice))
    for each in found[:MOST_SHOWN]:
        click.echo(seen(in_full(replace(each, example=vocabularies.example(store, each)), lang)))
    put_list(found[MOST_SHOWN:], lang)


def in_full(word: Word, lang: str) -> str:
    """A word in several lines: name, definition, notes, the Turtle to copy, an example."""
    others = f" ({', '.join(word.others)})" if word.others else ""
    lines = [f"{word.curie} · {text(lang, f'curating.sorts.{word.sort}')} · {word.label}{others}"]
    lines += [f"  {line}" for line in (word.definition, *word.notes) if line]
    lines += [f"    {line}" for line in word.turtle.splitlines()]
    if word.example:
        lines.append(f"  {text(lang, 'curating.example', example=word.example)}")
    return "\n".join([*lines, ""])


def put_list(words: Sequence[Word], lang: str) -> None:
    """Print words in one line each, by sort."""
    for sort in vocabularies.SORTS:
        some = [word for word in words if word.sort == sort]
        if some:
            click.echo(f"{text(lang, f'curating.sorts.{sort}')}:")
        for word in some:
            click.echo(seen(f"  {word.curie:<34} {word.label}"))
