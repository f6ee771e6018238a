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


def repeat(folders: Folders, command: Callable[[], None], lang: str) -> None:
    """Run a command now and after each change of the folders, on a cleared screen, until Ctrl-C."""
    import watchfiles

    from kgraph.server.watching import TURN, watched

    ran = False
    with suppress(KeyboardInterrupt):
        # the first turn, without changes, comes when the watch has begun, so that no change is missed
        for changes in watchfiles.watch(*watched(folders), yield_on_timeout=True, rust_timeout=TURN):
            if changes or not ran:
                click.clear()
                _once(command, lang)
                ran = True


def _once(command: Callable[[], None], lang: str) -> None:
    """Run a command whose problems and errors do not end the watch."""
    try:
        command()
    except SystemExit:
        pass  # the problems were said
    except KgraphError as error:
        say(worded(error, lang))
    say(text(lang, "sheets.watch.again", time=f"{datetime.now():%H:%M:%S}"))
