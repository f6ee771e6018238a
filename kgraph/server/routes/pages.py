"""Things, their pages and their data, by content negotiation (https://www.w3.org/TR/cooluris/), and the explorer."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from kgraph.base import paths
from kgraph.base.media import CSS, DATA, HTML, JSON, PROBLEM, offered
from kgraph.errors import NotFound
from kgraph.publish.pages import addresses, head, writers
from kgraph.publish.pages import data as datafiles
from kgraph.publish.pages.book import Book
from kgraph.publish.pages.removed import removed
from kgraph.server.http.openapi import Answers, DescribedRoute, get
from kgraph.server.http.protocol import accepted, best, language, preferred

OFFERED = offered((HTML, *DATA))
PAGE: dict[int, tuple[str, ...]] = {200: (HTML.media,)}
FILE: dict[int, tuple[str, ...]] = {200: tuple(known.media for known in DATA)}
STYLE = {200: (CSS.media,)}
MOVED: dict[int, tuple[str, ...]] = {303: ()}
GONE: dict[int, tuple[str, ...]] = {410: tuple(known.media for known in (HTML, *DATA))}
ANY: Answers = {200: ("*/*",), 303: (), 308: ()}
"""Answers of the catch-all route: a file, or a redirect."""
VARY = {"Vary": "Accept, Accept-Language"}
YEAR = 365 * 24 * 3600


def routes(book: Book) -> list[DescribedRoute]:
    things = [f"/{part}/{{path:path}}" for part in (*addresses.PARTS, "ns")]
    things += ["/ns", *(f"/ns.{known.name}" for known in DATA)]
    nothing = "The page for an address at which there is nothing"
    by_accept = "To the page or the data of a thing, by Accept"
    to_thing = partial(thing, book)
    whole = cache(partial(datafiles.content, book, datafiles.WHOLE))
    style = paths.packaged("publish/templates/page.css")
    files = StaticFiles(directory=paths.packaged("static"), check_dir=False)
    return [
        *(get(path, to_thing, by_accept, answers=MOVED | GONE, fails=(404, 406)) for path in things),
        get("/page/{path:path}", partial(page, book), "A page for people", answers=PAGE | MOVED | GONE, fails=(404,)),
        get("/data/{path:path}", partial(data, book, whole), "The data of a thing", answers=FILE | MOVED, fails=(404,)),
        *(
            get(f"/index{suffix}", partial(landing, book, lang), "The first page of the site", answers=PAGE)
            for lang, suffix in addresses.SUFFIXES.items()
        ),
        get("/404.html", lambda _: _html(writers.missing_file(book), "", lang="en"), nothing, answers=PAGE),
        get("/explorer.html", explorer, "The explorer", answers=PAGE, fails=(404,)),
        get("/page.css", lambda _: FileResponse(style), "The style sheet of the pages", answers=STYLE),
        get("/", explorer, "The explorer", answers=PAGE, fails=(404,)),
        get("/{path:path}", partial(file, files), "A file of the explorer", answers=ANY, fails=(404,)),
    ]


def thing(book: Book, request: Request) -> Response:
    """303 from a thing to its page or data, by Accept; 410 with the tombstone of a removed thing."""
    path, lang = addresses.split(request.scope["path"].removeprefix("/"))
    named, dot, suffix = path.rpartition(".")
    path, suffix = (named, suffix) if dot and suffix in head.FORMS else (path, "")
    path = "ns" if path == "ns/" else path
    writers.check(book, path)
    if lang:
        return RedirectResponse(_where(book, path, "html", lang), 303)
    chosen = suffix or OFFERED[preferred(request, OFFERED, "this thing is described as")].name
    if not suffix and _is_removed(book, path):
        return _gone(book, path, chosen, _language(request), VARY)
    return RedirectResponse(_where(book, path, chosen, _language(request)), 303, headers=VARY)


def _where(book: Book, path: str, form: str, lang: str) -> str:
    """The path of a page or of data in the folder of the site."""
    top = urlsplit(book.site.base_url or "").path
    found = book.shards.find(path)
    path, anchor = (found[0], f"#{found[1]}") if found else (path, "")
    if form != "html":
        return f"{top}/data/{addresses.quoted(path)}.{form}"
    if path.startswith("ns/"):
        return f"{top}/page/ns{addresses.SUFFIXES[lang]}#{addresses.quoted(path.removeprefix('ns/'))}"
    return f"{top}/page/{addresses.quoted(path)}{addresses.SUFFIXES[lang]}{anchor}"


def _language(request: Request) -> str:
    """The language that the client prefers, else English."""
    return language(request.headers.get("accept-language", ""), addresses.LANGUAGES) or "en"


def data(book: Book, whole: Callable[[str], bytes], request: Request) -> Response:
    path, _, suffix = request.path_params["path"].rpartition(".")
    if suffix not in head.FORMS:
        raise NotFound(f"there is nothing at {request.url.path}; data ends in .ttl, .nt or .jsonld")
    if path == datafiles.WHOLE:
        return Response(whole(suffix), media_type=head.FORMS[suffix])
    if moved := _moved(book, path, suffix, "en"):
        return moved
    content = datafiles.content(book, path, suffix)
    return Response(content, media_type=head.FORMS[suffix], headers={"Link": head.data_header(path, suffix)})


def page(book: Book, request: Request) -> Response:
    """A page; without its suffix, 303 to it in the client's language."""
    path, lang = addresses.split(request.path_params["path"])
    if lang is None:
        writers.check(book, path)
        vary = {"Vary": "Accept-Language"}
        return RedirectResponse(_where(book, path, "html", _language(request)), 303, headers=vary)
    if _is_removed(book, path):
        return _gone(book, path, HTML.name, lang, {})
    return _moved(book, path, "html", lang) or _html(*writers.written(book, path, lang), lang=lang)


def landing(book: Book, lang: str, _: Request) -> Response:
    return _html(*writers.landing(book, lang), lang=lang)


def explorer(_: Request) -> Response:
    index = paths.packaged("static") / "index.html"
    if not index.is_file():
        raise NotFound(
            "the explorer is not built; install kgraph-social-economy from a wheel, or “pip install -e .” in a clone"
        )
    return FileResponse(index, headers={"Cache-Control": "no-cache"})


async def file(files: StaticFiles, request: Request) -> Response:
    """A built file; the name of an asset has a hash of its content, so browsers may keep it for a year."""
    path = request.path_params["path"]
    response = await files.get_response(path, request.scope)
    cached = f"public, max-age={YEAR}, immutable" if path.startswith("assets/") else "no-cache"
    response.headers["Cache-Control"] = cached
    return response


def _html(text: str, links: str, *, lang: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    own = {"Content-Language": lang, **({"Link": links} if links else {}), **(headers or {})}
    return Response(text, status, media_type=HTML.media, headers=own)


def _moved(book: Book, path: str, form: str, lang: str) -> Response | None:
    """The redirect of a path whose content, a record or evidence, is in a shard at another path."""
    found = book.shards.find(path)
    if found is None or found[0] == path:
        return None
    writers.check(book, path)
    return RedirectResponse(_where(book, path, form, lang), 303)


def _is_removed(book: Book, path: str) -> bool:
    return path.partition("/")[0] in addresses.PARTS and removed(book.store, addresses.node_at(path), "en") is not None


def _gone(book: Book, path: str, form: str, lang: str, headers: Mapping[str, str]) -> Response:
    if form != HTML.name:
        return Response(datafiles.content(book, path, form), 410, dict(headers), media_type=head.FORMS[form])
    return _html(*writers.gone(book, path, lang), lang=lang, status=410, headers=headers)


def for_people(book: Book, request: Request, problem: Response) -> Response:
    """The HTML page of a 404 in the language of a browser; for any other client or status, the problem document."""
    wanted = best(accepted(request), (PROBLEM, JSON.media, HTML.media))
    if problem.status_code != 404 or wanted != HTML.media:
        return problem
    lang = _language(request)
    return _html(writers.error(book, request.url.path, lang), "", lang=lang, status=404, headers=VARY)
