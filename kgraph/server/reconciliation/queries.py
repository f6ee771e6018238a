"""Batches of reconciliation queries as clients send them, in the form of version 0.2 and of the draft of 1.0."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from kgraph.base.vocab import PREFIXES
from kgraph.errors import BadQuery, LimitExceeded
from kgraph.graph.identity import corroborating
from kgraph.graph.identity.comparison import Verdict
from kgraph.graph.identity.corroborating import Evidence
from kgraph.graph.identity.matching import Types, Wanted
from kgraph.server.reconciliation.properties import Vocabulary

BATCH = 100
"""The most queries of a batch, which the manifest announces."""

LONGEST = 10_000
"""The most characters of a name or value; of a long name only the beginning counts."""

LONGEST_ID = 200
"""The most characters of the id of an entity."""

CANDIDATES, MOST = 5, 50
"""The candidates of a query without a limit, and the most of any."""

CONDITIONS = 20
"""The most properties of a query, and the most values of each."""

IDS = 1000
"""The most entities of a data extension."""

ID = PREFIXES["id"]
"""The identifier space."""

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Query:
    """What is wanted, and how many candidates at most."""

    wanted: Wanted
    limit: int


@dataclass(frozen=True)
class Reader:
    """Reads the queries of a request; types, properties and places that recur are looked up once."""

    vocabulary: Vocabulary
    known: dict[tuple[str, str], Any] = field(default_factory=dict)

    def batch(self, text: str) -> dict[str, Query]:
        """The queries of version 0.2 by their keys; BadQuery names the query with a fault."""
        found = _object(parsed(text), "queries")
        _bounded(found)
        return {key: self._named(key, self._query, query) for key, query in found.items()}

    def draft(self, text: str) -> list[Query]:
        """The queries of the draft of 1.0, in their order."""
        found = _object(parsed(text), "the body").get("queries")
        if not isinstance(found, list):
            raise BadQuery('the body is {"queries": […]}')
        _bounded(found)
        return [self._named(str(number), self._conditions, query) for number, query in enumerate(found)]

    def _named(self, key: str, read: Callable[[Json], Query], query: object) -> Query:
        """A query as it is read; its key stands before what is wrong with it."""
        try:
            return read(_object(query, "a query"))
        except (BadQuery, LimitExceeded) as error:
            raise type(error)(f"query {key[:40]!r}: {error}") from error

    def _query(self, query: Json) -> Query:
        """A query of version 0.2, section 4.1."""
        if "query" not in query and not query.get("properties"):
            raise BadQuery("give a name in `query`, or `properties`")
        given = _listed(query.get("properties") or [])
        evidence = [self._evidence(_object(one, "a property"), "pid", "v") for one in given]
        types = query.get("type_strict", "any")
        if types not in ("any", "all", "should"):
            raise BadQuery("type_strict is any, all or should")
        return self._wanted(_text(query.get("query", "")), evidence, _listed(query.get("type") or []), types, query)

    def _conditions(self, query: Json) -> Query:
        """A query of the draft of 1.0, section 4.1; an earlier draft has `pid` and `v` in its conditions."""
        given = query.get("conditions")
        if not isinstance(given, list) or not given:
            raise BadQuery("give at least one of `conditions`")
        conditions = [_condition(one) for one in given]
        called = (_listed(one["propertyValue"]) for one in conditions if one["matchType"] == "name")
        names = [_text(name) for several in called for name in several] or [""]
        if len(names) > 1:
            raise BadQuery("give one name")
        evidence = [
            self._evidence(one, "propertyId", "propertyValue") for one in conditions if one["matchType"] == "property"
        ]
        return self._wanted(names[0], evidence, _listed(query.get("type") or []), "any", query)

    def _wanted(
        self, name: str, evidence: Sequence[Evidence | None], kinds: Sequence[object], types: Types, query: Json
    ) -> Query:
        if len(evidence) > CONDITIONS or len(kinds) > CONDITIONS:
            raise LimitExceeded(f"a query has at most {CONDITIONS} properties and types")
        chosen = {one.field: one for one in reversed(evidence) if one}
        iris = [self._once("type", _identifier(kind), self.vocabulary.type) for kind in kinds]
        wanted = Wanted(name, tuple(reversed(chosen.values())), tuple(map(ox.NamedNode, iris)), types)
        return Query(wanted, _limit(query.get("limit")))

    def _once(self, sort: str, text: str, look_up: Callable[[str], Any]) -> Any:
        if (sort, text) not in self.known:
            self.known[sort, text] = look_up(text)
        return self.known[sort, text]

    def _evidence(self, condition: Json, id_key: str, value_key: str) -> Evidence | None:
        """The evidence of a property; None where its values say nothing, as an empty cell does."""
        if value_key not in condition:
            raise BadQuery(f"a property has `{id_key}` and `{value_key}`")
        own = self._once("property", _text(condition.get(id_key)), self.vocabulary.property)
        which, values = condition.get("matchQuantifier", "any"), _listed(condition[value_key])
        if which not in ("any", "all", "none"):
            raise BadQuery("matchQuantifier is any, all or none")
        if len(values) > CONDITIONS:
            raise LimitExceeded(f"a property has at most {CONDITIONS} values")
        meant = tuple(meant for value in values if (meant := self._meant(own, value)) is not None)
        refused: tuple[Verdict, ...] = ("different", "unknown") if condition.get("required") is True else ()
        label = self._once("name", own, self.vocabulary.name)
        return Evidence(own, meant, which, refused, label) if meant else None

    def _meant(self, own: str, value: object) -> tuple[str, ...] | None:
        """The texts and IRIs that a value may mean; None for one that says nothing."""
        if isinstance(value, dict):
            entity = node(_identifier(value))
            if entity is None:
                raise BadQuery(f"{_identifier(value)[:40]!r} is not the id of an entity")
            name = _text(value.get("name") or "") if own != "place" else ""
            return (entity.value, *filter(None, [name]))
        text, index = _text(value), self.vocabulary.book.index
        return self._once(own, text, lambda text: corroborating.meant(index, own, text))  # type: ignore[no-any-return]


def _condition(value: object) -> Json:
    """A condition of the draft, with the names of its fields in its latest edition."""
    found = _object(value, "a condition")
    if found.get("matchType") not in ("name", "property"):
        raise BadQuery("matchType is name or property")
    if found.get("matchQualifier") is not None:
        raise BadQuery("no matchQualifier is known here; leave it out")
    current = {"pid": "propertyId", "v": "propertyValue"}
    condition = {current.get(key, key): each for key, each in found.items()}
    if "propertyValue" not in condition:
        raise BadQuery("a condition has `propertyValue`")
    return condition


def parsed(text: str) -> object:
    """JSON; BadQuery when it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadQuery(f"this is not JSON: {error}") from error


def _object(value: object, what: str) -> Json:
    if not isinstance(value, dict):
        raise BadQuery(f"{what} must be a JSON object")
    return value


def _bounded(queries: Sequence[object] | Json) -> None:
    if len(queries) > BATCH:
        raise LimitExceeded(f"a batch has at most {BATCH} queries, as the manifest says under batchSize")


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    """A text, number or boolean as text; LimitExceeded for one that is too long."""
    if not isinstance(value, str | int | float):
        raise BadQuery("a name or value is a text, a number, true or false, or an object with an id")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if len(text) > LONGEST:
        raise LimitExceeded(f"a name or value has at most {LONGEST} characters")
    return text.encode(errors="replace").decode()  # half of a surrogate pair is no character


def _identifier(value: object) -> str:
    """The id of a type or entity, given alone or in an object."""
    return _text(value.get("id") if isinstance(value, dict) else value)


def node(id_: str) -> ox.NamedNode | None:
    """The entity with an id; None for a text that no IRI can end with."""
    try:
        return ox.NamedNode(ID + id_) if 0 < len(id_) <= LONGEST_ID else None
    except ValueError:
        return None


def _limit(value: object) -> int:
    """The number of candidates; BadQuery unless it is a positive whole number."""
    if value is None:
        return CANDIDATES
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value < 1e9 or value % 1:
        raise BadQuery("limit is a whole number from 1 on")
    return min(int(value), MOST)


def entities(text: str) -> tuple[list[str], list[str]]:
    """The ids of entities and of properties in a data extension query (section 7.3)."""
    found = _object(parsed(text), "a data extension query")
    ids, properties = found.get("ids"), found.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise BadQuery('a data extension query is {"ids": […], "properties": [{"id": …}]}')
    if len(ids) > IDS or len(properties) > CONDITIONS:
        raise LimitExceeded(f"a data extension has at most {IDS} entities and {CONDITIONS} properties")
    return list(map(_text, ids)), [_identifier(_object(one, "a property")) for one in properties]
