"""Answers and cards for a terminal: tables that fit, and the evidence under each fact."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import wrap

import pyoxigraph as ox
from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from kgraph.base import words
from kgraph.base.text import quoted, seen
from kgraph.base.vocab import CONTRADICTS, DIFFERS_IN_TIME, LISTS_DIFFER, REFINES, short
from kgraph.graph.entity.cards import Card, Origin
from kgraph.graph.entity.offices import Office
from kgraph.graph.entity.sentence import sentence, told, value_in_words
from kgraph.graph.entity.story import Group as Relation
from kgraph.graph.entity.story import Key
from kgraph.graph.names.labels import Names, name
from kgraph.graph.statements.disputes import Dispute, Side
from kgraph.graph.statements.explanations import because, cannot_both
from kgraph.graph.statements.facts import Fact, Passage, by_source
from kgraph.graph.statements.reasons import Reason
from kgraph.rdf.sparql import Value, cell

WIDEST, NARROWEST, BETWEEN = 48, 16, 2
"""Characters: of the longest word that is not folded, of the narrowest folded column, between two columns."""


@dataclass(frozen=True)
class Column:
    """A column with its cells as text, its full width, and the least width without folded identifiers."""

    name: str
    cells: Sequence[str]

    @property
    def widest(self) -> int:
        return max(map(cell_len, (self.name, *self.cells)))

    @property
    def least(self) -> int:
        words = (word for text in (self.name, *self.cells) for word in text.split())
        return max(min(self.widest, NARROWEST), *(min(cell_len(word), WIDEST) for word in words))


def table(columns: Sequence[str], rows: Sequence[Sequence[Value | None]], width: int) -> RenderableType:
    """An answer as a table, or row by row when a table is wider than the console; IRIs as CURIEs where possible."""
    cells = [[seen(cell(value)) for value in row] for row in rows]
    shown = [Column(name, [row[at] for row in cells]) for at, name in enumerate(columns)]
    spare = width - sum(column.least for column in shown) - BETWEEN * (len(shown) - 1)
    return _table(shown, spare) if spare >= 0 or len(shown) == 1 else Text("\n").join(_row_by_row(shown, width))


def _table(columns: Sequence[Column], spare: int) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True, header_style="bold")
    for column, width in zip(columns, _widths(columns, max(spare, 0)), strict=True):
        shown.add_column(column.name, width=width, overflow="fold")
    for row in zip(*(column.cells for column in columns), strict=True):
        shown.add_row(*map(_text, row))
    return shown


def _widths(columns: Sequence[Column], spare: int) -> list[int]:
    """The least width of each column and its share of the spare characters, smallest needs first."""
    widths = {}
    for left, column in enumerate(sorted(columns, key=lambda column: column.widest - column.least)):
        more = min(column.widest - column.least, spare // (len(columns) - left))
        widths[column.name] = column.least + more
        spare -= more
    return [widths[column.name] for column in columns]


def _row_by_row(columns: Sequence[Column], width: int) -> Iterator[Text]:
    """The first value of each row, and under it its other values with their columns, without empty ones."""
    first, *others = columns
    for at, head in enumerate(first.cells):
        yield _text(head, style="bold")
        named = ((column.name, column.cells[at]) for column in others)
        pairs = "\N{NO-BREAK SPACE}· ".join(f"{name}\N{NO-BREAK SPACE}{value}" for name, value in named if value)
        for line in wrap(pairs, width - 2, break_on_hyphens=False):
            yield _text("  " + line.replace("\N{NO-BREAK SPACE}", " "))


def _text(*parts: str | tuple[str, str], style: str = "") -> Text:
    """Text with control characters made visible, so that no data can command the terminal; a part may have a style."""
    return Text.assemble(*((seen(p), "") if isinstance(p, str) else (seen(p[0]), p[1]) for p in parts), style=style)


def card(shown: Card, lang: str, *, unfolded: bool = False) -> Tree:
    """A card: one sentence, key facts, facts by relation with their sources; `unfolded` with those folded away."""
    tree = Tree(_text((shown.name(shown.thing), "bold"), f"  {short(shown.thing.value)}"), guide_style="dim")
    for label in shown.labels:
        if label.value != shown.name(shown.thing):
            tree.add(_text(f"{label.value} [{label.language}]", style="dim"))
    tree.add(_text(sentence(shown)))
    for predicate, value in shown.notes:
        tree.add(_text((f"{shown.name(predicate)}: ", "dim"), value_in_words(shown, value)))
    for key in shown.story.keys:
        _key(tree, shown, key)
    _differences(tree, shown)
    for _, groups in groupby(shown.story.groups, key=lambda group: group.relation.section):
        first, *others = groups
        section = tree.add(_text(first.relation.section.name.get(lang, ""), style="bold"))
        for relation in (first, *others):
            _relation(section, shown, relation)
    _folded(tree, shown, unfolded)
    _unknowns(tree, shown)
    if shown.facts and not any(passage.words for fact in shown.facts for passage in fact.passages):
        tree.add(_text(words.text(lang, "cards.without quotes"), style="dim"))
    return tree


def _key(tree: Tree, shown: Card, key: Key) -> None:
    """A key fact with its values, and whose word the first rests on."""
    values = [_office(shown, one.office) if one.office else told(shown, one) for one in key.values]
    known = "; ".join(values) or words.text(shown.lang, "cards.not said")
    passages = next((one.path[0].passages for one in key.values), ())
    sources = dict.fromkeys(_origin(shown, passage.source) for passage in passages)
    said = f" — {', '.join(sources)}" if sources else ""
    tree.add(_text((f"{key.relation.name.get(shown.lang, '')}: ", "dim"), known, (said, "dim")))


def _office(shown: Card, office: Office) -> str:
    """Who held what, or as what somebody was where; when; and who came later."""
    place = office.organisation if shown.thing in (office.member, office.membership) else office.member
    who = [office.member] if shown.thing == office.membership else []
    about = ", ".join(map(shown.name, (*office.roles, *who, place)))
    later = (
        words.text(shown.lang, "cards.later", names=", ".join(map(shown.name, office.later))) if office.later else ""
    )
    return f"{about}: " + "; ".join(filter(None, (office.span.told(shown.lang), later)))


def _differences(tree: Tree, shown: Card) -> None:
    """The values of other sources that differ, who says each, and why they contradict each other."""
    for link in shown.links:
        of = "" if link.whose == shown.thing else f" ({shown.name(link.whose)})"
        one, other = _said(shown, link.value, link.sources), _said(shown, link.other, link.other_sources) + of
        one, other = (other, one) if shown.is_later(link) else (one, other)
        branch = tree.add(_text(f"{one} {words.text(shown.lang, LINKS[link.link])} {other}", style="italic"))
        if link.link == CONTRADICTS:
            branch.add(_text(cannot_both(link.predicate, shown.names, shown.lang), style="dim"))


def _said(shown: Card, value: Value, sources: Sequence[Value]) -> str:
    """A value and who says it."""
    return f"{value_in_words(shown, value)} ({', '.join(_origin(shown, source.value) for source in sources)})"


def _unknowns(tree: Tree, shown: Card) -> None:
    """What no source says, and what some do not say but others do."""
    if shown.unknowns:
        unknown = tree.add(_text(words.text(shown.lang, "cards.unknown"), style="bold"))
        for name in shown.unknowns:
            unknown.add(_text(name))
    own = shown.answers.get(shown.thing, {})
    if shown.silent or own:
        silent = tree.add(_text(words.text(shown.lang, "cards.silent"), style="bold"))
        _answers(silent, shown, own)
        for node, answers in shown.silent.items():
            _answers(silent.add(_text(shown.name(node))), shown, answers)


def _answers(branch: Tree, shown: Card, found: Mapping[Value, Sequence[Value]]) -> None:
    """The values that answer a known unknown, with their sources."""
    for value, sources in found.items():
        told = f"{value_in_words(shown, value)} — {', '.join(map(shown.name, sources))}"
        branch.add(_text(told, style="dim"))


LINKS: Mapping[Value, str] = {
    CONTRADICTS: "cards.link contradicts",
    REFINES: "cards.link refines",
    DIFFERS_IN_TIME: "cards.link differsInTime",
    LISTS_DIFFER: "cards.link listsDiffer",
}
"""The text between two claims that differ, by what one is to the other."""


def _relation(tree: Tree, shown: Card, relation: Relation) -> None:
    count = f" ({len(relation.lines)})" if len(relation.lines) > 1 else ""
    branch = tree.add(_text(f"{_called(shown, relation)}{count}", style="bold"))
    for line in relation.lines:
        fact = line.fact
        known = shown.state(fact.predicate, line.other)
        state = f" [{shown.name(known)}]" if known else ""
        name = _office(shown, line.office) if line.office else value_in_words(shown, line.other)
        leaf = branch.add(_text(name, (state, "bold"), (_mark(shown, fact), "dim")))
        if fact.rule:
            leaf.add(_text(because(fact.rule, shown.names, shown.lang), style="italic"))
        for same in by_source(fact.passages):
            leaf.add(_text(_evidence(shown, same), style="dim"))


def _called(shown: Card, relation: Relation) -> str:
    """The name of a relation; a relation that display.ttl does not name has the one of the ontology."""
    predicate, incoming = relation.way
    return relation.relation.name.get(shown.lang) or ("← " if incoming else "") + shown.name(predicate)


def _folded(tree: Tree, shown: Card, unfolded: bool) -> None:
    """The number of facts that only repeat others or follow from them; all of them, if they are wanted."""
    total = sum(len(group.lines) for group in shown.story.folded)
    if not total:
        return
    branch = tree.add(_text(words.text(shown.lang, "cards.folded", n=total), style="" if unfolded else "dim"))
    for group in shown.story.folded if unfolded else ():
        _relation(branch, shown, group)


def _mark(shown: Card, fact: Fact) -> str:
    """The status of an unasserted fact, or a mark for a yielding or single witness."""
    if fact.status:
        return f"  {shown.name(fact.status)}"
    if fact.yields:
        return f"  {words.text(shown.lang, 'common.marks.yields')}"
    return f"  {words.text(shown.lang, 'common.marks.single')}" if len(fact.witnesses) == 1 else ""


def _evidence(shown: Card, passages: Sequence[Passage]) -> str:
    """The passages of one source in one line: its quotes, each once, and who published it when."""
    if len(passages) == 1 and passages[0].words:
        return f"{passages[0].told(shown.lang)} — {_origin(shown, passages[0].source)}"
    said = dict.fromkeys(quoted(passage.words, shown.lang) for passage in passages if passage.words)
    count = f" ({words.text(shown.lang, 'cards.places count', n=len(passages))})" if len(passages) > 1 else ""
    return f"{' · '.join(said)}{count} — {_origin(shown, passages[0].source)}".removeprefix(" — ")


def _origin(shown: Card, source: str) -> str:
    """The publisher and the year of a source, or its name; that it is a draft."""
    origin = shown.origins.get(source, Origin())
    name = origin.publisher or shown.name(ox.NamedNode(source))
    draft = f" [{words.text(shown.lang, 'common.draft')}]" if origin.draft else ""
    return (f"{name}, {origin.issued[:4]}" if origin.issued else name) + draft


def reason(why: Reason, names: Names, lang: str) -> Tree:
    """A reason: the rule and its premises, down to the passages in sources."""
    tree = Tree(_text(_sentence(why.fact, names), style="bold"), guide_style="dim")
    _grow(tree, why, names, lang)
    return tree


def _grow(tree: Tree, why: Reason, names: Names, lang: str) -> None:
    if why.rule:
        tree.add(_text(f"{words.text(lang, 'cards.inferred')} {why.rule}", style="italic"))
    elif not why.passages:
        tree.add(_text(words.text(lang, "common.byCurator"), style="dim"))
    elif not any(passage.is_stated for passage in why.passages):
        tree.add(_text(words.text(lang, "common.unasserted"), style="italic"))
    for passage in why.passages:
        said = "" if passage.is_stated else f"  {name(names, ox.NamedNode(passage.status))}"
        tree.add(_text(f"{passage.told(lang)} — {name(names, ox.NamedNode(passage.source))}{said}", style="dim"))
    if why.instead:
        tree.add(_text(words.text(lang, "common.marks.yields"), style="italic"))
        _grow(tree.add(_text(_sentence(why.instead.fact, names))), why.instead, names, lang)
    for premise in why.premises:
        _grow(tree.add(_text(_sentence(premise.fact, names))), premise, names, lang)


def _sentence(fact: ox.Triple | Side, names: Names) -> str:
    return " · ".join(name(names, part) for part in (fact.subject, fact.predicate, fact.object))


def disputes(found: Iterable[Dispute], names: Names, lang: str) -> RenderableType:
    """Both sides of each dispute, one under the other, with their passages."""
    trees = []
    for dispute in found:
        link = words.text(lang, LINKS[CONTRADICTS if dispute.contradiction else REFINES])
        tree = Tree(_text(f"{name(names, dispute.one.subject)} · {link}", style="bold"), guide_style="dim")
        for side in dispute.sides:
            branch = tree.add(_text(_sentence(side, names), (f" — {name(names, side.source)}", "dim")))
            for passage in side.passages:
                branch.add(_text(passage.told(lang), style="dim"))
        trees.append(tree)
    return Group(*trees)


UNFOLDED = 10_000
"""Characters of a line in a pipe or a file."""


def written(content: RenderableType) -> str:
    """What is shown as plain text: no line is folded."""
    opened = console(to_file=True)
    with opened.capture() as captured:
        opened.print(content)
    return captured.get().rstrip()


def console(*, stderr: bool = False, to_file: bool = False) -> Console:
    """A console; outside a terminal it folds no line and has no colours."""
    opened = Console(stderr=stderr, highlight=False, soft_wrap=False)
    is_watched = opened.is_terminal and not to_file
    return opened if is_watched else Console(stderr=stderr, highlight=False, width=UNFOLDED, force_terminal=False)
