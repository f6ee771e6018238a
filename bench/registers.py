"""Rows a second of `kgraph register add` on an invented list in the shape of the OPP register; DuckDB beside others.

The list, its organisations and its territorial units are invented. CPU seconds count all processes of a command, with
the start of Python; they say more than wall time on a machine that others use too.
"""

import argparse
import csv
import gzip
import itertools
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyoxigraph as ox
from generate import VOIVODESHIPS

from kgraph.base import paths
from kgraph.base.vocab import CLAIMS_GRAPH, EDITORIAL_GRAPH, PREFIXES, term
from kgraph.evidence import registers
from kgraph.evidence.registers import descriptions, editions, quads
from kgraph.evidence.registers.engine import Phrase
from kgraph.evidence.registers.lookups import _coded as coded
from kgraph.rdf.csvw import VARIABLE, Column, Description

EXAMPLES = """\
examples:
  python bench/registers.py                                       100,000 rows
  python bench/registers.py --rows 20000 --morph venv/bin/python  beside morph-kgc, installed in another environment
  python bench/registers.py --rows 1000000 --spark                DuckDB beside Spark with two cores
"""

EDITION = "opp-2030-02-01"
SOURCE = f"{PREFIXES['source']}{EDITION}"
LOOKED_UP = ("label", "spelling", "unit", "state")
"""Results of look-ups that RML cannot make: further columns of the list, which kgraph works out itself."""

BODIES = ("FUNDACJA", "STOWARZYSZENIE", "OCHOTNICZA STRAŻ POŻARNA", "UCZNIOWSKI KLUB SPORTOWY", "TOWARZYSTWO")
WORDS = (
    *("POMOCY", "DZIECIOM", "PRZYJACIÓŁ", "SZKOŁY", "NR 2", "IM. JANA KOWALA", "NA RZECZ", "ROZWOJU", "GMINY", "I"),
    *("OSÓB", "NIEPEŁNOSPRAWNYCH", "W", "ZIEMI", "ŚW.ANNY", "- KOŁO", "KULTURY", "SPORTU", "ŁĄKA", "ŻÓŁW", "(OSP)"),
)


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of all processors, and the most memory of all processes at once in MB."""

    wall: float
    cpu: float
    peak: float


def units() -> Iterator[tuple[str, str, str, str, str, str]]:
    """Rows of an invented TERC with as many powiats and gminas as Poland has."""
    for woj, (powiats, cities, gminas, name) in VOIVODESHIPS.items():
        yield woj, "", "", "", name.upper(), "województwo"
        for number in range(cities):
            pow_ = f"{61 + number}"
            yield woj, pow_, "", "", f"Miasto{woj}{number}", "miasto na prawach powiatu"
            yield woj, pow_, "01", "1", f"Miasto{woj}{number}", "gmina miejska"
        for number in range(powiats):
            yield woj, f"{number + 1:02}", "", "", f"powiat{woj}{number}ski", "powiat"
        for number in range(gminas - cities):
            yield (
                woj,
                f"{number % powiats + 1:02}",
                f"{number // powiats + 1:02}",
                "2",
                f"Wola {number}",
                "gmina wiejska",
            )


def write_terc(file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, delimiter=";", lineterminator="\n")
        rows.writerow(("WOJ", "POW", "GMI", "RODZ", "NAZWA", "NAZWA_DOD", "STAN_NA"))
        rows.writerows((*unit, "2030-01-01") for unit in units())


def organisations(count: int, chance: random.Random) -> Iterator[tuple[str, ...]]:
    """Rows of the list: one in ten has no NIP, one in fifty is being wound up, one in a hundred no powiat."""
    named: dict[str, str] = {}
    places = []
    for woj, pow_, gmi, _, name, _ in units():
        named[woj + pow_] = named.get(woj + pow_, name.upper())
        if gmi:
            places.append((named[woj], named[woj + pow_], name.upper()))
    digits = map(str, range(100_000_000, 999_999_999, 7))
    checked = (
        (number, sum(w * int(d) for w, d in zip(quads.NIP_WEIGHTS, number, strict=True)) % 11) for number in digits
    )
    valid = (f"{number}{check}" for number, check in checked if check < 10)
    for number in range(1, count + 1):
        body, words = chance.choice(BODIES), chance.choices(WORDS, k=chance.randint(2, 7))
        name = f'{body} "{" ".join(words)}" {number}' if number % 3 else f"{body} {' '.join(words)} {number}"
        name += " W LIKWIDACJI" if number % 50 == 0 else ""
        woj, powiat, gmina = chance.choice(places)
        given = next(valid)
        yield (
            str(number),
            f"{number:010}",
            given if number % 10 else "",
            name,
            woj,
            powiat if number % 100 else "-----",
            gmina,
            gmina,
        )


TITLES = ("LP", "KRS", "NIP", "Name", "Voivodeship", "County", "Municipality", "City")


def write_list(file: Path, count: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(TITLES)
        rows.writerows(organisations(count, random.Random(1)))


def write_looked_up(file: Path, count: int, data: Path) -> None:
    """Write the list, with the results of look-ups as further columns."""
    description = descriptions.described("opp")
    lookups = editions.lookups_for(data, description)
    asked = {column.name: column for column in description.columns if column.name in LOOKED_UP}
    places = {column.name: at for at, column in enumerate(description.read)}
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow((*TITLES, *LOOKED_UP))
        for row in organisations(count, random.Random(1)):
            read = [None if cell in description.nulls else cell for cell in row]
            found = (
                lookups[c.lookup](*(read[places[at]] for at in c.sources)) for c in map(asked.__getitem__, LOOKED_UP)
            )
            rows.writerow((*row, *(value or "" for value in found)))


def measured(command: Sequence[object], folder: Path) -> Cost:
    """What a command costs, with the processes that it starts; its output stands in the folder.

    Memory is looked at ever more rarely, because a look takes some 10 ms of another processor.
    """
    begun, before, peak = time.monotonic(), _cpu(), 0
    with (folder / "output").open("w") as output:
        process = psutil.Popen([*map(str, command)], stdout=output, stderr=subprocess.STDOUT, cwd=folder)
        while process.poll() is None:
            peak = max(peak, sum(map(_memory, _tree(process))))
            time.sleep(min(0.5, 0.05 + (time.monotonic() - begun) / 50))
    if process.returncode:
        sys.exit((folder / "output").read_text()[-2000:])
    return Cost(time.monotonic() - begun, _cpu() - before, peak / 1e6)


def _cpu() -> float:
    """Seconds of CPU of all processes that have ended and were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _tree(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def adding(data: Path, file: Path, folder: Path, *options: object) -> Cost:
    """What `kgraph register add` costs."""
    run = "from kgraph.cli import main; main()"
    arguments = ("register", "add", "opp", file, "--as-of", EDITION[-10:], "--data", data, *options)
    return measured((sys.executable, "-c", run, *arguments), folder)


def prepared(folder: Path) -> Path:
    """A data folder with the invented TERC."""
    data = folder / "data"
    shutil.copytree(paths.bundled().data, data)
    write_terc(folder / "terc.csv")
    run = "from kgraph.cli import main; main()"
    arguments = ("register", "add", "terc", folder / "terc.csv", "--as-of", "2030-01-01", "--data", data)
    measured((sys.executable, "-c", run, *arguments), folder)
    return data


RML = {
    "ex": "https://example.org/",
    "fn": "http://w3id.org/rml/",
    "ql": "http://semweb.mmlab.be/ns/ql#",
    "rml": "http://semweb.mmlab.be/ns/rml#",
    "rr": "http://www.w3.org/ns/r2rml#",
}
KNOWN = """\
import csv
from kgraph.evidence.registers import lookups
from kgraph.evidence.registers.territory import Territory

with open({terc!r}, encoding="utf-8") as lines:
    units = Territory(csv.DictReader(lines, delimiter=";"))
known = {{**lookups._names(), "territory": lookups._territory({places!r}, units)}}
"""
"""A module with the look-ups of kgraph, which morph-kgc imports once a process."""

FUNCTIONS = """\
from known import known


def given(value):
    return None if value in ("", "-----") else value


def escaped(value):  # morph-kgc writes results as they are
    return value.replace("\\\\", "\\\\\\\\").replace('"', '\\\\"').replace("\\n", "\\\\n")
"""
"""These look-ups as functions of morph-kgc (RML-FNML)."""

FUNCTION = """

@udf(fun_id="https://example.org/{name}", {parameters})
def {name}({arguments}):
    found = {lookup}({values})
    return escaped({words!r}.format(found)) if found else None
"""


@dataclass(frozen=True)
class Mapping:
    """RML for the facts of a description, and the functions that it calls."""

    rml: str
    functions: str


def mapping(description: Description, source: str, data: Path, *, calls: bool) -> Mapping:
    """RML for the facts of a description; look-ups are called, or their results are columns of the file."""
    lookups = editions.lookups_for(data, description)
    titles = {column.name: TITLES[at] for at, column in enumerate(description.read)}
    titles |= {name: name for name in LOOKED_UP}
    columns = [column for column in description.columns if column.predicate and not column.suppressed]
    every = {column.name: column for column in description.columns}
    maps, functions = [], {}

    def objects(column: Column) -> str:
        used = VARIABLE.findall(column.value_iri)
        looked_up = (
            column if column.lookup else next((every[name] for name in used if every.get(name, column).lookup), None)
        )
        if not calls or looked_up is None:
            return _object(column, titles, lookups)
        functions[column.name] = _function(column, looked_up, lookups)
        inputs = (
            f"fn:input [ fn:parameter ex:p{at} ; fn:inputValueMap [ fn:reference {_text(titles[name])} ] ]"
            for at, name in enumerate(looked_up.sources)
        )
        kind = "rr:IRI" if column.value_iri else "rr:Literal"
        lang = f' ; rr:language "{column.lang}"' if column.lang else ""
        call = f"fn:functionExecution [ fn:function ex:{column.name} ; {' ; '.join(inputs)} ]"
        return f"{call} ; rr:termType {kind}{lang}"

    for at, ((about, graph), group) in enumerate(itertools.groupby(sorted(columns, key=_graph_of), _graph_of)):
        pairs = [(column.predicate, objects(column)) for column in group]
        body = "".join(f" ;\n  rr:predicateObjectMap [ rr:predicate <{p}> ; rr:objectMap [ {o} ] ]" for p, o in pairs)
        subject = f"rr:template {_text(_filled(about, titles))} ; rr:graph <{graph}>"
        maps.append(f"<#m{at}> {source} ;\n  rr:subjectMap [ {subject} ]{body} .\n")
    rml = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in RML.items()) + "\n".join(maps)
    return Mapping(rml, FUNCTIONS + "".join(functions.values()))


def _function(column: Column, looked_up: Column, lookups: dict[str, object]) -> str:
    """The function for the object of a column: a look-up, or words and an IRI around its result."""
    found = lookups[looked_up.lookup]
    is_phrase = isinstance(found, Phrase)
    lookup = (f"known[{found.of!r}]" if found.of else "str") if is_phrase else f"known[{looked_up.lookup!r}]"
    words = found.words if is_phrase else VARIABLE.sub("{}", column.value_iri) or "{}"
    names = [f"p{at}" for at in range(len(looked_up.sources))]
    parameters = ", ".join(f'{name}="https://example.org/{name}"' for name in names)
    values = ", ".join(f"given({name})" for name in names)
    return FUNCTION.format(
        name=column.name, parameters=parameters, arguments=", ".join(names), lookup=lookup, values=values, words=words
    )


def _graph_of(column: Column) -> tuple[str, str]:
    return column.about, EDITORIAL_GRAPH.value if column.predicate in quads.EDITORIAL else SOURCE


def _object(column: Column, titles: dict[str, str], lookups: dict[str, object]) -> str:
    if column.value_iri and not VARIABLE.search(column.value_iri.replace("{_source}", "")):
        return f"rr:constant <{column.value_iri.replace('{_source}', SOURCE)}>"
    if column.value_iri == "{unit}":
        return 'rml:reference "unit" ; rr:termType rr:IRI'
    if column.value_iri:
        return f"rr:template {_text(_filled(column.value_iri, titles))}"
    kind = f' ; rr:language "{column.lang}"' if column.lang else ""
    if column.default:
        return f"rr:constant {_text(column.default)}"
    found = lookups.get(column.lookup)
    if isinstance(found, Phrase):
        place = found.of or titles[column.sources[0]]
        return f"rr:template {_text(found.words.replace('{}', f'{{{place}}}'))} ; rr:termType rr:Literal{kind}"
    return f"rml:reference {_text(titles.get(column.lookup) or titles[column.name])}{kind}"


def _filled(template: str, titles: dict[str, str]) -> str:
    return VARIABLE.sub(lambda found: f"{{{titles[found[1]]}}}", template)


def _text(value: str) -> str:
    return str(ox.Literal(value))


def morph(python: Path, file: Path, data: Path, folder: Path, query: str = "", *, calls: bool = False) -> Cost:
    """What morph-kgc costs on the file; with a query, it reads the file through DuckDB."""
    how = f"rml:query {_text(query)}" if query else f"rml:source {_text(str(file))}"
    source = f"rml:logicalSource [ {how} ; rml:referenceFormulation ql:CSV ]"
    made = mapping(descriptions.described("opp"), source, data, calls=calls)
    (folder / "mapping.ttl").write_text(made.rml, encoding="utf-8")
    known = KNOWN.format(terc=str(data.parent / "terc.csv"), places=coded(data / "places.ttl"))
    (folder / "known.py").write_text(known, encoding="utf-8")
    (folder / "functions.py").write_text(made.functions, encoding="utf-8")
    lines = ["[CONFIGURATION]", "output_file=out.nq", "output_format=N-QUADS"]
    lines += ["na_values=", "udfs=functions.py"] if calls else ["na_values=,-----,None"]
    (folder / "config.ini").write_text("\n".join([*lines, "[list]", "mappings=mapping.ttl"]))
    return measured((python, "-m", "morph_kgc", "config.ini"), folder)


def facts(lines: Iterable[bytes]) -> set[bytes]:
    """The lines of N-Quads without the records of rows and the description, in one spelling of escapes."""
    told = b" %b .\n" % str(CLAIMS_GRAPH).encode()
    kept = b"".join(
        line if line.endswith(b".\n") else line.rstrip() + b" .\n" for line in lines if not line.endswith(told)
    )
    found = (quad for quad in ox.parse(kept, ox.RdfFormat.N_QUADS) if quad.predicate != term("se:tableMetadata"))
    return {str(quad).encode() for quad in found}


def row(name: str, rows: int, cost: Cost) -> str:
    return f"| {name} | {cost.wall:.1f} | {cost.cpu:.1f} | {rows / cost.cpu:,.0f} | {cost.peak:,.0f} |"


HEAD = """\
| tool | wall, s | CPU, s | rows a second of CPU | peak, MB |
| --- | ---: | ---: | ---: | ---: |"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1, help="the median of so many rounds counts")
    parser.add_argument("--morph", type=Path, help="the Python of an environment with morph-kgc")
    parser.add_argument("--spark", action="store_true", help="also with --engine spark --master local[2]")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        data, file = prepared(folder), folder / "opp.csv"
        if chosen.morph:
            write_looked_up(file, chosen.rows, data)
        else:
            write_list(file, chosen.rows)
        compare(chosen, data, file, folder)


def compare(chosen: argparse.Namespace, data: Path, file: Path, folder: Path) -> None:
    print(HEAD, flush=True)
    edition = data / "registers" / EDITION

    def added(name: str, *options: object) -> bytes:
        costs = []
        for _ in range(chosen.rounds):
            shutil.rmtree(edition, ignore_errors=True)
            edition.with_suffix(".ttl").unlink(missing_ok=True)
            costs.append(adding(data, file, folder, *options))
        print(row(name, chosen.rows, sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2]), flush=True)
        return hash_of(edition)

    ours = added("kgraph, DuckDB")
    if chosen.spark:
        theirs = added("kgraph, Spark local[2]", "--engine", "spark", "--master", "local[2]")
        print("\nThe quads of both are", "equal." if ours == theirs else "NOT EQUAL.")
    if chosen.morph is None:
        print("\nmorph-kgc NOT RUN: say --morph with the Python of an environment that has it")
        return
    known = facts(registers.lines(edition).splitlines(keepends=True))
    query = f"SELECT * FROM read_csv('{file}', all_varchar=true, nullstr=['', '-----'])"
    given = "results of look-ups given"
    for name, asked, calls in (
        ("morph-kgc, CSV", "", True),
        (f"morph-kgc, CSV, {given}", "", False),
        (f"morph-kgc, DuckDB, {given}", query, False),
    ):
        print(row(name, chosen.rows, morph(chosen.morph, file, data, folder, asked, calls=calls)), flush=True)
        with (folder / "out.nq").open("rb") as lines:
            found = facts(lines)
        print(
            f"<!-- {name}: {len(found):,} quads, {len(known - found):,} missing, {len(found - known):,} others -->",
            flush=True,
        )


def hash_of(edition: Path) -> bytes:
    """The hash of what was read, without the description."""
    import hashlib

    found = hashlib.sha256()
    with gzip.open(edition / registers.FACTS) as lines:
        next(lines)
        while block := lines.read(1 << 20):
            found.update(block)
    return found.digest()


if __name__ == "__main__":
    main()
