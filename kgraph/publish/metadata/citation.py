"""Citation and discovery: CITATION.cff, RO-Crate, and schema.org's description of a dataset and of a thing.

RO-Crate: https://www.researchobject.org/ro-crate/specification/1.1/ · schema.org: https://schema.org/Dataset
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.vocab import LICENCE, short, term
from kgraph.graph.entity.cards import Card
from kgraph.publish.formats import template
from kgraph.publish.formats.tables import json_file
from kgraph.publish.metadata.authorities import LICENCES
from kgraph.publish.metadata.catalogue import CATALOGUE
from kgraph.publish.metadata.description import Dataset, Description, File
from kgraph.rdf.sparql import Value

SCHEMA = "https://schema.org/"
DAYS = frozenset(map(term, ("xsd:date", "xsd:gYearMonth", "xsd:gYear")))
"""The datatypes that are dates in schema.org (ISO 8601): not a day without a year."""

Json = dict[str, Any]


def cff(dataset: Dataset, release: Description) -> bytes:
    """CITATION.cff 1.2.0; its values are JSON strings, which are YAML too."""
    keywords = sorted({*dataset.keywords_in("en")})
    return _text("CITATION.cff", dataset, release, keywords=keywords).encode()


def licence(dataset: Dataset) -> bytes:
    """The file LICENSE: the licence of the data and how to attribute it, in both languages."""
    return template.text("metadata/LICENSE", dataset=dataset).encode()


def ro_crate(dataset: Dataset, release: Description, files: Sequence[File]) -> bytes:
    """The RO-Crate metadata of the release folder: the data, its licence and author, and every file given."""
    crate = _text("ro-crate-metadata.json", dataset, release, files=files, keywords=dataset.keywords_in("en"))
    return json_file(json.loads(crate))


def zenodo(dataset: Dataset, release: Description) -> bytes:
    """The file `.zenodo.json`: what Zenodo is told of a release (https://developers.zenodo.org/#representation)."""
    licence, *earlier = LICENCES.get(dataset.licence), *release.earlier[-1:]
    related = [("isIdenticalTo", release.base_url)]
    related += [("isNewVersionOf", one.base_url) for one in earlier if one.base_url != release.base_url]
    found: Json = {
        "title": dataset.whole.titles["en"],
        "description": dataset.whole.descriptions["en"],
        "upload_type": "dataset",
        "access_right": "open",
        "license": licence.spdx.lower() if licence else dataset.licence,
        "creators": [{"name": dataset.publisher_names["en"]}],
        "version": release.version,
        "publication_date": str(release.issued),
        "keywords": sorted({*dataset.keywords_in("en")}),
        "related_identifiers": [{"relation": kind, "identifier": address} for kind, address in related],
    }
    return json_file(found)


def schema_dataset(dataset: Dataset, release: Description, files: Iterable[File], lang: str) -> Json:
    """schema.org's description of the data for a landing page in a language, with the files that carry it whole."""
    others = [text for other, text in sorted(dataset.whole.titles.items()) if other != lang]
    whole = [file for file in sorted(files) if file.is_whole and not file.is_change]
    carrying = [file for file in whole if file.part == dataset.whole.name or file.package == "tables"]
    given = {
        "files": sorted(carrying, key=lambda file: file.package is not None),
        "lang": lang,
        "others": others,
        "keywords": dataset.keywords_in(lang),
        "versions": release.of(dataset.whole),
        "catalogue": CATALOGUE,
    }
    return _filled(json.loads(_text("schema-dataset.json", dataset, release, **given)))


def _text(name: str, dataset: Dataset, release: Description, **values: object) -> str:
    licence = LICENCES.get(dataset.licence)
    return template.text(f"metadata/{name}", dataset=dataset, release=release, licence=licence, **values)


def _filled(found: Json) -> Json:
    """The keys that have a value."""
    return {key: value for key, value in found.items() if value not in (None, [], {})}


def _schema() -> Mapping[str, Any]:
    """The terms of schema.org for our classes, the narrower first, and properties, and the properties of each type.

    `url` is allowed for all types. An event has a day, never a duration.
    """
    return paths.packaged_json("publish/metadata/schema-org.json")


def schema_thing(card: Card, kinds: Iterable[str], page: str, lang: str) -> Json:
    """schema.org's description of a thing, for its page in a language; `kinds` are the IRIs of its classes.

    It has stated facts only. Its `url` is the homepage that a source gives, else the page. The licence is that of the
    page: no person or place has one.
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
        "subjectOf": {"@type": "WebPage", "url": page, "license": LICENCE},
    }
    return _filled(found | _facts(card, kind))


def _type(kinds: Iterable[str]) -> str:
    given = set(kinds)
    return next((name for kind, name in _schema()["types"].items() if term(kind).value in given), "Thing")


def _notes(card: Card, predicate: ox.NamedNode) -> list[str]:
    return [value.value for name, value in card.notes if name == predicate]


def _facts(card: Card, kind: str) -> Json:
    """The stated facts whose properties schema.org allows for the type: days as dates, things by name and IRI."""
    found, known = Json(), _schema()
    for group in card.groups:
        name = known["properties"].get(short(group.predicate.value), "")
        if group.incoming or name not in {"url", *known["allowed"].get(kind, ())}:
            continue
        stated = sorted((end for end, fact in group.facts.items() if fact.asserted), key=str)
        ends = _days(stated) if name == "startDate" else [_end(card, name, end) for end in stated]
        if ends:
            found[name] = ends if len(ends) > 1 else ends[0]
    return found


def _days(stated: Iterable[Value]) -> list[str]:
    """The days, months and years among dates, without those that another date specifies."""
    dates = [date.value for date in stated if isinstance(date, ox.Literal) and date.datatype in DAYS]
    return [date for date in dates if not any(other.startswith(f"{date}-") for other in dates)]


def _end(card: Card, name: str, end: Value) -> Json | str:
    if isinstance(end, ox.Literal) or name == "url":
        return end.value
    return {"@id": end.value, "name": card.name(end)}
