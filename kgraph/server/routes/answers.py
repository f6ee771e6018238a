"""Answers to prepared questions, on a day where they take one, and the citation of an answer."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kgraph.base import media, words
from kgraph.base.media import RESULTS_JSON
from kgraph.base.words import LANGUAGES, known
from kgraph.errors import BadQuery, NotFound
from kgraph.graph import questions
from kgraph.graph.questions import Asked
from kgraph.graph.statements import states
from kgraph.publish.metadata.answer_citation import Citation, address, credited
from kgraph.rdf import sparql
from kgraph.server.http.cache import MOMENTARY
from kgraph.server.http.openapi import Answers, DescribedRoute, Parameter, get
from kgraph.server.http.protocol import DAY
from kgraph.server.shown import RENDERED, Bind, Shown

AS_OF = Parameter(DAY, states.day, {"type": "string", "format": "date"}, "the day as of which the facts hold")
LANG = Parameter("lang", schema={"type": "string", "enum": list(LANGUAGES)})
ROWS: Answers = {200: (RESULTS_JSON.media,)}
CITED = (
    Parameter("query", description="the SPARQL query that was answered"),
    Parameter("question", description="or the name of a prepared question, whose parameters follow"),
    Parameter("asked", schema={"type": "string", "format": "date-time"}, description="when; by default now"),
)
CITATIONS = {
    "json": media.JSON.media,
    "sentence": media.TEXT.media,
    "bibtex": media.BIBTEX.media,
    "csl": media.CSL.media,
}
"""The forms of a citation with their media types."""
FORM = Parameter("format", schema={"type": "string", "enum": [*CITATIONS]})
QUESTION = "The answer to a prepared question, which may have parameters of its own"


def routes(bind: Bind) -> list[DescribedRoute]:
    fails = (*RENDERED, 404)
    cited = {200: [*CITATIONS.values()]}
    return [
        get("/questions/{name}", bind(question), QUESTION, LANG, AS_OF, answers=ROWS, fails=fails),
        get("/cite", bind(cite), "The citation of an answer", *CITED, LANG, AS_OF, FORM, answers=cited, fails=fails),
    ]


def question(shown: Shown, request: Request) -> Response:
    """The answer to a question; the header `X-Kgraph-Day` names its day, if it is about one."""
    asked = _asked(shown, request.path_params["name"], dict(request.query_params))
    link = f'<../cite?{urlencode({"question": asked.question.name, **request.query_params})}>; rel="describedby"'
    headers = {"Link": link, **({"X-Kgraph-Day": asked.day} if asked.day else {})}
    content = sparql.serialize(asked.answer(shown.store, shown.book.folder), "json")
    return Response(content, media_type=RESULTS_JSON.media, headers=headers)


def _asked(shown: Shown, name: str, given: Mapping[str, str]) -> Asked:
    """A question with the values of its parameters; BadQuery for a day where it takes none."""
    if name not in shown.book.questions:
        raise NotFound(f"no question {name!r}; there are {', '.join(shown.book.questions)}")
    lang = known(given.get("lang", "en"))
    day = states.day(given[AS_OF.name]) if AS_OF.name in given else None
    own = {key: value for key, value in given.items() if key not in (AS_OF.name, "lang") and value != "UNDEF"}
    terms = {key: sparql.parse_term(value) for key, value in own.items()}
    return questions.given(shown.book.questions[name], lang, terms, day).must_take_day(lang)


def cite(shown: Shown, request: Request) -> Response:
    """The citation of an answer, asked now or at a time given, as a sentence, BibTeX and CSL-JSON, or one of these."""
    given = dict(request.query_params)
    form, moment = given.pop("format", "json"), given.pop("asked", "")
    if form not in CITATIONS:
        raise BadQuery(f"?format= takes {', '.join(CITATIONS)}")
    found = _citation(shown, given, _moment(moment))
    content = {"sentence": found.sentence, "bibtex": found.bibtex, "csl": found.csl}
    text = content if form == "json" else content[form]
    body = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
    return Response(body, media_type=CITATIONS[form], headers={"Cache-Control": MOMENTARY})


def _citation(shown: Shown, given: dict[str, str], asked: datetime) -> Citation:
    lang = known(given.get("lang", "en"))
    if ("query" in given) == ("question" in given):
        raise BadQuery("give ?query= with SPARQL, or ?question= with the name of a prepared question")
    query, about = given.get("query", ""), None
    remarks: tuple[tuple[str, str], ...] = ()
    if "question" in given:
        asked_for = _asked(shown, given.pop("question"), given)
        query, about, remarks = asked_for.text, asked_for.day, (asked_for.question.cited_as,)
    elif AS_OF.name in given:
        raise BadQuery(f"a SPARQL query takes no day; leave {AS_OF.name} out")
    title, publishers = credited(shown.store, lang)
    site = shown.book.site
    return Citation(
        title or words.text(lang, "common.site"),
        publishers,
        query,
        asked,
        lang,
        site.version,
        about,
        shown.book.hash,
        remarks=remarks,
        url=address(shown.store),
    )


def _moment(text: str) -> datetime:
    """A time with an offset, in UTC; now for an empty text."""
    try:
        moment = datetime.fromisoformat(text) if text else datetime.now(UTC)
    except ValueError as error:
        raise BadQuery(f"{text!r} is not a time; write it as 2026-11-23T10:15:00Z") from error
    return moment.astimezone(UTC)
