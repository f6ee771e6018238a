"""The palette: colours by meaning, and the mark of each kind."""

from collections.abc import Mapping
from typing import TypedDict, cast

from kgraph.base.paths import packaged_json


class Mark(TypedDict):
    """The mark of a kind: one of the hues, a shape, and a radius in pixels."""

    hue: str
    shape: str
    size: int


class Fold(TypedDict):
    """How a thing is drawn as a line: the relations to its hub and to its partners, and the relation that names it."""

    hub: str
    partners: list[str]
    title: str | None


class Palette(TypedDict):
    """`hues` and colours of a `page` by mode, marks of `kinds` by IRI in the order of legends, greys of a `figure`.

    Things of the kinds in `folds` are drawn as lines.
    """

    hues: Mapping[str, Mapping[str, str]]
    page: Mapping[str, Mapping[str, str]]
    kinds: Mapping[str, Mark]
    other: Mark
    folds: Mapping[str, Fold]
    figure: Mapping[str, str]


def palette() -> Palette:
    """The palette as `palette.json` has it."""
    return cast("Palette", packaged_json("base/palette.json"))


def properties(mode: str) -> str:
    """The colours of a page in a mode, light or dark, as custom properties of CSS."""
    found = {**palette()["hues"][mode], **palette()["page"][mode]}
    return " ".join(f"--{name}: {colour};" for name, colour in found.items())
