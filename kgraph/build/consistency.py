"""What contradicts itself in the data: classes that exclude each other, days, numbers, things told twice; by file."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES, TYPE
from kgraph.errors import Problem
from kgraph.rdf import sparql
from kgraph.rdf.terms import HASHED, said
from kgraph.sources import SourceFile

Row = tuple[ox.NamedNode | ox.Literal, ...]


@dataclass(frozen=True)
class Check:
    """A query of the package that finds faults: what to say of the terms it returns, and whose files to name.

    A row is the thing, then the terms of the message. `whose` are the places in the row of those whose files are named;
    when empty, it is the file of the fact that the first three terms are.
    """

    pl: str
    en: str
    whose: tuple[int, ...] = (0,)

    def message(self, lang: str, terms: Row) -> str:
        shown = (term.value if isinstance(term, ox.Literal) else said(term) for term in terms)
        return (self.pl if lang == "pl" else self.en).format(*shown)


CHECKS = {
    "disjoint": Check(
        pl="jest jednocześnie {0} i {1}, czego nie da się pogodzić",
        en="is a {0} and a {1}, which nothing can be at once",
    ),
    "kind-before-law": Check(
        pl="zaliczono do rodzaju {0}, zanim zaczęła obowiązywać ustawa, która go wprowadziła",
        en="is put under {0} before the law that made this kind was in force",
    ),
    "unlabelled": Check(
        pl="jest używane, a nie ma nazwy: dodaj skos:prefLabel po polsku i po angielsku albo popraw literówkę",
        en="is used but has no name; add skos:prefLabel in pl and en, or correct the typing error",
    ),
    "told-twice": Check(
        pl="ma według {0} dwie wartości {1}, {2} i {3}: zostaw jedną, drugą zapisz między << i >> ze statusem",
        en="has two values of {1} by {0}, {2} and {3}; keep one, write the other between << and >> with a status",
        whose=(1,),
    ),
    "out-of-order": Check(
        pl="ma według {0} {1} {2}, czyli później niż {3} {4}: popraw jedną z tych dat",
        en="has {1} {2} by {0}, which is later than its {3} {4}; correct one of the two",
        whose=(1,),
    ),
    "tenure-twice": Check(
        pl="mówi to samo co {0}: ta sama osoba, organizacja i rola w tym samym czasie; zrób z nich jedno",
        en="says the same as {0}: the same person, organisation and role at the same time; make them one",
        whose=(0, 1),
    ),
    "matched-twice": Check(
        pl="i {0} mają ten sam dokładny odpowiednik {1}: zrób z nich jedną rzecz albo popraw skos:exactMatch",
        en="and {0} match the same {1} exactly; make them one thing or correct skos:exactMatch",
        whose=(0, 1),
    ),
    "same-page": Check(
        pl="i {0} mają ten sam adres {1}, a jedna strona to jeden świadek: zrób z nich jedno źródło, podaj"
        " dcterms:isVersionOf albo odróżnij adresy (choćby tym, co stoi po #)",
        en="and {0} have the same address {1}, and one page is one witness; make them one source, say"
        " dcterms:isVersionOf, or tell the addresses apart (if only by what stands after a #)",
        whose=(0, 1),
    ),
    "same-text": Check(
        pl="i {0} mają ten sam tekst, a jeden tekst to jeden świadek: zrób z nich jedno źródło albo podaj"
        " dcterms:isVersionOf",
        en="and {0} have the same text, and one text is one witness; make them one source or say dcterms:isVersionOf",
        whose=(0, 1),
    ),
    "absurd-year": Check(
        pl="ma {0} {1}: rok jest nieprawdopodobny, więc popraw go albo zapisz między << i >> ze statusem",
        en="has {0} {1}, a year that can hardly be right; correct it, or write it between << and >> with a status",
        whose=(),
    ),
    "day-to-come": Check(
        pl="ma {0} {1}, czyli po ostatniej zmianie danych ({2}): popraw dzień albo dcterms:modified w dataset.ttl,"
        " a zapowiedź zapisz między << i >> jako status:planned",
        en="has {0} {1}, after the data was last changed ({2}); correct the day or dcterms:modified in dataset.ttl,"
        " and write what is only announced between << and >> as status:planned",
        whose=(),
    ),
    "other-unit": Check(
        pl="ma kod TERYT {0}, a leży w {1} o kodzie {2}: popraw kod albo se:within",
        en="has the TERYT code {0} but lies in {1}, whose code is {2}; correct the code or se:within",
    ),
    "outside-poland": Check(
        pl="leży w Polsce, a {0} jest poza nią: popraw współrzędne (najpierw długość, potem szerokość)",
        en="lies in Poland but {0} does not; correct the coordinates (longitude first, then latitude)",
    ),
    "fewer-signatories": Check(
        pl="ma według {0} liczbę sygnatariuszy {1}, a to samo źródło wymienia {2}: popraw se:numberOfSignatories",
        en="has {1} as its number of signatories by {0}, which names {2}; correct se:numberOfSignatories",
        whose=(1,),
    ),
}
"""The package's own queries that find faults."""


@dataclass(frozen=True)
class Stated:
    """A fact, or what a curator says, and the file that has it."""

    triple: ox.Triple
    file: str


@dataclass(frozen=True)
class Files:
    """What the files say, by the node that it is about, and the fact behind each claim."""

    about: Mapping[str, Sequence[Stated]]
    claims: Mapping[str, Stated]

    def saying(self, node: object, predicate: object | None = None, value: object | None = None) -> Sequence[Stated]:
        """What is said of a node by that property, of that value."""
        return [
            stated
            for stated in self.about.get(str(node), ())
            if predicate in (None, stated.triple.predicate) and value in (None, stated.triple.object)
        ]

    def claimed(self, node: object) -> Stated | None:
        """The fact behind a claim, or behind the evidence of one."""
        if not isinstance(node, ox.NamedNode) or not node.value.startswith(PREFIXES["claim"]):
            return None
        return self.claims.get(node.value[: len(PREFIXES["claim"]) + HASHED])


Where = Callable[[], Files]
"""Which file says what: looked up when something is wrong."""


def files_of(files: Iterable[SourceFile]) -> Files:
    """What the files say, in their order."""
    about: dict[str, list[Stated]] = defaultdict(list)
    claims: dict[str, Stated] = {}
    for file in files:
        claims |= {claim.iri.value: Stated(claim.triple, file.name) for claim in file.claims}
        for triple in (*(claim.triple for claim in file.claims), *file.editorial):
            about[str(triple.subject)].append(Stated(triple, file.name))
    return Files(about, claims)


def files_named(stated: Iterable[Stated]) -> str:
    """The files that say so, as a problem names them."""
    return ", ".join(sorted({each.file for each in stated}))


def file_of(store: ox.Store, node: object, where: Where) -> str:
    """The first file that says anything of a node, else one that has it as an object, else none."""
    if known := where().saying(node):
        return known[0].file
    if not isinstance(node, ox.NamedNode):
        return ""
    quads = store.quads_for_pattern(None, None, node, None)
    stated = (stated for quad in quads for stated in where().saying(quad.subject, quad.predicate, node))
    return min((each.file for each in stated), default="")


def inconsistencies(store: ox.Store, where: Where, lang: str = "en") -> Iterator[Problem]:
    """What contradicts itself in the closure."""
    yield from (problem for _, problem in rows(store, where, lang))


def rows(store: ox.Store, where: Where, lang: str) -> Iterator[tuple[Row, Problem]]:
    """Each fault with the terms that it is about."""
    for name, check in CHECKS.items():
        for row in sparql.named(store, name):
            problem = Problem(_whose(store, check, row, where), said(row[0]), check.message(lang, row[1:]))
            yield row, problem if name != "disjoint" else _explained(store, problem, row, where)
    yield from _misnumbered(store, where, lang)


def _whose(store: ox.Store, check: Check, row: Row, where: Where) -> str:
    if check.whose:
        return ", ".join(sorted({file_of(store, row[place], where) for place in check.whose} - {""}))
    return files_named(where().saying(*row[:3]))


def _explained(store: ox.Store, problem: Problem, row: Row, where: Where) -> Problem:
    """The same of a thing of two classes, with a fact for each, and the files of that class which fewer files state."""
    stated = [found for kind in row[1:] if (found := _making(store, row[0], kind, where))]
    facts = "; ".join(f"{said(each[0].triple)} ({each[0].file})" for each in stated)
    fewest = min(map(files_named, stated), key=lambda files: files.count(","), default=problem.file)
    return Problem(fewest, problem.node, f"{problem.message}: {facts}" if facts else problem.message)


def _making(store: ox.Store, node: sparql.Value, kind: sparql.Value, where: Where) -> list[Stated]:
    """The stated facts that make a node one of a class, those first that give it a type."""
    claims = (claim for _, _, claim in sparql.named(store, "of-class", node=node, kind=kind))
    stated = filter(None, map(where().claimed, claims))
    return sorted(stated, key=lambda each: (each.triple.predicate != TYPE, each.file, str(each.triple)))


MISNUMBERED = {"pl": "{0} nie jest numerem {1}", "en": "{0} is not a {1} number"}


def _misnumbered(store: ox.Store, where: Where, lang: str) -> Iterator[tuple[Row, Problem]]:
    """Numbers whose check digit or length is wrong, for the registers whose rule is known."""
    from stdnum.pl import nip, regon

    rules: Mapping[str, Callable[[str], object]] = {
        "NIP": nip.is_valid,
        "REGON": regon.is_valid,
        "KRS": re.compile(r"\d{10}").fullmatch,
        "GUS (TERYT)": re.compile(r"\d{2}(\d{2}(\d{2}\d?)?)?").fullmatch,
    }
    for row in sparql.named(store, "identifiers"):
        node, agency, number = row
        rule = rules.get(agency.value)
        if rule and not rule(number.value):
            message = MISNUMBERED[lang].format(number.value, agency.value)
            yield row, Problem(file_of(store, node, where), said(node), message)
