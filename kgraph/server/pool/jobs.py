"""What a worker may be asked: a query, a page, or the answer of a tool.

They are tuples: one is made and pickled for each request, and a frozen dataclass takes three times as long.
"""

from typing import Any, NamedTuple


class Query(NamedTuple):
    """A query with the formats of a table and of triples, its base IRI, and the dataset of the request."""

    text: str
    table: str = "json"
    graph: str = "ttl"
    base: str | None = None
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Page(NamedTuple):
    """A request for a page or data: its path, query string, and the header fields that matter.

    `base` is the address that absolute links begin with; `body` is None for a GET request.
    """

    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    base: str = ""
    body: bytes | None = None


class ToolCall(NamedTuple):
    """A call of a tool of the MCP server: its name, its arguments, and the language of the answer."""

    name: str
    arguments: dict[str, Any]
    lang: str = "en"


Job = Query | Page | ToolCall

DONE_AS: dict[type[Job], type[Job]] = {Query: Query, Page: Page, ToolCall: Page}
"""The type of job whose workers do a job."""
