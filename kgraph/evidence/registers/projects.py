"""Lists of projects, whose beneficiaries may be people who trade under their own name."""

from collections.abc import Iterable, Iterator

from kgraph.evidence.registers import names
from kgraph.rdf.csvw import Description

WITHHELD = "beneficiary"
"""The column of the description whose cells may name people."""


def without_people(table: Iterable[list[str]], description: Description) -> Iterator[list[str]]:
    """The rows of a table, with an empty cell for each beneficiary whose name is not surely that of a body.

    The kept file has all names; neither the facts nor the cells of the graph have those of people.
    """
    place = None
    for number, row in enumerate(table):
        if number == description.skipped:
            place = description.placed(row)[WITHHELD]
        elif place is not None and place < len(row) and not names.is_body(row[place]):
            row[place] = ""
        yield row
