"""What the public functions say of a call that does not fit: which argument is meant, or is missing."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import ParamSpec, TypeVar

from kgraph.errors import BadQuery

P = ParamSpec("P")
R = TypeVar("R")

MEANT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("about", "entity", "node", "subject"), ("thing", "name")),
    **dict.fromkeys(("before", "to", "end"), ("until",)),
    **dict.fromkeys(("date", "on", "as_of"), ("day", "until", "as_of")),
    **dict.fromkeys(("day", "until"), ("as_of", "until", "day")),
    **dict.fromkeys(("threshold", "cutoff", "score"), ("least",)),
    **dict.fromkeys(("n", "top", "k"), ("limit", "most")),
    "year": ("by", "day", "until", "as_of"),
    "names": ("series",),
    "type": ("kind",),
    "timeout": ("seconds",),
    "language": ("lang",),
}
"""What people write for parameters, and the parameters that they mean, the likeliest first."""

EXAMPLES: Mapping[str, str] = {
    "as_of": 'as_of="2019-12-31"',
    "by": 'by="year", and take [2018] of it',
    "day": 'day="2019-12-31"',
    "until": 'until="2019", which is the last year to keep',
}
"""How parameters that are often mistaken are written."""

FUNCTIONS = (
    *("analyse", "ask", "chain", "claims", "dataset", "disputes", "match", "neighbourhood", "network", "query"),
    *("questions", "search", "show", "sources", "thing", "why"),
)
"""The functions of a graph, which is their first argument."""


class Opened:
    """An open graph, as `kgraph.open` gives it."""


class BadCall(BadQuery, TypeError):
    """A function of kgraph is called with arguments that it does not take; also a TypeError, as in any call."""


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """The function, which says what to write for arguments that it does not take, and in place of what is no graph."""
    own = signature(function)

    @wraps(function)
    def called(*args: P.args, **given: P.kwargs) -> R:
        try:
            bound = own.bind(*args, **given).arguments
        except TypeError as error:
            raise BadCall(f"{_fault(own, given) or error}; write kgraph.{function.__name__}{_form(own)}") from None
        if "graph" in bound and not isinstance(bound["graph"], Opened):
            raise BadQuery(f"{bound['graph']!r} is not a graph; write graph = kgraph.open(…) and give that")
        return function(*args, **given)

    return called


def _fault(own: Signature, given: Iterable[str]) -> str:
    """A sentence for the names that are no parameters; empty when all are, or any may be given."""
    if any(one.kind == Parameter.VAR_KEYWORD for one in own.parameters.values()):
        return ""
    known = [one.name for one in own.parameters.values() if one.kind in NAMED]
    faults = [f"no {name}={_advice(name, known)}" for name in given if name not in known]
    return f"there is {' and '.join(faults)}" if faults else ""


NAMED = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)


def _advice(name: str, known: list[str]) -> str:
    meant = [one for one in MEANT.get(name, ()) if one in known] or get_close_matches(name, known, 1)
    return f" (did you mean {EXAMPLES.get(meant[0], f'{meant[0]}=')}?)" if meant else ""


def _form(own: Signature) -> str:
    """The parameters as a call writes them, without their types.

    >>> def f(graph: object, /, thing: object = None, *, until: str | None = None, **terms: int) -> None: ...
    >>> _form(signature(f))
    '(graph, thing=None, until=None, **terms)'
    """
    bare = [one.replace(annotation=Parameter.empty) for one in own.parameters.values()]
    return f"({', '.join(map(str, bare))})"


def lacking(what: str, name: str, advice: str) -> AttributeError:
    """The error for an attribute that a value does not have; without advice for names that only Python asks for."""
    return AttributeError(f"{what} has no {name!r}" + ("" if name.startswith("_") else f"; {advice}"))
