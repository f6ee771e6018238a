"""The states of things on a day: certainly there, not known to have ended, ended, not begun."""

from collections.abc import Mapping
from datetime import date

import pyoxigraph as ox

from kgraph.base.vocab import DATE, STATE, TYPE, term
from kgraph.errors import BadQuery
from kgraph.rdf import sparql

EVENT = term("se:Event")
NOT_BEGUN, ENDED = term("state:not-begun"), term("state:ended")
NOT_KNOWN = term("state:not-known-to-have-ended"), term("state:not-known-to-have-begun")
CERTAINTY = (term("state:certainly"), *NOT_KNOWN, ENDED, NOT_BEGUN)
"""The states, the most informative first."""


def day(text: str) -> ox.Literal:
    """A day as a literal; BadQuery for any other text, such as a year.

    >>> day("2018-03-22").value
    '2018-03-22'
    """
    try:
        known = date.fromisoformat(text)
    except ValueError as error:
        is_year = len(text) == 4 and text.isdecimal()
        advice = f"give a day of that year, such as its last, {text}-12-31" if is_year else "write it as 2018-03-22"
        raise BadQuery(f"{text!r} is not a day; {advice}") from error
    if known.isoformat() != text:
        raise BadQuery(f"{text!r} is not written as 2018-03-22")
    return ox.Literal(text, datatype=DATE)


def states(store: ox.Store, on: ox.Literal) -> Mapping[ox.NamedNode, ox.NamedNode]:
    """The states on a day: of all things that begin and end, and of future events and agreements."""
    return {thing: state for thing, state in sparql.named(store, "states", day=on)}  # type: ignore[misc]  # noqa: C416


def absent(store: ox.Store, on: ox.Literal) -> set[str]:
    """The things that had ended or not begun on a day; past events are not among them."""
    over = states(store, on).items()
    events = {quad.subject for quad in store.quads_for_pattern(None, TYPE, EVENT, ox.DefaultGraph())}
    return {thing.value for thing, state in over if state == NOT_BEGUN or (state == ENDED and thing not in events)}


def as_of(store: ox.Store, on: ox.Literal) -> ox.Store:
    """A copy of the store with the states of a day as `?thing se:state ?state`."""
    copy = ox.Store()
    copy.bulk_extend(store)
    copy.extend(ox.Quad(thing, STATE, state) for thing, state in states(store, on).items())
    return copy
