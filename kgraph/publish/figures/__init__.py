"""Figures for a paper: agreements beside those who signed them, or who shares what with whom, as a matrix.

Kinds differ in colour and in shape, so that a figure can be read in grey print and by the colour-blind. Equal data
gives equal bytes.
"""

import io
from contextlib import AbstractContextManager

import pyoxigraph as ox

from kgraph.errors import BadQuery, NotFound
from kgraph.graph.analysis import Analysis
from kgraph.publish.figures import bipartite, matrix

FORMS = {
    "svg": {"Date": None, "Creator": "kgraph"},
    "pdf": {"CreationDate": None, "Creator": "kgraph", "Producer": "matplotlib"},
}
"""What is written into a file beside the drawing: nothing that changes from day to day."""


def figure(store: ox.Store, found: Analysis, form: str, lang: str = "en") -> bytes:
    """What was measured as svg or pdf; NotFound when matplotlib is missing or nothing was signed."""
    if form not in FORMS:
        raise BadQuery(f"a figure is written as {' or '.join(FORMS)}, not as {form!r}")
    try:
        styled = _style()
    except ImportError as error:
        raise NotFound("figures need matplotlib; say pip install matplotlib") from error
    if not found.things:
        raise NotFound("a figure is drawn of agreements and their signatories, and there is none")
    way = bipartite if found.basis.projection == "bipartite" else matrix
    arranged = way.arrange(store, found, lang)
    written = io.BytesIO()
    with styled:
        way.draw(arranged, lang).savefig(written, format=form, metadata=FORMS[form])
    return written.getvalue()


def _style() -> AbstractContextManager[None]:
    """Small plain type, names taken as they are, and no identifiers that change from run to run."""
    import matplotlib

    return matplotlib.rc_context(
        {
            "font.family": "DejaVu Sans",
            "font.size": 7,
            "text.parse_math": False,
            "svg.hashsalt": "kgraph",
            "pdf.fonttype": 42,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.spines.left": False,
            "axes.linewidth": 0.6,
            "xtick.major.width": 0.6,
        }
    )
