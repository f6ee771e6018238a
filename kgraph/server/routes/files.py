"""The files of the explorer, and the style sheet of the pages."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from kgraph.base import paths
from kgraph.base.media import CSS, HTML
from kgraph.errors import NotFound
from kgraph.server.http.openapi import Answers, DescribedRoute, get

PAGE: Answers = {200: (HTML.media,)}
STYLE: Answers = {200: (CSS.media,)}
ANY: Answers = {200: ("*/*",), 303: (), 308: ()}
"""Answers of the catch-all route: a file, or a redirect."""
Missing = Callable[[Request], Awaitable[Response]]
YEAR = 365 * 24 * 3600


def routes(missing: Missing, *marks: str) -> list[DescribedRoute]:
    """The addresses of files; `missing` answers where there is none. The explorer's page gets an attribute a mark."""
    found = StaticFiles(directory=paths.packaged("static"), check_dir=False)
    style = paths.packaged("publish/templates/page.css")
    shown = partial(explorer, marks)
    return [
        get("/explorer.html", shown, "The explorer", answers=PAGE, fails=(404,)),
        get("/page.css", lambda _: FileResponse(style), "The style sheet of the pages", answers=STYLE),
        get("/", shown, "The explorer", answers=PAGE, fails=(404,)),
        get("/{path:path}", partial(file, found, missing), "A file of the explorer", answers=ANY, fails=(404,)),
    ]


def explorer(marks: Iterable[str], _: Request) -> Response:
    index = paths.packaged("static") / "index.html"
    if not index.is_file():
        raise NotFound(
            "the explorer is not built; install kgraph-social-economy from a wheel, or “pip install -e .” in a clone"
        )
    fresh = {"Cache-Control": "no-cache"}
    if attributes := "".join(f" data-{mark}" for mark in marks):
        page = index.read_text(encoding="utf-8").replace("<html", f"<html{attributes}", 1)
        return HTMLResponse(page, headers=fresh)
    return FileResponse(index, headers=fresh)


async def file(files: StaticFiles, missing: Missing, request: Request) -> Response:
    """A built file; the name of an asset has a hash of its content, so browsers may keep it for a year."""
    path = request.path_params["path"]
    try:
        response = await files.get_response(path, request.scope)
    except HTTPException:
        return await missing(request)
    cached = f"public, max-age={YEAR}, immutable" if path.startswith("assets/") else "no-cache"
    response.headers["Cache-Control"] = cached
    return response
