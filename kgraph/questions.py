"""The competency questions: what each asks and means, and its answer, by SPARQL or by a measure of the network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kgraph import analysis, networks, resources, sparql
from kgraph.errors import BadQuery, NotFound
from kgraph.sparql import Value

HEAD = re.compile(r"^#\+ +([a-z-]+): *(.*)$", re.MULTILINE)
PARAMETER = re.compile(r"^\s*VALUES\s+\?(\w+)\s*\{\s*([^}]*?)\s*\}", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A competency question: its SPARQL, what its head says in both languages, and its parameters' defaults.

    `computed_by` names the measure of the network that answers it where SPARQL cannot.
    """

    name: str
    text: str
    title: Mapping[str, str]
    meaning: Mapping[str, str]
    asked_by: str
    parameters: Mapping[str, str]
    computed_by: str | None


def read(name: str, text: str) -> Question:
    """A question from its `.rq` text; its parameters are the `VALUES ?name { default }` lines."""
    head = dict(HEAD.findall(text))
    return Question(
        name,
        text,
        {lang: head[f"title-{lang}"] for lang in ("pl", "en")},
        {lang: head[f"meaning-{lang}"] for lang in ("pl", "en")},
        head["asked-by"],
        dict(PARAMETER.findall(text)),
        head.get("computed-by"),
    )


def all_in(ontology: Path) -> dict[str, Question]:
    """Every question of an ontology folder by name."""
    return {name: read(name, resources.read_text(path)) for name, path in resources.questions(ontology).items()}


def named(ontology: Path, name: str) -> Question:
    """The question of that name; NotFound lists the others."""
    known = all_in(ontology)
    if name not in known:
        raise NotFound(f"no question {name!r}; there are {', '.join(known)}")
    return known[name]


def ask(store: ox.Store, question: Question, lang: str = "en", **terms: Value) -> sparql.Result:
    """The answer to a question in a language, with `terms` in place of its defaults."""
    unknown = terms.keys() - question.parameters.keys()
    if unknown:
        has = ", ".join(question.parameters) or "none"
        raise BadQuery(f"{question.name} has no parameter {min(unknown)!r}; it has {has}")
    speaking: dict[str, Value] = {"lang": ox.Literal(lang)} if "lang" in question.parameters else {}
    bound = speaking | terms
    if question.computed_by is None:
        return sparql.run(store, question.text, **bound)
    columns, rows = MEASURES[question.computed_by](store, question, bound)
    return sparql.solutions(columns, rows)


def _chain(store: ox.Store, question: Question, terms: Mapping[str, Value]) -> analysis.Table:
    ends = next(sparql.rows(sparql.run(store, question.text, **terms)))
    one, other = (end.value if end else "" for end in ends)
    return analysis.chain(networks.chain(store, one, other))


def _brokers(store: ox.Store, _: Question, terms: Mapping[str, Value]) -> analysis.Table:
    found = networks.agreements(store)
    names = {node.iri: node.label(terms["lang"].value) for node in found.nodes}
    return ("thing", "name", "betweenness", "cut"), [
        [ox.NamedNode(broker.iri), ox.Literal(names[broker.iri]), _decimal(broker.betweenness), ox.Literal(broker.cuts)]
        for broker in networks.brokers(found)
    ]


def _decimal(number: float) -> ox.Literal:
    return ox.Literal(f"{number:.4f}", datatype=sparql.DECIMAL)


MEASURES = {"chain": _chain, "brokers": _brokers}
