"""The parts of a `multipart/form-data` body (https://www.rfc-editor.org/rfc/rfc7578)."""

import re
from email.message import Message
from email.parser import HeaderParser

from kgraph.errors import BadQuery

FORM_DATA = "multipart/form-data"
BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
"""RFC 2046, section 5.1.1."""

PARTS, HEAD_BYTES = 100, 8 * 1024
"""The most parts of a body, and bytes of the head of a part."""


def parts(body: bytes, content_type: str) -> list[tuple[str, bytes]]:
    """The media type of each part, empty when it names none, and its content; BadQuery for what is no such body."""
    given = Message()
    given["content-type"] = content_type
    boundary = str(given.get_param("boundary", ""))
    if not BOUNDARY.fullmatch(boundary):
        raise BadQuery(f"{FORM_DATA} needs a boundary")
    _, *found = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("ascii"), PARTS + 2)
    if len(found) > PARTS + 1:
        raise BadQuery(f"at most {PARTS} parts are taken")
    if len(found) < 2 or not found[-1].startswith(b"--"):
        raise BadQuery(f"the body is no whole {FORM_DATA}: its last boundary is missing")
    return [_part(part) for part in found[:-1]]


def _part(part: bytes) -> tuple[str, bytes]:
    head, blank, content = part.partition(b"\r\n\r\n")
    if not blank or len(head) > HEAD_BYTES:
        raise BadQuery(f"a part of the body has no head, or one of over {HEAD_BYTES} bytes")
    fields = HeaderParser().parsestr(head.lstrip(b" \t\r\n").decode("latin-1"))
    return (fields.get_content_type() if "content-type" in fields else ""), content
