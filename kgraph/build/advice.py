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
from kgraph.base.likeness import likeness
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
SAME = {"name": 0.0, "part": 0.6, "spelling": 0.86}
"""The least scores, by the ways of likeness, with which two names are taken for those of one thing."""

UNIQUE = "sh:UniqueLangConstraintComponent"


class Adviser:
    """Advice on problems of a graph, which its names and its files give."""

    def __init__(self, store: ox.Store, files: Sequence[SourceFile], indexes: Indexes) -> None:
        self.store, self.files, self.indexes = store, files, indexes

    def told(self, problem: Problem) -> list[Problem]:
        """The causes of a problem, which say what to do; without a known cause, the problem with advice."""
        causes = [*dict.fromkeys(self._causes(problem))]
        return causes or [problem.advised(*dict.fromkeys(self._advice(problem)))]

    def _causes(self, problem: Problem) -> Iterator[Problem]:
        """The slips from which a violation of a shape follows."""
        if UNIQUE in problem.rule:
            yield from self._named_by_others(problem)
        elif "QualifiedMinCount" in problem.rule:
            yield from self._tagged(problem)
        elif problem.code == "shape" and not _is_of_claim(problem):
            for file, words in problem.facts:
                yield from (problem.stating((file, words)).because(cause) for cause in _impossible(words))

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
            case "shape" if not _is_of_claim(problem):
                yield from _slugged(problem)
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
            elif (meant := meant_date(written)) and meant != value:
                yield fault("date-meant", turtle=meant)
        elif ":" in value and value not in self.named:
            yield from self._unknown(value)
            if predicate in OF_PLACES:
                yield fault("add-place", name=value)

    def _tagged(self, problem: Problem) -> Iterator[Problem]:
        """The names of a thing whose tags no language has, where the name in that language is missing."""
        for file in self.files:
            for s, p, o in sorted(file.editorial, key=str):
                named = said(s) == problem.node and p == vocab.PREF_LABEL and isinstance(o, ox.Literal)
                if named and (meant := meant_tag(o.language)) and f"@{meant}" in problem.sentence("en"):
                    cause = fault("tag-meant", tag=o.language or "", meant=meant, words=o.value)
                    yield problem.stating((file.name, said(ox.Triple(s, p, o)))).because(cause)

    def _names(self, node: str) -> Mapping[str, Mapping[str, str]]:
        """The preferred names of a thing with their languages, by file; the file that changed last is the last."""
        names: dict[str, dict[str, str]] = defaultdict(dict)
        for file in self.files:
            for s, p, o in sorted(file.triples(), key=str):
                if said(s) == node and p == vocab.PREF_LABEL and isinstance(o, ox.Literal):
                    names[file.name][o.value] = o.language or ""
        return {file: names[file] for file in sorted(names, key=lambda name: (self.indexes[name].changed, name))}

    def _named_by_others(self, problem: Problem) -> Iterator[Problem]:
        """Whether two files name one thing or, by one id, two things."""
        names = self._names(problem.node)
        if len(names) < 2:
            return
        *_, (other_file, known), (file, new) = names.items()
        pairs = [(lang != "pl", a, b) for a, lang in new.items() for b, tongue in known.items() if lang == tongue]
        _, one, other = min(pairs, default=(True, min(new), min(known)))
        values = {"file": file, "one": one, "other": other, "other_file": other_file, "node": problem.node}
        alike = likeness(one, other)
        if alike and alike.score >= SAME.get(alike.way, 1):
            yield problem.because(fault("one-thing", **values))
        else:
            yield problem.because(fault("two-things", meant=self._free(one), **values))

    def _free(self, name: str) -> str:
        """An id for a new thing, which no other thing has."""
        meant = f"id:{hyphenated(name)}"
        return f"{meant}-2" if meant in self.named else meant

    def _named_twice(self, node: str) -> Iterator[Problem]:
        """Where a file names a thing twice in one language."""
        names = self._names(node)
        if again := [pair for file in names for pair in self._again(file, node)]:
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


def _is_of_claim(problem: Problem) -> bool:
    """Whether a problem is of the annotation of a fact, not of the fact."""
    return any(words == problem.node for _, words in problem.facts)


def _slugged(problem: Problem) -> Iterator[Problem]:
    """The id that is meant by one with other characters than ids have, where the id is the problem."""
    node = problem.node
    local = unquote(node.removeprefix("<").removesuffix(">")).removeprefix(PREFIXES["id"]).removeprefix("id:")
    is_id = node.startswith(("id:", f"<{PREFIXES['id']}")) and not dict(problem.values)["shown"]
    if is_id and "OrConstraint" in problem.rule and (meant := hyphenated(local)) and meant != local:
        yield fault("id-meant", meant=f"id:{meant}")


def _impossible(words: str) -> Iterator[Problem]:
    """Why the value of a fact is a day that no calendar has."""
    _, predicate, value = words.split(" ", 2)
    written = value[1:].rpartition('"')[0]
    if predicate not in DATES or not value.startswith('"'):
        return
    if last := last_day(written):
        yield fault("no-such-day", day=written, last=last, property=predicate)
    elif month := wrong_month(written):
        yield fault("no-such-month", month=month, day=written, exchanged=exchanged(written), property=predicate)


def _disjoint(kinds: set[str]) -> Iterator[Problem]:
    """What is meant by a thing of two classes that exclude each other."""
    if "foaf:Person" in kinds:
        yield fault("person-or-organisation")
    elif "dcterms:Location" in kinds and kinds & {"foaf:Agent", "org:Organization"}:
        yield fault("place-or-authority")


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
