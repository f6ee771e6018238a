"""Read RDF files of any format that the engine knows."""

from mmap import ACCESS_READ, mmap
from pathlib import Path

import pyoxigraph as ox

from kgraph.base.problems import fault, reason
from kgraph.errors import BadData, NotFound
from kgraph.rdf import bounds


def quads(path: Path) -> list[ox.Quad]:
    """The quads of a file; NotFound when it is missing, BadData when it cannot or must not be read."""
    if path.exists() and not path.is_file():
        raise BadData(fault("not-a-file", file=str(path)))
    if not path.is_file():
        raise NotFound(fault("graph-not-there", path=str(path)))
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if form is None:
        raise BadData(fault("file-unknown", file=str(path)))
    try:
        _check(path, form)
        return list(ox.parse(path=path, format=form))
    except (SyntaxError, OSError) as error:
        raise BadData(fault("file-unreadable", file=str(path), reason=reason(error))) from error


def _check(path: Path, form: ox.RdfFormat) -> None:
    """Raise BadData for RDF/XML with entities, and for JSON-LD that is nested too deeply."""
    if form not in (ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD) or not path.stat().st_size:
        return
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        if form == ox.RdfFormat.RDF_XML and bounds.has_entities(content):
            raise BadData(fault("file-entities", file=str(path)))
        if form == ox.RdfFormat.JSON_LD and bounds.is_too_deep(content):
            raise BadData(fault("file-too-deep", file=str(path), most=bounds.JSON_DEPTH))
