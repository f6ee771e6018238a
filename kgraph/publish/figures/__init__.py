"""Figures for a paper: agreements beside their signatories, or a one-mode projection as a matrix.

Kinds differ in colour and in shape, for grey print and the colour-blind. Equal data gives equal bytes.
"""

import io

import pyoxigraph as ox

from kgraph.base import paths
from kgraph.errors import BadQuery, NotFound
from kgraph.graph.network.analysis import Analysis
from kgraph.publish.figures import bipartite, matrix

FORMS = {
    "svg": {"Date": None, "Creator": "kgraph"},
    "pdf": {"CreationDate": None, "Creator": "kgraph", "Producer": "matplotlib"},
}
"""The metadata of each file format, without dates."""


def figure(store: ox.Store, found: Analysis, form: str, lang: str = "en") -> bytes:
    """The measured network as svg or pdf; NotFound when matplotlib is missing or nothing was signed."""
    if form not in FORMS:
        raise BadQuery(f"a figure is written as {' or '.join(FORMS)}, not as {form!r}")
    try:
        from matplotlib import rc_context
    except ImportError as error:
        raise NotFound("figures need matplotlib; say pip install matplotlib") from error
    if not found.things:
        raise NotFound("a figure is drawn of agreements and their signatories, and there is none")
    way = bipartite if found.basis.projection == "bipartite" else matrix
    arranged = way.arrange(store, found, lang)
    written = io.BytesIO()
    with rc_context(fname=paths.packaged("publish/figures/figure.mplstyle")):
        way.draw(arranged, lang).savefig(written, format=form, metadata=FORMS[form])
    return written.getvalue()
