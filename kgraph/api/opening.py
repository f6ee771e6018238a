"""Open the graph that comes with kgraph, a folder, files or an endpoint, and resolve names in it."""

import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Never, cast

import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.api.calling import FUNCTIONS, Opened, checked, lacking
from kgraph.api.own import Given, Own, read
from kgraph.api.values import day_text
from kgraph.base import paths, words
from kgraph.base.paths import Folders
from kgraph.base.vocab import ONTOLOGY_GRAPH, PREFIXES, STATE, TYPE, short, term
from kgraph.build import pipeline
from kgraph.errors import BadData, BadQuery, NotFound
from kgraph.evidence.own import NAMING, as_claims
from kgraph.evidence.turtle import parse
from kgraph.graph import questions
from kgraph.graph.names import labels, search
from kgraph.graph.names.searchable import PLACE
from kgraph.graph.questions import Question
from kgraph.graph.statements import states
from kgraph.publish.formats.serialize import AT_ONCE, hash_of_facts
from kgraph.rdf import files, sparql_text, store
from kgraph.rdf.endpoint import Endpoint
from kgraph.rdf.sparql import Value

STRING, LABEL = term("xsd:string"), term("rdfs:label")

Name = str | ox.NamedNode
"""A thing, by a name, a CURIE, an IRI, `<IRI>`, or its node."""


def written(name: Name) -> str:
    """A name as text; a node as `<IRI>`; BadQuery for anything else, such as a list."""
    if not isinstance(name, Name):
        raise BadQuery(f"{name!r} is not one thing; give a name, a CURIE, an IRI or a node, one at a time")
    return name if isinstance(name, str) else str(name)


def uses_states(terms: Iterable[object]) -> bool:
    """Whether a query with some terms asks for the states of things on the day of its graph."""
    return STATE in terms


@dataclass(frozen=True)
class Graph(Opened):
    """An open graph: its store, its name, its inference rules, and its build folder if any.

    With a `day`, networks leave out what did not exist then. `version` is that of the data, None where it is not known;
    `where` is what was opened, and `own` are files and frames of one's own beside it.

    >>> open()
    the graph that comes with kgraph
    """

    store: ox.Store
    name: str
    rules: Mapping[str, str]
    folder: Path | None = None
    day: ox.Literal | None = None
    version: str | None = None
    where: tuple[str, ...] = ()
    own: tuple[Own, ...] = ()

    def __repr__(self) -> str:
        return self.name

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Never:
            """AttributeError that names the function of kgraph."""
            meant = name if name in FUNCTIONS else "query"
            raise lacking("a graph", name, f"write kgraph.{meant}(graph, …)")

    def __reduce__(self) -> tuple[object, ...]:
        """A pickled graph is opened again from where it came; only triples of one's own are copied."""
        return _again, (self.where, self.day, self.own)

    def add(self, what: Given, name: str | None = None) -> "Graph":
        """A new graph in memory with facts of one's own; this one and its data stay as they are.

        They are in a file of RDF, or are triples, an rdflib graph, an answer, or a data frame: with the columns
        `subject`, `predicate` and `object`, or with `thing` and a column for each relation. `name` is that of their
        source. No rules are run over them. Raises BadData for what cannot be read.

        It warns of a text that is the name of a thing, and of a CURIE that is not in the graph.

        >>> import kgraph
        >>> mine = open().add([("id:mcps", "https://example.org/staff", 12)], name="my notes")
        >>> [(row.object, row.title) for row in kgraph.claims(mine, source="<urn:kgraph:own:my%20notes>")]
        [(12, 'my notes (your own facts)')]
        """
        if isinstance(self.store, Endpoint):
            raise BadQuery("an endpoint takes no facts of your own; open a graph on this machine")
        called = name or (Path(what).name if isinstance(what, str | Path) else f"table {len(self.own) + 1}")
        if any(called == other.name for other in self.own):
            raise BadQuery(f"there are facts named {called} already; give another name=")
        triples = read(what, called, self.resolve, self.relation)
        ours = (node for triple in triples for node in triple if str(node).startswith(f"<{PREFIXES['se']}"))
        if unknown := self.doubts(ours):
            raise BadData(f"{called} cannot be added: {unknown[0]}")
        for doubt in self._misread(triples):
            warnings.warn(doubt, stacklevel=2)
        return _with(self, Own(called, tuple(map(str, triples))))

    def _misread(self, triples: Iterable[ox.Triple]) -> Iterator[str]:
        """A sentence for each text that is the name of a thing, and each CURIE of a thing that is not there."""
        told = [*triples]
        typed = {triple.subject for triple in told if triple.predicate == TYPE}
        ends = {end for triple in told for end in (triple.subject, triple.object)} - typed
        yield from self.doubts(sorted((end for end in ends if isinstance(end, ox.NamedNode)), key=str))
        values = (triple.object for triple in told if triple.predicate not in NAMING)
        texts = {value.value for value in values if isinstance(value, ox.Literal) and value.datatype == STRING}
        for text, found in sorted(search.bearers(self.index, texts).items()) if texts else ():
            yield f"{text!r} stays a text, and is the name of {short(found)}; write {short(found)} for the thing"

    def relation(self, name: Name, lang: str = "en") -> ox.NamedNode:
        """The relation meant by a name, a CURIE, an IRI or a node."""
        return labels.relation(self.store, written(name), lang)

    @property
    def on(self) -> str | None:
        """The day as text."""
        return self.day.value if self.day else None

    @cached_property
    def index(self) -> Connection:
        """The full-text index of its names."""
        return search.open_index(self.store, self.folder)

    @cached_property
    def hash(self) -> str | None:
        """SHA-256 of the facts as canonical N-Quads (RDFC-1.0), as in a release; None for an endpoint.

        It takes about a second for 50,000 facts.
        """
        return None if isinstance(self.store, Endpoint) else hash_of_facts(self.store)

    @property
    def hash_at_once(self) -> str | None:
        """The hash where it is known, or the graph small enough (AT_ONCE) to compute it."""
        is_ready = "hash" in vars(self) or (not isinstance(self.store, Endpoint) and len(self.store) <= AT_ONCE)
        return self.hash if is_ready else None

    def resolve(self, name: Name, lang: str = "en") -> ox.NamedNode:
        """The thing meant by a name, a CURIE, an IRI or a node; NotFound lists candidates in a language."""
        return labels.resolve(self.store, lambda: self.index, written(name), lang)

    def place(self, name: Name, lang: str = "en") -> ox.NamedNode:
        """The place meant by a name, a CURIE, an IRI or a node; other things with the name do not count."""
        return labels.resolve(self.store, lambda: self.index, written(name), lang, rank=PLACE)

    def meant(self, question: Question, name: str, value: Value, lang: str = "en") -> Value:
        """What a parameter of a question takes for a value, as `questions.meant` has it."""
        return questions.meant(self.store, lambda: self.index, question, name, value, lang)

    def doubts(
        self, terms: Iterable[object], lang: str = "en", text: str = "", *, is_empty: bool = False
    ) -> tuple[str, ...]:
        """A sentence for each unknown term, for a day that a query does not use, and for a name without a language.

        A query that `is_empty` of answers may have the name at any place.
        """
        terms = [*terms]
        unknown = labels.doubts(self.store, lambda: self.index, terms, lang)
        timeless = self._timeless(terms, lang) if text else ()
        untagged: dict[str, str | None] = dict.fromkeys(sparql_text.names_without_language(text))
        if is_empty and not isinstance(self.store, Endpoint):
            strings = {one: one.strip("\"'") for one in sparql_text.plain_strings(text)}
            named = search.bearers(self.index, strings.values()) if strings else {}
            untagged |= {one: named[inside] for one, inside in strings.items() if inside in named}
        unlabelled = (words.text(lang, "questions.no label"),) if is_empty and LABEL in terms else ()
        return (*timeless, *unknown, *unlabelled, *(labels.untagged(*one) for one in untagged.items()))

    def _timeless(self, terms: Iterable[object], lang: str) -> tuple[str, ...]:
        """The sentence for a query without states of a graph with a day, or with states of one without a day."""
        if isinstance(self.store, Endpoint) or uses_states(terms) == (self.day is not None):
            return ()
        return (words.text(lang, "questions.no states" if self.day else "questions.no state", day=self.on or ""),)


@checked
def open(  # noqa: A001
    *where: str | Path, as_of: str | date | None = None, also: str | Path | Iterable[str | Path] = ()
) -> Graph:
    """The graph that comes with kgraph, or the one in a folder, in files, or behind the address of an endpoint.

    A folder is one of `kgraph build` or `kgraph release`, or one with sources of your own. `as_of` adds the states of
    a day, as `?tenure se:state ?state`, and networks leave out what was not there. `also` is a file of one's own RDF
    beside the graph, or several (`Graph.add`). Raises NotFound or BadData for what cannot be opened.

    >>> open("https://example.org/sparql")
    https://example.org/sparql
    """
    day = None if as_of is None else states.day(day_text(as_of))
    opened = replace(_opened(where), where=tuple(map(str, where)))
    for file in [also] if isinstance(also, str | Path) else also:
        opened = opened.add(file)
    return _on(opened, day)


def _on(opened: Graph, day: ox.Literal | None) -> Graph:
    """The graph with the states of a day, if one is given."""
    if day is None:
        return opened
    if isinstance(opened.store, Endpoint):
        raise BadQuery("an endpoint cannot be told a day; leave as_of out")
    asked = states.as_of(opened.store, day)
    return replace(opened, store=asked, name=f"{opened.name}, as of {day.value}", folder=None, day=day)


def _with(graph: Graph, own: Own) -> Graph:
    """The graph in memory with facts of one's own."""
    copy = ox.Store()
    copy.bulk_extend(graph.store)
    store.fill(copy, as_claims(copy, own.name, own.triples()))
    return replace(graph, store=copy, name=f"{graph.name}, with {own.name}", folder=None, own=(*graph.own, own))


def _again(where: tuple[str, ...], day: ox.Literal | None, own: tuple[Own, ...]) -> Graph:
    opened = open(*where)
    for one in own:
        opened = _with(opened, one)
    return _on(opened, day)


def _opened(where: tuple[str | Path, ...]) -> Graph:
    folders = paths.folders()
    rules = pipeline.rules(folders)
    if not where:
        return Graph(pipeline.graph(folders), "the graph that comes with kgraph", rules, version=__version__)
    name, *others = map(str, where)
    if name.startswith(("http://", "https://")):
        if others:
            raise BadQuery("one endpoint at a time; open each on its own")
        return Graph(cast("ox.Store", Endpoint(name)), name, rules)
    if not others and store.is_build(Path(name)):
        return Graph(store.open_built(Path(name)), name, rules, Path(name))
    if not others and Path(name).is_dir():
        return _folder(Path(name))
    if folder := next((place for place in where if Path(place).is_dir()), None):
        raise BadQuery(f"{folder} is a folder, and only files can be opened together; open it on its own")
    return Graph(_files([Path(place) for place in where], folders), ", ".join(map(str, where)), rules)


def _folder(folder: Path) -> Graph:
    if (folder / RELEASED).is_file():
        own = paths.folders(ontology=folder / "ontology")
        return Graph(_files([folder / RELEASED], own), str(folder), pipeline.rules(own), version=_version(folder))
    if not (folder / "places.ttl").is_file():
        raise NotFound(
            f"{folder} holds no graph; give a folder that “kgraph build” or “kgraph release” wrote, or sources"
        )
    own = paths.folders(data=folder)
    return Graph(pipeline.graph(own), str(folder), pipeline.rules(own))


RELEASED = "sekg.trig"
"""The file of a release that has a graph for each source."""


def _version(folder: Path) -> str | None:
    """The version of a release by its manifest; None when it has none that can be read."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads((folder / "manifest.json").read_bytes())["version"])
    return None


def _files(paths: list[Path], folders: Folders) -> ox.Store:
    """A store with the quads of RDF files, and with the ontology, which names kinds and relations."""
    filled = ox.Store()
    store.fill(filled, [quad for path in paths for quad in files.quads(path)])
    if not any(filled.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH)):
        quads = chain.from_iterable(map(parse, folders.ontologies()))
        filled.extend(ox.Quad(quad.subject, quad.predicate, quad.object, ONTOLOGY_GRAPH) for quad in quads)
    return filled
