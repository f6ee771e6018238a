"""The built front end: files, and the explorer at `/`."""

from functools import partial

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from kgraph.base.media import HTML
from kgraph.errors import NotFound
from kgraph.server.http.openapi import Answers, DescribedRoute, get
from kgraph.server.served import Served

YEAR = 365 * 24 * 3600
ANY: Answers = {200: ("*/*",), 303: (), 308: ()}
"""A path with no route of its own may be a file, or lead to another address."""


def routes(served: Served) -> list[DescribedRoute]:
    files = StaticFiles(directory=served.static, check_dir=False)
    return [
        get("/", partial(page, served), "The explorer", answers={200: (HTML.media,)}, fails=(404,)),
        get("/{path:path}", partial(file, files), "A file of the explorer", answers=ANY, fails=(404,)),
    ]


def page(served: Served, _: Request) -> Response:
    if not (served.static / "index.html").is_file():
        raise NotFound("the explorer is not built; install kgraph from a wheel, or run “pip install -e .” in a clone")
    return FileResponse(served.static / "index.html", headers={"Cache-Control": "no-cache"})


async def file(files: StaticFiles, request: Request) -> Response:
    """A built file; the name of an asset carries a hash of its content, so it may be cached for ever."""
    path = request.path_params["path"]
    response = await files.get_response(path, request.scope)
    response.headers["Cache-Control"] = (
        f"public, max-age={YEAR}, immutable" if path.startswith("assets/") else "no-cache"
    )
    return response
