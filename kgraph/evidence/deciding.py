"""The file of decisions about identity is written: one block a decision, in the order of their addresses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kgraph.base.paths import IDENTITY, read_text
from kgraph.base.problems import fault
from kgraph.base.vocab import TURTLE_PREFIXES, short, term
from kgraph.errors import NotFound
from kgraph.evidence.identity import DECIDING, DIFFERENT, SAME, Decision
from kgraph.evidence.turtle import parse
from kgraph.rdf.store import write_file

USED = ("dcterms", "id", "se", "skos", "source", "status", "xsd")
HEAD = """\
VERSION "1.2"
# Decisions about identity, one block each; “kgraph identity” writes them and takes them back.

{prefixes}
source:identity a se:Source ;
    dcterms:title "Decyzje o tożsamości"@pl , "Decisions about identity"@en ;
    dcterms:description "Redakcja rozstrzyga, które adresy oznaczają jedną rzecz."@pl ,
        "The curators decide which addresses mean one thing."@en ;
    dcterms:publisher "kgraph" ;
    se:textUnavailable true .
"""
PREFIX = re.compile(r"(?im)^\s*@?prefix\s.*$")

Pair = tuple[str, str]


def decide(data: Path, *decisions: Decision) -> None:
    """Write decisions into the file of a data folder, in place of earlier ones about the same two things.

    The remarks about an earlier decision stay.
    """
    head, blocks = _blocks(data)
    for decision in decisions:
        own = (decision.one.value, decision.other.value)
        remarks = [remark for pair, block in blocks if set(pair) == set(own) for remark in _remarks(block)]
        blocks = [(pair, block) for pair, block in blocks if set(pair) != set(own)]
        at = next((number for number, (pair, _) in enumerate(blocks) if pair > own), len(blocks))
        blocks.insert(at, (own, "\n\n".join((_block(decision), *remarks))))
    _write(data, head, blocks)


def undo(data: Path, one: ox.NamedNode, other: ox.NamedNode) -> None:
    """Take the decision about two things back; NotFound when there is none. The file goes with its last decision."""
    head, blocks = _blocks(data)
    kept = [(pair, block) for pair, block in blocks if set(pair) != {one.value, other.value}]
    if len(kept) == len(blocks):
        raise NotFound(fault("identity-undecided", one=short(one.value), other=short(other.value)))
    if not kept and head == _head():
        (data / IDENTITY).unlink()
    else:
        _write(data, head, kept)


def _remarks(block: str) -> Iterator[str]:
    """The remarks in the block of a decision: its lines of comments, and what follows it."""
    made, _, others = block.partition("\n\n")
    yield from filter(None, ("\n".join(line for line in made.split("\n") if line.startswith("#")), others))


def _write(data: Path, head: str, blocks: list[tuple[Pair, str]]) -> None:
    text = "\n\n".join((head.strip("\n"), *(block.strip("\n") for _, block in blocks)))
    write_file(data / IDENTITY, f"{text}\n".encode())


def _head() -> str:
    lines = (line for line in TURTLE_PREFIXES.splitlines() if line.split()[1][:-1] in USED)
    return HEAD.format(prefixes="\n".join(lines) + "\n").strip("\n")


def _blocks(data: Path) -> tuple[str, list[tuple[Pair, str]]]:
    """What stands before the decisions, and the block of each; BadData when the file is not Turtle."""
    path = data / IDENTITY
    if not path.is_file():
        return _head(), []
    parse(path)
    parts = re.split(r"\n{2,}", read_text(path).strip("\n"))
    prefixes = TURTLE_PREFIXES + "\n".join(PREFIX.findall("\n".join(parts)))
    pairs = [next(_pairs(prefixes, part), None) for part in parts]
    first = next((number for number, pair in enumerate(pairs) if pair), len(parts))
    own: list[tuple[Pair, str]] = []
    for pair, part in zip(pairs[first:], parts[first:], strict=True):
        if pair:
            own.append((pair, part))
        else:  # a remark belongs to the decision before it
            own[-1] = (own[-1][0], f"{own[-1][1]}\n\n{part}")
    return "\n\n".join(parts[:first]), own


def _pairs(prefixes: str, block: str) -> Iterator[Pair]:
    """The two things of the decision in a block; nothing for another block."""
    try:
        triples = [quad.triple for quad in ox.parse(f"{prefixes}\n{block}", ox.RdfFormat.TURTLE)]
    except SyntaxError:
        return
    found = (inner for triple in triples for inner in (triple, triple.object) if isinstance(inner, ox.Triple))
    for one, predicate, other in found:
        if predicate in DECIDING and isinstance(one, ox.NamedNode) and isinstance(other, ox.NamedNode):
            yield one.value, other.value


def _block(decision: Decision) -> str:
    """The decision in Turtle."""
    one, other = (short(node.value) for node in (decision.one, decision.other))
    made = [
        f"dcterms:creator {ox.Literal(decision.by)}",
        f'dcterms:created "{decision.day}"^^xsd:date',
        *(f"skos:note {note}" for note in decision.why),
    ]
    about = " ;\n    ".join(made)
    if decision.verdict == "undecided":
        status = short(term("status:to-be-checked").value)
        return f"<< {one} {short(SAME.value)} {other} >> se:claimStatus {status} ;\n    {about} ."
    predicate = short((SAME if decision.verdict == "same" else DIFFERENT).value)
    return f"{one} {predicate} {other} {{|\n    {about} |}} ."
