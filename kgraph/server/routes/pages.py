"""The addresses of things, their pages and their data, by content negotiation (https://www.w3.org/TR/cooluris/)."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from kgraph.base import paths
from kgraph.base.media import CSS, DATA, HTML, JSON, PROBLEM, offered
from kgraph.errors import NotFound
from kgraph.publish.pages import addresses, head, writers
from kgraph.publish.pages import data as datafiles
from kgraph.publish.pages.book import Book
from kgraph.publish.pages.removed import removed
from kgraph.server.http.negotiation import accepted, best, language, preferred
from kgraph.server.http.openapi import DescribedRoute, get
from kgraph.server.routes import static
from kgraph.server.served import Served

OFFERED = offered((HTML, *DATA))
PAGE: dict[int, tuple[str, ...]] = {200: (HTML.media,)}
FILE: dict[int, tuple[str, ...]] = {200: tuple(known.media for known in DATA)}
MOVED: dict[int, tuple[str, ...]] = {303: ()}
GONE: dict[int, tuple[str, ...]] = {410: tuple(known.media for known in (HTML, *DATA))}
VARY = {"Vary": "Accept, Accept-Language"}

Handler = Callable[[Request, Exception], Response]


def routes(book: Book, served: Served) -> list[DescribedRoute]:
    ontology = partial(thing, book, "ns")
    whole = cache(partial(datafiles.content, book, datafiles.WHOLE))
    landings = {f"/index{addresses.SUFFIXES[lang]}": partial(landing, book, lang) for lang in addresses.LANGUAGES}
    return [
        *(_to_thing(f"/{part}/{{path:path}}", partial(thing, book, part)) for part in addresses.PARTS),
        _to_thing("/ns", ontology),
        _to_thing("/ns/{path:path}", ontology),
        *(_to_thing(f"/ns.{known.name}", partial(ontology, suffix=known.name)) for known in DATA),
        get("/page/{path:path}", partial(page, book), "A page for people", answers=PAGE | MOVED | GONE, fails=(404,)),
        get("/data/{path:path}", partial(data, book, whole), "The data of a thing", answers=FILE | MOVED, fails=(404,)),
        *(get(path, shown, "The first page of the site", answers=PAGE) for path, shown in landings.items()),
        get("/404.html", partial(missing, book), "The page for an address at which there is nothing", answers=PAGE),
        get("/explorer.html", partial(static.page, served), "The explorer", answers=PAGE, fails=(404,)),
        get("/page.css", style, "The style sheet of the pages", answers={200: (CSS.media,)}),
    ]


def _to_thing(path: str, handler: Callable[[Request], Response]) -> DescribedRoute:
    return get(path, handler, "To the page or the data of a thing, by Accept", answers=MOVED | GONE, fails=(404, 406))


def thing(book: Book, part: str, request: Request, suffix: str = "") -> Response:
    """303 from a thing to its page or data, by Accept; 410 with the tombstone of a removed thing."""
    path = "/".join(filter(None, (part, request.path_params.get("path", ""))))
    path, lang = addresses.split(path)
    named, dot, form = path.rpartition(".")
    if dot and form in head.FORMS:
        path, suffix = named, form
    writers.check(book, path)
    if lang:
        return RedirectResponse(_where(book, path, "html", lang), 303)
    chosen = suffix or OFFERED[preferred(request, OFFERED, "this thing is described as")].name
    if not suffix and _is_removed(book, path):
        return _gone(book, path, chosen, _language(request), VARY)
    return RedirectResponse(_where(book, path, chosen, _language(request)), 303, headers=VARY)


def _where(book: Book, path: str, form: str, lang: str) -> str:
    """The address of a page or of data, below the folder that the site is in."""
    top = urlsplit(book.site.base_url or "").path
    found = book.shards().find(path)
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
    if _is_moved(book, path):
        writers.check(book, path)
        return RedirectResponse(_where(book, path, suffix, "en"), 303)
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
    if _is_moved(book, path):
        writers.check(book, path)
        return RedirectResponse(_where(book, path, "html", lang), 303)
    return _html(*writers.written(book, path, lang), lang=lang)


def landing(book: Book, lang: str, _: Request) -> Response:
    return _html(*writers.landing(book, lang), lang=lang)


def missing(book: Book, _: Request) -> Response:
    """The page of a file host for an address that does not exist, in both languages."""
    return _html(writers.missing_file(book), "", lang="en")


def style(_: Request) -> Response:
    return FileResponse(paths.packaged("publish/templates/page.css"), media_type=CSS.media)


def _html(text: str, links: str, *, lang: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    own = {"Content-Language": lang, **({"Link": links} if links else {}), **(headers or {})}
    return Response(text, status, media_type=HTML.media, headers=own)


def _is_moved(book: Book, path: str) -> bool:
    """Whether the content of a path, a record or evidence, is in a shard at another path."""
    found = book.shards().find(path)
    return found is not None and found[0] != path


def _is_removed(book: Book, path: str) -> bool:
    return path.partition("/")[0] in addresses.PARTS and removed(book.store, addresses.node_at(path), "en") is not None


def _gone(book: Book, path: str, form: str, lang: str, headers: Mapping[str, str]) -> Response:
    if form != HTML.name:
        return Response(datafiles.content(book, path, form), 410, dict(headers), media_type=head.FORMS[form])
    return _html(*writers.gone(book, path, lang), lang=lang, status=410, headers=headers)


def for_people(book: Book, answer: Handler) -> Handler:
    """A handler of errors that gives a browser a page in its language, and other clients the problem document."""

    def on_error(request: Request, error: Exception) -> Response:
        problem = answer(request, error)
        wanted = best(accepted(request), (PROBLEM, JSON.media, HTML.media))
        if problem.status_code != 404 or wanted != HTML.media:
            return problem
        lang = _language(request)
        text = writers.error(book, request.url.path, lang)
        return _html(text, "", lang=lang, status=404, headers=VARY)

    return on_error
