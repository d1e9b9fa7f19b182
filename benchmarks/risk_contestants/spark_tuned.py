"""The hand-tuned SQL on Spark with two threads, on the same Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from risk_contestants import tuned_sql


def run(*, store: Path, out: Path, spill: Path) -> dict[str, Any]:
    """Write `out`, a folder; returns the counts. Tables read more than once are kept in memory, as a person would."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "3g")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.local.dir", str(spill))
        .config("spark.ui.enabled", "false")
        .config("spark.sql.ansi.enabled", "true")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    for table in ("persons", "facts"):
        folder = store / (table if (store / table).is_dir() else f"{table}.parquet")
        session.read.parquet(str(folder)).createOrReplaceTempView(table)
    codes, listed = tuned_sql.code_rows()
    session.createDataFrame(codes, "code string, mask bigint").createOrReplaceTempView("codes")
    session.createDataFrame(listed, "code string, list int").createOrReplaceTempView("listed")
    for name, sql in tuned_sql.steps(tuned_sql.SPARK).items():
        rows = session.sql(sql)
        if name == "explained":
            rows.write.mode("overwrite").parquet(str(out))
        elif name in ("hits", "truth", "placed"):
            rows = rows.persist()
        rows.createOrReplaceTempView(name)
    counted = session.sql(tuned_sql.counts_sql()).collect()[0].asDict()
    places = {f"{row.category} {row.tier}": int(row.people) for row in session.sql(tuned_sql.PLACES_SQL).collect()}
    gateway = session.sparkContext._gateway
    session.stop()
    # The Java process is waited for, so that its time and memory are counted as ours.
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
    return {**{name: int(number) for name, number in counted.items()}, **places}
