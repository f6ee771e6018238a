"""The palette: colours by meaning, and the mark of each kind."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypedDict


class Mark(TypedDict):
    """The mark of a kind: one of the hues, a shape, and a radius in pixels."""

    hue: str
    shape: str
    size: int


class Palette(TypedDict):
    """`hues` and colours of a `page` by mode, marks of `kinds` by IRI in the order of legends, greys of a `figure`."""

    hues: Mapping[str, Mapping[str, str]]
    page: Mapping[str, Mapping[str, str]]
    kinds: Mapping[str, Mark]
    other: Mark
    figure: Mapping[str, str]


@cache
def palette() -> Palette:
    """The palette as `palette.json` has it."""
    found: Palette = json.loads((Path(__file__).parent / "palette.json").read_text(encoding="utf-8"))
    return found


def properties(mode: str) -> str:
    """The colours of a page in a mode, light or dark, as custom properties of CSS."""
    found = {**palette()["hues"][mode], **palette()["page"][mode]}
    return " ".join(f"--{name}: {colour};" for name, colour in found.items())
