"""The graph in Turtle 1.2, with each claim or inference as a reifier of its fact (https://www.w3.org/TR/rdf12-turtle/)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import pyoxigraph as ox

from kgraph.base.vocab import OBJECT, PREDICATE, REIFIES, SUBJECT
from kgraph.evidence.statements import Statement
from kgraph.publish.formats import serialize
from kgraph.publish.formats.serialize import HEADING, Grouped, Triples, by_subject, predicate_order, verb, written
from kgraph.rdf.terms import Node, Term

PARTS = (SUBJECT, PREDICATE, OBJECT)

Records = Mapping[ox.Triple, list[Node]]


def annotated(triples: Triples) -> bytes:
    """Turtle 1.2, sorted; a fact that is claimed without being asserted stands as `<< s p o ~ claim >>`."""
    grouped = by_subject(triples)
    records: dict[ox.Triple, list[Node]] = defaultdict(list)
    for record in sorted(grouped, key=str):
        if all(part in grouped[record] for part in PARTS):
            records[_statement(grouped[record])].append(record)
    about = {record for behind in records.values() for record in behind}
    subjects = sorted({*grouped} - about, key=serialize.subject_order)
    facts = [_fact(subject, grouped, lambda fact: _behind(fact, grouped, records)) for subject in subjects]
    unasserted = [
        f"<< {' '.join(map(written, statement))} ~ {written(record)} >>\n    {_said(record, grouped)} .\n"
        for statement, behind in sorted(records.items(), key=str)
        if statement.object not in grouped.get(statement.subject, {}).get(statement.predicate, ())
        for record in behind
    ]
    body = "".join(f"\n{block}" for block in (*facts, *unasserted))
    return ('VERSION "1.2"\n' + HEADING + serialize.prefixes(body) + body).encode()


def _statement(record: Mapping[ox.NamedNode, set[Term]]) -> ox.Triple:
    subject, predicate, object_ = (next(iter(record[part])) for part in PARTS)
    return ox.Triple(subject, predicate, object_)  # type: ignore[arg-type]


def _fact(subject: Node, grouped: Grouped, behind: Callable[[ox.Triple], str]) -> str:
    def write(predicate: ox.NamedNode, end: Term) -> str:
        return written(end) + behind(ox.Triple(subject, predicate, end))

    return f"{written(subject)} {serialize.properties(grouped[subject], write)} .\n"


def _behind(fact: ox.Triple, grouped: Grouped, records: Records) -> str:
    return "".join(f" ~ {written(record)} {{| {_said(record, grouped)} |}}" for record in records.get(fact, ()))


def source_file(statements: Iterable[Statement], comment: str = "") -> bytes:
    """A source file: its facts by subject, in the order given, then the claims that are not asserted."""
    given = list(statements)
    evidence: dict[ox.Triple, list[Statement]] = defaultdict(list)
    for one in given:
        if one.evidence is not None:
            evidence[one.fact].append(one)
    for behind in evidence.values():
        behind.sort(key=lambda one: not one.evidence)  # an annotation block belongs to a “~” before it
    grouped = serialize.by_subject(one.fact for one in given if one.is_asserted)
    facts = [_fact(subject, grouped, lambda fact: "".join(map(_annotation, evidence[fact]))) for subject in grouped]
    body = "".join(f"\n{block}" for block in (*facts, *(_claimed(one) for one in given if not one.is_asserted)))
    heading = "".join(f"# {line}".rstrip() + "\n" for line in comment.splitlines())
    return ('VERSION "1.2"\n' + heading + "\n" + serialize.prefixes(body) + body).encode()


def _annotation(one: Statement) -> str:
    named = f" ~ {written(one.reifier)}" if one.reifier else "" if one.evidence else " ~"
    return named + (f" {{| {inline(one.evidence)} |}}" if one.evidence else "")


def _claimed(one: Statement) -> str:
    named = f" ~ {written(one.reifier)}" if one.reifier else ""
    return f"<< {' '.join(map(written, one.fact))}{named} >>\n    {inline(one.evidence or ())} .\n"


def inline(properties: Iterable[tuple[ox.NamedNode, Term]]) -> str:
    """Properties with their values, in one line."""
    return " ; ".join(f"{verb(predicate)} {written(term)}" for predicate, term in properties)


def _said(record: Node, grouped: Grouped) -> str:
    """The properties of a claim or inference, without the fact that it is about."""
    said = grouped[record]
    return " ; ".join(
        f"{verb(predicate)} {', '.join(sorted(map(written, said[predicate])))}"
        for predicate in sorted(said, key=predicate_order)
        if predicate not in PARTS
    )


def plain(triples: Triples) -> list[ox.Triple]:
    """The triples in RDF 1.1: triple terms replaced by subject, predicate and object."""
    given = list(triples)
    kept = [triple for triple in given if triple.predicate != REIFIES]
    return kept + [
        ox.Triple(triple.subject, part, end)
        for triple in given
        if triple.predicate == REIFIES and isinstance(triple.object, ox.Triple)
        for part, end in zip(PARTS, triple.object, strict=True)
    ]
