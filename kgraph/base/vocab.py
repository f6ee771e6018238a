"""Prefixes and the terms that the code names."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from pyoxigraph import NamedNode

from kgraph.errors import BadQuery

BASE = "https://w3id.org/sekg/"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "se": f"{BASE}ns#",
        "id": f"{BASE}id/",
        "source": f"{BASE}source/",
        "claim": f"{BASE}claim/",
        "inference": f"{BASE}inference/",
        "graph": f"{BASE}graph/",
        "kind": f"{BASE}kind/",
        "legal": f"{BASE}kind/legal-form/",
        "function": f"{BASE}kind/functional-kind/",
        "orgstatus": f"{BASE}kind/organisation-status/",
        "role": f"{BASE}kind/role/",
        "purpose": f"{BASE}kind/purpose/",
        "stakeholder": f"{BASE}kind/stakeholder/",
        "status": f"{BASE}kind/claim-status/",
        "topic": f"{BASE}kind/topic/",
        "activity": f"{BASE}kind/activity/",
        "state": f"{BASE}kind/time-state/",
        "ending": f"{BASE}kind/end-reason/",
        "operating": f"{BASE}kind/operating-state/",
        "level": f"{BASE}kind/unit-level/",
        "locality": f"{BASE}kind/locality-kind/",
        "funding": f"{BASE}kind/funding-kind/",
        "headcount": f"{BASE}kind/headcount/",
        "group": f"{BASE}kind/target-group/",
        "pkd2007": f"{BASE}kind/pkd-2007/",
        "pkd2025": f"{BASE}kind/pkd-2025/",
        "call": f"{BASE}function/",
        "measure": f"{BASE}measure/",
        "adms": "http://www.w3.org/ns/adms#",
        "cv": "http://data.europa.eu/m8g/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcatap": "http://data.europa.eu/r5r/",
        "dcterms": "http://purl.org/dc/terms/",
        "eli": "http://data.europa.eu/eli/ontology#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "geo": "http://www.opengis.net/ont/geosparql#",
        "locn": "http://www.w3.org/ns/locn#",
        "oa": "http://www.w3.org/ns/oa#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "rov": "http://www.w3.org/ns/regorg#",
        "schema": "https://schema.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "spdx": "http://spdx.org/rdf/terms#",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
        "void": "http://rdfs.org/ns/void#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

TURTLE_PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
"""The declarations of all prefixes, for Turtle and SPARQL."""

ROW = "#row="
"""What stands in the IRI of a row of a register, between its source and its number (after RFC 7111)."""

LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")


@lru_cache(maxsize=1024)
def term(curie: str) -> NamedNode:
    """The IRI behind `prefix:name`; BadQuery names the known prefixes when it is not one of them.

    >>> term("id:mcps").value
    'https://w3id.org/sekg/id/mcps'
    """
    prefix, colon, name = curie.partition(":")
    if not colon or prefix not in PREFIXES:
        raise BadQuery(f"unknown prefix in {curie!r}; known are {', '.join(PREFIXES)}")
    return NamedNode(PREFIXES[prefix] + name)


@lru_cache(1 << 14)
def curie(iri: str) -> str | None:
    """`prefix:name` for an IRI in one of our namespaces, None when no prefix gives a plain local name.

    >>> curie("https://w3id.org/sekg/kind/role/director")
    'role:director'
    """
    namespace, name = split(iri)
    prefix = _PREFIX_OF.get(namespace)
    return f"{prefix}:{name}" if prefix and LOCAL_NAME.fullmatch(name) else None


def compact(iri: str) -> str:
    """The CURIE where there is one, else the IRI."""
    return curie(iri) or iri


def short(iri: str) -> str:
    """The CURIE where there is one, else the IRI in angle brackets, as SPARQL takes it."""
    return curie(iri) or f"<{iri}>"


def split(iri: str) -> tuple[str, str]:
    """The namespace of an IRI and its name there.

    >>> split("https://w3id.org/sekg/kind/role/director")
    ('https://w3id.org/sekg/kind/role/', 'director')
    """
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:end], iri[end:]


_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}

TYPE = term("rdf:type")
SUBJECT = term("rdf:subject")
PREDICATE = term("rdf:predicate")
OBJECT = term("rdf:object")
REIFIES = term("rdf:reifies")
SUBCLASS = term("rdfs:subClassOf")
PREF_LABEL = term("skos:prefLabel")
ALT_LABEL = term("skos:altLabel")
NOTE = term("skos:note")
DERIVED_FROM = term("prov:wasDerivedFrom")
CREATOR = term("dcterms:creator")
CREATED = term("dcterms:created")
MERGED_INTO = term("se:mergedInto")

SOURCE = term("se:Source")
CLAIM = term("se:Claim")
INFERENCE = term("se:Inference")
KNOWN_UNKNOWN = term("se:KnownUnknown")
STATUS = term("se:claimStatus")
EVIDENCE = term("se:evidence")
REFINES = term("se:refines")
CONTRADICTS = term("se:contradicts")
DIFFERS_IN_TIME = term("se:differsInTime")
LISTS_DIFFER = term("se:listsDiffer")
BOTH_HOLD = (DIFFERS_IN_TIME, LISTS_DIFFER)
"""Why two claims that look like a contradiction are none."""
CLAIM_LINKS = (REFINES, CONTRADICTS, *BOTH_HOLD)
"""What a claim may be to the claim of another source; all but refinement hold in both directions."""
YIELDS_TO = term("se:yieldsTo")
DRAFT = term("se:draft")
RESOLVED_BY = term("se:resolvedBy")
ABRIDGED = term("se:abridged")
RULE = term("se:rule")
STATE = term("se:state")
DATE = term("xsd:date")
STATED = term("status:stated")

DATE_PROPERTIES = frozenset(
    {
        *(term(f"se:{name}") for name in ("date", "validFrom", "validUntil", "fromYear", "untilYear", "lastAttested")),
        *map(term, ("se:earliest", "se:latest", "dcterms:issued", "dcterms:valid")),
    }
)
"""The properties whose values are days, months or years."""

START = term("oa:start")
END = term("oa:end")
EXACT = term("oa:exact")
PREFIX = term("oa:prefix")
SUFFIX = term("oa:suffix")
OCCURRENCE = term("se:occurrence")

ONTOLOGY_GRAPH = term("graph:ontology")
KINDS_GRAPH = term("graph:kinds")
CLAIMS_GRAPH = term("graph:claims")
EDITORIAL_GRAPH = term("graph:editorial")
INFERRED_GRAPH = term("graph:inferred")
