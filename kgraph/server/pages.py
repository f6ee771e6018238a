"""A page and data for each thing and term, by content negotiation (https://www.w3.org/TR/cooluris/)."""

from collections.abc import Mapping
from functools import partial

import jinja2
import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from kgraph import publish, query, resources
from kgraph.errors import NotFound
from kgraph.names import Names, name, names
from kgraph.server.app import Served, problem
from kgraph.server.negotiation import best
from kgraph.vocab import BASE, ONTOLOGY_GRAPH, short

FORMS: Mapping[str, str] = {
    "text/html": "html",
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/n-triples": "nt",
}
SUFFIXES = {suffix: media for media, suffix in FORMS.items()}
LINKED = ("http:", "https:", "mailto:", "tel:", "geo:")
KINDS = ("id", "kind", "source", "claim", "inference", "ns")


def routes(served: Served) -> list[Route]:
    prefixes = [Route(f"/{kind}/{{path:path}}", partial(redirect, kind), methods=["GET"]) for kind in KINDS]
    return [
        *prefixes,
        Route("/ns", partial(redirect, ""), methods=["GET"]),
        Route("/page/{path:path}", partial(page, served), methods=["GET"]),
        Route("/data/{path:path}", partial(data, served), methods=["GET"]),
        Route("/thing.css", style, methods=["GET"]),
    ]


def redirect(kind: str, request: Request) -> Response:
    """303 from a thing to its page or data, by what the client accepts."""
    media = best(request.headers.get("accept", "*/*"), FORMS)
    if media is None:
        return problem(406, "NotAcceptable", f"this thing is described as {', '.join(FORMS)}")
    path = "/".join(filter(None, (kind, request.path_params.get("path", "ns" if not kind else ""))))
    where = f"/page/{path}" if media == "text/html" else f"/data/{path}.{FORMS[media]}"
    return RedirectResponse(where, 303, headers={"Vary": "Accept"})


def described(served: Served, path: str) -> tuple[ox.NamedNode, list[ox.Triple]]:
    """A thing by its path and the facts that have it as subject; for `ns` the whole ontology."""
    if path == "ns":
        return ox.NamedNode(f"{BASE}ns"), [
            q.triple for q in served.store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH)
        ]
    node = query.parse_term(f"<{BASE}{path.replace('ns/', 'ns#', 1)}>")
    assert isinstance(node, ox.NamedNode)
    graph = ONTOLOGY_GRAPH if path.startswith("ns/") else ox.DefaultGraph()
    triples = [quad.triple for quad in served.store.quads_for_pattern(node, None, None, graph)]
    if not triples:
        raise NotFound(f"nothing is known of {short(node.value)}")
    return node, triples


def data(served: Served, request: Request) -> Response:
    path, _, suffix = request.path_params["path"].rpartition(".")
    if suffix not in SUFFIXES or suffix == "html":
        raise NotFound(f"there is nothing at {request.url.path}; data ends in .ttl, .nt or .jsonld")
    _, triples = described(served, path)
    if suffix == "jsonld":
        content = publish.json_ld(triples, publish.context(served.store))
    else:
        content = publish.turtle(triples) if suffix == "ttl" else publish.n_triples(triples)
    return Response(content, media_type=SUFFIXES[suffix])


def page(served: Served, request: Request) -> Response:
    """A thing for people and crawlers: its facts as a table, with a way into the explorer."""
    path, lang = request.path_params["path"], _language(request)
    node, triples = described(served, path)
    known = names(served.store, [node, *(part for t in triples for part in (t.subject, t.predicate, t.object))], lang)
    rows = [(_cell(t.predicate, known), _cell(t.object, known)) for t in triples if t.subject == node]
    text = _template().render(lang=lang, path=path, iri=node.value, title=name(known, node), rows=sorted(rows))
    headers = {"Vary": "Accept-Language", "Link": f'</data/{path}.ttl>; rel="describedby"; type="text/turtle"'}
    return Response(text, media_type="text/html", headers=headers)


def style(_: Request) -> Response:
    return FileResponse(resources.template("thing.css"), media_type="text/css")


def _language(request: Request) -> str:
    """The language of the address, else the browser's, else English."""
    given = request.query_params.get("lang") or request.headers.get("accept-language", "en")
    return "pl" if given.lower().startswith("pl") else "en"


def _cell(term: object, known: Names) -> tuple[str, str]:
    """What to show for a term, and where it leads: to our page, to an address that is safe to open, or nowhere."""
    if not isinstance(term, ox.NamedNode):
        return getattr(term, "value", str(term)), ""
    path = term.value.removeprefix(BASE)
    if path != term.value:
        return name(known, term), f"/page/{path.replace('#', '/')}"
    return name(known, term), term.value if term.value.startswith(LINKED) else ""


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, loader=jinja2.FileSystemLoader(resources.template("thing.html").parent)
    )
    return environment.get_template("thing.html")
