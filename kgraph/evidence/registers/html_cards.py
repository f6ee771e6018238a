"""Saved HTML pages as rows: one for each card, such as that of a unit in RJPS."""

from kgraph.evidence.registers import elements
from kgraph.rdf.csvw import Description


def rows(page: str, description: Description) -> list[list[str]]:
    """The cells of each card of a page."""
    html = elements.library().html
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    return elements.rows(html.document_fromstring(page.encode(), parser=parser), description)
