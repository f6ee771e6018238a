"""How a release is cited and found: CITATION.cff, RO-Crate, and what schema.org says of a dataset and of a thing.

RO-Crate: https://www.researchobject.org/ro-crate/specification/1.1/ · schema.org: https://schema.org/Dataset
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.vocab import short, term
from kgraph.graph.cards import Card
from kgraph.publish.metadata.authorities import LICENCES
from kgraph.publish.metadata.description import Dataset, Description, File
from kgraph.rdf.sparql import Value

SCHEMA = "https://schema.org/"
CRATE = "https://w3id.org/ro/crate/1.1"
CRATE_FILE = "ro-crate-metadata.json"
MESSAGE = "Please cite this release of the data. / Prosimy cytować to wydanie danych."

Json = dict[str, Any]


def cff(dataset: Dataset, release: Description) -> bytes:
    """CITATION.cff 1.2.0; its values are written as JSON strings, which YAML reads as they are."""
    fields: list[tuple[str, object]] = [
        ("cff-version", "1.2.0"),
        ("message", MESSAGE),
        ("type", "dataset"),
        ("title", dataset.whole.titles["en"]),
        ("abstract", dataset.whole.descriptions["en"]),
        ("authors", [{"name": dataset.publisher_names["en"]}]),
        ("version", release.version),
        ("date-released", str(release.issued)),
        ("url", release.base_url),
        ("keywords", sorted({word for lang, word in dataset.keywords if lang == "en"})),
    ]
    licence = LICENCES.get(dataset.licence)
    fields += [("license", licence.spdx)] if licence else [("license-url", dataset.licence)]
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields).encode()


def ro_crate(dataset: Dataset, release: Description, files: Sequence[File]) -> bytes:
    """The RO-Crate metadata of the release folder: the data, its licence and author, and every file given."""
    author, licence = {"@id": dataset.publisher}, {"@id": dataset.licence}
    graph = [
        {
            "@id": CRATE_FILE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": CRATE},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": dataset.whole.titles["en"],
            "description": dataset.whole.descriptions["en"],
            "identifier": release.base_url,
            "url": release.base_url,
            "version": release.version,
            "datePublished": str(release.issued),
            "license": licence,
            "author": author,
            "publisher": author,
            "keywords": [word for lang, word in dataset.keywords if lang == "en"],
            "inLanguage": ["pl", "en"],
            "hasPart": [{"@id": quote(file.path)} for file in files],
        },
        *(_crate_file(file) for file in files),
        {"@id": dataset.publisher, "@type": "Organization", "name": dataset.publisher_names["en"]},
        {"@id": dataset.licence, "@type": "CreativeWork", "name": _licence_name(dataset)},
    ]
    return _document({"@context": f"{CRATE}/context", "@graph": graph})


def _crate_file(file: File) -> Json:
    return {
        "@id": quote(file.path),
        "@type": "File",
        "name": file.name,
        "encodingFormat": file.media,
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }


def _licence_name(dataset: Dataset) -> str:
    licence = LICENCES.get(dataset.licence)
    return licence.spdx if licence else dataset.licence


def schema_dataset(dataset: Dataset, release: Description, files: Iterable[File], lang: str) -> Json:
    """schema.org's description of the data for a landing page in a language."""
    project = {"@type": "Organization", "@id": dataset.publisher, "name": dataset.publisher_names[lang]}
    found: Json = {
        "@context": SCHEMA,
        "@type": "Dataset",
        "@id": release.base_url,
        "name": dataset.whole.titles[lang],
        "alternateName": [text for other, text in sorted(dataset.whole.titles.items()) if other != lang],
        "description": dataset.whole.descriptions[lang],
        "identifier": release.base_url,
        "url": release.base_url,
        "version": release.version,
        "datePublished": str(release.issued),
        "license": dataset.licence,
        "creator": project,
        "publisher": project,
        "inLanguage": ["pl", "en"],
        "isAccessibleForFree": True,
        "keywords": [word for word_lang, word in dataset.keywords if word_lang == lang],
        "spatialCoverage": {"@type": "Place", "name": words.text(lang, "authorities.country/POL")},
        "temporalCoverage": f"{dataset.begin}/{dataset.end}" if dataset.begin else None,
        "distribution": [_download(release, file) for file in files if file.part],
    }
    return _filled(found)


def _download(release: Description, file: File) -> Json:
    return {
        "@type": "DataDownload",
        "name": file.name,
        "contentUrl": release.url(file.path),
        "encodingFormat": file.media,
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }


def _filled(found: Json) -> Json:
    return {key: value for key, value in found.items() if value not in (None, [], {})}


def _document(found: Mapping[str, Any]) -> bytes:
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


TYPES: Mapping[str, str] = {
    "foaf:Person": "Person",
    "cv:PublicOrganisation": "GovernmentOrganization",
    "org:Organization": "Organization",
    "foaf:Group": "Organization",
    "cv:AdminUnit": "AdministrativeArea",
    "dcterms:Location": "Place",
    "org:Site": "Place",
    "se:Event": "Event",
    "org:ChangeEvent": "Event",
    "se:Source": "CreativeWork",
    "se:Agreement": "CreativeWork",
    "eli:LegalResource": "Legislation",
    "skos:Concept": "DefinedTerm",
    "skos:ConceptScheme": "DefinedTermSet",
}
"""What schema.org calls the things of our classes, the narrower class first; all else is a Thing."""

PROPERTIES: Mapping[str, str] = {
    "dcterms:issued": "datePublished",
    "foaf:homepage": "url",
    "se:date": "startDate",
    "se:foundedBy": "founder",
    "se:hasAttendee": "attendee",
    "se:memberOf": "memberOf",
    "se:operatedBy": "parentOrganization",
    "se:seatIn": "location",
    "se:tookPlaceIn": "location",
    "se:within": "containedInPlace",
}
"""What schema.org calls our properties. Of an event we know when it was, never how long it took."""

DAYS = frozenset(map(term, ("xsd:date", "xsd:gYearMonth", "xsd:gYear")))
"""What schema.org takes as a date (ISO 8601): not a day whose year is not known."""

ALLOWED: Mapping[str, frozenset[str]] = {
    "Person": frozenset({"memberOf"}),
    "Organization": frozenset({"location", "memberOf", "founder", "parentOrganization"}),
    "GovernmentOrganization": frozenset({"location", "memberOf", "founder", "parentOrganization"}),
    "AdministrativeArea": frozenset({"containedInPlace"}),
    "Place": frozenset({"containedInPlace"}),
    "Event": frozenset({"location", "attendee", "startDate"}),
    "CreativeWork": frozenset({"datePublished"}),
    "Legislation": frozenset({"datePublished"}),
}
"""The properties that schema.org has for a type, beside `url`, which it has for all."""


def schema_thing(card: Card, kinds: Iterable[str], page: str, lang: str) -> Json:
    """schema.org's description of the thing of a card, for its page in a language.

    `kinds` are the IRIs of its classes. Facts that no source states are left out. `url` is its own homepage, if a
    source gives one, else the page.
    """
    kind = _type(kinds)
    names = {label.language or "": label.value for label in card.labels}
    name = names.get(lang) or min(names.values(), default=short(card.thing.value))
    found: Json = {
        "@context": SCHEMA,
        "@type": kind,
        "@id": card.thing.value,
        "name": name,
        "alternateName": sorted({*names.values()} - {name}),
        "description": min(_notes(card, term("skos:definition")), default=None),
        "url": page,
        "sameAs": sorted(_notes(card, term("skos:exactMatch"))),
    }
    return _filled(found | _facts(card, kind))


def _type(kinds: Iterable[str]) -> str:
    given = set(kinds)
    return next((name for kind, name in TYPES.items() if term(kind).value in given), "Thing")


def _notes(card: Card, predicate: ox.NamedNode) -> list[str]:
    return [value.value for name, value in card.notes if name == predicate]


def _facts(card: Card, kind: str) -> Json:
    """The properties of the type that sources state: days as they are, things by name and IRI."""
    found: Json = {}
    for group in card.groups:
        name = PROPERTIES.get(short(group.predicate.value), "")
        if group.incoming or name not in {"url", *ALLOWED.get(kind, ())}:
            continue
        stated = sorted((end for end, fact in group.facts.items() if fact.asserted), key=str)
        ends = _days(stated) if name == "startDate" else [_end(card, name, end) for end in stated]
        if ends:
            found[name] = ends if len(ends) > 1 else ends[0]
    return found


def _days(stated: Iterable[Value]) -> list[str]:
    """The days, months and years among dates, but for those that another of them says more exactly."""
    dates = [date.value for date in stated if isinstance(date, ox.Literal) and date.datatype in DAYS]
    return [date for date in dates if not any(other.startswith(f"{date}-") for other in dates)]


def _end(card: Card, name: str, end: Value) -> Json | str:
    if isinstance(end, ox.Literal) or name == "url":
        return end.value
    return {"@id": end.value, "name": card.name(end)}
