"""What an answer rests on, and its citation: a sentence, BibTeX, and CSL-JSON (https://citationstyles.org)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from kgraph.api.opening import Graph
from kgraph.base import words
from kgraph.base.vocab import term
from kgraph.graph import labels
from kgraph.rdf import sparql

DATASET, PUBLISHER = term("id:dataset"), term("dcterms:publisher")


@dataclass(frozen=True)
class Basis:
    """The graph that was asked, and when (UTC)."""

    graph: Graph
    asked: datetime

    def attributes(self) -> dict[str, str | None]:
        """What a data frame keeps of it; the hash only where it takes a moment (`Graph.hash_at_once`)."""
        return {
            "graph": self.graph.name,
            "version": self.graph.version,
            "hash": self.graph.hash_at_once,
            "day": self.graph.day and self.graph.day.value,
            "asked": self.asked.isoformat(timespec="seconds"),
        }


@dataclass(frozen=True, repr=False)
class Citation:
    """The citation of an answer, in a language: its `sentence`, `bibtex` and `csl` (CSL-JSON)."""

    basis: Basis
    query: str
    lang: str

    @cached_property
    def _names(self) -> Mapping[sparql.Value, str]:
        store = self.basis.graph.store
        publishers = [quad.object for quad in store.quads_for_pattern(DATASET, PUBLISHER, None, ox.DefaultGraph())]
        return labels.names(store, [DATASET, *publishers], self.lang)

    @property
    def title(self) -> str:
        """The title of the dataset, else what was opened."""
        return self._names.get(DATASET) or self.basis.graph.name

    @property
    def publishers(self) -> list[str]:
        return [name for node, name in self._names.items() if node != DATASET]

    @property
    def _details(self) -> list[str]:
        graph, asked = self.basis.graph, self.basis.asked
        told = [
            ("version", graph.version),
            ("own", ", ".join(own.name for own in graph.own)),
            ("day", graph.day and graph.day.value),
            ("hash", graph.hash),
            ("asked", asked.isoformat(timespec="minutes").replace("+00:00", "Z")),
            ("query", " ".join(re.sub(r"^\s*#.*$", "", self.query, flags=re.MULTILINE).split())),
        ]
        return [words.text(self.lang, f"citation.{name}", value=value) for name, value in told if value]

    @property
    def sentence(self) -> str:
        by = f"{', '.join(self.publishers)}: " if self.publishers else ""
        return f"{by}{self.title}. {'; '.join(self._details)}."

    @property
    def bibtex(self) -> str:
        """A `@misc` entry, with the query and the hash as its note."""
        asked = self.basis.asked
        fields = {
            "title": f"{{{_tex(self.title)}}}",
            "author": " and ".join(f"{{{_tex(name)}}}" for name in self.publishers),
            "year": str(asked.year),
            "version": self.basis.graph.version or "",
            "urldate": asked.date().isoformat(),
            "note": _tex("; ".join(self._details)),
        }
        inside = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@misc{{kgraph-{asked:%Y%m%dT%H%M%S},\n{inside}}}\n"

    @property
    def csl(self) -> dict[str, Any]:
        asked = self.basis.asked
        found = {
            "id": f"kgraph-{asked:%Y%m%dT%H%M%S}",
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": name} for name in self.publishers],
            "version": self.basis.graph.version,
            "accessed": {"date-parts": [[asked.year, asked.month, asked.day]]},
            "note": "; ".join(self._details),
        }
        return {name: value for name, value in found.items() if value}

    def __repr__(self) -> str:
        return "\n\n".join((self.sentence, self.bibtex.rstrip(), json.dumps(self.csl, ensure_ascii=False, indent=1)))


def _tex(text: str) -> str:
    """Text for TeX; characters outside ASCII stay, as biber and modern BibTeX styles read UTF-8.

    >>> _tex("a_b & {c} \\\\d")
    'a\\\\_b \\\\& \\\\{c\\\\} \\\\textbackslash{}d'
    """
    marks = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return re.sub(r"[\\~^{}&%$#_]", lambda found: marks.get(found[0], f"\\{found[0]}"), text)
