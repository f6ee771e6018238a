"""Suggestions of “the same” on blind pairs, beside nomenklatura: `python bench/identity.py [--seed N]`.

An invented register of organisations is written twice: as the register has it, and as other lists and articles write
names: abbreviated, without diacritics or legal form, with slips of the pen, in another order, without a place. Beside
them stand organisations that only look alike: the same name in another town, another number, another form. The seed is
drawn by chance and printed. Prints precision, recall, F1, and the time of a pair for each matcher as Markdown; those of
nomenklatura, with `--nomenklatura PYTHON`, at the threshold that suits each best.
"""

import argparse
import json
import random
import subprocess
import time
from collections.abc import Iterator, Sequence
from itertools import permutations, product
from pathlib import Path
from typing import Any

from kgraph.base.text import fold
from kgraph.base.vocab import PREFIXES, term
from kgraph.graph.identity import candidates, linkage
from kgraph.graph.identity.candidates import Record

ORGANISATION = frozenset({term("org:Organization").value})
FORMS = {"Fundacja": "Fund.", "Stowarzyszenie": "Stow.", "Spółdzielnia Socjalna": "Spółdz. Socj."}
STATED = {"Fundacja": "foundation", "Stowarzyszenie": "association", "Spółdzielnia Socjalna": "social-cooperative"}
HEADS = (
    "Żółty",
    "Zielony",
    "Dobry",
    "Nowy",
    "Wspólny",
    "Otwarty",
    "Mały",
    "Jasny",
    "Cichy",
    "Pogodny",
    "Bliski",
    "Wolny",
)
THINGS = (
    "Latawiec",
    "Ogród",
    "Dom",
    "Most",
    "Krąg",
    "Warsztat",
    "Ślad",
    "Dąb",
    "Brzeg",
    "Kącik",
    "Świt",
    "Młyn",
    "Żuraw",
)
AIMS = ["Rozwoju Wsi", "Pomocy Dzieciom", "na rzecz Seniorów", "Kultury Ludowej", "Sportu i Zdrowia", "Edukacji", ""]
FEW = 10_000
"""The most organisations with one aim each; of more, some have two."""

TOWNS = (
    "Siedlce",
    "Łuków",
    "Garwolin",
    "Węgrów",
    "Sokołów",
    "Mińsk",
    "Radom",
    "Płock",
    "Ciechanów",
    "Ostrołęka",
    "Grójec",
)


class Invented:
    """Organisations of a register, and how others write them, all by chance."""

    def __init__(self, seed: int, many: int) -> None:
        self.chance = random.Random(seed)
        aims = AIMS if many <= FEW else [*AIMS, *(f"{one} i {other}" for one, other in permutations(AIMS[:-1], 2))]
        named = [*product(FORMS, HEADS, THINGS, aims, TOWNS)]
        self.own = self.chance.sample(named, many)

    def register(self) -> Iterator[Record]:
        for number, (form, head, thing, aim, town) in enumerate(self.own):
            name = f"{form} „{head} {thing}” {aim}".strip()
            yield _record(f"register-{number}", name.upper().replace("„", '"').replace("”", '"'), town, STATED[form])

    def written(self) -> Iterator[tuple[Record, int | None]]:
        """The records of others, each with the number of the organisation that it is; None for one that looks alike."""
        others = {tuple(each) for each in self.own}
        for number, each in enumerate(self.own):
            if self.chance.random() < 0.6:
                yield self.noisy(f"other-{number}", each), number
            elif (alike := self.lookalike(each)) not in others:
                others.add(alike)
                yield self.noisy(f"other-{number}", alike), None

    def lookalike(self, each: tuple[str, ...]) -> tuple[str, str, str, str, str]:
        form, head, thing, aim, town = each
        match self.chance.randrange(4):
            case 0:
                town = self.chance.choice([other for other in TOWNS if other != town])
            case 1:
                form = self.chance.choice([other for other in FORMS if other != form])
            case 2:
                thing = f"{thing} {self.chance.choice(['Nr 2', 'Bis', 'Junior', 'Plus'])}"
            case _:
                head = self.chance.choice([other for other in HEADS if other != head])
        return form, head, thing, aim, town

    def noisy(self, iri: str, each: tuple[str, ...]) -> Record:
        form, head, thing, aim, town = each
        own = f"„{head} {thing}”"
        shape = self.chance.randrange(5)
        name = {
            0: f"{form} {own} {aim}",
            1: f"{FORMS[form]} {own} {aim}",
            2: f"{head} {thing} {aim} {form}",
            3: f"{own} {aim}",
            4: f"{form} {own} {aim}".upper(),
        }[shape].strip()
        if self.chance.random() < 0.3:
            name = fold(name)
        if self.chance.random() < 0.2:
            name = self.slip(name)
        is_placed = self.chance.random() < 0.9
        is_stated = shape == 3 or self.chance.random() < 0.5
        return _record(iri, name, town if is_placed else "", STATED[form] if is_stated else "", is_written=True)

    def slip(self, name: str) -> str:
        """A name with two letters changed about, one left out, or one twice."""
        at = self.chance.randrange(2, len(name) - 2)
        return {
            0: name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            1: name[:at] + name[at + 1 :],
            2: name[:at] + name[at] + name[at:],
        }[self.chance.randrange(3)]


def _record(iri: str, name: str, town: str, form: str, *, is_written: bool = False) -> Record:
    places = frozenset({PREFIXES["id"] + fold(town)} if town else ())
    source = frozenset({"list of others" if is_written else "register"})
    forms = frozenset({form} if form else ())
    return Record(iri, (name,), ORGANISATION, {}, places, forms, is_written, sources=source)


Suggested = set[frozenset[str]]
Scores = list[float]


def blind(register: Sequence[Record], written: Sequence[Record]) -> list[tuple[Record, Record]]:
    """The pairs of both lists that kgraph compares; every matcher gets these."""
    known = {record.iri: record for record in (*register, *written)}
    ours = {record.iri for record in register}
    near = candidates.near(known.values())
    return [(known[one], known[other]) for one, other in near if (one in ours) != (other in ours)]


def suggested(
    register: Sequence[Record], written: Sequence[Record], by: candidates.Near = candidates.near
) -> Suggested:
    """The pairs of both lists that kgraph suggests as the same."""
    found = candidates.pairs([*register, *written], {}, found_by=by)
    ours = {record.iri for record in register}
    return {
        frozenset((pair.one, pair.other))
        for pair in found
        if pair.is_sure and (pair.one in ours) != (pair.other in ours)
    }


def rated(found: Suggested, truth: Suggested) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    right = len(found & truth)
    precision, recall = right / max(len(found), 1), right / len(truth)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def best(pairs: Sequence[tuple[Record, Record]], scores: Scores, truth: Suggested) -> tuple[float, float, float]:
    """Precision, recall and F1 at the threshold that gives the best F1, which a matcher is not told."""
    keys = [frozenset((one.iri, other.iri)) for one, other in pairs]
    thresholds = sorted({round(score, 2) for score in scores} - {0.0})
    tried = ({key for key, score in zip(keys, scores, strict=True) if score >= least} for least in thresholds)
    return max((rated(found, truth) for found in tried), key=lambda three: three[2], default=(0.0, 0.0, 0.0))


def theirs(python: str, pairs: Sequence[tuple[Record, Record]]) -> dict[str, dict[str, Any]]:
    """The scores of nomenklatura's matchers, and their seconds."""
    given = [
        [{"name": one.names[0], "place": _town(one), "form": min(one.forms, default="")} for one in pair]
        for pair in pairs
    ]
    script = Path(__file__).parent / "nomenklatura_pairs.py"
    ended = subprocess.run([python, script], input=json.dumps(given), capture_output=True, text=True, check=True)
    told: dict[str, dict[str, Any]] = json.loads(ended.stdout)
    return told


def _town(record: Record) -> str:
    return min(record.places, default="").rpartition("/")[2]


HEADING = """\
seed {seed}: {register} and {written} records, {truth} of them the same, {pairs} pairs compared

| matcher | precision | recall | F1 | µs a pair |
| --- | ---: | ---: | ---: | ---: |"""


class Drawn:
    """Both lists of a seed, and the pairs that are the same."""

    def __init__(self, seed: int, many: int) -> None:
        invented = Invented(seed, many)
        self.seed, self.register = seed, [*invented.register()]
        told = [*invented.written()]
        self.written = [record for record, _ in told]
        self.truth = {frozenset((record.iri, f"register-{number}")) for record, number in told if number is not None}


def beside(drawn: Drawn, python: str | None) -> None:
    """One seed: kgraph, and nomenklatura's matchers where there is a Python that has them."""
    pairs = blind(drawn.register, drawn.written)
    counts = {"register": len(drawn.register), "written": len(drawn.written), "truth": len(drawn.truth)}
    print(HEADING.format(seed=drawn.seed, pairs=len(pairs), **counts))
    candidates.compared(*pairs[0], {})  # loads what is loaded once
    began = time.process_time()
    for one, other in pairs:
        candidates.compared(one, other, {})
    took = time.process_time() - began
    _row("kgraph", rated(suggested(drawn.register, drawn.written), drawn.truth), took / len(pairs))
    for name, answer in (theirs(python, pairs) if python else {}).items():
        _row(f"nomenklatura {name}", best(pairs, answer["scores"], drawn.truth), answer["seconds"] / len(pairs))


def seeds(many: int, count: int) -> None:
    """Precision, recall and F1 of kgraph for several seeds, with the worst of each."""
    print("| seed | precision | recall | F1 |\n| ---: | ---: | ---: | ---: |")
    found = []
    for seed in random.SystemRandom().sample(range(1 << 30), count):
        drawn = Drawn(seed, many)
        found.append(rated(suggested(drawn.register, drawn.written), drawn.truth))
        print("| {} | {:.3f} | {:.3f} | {:.3f} |".format(seed, *found[-1]), flush=True)
    print("| worst | {:.3f} | {:.3f} | {:.3f} |".format(*map(min, zip(*found, strict=True))))
    print("| mean | {:.3f} | {:.3f} | {:.3f} |".format(*(sum(each) / count for each in zip(*found, strict=True))))
    both = sum(precision >= PRECISE and recall >= COMPLETE for precision, recall, _ in found)
    print(f"\nprecision ≥ {PRECISE} and recall ≥ {COMPLETE}: {both} of {count} seeds")


PRECISE, COMPLETE = 0.98, 0.93
"""The goals."""


def engines(drawn: Drawn) -> None:
    """The plain way of finding pairs, and splink."""
    print(f"{len(drawn.register) + len(drawn.written):,} records\n")
    print("| pairs found by | compared | precision | recall | F1 | CPU s, finding | CPU s, comparing |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, by in (("splink", linkage.near), ("plain", candidates.near)):
        began = time.process_time()
        near = list(by([*drawn.register, *drawn.written], frozenset()))
        found = time.process_time()
        three = rated(suggested(drawn.register, drawn.written, lambda *_, near=near: near), drawn.truth)
        ended = time.process_time()
        cells = (name, len(near), *three, found - began, ended - found)
        print("| {} | {:,} | {:.3f} | {:.3f} | {:.3f} | {:.1f} | {:.1f} |".format(*cells), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--many", type=int, default=2000, help="organisations of the register")
    parser.add_argument("--nomenklatura", metavar="PYTHON", help="the Python of an environment that has nomenklatura")
    parser.add_argument("--seeds", type=int, help="the number of seeds to draw, for kgraph alone")
    parser.add_argument("--splink", action="store_true", help="kgraph with pairs found by splink beside its own way")
    given = parser.parse_args()
    if given.seeds:
        seeds(given.many, given.seeds)
    elif given.splink:
        engines(Drawn(given.seed, given.many))
    else:
        beside(Drawn(given.seed, given.many), given.nomenklatura)


def _row(name: str, three: tuple[float, float, float], seconds: float) -> None:
    print("| {} | {:.3f} | {:.3f} | {:.3f} | {:.0f} |".format(name, *three, seconds * 1e6), flush=True)


if __name__ == "__main__":
    main()
