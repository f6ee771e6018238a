"""The built front end: files, and the explorer at `/`."""

from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from kgraph.base.media import HTML, media_type
from kgraph.errors import NotFound
from kgraph.server.http.openapi import Answers, DescribedRoute, get
from kgraph.server.served import Served

YEAR = 365 * 24 * 3600
ANY: Answers = {200: ("*/*",), 303: (), 308: ()}
"""A path with no route of its own may stand for a file, or redirect."""


def routes(served: Served) -> list[DescribedRoute]:
    return [
        get("/", partial(page, served), "The explorer", answers={200: (HTML.media,)}, fails=(404,)),
        get("/{path:path}", partial(file, served), "A file of the explorer", answers=ANY, fails=(404, 406)),
    ]


def page(served: Served, _: Request) -> Response:
    if not (served.static / "index.html").is_file():
        raise NotFound("the explorer is not built; install kgraph from a wheel, or run “pip install -e .” in a clone")
    return FileResponse(served.static / "index.html", headers={"Cache-Control": "no-cache"})


def _is_file(path: Path) -> bool:
    """Whether there is a file; not at a path that no file can have, such as one with a name of 300 characters."""
    try:
        return path.is_file()
    except OSError:
        return False


def file(served: Served, request: Request) -> Response:
    """A built file; its name carries a hash of its content, so it may be kept."""
    root = served.static.resolve()
    target = Path(f"{root}/{request.path_params['path']}").resolve() if "\0" not in request.url.path else root
    if not target.is_relative_to(root) or not _is_file(target):
        raise NotFound(f"there is nothing at {request.url.path}")
    kept = f"public, max-age={YEAR}, immutable" if "assets" in target.parts else "no-cache"
    return FileResponse(target, media_type=media_type(target.name), headers={"Cache-Control": kept})
