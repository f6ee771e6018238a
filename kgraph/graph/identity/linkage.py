"""Pairs of very many records that may be one, found by splink, in DuckDB or on Apache Spark.

Splink finds pairs by rules of blocking and weighs their fields by a Fellegi–Sunter model, whose weights it estimates
from the records themselves (https://moj-analytical-services.github.io/splink/). What it leaves is compared and told as
all other pairs are.
"""

import logging
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from kgraph.base import spark
from kgraph.base.likeness import Parts, parts
from kgraph.base.problems import fault
from kgraph.errors import NotFound
from kgraph.graph.identity.records import SHARED_BY, Record

if TYPE_CHECKING:
    import pyarrow as pa
    from splink import SettingsCreator
    from splink.internals.database_api import DatabaseAPI

PROBABLE = 0.01
"""The least probability of a pair that is compared further."""

SAMPLE = 1_000_000
"""The most random pairs from which the frequencies of chance agreements are estimated."""

EXACT = 0.7
"""The share of true pairs, as a guess, that have equal words and one place."""

TASKS = 2
"""The tasks of a core of Spark (https://spark.apache.org/docs/latest/tuning.html#level-of-parallelism)."""

BLOCKED_BY = ("words", "mixed", "begin", "ending", "number")
LEARNED_FROM = (("words",), ("place", "begin"))
"""The columns that pairs have in common, and those of the pairs from which the weights are estimated."""

COLUMNS = ("unique_id", "name", "words", "stems", "begin", "ending", "mixed", "place", "form", "number")


def near(known: Iterable[Record], about: frozenset[str] = frozenset(), master: str = "") -> Iterator[tuple[str, str]]:
    """The pairs that splink finds probable; on Spark when its master is given."""
    if find_spec("splink") is None or find_spec("duckdb") is None:
        raise NotFound(fault("splink-not-there"))
    records = list(known)
    with _database(master) as database:
        numbered = [(one // NAMES, other // NAMES) for one, other in _probable(_table(records), database)]
    found = {frozenset((records[one].iri, records[other].iri)) for one, other in numbered if one != other}
    for first, second in sorted(map(sorted, found)):
        if not about or not about.isdisjoint((first, second)):
            yield first, second


NAMES = 1000
"""The most names of a record; the number of a name is that of its record times this, and its own."""


def _table(records: list[Record]) -> "pa.Table":
    """One row a name; empty where too many have a value by which pairs are found."""
    import pyarrow as pa

    rows = [
        (at * NAMES + number, *_row(record, parts(name)))
        for at, record in enumerate(records)
        for number, name in enumerate(record.names[:NAMES])
    ]
    columns: dict[str, Sequence[object]] = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    columns |= {f"{name}_key": _rare(columns[name]) for name in BLOCKED_BY}
    kinds = {"unique_id": pa.int64(), "stems": pa.list_(pa.string())}
    return pa.table({name: pa.array(values, kinds.get(name, pa.string())) for name, values in columns.items()})


def _rare(values: Sequence[object]) -> Sequence[object]:
    """The values that two names have, or a few more; what many have would make too many pairs."""
    many = Counter(values)
    return [value if 1 < many[value] <= SHARED_BY else None for value in values]


def _row(record: Record, of: Parts) -> tuple[object, ...]:
    number = next((f"{agency} {min(record.numbers[agency])}" for agency in sorted(record.numbers)), None)
    place, form = min(record.places, default=None), min(record.forms, default=of.form)
    words = " ".join(sorted(of.stems))
    return of.letters, words, [*of.stems], of.beginning, of.ending, of.mixed, place, form, number


def _probable(table: "pa.Table", database: "DatabaseAPI[Any]") -> Iterator[tuple[int, int]]:
    """The numbers of names that are probably of one thing, after the model is estimated from the names themselves."""
    from splink import Linker, block_on

    linker = Linker(database.register(table), _settings(), log_level=logging.ERROR)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("words", "place")], recall=EXACT)
    training.estimate_u_using_random_sampling(max_pairs=SAMPLE, num_chunks=1)
    for columns in LEARNED_FROM:
        training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns), estimate_without_term_frequencies=True
        )
    found = linker.inference.predict(threshold_match_probability=PROBABLE)
    return ((each["unique_id_l"], each["unique_id_r"]) for each in found.as_record_list())


def _settings() -> "SettingsCreator":
    """The model, which is the same on both engines: only functions that both have."""
    import splink.comparison_library as library
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            library.LevenshteinAtThresholds("name", [1, 3]),
            library.ArrayIntersectAtSizes("stems", [3, 2, 1]),
            library.ExactMatch("place").configure(term_frequency_adjustments=True),
            library.ExactMatch("form"),
        ],
        blocking_rules_to_generate_predictions=[block_on(f"{name}_key") for name in BLOCKED_BY],
        max_iterations=10,
    )


@contextmanager
def _database(master: str) -> "Iterator[DatabaseAPI[Any]]":
    """Where splink runs its SQL: DuckDB in this process, or Apache Spark at a master."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        if master:
            from splink.backends.spark import SparkAPI

            # the warnings are of versions of pandas, which is not used
            with spark.session(Path(temporary), master) as session, warnings.catch_warnings(action="ignore"):
                session.conf.set("spark.sql.shuffle.partitions", TASKS * session.sparkContext.defaultParallelism)
                session.sparkContext.setCheckpointDir(str(Path(temporary) / "checkpoints"))
                api: Any = SparkAPI
                yield api(spark_session=session, register_udfs_automatically=False)  # of a JAR; none is needed
        else:
            import duckdb
            from splink import DuckDBAPI

            with duckdb.connect(config={"temp_directory": temporary}) as connection:
                yield DuckDBAPI(connection)
