"""A page as its template sees it: its address, its language, and links to the terms it names."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pyoxigraph as ox
from markupsafe import Markup, escape

from kgraph.base import wording
from kgraph.base.media import Format
from kgraph.base.vocab import PREFIXES, ROW, compact, term
from kgraph.evidence.claims import claim_iri
from kgraph.graph.names.labels import Names
from kgraph.graph.statements.disputes import Side
from kgraph.graph.statements.facts import Fact, Passage
from kgraph.publish.pages import Site, addresses, writing
from kgraph.publish.pages.writing import Words
from kgraph.rdf.sparql import Value

XSD = PREFIXES["xsd"]
PROJECT = term("id:kgraph-project")
SHOWN = 1 << 14
"""The most terms and facts whose look is kept."""
Shown = dict[tuple[object, ...], Markup]


@dataclass(frozen=True)
class Page:
    """A page in a language; `path` has no suffix, `target` gives the page and fragment about an IRI.

    `shown` keeps how terms and facts look in a book. `top` is the relative address of the top folder for a page
    that is shown at another path.
    """

    path: str
    lang: str
    names: Names
    target: Callable[[ox.NamedNode], addresses.Target | None]
    site: Site
    shown: Shown = field(default_factory=dict)
    top: str | None = None

    @property
    def root(self) -> str:
        return addresses.root(self.path) if self.top is None else self.top

    @property
    def words(self) -> Words:
        return writing.words_of(self.lang)

    @property
    def project(self) -> str:
        """The name of the publisher."""
        return self.name(PROJECT)

    @property
    def other_lang(self) -> str:
        return "pl" if self.lang == "en" else "en"

    def to(self, path: str, place: str = "") -> str:
        """The relative address of another page in this language."""
        return f"{self.root}{addresses.quoted(path)}{addresses.SUFFIXES[self.lang]}{place}"

    def itself(self, lang: str) -> str:
        """The file name of this page in a language."""
        return f"{addresses.quoted(self.path.rpartition('/')[2])}{addresses.SUFFIXES[lang]}"

    def absolute(self, lang: str) -> str:
        """The published address of this page in a language; the relative one on a server without a release."""
        base = self.site.lasting
        return f"{base}/{addresses.quoted(self.path)}{addresses.SUFFIXES[lang]}" if base else self.itself(lang)

    def picture(self, path: str) -> str | None:
        """The published address of the picture of a thing, or of the `site`; None where links show no picture."""
        base = self.site.lasting if self.site.is_static else None
        return f"{base}/{addresses.picture(path, self.lang)}" if base else None

    @property
    def forms(self) -> tuple[Format, ...]:
        """The formats of the data of a page."""
        return self.site.forms

    def data(self, suffix: str) -> str:
        """The relative address of this page's data."""
        return f"{self.root}data/{addresses.quoted(self.path.removeprefix('page/'))}.{suffix}"

    def explorer(self, view: str = "network", **state: str) -> str:
        """The relative address of a view of the explorer; `_name` stands for its parameter `:name`."""
        named = {re.sub("^_", ":", name): value for name, value in state.items()}
        query = urlencode(named | {"lang": self.lang}, safe="/:")
        return f"{self.root}explorer.html#/{view}?{query}"

    def href(self, value: Value) -> str | None:
        """The address of the page about a term, or an external address that is safe to open; None without either."""
        node = ox.NamedNode(value.value) if isinstance(value, ox.Literal) and _is_address(value) else value
        if not isinstance(node, ox.NamedNode):
            return None
        found = self.target(node)
        return self.to(*found) if found else addresses.outside(node)

    def is_ours(self, value: Value) -> bool:
        return isinstance(value, ox.NamedNode) and self.target(value) is not None

    def name(self, value: Value) -> str:
        """The name of a term in this language: a literal as text, an IRI without a name as CURIE or IRI."""
        if isinstance(value, ox.Literal):
            return wording.literal(value, self.lang)
        return self.names.get(value) or compact(value.value)

    def term(self, value: Value) -> Markup:
        """A term by its name, with a link to the page about it or to its safe external address."""
        return self._kept(lambda: self._term(value), value)

    def once(
        self, write: Callable[..., Markup], fact: Fact | Side, passages: Sequence[Passage], sourced: bool
    ) -> Markup:
        """What a macro writes of a fact and some of its passages, which many pages show."""
        what = fact.subject, fact.predicate, fact.object, *passages, sourced
        return self._kept(lambda: write(fact, passages, sourced), *what)

    def _kept(self, make: Callable[[], Markup], *what: object) -> Markup:
        """What pages in the same folder and language show in the same way: kept, or made now."""
        key = self.root, self.lang, *what
        if key not in self.shown:
            if len(self.shown) >= SHOWN:
                self.shown.clear()
            self.shown[key] = make()
        return self.shown[key]

    def _term(self, value: Value) -> Markup:
        name, href = writing.plain(self.name(value)), self.href(value)
        if href:
            leaves = Markup("") if self.is_ours(value) else Markup(' class="leaves" rel="noreferrer"')
            return Markup('<a href="{}"{}><bdi>{}</bdi></a>').format(writing.plain(href), leaves, name)
        exact, other = self.exactness(value), self.language_of(value)
        lang = Markup(' lang="{}"').format(writing.plain(other)) if other else ""
        title = Markup(' title="{}"').format(exact) if exact else ""
        unseen = Markup('<span class="unseen"> ({})</span>').format(exact) if exact else ""
        return Markup("<span{}{}><bdi>{}</bdi>{}</span>").format(lang, title, name, unseen)

    def exactness(self, value: Value) -> str | None:
        """How exact a date is; None for anything else."""
        kind = value.datatype.value.removeprefix(XSD) if isinstance(value, ox.Literal) else ""
        return self.words.get(f"exact {kind}")  # type: ignore[return-value]

    def language_of(self, value: Value) -> str | None:
        """The language of a text that is not in the page's."""
        return value.language if isinstance(value, ox.Literal) and value.language != self.lang else None

    def count(self, number: int, forms: str) -> str:
        return wording.count(number, self.words[forms], self.lang)

    def number(self, number: int) -> str:
        return wording.number(number, self.lang)

    def claim(self, fact: Fact, passage: Passage) -> ox.NamedNode:
        """The claim of a passage that states a fact; in a register, its row."""
        if passage.row is not None:
            return ox.NamedNode(f"{passage.source}{ROW}{passage.row}")
        return claim_iri(ox.NamedNode(passage.source), ox.Triple(fact.subject, fact.predicate, fact.object))

    def rule(self, rule: str) -> Markup:
        """A rule's name with links to the terms of the ontology."""
        return Markup(" ").join(self._rule_part(part) for part in rule.split(" "))

    def _rule_part(self, part: str) -> Markup:
        prefix, colon, local = part.rstrip("⁻").partition(":")
        node = ox.NamedNode(PREFIXES[prefix] + local) if colon and prefix in PREFIXES and local.isalnum() else None
        href = self.href(node) if node else None
        shown = writing.whole(part)
        return Markup(f'<a href="{escape(href)}">{shown}</a>') if href else shown


def _is_address(value: ox.Literal) -> bool:
    return value.datatype.value == f"{XSD}anyURI" and ":" in value.value and not set(' "<>\\^`{|}\n') & set(value.value)
