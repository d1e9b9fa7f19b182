"""
A Spark session for one question: found or started, told what the plan's SQL relies on, and given back.

Where Spark runs is Spark's own affair (`spark-submit`, `SPARK_CONF_DIR`, `MASTER`); without any of it, on every core
of this machine. WHERRY_SPARK_MASTER names a master for this command alone.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.foundation.errors import EnvironmentWrong
from wherry.risk.engines.spark_sql import SAID_NUMBER

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLDEST_JAVA = 17
MASTER = "WHERRY_SPARK_MASTER"
# What the translated SQL must find, whatever the cluster's own settings: no substitution inside a text that holds
# `${…}`, backslashes read as the translation writes them, days as they are written, texts as texts.
_RELIED_ON = {
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.binaryAsString": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
}
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}


@contextlib.contextmanager
def session() -> Iterator[SparkSession]:
    """
    Give a session with a catalogue of its own; a Spark that was running already is left running.

    Raises EnvironmentWrong where Spark or Java is not there, or Spark cannot start.
    """
    refuse_where_it_cannot_run()
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    was_running = SparkSession.getActiveSession()
    try:
        spark = was_running or _started()
    except (PySparkException, OSError, _java_error()) as error:
        raise EnvironmentWrong(
            "Spark did not start; see that its master can be reached and that Java has the memory it is given"
        ) from error
    try:
        yield _with_what_is_relied_on(spark.newSession())
    finally:
        if was_running is None:
            spark.stop()


def version() -> str:
    """Say which Spark is installed."""
    import pyspark

    return f"Spark {pyspark.__version__}"


def refuse_where_it_cannot_run() -> None:
    """Raise EnvironmentWrong, in a sentence, where Spark or the Java it needs is not there."""
    if importlib.util.find_spec("pyspark") is None:
        raise EnvironmentWrong(
            "the spark engine is not installed; install it with: pip install 'wherry[spark]', or choose --engine duckdb"
        )
    found = _java_version()
    if found is None:
        what = "Spark needs Java, and there is none here"
    elif found < OLDEST_JAVA:
        what = f"Spark needs Java {OLDEST_JAVA} or later, and this is Java {found}"
    else:
        return
    raise EnvironmentWrong(
        f"{what}; install one (Debian: apt-get install openjdk-17-jre-headless), set JAVA_HOME, or choose"
        " --engine duckdb"
    )


def _java_version() -> int | None:
    """Ask Java for its version; None where there is no Java that runs. It is found as Spark finds it."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None:
        return None
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    told = re.search(r'version "(?:1\.)?(\d+)', said.stderr)
    return int(told[1]) if told else None


def _java_error() -> type[Exception]:
    from py4j.protocol import Py4JError

    return Py4JError


def _started() -> SparkSession:
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

    building = SparkSession.builder.appName("wherry risk stratify")
    if os.environ.get(MASTER):
        building = building.master(os.environ[MASTER])
    said = SparkConf()  # starts Java, which reads Spark's own settings
    for key, value in _QUIET.items():
        building = building if said.contains(key) else building.config(key, value)
    master = os.environ.get(MASTER) or said.get("spark.master") or "local[*]"
    if master.startswith("local"):
        for key, value in _of_one_machine().items():
            building = building if said.contains(key) else building.config(key, value)
    spark = building.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def _of_one_machine() -> dict[str, str]:
    """Fewer, larger parts than a cluster wants; and this Python, where one is needed."""
    return {
        "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
        "spark.pyspark.python": sys.executable,
        "spark.driver.host": "127.0.0.1",  # nobody else is to reach it
        "spark.driver.bindAddress": "127.0.0.1",
    }


def _with_what_is_relied_on(spark: SparkSession) -> SparkSession:
    from pyspark.sql.types import StringType

    for key, value in _RELIED_ON.items():
        spark.conf.set(key, value)
    spark.udf.register(SAID_NUMBER, lambda number: None if number is None else f"{number:g}", StringType())
    return spark
