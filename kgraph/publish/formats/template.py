"""Files from templates: text, and triples from Turtle; the templates are in `publish/templates/`."""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

import jinja2
import pyoxigraph as ox
from jinja2.bccache import Bucket

from kgraph.base import paths, words
from kgraph.base.vocab import TURTLE_PREFIXES, term
from kgraph.publish.formats.serialize import json_ld, rdf_xml, turtle, used_prefixes


def text(template: str, **values: object) -> str:
    """A file from its template."""
    return _environment().get_template(template).render(values)


def triples(template: str, **values: object) -> list[ox.Triple]:
    """The triples of a Turtle template, in which all prefixes are declared."""
    filled = TURTLE_PREFIXES + text(template, **values)
    return [quad.triple for quad in ox.parse(input=filled, format=ox.RdfFormat.TURTLE)]


class Compiled(jinja2.BytecodeCache):
    """Compiled templates in the user's cache: compiling those of all pages takes a second.

    They rest on the module that sets up their environment, too.
    """

    def __init__(self, module: str) -> None:
        self.rests_on = Path(module).read_bytes() + jinja2.__version__.encode()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a template if it, its environment, Jinja and Python are those that it was compiled with."""
        if path := self._path(bucket):
            with suppress(OSError), path.open("rb") as file:
                bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template, where there is a cache."""
        if path := self._path(bucket):
            paths.keep(path, bucket.bytecode_to_string())

    def _path(self, bucket: Bucket) -> Path | None:
        asked = self.rests_on + f"{bucket.key} {bucket.checksum}".encode()
        folder = paths.cache_folder()
        return folder / f"template-{hashlib.sha256(asked).hexdigest()[:32]}" if folder and _is_own(folder) else None


def _is_own(folder: Path) -> bool:
    """Whether nobody else can write to a folder, in which there may be code; also true of one that is not there."""
    with suppress(OSError, AttributeError):  # AttributeError: Windows, where others cannot write to a user's cache
        known = folder.stat()
        return known.st_uid == os.getuid() and not known.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return True


@cache
def _environment() -> jinja2.Environment:
    found = jinja2.Environment(
        bytecode_cache=Compiled(__file__),
        autoescape=jinja2.select_autoescape(["xml"], default=False),
        keep_trailing_newline=True,
        loader=jinja2.FileSystemLoader(paths.packaged("publish/templates")),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    found.filters |= {"iri": ox.NamedNode, "iris": partial(map, ox.NamedNode)}
    found.filters |= {"literal": _literal, "literals": _literals}
    found.filters |= {"json": partial(json.dumps, ensure_ascii=False), "set": set}
    found.globals |= {"say": _say, "texts": words.texts}
    return found


def _literal(value: object, datatype: str = "xsd:string") -> ox.Literal:
    return ox.Literal(str(value), datatype=term(datatype))


def _literals(given: Mapping[str, str] | Iterable[tuple[str, str]]) -> list[ox.Literal]:
    """Language-tagged literals of texts by language, or of pairs of language and text."""
    pairs = given.items() if isinstance(given, Mapping) else given
    return [ox.Literal(value, language=lang) for lang, value in sorted(pairs)]


def _say(predicate: str, values: Iterable[object]) -> str:
    """A predicate with its objects and a semicolon; nothing when there are no values."""
    objects = ", ".join(map(str, values))
    return f"{predicate} {objects} ;" if objects else ""


def serialize(triples: Iterable[ox.Triple], form: str, heading: str) -> bytes:
    """The triples as turtle, jsonld or rdfxml, sorted; `heading` is the comment that Turtle begins with."""
    given = set(triples)
    match form:
        case "jsonld":
            return json_ld(given, used_prefixes(given))
        case "rdfxml":
            return rdf_xml(given)
    return turtle(given, heading)
