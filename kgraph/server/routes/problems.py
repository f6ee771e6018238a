"""What a check of the watched data found, as JSON and as pages with the lines of the sources."""

import html
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from kgraph.base import paths
from kgraph.base.media import HTML, JSON
from kgraph.base.problems import Problem
from kgraph.base.words import LANGUAGES, text
from kgraph.errors import NotFound
from kgraph.server.http.openapi import Answers, DescribedRoute, get
from kgraph.server.routes.answers import LANG
from kgraph.server.routes.files import PAGE
from kgraph.server.watching import Watch

EITHER: Answers = {200: (JSON.media, HTML.media)}
FRESH = {"Cache-Control": "no-store", "Vary": "Accept"}


def routes(watch: Watch | None) -> list[DescribedRoute]:
    """The addresses of problems, of a server that watches a data folder; none for others."""
    if watch is None:
        return []
    listed, lines = "The problems and hints of the watched data", "A source file of the watched data with its problems"
    return [
        get("/problems", lambda request: _all(watch, request), listed, LANG, answers=EITHER),
        get("/problems/{file}", lambda request: _file(watch, request), lines, LANG, answers=PAGE, fails=(404,)),
    ]


def _all(watch: Watch, request: Request) -> Response:
    verdict = watch.verdict
    if HTML.media in request.headers.get("accept", ""):
        lang = _lang(request)
        body = "".join(
            f"<h2>{text(lang, f'pages.{name}')}</h2><ul>{_items(found, lang)}</ul>"
            for name, found in (("problems", verdict.problems), ("hints", verdict.hints))
        )
        return _page(text(lang, "pages.problems"), body, lang)
    found = {"problems": list(map(_json, verdict.problems)), "hints": list(map(_json, verdict.hints))}
    return JSONResponse({"graph": watch.graph, **found}, headers=FRESH)


def _lang(request: Request) -> str:
    given = str(LANG.value(request) or "")
    return given if given in LANGUAGES else "en"


def _json(problem: Problem) -> dict[str, object]:
    said = {lang: problem.sentence(lang) for lang in LANGUAGES}
    return {"where": problem.where, "node": problem.node, "page": _address(problem), "words": said}


def _address(problem: Problem) -> str:
    """The page of the first file of a problem, at its line."""
    file = problem.file.split(", ")[0]
    line = f"#L{problem.places[0][0]}" if problem.places else ""
    return f"problems/{file}{line}" if file.endswith(".ttl") else "problems"


def _link(problem: Problem, lang: str) -> str:
    path, mark, line = _address(problem).partition("#")
    return f"/{path}?lang={lang}{mark}{line}"


def _items(found: Iterable[Problem], lang: str) -> str:
    return "".join(
        f'<li><a href="{html.escape(_link(one, lang))}">{html.escape(one.where)}</a> '
        f"{html.escape(one.node)}: {html.escape(one.sentence(lang))}</li>"
        for one in found
    )


def _file(watch: Watch, request: Request) -> Response:
    """The lines of a source file, numbered, below its problems."""
    name, lang = request.path_params["file"], _lang(request)
    known = {path.name: path for path in (*watch.folders.sources(), *watch.folders.editorial())}
    if name not in known:
        raise NotFound(f"no source file {name!r} is watched")
    verdict = watch.verdict
    own = [problem for problem in (*verdict.problems, *verdict.hints) if name in problem.file.split(", ")]
    lines = paths.read_text(known[name]).splitlines()
    numbered = "".join(f'<li id="L{n}"><code>{html.escape(line)}</code></li>' for n, line in enumerate(lines, 1))
    return _page(name, f"<ul>{_items(own, lang)}</ul><ol>{numbered}</ol>", lang)


def _page(title: str, body: str, lang: str) -> Response:
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title><link rel="stylesheet" href="/page.css">'
    shown = f'<!doctype html><html lang="{lang}"><head>{head}</head><body><main><h1>{html.escape(title)}</h1>{body}'
    return HTMLResponse(f"{shown}</main></body></html>", headers=FRESH)
