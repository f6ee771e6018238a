"""Facts of one's own beside a graph: each is the claim of a source that says so, and nothing is written to the data."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.vocab import ONTOLOGY_GRAPH, PREF_LABEL, SOURCE, STATED, TYPE, split, term
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadData
from kgraph.evidence.claims import Claim, SourceFile, Text, quads
from kgraph.rdf.terms import Term, said

OWN = "urn:kgraph:own:"
"""The beginning of the IRI of a source of one's own."""

ABOUT, ASPECT, RESOLVED_BY = map(term, ("se:about", "se:aspect", "se:resolvedBy"))
NAMING = (PREF_LABEL, *map(term, ("rdfs:label", "foaf:name", "schema:name", "dcterms:title")))


def source(name: str) -> ox.NamedNode:
    """The IRI of a file or a frame of one's own as a source.

    >>> source("my facts.ttl").value
    'urn:kgraph:own:my%20facts.ttl'
    """
    return ox.NamedNode(OWN + quote(name, safe=""))


def as_claims(store: ox.Store, name: str, triples: Iterable[ox.Triple]) -> list[ox.Quad]:
    """Triples as claims of a source with the name of their file, and names for their things that have none."""
    origin = source(name)
    numbers: dict[Term, int] = {}
    plain = [_plain(triple, origin, numbers) for triple in triples]
    claims = tuple(Claim(origin, triple, STATED) for triple in dict.fromkeys(plain))
    editorial = frozenset((*_head(origin, name), *_names(store, plain), *_resolved(store, claims)))
    return [*quads(SourceFile(name, {origin: Text(None, None, True)}, claims, editorial, ()))]


def _resolved(store: ox.Store, claims: Iterable[Claim]) -> Iterator[ox.Triple]:
    """What sources leave unknown and one's own facts give: each known unknown with the claim that answers it."""
    for claim in claims:
        about = store.quads_for_pattern(None, ABOUT, claim.triple.subject, ox.DefaultGraph())
        for unknown in {quad.subject for quad in about}:
            if any(store.quads_for_pattern(unknown, ASPECT, claim.triple.predicate, ox.DefaultGraph())):
                yield ox.Triple(unknown, RESOLVED_BY, claim.iri)


def _plain(triple: ox.Triple, origin: ox.NamedNode, numbers: dict[Term, int]) -> ox.Triple:
    """A triple with a numbered IRI for each blank node; BadData for a triple of RDF 1.2 about a triple."""
    if any(isinstance(part, ox.Triple) for part in triple):
        raise BadData(f"{said(triple)} is about a triple (RDF 1.2); open a folder of sources to have its evidence read")
    parts = [
        ox.NamedNode(f"{origin.value}#{numbers.setdefault(part, len(numbers) + 1)}")
        if isinstance(part, ox.BlankNode)
        else part
        for part in triple
    ]
    return ox.Triple(*parts)


def _head(origin: ox.NamedNode, name: str) -> Iterator[ox.Triple]:
    yield ox.Triple(origin, TYPE, SOURCE)
    yield ox.Triple(origin, term("se:textUnavailable"), ox.Literal(True))
    for lang in LANGUAGES:
        title = words.text(lang, "own.title", name=name)
        yield ox.Triple(origin, term("dcterms:title"), ox.Literal(title, language=lang))


def _names(store: ox.Store, triples: list[ox.Triple]) -> Iterator[ox.Triple]:
    """Names in every language for things and relations that have none there: cards and networks show names."""
    nodes = {end for triple in triples if triple.predicate != TYPE for end in (triple.subject, triple.object)}
    links = {triple.predicate for triple in triples}
    nodes |= {link for link in links if not any(store.quads_for_pattern(link, None, None, ONTOLOGY_GRAPH))}
    for node in sorted((node for node in nodes if isinstance(node, ox.NamedNode)), key=str):
        known = [quad.object for quad in store.quads_for_pattern(node, PREF_LABEL, None, ox.DefaultGraph())]
        own = [one.object for one in triples if one.subject == node and one.predicate in NAMING]
        langs = {name.language for name in (*known, *own) if isinstance(name, ox.Literal)}
        called = next((name.value for name in (*own, *known) if isinstance(name, ox.Literal)), "")
        fallback = called or split(node.value)[1] or node.value
        for lang in LANGUAGES:
            if lang not in langs:
                yield ox.Triple(node, PREF_LABEL, ox.Literal(fallback, language=lang))
