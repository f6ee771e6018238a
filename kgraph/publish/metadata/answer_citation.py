"""The citation of an answer: a sentence, BibTeX, and CSL-JSON (https://citationstyles.org)."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import pyoxigraph as ox

from kgraph.base import words
from kgraph.base.vocab import term
from kgraph.graph.names import labels
from kgraph.rdf.sparql_text import TOKEN

DATASET, PUBLISHER = term("id:dataset"), term("dcterms:publisher")
SHORT = 200
"""The most characters of a query that stands in a BibTeX note."""
ADDRESSES = tuple(map(term, ("dcat:landingPage", "foaf:homepage", "dcterms:identifier")))


@dataclass(frozen=True, repr=False)
class Citation:
    """The citation of an answer, in a language: its `sentence`, `bibtex` and `csl` (CSL-JSON).

    `asked` is the time of the answer (UTC); version, day and hash of the graph are None where they are not known; `own`
    names the facts of one's own that were asked too. `remarks` are further details, by the key of their words, and
    `url` is the address of the data set.
    """

    title: str
    publishers: tuple[str, ...]
    query: str
    asked: datetime
    lang: str
    version: str | None = None
    day: str | None = None
    hash: str | None = None
    own: str = ""
    remarks: tuple[tuple[str, str], ...] = ()
    url: str = ""

    @property
    def _details(self) -> list[str]:
        return self._told("query", _one_line(self.query))

    def _told(self, key: str, query: str) -> list[str]:
        """The details, with the query, or what stands for it, under a key of the words."""
        told = [
            ("version", self.version),
            ("own", self.own),
            ("day", self.day),
            ("hash", self.hash),
            ("asked", self.asked.isoformat(timespec="minutes").replace("+00:00", "Z")),
            *self.remarks,
            (key, query),
        ]
        return [words.text(self.lang, f"citation.{name}", value=value) for name, value in told if value]

    @property
    def sentence(self) -> str:
        by = f"{', '.join(self.publishers)}: " if self.publishers else ""
        return f"{by}{self.title}. {'; '.join(self._details)}."

    @property
    def bibtex(self) -> str:
        """A `@misc` entry, with the query and the hash as its note; of a long query, its SHA-256 only."""
        fields = {
            "title": f"{{{_tex(self.title)}}}",
            "author": " and ".join(f"{{{_tex(name)}}}" for name in self.publishers),
            "year": str(self.asked.year),
            "version": self.version or "",
            "url": self.url,
            "urldate": self.asked.date().isoformat(),
            "note": _tex("; ".join(self._short)),
        }
        inside = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@misc{{{self._key},\n{inside}}}\n"

    @property
    def _short(self) -> list[str]:
        if len(_one_line(self.query)) <= SHORT:
            return self._details
        return self._told("query hash", sha256(self.query.encode()).hexdigest())

    @property
    def _key(self) -> str:
        what = (self.query, self.version or "", self.day or "", self.hash or "", self.own)
        return f"kgraph-{self.asked:%Y%m%dT%H%M%S}-{sha256(chr(0).join(what).encode()).hexdigest()[:8]}"

    @property
    def csl(self) -> dict[str, Any]:
        found = {
            "id": self._key,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": name} for name in self.publishers],
            "version": self.version,
            "URL": self.url,
            "accessed": {"date-parts": [[self.asked.year, self.asked.month, self.asked.day]]},
            "note": "; ".join(self._details),
        }
        return {name: value for name, value in found.items() if value}

    def __repr__(self) -> str:
        return "\n\n".join((self.sentence, self.bibtex.rstrip(), json.dumps(self.csl, ensure_ascii=False, indent=1)))


def credited(store: ox.Store, lang: str) -> tuple[str, tuple[str, ...]]:
    """The title of the data set of a graph, empty if it has none, and its publishers."""
    publishers = [quad.object for quad in store.quads_for_pattern(DATASET, PUBLISHER, None, ox.DefaultGraph())]
    named = labels.names(store, [DATASET, *publishers], lang)
    return named.get(DATASET, ""), tuple(name for node, name in named.items() if node != DATASET)


def address(store: ox.Store) -> str:
    """The web address of the data set of a graph; empty if it names none."""
    known = (quad.object for link in ADDRESSES for quad in store.quads_for_pattern(DATASET, link, None))
    values = (value.value for value in known if isinstance(value, ox.NamedNode | ox.Literal))
    return next((value for value in values if value.startswith(("http://", "https://"))), "")


def _one_line(query: str) -> str:
    """A query in one line, without the comments that would make a comment of the rest; strings stay as they are.

    >>> _one_line("# names\\nSELECT ?c # of clusters\\n{ ?c a se:Cluster }")
    'SELECT ?c { ?c a se:Cluster }'
    """
    text = query.strip()
    pieces: list[str] = []
    for found in TOKEN.finditer(text):
        is_gap = found.lastgroup == "space" or (
            found.lastgroup == "comment" and (found.end() < len(text) or not pieces)
        )
        if not is_gap:
            pieces.append(found[0].replace("\r", "\\r").replace("\n", "\\n"))
        elif pieces and pieces[-1] != " ":
            pieces.append(" ")
    return "".join(pieces).strip()


def _tex(text: str) -> str:
    """Text for TeX; characters outside ASCII stay, as biber and modern BibTeX styles read UTF-8.

    >>> _tex("a_b & {c} \\\\d")
    'a\\\\_b \\\\& \\\\{c\\\\} \\\\textbackslash{}d'
    """
    marks = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return re.sub(r"[\\~^{}&%$#_]", lambda found: marks.get(found[0], f"\\{found[0]}"), text)
