"""A command that runs again whenever the data changes."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import click

from kgraph.base.paths import Folders
from kgraph.base.problems import worded
from kgraph.base.words import text
from kgraph.cli.output import say
from kgraph.errors import KgraphError
from kgraph.server.watching import watched


def repeat(folders: Folders, command: Callable[[], None], lang: str) -> None:
    """Run a command now and after each change of the folders, on a cleared screen, until Ctrl-C."""
    import watchfiles

    with suppress(KeyboardInterrupt):
        _once(command, lang)
        for _ in watchfiles.watch(*watched(folders), raise_interrupt=False):
            click.clear()
            _once(command, lang)


def _once(command: Callable[[], None], lang: str) -> None:
    """Run a command whose problems and errors do not end the watch."""
    try:
        command()
    except SystemExit:
        pass  # the problems were said
    except KgraphError as error:
        say(worded(error, lang))
    say(text(lang, "sheets.watch.again", time=f"{datetime.now():%H:%M:%S}"))
