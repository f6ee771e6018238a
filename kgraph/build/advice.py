"""What may help with a problem: a similar name, a date as it is meant, how to add what is not there."""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from urllib.parse import unquote

import pyoxigraph as ox

from kgraph.base import vocab
from kgraph.base.problems import Problem, fault
from kgraph.base.text import fold, hyphenated, nearest
from kgraph.base.vocab import ONTOLOGY_GRAPH, PREFIXES, curie
from kgraph.evidence.claims import Claim, SourceFile
from kgraph.evidence.places import Indexes
from kgraph.evidence.turtle import ANNOTATIONS
from kgraph.rdf.terms import said

OF_PLACES = {"se:seatIn", "se:activeIn", "se:locatedIn", "se:tookPlaceIn", "se:within", "foaf:based_near"}
KINDS = {
    prefix for prefix, iri in PREFIXES.items() if iri.startswith(PREFIXES["kind"]) and prefix not in ("kind", "state")
}
UNIQUE = "sh:UniqueLangConstraintComponent"


class Adviser:
    """Advice on problems of a graph, which its names and its files give."""

    def __init__(self, store: ox.Store, files: Sequence[SourceFile], indexes: Indexes) -> None:
        self.store, self.files, self.indexes = store, files, indexes

    def advised(self, problem: Problem) -> Problem:
        return problem.advised(*dict.fromkeys(self._advice(problem)))

    def _advice(self, problem: Problem) -> Iterator[Problem]:
        values = dict(problem.values)
        match problem.code:
            case "undefined":
                yield from self._similar(str(values["term"]), self.terms)
            case "not-evidence":
                yield from self._similar(str(values["property"]), [said(name) for name in ANNOTATIONS])
            case "unlabelled":
                yield from self._unknown(problem.node)
            case "disjoint":
                yield from _disjoint({str(values["one"]), str(values["other"])})
            case "shape" if UNIQUE in problem.rule:
                yield from self._named_twice(problem.node)
            case "shape" if "QualifiedMinCount" in problem.rule:
                yield from self._tagged(problem.node)
            case "shape":
                yield from _slugged(problem.node)
                yield from self._only_recorded(problem)
                for _, words in problem.facts:
                    yield from self._of_fact(words, problem)

    def _only_recorded(self, problem: Problem) -> Iterator[Problem]:
        """The fact that a thing is said to lack and that its source records without asserting it."""
        claims = [claim for file in self.files for claim in file.claims if said(claim.triple.subject) == problem.node]
        kind = next((said(each.triple.object) for each in claims if _is_stated_type(each)), None)
        missed = "MinCount" in problem.rule
        for claim in claims if kind and missed else ():
            named = re.search(rf"{re.escape(said(claim.triple.predicate))}(?![\w-])", problem.sentence("pl"))
            if claim.status != vocab.STATED and named:
                values = {"fact": said(claim.triple), "status": said(claim.status), "node": problem.node}
                yield fault("only-recorded", kind=kind or "", **values)

    def _similar(self, name: str, known: Iterable[str]) -> Iterator[Problem]:
        """The known name of the same prefix that is most similar; else the command that lists all."""
        prefix = name.partition(":")[0]
        near = nearest(name, [each for each in known if each.startswith(f"{prefix}:")])
        yield fault("did-you-mean", near=near) if near else fault("look-up")

    def _unknown(self, name: str) -> Iterator[Problem]:
        """A similar thing, or how to add a kind."""
        prefix, _, local = name.partition(":")
        labels = {words: each for words, each in self.called.items() if each.startswith(f"{prefix}:")}
        near = nearest(local.replace("-", " "), labels, 0.9)
        near = near or nearest(name, [each for each in self.named if each.startswith(f"{prefix}:")], 0.8)
        if near:
            yield fault("did-you-mean", near=near)
        elif prefix in KINDS:
            yield fault("add-kind", name=name, scheme=f"kind:{PREFIXES[prefix].rstrip('/').rpartition('/')[2]}")

    def _meant_thing(self, name: str, problem: Problem) -> Iterator[Problem]:
        """The thing whose name stands in quotation marks where the thing itself is wanted."""
        if "ClassConstraint" in problem.rule:
            near = nearest(name, self.called, 0.9)
            yield fault("unquoted", turtle=near or f"id:{hyphenated(name)}")

    def _of_fact(self, words: str, problem: Problem) -> Iterator[Problem]:
        """Advice on a fact that violates a shape: what its value is likely to be."""
        _, predicate, value = words.split(" ", 2) if words.count(" ") > 1 else ("", "", "")
        if value.startswith('"'):
            written = value[1:].rpartition('"')[0]
            if predicate == "schema:amount" and (amount := meant_amount(written)):
                yield fault("amount-meant", turtle=amount)
            elif "Date" not in predicate and predicate not in DATES:
                yield from self._meant_thing(written, problem)
            elif last := last_day(written):
                yield fault("no-such-day", day=written, last=last)
            elif month := wrong_month(written):
                yield fault("no-such-month", month=month, day=exchanged(written))
            elif meant := meant_date(written):
                yield fault("date-meant", turtle=meant)
        elif ":" in value and value not in self.named:
            yield from self._unknown(value)
            if predicate in OF_PLACES:
                yield fault("add-place", name=value)

    def _tagged(self, node: str) -> Iterator[Problem]:
        """The language tags of a thing's names that no language has."""
        for file in self.files:
            for s, p, o in sorted(file.editorial, key=str):
                named = said(s) == node and p == vocab.PREF_LABEL and isinstance(o, ox.Literal)
                if named and (meant := meant_tag(o.language)):
                    yield fault("tag-meant", tag=o.language or "", meant=meant, words=o.value)

    def _named_twice(self, node: str) -> Iterator[Problem]:
        """Whether two files name one thing, or one file names it twice in one language."""
        names: dict[str, dict[str, str]] = defaultdict(dict)
        for file in self.files:
            for s, p, o in file.triples():
                if said(s) == node and p == vocab.PREF_LABEL and isinstance(o, ox.Literal):
                    names[file.name][o.value] = o.language or ""
        if len(names) > 1:
            (one, first), (other, second), *_ = names.items()
            pairs = [(a, b) for a, lang in first.items() for b, tongue in second.items() if lang == tongue]
            named, renamed = min(pairs, default=(min(first), min(second)))
            yield fault("two-things", one=named, file=one, other=renamed, other_file=other)
        elif again := [pair for file in names for pair in self._again(file, node)]:
            yield from again
        elif names and len({*next(iter(names.values())).values()}) == 1:
            yield fault("one-language")

    def _again(self, file: str, node: str) -> Iterator[Problem]:
        """The two descriptions of a thing in one file that name it in both languages each."""
        parser = self.indexes[file].parser
        given: dict[int, dict[str | None, str]] = defaultdict(dict)
        for fact in parser.facts:
            s, p, o = fact.triple
            if said(s) == node and p == vocab.PREF_LABEL and isinstance(o, ox.Literal):
                given[fact.subject_at].setdefault(o.language, o.value)
        (first, named), (second, renamed) = [*given.items(), (0, {}), (0, {})][:2]
        if lang := next((lang for lang in named if lang in renamed), None):
            lines = parser.lines.place(first)[0], parser.lines.place(second)[0]
            values = {"one": named[lang], "other": renamed[lang]}
            yield fault("two-blocks", line=lines[0], other_line=lines[1], **values)

    @cached_property
    def terms(self) -> list[str]:
        """The terms that the ontology declares."""
        found = self.store.quads_for_pattern(None, vocab.TYPE, None, ONTOLOGY_GRAPH)
        return sorted(
            {name for quad in found if isinstance(quad.subject, ox.NamedNode) and (name := curie(quad.subject.value))}
        )

    @cached_property
    def named(self) -> Mapping[str, str]:
        """The things that have a name, as CURIEs."""
        found = self.store.quads_for_pattern(None, vocab.PREF_LABEL, None, ox.DefaultGraph())
        return {said(quad.subject): said(quad.subject) for quad in found}

    @cached_property
    def called(self) -> Mapping[str, str]:
        """The things by their names in any language."""
        names = (vocab.PREF_LABEL, vocab.term("skos:altLabel"))
        quads = (quad for name in names for quad in self.store.quads_for_pattern(None, name, None, ox.DefaultGraph()))
        return {quad.object.value: said(quad.subject) for quad in quads if isinstance(quad.object, ox.Literal)}


DATES = frozenset(map(said, vocab.DATE_PROPERTIES))


def _is_stated_type(claim: Claim) -> bool:
    return claim.triple.predicate == vocab.TYPE and claim.status == vocab.STATED


def _slugged(node: str) -> Iterator[Problem]:
    """The id that is meant by one with other characters than ids have."""
    local = unquote(node.removeprefix("<").removesuffix(">")).removeprefix(PREFIXES["id"]).removeprefix("id:")
    is_id = node.startswith(("id:", f"<{PREFIXES['id']}"))
    if is_id and (meant := hyphenated(local)) and meant != local:
        yield fault("id-meant", meant=f"id:{meant}")


def _disjoint(kinds: set[str]) -> Iterator[Problem]:
    """What is meant by a thing of two classes that exclude each other."""
    if "foaf:Person" in kinds:
        yield fault("person-or-organisation")
    elif "dcterms:Location" in kinds and kinds & {"foaf:Agent", "org:Organization"}:
        yield fault("place-or-authority")


def by_cause(found: Iterable[Problem]) -> list[Problem]:
    """The problems, without those that only follow from a thing that nothing describes, which takes their advice."""
    problems = list(found)
    causes = {each.node for each in problems if each.code == "unlabelled"}
    clashing = {each.node for each in problems if each.code == "disjoint"}
    untagged = {each.node for each in problems if "DatatypeConstraint" in each.rule and _is_named(each)}
    following: dict[str, list[Problem]] = defaultdict(list)
    dropped = set()
    for each in problems:
        values = {words.split(" ", 2)[2] for _, words in each.facts if words.count(" ") > 1}
        if each.code == "shape" and len(values) == 1 and values <= causes:
            following[min(values)].append(each)
            dropped.add(id(each))
        elif ("ClassConstraint" in each.rule and each.node in clashing) or (
            "QualifiedMinCount" in each.rule and each.node in untagged
        ):
            dropped.add(id(each))
    kept = (each for each in problems if id(each) not in dropped)
    return [each.advised(*_more(each, following[each.node])) if each.code == "unlabelled" else each for each in kept]


def _is_named(problem: Problem) -> bool:
    """Whether the fact at fault is a name."""
    return any(f" {said(vocab.PREF_LABEL)} " in words for _, words in problem.facts)


def _more(cause: Problem, following: Iterable[Problem]) -> list[Problem]:
    """The advice on what follows that the cause has not."""
    return [each for each in dict.fromkeys(a for one in following for a in one.advice) if each not in cause.advice]


TAGS = {"pol": "pl", "polski": "pl", "polish": "pl", "po": "pl", "eng": "en", "ang": "en", "english": "en", "gb": "en"}
"""Language tags that are often written for another one."""


def meant_tag(tag: str | None) -> str | None:
    """The language tag that is meant by another; None when it is in use.

    >>> meant_tag("pol"), meant_tag("eng-GB"), meant_tag("de")
    ('pl', 'en', None)
    """
    return TAGS.get((tag or "").partition("-")[0].lower())


def meant_amount(words: str) -> str | None:
    """The Turtle for an amount of money in another notation; None when it is none.

    >>> meant_amount("86 400 zł"), meant_amount("12.500,50"), meant_amount("120 tys. zł"), meant_amount("wiele")
    ('86400.00', '12500.50', '120000.00', None)
    """
    plain = fold(words).replace("zl", "").replace("pln", "").strip(" .")
    scale = next((zeros for word, zeros in SCALES.items() if plain.endswith(word)), 0)
    plain = re.sub(r"[^\d.,]", "", re.sub(r"[a-z.]+$", "", plain))
    whole, cents = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", plain).groups("")  # type: ignore[union-attr]
    digits = re.sub(r"\D", "", whole)
    if not digits:
        return None
    return f"{(digits + cents)}{'0' * (scale - len(cents))}.00" if scale else f"{digits}.{cents:0<2}"


SCALES = {"tys": 3, "tysiecy": 3, "mln": 6, "miliona": 6}
"""Words behind a number that stand for zeros, without diacritics."""


def wrong_month(words: str) -> str | None:
    """The month of a day that is none; None for any other text.

    >>> wrong_month("2018-13-01"), wrong_month("2018-12-01")
    ('13', None)
    """
    found = re.fullmatch(r"\d{4}-(\d\d)-\d\d", words)
    return found[1] if found and not 1 <= int(found[1]) <= 12 else None


def exchanged(day: str) -> str:
    """A day whose month and day have changed places.

    >>> exchanged("2018-13-01")
    '2018-01-13'
    """
    year, month, last = day.split("-")
    return f"{year}-{last}-{month}"


def last_day(words: str) -> str | None:
    """The last day of the month of a day that the calendar has not; None for any other text.

    >>> last_day("2021-04-31"), last_day("2021-04-30"), last_day("2021-13-01")
    ('2021-04-30', None, None)
    """
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words)
    year, month, day = map(int, found.groups()) if found else (0, 0, 0)
    if not 1 <= month <= 12 or year < 1 or day <= (last := monthrange(year, month)[1]):
        return None
    return f"{year:04}-{month:02}-{last}"


MONTHS = (
    ("stycz", "jan"), ("lut", "feb"), ("mar", "mar"), ("kwie", "apr"), ("maj", "may"), ("czerw", "jun"),
    ("lip", "jul"), ("sierp", "aug"), ("wrze", "sep"), ("pazd", "oct"), ("listopad", "nov"), ("grud", "dec"),
)  # fmt: skip
"""How the names of the months begin, in Polish and in English, without diacritics."""


def meant_date(words: str) -> str | None:
    """The Turtle for a date in another notation; None when it is none.

    >>> meant_date("22.03.2018"), meant_date("22 marca 2018 r."), meant_date("2018"), meant_date("22 marca")
    ('"2018-03-22"^^xsd:date', '"2018-03-22"^^xsd:date', '"2018"^^xsd:gYear', '"--03-22"^^xsd:gMonthDay')
    """
    plain = fold(words)
    month = next((n for n, names in enumerate(MONTHS, 1) if re.search(rf"\b(?:{'|'.join(names)})", plain)), None)
    year = re.search(r"(?<!\d)[12]\d{3}(?!\d)", plain)
    numbers = [int(found) for found in re.findall(r"(?<!\d)\d{1,2}(?!\d)", plain)]
    if month is None and len(numbers) == 2:
        numbers, month = (numbers[:1], numbers[1]) if not year or year.start() > 2 else (numbers[1:], numbers[0])
    return _turtle(int(year[0]) if year else None, month, numbers[0] if numbers else None)


def _turtle(year: int | None, month: int | None, day: int | None) -> str | None:
    """A date of which some parts are known; None for a day that no calendar has."""
    try:
        date(year or 2000, month or 1, day or 1)
    except ValueError:
        return None
    match (year, month, day):
        case (int(), int(), int()):
            return f'"{year}-{month:02}-{day:02}"^^xsd:date'
        case (int(), int(), None):
            return f'"{year}-{month:02}"^^xsd:gYearMonth'
        case (int(), None, None):
            return f'"{year}"^^xsd:gYear'
        case (None, int(), int()):
            return f'"--{month:02}-{day:02}"^^xsd:gMonthDay'
    return None
