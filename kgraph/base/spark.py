"""A session of Apache Spark that prints nothing, and keeps all it writes in one folder."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.base.problems import fault
from kgraph.errors import NotFound

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@contextmanager
def _quiet() -> Iterator[None]:
    """Drop what is written to standard error, also by a JVM that starts here; errors come as exceptions."""
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


def session(work: Path, master: str) -> "SparkSession":
    """A session at a master, whose files stand in a folder; NotFound without PySpark, Java or that master."""
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise NotFound(fault("spark-missing")) from error
    options: dict[str, bool | float | int | str | None] = {
        "spark.driver.extraJavaOptions": "-Dlog4j2.level=ERROR",
        "spark.local.dir": str(work / "spark"),
        "spark.sql.warehouse.dir": str(work / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("kgraph").config(map=options)
    try:
        with _quiet():
            opened = builder.getOrCreate()
    except (PySparkException, Py4JError, OSError) as error:
        raise NotFound(fault("spark-not-there", master=master, reason=str(error).splitlines()[0])) from error
    opened.sparkContext.setLogLevel("ERROR")
    return opened
