"""File formats with their media types (https://www.iana.org/assignments/media-types/)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

FORM = "application/x-www-form-urlencoded"
PROBLEM = "application/problem+json"
"""RFC 9457, section 3."""
BYTES = "application/octet-stream"
"""Content of no known format (RFC 2046, section 4.5.1)."""


@dataclass(frozen=True)
class Format:
    """A file format: `name` is the suffix of its files and its name in commands.

    `code` is its code in the EU table of file types, `w3c` its name in https://www.w3.org/ns/formats/, `spec` its
    specification. Clients also call it by its `aliases`.
    """

    name: str
    media: str
    code: str = ""
    w3c: str = ""
    spec: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its name for people.

        >>> TURTLE.title, RDF_XML.title
        ('Turtle', 'RDF/XML')
        """
        return self.w3c.replace("_", "/")


TR = "https://www.w3.org/TR/"

TURTLE = Format("ttl", "text/turtle", "RDF_TURTLE", "Turtle", f"{TR}turtle/", ("application/x-turtle",))
JSON_LD = Format("jsonld", "application/ld+json", "JSON_LD", "JSON-LD", f"{TR}json-ld11/", ("application/json",))
N_TRIPLES = Format("nt", "application/n-triples", "RDF_N_TRIPLES", "N-Triples", f"{TR}n-triples/", ("text/plain",))
RDF_XML = Format("rdf", "application/rdf+xml", "RDF_XML", "RDF_XML", f"{TR}rdf-syntax-grammar/")
N3 = "text/n3"
"""Of which Turtle is a part (https://www.w3.org/TeamSubmission/n3/)."""
TRIG = Format("trig", "application/trig", "RDF_TRIG", "TriG", f"{TR}trig/")
N_QUADS = Format("nq", "application/n-quads", "RDF_N_QUADS", "N-Quads")

RESULTS_JSON = Format("json", "application/sparql-results+json", "", "SPARQL_Results_JSON", "", ("application/json",))
RESULTS_XML = Format("xml", "application/sparql-results+xml", "", "SPARQL_Results_XML", "", ("application/xml",))
CSV = Format("csv", "text/csv", "CSV", "SPARQL_Results_CSV", "https://www.rfc-editor.org/rfc/rfc4180")
TSV = Format("tsv", "text/tab-separated-values", w3c="SPARQL_Results_TSV")

QUERY = Format("rq", "application/sparql-query", "SPARQLQ")
UPDATE = Format("ru", "application/sparql-update")
ZIP = Format("zip", "application/zip")
GZIP = Format("gz", "application/gzip")
XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ODS = Format("ods", "application/vnd.oasis.opendocument.spreadsheet")
ODS_PART = "text/xml"
"""The media type of the XML files in an ODS file, by the name that its manifests use."""
HTML = Format("html", "text/html", "HTML", aliases=("application/xhtml+xml",))
CSS = Format("css", "text/css")
JAVASCRIPT = Format("js", "text/javascript")
WASM = Format("wasm", "application/wasm")
MARKDOWN = Format("md", "text/markdown")
TEXT = Format("txt", "text/plain", "TXT")
JSON = Format("json", "application/json", "JSON")
XML = Format("xml", "application/xml", "XML")
BIBTEX = Format("bib", "application/x-bibtex")
VOID = Format("void", TURTLE.media, TURTLE.code, TURTLE.w3c, TURTLE.spec)
"""The description of a dataset at `.well-known/void` (https://www.w3.org/TR/void/#well-known)."""
LICENCE = Format("LICENSE", TEXT.media, TEXT.code)
EXAMPLES = Format("sparql-examples", TURTLE.media, TURTLE.code, TURTLE.w3c, TURTLE.spec)
"""The examples of queries at `.well-known/sparql-examples`, as the services of the SIB name them."""
WHOLE = (VOID, EXAMPLES, LICENCE)
"""The formats whose name is the whole name of a file."""
CSL = Format("csl.json", "application/vnd.citationstyles.csl+json")

TABLES = (RESULTS_JSON, RESULTS_XML, CSV, TSV)
"""The formats of SELECT and ASK results (https://www.w3.org/TR/sparql11-overview/#formats)."""
GRAPHS = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML)
"""The formats of triples."""
DATA = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
"""The formats in which a server describes each thing."""
FILED = (TURTLE, JSON_LD, RDF_XML)
"""The formats in which each thing has a file of its own in a release: N-Triples are the whole graph's."""
DUMPED = (TURTLE, JSON_LD, N_TRIPLES)
"""The formats of the whole graph beside the data of things."""

FILES = (
    Format("cdx.json", "application/vnd.cyclonedx+json", "JSON", spec="https://cyclonedx.org/docs/1.6/json/"),
    Format("csv-metadata.json", "application/csvm+json", "JSON", spec=f"{TR}tabular-metadata/"),
    Format("ro-crate-metadata.json", JSON_LD.media, JSON_LD.code, JSON_LD.w3c, JSON_LD.spec),
    *(*GRAPHS, TRIG, N_QUADS, CSV, TSV, QUERY, UPDATE, HTML, CSS, JAVASCRIPT, WASM, MARKDOWN, TEXT, JSON, XML),
    Format("atom", "application/atom+xml", "ATOM", spec="https://www.rfc-editor.org/rfc/rfc4287"),
    Format("cff", "application/yaml"),
    GZIP,
    Format("graphml", XML.media, XML.code),  # which has no media type of its own
    Format("ico", "image/vnd.microsoft.icon"),
    Format("md5", TEXT.media, TEXT.code),
    Format("parquet", "application/vnd.apache.parquet", "PARQUET", spec="https://parquet.apache.org/docs/file-format/"),
    Format("png", "image/png"),
    Format("sqlite", "application/vnd.sqlite3", "BIN", spec="https://www.sqlite.org/fileformat2.html"),
    Format("svg", "image/svg+xml"),
    Format("woff2", "font/woff2"),
    XLSX,
    *WHOLE,
    ZIP,
)
"""The formats of the files that are published, those with the longest suffixes first."""

BY_MEDIA: Mapping[str, Format] = {known.media: known for known in reversed(FILES)}


def media_type(path: str) -> str:
    """The media type of a file by the suffix of its name.

    >>> [media_type(path) for path in ("sekg.ttl", "tables/csv-metadata.json", "unknown")]
    ['text/turtle', 'application/csvm+json', 'application/octet-stream']
    """
    name = f".{PurePosixPath(path).name}"
    return next((known.media for known in FILES if name.endswith(f".{known.name}")), BYTES)


def offered(formats: Iterable[Format]) -> dict[str, Format]:
    """Formats by media type, then by alias: negotiation prefers the first."""
    listed = list(formats)
    return {known.media: known for known in listed} | {name: known for known in listed for name in known.aliases}
