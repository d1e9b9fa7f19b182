"""
The engine for a cluster: the same steps, translated for Spark, over the store's own Parquet files.

No rows come to this machine but those of the people placed, and those as Parquet, to be written as the list. Every
worker must see the store and the folder of the output under the same path.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.foundation.errors import EnvironmentWrong, InputWrong, WherryError
from wherry.population.store import copy_parquet, parquet_sql
from wherry.risk.engines import PLACED_COLUMNS, Answer, Question
from wherry.risk.engines.plan import Plan
from wherry.risk.engines.steps import BEGINNING, answered, counts_sql, dead_sql, load_beginning, steps

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import SparkSession

NAME = "spark"
READS_THE_STORE = True
# Read by more than one later step: kept in memory once made and, past that, on the workers' disks.
_KEPT = ("hits", "truth", "at_risk")


def answer(*, connection: duckdb.DuckDBPyConnection, question: Question) -> Answer:
    """
    Place everybody on Spark. Memory: the workers'; here only what the list holds, within the connection's limit.

    Raises EnvironmentWrong where Spark or Java is not there or stops, InputWrong for a store it cannot read.
    """
    from wherry.risk.engines.spark_session import session

    with session() as spark, _folder(connection) as folder:
        try:
            return _answer(_Tables(spark, connection, folder), Plan(question))
        except WherryError:
            raise
        except _spark_errors() as error:
            raise _told(error) from error


def version() -> str:
    """Say which Spark answers."""
    from wherry.risk.engines import spark_session

    return spark_session.version()


def _answer(tables: _Tables, plan: Plan) -> Answer:
    from wherry.risk.engines.spark_sql import to_spark

    load_beginning(tables.connection, plan)
    for name in BEGINNING:
        tables.hand_over(name)
    persons, facts = (tables.view(sql) for sql in (plan.question.persons_sql, plan.question.facts_sql))
    told = Plan(Question(plan.question.definition, plan.question.codes, plan.question.as_of, persons, facts))
    for name, sql in steps(told).items():
        tables.define(name, to_spark(sql))
    [counts] = tables.spark.sql(to_spark(counts_sql(told))).collect()
    [(dead,)] = tables.spark.sql(to_spark(dead_sql(persons))).collect()
    tables.bring_back("placed")
    return answered(plan, counts=counts, dead=dead)


@dataclass(frozen=True, eq=False)
class _Tables:
    """The tables of one question as Spark knows them, and the way there and back through files in `folder`."""

    spark: SparkSession
    connection: duckdb.DuckDBPyConnection
    folder: Path
    read: dict[tuple[Path, ...], str] = field(default_factory=dict)

    def view(self, select_sql: str) -> str:
        """Name a SELECT over the store for Spark; gives a SELECT of the view."""
        from wherry.risk.engines.spark_sql import over_tables

        name = f"asked_{len(self.read)}_{len(select_sql)}"
        self.define(name, over_tables(select_sql, read=self._parquet, hand_over=self.hand_over))
        return f"SELECT * FROM {name}"

    def _parquet(self, files: tuple[Path, ...]) -> str:
        if files not in self.read:
            self.read[files] = f"read_{len(self.read)}"
            listed = [str(file.absolute()) for file in files]
            found = self.spark.read.option("mergeSchema", "true").parquet(*listed)
            found.createOrReplaceTempView(self.read[files])
        return self.read[files]

    def hand_over(self, table: str) -> str:
        """Let Spark read a table of the connection, through a file."""
        file = self.folder / f"{table}.parquet"
        copy_parquet(connection=self.connection, select_sql=f"SELECT * FROM {table}", file=file)
        self.spark.read.parquet(str(file)).createOrReplaceTempView(table)
        return table

    def define(self, name: str, sql: str) -> None:
        """Name what a statement gives; nothing is computed yet."""
        made = self.spark.sql(sql)
        (made.persist() if name in _KEPT else made).createOrReplaceTempView(name)

    def bring_back(self, name: str) -> None:
        """Compute a table on the workers into files, and make a temporary table of the connection from them."""
        written = self.folder / "written" / name
        self.spark.table(name).write.parquet(str(written))
        columns = ", ".join(f"CAST({column} AS {kind}) AS {column}" for column, kind in PLACED_COLUMNS.items())
        files = parquet_sql(sorted(written.glob("*.parquet")))
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {columns} FROM {files}")


@contextlib.contextmanager
def _folder(connection: duckdb.DuckDBPyConnection) -> Iterator[Path]:
    """Give a private folder beside the output, where the connection spills, and take it away again."""
    [(beside,)] = connection.execute("SELECT current_setting('temp_directory')").fetchall()
    spill = Path(beside).absolute()
    spill.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=spill, prefix="spark-") as folder:
        yield Path(folder)
    with contextlib.suppress(OSError):  # something else is spilt there
        spill.rmdir()


def _spark_errors() -> tuple[type[Exception], ...]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    return Py4JError, PySparkException


def _told(error: Exception) -> WherryError:
    # Spark's message may hold a row: it is not repeated, only what kind it is.
    said = str(error)
    if "CAST_INVALID_INPUT" in said or "CANNOT_MERGE" in said:
        return InputWrong(
            "the store holds a value, or two files of one table, that Spark cannot read as the documented type; mend"
            " the table, or choose --engine duckdb, which names the column"
        )
    return EnvironmentWrong(
        "Spark stopped before everybody was placed, and nothing was written; its own log says why, often too little"
        " memory or disk for a worker, or a folder no worker can see"
    )
