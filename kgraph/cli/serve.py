"""The command that serves."""

import os
import re
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from kgraph.base import addresses, paths
from kgraph.base.words import text
from kgraph.cli.options import CURATOR, GRAPH, LANG, PATH, main, opened, options, refuse_installed, seconds
from kgraph.cli.output import put, report_problems, say
from kgraph.errors import NotFound
from kgraph.rdf.store import is_build

if TYPE_CHECKING:
    from kgraph.base.paths import Folders
    from kgraph.server.inbox.queue import Editing
    from kgraph.server.served import Served
    from kgraph.server.watching import Watch

TOKEN = "KGRAPH_TOKEN"
SENDABLE = re.compile("[!-~]+")


@main.command(cls=click.Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 takes a free one."
)
@click.option("--open", "browser", is_flag=True, help="Open the explorer in a browser.")
@click.option("--get", "path", metavar="PATH", help="Answer one address on stdout, and end.")
@seconds(30.0, "Seconds a query may take.")
@click.option(
    "--max-answer", type=click.IntRange(min=1), default=256, show_default=True, help="Megabytes an answer may have."
)
@click.option(
    "--max-memory", type=click.IntRange(min=64), default=1024, show_default=True, help="Megabytes a query may use."
)
@click.option("--base-url", metavar="URL", help="The address under which the pages are published.")
@click.option("--writable", is_flag=True, help=f"Take updates to --graph; the token: {TOKEN}.")
@click.option(
    "--allow-service",
    "services",
    multiple=True,
    metavar="HOST",
    help="Let SERVICE ask this host; repeatable.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Trust X-Forwarded-For or Forwarded from this address or network; may be repeated.",
)
@click.option(
    "--cors",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Let pages of this site read; * for any, the default unless --host is loopback; repeatable.",
)
@click.option("--access-log", is_flag=True, help="A line of JSON on stderr for each request.")
@click.option("--watch", is_flag=True, help="Build --data again at each change.")
@click.option("--edit", is_flag=True, help="Decide in the browser which things are one.")
@click.option("--data", type=PATH, help="The data that --watch builds and --edit writes.")
@options(GRAPH, LANG)
def serve(
    host: str,
    port: int,
    browser: bool,
    path: str | None,
    timeout: float,
    max_answer: int,
    max_memory: int,
    base_url: str | None,
    writable: bool,
    services: tuple[str, ...],
    proxies: tuple[str, ...],
    origins: tuple[str, ...],
    access_log: bool,
    watch: bool,
    edit: bool,
    data: Path | None,
    folder: Path | None,
    lang: str,
) -> None:
    """Serve the explorer, its data, SPARQL at /sparql, and a page for each thing; with --watch also /problems.

    \b
    Examples:
      kgraph serve --open
      kgraph serve --port 8080 --graph my-graph
      kgraph serve --data my-data --watch --open
      kgraph serve --data my-data --edit --open
      kgraph serve --get /things/id/mcps
    """
    from kgraph.server import federation, run
    from kgraph.server.http import proxies as forwarding
    from kgraph.server.http import refusals
    from kgraph.server.pool.limits import Limits
    from kgraph.server.published import published, site_of

    handle_signals()
    given = os.environ.pop(TOKEN, "")  # the processes that read a client's text do not inherit it
    built_before = folder if folder and is_build(folder) else None
    if edit:
        refuse_others(host, lang, is_open=bool(writable or base_url or proxies or origins))
        refuse_installed(data, text(lang, "curating.whichFolder"))
    secret = token(given, is_built=bool(built_before)) if writable else ""
    limits = Limits(seconds=timeout, answer=max_answer * 1024**2, memory=max_memory * 1024**2)
    release = published(folder)
    site = site_of(release, base_url)
    allowed = federation.Federation(tuple(map(addresses.host, services)))
    trusted, sites = forwarding.proxies(proxies), tuple(map(refusals.origin, origins))
    chosen = paths.folders(data=data)
    is_watched = watch or (edit and folder is None)
    with watched(chosen, folder, lang, is_wanted=is_watched, has_data=data is not None and not edit) as watching:
        folders, built = (watching.folders, watching.built) if watching else (paths.folders(), built_before)
        setup = run.Setup(folders, limits, built, lambda: opened(folder).store, site, secret)
        editing = editing_of(chosen, given, None if watching else folder) if edit else None
        served = replace(setup.start(), federation=allowed, logs=access_log, origins=sites)
        served = replace(served, watch=watching, editing=editing, published=release)
        listen = partial(run.serve, served, setup, host, port, browser=browser, proxies=trusted)
        answer(served, path, listen)


def answer(served: "Served", path: str | None, listen: Callable[[], None]) -> None:
    """Listen until the end, or print what the server answers at a path; NotFound for a status of an error."""
    from kgraph.server import run

    try:
        if path is None:
            listen()
            return
        status, content = run.get(served, path)
    finally:
        run.close(served)
    put(content, None)
    if status >= 400:
        raise NotFound(f"{path} answered {status}")


def refuse_others(host: str, lang: str, *, is_open: bool) -> None:
    """UsageError for a server on which others could decide: only this computer may reach one that is edited."""
    from kgraph.server.http.refusals import LOCAL

    if host not in LOCAL:
        raise click.UsageError(text(lang, "inbox.loopback", host=host))
    if is_open:
        raise click.UsageError(text(lang, "inbox.alone"))


def editing_of(chosen: "Folders", given: str, built: Path | None) -> "Editing":
    """What curators may write, with the given token or a new one; `built` is the folder of a graph that stays."""
    from kgraph.server.inbox.queue import Editing

    secret = sendable(given or secrets.token_urlsafe(32))
    curator = os.environ.get(CURATOR, "")
    return Editing(paths.resolved(chosen.data), secret, is_shown=not given, curator=curator, built=built)


@contextmanager
def watched(
    folders: "Folders", graph: Path | None, lang: str, *, is_wanted: bool, has_data: bool
) -> Iterator["Watch | None"]:
    """The watch over a data folder, whose graph is built into a temporary folder; None when none is wanted.

    Ends the command when the data has problems at the beginning, because then there is no graph to serve.
    """
    from kgraph.build import pipeline
    from kgraph.server.watching import Watch

    if not is_wanted:
        if has_data:
            raise click.UsageError(text(lang, "sheets.watch.dataToWatch"))
        yield None
        return
    chosen = click.get_current_context().get_parameter_source("folder")
    if graph and chosen is not click.core.ParameterSource.ENVIRONMENT:
        raise click.UsageError(text(lang, "sheets.watch.notWatched"))
    with TemporaryDirectory(prefix="kgraph-watch-") as temporary:
        built = Path(temporary) / "graph"
        report_problems(pipeline.build(built, pipeline.Recipe(folders)).problems, lang)
        yield Watch(folders, built)


def handle_signals() -> None:
    """End cleanly on SIGTERM, and not at all on SIGHUP, on which a graph that is only read is loaded anew."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def token(given: str, *, is_built: bool) -> str:
    """The given token, or a new one that is printed; UsageError for one that no header can hold.

    Of a graph that is not in a folder of a build, updates could not be kept.
    """
    if not is_built:
        raise click.UsageError("--writable needs --graph FOLDER of “kgraph build”: updates are kept in that folder")
    if not given:
        given = secrets.token_urlsafe(32)
        say(f"the token for updates is {given} (set {TOKEN} to choose one)")
    return sendable(given)


def sendable(given: str) -> str:
    """The token; UsageError for one that no header can hold."""
    if not SENDABLE.fullmatch(given):
        raise click.UsageError(f"{TOKEN} may have ASCII letters, digits and signs only, and no spaces")
    return given
