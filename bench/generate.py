"""A synthetic social economy ecosystem of any size, in the ontology of kgraph; the same seed gives the same bytes.

The codes of places follow the real structure of Poland: 16 voivodeships, 380 powiats and cities, 2477 gminas. All
organisations and people are invented. Each source describes a hundred organisations, their posts, agreements, signings
and clusters. It refers to its own organisations and to those of earlier sources only. A smaller ecosystem is
therefore a prefix of a larger one.
"""

import argparse
import hashlib
import random
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.progress import track

from kgraph.base import paths
from kgraph.base.vocab import PREFIXES, TURTLE_PREFIXES

EXAMPLES = """\
examples:
  python bench/generate.py 1000 -o small                 a data folder: kgraph build --data small
  python bench/generate.py 100000 -o country --seed 7
  python bench/generate.py 10000 --facts facts.nt        the facts alone, for any tool
"""

A_SOURCE = 100
"""The number of organisations in one source."""

VOIVODESHIPS = {
    "02": (26, 4, 169, "dolnośląskie"),
    "04": (19, 4, 144, "kujawsko-pomorskie"),
    "06": (20, 4, 213, "lubelskie"),
    "08": (12, 2, 82, "lubuskie"),
    "10": (21, 3, 177, "łódzkie"),
    "12": (19, 3, 182, "małopolskie"),
    "14": (37, 5, 314, "mazowieckie"),
    "16": (11, 1, 71, "opolskie"),
    "18": (21, 4, 160, "podkarpackie"),
    "20": (14, 3, 118, "podlaskie"),
    "22": (16, 4, 123, "pomorskie"),
    "24": (17, 19, 167, "śląskie"),
    "26": (13, 1, 102, "świętokrzyskie"),
    "28": (19, 2, 116, "warmińsko-mazurskie"),
    "30": (31, 4, 226, "wielkopolskie"),
    "32": (18, 3, 113, "zachodniopomorskie"),
}
"""Each voivodeship by its code: the numbers of powiats, cities with powiat rights and gminas, and the name."""

GMINA_LEVELS = {"1": "urban-gmina", "2": "rural-gmina", "3": "urban-rural-gmina"}
"""The level of a gmina by the last digit of its code."""

STATUSES = ("orgstatus:public-benefit-organisation", "orgstatus:social-enterprise-2022", "orgstatus:cis-status")
FORMS = ("legal:association", "legal:foundation", "legal:social-cooperative", "legal:cooperative", "legal:company")
FUNCTIONS = ("function:cis", "function:kis", "function:zaz", "function:wtz", "function:ngo")
ACTIVITIES = ("activity:catering", "activity:gardening", "activity:care", "activity:cleaning", "activity:sewing")
PURPOSES = ("purpose:cooperation", "purpose:innovation", "purpose:promotion", "purpose:employment", "purpose:quality")
WORDS = (
    *("Nadzieja", "Łąka", "Jeżyna", "Świetlica", "Pomoc", "Zioła", "Źródło", "Most", "Ogród", "Dąbrowa", "Razem"),
    *("Warsztat", "Krąg", "Ścieżka", "Płomień", "Iskra", "Żagiel", "Wiatrak", "Przystań", "Ćwiklik", "Tęcza"),
)
GIVEN = ("Anna", "Jan", "Łucja", "Stanisław", "Zofia", "Józef", "Małgorzata", "Paweł", "Żaneta", "Michał")


@dataclass(frozen=True)
class Statement:
    """A triple in Turtle terms; `words` is the quote of the source, empty when there is none.

    An editorial statement, such as a name, cites no source. A statement with a `status` is recorded, not asserted.
    One that contradicts others gives their object.
    """

    subject: str
    predicate: str
    object: str
    words: str = ""
    editorial: bool = False
    status: str = ""
    contradicts: str = ""


def literal(text: str, lang: str = "") -> str:
    return f'"{text}"@{lang}' if lang else f'"{text}"'


def date(day: str) -> str:
    return f'"{day}"^^xsd:date'


def named(thing: str, polish: str, english: str) -> Iterator[Statement]:
    yield Statement(thing, "skos:prefLabel", literal(polish, "pl"), editorial=True)
    yield Statement(thing, "skos:prefLabel", literal(english, "en"), editorial=True)


def powiats(code: str) -> Iterator[str]:
    """The codes of a voivodeship's powiats, numbered from 01, and of its cities with powiat rights, from 61."""
    rural, cities, _, _ = VOIVODESHIPS[code]
    yield from (f"{code}{number:02}" for number in chain(range(1, rural + 1), range(61, 61 + cities)))


def gminas(code: str) -> Iterator[str]:
    """The codes of a voivodeship's gminas: one per city, the others distributed over its powiats."""
    rural, cities, total, _ = VOIVODESHIPS[code]
    yield from (f"{code}{number:02}011" for number in range(61, 61 + cities))
    for number in range(total - cities):
        powiat, place = number % rural + 1, number // rural + 1
        yield f"{code}{powiat:02}{place:02}{1 if place == 1 else 2 + place % 2}"


GMINAS = tuple(gmina for code in VOIVODESHIPS for gmina in gminas(code))


def places() -> Iterator[Statement]:
    """Statements about the country, its voivodeships, powiats and gminas, each within its parent."""
    yield from place("id:pl", "Polska", "Poland", None, "country")
    for code, (*_, name) in VOIVODESHIPS.items():
        yield from place(f"id:pl-{code}", f"województwo {name}", f"{name} voivodeship", "id:pl", "voivodeship")
        for powiat in powiats(code):
            level = "powiat" if powiat[2:] < "61" else "city-with-powiat-rights"
            yield from place(f"id:pl-{powiat}", f"powiat {powiat}", f"powiat {powiat}", f"id:pl-{code}", level)
        for gmina in gminas(code):
            level = GMINA_LEVELS[gmina[-1]]
            yield from place(f"id:pl-{gmina}", f"gmina {gmina}", f"gmina {gmina}", f"id:pl-{gmina[:4]}", level)
            yield from gazetted(f"id:pl-{gmina}", gmina)


def place(thing: str, polish: str, english: str, above: str | None, level: str) -> Iterator[Statement]:
    yield Statement(thing, "rdf:type", "cv:AdminUnit")
    yield Statement(thing, "cv:level", f"level:{level}")
    yield from named(thing, polish, english)
    if above:
        yield Statement(thing, "se:within", above)


def gazetted(thing: str, code: str) -> Iterator[Statement]:
    """The code of a gmina, and a point in it."""
    number, point, chance = f"id:terc-{code}", f"{thing}-point", random.Random(code)
    yield Statement(thing, "adms:identifier", number)
    yield Statement(number, "rdf:type", "adms:Identifier")
    yield Statement(number, "skos:notation", literal(code))
    yield Statement(number, "adms:schemaAgency", literal("GUS (TERYT)"))
    yield from named(number, f"kod TERC {code}", f"TERC code {code}")
    yield Statement(thing, "geo:hasGeometry", point)
    yield Statement(point, "rdf:type", "geo:Geometry")
    yield from named(point, f"punkt: gmina {code}", f"point: gmina {code}")
    where = f"POINT({chance.uniform(15, 23.5):.4f} {chance.uniform(49.5, 54):.4f})"
    yield Statement(point, "geo:asWKT", f'"{where}"^^geo:wktLiteral')


def source(number: int, seed: int) -> Iterator[Statement]:
    """The statements of one source; they do not depend on the number of sources."""
    chance = random.Random(f"{seed}-{number}")
    first = number * A_SOURCE
    for index in range(first, first + A_SOURCE):
        yield from organisation(index, chance)
        yield from registered(f"id:o{index}", index, random.Random(f"{seed}-registered-{index}"))
    for agreement in range(A_SOURCE // 10):
        yield from signed(number * 10 + agreement, first + A_SOURCE, chance)
    yield from reported(number, random.Random(f"{seed}-reported-{number}"))


def organisation(index: int, chance: random.Random) -> Iterator[Statement]:
    thing, word, seat = f"id:o{index}", chance.choice(WORDS), chance.choice(GMINAS)
    kind = "se:SupportInstitution" if index % 50 == 7 else "se:SocialEconomyEntity"
    yield Statement(thing, "rdf:type", kind)
    yield from named(thing, f"{word} {index}", f"{word} {index} organisation")
    yield Statement(thing, "org:classification", chance.choice(FORMS), f"forma prawna podmiotu {word}")
    yield Statement(thing, "se:seatIn", f"id:pl-{seat}", f"z siedzibą w gminie {seat}")
    yield from numbered(thing, index)
    if chance.random() < 0.3:
        yield Statement(thing, "org:classification", chance.choice(FUNCTIONS))
    if chance.random() < 0.2:
        yield Statement(thing, "se:activeIn", f"id:pl-{seat[:4]}", "działa na terenie powiatu")
    if index and chance.random() < 0.1:
        yield Statement(thing, "se:operatedBy", f"id:o{chance.randrange(index)}")
    if chance.random() < 0.15:
        yield from post(thing, index, chance)


def numbered(thing: str, index: int) -> Iterator[Statement]:
    number = f"id:krs-{index:010}"
    yield Statement(thing, "adms:identifier", number)
    yield Statement(number, "rdf:type", "adms:Identifier")
    yield Statement(number, "skos:notation", literal(f"{index:010}"))
    yield Statement(number, "adms:schemaAgency", literal("KRS"))
    yield from named(number, f"KRS {index:010}", f"KRS number {index:010}")


def is_article(number: int) -> bool:
    """Whether a source is an article: every fifth is, the others are lists."""
    return number % 5 == 4


def registered(thing: str, index: int, chance: random.Random) -> Iterator[Statement]:
    """What registers say of some organisations: a status for a time, a grant, support by a centre."""
    if chance.random() < 0.2:
        record, year = f"id:status-{index}", chance.randrange(2015, 2024)
        yield Statement(record, "rdf:type", "se:StatusRecord")
        yield from named(record, f"status podmiotu {index}", f"status of organisation {index}")
        yield Statement(record, "se:holder", thing)
        yield Statement(record, "se:recordedStatus", chance.choice(STATUSES))
        yield Statement(record, "se:validFrom", date(f"{year}-03-01"))
        yield Statement(record, "se:validUntil", date(f"{year + 5}-02-28"))
        if not is_article(index // A_SOURCE):
            yield Statement(record, "se:listedOn", f"source:{slug(index // A_SOURCE)}")
    if chance.random() < 0.05:
        grant = f"id:grant-{index}"
        yield Statement(grant, "rdf:type", "se:Grant")
        yield from named(grant, f"dotacja dla podmiotu {index}", f"grant to organisation {index}")
        yield Statement(grant, "se:beneficiary", thing)
        yield Statement(grant, "schema:amount", f'"{chance.randrange(5, 500)}000"^^xsd:decimal')
        yield Statement(grant, "schema:currency", literal("PLN"))
    if index % 10 == 3:
        yield Statement(f"id:o{index // 50 * 50 + 7}", "se:supports", thing)


def post(thing: str, index: int, chance: random.Random) -> Iterator[Statement]:
    post, person, name = f"id:post-{index}", f"id:person-{index}", f"{chance.choice(GIVEN)} Przykład-{index}"
    yield Statement(post, "rdf:type", "org:Post")
    yield from named(post, f"prezes podmiotu {index}", f"president of organisation {index}")
    yield Statement(post, "org:postIn", thing)
    yield Statement(post, "org:role", "role:president", "prezes zarządu")
    yield Statement(post, "org:heldBy", person, name)
    yield Statement(person, "rdf:type", "foaf:Person")
    yield from named(person, name, name)


def signed(number: int, known: int, chance: random.Random) -> Iterator[Statement]:
    """An agreement of 3 to 12 organisations, mostly of one source; every tenth agreement establishes a cluster."""
    thing, signing, day = (
        f"id:a{number}",
        f"id:s{number}",
        f"20{chance.randrange(10, 23)}-0{chance.randrange(1, 10)}-15",
    )
    near = max(0, known - A_SOURCE)
    parties = {
        chance.randrange(near, known) if chance.random() < 0.8 else chance.randrange(known)
        for _ in range(chance.randint(3, 12))
    }
    yield Statement(thing, "rdf:type", "se:Agreement")
    yield from named(thing, f"porozumienie {number}", f"agreement {number}")
    for party in sorted(parties):
        yield Statement(thing, "se:hasSignatory", f"id:o{party}", f"podmiot {party}")
    yield Statement(thing, "se:hasPurpose", chance.choice(PURPOSES))
    yield Statement(thing, "se:signedAt", signing)
    yield Statement(signing, "rdf:type", "se:SigningEvent")
    yield from named(signing, f"podpisanie porozumienia {number}", f"signing of agreement {number}")
    yield Statement(signing, "se:tookPlaceIn", f"id:pl-{chance.choice(GMINAS)}")
    for predicate in ("se:date", "se:earliest", "se:latest"):
        yield Statement(signing, predicate, date(day))
    if number % 10 == 0:
        yield from cluster(f"id:c{number}", number, thing, min(parties))


def cluster(thing: str, number: int, agreement: str, leader: int) -> Iterator[Statement]:
    yield Statement(thing, "rdf:type", "se:Cluster")
    yield from named(thing, f"klaster {number}", f"cluster {number}")
    yield Statement(agreement, "se:establishes", thing, f"klaster {number}")
    yield Statement(thing, "se:coordinatedBy", f"id:o{leader}")


def reported(number: int, chance: random.Random) -> Iterator[Statement]:
    """What a source says of its first agreement and cluster, as articles do, and what it leaves open."""
    first = number * A_SOURCE
    agreement, cluster, signing = (f"id:{kind}{number * 10}" for kind in "acs")
    centre, other = f"id:o{first + 7}", f"id:o{first + 57}"
    yield Statement(agreement, "se:hasSignatory", centre, "ośrodek wsparcia")
    yield Statement(agreement, "se:hasSignatory", other, "drugi ośrodek wsparcia")
    yield Statement(agreement, "se:hasPurpose", "purpose:procurement", "ubieganie się o zamówienia")
    yield from directed(number, centre, other, signing)
    yield from located(number, signing, centre, chance)
    area = chance.choice(tuple(VOIVODESHIPS))
    yield Statement(cluster, "se:activeIn", f"id:pl-{area}", "w województwie")
    if number % 10 == 0:
        yield Statement(centre, "org:classification", "function:rops", "regionalny ośrodek polityki społecznej")
        yield Statement(cluster, "se:firstOfKindIn", f"id:pl-{area}", "pierwszy", status="status:superlative")
    for index in range(first, first + A_SOURCE, 10):
        yield Statement(f"id:o{index}", "se:carriesOut", chance.choice(ACTIVITIES), "prowadzi działalność")
    yield from awarded(number, first + chance.randrange(A_SOURCE), centre)
    yield from left_open(number, agreement)


def directed(number: int, centre: str, other: str, signing: str) -> Iterator[Statement]:
    """The director of a support centre attends a signing, and has a post in another signatory."""
    person = f"id:director-{number}"
    yield Statement(person, "rdf:type", "foaf:Person")
    yield from named(person, f"Dyrektor {number}", f"Director {number}")
    for kind, organisation, role in (("first", centre, "role:director"), ("second", other, "role:president")):
        tenure = f"id:tenure-{kind}-{number}"
        yield Statement(tenure, "rdf:type", "org:Membership")
        yield from named(tenure, f"funkcja dyrektora {number} ({kind})", f"office of director {number} ({kind})")
        yield Statement(tenure, "org:member", person, f"Dyrektor {number}")
        yield Statement(tenure, "org:organization", organisation)
        yield Statement(tenure, "org:role", role, "kieruje")
    yield Statement(signing, "se:hasAttendee", person, f"Dyrektor {number}")


def located(number: int, signing: str, owner: str, chance: random.Random) -> Iterator[Statement]:
    """The site of a signing."""
    site = f"id:site-{number}"
    yield Statement(site, "rdf:type", "org:Site")
    yield from named(site, f"siedziba {number}", f"premises {number}")
    yield Statement(site, "org:siteOf", owner)
    yield Statement(site, "se:locatedIn", f"id:pl-{chance.choice(GMINAS)}")
    yield Statement(signing, "se:tookPlaceAt", site, "w siedzibie")


def awarded(number: int, index: int, centre: str) -> Iterator[Statement]:
    """A quality mark, and what the source says against the day of the earlier one's."""
    award = f"id:award-{number}"
    yield Statement(award, "rdf:type", "se:Award")
    yield from named(award, f"znak jakości {number}", f"quality mark {number}")
    yield Statement(award, "se:hasLaureate", f"id:o{index}", "laureat")
    yield Statement(award, "se:hasLaureate", centre, "laureat")
    for predicate in ("se:date", "se:earliest", "se:latest"):
        yield Statement(award, predicate, date("2016-05-01"), "1 maja 2016 r.")
    if number:
        yield Statement(
            f"id:award-{number - 1}", "se:date", date("2016-05-02"), "2 maja 2016 r.", contradicts=date("2016-05-01")
        )


def left_open(number: int, agreement: str) -> Iterator[Statement]:
    """What a source does not say."""
    unknown = f"id:unknown-{number}"
    yield Statement(f"source:{slug(number)}", "se:leavesUnknown", unknown, editorial=True)
    yield Statement(unknown, "rdf:type", "se:KnownUnknown", editorial=True)
    yield Statement(unknown, "se:about", agreement, editorial=True)
    yield Statement(unknown, "se:aspect", "adms:identifier", editorial=True)
    yield from named(unknown, f"numer porozumienia {number}", f"number of agreement {number}")


def turtle(slug: str, statements: Iterable[Statement]) -> str:
    """A source file in Turtle: its head, and each statement with its evidence."""
    lines: list[str] = []
    length = 0
    for statement in statements:
        lines.append(cited(statement, length))
        length += len(statement.words) + 1 if statement.words else 0
    return head(slug, length) + "".join(lines)


def cited(statement: Statement, start: int) -> str:
    """A statement in Turtle with its evidence, words that begin at a character of the source."""
    fact = f"{statement.subject} {statement.predicate} {statement.object}"
    if statement.editorial:
        return f"{fact} .\n"
    if not statement.words:
        return f"{fact} ~ .\n"
    quote = f"oa:start {start} ; oa:end {start + len(statement.words)} ; oa:exact {literal(statement.words)}"
    if statement.status:
        return f"<< {fact} >> se:claimStatus {statement.status} ; {quote} .\n"
    against = f"{statement.subject} {statement.predicate} {statement.contradicts}"
    link = f" ; se:contradicts <<( {against} )>>" if statement.contradicts else ""
    return f"{fact} {{| {quote}{link} |}} .\n"


COMPLETE = "register-00003"
"""A later list, of all public benefit organisations of one voivodeship: who was on another is no longer listed."""


def head(slug: str, length: int) -> str:
    digest = hashlib.sha256(slug.encode()).hexdigest()
    text = f'se:textSHA256 "{digest}" ; se:textLength {length}' if length else "se:textUnavailable true"
    is_of_all = slug == COMPLETE
    of_all = f"se:listsAll {STATUSES[0]} ; dcterms:spatial id:pl-14 ;" if is_of_all else ""
    month = "06" if is_of_all else "05"
    return (
        f'VERSION "1.2"\n{TURTLE_PREFIXES}source:{slug} a se:Source ; dcterms:title "Rejestr {slug}"@pl ,'
        f' "Register {slug}"@en ;\n    dcterms:publisher "Rejestr" ; dcterms:issued "2023-05-01"^^xsd:date ; {text} ;\n'
        f'    dcterms:valid "2023-{month}-01"^^xsd:date ; {of_all}\n'
        '    dcterms:description "Wymyślony na potrzeby pomiarów."@pl , "Invented for measurements."@en .\n'
    )


def ntriples(statements: Iterable[Statement]) -> Iterator[str]:
    for statement in (each for each in statements if not each.status):
        yield f"{iri(statement.subject)} {iri(statement.predicate)} {absolute(statement.object)} .\n"


def absolute(term: str) -> str:
    if not term.startswith('"'):
        return iri(term)
    text, _, datatype = term.partition("^^")
    return f"{text}^^{iri(datatype)}" if datatype else text


def iri(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return f"<{PREFIXES[prefix]}{name}>"


def slug(number: int) -> str:
    return f"register-{number:05}"


def write_folder(folder: Path, sources: Iterable[int], seed: int) -> None:
    """Write a data folder for `kgraph build`."""
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    shutil.copy(paths.bundled().data / "dataset.ttl", folder)
    (folder / "places.ttl").write_text(turtle("places", places()), encoding="utf-8")
    for number in sources:
        text = turtle(slug(number), source(number, seed))
        (folder / "sources" / f"{slug(number)}.ttl").write_text(text, encoding="utf-8")


def write_facts(path: Path, sources: Iterable[int], seed: int) -> None:
    """Write the facts without their evidence as N-Triples."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(ntriples(places()))
        for number in sources:
            file.writelines(ntriples(source(number, seed)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("organisations", type=int, help=f"how many, in steps of {A_SOURCE}")
    parser.add_argument("-o", "--out", type=Path, help="the data folder to write")
    parser.add_argument("--facts", type=Path, help="the N-Triples file to write")
    parser.add_argument("--seed", type=int, default=1, help="another one gives another ecosystem (default: 1)")
    asked = parser.parse_args()
    if not (asked.out or asked.facts) or asked.organisations % A_SOURCE or asked.organisations < A_SOURCE:
        parser.error(f"say --out or --facts, and a number of organisations that {A_SOURCE} divides")
    for write, target in ((write_folder, asked.out), (write_facts, asked.facts)):
        if target:
            sources = range(asked.organisations // A_SOURCE)
            write(target, track(sources, "sources", console=Console(stderr=True)), asked.seed)
            print(f"wrote {target}", file=sys.stderr)


if __name__ == "__main__":
    main()
