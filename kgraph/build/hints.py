"""Hints: what the data may say, and what is nevertheless likely a slip."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import chain, combinations

import pyoxigraph as ox

from kgraph.base import vocab
from kgraph.base.likeness import likeness
from kgraph.base.problems import Problem, problem
from kgraph.base.stemming import stem, words_in
from kgraph.base.text import hyphenated
from kgraph.base.vocab import INFERRED_GRAPH, KINDS_GRAPH, ONTOLOGY_GRAPH, PREFIXES, TYPE, term
from kgraph.build.advice import meant_tag
from kgraph.build.choice import CURATOR
from kgraph.evidence.claims import Claim, SourceFile
from kgraph.graph.statements import reasons
from kgraph.rdf import sparql
from kgraph.rdf.terms import said

NAMES = tuple(map(term, ("skos:prefLabel", "skos:altLabel", "foaf:name")))
TITLES = (vocab.PREF_LABEL, term("dcterms:title"))
LAST = term("se:lastAttested")
DAYS = vocab.DATE_PROPERTIES - set(map(term, ("se:earliest", "se:latest", "dcterms:valid")))
"""The properties of days whose year a quote should hold; bounds may follow from more than the quote."""


def hints(
    store: ox.Store, files: Sequence[SourceFile], texts: Mapping[str, str], rules: Mapping[str, str]
) -> list[Problem]:
    """What is allowed and smells, sorted; the store has the closure, `texts` are those at hand by their hash."""
    found = (
        *_left_open(store, files),
        *_second_values(store, files),
        *_alike(files),
        *_swapped(files, _words(store)),
        *_persons(store, files),
        *_odd_tags(files),
        *_yearless(files, texts),
        *_renamed(files),
        *_quoted_otherwise(store, files, texts),
        *_against_the_source(store, files, rules),
    )
    return sorted(set(found))


# What no source or more than one source says


def _left_open(store: ox.Store, files: Sequence[SourceFile]) -> Iterator[Problem]:
    for (node,) in sparql.named(store, "nobody-leaves-open"):
        file = next((file for file in files if any(triple.subject == node for triple in file.triples())), None)
        source = min(map(said, file.sources), default="source:…") if file else "source:…"
        yield problem(file.name if file else "", said(node), "nobody-leaves-open", source=source, unknown=said(node))


def _second_values(store: ox.Store, files: Sequence[SourceFile]) -> Iterator[Problem]:
    names = {source: file.name for file in files for source in file.sources}
    for node, name, value, source, other, sources in sparql.named(store, "second-value"):
        if _is_part(value, other):
            continue
        others = ", ".join(said(ox.NamedNode(iri)) for iri in sources.value.split(" "))
        values = {"property": said(name), "source": said(source), "other": said(other)}
        fact = (names.get(source, ""), said(ox.Triple(node, name, value)))  # type: ignore[arg-type]
        if others == said(source):
            found = problem(fact[0], said(node), "told-twice", one=said(value), **values)
        else:
            link = said(ox.Triple(node, name, other))  # type: ignore[arg-type]
            found = problem(fact[0], said(node), "second-value", others=others, value=said(value), link=link, **values)
        yield found.stating(fact)


def _is_part(value: object, other: object) -> bool:
    """Whether one of two days is the other's year, month or day of the year."""
    if not (isinstance(value, ox.Literal) and isinstance(other, ox.Literal)):
        return False
    short, long = sorted((value.value.lstrip("-"), other.value.lstrip("-")), key=len)
    return long.startswith(short) or long.endswith(short)


# Ids and names


def _alike(files: Sequence[SourceFile]) -> Iterator[Problem]:
    """Things whose ids differ by one letter, or by two in another order."""
    first: dict[str, str] = {}
    for file in files:
        for triple in file.triples():
            if isinstance(triple.subject, ox.NamedNode) and triple.subject.value.startswith(PREFIXES["id"]):
                first.setdefault(triple.subject.value.removeprefix(PREFIXES["id"]), file.name)
    for one, other in _near_pairs(first):
        yield problem(first[other], f"id:{other}", "alike", other=f"id:{one}", file=first[one])


def _near_pairs(slugs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of slugs that differ by one letter, or by two neighbouring ones in another order; not by a number."""
    without: dict[str, set[str]] = defaultdict(set)
    for slug in slugs:
        for at in range(len(slug) + 1):
            without[slug[:at] + slug[at + 1 :]].add(slug)
    pairs = {pair for group in without.values() if len(group) > 1 for pair in combinations(sorted(group), 2)}
    return iter(sorted(pair for pair in pairs if _is_slip(*pair)))


def _is_slip(one: str, other: str) -> bool:
    pieces = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    changed = "".join(one[a:b] + other[c:d] for kind, a, b, c, d in pieces if kind != "equal")
    return min(len(one), len(other)) >= 7 and changed.isalpha()


POLISH = re.compile(r"[ąćęłńóśźż]|\b(?:w|z|i|na|oraz|przy|dla|im|ul|spółdzielnia|stowarzyszenie|fundacja)\b")
ENGLISH = re.compile(r"\b(?:of|the|and|in|at|for|by|on|with|social|agreement|signing|director|mayor|centre|office)\b")


Vocabulary = tuple[frozenset[str], frozenset[str]]
"""The stems of words that only Polish and only English names of classes, kinds and roles have."""


def _words(store: ox.Store) -> Vocabulary:
    by: dict[str | None, set[str]] = defaultdict(set)
    for name in ("rdfs:label", "skos:prefLabel"):
        for graph in (ONTOLOGY_GRAPH, KINDS_GRAPH):
            for quad in store.quads_for_pattern(None, term(name), None, graph):
                if isinstance(quad.object, ox.Literal):
                    by[quad.object.language] |= {stem(word) for word in words_in(quad.object.value) if len(word) > 3}
    return frozenset(by["pl"] - by["en"]), frozenset(by["en"] - by["pl"])


def _count(name: str, pattern: re.Pattern[str], stems: frozenset[str]) -> int:
    """How many words of a name are of a language."""
    return len(pattern.findall(name.lower())) + sum(stem(word) in stems for word in words_in(name))


def _swapped(files: Sequence[SourceFile], known: Vocabulary) -> Iterator[Problem]:
    """Things whose Polish name reads as English, and whose English name as Polish."""
    for file in files:
        named: dict[object, dict[str | None, tuple[str, ox.Triple]]] = defaultdict(dict)
        for triple in sorted((each for each in file.triples() if each.predicate in TITLES), key=str):
            if isinstance(triple.object, ox.Literal):
                named[triple.subject][triple.object.language] = triple.object.value, triple
        for node, by in named.items():
            (polish, fact), (english, _) = by.get("pl", ("", None)), by.get("en", ("", None))
            if fact and _is_swapped(polish, english, known):
                found = problem(file.name, said(node), "swapped", polish=polish, english=english)
                yield found.stating((file.name, said(fact)))


def _is_swapped(polish: str, english: str, known: Vocabulary) -> bool:
    own, others = (_count(each, ENGLISH, known[1]) for each in (polish, english))
    strange, right = (_count(each, POLISH, known[0]) for each in (english, polish))
    return own > others and strange > right


def _odd_tags(files: Sequence[SourceFile]) -> Iterator[Problem]:
    """Texts with a language tag that stands for another; the lack of a name is a problem of its own."""
    for file in files:
        for triple in file.editorial:
            value = triple.object
            if not isinstance(value, ox.Literal) or triple.predicate == vocab.PREF_LABEL:
                continue
            if meant := meant_tag(value.language):
                values = {"tag": value.language or "", "meant": meant, "words": value.value}
                yield problem(file.name, said(triple), "tag-meant", **values)


# People and organisations


def _persons(store: ox.Store, files: Sequence[SourceFile]) -> Iterator[Problem]:
    """Organisations that do what only people do, and people who are called as organisations are."""
    forms = _of_organisations(store)
    for file in files:
        stated = [claim.triple for claim in file.claims if claim.status == vocab.STATED]
        kinds: dict[object, object] = {one.subject: one.object for one in stated if one.predicate == TYPE}
        for triple in stated:
            of_person = triple.subject if triple.predicate in OF_PEOPLE else triple.object
            if triple.predicate in (*OF_PEOPLE, *TO_PEOPLE) and kinds.get(of_person) in ORGANISATIONS:
                values = {"kind": said(kinds[of_person]), "fact": said(triple)}
                yield problem(file.name, said(of_person), "person-as-organisation", **values)
                del kinds[of_person]
        for triple in file.editorial:
            if triple.predicate == vocab.PREF_LABEL and kinds.get(triple.subject) == term("foaf:Person"):
                first = next(iter(words_in(triple.object.value)), "")  # type: ignore[union-attr]
                if stem(first) in forms:
                    yield problem(file.name, said(triple.subject), "organisation-as-person", word=first)


OF_PEOPLE = (term("foaf:name"), term("org:holds"))
TO_PEOPLE = (term("org:heldBy"), term("se:hasSigner"), term("se:hasAttendee"), term("org:member"))
ORGANISATIONS = frozenset(map(term, ("org:Organization", "se:SocialEconomyEntity", "cv:PublicOrganisation")))


def _of_organisations(store: ox.Store) -> frozenset[str]:
    """The stems of the first words of legal forms and of kinds of units."""
    found = store.quads_for_pattern(None, vocab.PREF_LABEL, None, KINDS_GRAPH)
    firsts = (
        words_in(quad.object.value)[:1]
        for quad in found
        if isinstance(quad.object, ox.Literal) and said(quad.subject).startswith(("legal:", "function:"))
    )
    return frozenset(stem(first[0]) for first in firsts if first)


def _renamed(files: Sequence[SourceFile]) -> Iterator[Problem]:
    """Things that a file calls by a name that shares no word with the names that other files give."""
    for node, by in _named(files).items():
        (first, known), *later = by.items()
        for name, names in later:
            others = {other for each, given in by.items() if each != name for other in given}
            if not any(_share(one, other) for one in names for other in others):
                yield problem(name, said(node), "renamed", name=min(names), other=min(known), file=first)


def _share(one: str, other: str) -> bool:
    """Whether two names share the beginning of a word, or one has the initials of the other."""
    stems, others_stems = ({word[:5] for word in words_in(name) if len(word) > 2} for name in (one, other))
    return bool(stems & others_stems) or _is_initials(one, other)


def _is_initials(one: str, other: str) -> bool:
    """Whether one of two names has the initials of the other as a word."""
    words = [words_in(name) for name in (one, other)]
    return not {"".join(word[0] for word in each) for each in words}.isdisjoint(chain(*words))


def _quoted_otherwise(store: ox.Store, files: Sequence[SourceFile], texts: Mapping[str, str]) -> Iterator[Problem]:
    """Agents and places that only other files name, where the quote of the type or a name has another name."""
    named, above = _named(files), _above(store)
    for file in files:
        told: dict[object, Problem] = {}
        for claim in file.claims:
            node, kind = claim.triple.subject, claim.triple.object
            is_typed = claim.triple.predicate == TYPE and not BEARERS.isdisjoint({kind, *above.get(kind, ())})
            known = named.get(node, {}) if is_typed or claim.triple.predicate in NAMES else {}
            names = [name for some in known.values() if file.name not in known for name in some]
            strange = [words for words in _quoted(file, claim, texts) if names and _is_of_others(words, names)]
            if strange and node not in told:
                main, first = _main_name(files, node)
                values = {"words": strange[0], "node": said(node), "other": main, "file": first}
                values |= {"meant": f"id:{hyphenated(strange[0])}"}
                found = problem(file.name, said(node), "quoted-otherwise", **values)
                told[node] = found.stating((file.name, said(claim.triple)))
        yield from told.values()


BEARERS = frozenset(map(term, ("foaf:Agent", "dcterms:Location")))
"""The classes of things that a text calls by a name."""


def _named(files: Sequence[SourceFile]) -> Mapping[object, Mapping[str, Sequence[str]]]:
    """The names of things, by thing and file."""
    named: dict[object, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for file in files:
        for triple in sorted(file.triples(), key=str):
            if triple.predicate in NAMES and isinstance(triple.object, ox.Literal):
                named[triple.subject][file.name].append(triple.object.value)
    return named


def _main_name(files: Sequence[SourceFile], node: object) -> tuple[str, str]:
    """The name of a thing, if possible the preferred one in Polish, and the file that gives it."""
    *_, name, file = min(
        (triple.predicate != vocab.PREF_LABEL, triple.object.language != "pl", triple.object.value, file.name)
        for file in files
        for triple in file.triples()
        if triple.subject == node and triple.predicate in NAMES and isinstance(triple.object, ox.Literal)
    )
    return name, file


def _is_of_others(words: str, names: Iterable[str]) -> bool:
    """Whether a quote has a name that is like none of some names."""
    return _is_name(words) and not any(likeness(words, name) or _is_initials(words, name) for name in names)


def _is_name(words: str) -> bool:
    """Whether a quote has at least two words with capital letters.

    >>> _is_name("Stowarzyszenie Ziemia i Ludzie"), _is_name("Umowę podpisano")
    (True, False)
    """
    return sum(found[0][0].isupper() for found in re.finditer(r"[^\W\d_]+", words)) > 1


# Quotes and years


def _yearless(files: Sequence[SourceFile], texts: Mapping[str, str]) -> Iterator[Problem]:
    """Days whose year stands in none of their quotes."""
    for file in files:
        told = {claim.triple.object for claim in file.claims if claim.triple.predicate == term("se:date")}
        for claim in file.claims:
            year = _year(claim) if claim.evidence and claim.source != CURATOR else None
            if year is None or any(year in words for words in _quoted(file, claim, texts)):
                continue
            if claim.triple.predicate == LAST and (claim.triple.object in told or _is_issued(file, claim, year)):
                continue
            words = next(_quoted(file, claim, {}), "")
            there = re.findall(r"(?<!\d)[12]\d{3}(?!\d)", words)
            values = {"year": year, "words": words} | ({"there": there[0]} if there else {})
            yield problem(file.name, said(claim.triple), "other-year" if there else "yearless", **values)


def _is_issued(file: SourceFile, claim: Claim, year: str) -> bool:
    """Whether the source of a claim is of a year by its head."""
    days = (t.object for t in file.editorial if t.subject == claim.source and t.predicate == term("dcterms:issued"))
    return any(isinstance(day, ox.Literal) and day.value.startswith(year) for day in days)


def _year(claim: Claim) -> str | None:
    value = claim.triple.object
    if claim.triple.predicate not in DAYS or not isinstance(value, ox.Literal):
        return None
    found = re.match(r"\d{4}(?!\d)", value.value)
    return found[0] if found else None


def _quoted(file: SourceFile, claim: Claim, texts: Mapping[str, str]) -> Iterator[str]:
    """The words of the passages of a claim, from the text where it is at hand."""
    text = texts.get(file.sources[claim.source].sha256 or "")
    for place in claim.evidence:
        yield (
            text[place.start : place.end] if text and place.holds_characters() else place.exact or place.abridged or ""
        )


# Classes


def _against_the_source(store: ox.Store, files: Sequence[SourceFile], rules: Mapping[str, str]) -> Iterator[Problem]:
    """Classes that follow from the use of a thing and are neither above nor below those that sources give it."""
    given: dict[object, set[object]] = defaultdict(set)
    first: dict[object, str] = {}
    for file in files:
        for claim in file.claims:
            if claim.triple.predicate == TYPE and claim.status == vocab.STATED:
                given[claim.triple.subject].add(claim.triple.object)
                first.setdefault(claim.triple.subject, file.name)
    strange = list(_strange_types(store, given))
    if not strange:  # the rules take long to compile
        return
    explain = reasons.reasons(store, rules)
    for triple in strange:
        reason = explain(triple)
        because = "; ".join(said(leaf.fact) for leaf in reason.leaves()) if reason else ""
        stated = ", ".join(sorted(map(said, given[triple.subject])))
        values = {"inferred": said(triple.object), "stated": stated, "because": because}
        yield problem(first[triple.subject], said(triple.subject), "other-class", **values)


def _strange_types(store: ox.Store, given: Mapping[object, set[object]]) -> Iterator[ox.Triple]:
    """The inferred types of things that are neither above nor below the given ones."""
    above = _above(store)
    for quad in store.quads_for_pattern(None, TYPE, None, INFERRED_GRAPH):
        stated, kind = given.get(quad.subject), quad.object
        if stated and not any(kind == one or kind in above[one] or one in above[kind] for one in stated):
            yield quad.triple


def _above(store: ox.Store) -> Mapping[object, set[object]]:
    """The classes above each class."""
    above: dict[object, set[object]] = defaultdict(set)
    pairs = [
        (q.subject, q.object) for q in store.quads_for_pattern(None, term("rdfs:subClassOf"), None, ONTOLOGY_GRAPH)
    ]
    for _ in range(5):  # no deeper than the classes
        for below, other in pairs:
            above[below] |= {other} | above[other]
    return above
