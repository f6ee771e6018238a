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
from itertools import product
from pathlib import Path
from typing import Any

from kgraph.base.text import fold
from kgraph.base.vocab import PREFIXES, term
from kgraph.graph import candidates
from kgraph.graph.candidates import Record

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
        named = [*product(FORMS, HEADS, THINGS, AIMS, TOWNS)]
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
    return Record(iri, (name,), ORGANISATION, {}, places, frozenset({form} if form else ()), is_written)


Suggested = set[frozenset[str]]
Scores = list[float]


def blind(register: Sequence[Record], written: Sequence[Record]) -> list[tuple[Record, Record]]:
    """The pairs of both lists that kgraph compares; every matcher gets these."""
    known = {record.iri: record for record in (*register, *written)}
    ours = {record.iri for record in register}
    near = candidates.near(known.values())
    return [(known[one], known[other]) for one, other in near if (one in ours) != (other in ours)]


def suggested(register: Sequence[Record], written: Sequence[Record]) -> Suggested:
    """The pairs of both lists that kgraph suggests as the same."""
    found = candidates.pairs([*register, *written], {})
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--many", type=int, default=2000, help="organisations of the register")
    parser.add_argument("--nomenklatura", metavar="PYTHON", help="the Python of an environment that has nomenklatura")
    given = parser.parse_args()
    invented = Invented(given.seed, given.many)
    register, told = [*invented.register()], [*invented.written()]
    truth = {frozenset((record.iri, f"register-{number}")) for record, number in told if number is not None}
    written = [record for record, _ in told]
    pairs = blind(register, written)
    print(
        HEADING.format(
            seed=given.seed, register=len(register), written=len(written), truth=len(truth), pairs=len(pairs)
        )
    )
    began = time.process_time()
    for one, other in pairs:
        candidates.compared(one, other, {})
    took = time.process_time() - began
    _row("kgraph", rated(suggested(register, written), truth), took / len(pairs))
    for name, answer in (theirs(given.nomenklatura, pairs) if given.nomenklatura else {}).items():
        _row(f"nomenklatura {name}", best(pairs, answer["scores"], truth), answer["seconds"] / len(pairs))


def _row(name: str, three: tuple[float, float, float], seconds: float) -> None:
    print("| {} | {:.3f} | {:.3f} | {:.3f} | {:.0f} |".format(name, *three, seconds * 1e6), flush=True)


if __name__ == "__main__":
    main()
