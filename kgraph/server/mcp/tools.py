"""The tools of the MCP server: their names, their arguments, and the form of their answers as JSON Schema.

Titles and descriptions are in the section `mcp` of the catalogue of words.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kgraph.base import words

Schema = dict[str, Any]

Name = Annotated[str, Field(min_length=1, max_length=500)]
"""A name, words to search for, or a term."""


class Arguments(BaseModel):
    """The arguments that each tool takes; values are not converted, and unknown arguments are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)
    lang: Literal["pl", "en"] = "en"

    @classmethod
    def schema_in(cls, lang: str) -> Schema:
        """The schema of the arguments, described in a language; the defaults are those of the server."""
        schema = cls.model_json_schema()
        for name, argument in schema["properties"].items():
            argument.pop("default", None)
            argument["title"], argument["description"] = name, words.text(lang, f"mcp.arguments.{name}")
        return {**schema, "description": "", "title": cls.__name__}


class Search(Arguments):
    words: Name
    limit: Annotated[int, Field(ge=1, le=50)] = 20
    kind: Name = ""


class Card(Arguments):
    thing: Name


class Why(Arguments):
    subject: Name
    relation: Name
    object: Name


class Ask(Arguments):
    question: Name
    parameters: dict[Name, Name] = {}
    as_of: Annotated[str, Field(max_length=10)] = ""


class Sparql(Arguments):
    query: str


@dataclass(frozen=True)
class Tool:
    """A tool: its name, its arguments, and the members of its answer."""

    name: str
    takes: type[Arguments]
    answers: dict[str, Schema]

    def output_schema(self) -> Schema:
        """The schema of its answer: each has the sources that it rests on."""
        members = {**self.answers, "sources": SOURCES}
        return {"type": "object", "properties": members, "required": [*members]}


TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "object", "additionalProperties": TEXT}
OBJECTS: Schema = {"type": "array", "items": {"type": "object"}}
SOURCES: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": dict.fromkeys(("source", "publisher", "issued", "address"), TEXT),
        "required": ["source", "publisher", "issued", "address"],
    },
}
PLACES: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"source": TEXT, "status": TEXT, "words": {"type": ["string", "null"]}},
        "required": ["source", "status", "words"],
    },
}
REASON: Schema = {
    "type": "object",
    "properties": {"subject": TEXT, "relation": TEXT, "rule": {"type": ["string", "null"]}, "places": PLACES},
    "required": ["subject", "relation", "object", "rule", "places", "premises"],
}
GROUNDED: dict[str, Schema] = {
    "answer": {"type": "object"},
    "evidence": {"type": "array", "items": REASON},
    "is_cut": {"type": "boolean"},
    "doubts": {"type": "array", "items": TEXT},
    "names": TEXTS,
}
"""An answer with the reasons of the facts in it; `is_cut` when rows or reasons are left out."""
CARD: dict[str, Schema] = {
    "thing": TEXT,
    "sentence": TEXT,
    "labels": TEXTS,
    "facts": {"type": "array", "items": {"type": "object", "properties": {"places": PLACES}, "required": ["places"]}},
    "unknowns": {"type": "array", "items": TEXT},
    "left": {"type": "object", "additionalProperties": {"type": "integer"}},
    "names": TEXTS,
}

FOUND: dict[str, Schema] = {
    "things": OBJECTS,
    "questions": OBJECTS,
    "passages": OBJECTS,
    "evidence": GROUNDED["evidence"],
    "names": TEXTS,
}
ASKED: dict[str, Schema] = {
    "question": TEXT,
    "parameters": TEXTS,
    "day": {"type": ["string", "null"]},
    "sparql": {"type": ["string", "null"]},
    **GROUNDED,
}
TOOLS = {
    tool.name: tool
    for tool in (
        Tool("search", Search, FOUND),
        Tool("card", Card, CARD),
        Tool("why", Why, {"reason": REASON, "names": TEXTS}),
        Tool("questions", Arguments, {"questions": OBJECTS}),
        Tool("ask", Ask, ASKED),
        Tool("sparql", Sparql, GROUNDED),
    )
}
