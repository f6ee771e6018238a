"""Each page as HTML, with its links for the HTTP header `Link`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from kgraph.base import wording, words
from kgraph.base.media import CSV, DUMPED, ZIP, media_type
from kgraph.base.text import fold
from kgraph.base.vocab import BASE, INFERRED_GRAPH, MERGED_INTO, ONTOLOGY_GRAPH, ROW, TYPE, short, term
from kgraph.errors import NotFound
from kgraph.graph import questions
from kgraph.graph.entity.sentence import sentence
from kgraph.graph.faceting import indicators
from kgraph.graph.names import search
from kgraph.publish.metadata.citation import schema_thing
from kgraph.publish.metadata.description import FEEDS, ONTOLOGY, Edition, texts
from kgraph.publish.metadata.description import FORMS as DESCRIBED
from kgraph.publish.pages import addresses, claim, lists, numbers, rows, statistics, thing, writing
from kgraph.publish.pages.book import Book
from kgraph.publish.pages.head import INDEX, Head, Link, head, header
from kgraph.publish.pages.ontology import ontology
from kgraph.publish.pages.page import Page
from kgraph.publish.pages.removed import Removed, removed
from kgraph.publish.pages.shards import DEPRECATED, TRUE
from kgraph.rdf.sparql import Value
from kgraph.rdf.store import graph

Written = tuple[str, str]
"""A page's HTML, and its links for the header."""


def written(book: Book, path: str, lang: str) -> Written:
    """The page at a path without its suffix; NotFound when there is none."""
    part, _, rest = path.partition("/")
    writer = LISTS.get(path) or (PARTS.get(part) if rest else None)
    if writer is None:
        raise NotFound(f"there is no page /page/{path}")
    return writer(book, book.page(f"page/{path}", lang), path)


def check(book: Book, path: str) -> None:
    """NotFound when there is no page and no data at a path."""
    if path in LISTS or path in book.shards.members or path in book.rows:
        return
    if path.startswith("questions/") and path.removeprefix("questions/") in book.questions:
        return
    if path.startswith(f"{numbers.PATH}/"):
        numbers.area_at(book.indicators, path)
        return
    node = addresses.node_at(path)
    inside = node if path.startswith("graph/") else ONTOLOGY_GRAPH if path.startswith("ns/") else ox.DefaultGraph()
    subject = None if path.startswith("graph/") else node
    if not any(book.store.quads_for_pattern(subject, None, None, inside)):
        raise NotFound(f"nothing is known of {short(node.value)}")


def _finished(book: Book, template: str, page: Page, about: Head, **values: object) -> Written:
    return book.write(template, page, head=about, **values), header(about, page)


def _thing(book: Book, page: Page, path: str) -> Written:
    node = addresses.node_at(path)
    entry = thing.entry(book, node, page.lang)
    if current := entry.outgoing.get(MERGED_INTO):
        return _moved(book, page, node, current[0])
    about = _pictured(book, page, _entity(book, page, entry), path)
    meant = thing.definitions(book, [*entry.card.kinds, node], page.lang)
    return _finished(book, "thing.html", page, about, entry=entry, others=_others(page, entry), meant=meant)


def _scheme(book: Book, page: Page, path: str) -> Written:
    """The page of a scheme with its concepts, and of concepts whose scheme nothing is known of."""
    node, members = addresses.node_at(path), set(book.shards.records(path))
    concepts = lists.by_name(page, {*members} - {node})
    if node not in members and concepts:
        entry, about = None, head(page, short(node.value), "", node, "DefinedTermSet")
    else:
        entry = thing.entry(book, node, page.lang)
        about = _entity(book, page, entry)
        entry = thing.without(entry, lists.IN_SCHEME, term("skos:definition"))
    told = [_concept(book, page, concept) for concept in concepts]
    meant = thing.definitions(book, [*concepts, node], page.lang)
    found = {"entry": entry, "others": _others(page, entry) if entry else [], "meant": meant, "concepts": told}
    return _finished(book, "scheme.html", page, about, **found, most=MOST)


MOST = 100
"""The most facts of a relation of a concept on the page of its scheme."""
Concept = tuple[ox.NamedNode, str, thing.Entry | Removed, list[tuple[str, str]]]
"""A concept with its anchor, its entry or the record of its removal, and its names in other languages."""


def _concept(book: Book, page: Page, node: ox.NamedNode) -> Concept:
    found = book.shards.find(node.value.removeprefix(BASE))
    assert found is not None
    if left := removed(book.store, node, page.lang):
        return node, found[1], left, []
    entry = thing.entry(book, node, page.lang)
    told = thing.without(entry, lists.IN_SCHEME, term("skos:definition"))
    return node, found[1], told, _others(page, entry)


def preview(book: Book, node: ox.NamedNode, lang: str, top: str) -> str:
    """A small page about a thing for a frame of another site; `top` leads to the top folder."""
    page = replace(book.page("page/preview", lang), top=top)
    card = book.cards(node).read_in(lang)
    return book.write("preview.html", page, card=card, lead=sentence(card))


def _moved(book: Book, page: Page, node: ox.NamedNode, current: Value) -> Written:
    """The page of a thing that was decided to be another, which leads there."""
    about = head(page, page.name(node), str(page.words["moved text"]), node)
    return _finished(book, "moved.html", page, about, thing=node, current=current)


def _pictured(book: Book, page: Page, about: Head, path: str) -> Head:
    """The head with the picture of its own that a leading thing has."""
    return replace(about, picture=page.picture(path)) if path in book.pictured else about


def _others(page: Page, entry: thing.Entry) -> list[tuple[str, str]]:
    """The names of the thing in other languages, each with its language."""
    own = page.name(entry.card.thing)
    labels = {(label.language or "", label.value) for label in entry.card.labels if label.language != page.lang}
    return sorted((lang, name) for lang, name in labels if name != own)


def _subjects(page: Page, entry: thing.Entry) -> tuple[str, ...]:
    """The names of the kinds and classifications of a thing, each once."""
    stated = (fact for fact in entry.card.facts if fact.asserted and fact.subject == entry.card.thing)
    classes = (fact.object for fact in stated if fact.predicate == term("org:classification"))
    return tuple(dict.fromkeys(map(page.name, (*entry.card.kinds, *classes))))


def _entity(book: Book, page: Page, entry: thing.Entry) -> Head:
    """The head of a page about a thing, with its description in schema.org."""
    node = entry.card.thing
    types = (quad.object for quad in book.store.quads_for_pattern(node, TYPE, None, ox.DefaultGraph()))
    address = page.absolute(page.lang) if book.site.base_url else node.value
    kinds = [kind.value for kind in types if isinstance(kind, ox.NamedNode)]
    data = schema_thing(entry.card, kinds, address, page.lang)
    name, subjects = page.name(node), _subjects(page, entry)
    return head(page, name, sentence(entry.card), node, data["@type"], subjects, data)


def _source(book: Book, page: Page, path: str) -> Written:
    node = addresses.node_at(path)
    entry = thing.entry(book, node, page.lang)
    row = next((row.counts for row in book.contributors if row.source == node), None)
    beginning = rows.place(path, "1").path
    listed = next((one for one in book.rows if one.startswith(beginning.removesuffix("1"))), None)
    found = {"entry": entry, "others": _others(page, entry), "told": partial(_said_of, entry), "rows": listed}
    about = _entity(book, page, entry)
    return _finished(book, "source.html", page, about, **found, row=row, said=lists.said_by(book, node))


def _said_of(entry: thing.Entry, curie: str) -> list[Value]:
    predicate = term(curie)
    return entry.outgoing.get(predicate, []) + entry.notes.get(predicate, [])


def _rows(book: Book, page: Page, path: str) -> Written:
    """A page of rows of a register."""
    found = rows.rows_at(book.store, book.rows, path)
    ends = {"first": found.rows[0].number, "last": found.rows[-1].number}
    title = str(page.words["rows title"]).format(source=page.name(found.source), **ends)
    about = head(page, title, str(page.words["rows lead"]))
    return _finished(book, "rows.html", page, about, found=found)


Known = Callable[[Book, Sequence[ox.NamedNode]], object]
"""Gives the content of records."""


def _records(known: Known, name: str, book: Book, page: Page, path: str) -> Written:
    """The page of a shard of claims or inferences, the records of a named graph."""
    nodes = book.shards.records(path)
    if not nodes:
        raise NotFound(f"there is no page /page/{path}")
    records = f"{page.number(len(nodes))} {page.count(len(nodes), f'figure {name}')}"
    title = str(page.words["shard"]).format(records=records, start=path.rpartition("/")[2])
    node = term(f"graph:{name}")
    about = head(page, title, str(page.words[f"graph {name}"]), node, "Dataset")
    return _finished(book, f"{path.partition('/')[0]}s.html", page, about, graph=node, records=known(book, nodes))


def _graph(book: Book, page: Page, path: str) -> Written:
    node = addresses.node_at(path)
    size = sum(1 for _ in graph(book.store, node))
    if not size:
        raise NotFound(f"there is no graph {short(node.value)}")
    about = head(page, short(node.value), str(page.words.get(f"graph {short(node.value)[6:]}", "")), node, "Dataset")
    rules = claim.inferences(book) if node == INFERRED_GRAPH else []
    return _finished(book, "graph.html", page, about, node=node, size=size, rules=rules)


def _ontology(book: Book, page: Page, _: str) -> Written:
    title, text, version = (
        texts(book.store, ONTOLOGY, name) for name in ("dcterms:title", "dcterms:description", "owl:versionInfo")
    )
    called = title.get(page.lang, str(page.words["ontology"]))
    about = head(page, called, text.get(page.lang, ""), ONTOLOGY, "DefinedTermSet")
    found = {"terms": ontology(book, page.lang), "node": ONTOLOGY, "version": version.get("", "")}
    return _finished(book, "ontology.html", page, about, **found)


def _listing(book: Book, page: Page, name: str) -> Written:
    """A list, by the name of its texts and its template."""
    about = head(page, str(page.words[name]), str(page.words[f"{name} lead"]))
    return _finished(book, f"{name}.html", page, about, **LISTED[name](book, page))


LISTED: Mapping[str, Callable[[Book, Page], dict[str, object]]] = {
    "questions": lambda book, _: {"questions": book.questions.values()},
    "sources": lambda book, page: {"rows": sorted(book.contributors, key=lambda row: fold(page.name(row.source)))},
    "things": lambda book, page: {
        "kinds": lists.things(book, page),
        "schemes": lists.schemes(book, page),
        "graphs": lists.GRAPHS,
    },
    "disputes": lambda book, _: {"disputes": book.disputes},
    "statistics": lambda book, page: statistics.statistics(book, page.lang),
    "dictionary": lambda _, page: {"tables": statistics.dictionary(page.lang)},
}
"""The template values of each list."""


def _numbers(book: Book, page: Page, _: str) -> Written:
    """The page of indicators of all powiats."""
    found, texts_ = book.indicators, words.section(page.lang, "numbers")
    forms = [Link("alternate", page.data(form.name), form.media) for form in page.forms]
    about = head(page, str(texts_["title"]), str(texts_["lead"]), items=forms)
    shown = {"rows": numbers.summaries(found, page), "slug": numbers.slug, "names": indicators.NAMES}
    has_people = bool(found.of["people"].numbers)
    return _counted(book, "numbers.html", page, about, **shown, has_people=has_people)


def _numbers_of(book: Book, page: Page, path: str) -> Written:
    """The page of the indicators of a place, or of what one of its numbers opens."""
    at, texts_ = numbers.area_at(book.indicators, path), words.section(page.lang, "numbers")
    name = str(texts_["no powiat"]) if at == indicators.UNPLACED else page.name(ox.NamedNode(at))
    title = str(texts_["of place"]).format(place=name)
    about = head(page, title, str(texts_["lead"]))
    shown = {"at": at, "base": f"{numbers.PATH}/{numbers.slug(at)}", "place": title}
    if path.count("/") > 1:
        opened = numbers.opened_at(book.indicators, path)
        about = replace(about, title=f"{title}, {numbers.spans(opened.years)}")
        return _counted(book, "numbers-opened.html", page, about, **shown, opened=opened)
    found = numbers.tables(book.indicators, at, lambda code: fold(page.name(ox.NamedNode(code))))
    return _counted(book, "numbers-of.html", page, about, **shown, tables=found)


def _counted(book: Book, template: str, page: Page, about: Head, **values: object) -> Written:
    """A page of indicators."""
    codes = {"total": indicators.TOTAL, "not_known": indicators.NOT_KNOWN, "unplaced": indicators.UNPLACED}
    shared = {"n": words.section(page.lang, "numbers"), "found": book.indicators, "spans": numbers.spans, **codes}
    asked = {"claims": partial(numbers.claims, book), "amount": partial(wording.count, lang=page.lang)}
    return _finished(book, template, page, about, **shared, **values, **asked)


def _question(book: Book, page: Page, path: str) -> Written:
    name = path.removeprefix("questions/")
    if name not in book.questions:
        raise NotFound(f"no question {name!r}; there are {', '.join(book.questions)}")
    asked = book.questions[name]
    about = head(page, asked.title[page.lang], asked.meaning[page.lang], kind="Question")
    found = {"answer": lists.answer(book, asked, page), "parameters": lists.parameters(asked, page.lang)}
    sparql = asked.plain
    return _finished(book, "question.html", page, about, question=asked, sparql=sparql, **found)


def landing(book: Book, lang: str, described: Mapping[str, object] | None = None) -> Written:
    """The landing page of the dataset; `described` is its description in schema.org, if it is released."""
    page = book.page(INDEX, lang)
    node = term("id:dataset")
    title = page.names.get(node, str(page.words["site"]))
    about = head(page, title, str(page.words["tagline"]), None, "Dataset", data=described, items=_offered(book, lang))
    about = replace(about, day=book.site.issued)
    beginning = questions.leading(book.questions.values())[: lists.BEGINNING]
    shown = {
        "figures": lists.figures(book),
        "example": lists.example(book),
        "tables": lists.tables(lang),
        "dumped": DUMPED,
    }
    return _finished(book, "index.html", page, about, node=node, beginning=beginning, **shown)


def _offered(book: Book, lang: str) -> list[Link]:
    """The links from the landing page to the catalogue, and to the graph and its tables (https://signposting.org)."""
    catalogues = [f"catalog.{suffix}" for suffix in DESCRIBED.values()]
    items = [path for path in book.site.files if path == "sekg.trig" or media_type(path) in (CSV.media, ZIP.media)]
    feeds = [path for path in book.site.files if path == FEEDS[lang]]
    return [
        *(Link("describedby", path, media_type(path)) for path in catalogues if path in book.site.files),
        *(Link("alternate", path, media_type(path)) for path in feeds),
        *(Link("item", f"data/sekg.{form.name}", form.media) for form in DUMPED),
        *(Link("item", f"data/ns.{form.name}", form.media) for form in book.site.forms),
        *(Link("item", path, media_type(path)) for path in items),
    ]


def versions(book: Book, lang: str, editions: Sequence[Edition]) -> Written:
    """The page of all releases, the newest first."""
    page = book.page("versions", lang)
    about = replace(head(page, str(page.words["versions"]), str(page.words["versions lead"])), day=book.site.issued)
    return _finished(book, "versions.html", page, about, editions=editions[::-1])


def gone(book: Book, path: str, lang: str) -> Written:
    """The page of a removed thing."""
    page, node = book.page(f"page/{path}", lang), addresses.node_at(path)
    left = removed(book.store, node, lang)
    assert left is not None
    is_claim = path.startswith("claim/")
    name = left.name or (str(page.words["claim heading"]) if is_claim else short(node.value))
    text = page.words["gone claim" if is_claim else "gone text"]
    about = replace(head(page, name, str(text), node), is_found=False)
    return _finished(book, "gone.html", page, about, left=left, text=text)


def error(book: Book, path: str, lang: str) -> str:
    """The page for an unknown address, with things of similar names."""
    page = replace(book.page(unquote(path).lstrip("/"), lang), top="../" * path.lstrip("/").count("/"))
    return _missing(book, page, [lang], _meant(book, path))


def missing_file(book: Book) -> str:
    """The page for any unknown address on a host of files, in both languages."""
    base = book.site.base_url
    page = replace(book.page("404", "en"), top=f"{urlsplit(base).path}/" if base else "")
    return _missing(book, page, addresses.LANGUAGES, [])


def _missing(book: Book, page: Page, langs: Iterable[str], meant: Sequence[ox.NamedNode]) -> str:
    """The page for an unknown address in some languages, with the things that may be meant."""
    names = ("missing", "missing text", "start", "explorer")
    texts = {lang: [str(writing.words_of(lang)[name]) for name in names] for lang in langs}
    about = Head(texts[page.lang][0], texts[page.lang][1], BASE)
    return book.write("missing.html", page, head=about, texts=texts, meant=meant)


def _meant(book: Book, path: str) -> list[ox.NamedNode]:
    """The things whose names are similar to the last segment of an address."""
    called = fold(unquote(path).rpartition("/")[2].partition(".")[0].replace("-", " ").replace("_", " "))[:80]
    return [ox.NamedNode(hit.iri) for hit in search.find(book.index, called, 5)] if called.strip() else []


def paths(book: Book) -> list[str]:
    """The sorted paths of all pages without suffix, except the landing page and pages of removed things."""
    subjects = (quad.subject for quad in book.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    things = {book.shards.home(path) for path in _entries(subjects)}
    graphs = {node.value.removeprefix(BASE) for node in lists.GRAPHS}
    asked = {f"questions/{name}" for name in book.questions}
    counted = numbers.paths(book.indicators)
    return sorted({*things, *book.shards.members, *book.rows, *graphs, *LISTS, *asked, *counted} - {*gone_paths(book)})


def gone_paths(book: Book) -> list[str]:
    """The path of the page of each removed thing, in a stable order; what others share a page with has none."""
    gone = _entries(quad.subject for quad in book.store.quads_for_pattern(None, DEPRECATED, TRUE, ox.DefaultGraph()))

    def is_shared(path: str) -> bool:
        return book.shards.home(path) != path or not _entries(book.shards.records(path)) <= gone

    return sorted(path for path in gone if not is_shared(path))


def _entries(nodes: Iterable[object]) -> set[str]:
    """The paths of the nodes that have a page each."""
    named = {node.value.removeprefix(BASE) for node in nodes if isinstance(node, ox.NamedNode)}
    return {path for path in named if path.partition("/")[0] in addresses.ENTRIES and "/" in path and ROW not in path}


def has_data(path: str) -> bool:
    """Whether the page at a path has data."""
    return path in ("ns", numbers.PATH) or path.partition("/")[0] in addresses.PARTS


Writer = Callable[[Book, Page, str], Written]
"""Writes the page at a path without its suffix."""

LISTS: Mapping[str, Writer] = {"ns": _ontology, numbers.PATH: _numbers, **dict.fromkeys(LISTED, _listing)}
"""The pages that are not about one thing, by path."""

PARTS: Mapping[str, Writer] = {
    "id": _thing,
    "kind": _scheme,
    "source": _source,
    "graph": _graph,
    numbers.PATH: _numbers_of,
    "questions": _question,
    "rows": _rows,
    "claim": partial(_records, claim.claimed, "claims"),
    "inference": partial(_records, claim.inferred, "inferred"),
}
"""All other pages, by the first segment of their path."""
