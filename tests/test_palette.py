"""The palette: a distinct mark for each kind, and no colours outside it."""

import re

import pyoxigraph as ox
import pytest

from kgraph.base import paths
from kgraph.base.palette import palette, properties
from kgraph.graph.network import networks
from tests.conftest import ROOT

RESOURCE = "http://www.w3.org/2000/01/rdf-schema#Resource"


def test_every_kind_has_a_mark_of_its_own(graph: ox.Store) -> None:
    marks = {**palette()["kinds"], RESOURCE: palette()["other"]}
    assert {node.kind for node in networks.whole(graph).nodes} <= marks.keys()
    assert len({(mark["hue"], mark["shape"]) for mark in marks.values()}) == len(marks)
    assert all(mark["hue"] in hues for mark in marks.values() for hues in palette()["hues"].values())


def test_both_modes_have_the_same_colours() -> None:
    for colours in (palette()["hues"], palette()["page"]):
        assert colours["light"].keys() == colours["dark"].keys()
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for mode in colours.values() for colour in mode.values())


def test_pages_have_the_colours_of_the_palette() -> None:
    style = paths.packaged("publish/templates/page.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w{6});", part)) for part in style.split("@media", 2)[:2])
    for given, mode in ((light, "light"), (dark, "dark")):
        assert len(given) > 10 and given.items() <= palette()["page"][mode].items()


@pytest.mark.parametrize(
    "path",
    [
        *("kgraph/publish/templates/picture.css", "kgraph/publish/templates/picture.js"),
        *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "frontend/src/styles").glob("*.css")),
        *("frontend/src/look.ts", "kgraph/publish/figures/page.py", "kgraph/publish/figures/matrix.py"),
        "kgraph/publish/figures/bipartite.py",
    ],
)
def test_no_other_file_names_a_colour(path: str) -> None:
    """The exception is a shadow, transparent black such as `#0004`."""
    found = re.findall(r"#[0-9a-fA-F]{3,8}\b", (ROOT / path).read_text(encoding="utf-8"))
    assert [colour for colour in found if not re.fullmatch("#000[0-9]", colour)] == []


def test_custom_properties_are_what_the_picture_uses() -> None:
    style, script = (
        paths.packaged(f"publish/templates/picture.{suffix}").read_text(encoding="utf-8") for suffix in ("css", "js")
    )
    used = set(re.findall(r"var\(--([\w-]+)\)", style)) | set(re.findall(r'colour\("([\w-]+)"\)', script))
    assert len(used) > 8 and used <= set(re.findall(r"--([\w-]+):", properties("dark")))
