"""The table of media types in kgraph.base.media, the only module that names them."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base import media
from kgraph.rdf import sparql

PACKAGE = Path(media.__file__).parent.parent
LITERAL = re.compile(r"""["'](application|font|image|text)/[\w.+-]+["']""")


def test_no_other_module_names_a_media_type() -> None:
    lines = (
        (path.relative_to(PACKAGE), line)
        for path in PACKAGE.rglob("*.py")
        if path != Path(media.__file__)
        for line in path.read_text(encoding="utf-8").splitlines()
        if LITERAL.search(line) and not line.lstrip().startswith((">>>", "'"))  # doctests
    )
    assert list(lines) == []


@pytest.mark.parametrize("known", media.GRAPHS, ids=lambda known: known.name)
def test_the_engine_knows_each_format_of_triples_by_the_names_of_the_table(known: media.Format) -> None:
    assert sparql.GRAPHS[known.name] == ox.RdfFormat.from_extension(known.name)
    assert sparql.GRAPHS[known.name].iri.endswith(f"/{known.w3c}")


@pytest.mark.parametrize("known", media.TABLES, ids=lambda known: known.name)
def test_the_engine_knows_each_format_of_results_by_the_names_of_the_table(known: media.Format) -> None:
    assert sparql.TABLES[known.name].iri.endswith(f"/{known.w3c}")


def test_a_type_comes_before_the_aliases_of_others() -> None:
    offered = list(media.offered(media.GRAPHS))
    assert offered[: len(media.GRAPHS)] == [known.media for known in media.GRAPHS]
    assert media.offered(media.TABLES)["application/json"] is media.RESULTS_JSON
