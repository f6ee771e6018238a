"""The beginning of a new source file."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.base.problems import fault
from kgraph.base.text import hyphenated
from kgraph.base.vocab import TURTLE_PREFIXES
from kgraph.base.words import LANGUAGES
from kgraph.errors import BadData
from kgraph.evidence.quotes import sha256

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def slug(url: str) -> str:
    """A name for a source from its address: lowercase ASCII, host and last part of the path.

    >>> slug("https://www.example.org/2018/03/27/spółdzielnia-powstała.html")
    'example-org-spoldzielnia-powstala'
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadData(fault("not-a-web-address", address=url))
    last = Path(unquote(parts.path)).stem
    return hyphenated(f"{parts.hostname.removeprefix('www.')} {last}")


BLOCKS = (
    *("agreement", "gmina", "office", "organisation", "founding", "merger", "ending", "event", "award", "money"),
    *("number", "opinion", "planned", "unknown"),
)
"""The names of the commented blocks that a new source file may begin with."""


def head(url: str, name: str, text: str | None, blocks: Iterable[str] = (), lang: str = "en") -> str:
    """The beginning of a source file, with comments in a language: known values, gaps to fill in, blocks by name."""
    if not SLUG.fullmatch(name):
        raise BadData(fault("not-a-slug", name=name))
    wording = f'se:textSHA256 "{sha256(text)}" ;\n    se:textLength {len(text)}' if text else "se:textUnavailable true"
    template = _commented(paths.packaged("evidence/source.ttl").read_text(encoding="utf-8"), lang)
    known = {"URL": str(_iri(url)), "NAME": name, "WORDING": wording, "PREFIXES": TURTLE_PREFIXES.rstrip()}
    begun = re.sub("|".join(known), lambda found: known[found[0]], template)
    written = _blocks()
    return "\n".join([begun, *(re.sub(r"\bNAME\b(?!”)", name, written[block]) for block in dict.fromkeys(blocks))])


def _commented(template: str, lang: str) -> str:
    """A template with the comments of one language; `#pl ` and `#en ` mark those of each."""
    others = "|".join(each for each in LANGUAGES if each != lang)
    return re.sub(rf"(?m)^( *)#{lang} ", r"\1# ", re.sub(rf"(?m)^ *#(?:{others}) .*\n", "", template))


def _blocks() -> dict[str, str]:
    """The commented blocks by name."""
    parts = re.split(r"(?m)^# == (\w+)\n", paths.packaged("evidence/blocks.ttl").read_text(encoding="utf-8"))[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _iri(url: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(url)
    except ValueError as error:
        raise BadData(fault("not-an-address", address=url)) from error
