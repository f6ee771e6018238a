"""Writes docs/reference.md: modules, functions, signatures and docstrings, read without importing them."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import griffe

Found = griffe.Object | griffe.Alias

ROOT = Path(__file__).parent.parent

TITLE = """# Python

Functions over values and over pyoxigraph's `Store`. The first line of each module describes its content; tests run the
examples. `make notebooks` writes this page from the docstrings.
"""

FULL = "`import kgraph`"
"""The part with whole docstrings and methods; the others have a line for each member."""

PARTS: dict[str, dict[str, Sequence[str]]] = {
    FULL: {
        "kgraph.api.opening": ("open", "Graph"),
        "kgraph.api.functions": (
            "query",
            "ask",
            "search",
            "thing",
            "curie",
            "iri",
            "show",
            "why",
            "neighbourhood",
            "network",
            "dataset",
        ),
        "kgraph.api.tables": (),
        "kgraph.api.matching": (),
        "kgraph.api.result": ("Result",),
        "kgraph.publish.metadata.answer_citation": ("Citation",),
        "kgraph.api.display": ("ShownCard", "ShownReason", "ShownNetwork"),
        "kgraph.api.yearly": ("Yearly",),
        "kgraph.api.values": ("Given",),
    },
    "Build and ask": dict.fromkeys(
        (
            *("kgraph.build.pipeline", "kgraph.rdf.sparql", "kgraph.graph.questions", "kgraph.graph.names.search"),
            *("kgraph.graph.names.labels", "kgraph.graph.statements.states"),
        ),
        (),
    ),
    "Evidence": dict.fromkeys(
        (
            *("kgraph.graph.statements.facts", "kgraph.graph.statements.reasons", "kgraph.graph.statements.disputes"),
            *("kgraph.graph.entity.cards", "kgraph.publish.release.difference"),
        ),
        (),
    ),
    "Networks": {
        "kgraph.graph.network.networks": (),
        "kgraph.graph.network.analysis": (),
        "kgraph.publish.figures": ("figure",),
    },
    "Publish": {
        "kgraph.publish": ("export", "turtle", "n_triples", "trig", "json_ld", "annotated"),
        "kgraph.publish.release.making": (),
        "kgraph.publish.picture": (),
    },
    "Lower layers": dict.fromkeys(
        (
            *("kgraph.base.paths", "kgraph.rdf.store", "kgraph.evidence.turtle", "kgraph.evidence.claims"),
            *("kgraph.evidence.quotes", "kgraph.evidence.links", "kgraph.evidence.head", "kgraph.rdf.inference"),
            *("kgraph.build.shapes", "kgraph.base.vocab", "kgraph.errors"),
        ),
        (),
    ),
}
"""The modules by part, each with the members to show; all public functions and classes where none are given."""


def page() -> str:
    """The text of docs/reference.md."""
    loader = griffe.GriffeLoader(search_paths=[ROOT])
    package = loader.load("kgraph")
    loader.resolve_aliases(external=False)
    return f"{TITLE}\n" + "\n".join(line for part in PARTS for line in _part(package, part)).rstrip() + "\n"


def _part(package: Found, name: str) -> Iterator[str]:
    yield f"## {name}\n"
    for module, members in PARTS[name].items():
        found = package[module.removeprefix("kgraph.")]
        yield f"### {module}\n"
        yield _text(found)
        shown = [found[member] for member in members or _public(found)]
        yield from chain.from_iterable(map(_whole, shown)) if name == FULL else map(_brief, shown)
        yield ""


def _public(module: Found) -> list[str]:
    """The functions and classes that a module defines for others, in the order of the file."""
    own = [one for one in module.members.values() if not one.is_alias and (one.is_function or one.is_class)]
    return [one.name for one in own if _is_shown(one)]


def _is_shown(found: Found) -> bool:
    return not found.name.startswith("_") and found.docstring is not None


def _whole(found: Found) -> Iterator[str]:
    """A heading, the signature and the docstring of a member, and of the methods of a class."""
    yield f"#### {found.name}\n"
    if found.is_function or found.is_class:
        yield f"```py\n{_signature(found)}\n```\n"
    yield _text(found)
    for method in found.members.values() if found.is_class else ():
        if method.is_function and _is_shown(method):
            yield f"`{found.name}.{_signature(method).replace('(self, ', '(').replace('(self)', '()')}`\n"
            yield _text(method)


def _brief(found: Found) -> str:
    """One line: the signature, and the first sentence of the docstring."""
    first = (found.docstring.value if found.docstring else "").partition("\n\n")[0]
    return f"- `{_signature(found)}`: {' '.join(first.split())}"


def _signature(found: Found) -> str:
    """A definition as the file has it, in one line, without `def`, comments and the body."""
    lines = (found.source or "").splitlines()
    begin = next(n for n, line in enumerate(lines) if re.match(r"\s*(async def|def|class) ", line))
    head: list[str] = []
    for line in lines[begin:]:
        head.append(re.sub(r"\s+#.*$", "", line.strip()))
        if head[-1].endswith(":"):
            break
    joined = " ".join(head).replace("( ", "(").replace(", )", ")").replace(" )", ")")
    return joined.removesuffix(":").removeprefix("def ")


def _text(found: Found) -> str:
    """A docstring with its examples as blocks; Markdown would read `>>>` as a quotation."""
    text = found.docstring.value if found.docstring else ""
    return SESSION.sub(lambda session: f"```pycon\n{session[0]}\n```", text) + "\n"


SESSION = re.compile(r"^>>> .*(?:\n.+)*", re.MULTILINE)


if __name__ == "__main__":
    (ROOT / "docs" / "reference.md").write_text(page(), encoding="utf-8")
