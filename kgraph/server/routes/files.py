"""The files of the explorer, and the style sheet of the pages."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from kgraph.base import paths
from kgraph.base.media import CSS, HTML
from kgraph.errors import NotFound
from kgraph.server.http.conditional import unless_unchanged
from kgraph.server.http.openapi import Answers, DescribedRoute, get
from kgraph.server.published import Published

PAGE: Answers = {200: (HTML.media,)}
STYLE: Answers = {200: (CSS.media,)}
ANY: Answers = {200: ("*/*",), 303: (), 308: ()}
"""Answers of the catch-all route: a file, or a redirect."""
Missing = Callable[[Request], Awaitable[Response]]
YEAR = 365 * 24 * 3600


def routes(missing: Missing, published: Published | None = None, *marks: str) -> list[DescribedRoute]:
    """The addresses of files, those of a release included; `missing` answers where there is none.

    The explorer's page gets an attribute a mark.
    """
    found = StaticFiles(directory=paths.packaged("static"), check_dir=False)
    style = paths.packaged("publish/templates/page.css")
    shown = partial(explorer, marks)
    return [
        get("/explorer.html", shown, "The explorer", answers=PAGE, fails=(404,)),
        get("/page.css", partial(given, style), "The style sheet of the pages", answers=STYLE),
        get("/", shown, "The explorer", answers=PAGE, fails=(404,)),
        get(
            "/{path:path}",
            partial(file, found, published, missing),
            "A file of the explorer or of the release that is served",
            answers=ANY,
            fails=(404,),
        ),
    ]


def given(path: Path, request: Request) -> Response:
    """A file, which the client has to ask for again each time."""
    response = FileResponse(path, headers={"Cache-Control": "no-cache"}, stat_result=path.stat())
    return unless_unchanged(request, response)


def explorer(marks: Iterable[str], request: Request) -> Response:
    index = paths.packaged("static") / "index.html"
    if not index.is_file():
        raise NotFound(
            "the explorer is not built; install kgraph-social-economy from a wheel, or “pip install -e .” in a clone"
        )
    if attributes := "".join(f" data-{mark}" for mark in marks):
        page = index.read_text(encoding="utf-8").replace("<html", f"<html{attributes}", 1)
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})
    return given(index, request)


async def file(files: StaticFiles, published: Published | None, missing: Missing, request: Request) -> Response:
    """A built file, or one of a release; the name of an asset has a hash, so browsers may keep it for a year."""
    path = request.path_params["path"]
    try:
        response = await files.get_response(path, request.scope)
    except HTTPException:
        own = published.find(path) if published else None
        return unless_unchanged(request, own) if own else await missing(request)
    cached = f"public, max-age={YEAR}, immutable" if path.startswith("assets/") else "no-cache"
    response.headers["Cache-Control"] = cached
    return response
