"""Triples from Python values, and the files that catalogues are read from."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import pyoxigraph as ox

from kgraph.base.vocab import DATE, PREFIXES, term
from kgraph.publish.formats.serialize import json_ld, turtle
from kgraph.rdf.sparql import Value

Properties = Mapping[str, Value | Iterable[Value]]
"""The value or values of each property, by its CURIE."""


def about(subject: ox.NamedNode, properties: Properties) -> Iterator[ox.Triple]:
    """The triples of a subject: each property, as a CURIE, with its value or its values."""
    for name, given in properties.items():
        values = [given] if isinstance(given, ox.NamedNode | ox.Literal) else given
        yield from (ox.Triple(subject, term(name), value) for value in values)


def texts(given: Mapping[str, str]) -> list[ox.Literal]:
    """A text in each of its languages."""
    return [ox.Literal(text, language=lang) for lang, text in sorted(given.items())]


def nodes(iris: Iterable[str]) -> list[ox.NamedNode]:
    return [ox.NamedNode(iri) for iri in iris]


def day(given: date | str) -> ox.Literal:
    return ox.Literal(str(given), datatype=DATE)


def integer(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=term("xsd:nonNegativeInteger"))


def serialize(triples: Iterable[ox.Triple], form: str, heading: str) -> bytes:
    """The triples as turtle, jsonld or rdfxml, sorted; `heading` is the comment that Turtle begins with."""
    given = set(triples)
    match form:
        case "jsonld":
            return json_ld(given, _used(given))
        case "rdfxml":
            return _rdf_xml(given)
    return turtle(given, heading)


def _rdf_xml(triples: set[ox.Triple]) -> bytes:
    return ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.RDF_XML, prefixes=_used(triples)) or b""


def _used(triples: set[ox.Triple]) -> dict[str, str]:
    """The prefixes of the IRIs and datatypes in some triples."""
    text = " ".join(map(str, triples))
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if f"<{namespace}" in text}
