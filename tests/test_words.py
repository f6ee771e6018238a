"""The word catalogue: equal keys, parameters and plural forms in both languages; no missing or unused keys."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import jinja2
import pytest
from babel import Locale
from jinja2 import nodes

from kgraph.base import words
from kgraph.base.words import LANGUAGES
from tests.conftest import ROOT

CATALOGUE = Path(words.__file__).parent
SECTIONS = sorted({path.stem for path in CATALOGUE.glob("*/*.json")})
CATEGORY = re.compile(r"zero|one|two|few|many|other|=\d+")
TAKERS = ("text", "texts")
ON_PAGES = ("common", "cards", "pages")
IN_EXPLORER = ("common", "editor", "explorer", "inbox", "sources")
IN_PICTURE = ("common", "cards", "picture")
KEY = re.compile(rf"(?:{'|'.join(SECTIONS)})\\\.")
"""Matches the beginning of an escaped key."""
Found = Mapping[str, Any]


def counts(text: object) -> bool:
    """Whether a value is one text in plural forms, not a group of texts."""
    return isinstance(text, Mapping) and all(CATEGORY.fullmatch(key) for key in text)


def flat(found: Found, *groups: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each text with its key path."""
    for key, text in found.items():
        if isinstance(text, Mapping) and not counts(text):
            yield from flat(text, *groups, key)
        else:
            yield (*groups, key), text


def texts(lang: str, *names: str) -> dict[tuple[str, ...], Any]:
    return {key: text for name in names for key, text in flat(words.section(lang, name))}


def values(text: str | Mapping[str, str]) -> set[str]:
    """The names of the parameters in all forms of a text."""
    forms = [text] if isinstance(text, str) else text.values()
    return {name for form in forms for name in re.findall(r"\{(\w*)[^}]*\}", form)}


@pytest.mark.parametrize("name", SECTIONS)
def test_both_languages_have_the_same_texts(name: str) -> None:
    polish, english = (texts(lang, name) for lang in LANGUAGES)
    assert polish.keys() == english.keys()
    assert {key: values(polish[key]) - {"n"} for key in polish} == {
        key: values(english[key]) - {"n"} for key in english
    }


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SECTIONS)
def test_a_text_that_counts_has_every_plural_form(name: str, lang: str) -> None:
    expected = {Locale(lang).plural_form(number) for number in range(200)}
    for text in texts(lang, name).values():
        assert isinstance(text, str) or expected <= text.keys()


def test_sections_of_the_pages_have_no_key_twice() -> None:
    keys = [key for name in ON_PAGES for key in texts("en", name)]
    assert len(keys) == len(set(keys))


@pytest.fixture(scope="module", autouse=True)
def trees() -> Iterator[None]:
    """Let the syntax trees go at the end: a million objects, which later collections of garbage would visit."""
    yield
    modules.cache_clear()
    walked.cache_clear()


@cache
def modules(folder: str) -> list[ast.AST]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / folder).rglob("*.py"))]


def templates() -> list[nodes.Template]:
    paths = sorted((ROOT / "kgraph/publish/templates").glob("*.html"))
    return [jinja2.Environment().parse(path.read_text(encoding="utf-8")) for path in paths]


def pattern(node: object) -> str | None:
    """A string of Python or Jinja as a regular expression, `.+` for each inserted value; None for other nodes."""
    match node:
        case ast.Constant(value=str(text)) | nodes.Const(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=parts) | nodes.Concat(nodes=parts):
            return "".join(pattern(part) or ".+" for part in parts)
        case nodes.Getattr(node=nodes.Name(name="w"), attr=key):
            return re.escape(key)
    return None


@cache
def walked(tree: ast.AST) -> list[ast.AST]:
    return [*ast.walk(tree)]


def strings(tree: ast.AST) -> Iterator[str]:
    """Every string in a Python syntax tree, as a regular expression; the parts of an f-string are none."""
    texts = [node for node in walked(tree) if isinstance(node, ast.Constant | ast.JoinedStr)]
    parts = {id(part) for node in texts if isinstance(node, ast.JoinedStr) for part in node.values}
    yield from filter(None, (pattern(node) for node in texts if id(node) not in parts))


def asked(tree: ast.AST) -> Iterator[str]:
    """The keys in the arguments of calls to `text` and `texts`."""
    for call in walked(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in TAKERS:
            for found in (found for argument in call.args for found in strings(argument)):
                if re.match(rf"(?:{'|'.join(SECTIONS)})\\.", found):
                    yield found


def named_on_pages() -> Iterator[str]:
    """Every string in the page modules and templates, as a regular expression."""
    yield from (found for module in modules("kgraph/publish/pages") for found in strings(module))
    for page in templates():
        yield from filter(None, map(pattern, page.find_all((nodes.Const, nodes.Concat, nodes.Getattr))))


def in_metadata() -> Iterator[str]:
    """The keys in the metadata templates, as regular expressions."""
    for path in sorted((ROOT / "kgraph/publish/templates/metadata").iterdir()):
        calls = jinja2.Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call)
        yield from (pattern(call.args[0]) or "" for call in calls if call.node == nodes.Name("texts", "load"))


def any_of(patterns: Iterator[str]) -> re.Pattern[str]:
    """A regular expression that matches any pattern with more than one literal character."""
    return re.compile("|".join(f"(?:{one})" for one in sorted(set(patterns)) if len(one.replace(".+", "")) > 1))


def test_every_key_that_python_and_the_templates_name_exists() -> None:
    known = {".".join((name, *key)) for name in SECTIONS for key in texts("en", name)}
    named = {key for module in modules("kgraph") for key in asked(module)} | {*in_metadata()}
    assert {key for key in named if not any(map(re.compile(key).fullmatch, known))} == set()
    on_pages = words.sections("en", *ON_PAGES).keys() | {"get"}
    for page in templates():
        for node in page.find_all(nodes.Getattr):
            assert node.node != nodes.Name("w", "load") or node.attr in on_pages
        for item in page.find_all(nodes.Getitem):
            assert (
                item.node != nodes.Name("w", "load")
                or pattern(item.arg) is None
                or any(re.fullmatch(pattern(item.arg) or "", key) for key in on_pages)
            )


def named_in_explorer() -> tuple[set[str], set[str]]:
    """The property names in the TypeScript sources, and those used as groups of texts."""
    paths = [path for path in sorted((ROOT / "frontend/src").rglob("*.ts")) if not path.name.endswith(".test.ts")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    taken = " ".join(re.findall(r"\{([^{}]*)\} = (?:app\.words|words|own|common)\b", source))
    names = re.findall(r"\.(\w+)|\[\"([^\"]+)\"\]|\"([\w ]+)\":", source)
    groups = re.findall(r"\.(\w+)(?:\[| as Group\b)", source)
    groups += set(re.findall(r"\w+", taken)) & set(re.findall(r"(\w+)\[", source))
    return {*(name for found in names for name in found), *re.findall(r"\w+", taken)}, set(groups)


def named_in_picture() -> set[str]:
    """Every word in the script and template of the picture page."""
    paths = [ROOT / f"kgraph/publish/templates/picture.{form}" for form in ("js", "html")]
    return {word for path in paths for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


def variables() -> set[str]:
    """Every word of the question files, their variables and parameters included."""
    paths = sorted((ROOT / "ontology/questions").glob("*.rq"))
    return {word for path in paths for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


def test_no_key_of_the_catalogue_is_unused() -> None:
    named = (found for module in modules("kgraph") for found in strings(module) if KEY.match(found))
    in_python = any_of(chain(named, in_metadata()))
    on_pages, (in_explorer, groups), in_picture = any_of(named_on_pages()), named_in_explorer(), named_in_picture()
    in_questions = variables()
    unused = {
        (name, *key)
        for name in SECTIONS
        for key in texts("en", name)
        if not in_python.fullmatch(".".join((name, *key)))
        and not (name in ON_PAGES and on_pages.fullmatch(key[-1]))
        and not (name in IN_EXPLORER and (key[-1] in in_explorer or groups & set(key[-2:-1])))
        and not (name in IN_PICTURE and key[-1] in in_picture)
        and not (name == "columns" and key[0] in in_questions)
    }
    assert unused == set()


def test_each_column_of_an_answer_has_a_word() -> None:
    answers = (ROOT / "tests" / "expected").glob("*.*.csv")
    columns = {name for file in answers for name in file.read_text(encoding="utf-8").splitlines()[0].split(",")}
    assert columns - {*words.section("en", "columns")} == set()


def test_numbers_choose_their_forms() -> None:
    facts = words.section("pl", "common")["facts count"]
    assert [words.form("pl", facts, n) for n in (1, 22, 25)] == ["{n} fakt", "{n} fakty", "{n} faktów"]
    assert words.form("en", {"=0": "none", "one": "{n} fact", "other": "{n} facts"}, 0) == "none"


def test_a_text_may_take_values_of_any_name() -> None:
    assert words.text("en", "removed.note", version="1.0.0", key="k", lang="l") == "Removed in release 1.0.0."
