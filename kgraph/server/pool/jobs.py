"""What a worker may be asked: a query, or a page."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Query:
    """A query with the formats of a table and of triples, its base IRI, and the dataset of the request."""

    text: str
    table: str = "json"
    graph: str = "ttl"
    base: str | None = None
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A GET request for a page or the explorer's data: its path, query string, and the header fields that matter."""

    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=())


Job = Query | Page
