"""MkDocs hooks that fill pages with command help, answers, figures and the ontology, from the bundled graph.

A comment such as `<!-- kgraph: questions pl -->` is replaced by the result of `questions("pl")`.
"""

import html
import re
from collections.abc import Callable, Mapping
from functools import cache

import mkdocs.structure.pages
import pyoxigraph as ox
from click.testing import CliRunner
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.utils.templates import TemplateContext

from kgraph.base import paths
from kgraph.build import pipeline
from kgraph.cli import main
from kgraph.graph import analysis
from kgraph.graph.questions import assigned
from kgraph.publish import figures
from kgraph.publish.pages import lists, ontology
from kgraph.publish.pages.book import Book, book_of
from kgraph.publish.pages.page import Page
from kgraph.rdf.sparql import Value

MARK = re.compile(r"<!-- kgraph: (\w+) (\w+) -->")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of the site with the generated figures added."""
    for picture, projection in PICTURES.items():
        found = analysis.analyse(book().store, projection)
        for lang in ("pl", "en"):
            drawn = figures.figure(book().store, found, "svg", lang)
            files.append(File.generated(config, f"{picture}-{lang}.svg", content=drawn))
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


def curating(_: str) -> str:
    """The text of data/README.md without its title."""
    guide = paths.read_text(paths.bundled().data / "README.md")
    return guide.partition("\n")[2]


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
            indented(f"```sparql\n{lists.plain_sparql(asked).strip()}\n```\n"),
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
    described = ontology.ontology(book(), lang)
    return "\n".join(
        "\n".join([f"## {page.words[heading]}\n", *(term(one, page) for one in described if chosen(one))])
        for heading, chosen in PARTS.items()
    )


PARTS: Mapping[str, Callable[[ontology.Described], bool]] = {
    "classes heading": lambda one: one.is_ours and one.is_class,
    "properties heading": lambda one: one.is_ours and not one.is_class,
    "reused": lambda one: not one.is_ours,
}


def term(one: ontology.Described, page: Page) -> str:
    words = page.words
    known: Mapping[Value, str] = {described.node: described.place for described in ontology.ontology(book(), page.lang)}
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


FILLS = {
    "commands": commands,
    "curating": curating,
    "figure": figure,
    "matrix": matrix,
    "questions": questions,
    "terms": terms,
}
