"""The data of the explorer: one address for each view, with the texts in both languages."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kgraph.base import media
from kgraph.base.media import RESULTS_JSON, XLSX
from kgraph.base.vocab import BASE
from kgraph.base.words import LANGUAGES, text
from kgraph.errors import BadQuery
from kgraph.graph import views
from kgraph.graph.entity.as_json import Json
from kgraph.graph.faceting import listing
from kgraph.graph.faceting.listing import Order
from kgraph.graph.faceting.selection import FACETS, Selection, selection
from kgraph.graph.names import finding
from kgraph.graph.network import groups, networks
from kgraph.graph.statements import reasons
from kgraph.graph.statements.contributions import Contribution
from kgraph.publish.formats import spreadsheet
from kgraph.rdf import sparql
from kgraph.server.http.openapi import TEXT, Answers, DescribedRoute, Fails, Parameter, get
from kgraph.server.routes import answers
from kgraph.server.routes.answers import AS_OF, LANG, ROWS
from kgraph.server.shown import RENDERED, Bind, Shown


def iri(name: str, *, required: bool = True) -> Parameter:
    def parse(value: str) -> ox.NamedNode:
        node = sparql.parse_term(value)
        if not isinstance(node, ox.NamedNode):
            raise BadQuery(f"?{name}= takes an IRI or a CURIE such as id:mcps")
        return node

    return Parameter(name, parse, description="an IRI, or a CURIE such as id:mcps", required=required)


def whole_number(name: str, most: int, least: int = 1) -> Parameter:
    def parse(value: str) -> int:
        if not re.fullmatch(r"\d{1,6}", value) or not least <= int(value) <= most:
            raise BadQuery(f"?{name}= takes a whole number from {least} to {most}")
        return int(value)

    return Parameter(name, parse, {"type": "integer", "minimum": least, "maximum": most})


AROUND = (iri("focus", required=False), whole_number("depth", 3), Parameter("whole", may_be_empty=True), AS_OF)
OBJECT = Parameter("object", sparql.parse_term, description="an IRI, a CURIE or a literal", required=True)
FACT = (iri("subject"), iri("predicate"), OBJECT)
Q = Parameter("q", required=True)
CHOICES = {
    "kind": "a class",
    "form": "a legal form",
    "function": "a kind of unit",
    "status": "a status that a record gives",
    "place": "a place, with all places inside",
    "year": "the year of the first known day: 2018, or 2018/2020",
    "source": "a source of facts",
    "relation": "a relation of facts, in either direction",
}
YEAR = {"type": "string", "pattern": r"^\d{4}(/\d{4})?$"}
SELECTION = (
    *(
        Parameter(facet, schema=YEAR if facet == "year" else TEXT, description=description, repeated=True)
        for facet, description in CHOICES.items()
    ),
    Parameter("find", description="words in the name of a thing, its form or its place"),
)
"""The parameters of a selection; several values of one facet widen it, several facets narrow it."""
FACET = Parameter("facet", schema={"type": "string", "enum": [*FACETS]}, description="default: all", repeated=True)
VALUE = Parameter("value", description="words in the names of the values")
SORTS = {"type": "string", "enum": [down + column for column in listing.COLUMNS for down in ("", "-")]}
SORT = Parameter("sort", schema=SORTS, description="a column, with - from the end; by default -facts")
PAGES = (whole_number("page", 999_999), whole_number("size", listing.LARGEST))
THINGS = Parameter("things", description="list the things in each place, too", may_be_empty=True)
GROUP = Parameter(
    "group", schema={"type": "string", "enum": [*listing.GROUPS, "without"]}, description="one group only"
)
EXCEL = Parameter("for", schema={"type": "string", "enum": ["excel"]}, description="excel: a file that Excel opens")
CSV: Answers = {200: (media.CSV.media,)}
WORKBOOK: Answers = {200: (XLSX.media,)}
WHOLE = "The whole table of what is selected"


def routes(bind: Bind) -> list[DescribedRoute]:
    """The addresses of the explorer's data; `bind` makes the handler of what renders a response."""
    view = partial(_view, bind)
    return [
        view("/about", about, "What is served: title, version, sizes, limits"),
        view("/schema", lambda of: of.book.schema, "The classes and properties with their names"),
        view("/network", network, "The overview, the whole, or a neighbourhood", *AROUND, fails=(404,)),
        view("/chain", chain, "The shortest chain between two things", iri("from"), iri("to"), AS_OF, fails=(404,)),
        view("/search", found, "Things, questions, passages and facts by their words", Q, whole_number("limit", 100)),
        view("/things/{path:path}", thing, "The card of a thing", AS_OF, fails=(404,)),
        view("/why", why, "Why a fact holds, down to the words of the sources", *FACT, fails=(404,)),
        view("/facets", facets, "The values of facets with their counts", *SELECTION, FACET, VALUE),
        view("/selected", selected, "The things that are selected", *SELECTION),
        view("/table", table, "What is selected, as pages of a table", *SELECTION, SORT, *PAGES, LANG),
        get("/table.csv", bind(csv), f"{WHOLE} in CSV", *SELECTION, SORT, LANG, EXCEL, answers=CSV, fails=RENDERED),
        get("/table.xlsx", bind(xlsx), f"{WHOLE} for Excel", *SELECTION, SORT, LANG, answers=WORKBOOK, fails=RENDERED),
        view("/places", places, "The places of what is selected", *SELECTION, THINGS),
        view("/timeline", timeline, "What is selected and has a time, by what happened", *SELECTION, GROUP, PAGES[0]),
        view("/questions", lambda of: of.book.asked, "The prepared questions"),
        *answers.routes(bind),
        get("/sources", bind(sources), "The contribution of each source", LANG, answers=ROWS, fails=RENDERED),
        view("/disputes", lambda of: of.book.differences, "Where sources contradict or refine each other"),
    ]


def _view(
    bind: Bind, path: str, answer: Callable[..., Json], summary: str, *takes: Parameter, fails: Fails = ()
) -> DescribedRoute:
    """A route whose view gets the variables in the path and the values of the parameters."""

    def render(shown: Shown, request: Request) -> Response:
        values = (taken.value(request) for taken in takes)
        return JSONResponse(answer(shown, *request.path_params.values(), *values))

    return get(path, bind(render), summary, *takes, fails=(*RENDERED, *fails))


def about(shown: Shown) -> Json:
    limits = shown.limits
    return views.about(shown.store, shown.book.size, limits.seconds, limits.answer, shown.book.site.version)


def _chosen(values: Sequence[Any]) -> Selection:
    """The selection of the values of its parameters."""
    *chosen, text = values
    return selection(dict(zip(FACETS, chosen, strict=True)), text or "")


def facets(shown: Shown, *values: Any) -> Json:
    *chosen, wanted, text = values
    return listing.facets(shown.book.facets, _chosen(chosen), _valid("facet", wanted, FACETS) or FACETS, text or "")


def _valid(name: str, given: Sequence[str], known: Sequence[str]) -> Sequence[str]:
    """The given values; BadQuery for one that is not known."""
    for value in given:
        if value not in known:
            raise BadQuery(f"?{name}= takes {', '.join(known)}")
    return given


def selected(shown: Shown, *values: Any) -> Json:
    return listing.selected(shown.book.facets, _chosen(values))


def table(shown: Shown, *values: Any) -> Json:
    *chosen, sort, page, size, lang = values
    order = _order(sort, lang)
    return listing.table(shown.book.facets, _chosen(chosen), order, page or 1, size or listing.SIZE)


def _order(sort: str | None, lang: str | None) -> Order:
    given = sort or "-facts"
    _valid("sort", [given.removeprefix("-")], listing.COLUMNS)
    _valid("lang", [lang or "en"], LANGUAGES)
    return Order(given.removeprefix("-"), given.startswith("-"), lang or "en")


def csv(shown: Shown, request: Request) -> Response:
    """The whole table in CSV, for programs or for a Polish Excel."""
    sort, lang, program = (known.value(request) for known in (SORT, LANG, EXCEL))
    _valid("for", [str(program or "excel")], ["excel"])
    rows = _sheet(shown, request, _order(sort, lang))  # type: ignore[arg-type]
    return _file(spreadsheet.csv(rows, for_excel=program is not None), "csv", f"{media.CSV.media}; charset=utf-8")


def xlsx(shown: Shown, request: Request) -> Response:
    order = _order(*(known.value(request) for known in (SORT, LANG)))  # type: ignore[arg-type]
    return _file(spreadsheet.xlsx(_sheet(shown, request, order), "kgraph"), "xlsx", XLSX.media)


def _sheet(shown: Shown, request: Request, order: Order) -> Iterator[spreadsheet.Row]:
    """The headings and the rows of the whole table."""
    chosen = _chosen([known.value(request) for known in SELECTION])
    yield listing.headings(order.lang)
    yield from listing.cells(shown.book.facets, chosen, order)


def _file(content: bytes, suffix: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="kgraph.{suffix}"'}
    return Response(content, media_type=media_type, headers=headers)


def places(shown: Shown, *values: Any) -> Json:
    *chosen, things = values
    return listing.places(shown.book.facets, _chosen(chosen), with_things=things is not None)


def timeline(shown: Shown, *values: Any) -> Json:
    *chosen, group, page = values
    if group is None:
        return listing.timeline(shown.book.facets, _chosen(chosen))
    _valid("group", [group], [*listing.GROUPS, "without"])
    return listing.moments(shown.book.facets, _chosen(chosen), group, page or 1)


def network(
    shown: Shown, focus: ox.NamedNode | None, depth: int | None, whole: str | None, day: ox.Literal | None
) -> Json:
    store, grouped = shown.store, shown.book.marks.groups
    if grouped and (groups.is_group(focus.value) if focus else True):
        return views.grouped(store, shown.book.marks, focus.value if focus else None)
    if focus:
        found = networks.neighbourhood(store, focus.value, depth or 1)
    else:
        found = shown.book.marks.overview if whole is None else networks.whole(store)
    found = networks.as_of(store, found, day) if day else found
    return views.network(store, found, shown.book.marks, focus.value if focus else None)


def chain(shown: Shown, begin: ox.NamedNode, end: ox.NamedNode, day: ox.Literal | None) -> Json:
    """The shortest chain; as of a day, of stated facts between things that existed then."""
    found = networks.chain(shown.store, begin.value, end.value, day)
    return views.network(shown.store, networks.with_ends(shown.store, found), shown.book.marks, begin.value)


def found(shown: Shown, words: str, limit: int | None) -> Json:
    book = shown.book
    return views.found(
        book.store, finding.everything(book.store, book.index, book.questions.values(), words, limit or 20)
    )


def thing(shown: Shown, path: str, day: ox.Literal | None) -> Json:
    node = sparql.parse_term(f"<{BASE}{path}>")
    assert isinstance(node, ox.NamedNode)
    return views.thing(shown.store, node, shown.book.marks, day)


def why(shown: Shown, *fact: ox.NamedNode) -> Json:
    return views.reason(shown.store, reasons.why(shown.store, ox.Triple(*fact), shown.book.rules))


COUNTED = ("stated", "shared", "alone", "unasserted", "refines", "contradicts", "unknown")


def _title(shown: Shown, source: sparql.Value, lang: str) -> str:
    labels = shown.book.facets.labels.get(source.value, {})
    title = labels.get(lang) or next(iter(labels.values()), source.value)
    return f"{title} [{text(lang, 'common.draft')}]" if shown.book.origins[source.value].draft else title


def _counts(counts: Contribution) -> list[int]:
    return [getattr(counts, name) for name in COUNTED]


def sources(shown: Shown, request: Request) -> Response:
    """The contributions that the book has counted, as SPARQL results; a source has a title in each language."""
    lang = str(LANG.value(request) or "en")
    _valid("lang", [lang], LANGUAGES)
    rows: list[list[sparql.Value | None]] = [
        [
            source,
            ox.Literal(_title(shown, source, lang), language=lang),
            ox.Literal(day),
            *map(ox.Literal, _counts(counts)),
        ]
        for source, day, counts in shown.book.contributors
    ]
    content = sparql.serialize(sparql.solutions(("source", "title", "issued", *COUNTED), rows), "json")
    return Response(content, media_type=RESULTS_JSON.media)
