"""The pipeline: read, store, link, validate, infer, check; in memory, into a folder, or added to an earlier build.

A build is a folder, `out`, that is replaced as a whole: a fresh folder is written beside it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from dataclasses import replace as replaced
from functools import cache, partial
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kgraph._version import __version__
from kgraph.base import vocab
from kgraph.base.paths import IDENTITY, Folders
from kgraph.base.problems import Problem, fault, problem
from kgraph.base.vocab import term
from kgraph.build import choice, consistency, shapes
from kgraph.build.shacl import NotCovered
from kgraph.evidence import identity
from kgraph.evidence.cache import SOURCES, Reading, digest, of_files, read_all, read_in_memory
from kgraph.evidence.claims import SourceFile
from kgraph.evidence.links import described_twice, link
from kgraph.evidence.registers.editions import DATED
from kgraph.evidence.turtle import parse
from kgraph.graph.faceting import columnar
from kgraph.graph.faceting.facets import Encoded
from kgraph.graph.names import search
from kgraph.graph.network import brokers, groups, networks
from kgraph.graph.network import layout as layouts
from kgraph.graph.statements.contributions import Registers
from kgraph.rdf import encoding, inference, sparql
from kgraph.rdf.encoding import Facts
from kgraph.rdf.store import STORE, beside, copy, fill, load, open_built, recover, replace
from kgraph.rdf.terms import iris_of, said

Step = Callable[[str], None]

Digests = Mapping[Path, str]
"""The digest of each source file."""


@dataclass(frozen=True)
class Built:
    """The result of a build: the sizes of the graph, and its problems."""

    facts: int
    inferred: int
    claims: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """How to build: from which folders, with which reasoner and validator; `step` is told of each step.

    With `records`, each inferred fact has its rule, but for those about things that only registers name; without a
    record, the rule is worked out when it is asked for. A build without any records is smaller.
    With `layout`, the positions of the things in the explorer are computed.
    """

    folders: Folders
    reasoner: str = "kgraph"
    validator: str = "kgraph"
    records: bool = True
    layout: bool = False
    step: Step = lambda _: None

    def shapes(self) -> Path:
        return self.folders.ontology / "shapes.ttl"

    def chosen(self) -> Path:
        return self.folders.ontology / "single-valued.ttl"

    def digest(self) -> str:
        """A hash of all that determines a build, except its sources and validator."""
        ontology = sorted(path for path in self.folders.ontology.rglob("*") if path.suffix in (".ttl", ".rq"))
        files = map(digest, (*ontology, *self.folders.editorial(), *self.folders.decisions()))
        used = [__version__, self.reasoner, str(self.records), str(self.layout), *files]
        return hashlib.sha256(" ".join(used).encode()).hexdigest()


# What can be made


def graph(folders: Folders, reasoner: str = "kgraph") -> ox.Store:
    """The whole graph in memory, inferred facts included, unvalidated; BadData for a file that is not Turtle."""
    store = ox.Store()
    recipe = Recipe(folders, reasoner)
    _record(store, _fill(store, recipe, read_in_memory(folders.sources(), recipe.step), checked=False))
    return store


def validated(
    folders: Folders, step: Step = lambda _: None, files: Mapping[Path, SourceFile] | None = None
) -> tuple[ox.Store, list[Problem]]:
    """The whole graph in memory, inferred facts included, and its problems, sorted; `files` are sources as read."""
    store = ox.Store()
    readings = of_files(files) if files else read_in_memory(folders.sources(), step)
    recipe = Recipe(folders, step=step)
    filled = _fill(store, recipe, readings)
    built = _checked(store, recipe, filled)
    _record(store, filled)
    return store, list(built.problems)


def build(out: Path, recipe: Recipe) -> Built:
    """Write the graph to the folder `out`: the store, the search index, and the quads of each source.

    The data is validated first; when it has problems nothing is written and the problems are returned. Sources that an
    earlier build in `out` has read are not read again; when sources were only added, they are added to that build.
    Raises BadData for a file that is not Turtle and CannotWrite when the folder cannot be written.
    """
    digests = {path: digest(path) for path in recipe.folders.sources()}
    recover(out)
    try:
        earlier = _manifest(out)
        added = _added(earlier, recipe, digests)
        return replace(out, partial(_grow, out, recipe, digests, earlier.built, added)) if added else earlier.built
    except _Anew:
        pass
    try:
        return replace(out, partial(_make, out, recipe, digests))
    except _Faulty as faulty:
        built: Built = faulty.args[0]
        return built


class _Anew(Exception):
    """The earlier build is missing or cannot be added to."""


class _Faulty(Exception):
    """The data has problems; the argument is the result of the build."""


def _make(out: Path, recipe: Recipe, digests: Digests, fresh: Path) -> Built:
    """Build from the sources into a fresh folder; _Faulty when there are problems."""
    readings = read_all(digests, fresh / SOURCES, out / SOURCES, recipe.step)
    store = ox.Store(str(fresh / STORE))
    filled = _fill(store, recipe, readings)
    with beside(partial(_record, store, filled)):  # neither checks nor indexes read the records
        built = _checked(store, recipe, filled)
        if not built.problems:
            _index(recipe, store, fresh, filled)
    if built.problems:
        del store  # closed before its folder is cleared away
        raise _Faulty(built)
    _keep(out, recipe, digests, store, fresh, built)
    return built


def _index(recipe: Recipe, store: ox.Store, fresh: Path, filled: "_Filled") -> None:
    """Write what is looked up and counted in a build."""
    recipe.step("indexing names")
    search.save(store, fresh, filled.facts)
    recipe.step("counting by facets")
    columnar.save(store, fresh, filled.encoded())
    _measure(recipe, store, fresh)


def _grow(out: Path, recipe: Recipe, digests: Digests, earlier: Built, added: set[Path], fresh: Path) -> Built:
    """Copy the earlier build and add sources to it.

    _Anew when there are problems, so that all of them are found, and when to add so much would take longer.
    """
    copy(out, fresh)
    readings = read_all(digests, fresh / SOURCES, fresh / SOURCES, recipe.step)
    new = [reading for reading, path in zip(readings, digests, strict=True) if path in added]
    if sum(reading.claims for reading in new) > MOST_ADDED * earlier.claims:
        raise _Anew
    store, before = ox.Store(str(fresh / STORE)), open_built(out)
    grown = _add(store, before, recipe, readings, new)
    if grown is None:
        del store, before  # closed before their folder is cleared away
        raise _Anew
    more, about = grown
    recipe.step("indexing names")
    search.add(store, fresh, about)
    (fresh / columnar.FILE).unlink(missing_ok=True)  # a server counts anew, which takes longer than to add a source
    if brokers.may_change(chain.from_iterable(reading.lines() for reading in new)):
        _measure(recipe, store, fresh)
    built = Built(earlier.facts + more.facts, earlier.inferred + more.inferred, earlier.claims + more.claims)
    _keep(out, recipe, digests, store, fresh, built)
    return built


MOST_ADDED = 0.2
"""The most claims that are added to an earlier build, as a part of its own: with more, to build anew is quicker."""


def _measure(recipe: Recipe, store: ox.Store, fresh: Path) -> None:
    """Write the measures of the network."""
    recipe.step("measuring the network")
    brokers.save(store, fresh)


def _keep(out: Path, recipe: Recipe, digests: Digests, store: ox.Store, fresh: Path, built: Built) -> None:
    """Write the layout and the manifest."""
    if recipe.layout:
        recipe.step("laying out the network")
        layouts.save(networks.whole(store), {node.iri for node in networks.overview(store).nodes}, fresh)
    if groups.is_large(store):
        recipe.step("counting by region and kind")
        groups.save(groups.grouped(store), fresh)
    sources = {path.name: name for path, name in digests.items()}
    manifest = asdict(_Manifest(recipe.digest(), sources, built))
    (fresh / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    store.flush()
    recipe.step(f"writing {out}")


MANIFEST = "build.json"
"""The name of the manifest in a build folder."""


@dataclass(frozen=True)
class _Manifest:
    """The digests of what a build was made from, and its result."""

    recipe: str
    sources: Mapping[str, str]
    built: Built


def _manifest(out: Path) -> _Manifest:
    """The manifest of an earlier build; _Anew when there is none."""
    try:
        known = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return _Manifest(known["recipe"], known["sources"], Built(**known["built"] | {"problems": ()}))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _Anew from error


def _added(earlier: _Manifest, recipe: Recipe, digests: Digests) -> set[Path]:
    """The sources that the earlier build has not; _Anew when anything else differs."""
    added = {path for path, name in digests.items() if earlier.sources.get(path.name) != name}
    kept = {path.name: name for path, name in digests.items() if path not in added}
    if (kept, recipe.digest(), recipe.validator) != (earlier.sources, earlier.recipe, "kgraph"):
        raise _Anew
    if any(misplaced(recipe.folders)):
        raise _Anew
    return added


# The steps


class _Filled(NamedTuple):
    """A store that was filled: its sizes and the problems found so far, and what the next steps take from it.

    `facts` is its default graph as arrays, None with owlrl; `unrecorded` are inferred facts without their records.
    """

    built: Built
    facts: Facts | None
    registers: Registers
    unrecorded: Sequence[inference.Derivation]
    files: consistency.Files
    merged: identity.Merged
    chosen: choice.Properties

    def encoded(self) -> Encoded | None:
        """The store as arrays, with the number of triples in the default graph when the records are there."""
        if self.facts is None:
            return None
        records = inference.TRIPLES * sum(keys.size for _, _, keys in self.unrecorded)
        return Encoded(self.facts, self.registers, records + self.facts.size())


def _record(store: ox.Store, filled: _Filled) -> None:
    """Write the records of what was inferred."""
    if filled.facts:
        inference.record(store, filled.facts, filled.unrecorded)


def _fill(store: ox.Store, recipe: Recipe, readings: Sequence[Reading], *, checked: bool = True) -> _Filled:
    """Fill an empty store with the readings, the kinds and all that is inferred but its records.

    The problems are those of what sources state.
    """
    constructs = rules(recipe.folders)
    decided = identity.read(recipe.folders.data)
    merged = identity.merged(decided.decisions)
    readings = _renamed(readings, merged)
    recipe.step("storing what was read")
    editions = _editions(readings)
    fixed, told = _fixed(recipe.folders), _told(editions)
    ontologies = len(recipe.folders.ontologies())
    others = islice(fixed.values(), ontologies, None)
    fill(store, chain.from_iterable(islice(fixed.values(), ontologies)))
    _store(store, told, chain.from_iterable((*map(_lines, others), _named_once(readings, merged))))
    found = {*_linked(store, told, readings, merged), *decided.problems, *_gone(store, decided.decisions)}
    asserted = encoding.union(told.facts, told.beside, told.claims)  # with the facts that yield
    recipe.step("choosing between sources")
    chosen = choice.properties(recipe.chosen())
    _store(store, told, _lines(choice.settle(store, told.facts, chosen, editions)))
    _resolved(store, told)
    facts = told.facts.size()
    parsed = ((each.name, ox.parse(b"".join(each.lines()), ox.RdfFormat.N_QUADS)) for each in readings)
    files = consistency.Files(chain(parsed, fixed.items()))
    if checked:
        recipe.step("validating")
        found |= _unfit(store, recipe, readings, readings)
        found |= {*shapes.misstated(store, asserted, recipe.shapes(), files, recipe.validator)}
    recipe.step("inferring")
    domain, derived = encoding.union(told.facts, told.beside), list[inference.Derivation]()
    inferred = inference.infer(store, constructs, reasoner=recipe.reasoner, facts=domain, later=derived)
    known = encoding.union(domain, told.claims) if recipe.reasoner == "kgraph" else None
    built = Built(facts, inferred, sum(reading.claims for reading in readings), tuple(found))
    if things := _beside_registers(recipe, lambda: fixed, readings):
        derived = inference.about(domain, derived, things)
    return _Filled(built, known, told.registers, derived if recipe.records else [], files, merged, chosen)


def _beside_registers(
    recipe: Recipe, fixed: Callable[[], Mapping[str, Iterable[ox.Quad]]], readings: Iterable[Reading]
) -> Set[bytes] | None:
    """The ends of all triples but those of registers, as N-Triples writes them; None where there is no register."""
    readings = list(readings)
    if not recipe.records or not any(reading.is_register for reading in readings):
        return None
    return _ends(chain.from_iterable((*map(_lines, fixed().values()), *map(_own_lines, readings))))


def _own_lines(reading: Reading) -> Iterable[bytes]:
    return () if reading.is_register else reading.lines()


def _ends(lines: Iterable[bytes]) -> Set[bytes]:
    """The subjects and objects of lines of N-Quads."""
    parts = (line.split(b" ", 2) for line in lines)
    return {end for subject, _, rest in parts for end in (subject, rest.rsplit(b" ", 2)[0])}


def _checked(store: ox.Store, recipe: Recipe, filled: _Filled) -> Built:
    """The result of a build with all its problems, sorted: those found before and those of the closure."""
    recipe.step("checking")
    found = {*filled.built.problems, *consistency.inconsistencies(store, filled.files, known=filled.facts)}
    found |= {*choice.repeated(store, filled.chosen.single, recipe.chosen(), filled.files, recipe.validator)}
    return replaced(filled.built, problems=tuple(sorted({*_of_merged(found, filled.merged)})))


def _add(
    store: ox.Store, before: ox.Store, recipe: Recipe, readings: Sequence[Reading], new: Sequence[Reading]
) -> tuple[Built, list[ox.NamedNode]] | None:
    """Add sources to `store`, a copy of `before`: the growth and the named things, or None for a full build."""
    if recipe.folders.decisions():
        return None  # a merged thing may get names
    recipe.step("storing what is new")
    told = _told()
    _store(store, told, chain.from_iterable(reading.lines() for reading in new))
    if _linked(store, told, readings, {}) | _unfit(store, recipe, readings, new):
        return None
    if choice.several(store, told.facts, choice.properties(recipe.chosen())):
        return None  # an earlier choice may change
    _resolved(store, told)
    stated = encoding.triples(encoding.union(told.facts, told.beside))
    asserted = [*stated, *encoding.triples(told.claims)]
    fixed = cache(partial(_fixed, recipe.folders))
    things = _beside_registers(recipe, fixed, readings)
    known = _beside_registers(recipe, fixed, (each for each in readings if each not in new))
    if things and known and _is_inferred_of(before, things - known):
        return None  # earlier inferences get records
    try:
        recipe.step("inferring")
        constructs = rules(recipe.folders)
        grown = inference.extend(store, before, stated, asserted, constructs, records=recipe.records, things=things)
        recipe.step("validating")
        if shapes.problems_near(store, recipe.shapes(), asserted, grown.about):
            return None
    except (inference.TakesBack, NotCovered):
        return None
    more = Built(_unstated(before, encoding.triples(told.facts)), grown.more, sum(reading.claims for reading in new))
    named = iris_of(triple.subject for triple in stated)  # a claim has no name
    return more, sorted(named | grown.about, key=str)


def _is_inferred_of(before: ox.Store, ends: Iterable[bytes]) -> bool:
    """Whether something was inferred about one of these, as of a thing that only registers had named."""
    things = (ox.NamedNode(end[1:-1].decode()) for end in ends if end.startswith(b"<"))
    return any(
        next(before.quads_for_pattern(subject, None, object_, vocab.INFERRED_GRAPH), None)
        for thing in things
        for subject, object_ in ((thing, None), (None, thing))
    )


AT_ONCE = 150_000
"""Lines that are loaded into the store at once."""


OTHER = b""
"""Stands for the graphs of sources that are no registers."""


class _Told(NamedTuple):
    """Asserted triples as arrays that share their numbers: facts of sources; kinds and editorial triples; claims.

    `registers` has those facts that are of a register, by its source.
    """

    facts: Facts
    beside: Facts
    claims: Facts
    registers: Mapping[ox.NamedNode, Facts]

    def parts(self) -> Mapping[bytes, Sequence[Facts]]:
        """The arrays that have the triples of a graph, by the end of its lines of N-Quads."""
        beside = dict.fromkeys((vocab.EDITORIAL_GRAPH, vocab.KINDS_GRAPH), (self.beside,))
        registers = {name: (self.facts, own) for name, own in self.registers.items()}
        graphs = {vocab.CLAIMS_GRAPH: (self.claims,), **beside, **registers}
        return {OTHER: (self.facts,), **{f" {name} .\n".encode(): parts for name, parts in graphs.items()}}


def _told(registers: Iterable[ox.NamedNode] = ()) -> _Told:
    numbers = encoding.numbering()
    return _Told(Facts(numbers), Facts(numbers), Facts(numbers), {name: Facts(numbers) for name in registers})


def _store(store: ox.Store, told: _Told, lines: Iterable[bytes]) -> None:
    """Add lines of N-Quads, none of the ontology's, to the store and to `told`."""
    parts, found = told.parts(), dict[bytes, encoding.Numbered]()
    lines = iter(lines)
    while some := list(islice(lines, AT_ONCE)):
        ends = [line.rindex(b" <") for line in some]  # where their graphs begin
        triples = [line[:end] + b" .\n" for line, end in zip(some, ends, strict=True)]
        with beside(
            partial(load, store, b"".join(some), ox.RdfFormat.N_QUADS),
            partial(load, store, b"".join(triples), ox.RdfFormat.N_TRIPLES),
        ):
            by_graph = defaultdict[bytes, list[bytes]](list)
            for line, end, triple in zip(some, ends, triples, strict=True):
                by_graph[line[end:] if line[end:] in parts else OTHER].append(triple)
            for graph, own in by_graph.items():
                found[graph] = encoding.number(told.facts, own, found.get(graph))
    for graph, numbered in found.items():
        for part in parts[graph]:
            encoding.settle(part, numbered)


LABEL, ALSO = str(vocab.PREF_LABEL).encode(), str(vocab.ALT_LABEL).encode()


def _renamed(readings: Iterable[Reading], merged: identity.Merged) -> list[Reading]:
    """The readings with the addresses that stay; the decisions keep those that they are about."""
    lines = identity.as_lines(merged)
    return [each if each.name == IDENTITY else replaced(each, merged=lines) for each in readings]


def _editions(readings: Iterable[Reading]) -> choice.Editions:
    """The sources that are editions of registers."""
    registers = (reading for reading in readings if reading.is_register)
    return {ox.NamedNode(source): Path(each.name).stem[:-DATED] for each in registers for source in each.sources}


def _named_once(readings: Sequence[Reading], merged: identity.Merged) -> Iterator[bytes]:
    """The lines of readings, in which each thing has one preferred name in a language.

    The name of a source comes before that of a register, the latest edition before others, a thing that stays before
    one that was merged. What a register calls a thing otherwise is another name.
    """
    if not merged and not any(reading.is_register for reading in readings):
        yield from chain.from_iterable(reading.lines() for reading in readings)
        return
    named: dict[tuple[bytes, bytes], bytes] = {}
    others: list[tuple[bytes, bytes]] = []
    stays = identity.as_lines(merged)
    for reading in sorted(readings, key=_day_of_register, reverse=True):
        for line in reading.lines():
            subject, predicate, label = line.split(b" ", 2)
            if subject in stays and predicate in identity.NAMING:
                others.append((stays[subject], label))
            elif predicate == LABEL:
                text, lang = _literal(label)
                if reading.is_register and (subject, lang) in named:
                    if named[subject, lang] != text:
                        yield b" ".join((subject, ALSO, label))
                    continue
                named[subject, lang] = text
            yield line
    yield from _also_named(others, named)


def _day_of_register(reading: Reading) -> str:
    """The day of an edition as its name ends; for other sources a text that sorts after all days."""
    return Path(reading.name).stem[-DATED:] if reading.is_register else "~"


def _also_named(others: Iterable[tuple[bytes, bytes]], named: dict[tuple[bytes, bytes], bytes]) -> Iterator[bytes]:
    """The names of merged things as names of those that stay: preferred where there is none yet."""
    for thing, label in others:
        text, lang = _literal(label)
        is_first = (thing, lang) not in named
        if named.setdefault((thing, lang), text) != text or is_first:
            yield b" ".join((thing, LABEL if is_first else ALSO, label))


def _literal(rest: bytes) -> tuple[bytes, bytes]:
    """The text of a literal in its quotation marks, and its language, at the beginning of the rest of a line."""
    end = rest.rindex(b'"') + 1
    return rest[:end], rest[end:].partition(b" ")[0]


def _lines(quads: Iterable[ox.Quad]) -> Iterable[bytes]:
    """Quads as lines of N-Quads."""
    return BytesIO(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")


def _fixed(folders: Folders) -> dict[str, list[ox.Quad]]:
    """The quads of the ontology, then the kinds and the editorial files, by file name."""
    files = dict.fromkeys(folders.ontologies(), vocab.ONTOLOGY_GRAPH)
    files[folders.ontology / "kinds.ttl"] = vocab.KINDS_GRAPH
    files |= dict.fromkeys(folders.editorial(), vocab.EDITORIAL_GRAPH)
    return {
        path.name: [ox.Quad(q.subject, q.predicate, q.object, name) for q in parse(path)]
        for path, name in files.items()
    }


def rules(folders: Folders) -> dict[str, str]:
    """The rules that OWL cannot say, by name; BadData for one that does not name its premises."""
    found = inference.texts(folders.ontology)
    for name, text in found.items():
        inference.construct(name, text)
    return found


def _linked(store: ox.Store, told: _Told, readings: Iterable[Reading], merged: identity.Merged) -> set[Problem]:
    """Link the claims of all sources; a problem for each link without a target."""
    links = ((reading.name, link) for reading in readings for link in reading.links)
    linked, lost = link(links, lambda triple: _claiming(store, identity.in_place(triple, merged)))
    _store(store, told, _lines(quad for quad in linked if quad not in store))
    return set(lost)


def _resolved(store: ox.Store, told: _Told) -> None:
    """Link each known unknown to the claims of other sources that answer it."""
    found = sparql.named(store, "resolved")
    links = (ox.Quad(unknown, vocab.RESOLVED_BY, claim, vocab.CLAIMS_GRAPH) for unknown, claim in found)  # type: ignore[arg-type]
    _store(store, told, _lines(quad for quad in links if quad not in store))


def _gone(store: ox.Store, decided: Iterable[identity.Decision]) -> Iterator[Problem]:
    """A problem for each decision about something of which no source says anything."""
    for decision in decided:
        for thing in (decision.one, decision.other):
            about = store.quads_for_pattern(thing, None, None, ox.DefaultGraph())
            if all(quad.predicate in identity.DECIDING for quad in about):
                yield problem(IDENTITY, said(thing), "identity-gone")


def _of_merged(found: Iterable[Problem], merged: identity.Merged) -> Iterator[Problem]:
    """Problems; those of things that were decided to be one say which decision may be taken back."""
    given_up = {said(stays): said(thing) for thing, stays in merged.items()}
    for each in found:
        other = given_up.get(each.node)
        yield each.advised(fault("identity-merged", one=each.node, other=other)) if other else each


def _claiming(store: ox.Store, triple: ox.Triple) -> Iterator[tuple[ox.NamedNode, ox.NamedNode]]:
    """The claims of a triple, each with its source."""
    parts = ((vocab.PREDICATE, triple.predicate), (vocab.OBJECT, triple.object))
    for about in store.quads_for_pattern(None, vocab.SUBJECT, triple.subject, vocab.CLAIMS_GRAPH):
        if all(ox.Quad(about.subject, name, part, vocab.CLAIMS_GRAPH) in store for name, part in parts):
            for quad in store.quads_for_pattern(about.subject, vocab.DERIVED_FROM, None, vocab.CLAIMS_GRAPH):
                assert isinstance(about.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
                yield about.subject, quad.object


def _unfit(store: ox.Store, recipe: Recipe, readings: Iterable[Reading], new: Iterable[Reading]) -> set[Problem]:
    """The problems of the new files, of the set of files, and of the description of the data."""
    heads = ((reading.name, source) for reading in readings for source in reading.sources)
    unread = (found for reading in new for found in reading.problems)
    return {*unread, *described_twice(heads), *misplaced(recipe.folders), *undescribed(store)}


def misplaced(folders: Folders) -> Iterator[Problem]:
    """A problem for each Turtle file that lies where sources are not read, and for what is named so and is no file."""
    within = folders.data / "sources"
    turtle = {path for path in within.rglob("*") if path.suffix.lower() == ".ttl"}
    for path in turtle - {*folders.sources(), *folders.omitted}:
        code = "misplaced" if path.is_file() else "not-a-source"
        yield problem(path.relative_to(folders.data).as_posix(), "", code)


def undescribed(store: ox.Store) -> Iterator[Problem]:
    """A problem for each property of the data set that a release needs and that is missing or wrong."""
    for node, name in sparql.named(store, "undescribed"):
        yield problem("dataset.ttl", said(node), "undescribed", property=said(name))


def _unstated(before: ox.Store, facts: Iterable[ox.Triple]) -> int:
    """The number of facts that no source of the earlier build states."""
    beside = (ox.DefaultGraph(), *(term(f"graph:{name}") for name in ("claims", "editorial", "inferred", "kinds")))
    stated = (before.quads_for_pattern(s, p, o, None) for s, p, o in facts)
    return sum(all(quad.graph_name in beside for quad in found) for found in stated)
