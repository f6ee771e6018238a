"""The competency questions: their titles and meanings, and their answers by SPARQL or by a network measure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from kgraph.base import paths, words
from kgraph.base.text import fold
from kgraph.base.vocab import short
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadQuery, NotFound
from kgraph.graph.names import labels
from kgraph.graph.network import analysis, brokers, networks
from kgraph.graph.statements import states
from kgraph.rdf import sparql, sparql_text
from kgraph.rdf.endpoint import Endpoint
from kgraph.rdf.sparql import Value

DAY = "day"
"""The parameter of questions about a day."""

DATES = ("as_of", "as-of", "date", "on")
"""What people write for a day."""

UNDEFINED = "UNDEF"
"""The default of a parameter without a value, which restricts nothing."""


HEAD_LINE = re.compile(r"^#\+.*\n", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A competency question: its SPARQL, its title and meaning by language, and the defaults of its parameters.

    `computed_by` names a measure of the network that answers it in place of SPARQL; `keywords` are more words to find
    it by, in both languages; `leads` is its place among the questions that a newcomer is shown first. `in_short` names
    the variables of its answer in one line, a thing and a day. `timeless` is the key of the words that say why it takes
    no day.
    """

    name: str
    text: str
    title: Mapping[str, str]
    meaning: Mapping[str, str]
    asked_by: str
    parameters: Mapping[str, str]
    computed_by: str | None
    keywords: str = ""
    leads: int | None = None
    in_short: tuple[str, ...] = ()
    timeless: str | None = None

    @property
    def plain(self) -> str:
        """Its SPARQL without the head of `#+` lines."""
        return HEAD_LINE.sub("", self.text)

    @property
    def takes(self) -> Mapping[str, str]:
        """The parameters without the language."""
        return {name: default for name, default in self.parameters.items() if name != "lang"}

    @property
    def cited_as(self) -> tuple[str, str]:
        """What a citation says of it, by the key of the words: its name, and whether it is computed."""
        return "computed" if self.computed_by else "question", self.name

    @property
    def things(self) -> Mapping[str, Value]:
        """The defaults that are things, by parameter."""
        return {name: sparql.parse_term(self.parameters[name]) for name in self.takes if self.takes_thing(name)}

    def with_default(self, name: str, thing: ox.NamedNode) -> "Question":
        """The question with another thing as the default of a parameter."""
        text = sparql.bind(self.text, {name: thing})
        return replace(self, text=text, parameters={**self.parameters, name: short(thing.value)})

    def takes_thing(self, name: str) -> bool:
        """Whether the default of a parameter is a thing."""
        return re.fullmatch(r"[a-z]+:[\w-]+", self.parameters.get(name, "")) is not None

    def takes_any_thing(self, name: str) -> bool:
        """Whether a parameter has no default; those of the questions that have none take things, but for a day."""
        return name != DAY and self.parameters.get(name) == UNDEFINED


@lru_cache(maxsize=256)  # to answer one question by its title, the files of all are read
def parse(name: str, text: str) -> Question:
    """A question from a `.rq` text, with its parameters from the lines `VALUES ?name { default }`."""
    head = sparql_text.head(text)
    return Question(
        name,
        text,
        {lang: head[f"title-{lang}"] for lang in LANGUAGES},
        {lang: head[f"meaning-{lang}"] for lang in LANGUAGES},
        head["asked-by"],
        sparql.defaults(text),
        head.get("computed-by"),
        head.get("keywords", ""),
        int(head["leads"]) if "leads" in head else None,
        tuple(head.get("in-short", "").split()),
        head.get("timeless"),
    )


def all_in(ontology: Path) -> dict[str, Question]:
    """Every question of an ontology folder by name."""
    return {name: parse(name, paths.read_text(path)) for name, path in paths.questions(ontology).items()}


def leading(known: Iterable[Question]) -> list[Question]:
    """The questions that a newcomer is shown first, in their order."""
    return sorted((one for one in known if one.leads is not None), key=lambda one: one.leads or 0)


def named(ontology: Path, name: str) -> Question:
    """The question of an ontology folder with a name, as `chosen` has it."""
    return chosen(all_in(ontology), name)


def chosen(known: Mapping[str, Question], name: str) -> Question:
    """The question of a name, or of a title in any language; NotFound lists similar names, or all."""
    titled = {fold(title): one for one in known.values() for title in one.title.values()}
    if found := known.get(name) or titled.get(fold(name)):
        return found
    alike = get_close_matches(name, known) or [one.name for title, one in titled.items() if _has_words(title, name)]
    others = f"did you mean {', '.join(dict.fromkeys(alike))}?" if alike else f"there are {', '.join(known)}"
    raise NotFound(f"no question {name!r}; {others}")


def _has_words(title: str, text: str) -> bool:
    return set(re.findall(r"\w+", fold(text))) <= set(re.findall(r"\w+", title))


EXAMPLES = {
    "cluster": "cluster",
    "event": "event",
    **dict.fromkeys(("agreement", "one", "subject"), "agreement"),
    **dict.fromkeys(("organisation", "from", "object"), "first"),
    "to": "last",
    "area": "area",
}
"""The example for each parameter that takes a thing, by its name."""


def fitting(store: ox.Store, known: Iterable[Question]) -> dict[str, Question]:
    """Questions by name, with defaults that are in the graph in the place of those that are not."""
    asked = {question.name: question for question in known}
    defaults = {(one.name, name): term for one in asked.values() for name, term in one.things.items()}
    lacking = {*(() if isinstance(store, Endpoint) else sparql.unknown(store, defaults.values()))}
    examples = _examples(store) if lacking else {}
    for (question, name), term in defaults.items():
        if term in lacking and (example := examples.get(EXAMPLES.get(name, ""))):
            asked[question] = asked[question].with_default(name, example)
    return asked


def _examples(store: ox.Store) -> dict[str, ox.NamedNode]:
    """The things that a question may be asked about: an agreement, its parties and so on, and a place."""
    names = ("agreement", "event", "cluster", "first", "last")
    row = next(iter(sparql.named(store, "examples")), ())
    found = {name: ox.NamedNode(value.value) for name, value in zip(names, row, strict=False) if value.value}
    areas = sparql.named(store, "smallest-area", organisation=found["first"]) if found else ()
    area = next((ox.NamedNode(node.value) for (node,) in areas), None)
    return found | ({"area": area} if area else {})


def introduction(question: Question, lang: str, terms: Mapping[str, Value]) -> Iterator[str]:
    """The title and meaning of a question, and the values of its parameters."""
    yield question.title[lang]
    yield question.meaning[lang]
    if question.takes:
        yield words.text(lang, "questions.asked with", values=" ".join(assigned(question, terms)))


def table(known: Iterable[Question], lang: str) -> sparql.Table:
    """Questions with their names, titles and parameters, and whether they take a day, or why not."""
    texts = ((asked.name, asked.title[lang], " ".join(_taken(asked)), _about_day(asked, lang)) for asked in known)
    return ("name", "question", "parameters", "day"), [[*map(ox.Literal, row)] for row in texts]


def _taken(question: Question) -> Iterator[str]:
    """The parameters with their defaults, and the day of a measure of the network."""
    yield from assigned(question, {})
    if question.computed_by:
        yield DAY


def _about_day(question: Question, lang: str) -> str:
    return words.text(lang, f"questions.days.{question.timeless or 'takes'}")


def assigned(question: Question, terms: Mapping[str, Value]) -> Iterator[str]:
    """Each parameter as an argument of --param; only its name when it has no value."""
    for name, default in question.takes.items():
        value = sparql.cell(terms[name]) if name in terms else default.partition("^^")[0].strip('"')
        yield name if value == UNDEFINED else f"{name}={value}"


@dataclass(frozen=True)
class Asked:
    """A question with the values of its parameters; `on` is the day of a measure of the network, None for all times."""

    question: Question
    terms: Mapping[str, Value]
    on: ox.Literal | None

    @property
    def text(self) -> str:
        """Its SPARQL with the values."""
        return sparql.bind(self.question.text, self.terms)

    @property
    def day(self) -> str | None:
        """The day that the answer is about: the given one, else the default of the parameter; None without one."""
        if DAY not in self.question.parameters:
            return self.on.value if self.on and takes_day(self.question) else None
        usual = self.question.parameters[DAY]
        known = self.terms.get(DAY) or (sparql.parse_term(usual) if usual != UNDEFINED else None)
        return str(known.value) if known else None

    def answer(self, store: ox.Store, folder: Path | None = None) -> sparql.Result:
        """The answer; the build folder of the store, if there is one, holds the measures of its network."""
        if self.question.computed_by is None:
            return sparql.run(store, self.question.text, **self.terms)
        if self.question.computed_by == "brokers":
            return sparql.solutions(*_brokers(store, folder, str(self.terms["lang"].value), self.on))
        return sparql.solutions(*_chain(store, self.question, self.terms, self.on))

    def doubts(self, lang: str) -> Iterator[str]:
        """A sentence when a day was asked for, and the question is about all times."""
        if self.on and not takes_day(self.question):
            yield words.text(lang, "questions.no day", name=self.question.name, day=self.on.value)

    def must_take_day(self, lang: str) -> "Asked":
        """The same; BadQuery where a day was asked for, and the question is about all times."""
        for sentence in self.doubts(lang):
            raise BadQuery(sentence)
        return self


def given(question: Question, lang: str, terms: Mapping[str, Value], on: ox.Literal | None = None) -> Asked:
    """A question with the values of its parameters that are not defaults; a day that is not given is `on`.

    A measure of the network takes a day, though it has no such parameter.
    Raises BadQuery for a parameter that the question does not have.
    """
    if question.computed_by and DAY in terms:
        on = states.day(terms[DAY].value)
        terms = {name: value for name, value in terms.items() if name != DAY}
    if unknown := terms.keys() - question.parameters.keys():
        raise BadQuery(f"{question.name} has no parameter {min(unknown)!r}; {_meant(question, min(unknown))}")
    usual = {"lang": ox.Literal(lang)} | ({DAY: on} if on else {})
    fitting = {name: _fitting(name, value, question.parameters[name]) for name, value in terms.items()}
    return Asked(question, {name: usual[name] for name in usual if name in question.parameters} | fitting, on)


def ask(
    store: ox.Store, question: Question, lang: str = "en", folder: Path | None = None, /, **terms: Value
) -> sparql.Result:
    """The answer to a question in a language; `terms` replace the defaults of parameters."""
    return given(question, lang, terms).answer(store, folder)


def meant(store: ox.Store, index: labels.Index, question: Question, name: str, value: Value, lang: str = "en") -> Value:
    """The thing or relation of that name, for a parameter that takes one; else the value.

    Things of the kind of the default go before others.
    """
    if not isinstance(value, ox.Literal) or not (question.takes_thing(name) or question.takes_any_thing(name)):
        return value
    like = question.things.get(name)
    if labels.is_relation(store, like):
        return labels.relation(store, value.value, lang)
    return labels.resolve(store, index, value.value, lang, like)


def _meant(question: Question, name: str) -> str:
    """The parameters that a question has, and for a day why it has none."""
    if name == DAY and question.timeless:
        reason = words.text("en", f"questions.days.{question.timeless}").partition(": ")[2]
        return f"its answer is for all times, {reason}"
    alike = get_close_matches(DAY if name in DATES else name, question.takes, 1)
    return f"did you mean {alike[0]}?" if alike else f"it has {', '.join(question.takes) or 'none'}"


def takes_day(question: Question) -> bool:
    """Whether a day can be asked about: as a parameter, or by a measure of the network on a day."""
    return DAY in question.parameters or question.computed_by is not None


def _fitting(name: str, value: Value, default: str) -> Value:
    """The value as a day or a number, like the default; BadQuery when it is not one, as the answer would be empty."""
    try:
        if name == DAY or default.endswith("^^xsd:date"):
            return states.day(value.value)
        return _number(value.value) if default.isdecimal() else value
    except BadQuery as error:
        raise BadQuery(f"{name}: {error}") from error


def _number(text: str) -> ox.Literal:
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        raise BadQuery(f"{text!r} is not a number; write it as 30 or 2.5")
    return sparql.held(ox.Literal(text, datatype=sparql.DECIMAL))


def _chain(store: ox.Store, question: Question, terms: Mapping[str, Value], on: ox.Literal | None) -> sparql.Table:
    one, other = map(_thing, next(sparql.rows(sparql.run(store, question.text, **terms))))
    return analysis.chain(networks.chain(store, one.value, other.value, on))


def _thing(end: Value | None) -> ox.NamedNode:
    if not isinstance(end, ox.NamedNode):
        raise BadQuery(f"a chain leads from one thing to another, and {end.value if end else 'UNDEF'} is none")
    return end


MOST = 100
"""The most brokers in an answer."""


def _brokers(store: ox.Store, folder: Path | None, lang: str, on: ox.Literal | None) -> sparql.Table:
    kept = brokers.load(folder) if folder and not on else None
    found = (brokers.brokers(store, on) if kept is None else kept)[:MOST]
    things = [ox.NamedNode(broker.iri) for broker in found]
    called = labels.names(store, things, lang)
    return ("thing", "name", "betweenness", "cut", "agreements", "source"), [
        [
            thing,
            ox.Literal(labels.name(called, thing)),
            ox.Literal(f"{broker.betweenness:.4f}", datatype=sparql.DECIMAL),
            ox.Literal(broker.cuts),
            ox.Literal(broker.agreements),
            ox.NamedNode(broker.source),
        ]
        for thing, broker in zip(things, found, strict=True)
    ]
