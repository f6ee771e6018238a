"""The descriptions of registers that come with kgraph, one file a register."""

import json
from pathlib import Path
from typing import Any

from kgraph.base.problems import fault
from kgraph.errors import NotFound
from kgraph.rdf import csvw

SHIPPED = Path(__file__).parent / "shipped"


def shipped() -> list[str]:
    """The names of the descriptions that come with kgraph."""
    return sorted(path.stem for path in SHIPPED.glob("*.json"))


def described(name: str) -> csvw.Description:
    """A description that comes with kgraph; NotFound for an unknown name."""
    return csvw.parsed(name, metadata_of(name))


def metadata_of(name: str) -> dict[str, Any]:
    if name not in shipped():
        raise NotFound(fault("register-unknown", name=name, known=", ".join(shipped())))
    found: dict[str, Any] = json.loads((SHIPPED / f"{name}.json").read_text(encoding="utf-8"))
    return found
