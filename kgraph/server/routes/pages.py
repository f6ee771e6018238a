"""Things, their pages and their data, by content negotiation (https://www.w3.org/TR/cooluris/)."""

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kgraph.base.media import DATA, HTML, JSON, N3, PROBLEM, TEXT, TURTLE, offered
from kgraph.base.vocab import BASE
from kgraph.errors import BadData, NotFound
from kgraph.graph.names import labels
from kgraph.publish.metadata import for_programs
from kgraph.publish.pages import addresses, head, numbers, writers
from kgraph.publish.pages import data as datafiles
from kgraph.publish.pages.book import Book
from kgraph.publish.pages.removed import removed
from kgraph.server.http.negotiation import accepted, best, language, preferred
from kgraph.server.http.openapi import DescribedRoute, get
from kgraph.server.shown import RENDERED, Bind, Shown, WrittenResponse

OFFERED = offered((HTML, *DATA)) | {N3: TURTLE}
PAGE: dict[int, tuple[str, ...]] = {200: (HTML.media,)}
LINES: dict[int, tuple[str, ...]] = {200: (TEXT.media,)}
FILE: dict[int, tuple[str, ...]] = {200: tuple(known.media for known in DATA)}
MOVED: dict[int, tuple[str, ...]] = {303: ()}
GONE: dict[int, tuple[str, ...]] = {410: tuple(known.media for known in (HTML, *DATA))}
VARY = {"Vary": "Accept, Accept-Language"}


def routes(bind: Bind) -> list[DescribedRoute]:
    """The addresses of things, pages and data; `bind` makes the handler of what renders a response."""
    things = [f"/{part}/{{path:path}}" for part in (*addresses.PARTS, "ns", "measure")]
    things += [f"/{path}{end}" for path in ("ns", numbers.PATH) for end in ("", *(f".{known.name}" for known in DATA))]
    nothing = "The page for an address at which there is nothing"
    by_accept = "To the page or the data of a thing, by Accept"
    fails = (*RENDERED, 404)
    return [
        *(get(path, bind(thing), by_accept, answers=MOVED | GONE, fails=(*fails, 406)) for path in things),
        get("/page/{path:path}", bind(page), "A page for people", answers=PAGE | MOVED | GONE, fails=fails),
        get("/data/{path:path}", bind(data), "The data of a thing", answers=FILE | MOVED | GONE, fails=fails),
        *(
            get(f"/index{suffix}", bind(partial(landing, lang)), "The first page", answers=PAGE, fails=RENDERED)
            for lang, suffix in addresses.SUFFIXES.items()
        ),
        get(f"/{for_programs.FILE}", bind(llms), "What there is, for programs", answers=LINES, fails=RENDERED),
        get("/404.html", bind(missing_file), nothing, answers=PAGE, fails=RENDERED),
    ]


def thing(shown: Shown, request: Request) -> Response:
    """303 from a thing to its page or data, by Accept; 410 with the tombstone of a removed thing."""
    book = shown.book
    path, lang = addresses.split(request.scope["path"].removeprefix("/"))
    named, dot, suffix = path.rpartition(".")
    path, suffix = (named, suffix) if dot and suffix in head.FORMS else (path, "")
    if path.startswith("measure/"):
        path = numbers.PATH
    path = "ns" if path == "ns/" else path
    writers.check(book, path)
    path = _current(book, path)
    if lang:
        return RedirectResponse(_where(book, path, "html", lang), 303)
    chosen = suffix or OFFERED[preferred(request, OFFERED, "this thing is described as")].name
    if not suffix and _is_removed(book, path):
        return _gone(book, path, chosen, preferred_language(request), VARY)
    return RedirectResponse(_where(book, path, chosen, preferred_language(request)), 303, headers=VARY)


def _where(book: Book, path: str, form: str, lang: str) -> str:
    """The path of a page or of data in the folder of the site."""
    top = urlsplit(book.site.base_url or "").path
    found = book.shards.find(path)
    path, anchor = (found[0], f"#{addresses.quoted(found[1])}") if found else (path, "")
    if form != "html":
        return f"{top}/data/{addresses.quoted(path)}.{form}"
    if path.startswith("ns/"):
        return f"{top}/page/ns{addresses.SUFFIXES[lang]}#{addresses.quoted(path.removeprefix('ns/'))}"
    return f"{top}/page/{addresses.quoted(path)}{addresses.SUFFIXES[lang]}{anchor}"


def preferred_language(request: Request) -> str:
    """The language that the client prefers, else English."""
    return language(request.headers.get("accept-language", ""), addresses.LANGUAGES) or "en"


def data(shown: Shown, request: Request) -> Response:
    path, _, suffix = request.path_params["path"].rpartition(".")
    if suffix not in head.FORMS:
        raise NotFound(f"there is nothing at {request.url.path}; data ends in .ttl, .jsonld, .nt or .rdf")
    if moved := _moved(shown.book, path, suffix, "en"):
        return moved
    if path == datafiles.WHOLE and datafiles.is_large(shown.store):
        return WrittenResponse(partial(datafiles.write_large, shown.store, suffix), head.FORMS[suffix])
    if _is_removed(shown.book, path):
        return _gone(shown.book, path, suffix, "en", {})
    content = _content(shown.book, path, suffix)
    link = {} if path == datafiles.WHOLE else {"Link": head.data_header(path, suffix)}
    return Response(content, media_type=head.FORMS[suffix], headers=link)


def _content(book: Book, path: str, suffix: str) -> bytes:
    """The data at a path; NotFound in a form that cannot hold them."""
    try:
        return datafiles.content(book, path, suffix)
    except BadData as error:
        raise NotFound(f"/data/{path}.{suffix}: {error}") from error


def page(shown: Shown, request: Request) -> Response:
    """A page; without its suffix, 303 to it in the client's language."""
    book = shown.book
    path, lang = addresses.split(request.path_params["path"])
    if lang is None:
        writers.check(book, path)
        path, vary = _current(book, path), {"Vary": "Accept-Language"}
        return RedirectResponse(_where(book, path, "html", preferred_language(request)), 303, headers=vary)
    if _is_removed(book, path):
        return _gone(book, path, HTML.name, lang, {})
    if (current := _current(book, path)) != path:
        return RedirectResponse(_where(book, current, "html", lang), 303)
    return _moved(book, path, "html", lang) or _html(*writers.written(book, path, lang), lang=lang)


def landing(lang: str, shown: Shown, _: Request) -> Response:
    return _html(*writers.landing(shown.book, lang), lang=lang)


def llms(shown: Shown, _: Request) -> Response:
    return Response(for_programs.text(shown.book, is_served=True), media_type=TEXT.media)


def missing_file(shown: Shown, _: Request) -> Response:
    return _html(writers.missing_file(shown.book), "", lang="en")


def missing(_: Shown, request: Request) -> Response:
    """NotFound, for an address that neither a page nor a file has."""
    raise NotFound(f"there is nothing at {request.url.path}")


def _html(text: str, links: str, *, lang: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    own = {"Content-Language": lang, **({"Link": links} if links else {}), **(headers or {})}
    return Response(text, status, media_type=HTML.media, headers=own)


def _moved(book: Book, path: str, form: str, lang: str) -> Response | None:
    """The redirect of a path whose content, such as a record or a concept, is in a shard at another path."""
    found = book.shards.find(path)
    if found is None or found[0] == path:
        return None
    writers.check(book, path)
    return RedirectResponse(_where(book, path, form, lang), 303)


def _current(book: Book, path: str) -> str:
    """The path of the thing whose address stays, for that of one that was decided to be another; else the same."""
    if not path.startswith("id/"):
        return path
    return labels.current(book.store, addresses.node_at(path)).value.removeprefix(BASE)


def _is_removed(book: Book, path: str) -> bool:
    return path.partition("/")[0] in addresses.PARTS and removed(book.store, addresses.node_at(path), "en") is not None


def _gone(book: Book, path: str, form: str, lang: str, headers: Mapping[str, str]) -> Response:
    if form != HTML.name:
        return Response(_content(book, path, form), 410, dict(headers), media_type=head.FORMS[form])
    return _html(*writers.gone(book, path, lang), lang=lang, status=410, headers=headers)


def for_people(book: Book, request: Request, problem: Response) -> Response:
    """The HTML page of a 404 in the language of a browser; for any other client or status, the problem document."""
    wanted = best(accepted(request), (PROBLEM, JSON.media, HTML.media))
    if problem.status_code != 404 or wanted != HTML.media:
        return problem
    lang = preferred_language(request)
    return _html(writers.error(book, request.url.path, lang), "", lang=lang, status=404, headers=VARY)
