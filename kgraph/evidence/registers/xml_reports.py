"""Saved XML reports as rows: a report by itself, or in the SOAP answer that carried it.

REGON BIR answers with an envelope, sometimes in a part of a MIME message; the report is the text of its result.
"""

import re
from typing import Any

from kgraph.base.problems import fault
from kgraph.errors import BadData
from kgraph.evidence.registers import elements
from kgraph.rdf.csvw import Description

DOCUMENT = re.compile(r"<(?:\?xml|(?:\w+:)?Envelope|root)\b.*>", re.DOTALL)
"""An XML document, which may stand inside a MIME message."""

RESULT = "//*[local-name() = 'Body']//*[substring(local-name(), string-length(local-name()) - 5) = 'Result']/text()"
"""The text of the result in a SOAP envelope."""


def rows(text: str, description: Description, file: str) -> list[list[str]]:
    """The cells of each record of a report; BadData for a file that is no XML."""
    document = _parsed(text, file)
    inside = document.xpath(RESULT)
    return elements.rows(_parsed(inside[0], file) if inside else document, description)


def _parsed(text: str, file: str) -> Any:
    """The root of an XML document. No entity is replaced, and nothing is fetched."""
    etree = elements.library().etree
    found = DOCUMENT.search(text)
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring((found[0] if found else text).encode(), parser=parser)
    except etree.XMLSyntaxError as error:
        raise BadData(fault("table-cut", file=file, reason=str(error))) from error
