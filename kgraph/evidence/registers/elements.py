"""Records of a page or report as rows: one for each element that an XPath names, with a cell for each title."""

from collections.abc import Sequence
from typing import Any

from kgraph.base.problems import fault
from kgraph.errors import NotFound
from kgraph.rdf.csvw import Description


def library() -> Any:
    """lxml, which parses HTML and XML; NotFound where it is not installed."""
    try:
        import lxml.etree  # type: ignore[import-untyped]
        import lxml.html  # type: ignore[import-untyped]
    except ImportError as error:
        raise NotFound(fault("lxml-missing")) from error
    return lxml


def rows(root: Any, description: Description) -> list[list[str]]:
    """The cells of each record below an element, in the order of the document.

    The titles of columns are XPaths (https://www.w3.org/TR/xpath-10/) that begin at the record. What no column names is
    left out, and so are names of people.
    """
    titles = [column.titles[0] for column in description.read]
    return [[_cell(record.xpath(title)) for title in titles] for record in root.xpath(description.each)]


def _cell(found: Sequence[Any]) -> str:
    """The text of the first node that was found, its spaces as a browser shows them; empty without one."""
    if not found:
        return ""
    text = found[0] if isinstance(found[0], str) else "".join(found[0].itertext())
    return " ".join(text.split())
