"""The one Spark of a test process: small, quick to answer, and deaf to the network."""

from __future__ import annotations

import functools
import os
from typing import TypeVar

import pytest

from wherry.foundation.errors import EnvironmentWrong

Test = TypeVar("Test")
# It answers few rows: what it would compile, share out or plan anew costs more than the answers.
_SMALL = {
    "spark.master": "local[1]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.default.parallelism": "1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
# Tests that ask Spark run in one process, so that one Java is started. PySpark leaves the sockets it reads answers from
# to be closed by themselves.
ASKS_SPARK = (pytest.mark.xdist_group("spark"), pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))


def asks_spark(test: Test) -> Test:
    """Mark a test that asks Spark."""
    for mark in ASKS_SPARK:
        test = mark(test)
    return test


@functools.cache
def _started() -> str:
    from wherry.risk.engines.spark_session import refuse_where_it_cannot_run

    try:
        refuse_where_it_cannot_run()
    except EnvironmentWrong as error:
        return str(error)
    import sys

    from pyspark.sql import SparkSession

    building = SparkSession.builder.config("spark.pyspark.python", sys.executable)
    for key, value in _SMALL.items():
        building = building.config(key, value)
    building.getOrCreate().sparkContext.setLogLevel("OFF")
    return ""


def need_spark() -> None:
    """Start Spark once. Where it cannot run its tests are skipped and say why, save in CI, where that is a failure."""
    why_not = _started()
    if why_not and os.environ.get("CI") == "true":
        pytest.fail(f"CI must ask all engines: {why_not}")
    if why_not:
        pytest.skip(f"as root, `make test` installs Java: {why_not}")
