"""MkDocs hooks that fill pages with command help, answers, figures and the ontology, from the bundled graph.

A comment such as `<!-- kgraph: questions pl -->` is replaced by the result of `questions("pl")`.
"""

import html
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import mkdocs.structure.pages
import pyoxigraph as ox
from click.testing import CliRunner
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.utils.templates import TemplateContext

from kgraph.base import paths, vocab
from kgraph.base.vocab import term
from kgraph.build import pipeline
from kgraph.cli import main
from kgraph.graph.network import analysis
from kgraph.graph.questions import assigned
from kgraph.publish import figures
from kgraph.publish.pages import lists, ontology
from kgraph.publish.pages.book import Book, book_of
from kgraph.publish.pages.page import Page
from kgraph.rdf import sparql_text
from kgraph.rdf.sparql import Value

MARK = re.compile(r"<!-- kgraph: (\w+) (\w+) -->")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of the site with the generated figures added."""
    for picture, projection in PICTURES.items():
        found = analysis.analyse(book().store, projection)
        for lang in ("pl", "en"):
            drawn = figures.figure(book().store, found, "svg", lang)
            files.append(File.generated(config, f"{picture}-{lang}.svg", content=drawn))
    for lang in ("pl", "en"):
        files.append(File.generated(config, f"core-{lang}.svg", content=core_diagram(book().page("ns", lang))))
    return files


PICTURES = {"figure": "bipartite", "matrix": "signatories"}
"""The projection that each figure shows."""


def on_page_markdown(markdown: str, **_: object) -> str:
    """The page with each `kgraph:` comment replaced by its content."""
    return MARK.sub(lambda mark: FILLS[mark[1]](mark[2]), markdown)


def on_page_context(
    context: TemplateContext, page: mkdocs.structure.pages.Page, config: MkDocsConfig, **_: object
) -> TemplateContext:
    """The unchanged context; the theme is set to the language of the page."""
    config.theme["language"] = page.meta.get("lang", "en")
    return context


def on_post_page(output: str, page: mkdocs.structure.pages.Page, **_: object) -> str:
    """The page with a label for screen readers on the search field, and the theme translated on Polish pages."""
    named = output.replace(SEARCH, f'{SEARCH} aria-label="Search"', 1)
    return SAID.sub(lambda said: f'{said[1]}="{POLISH[said[2]]}"', named) if page.meta.get("lang") == "pl" else named


SEARCH = 'data-md-component="search" role="dialog"'
POLISH = {
    "Search": "Szukaj",
    "Dark colours": "Ciemne kolory",
    "Light colours": "Jasne kolory",
    "Permanent link": "Odnośnik do tego miejsca",
}
SAID = re.compile(rf'(title|aria-label)="({"|".join(POLISH)})"')


def commands(_: str) -> str:
    """The `--help` of every command, as the command line prints it."""
    names = [[], *([name] for name in sorted(main.commands))]
    return "\n".join(f"## {' '.join(['kgraph', *path])}\n\n```text\n{helped(path)}```\n" for path in names)


def helped(path: list[str]) -> str:
    return CliRunner().invoke(main, [*path, "--help"], prog_name="kgraph", terminal_width=96).output


def figure(lang: str) -> str:
    """Markdown for the figure of the bipartite network."""
    said = {
        "en": "Agreements by date, their signatories, and the betweenness of each",
        "pl": "Porozumienia według dat, ich sygnatariusze i pośrednictwo każdego z nich",
    }
    return f"![{said[lang]}](figure-{lang}.svg)"


def matrix(lang: str) -> str:
    """Markdown for the matrix of co-signatories."""
    said = {
        "en": "A matrix of signatories: a square is a pair that signed together, a hollow one links two communities",
        "pl": "Macierz sygnatariuszy: kwadrat to para, która podpisała coś razem, pusty łączy dwie społeczności",
    }
    return f"![{said[lang]}](matrix-{lang}.svg)"


def curating(lang: str) -> str:
    """The guide of the data folder without its title, its links as from a page of the site."""
    guide = paths.read_text(paths.bundled().data / ("README.md" if lang == "en" else "CZYTAJ.md"))
    return guide.partition("\n")[2].replace("](../docs/", "](")


@cache
def book() -> Book:
    """The bundled graph, prepared as for the pages of a release."""
    folders = paths.folders()
    return book_of(pipeline.graph(folders), folders)


def questions(lang: str) -> str:
    """Every competency question with its description, its current answer and its SPARQL."""
    page = book().page("questions", lang)
    return "\n".join(question(name, page) for name in book().questions)


def question(name: str, page: Page) -> str:
    asked = book().questions[name]
    found = lists.answer(book(), asked, page)
    assert found, f"{name} has no answer"
    rows = [[cell(value, page) for value in row] for row in found.rows[:MOST]]
    left_out = f"{LEFT_OUT[page.lang].format(MOST, len(found.rows))} `kgraph questions {name}`\n"
    opened = "SPARQL" if asked.computed_by is None else f"SPARQL, {asked.computed_by}"
    return "\n".join(
        [
            f"## {text(asked.title[page.lang])} {{ #{name} }}\n",
            f"{text(asked.meaning[page.lang])}\n",
            f"{VALUES[page.lang]}: `{' '.join(assigned(asked, {}))}`\n" if asked.takes else "",
            table([text(column) for column in found.columns], rows),
            left_out if len(found.rows) > MOST else "",
            f'??? note "{opened}"\n',
            indented(f"```sparql\n{asked.plain.strip()}\n```\n"),
        ]
    )


MOST = 20
VALUES = {"en": "Values in the question", "pl": "Wartości w pytaniu"}
LEFT_OUT = {"en": "{} of {} rows; all of them:", "pl": "{} z {} wierszy; wszystkie:"}


def table(columns: list[str], rows: list[list[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(value: Value | None, page: Page) -> str:
    """The label of a thing, or the text of a literal, as a table cell."""
    if value is None:
        return ""
    return text(value.value if isinstance(value, ox.Literal) else page.name(value)).replace("|", "\\|")


def text(given: str) -> str:
    """The text escaped for Markdown."""
    return re.sub(r"([\\`*_\[\]#])", r"\\\1", html.escape(given, quote=False)).replace("\n", " ")


def indented(given: str) -> str:
    return "".join(f"    {line}" if line.strip() else line for line in given.splitlines(keepends=True))


def terms(lang: str) -> str:
    """Every class and property of the ontology with its definition, its axioms and how often it is used."""
    page = book().page("ns", lang)
    found = all_terms(lang)
    return "\n".join(
        "\n".join([f"## {page.words[heading]}\n", *(described(one, page) for one in found if chosen(one))])
        for heading, chosen in PARTS.items()
    )


PARTS: Mapping[str, Callable[[ontology.Described], bool]] = {
    "classes heading": lambda one: one.is_ours and one.is_class,
    "properties heading": lambda one: one.is_ours and not one.is_class,
    "reused": lambda one: not one.is_ours,
}


@cache
def all_terms(lang: str) -> list[ontology.Described]:
    return ontology.ontology(book(), lang)


def described(one: ontology.Described, page: Page) -> str:
    words = page.words
    known: Mapping[Value, str] = {other.node: other.place for other in all_terms(page.lang)}
    lines = [f"### {text(page.name(one.node))} `{curied(one)}` {{ #{one.place} }}\n", f"{text(one.definition)}\n"]
    lines += [f"*{text(note)}*\n" for note in one.notes]
    facts = [(words[name], [linked(value, known, page) for value in values]) for name, values in one.axioms.items()]
    facts += [(words["character"], [str(words[name]) for name in one.characters])]
    facts += [(words["rules"], [f"`{name}`" for name, _ in one.rules])]
    facts += [(words["match"], [f"<{value.value}>" for _, value in one.matches])]
    facts += [(words["used"], [page.count(one.count, "used class" if one.is_class else "used property")])]
    lines += [f"- **{name}:** {', '.join(values)}" for name, values in facts if values]
    return "\n".join([*lines, ""])


def curied(one: ontology.Described) -> str:
    return f"se:{one.place}" if one.is_ours else one.place.replace("-", ":", 1)


def linked(value: Value, known: Mapping[Value, str], page: Page) -> str:
    name = text(page.name(value))
    return f"[{name}](#{known[value]})" if value in known else name


def core(lang: str) -> str:
    """The diagram of the ontology's core."""
    said = {
        "en": "The classes of the core, and the properties that lead from one to another",
        "pl": "Klasy rdzenia i właściwości, które prowadzą od jednej do drugiej",
    }
    return f"[![{said[lang]}](core-{lang}.svg)](core-{lang}.svg)"


COLUMNS = (
    ("se:Agreement", "eli:LegalResource", "se:Event", "se:SigningEvent", "se:Award"),
    (
        *("foaf:Agent", "org:Organization", "org:OrganizationalCollaboration", "se:Cluster"),
        *("se:SocialEconomyEntity", "se:SupportInstitution", "cv:PublicOrganisation"),
    ),
    ("foaf:Person", "foaf:Group", "dcterms:Location", "cv:AdminUnit", "geo:Geometry", "org:Site", "foaf:Document"),
)
"""Where the diagram has the classes of the core: its columns from left to right, each from above."""

WIDTH, GAP, LINE = 260, 40, 18
"""Pixels: the width of a box, the space between two boxes, the height of a line of text."""

Box = tuple[int, int, int]
"""The left and upper edge of a box, and its height."""


def core_diagram(page: Page) -> str:
    """An SVG of the core: a box for each class with its superclass and the properties used of it."""
    rows = {term(name): class_rows(term(name), page) for column in COLUMNS for name in column}
    boxes: dict[Value, Box] = {}
    for left, column in enumerate(COLUMNS):
        upper = GAP // 2
        for node in map(term, column):
            boxes[node] = ((WIDTH + GAP) * left + GAP // 2, upper, LINE * (len(rows[node]) + 1) + 12)
            upper += boxes[node][2] + GAP
    width = (WIDTH + GAP) * len(COLUMNS)
    height = max(upper + tall for _, upper, tall in boxes.values()) + GAP // 2
    pairs = {(node, value) for node in boxes for _, value in core_uses(node) if value in boxes and value != node}
    drawn = [arrow(boxes[one], boxes[other]) for one, other in sorted(pairs, key=str)]
    drawn += [box(boxes[node], page.name(node), rows[node]) for node in boxes]
    tip = 'viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"'
    style = 'font-family="sans-serif" font-size="13"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {style}>'
        f'<defs><marker id="tip" {tip}><path d="M0 0 8 4 0 8z" fill="#5c6b7a"/></marker></defs>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(drawn)}</svg>'
    )


def core_uses(node: ox.NamedNode) -> list[tuple[ox.NamedNode, Value]]:
    """The properties of the core that are used of a class, each with the class of its values."""
    members = set(in_part("core"))
    found = [one for one in all_terms("en") if one.node in members]
    used = (one for one in found if node in {*one.axioms.get("domain", ()), *one.axioms.get("domainIncludes", ())})
    return [(one.node, value) for one in used for value in one.axioms.get("range", ())]


def class_rows(node: ox.NamedNode, page: Page) -> list[str]:
    """The lines under the name of a class: its superclasses, then its properties with the classes of their values."""
    [found] = (one for one in all_terms(page.lang) if one.node == node)
    above = [f"⊑ {page.name(value)}" for value in found.axioms.get("subClassOf", ())]
    return above + [f"{page.name(name)} → {page.name(value)}" for name, value in core_uses(node)]


def box(place: Box, title: str, rows: list[str]) -> str:
    left, upper, tall = place
    lines = "".join(
        f'<text x="{left + 8}" y="{upper + LINE * (number + 2)}" fill="#33404d" {fitted(row)}>{html.escape(row)}</text>'
        for number, row in enumerate(rows)
    )
    return (
        f'<rect x="{left}" y="{upper}" width="{WIDTH}" height="{tall}" rx="4" fill="#f4f7fa" stroke="#3f51b5"/>'
        f'<text x="{left + 8}" y="{upper + LINE}" font-weight="bold" {fitted(title, 7.4)}>{html.escape(title)}</text>'
        f"{lines}"
    )


def fitted(said: str, wide: float = 6.6) -> str:
    """An SVG attribute that narrows a text too long for a box, whose characters are so many pixels wide."""
    return f'textLength="{WIDTH - 16}" lengthAdjust="spacingAndGlyphs"' if len(said) * wide > WIDTH - 16 else ""


def arrow(one: Box, other: Box) -> str:
    """A line from the border of a box to that of another."""
    (x, y), (u, v) = ((left + WIDTH / 2, upper + tall / 2) for left, upper, tall in (one, other))
    part = min(
        (WIDTH / 2 / abs(u - x) if u != x else 1.0),
        (other[2] / 2 / abs(v - y) if v != y else 1.0),
    )
    return (
        f'<line x1="{x}" y1="{y}" x2="{u - (u - x) * part:.1f}" y2="{v - (v - y) * part:.1f}" '
        'stroke="#5c6b7a" marker-end="url(#tip)"/>'
    )


PARTS_OF_ONTOLOGY = ("core", "time", "evidence", "registers", "naming")


def in_part(name: str) -> list[Value]:
    """The terms of a part of the ontology, by name."""
    part = ox.NamedNode(f"{vocab.BASE}ns/{name}")
    quads = book().store.quads_for_pattern(part, vocab.term("skos:member"), None, vocab.ONTOLOGY_GRAPH)
    return sorted((quad.object for quad in quads), key=str)


def parts(lang: str) -> str:
    """The parts of the ontology, each with the number of its terms."""
    told = ((*part_words(name, lang), len(in_part(name))) for name in PARTS_OF_ONTOLOGY)
    return "\n".join(f"- **{title}** ({number}): {text(meaning)}" for title, meaning, number in told)


def part_words(name: str, lang: str) -> tuple[str, str]:
    """The name of a part of the ontology and what it is about."""
    part = ox.NamedNode(f"{vocab.BASE}ns/{name}")
    about = book().store.quads_for_pattern(part, None, None, vocab.ONTOLOGY_GRAPH)
    said = {quad.predicate: quad.object.value for quad in about if getattr(quad.object, "language", "") == lang}
    return said[vocab.PREF_LABEL], said[term("skos:definition")]


def origins(lang: str) -> str:
    """Every term with its part and where it comes from."""
    page, known = book().page("ns", lang), {one.node: one for one in all_terms(lang)}
    found = [(known[node], name) for name in PARTS_OF_ONTOLOGY for node in in_part(name)]  # type: ignore[index]
    return table(LISTED[lang], [listed(one, part_words(name, lang)[0], page) for one, name in found])


def listed(one: ontology.Described, part: str, page: Page) -> list[str]:
    minted, reused = MINTED[page.lang]
    namespace, _ = vocab.split(one.node.value)
    origin = minted if one.is_ours else f"{reused} <{namespace}>"
    return [f"[`{curied(one)}`](#{one.place})", text(page.name(one.node)), part, origin]


LISTED = {
    "en": ["Term", "Name", "Part", "Origin"],
    "pl": ["Termin", "Nazwa", "Część", "Pochodzenie"],
}
MINTED = {"en": ("minted", "reused from"), "pl": ("własny", "przejęty z")}


def registers(lang: str) -> str:
    """The worked examples of what a register's row says."""
    examples = sorted((Path(__file__).parent / "registers").glob("*.ttl"))
    return "\n".join(example(paths.read_text(path), lang) for path in examples)


def example(turtle: str, lang: str) -> str:
    title = sparql_text.head(turtle)[f"title-{lang}"]
    body = "".join(
        line for line in turtle.splitlines(keepends=True) if not line.startswith(("#+", "PREFIX", "VERSION"))
    )
    return f'??? note "{title}"\n\n' + indented(f"```turtle\n{body.strip()}\n```\n")


FILLS = {
    "core": core,
    "origins": origins,
    "parts": parts,
    "registers": registers,
    "commands": commands,
    "curating": curating,
    "figure": figure,
    "matrix": matrix,
    "questions": questions,
    "terms": terms,
}
