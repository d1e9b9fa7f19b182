"""The large definition in Polars, its streaming engine: the same steps as the hand-tuned SQL, on the same Parquet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
from risk_contestants import definition
from risk_contestants.definition import AS_OF, GROUPS
from risk_contestants.tuned_sql import BIT, LATER, code_rows

DAY = dt.date.fromisoformat(AS_OF)
NEVER = ["entered-in-error", "entered_in_error", "refuted"]
OVER = ["resolved", "stopped", "inactive", "remission", "completed", "cancelled", "finished"]


def run(*, store: Path, out: Path, spill: Path) -> dict[str, Any]:
    """Write `out`; returns the counts. spill: Polars chooses its own."""
    codes, listed = code_rows()
    hits = _hits(store, pl.LazyFrame(codes, schema={"code": pl.String, "mask": pl.Int64}, orient="row"))
    truth = _truth(store, hits.lazy()).collect(engine="streaming")
    placed = _placed(truth.lazy()).collect(engine="streaming")
    lists = pl.LazyFrame(listed, schema={"code": pl.String, "list": pl.Int32}, orient="row")
    evidence = (
        hits.lazy()
        .join(placed.lazy().select("person_id"), on="person_id", how="semi")
        .join(lists, on="code")
        .group_by("person_id", "list")
        .agg(pl.col("date").max().alias("newest"))
        .group_by("person_id")
        .agg(pl.struct("list", "newest").alias("evidence"))
    )
    placed.lazy().join(evidence, on="person_id", how="left").sink_parquet(out, compression="zstd", engine="streaming")
    names = [*definition.criteria(), *GROUPS]
    fired = truth.select(pl.len().alias("living"), *(pl.col(name).sum() for name in names)).row(0, named=True)
    places = placed.group_by("category", "tier").len().rows()
    return {**{name: int(number) for name, number in fired.items()}, **{f"{c} {t}": int(n) for c, t, n in places}}


def _hits(store: Path, codes: pl.LazyFrame) -> pl.DataFrame:
    facts = pl.scan_parquet(f"{store}/facts/*.parquet")
    status = pl.col("status").fill_null("")
    return (
        facts.select("person_id", "code", "date", "end_date", "status", "value")
        .join(codes, on="code")
        .filter((pl.col("date") <= DAY) & ~status.is_in(NEVER))
        .select(
            "person_id",
            "code",
            "date",
            "mask",
            "value",
            ((pl.col("end_date").is_null() | (pl.col("end_date") >= DAY)) & ~status.is_in(OVER)).alias("running"),
        )
        .collect(engine="streaming")
    )


def _on(*names: str) -> pl.Expr:
    return (pl.col("mask") & sum(BIT[name] for name in names)) != 0


def _back(first: int, last: int) -> pl.Expr:
    return pl.col("date").is_between(DAY - dt.timedelta(days=last), DAY - dt.timedelta(days=first))


def _truth(store: Path, hits: pl.LazyFrame) -> pl.LazyFrame:
    born = pl.col("birth_date")
    before = (born.dt.month().cast(pl.Int32) * 100 + born.dt.day()) > DAY.month * 100 + DAY.day
    people = (
        pl.scan_parquet(f"{store}/persons.parquet")
        .filter(pl.col("death_date").is_null())
        .select("person_id", "imd_decile", (DAY.year - born.dt.year() - before.cast(pl.Int32)).alias("age"))
    )
    for table in (_met(hits), _newest(hits), _counted(hits), _valued(hits)):
        people = people.join(table, on="person_id", how="left")
    truth = people.with_columns(_leaf(name).fill_null(False).alias(name) for name in definition.criteria())
    for name in ("frailty", "multimorbidity"):
        points = definition.large()["scores"][name]["points"]
        truth = truth.with_columns(
            pl.sum_horizontal(pl.col(part).cast(pl.Int32) * worth for part, worth in points.items()).alias(name)
        )
    for name, each in GROUPS.items():
        truth = truth.with_columns(_group(each).alias(name))
    return truth.select("person_id", "frailty", *definition.criteria(), *GROUPS)


def _group(each: dict[str, Any]) -> pl.Expr:
    if "score" in each:
        return pl.col(each["score"]["name"]) >= each["score"]["at_least"]
    return pl.all_horizontal(each["all"]) if "all" in each else pl.any_horizontal(each["any"])


def _met(hits: pl.LazyFrame) -> pl.LazyFrame:
    windows = {"w182": (0, 182), "w365": (0, 365), "m0": (0, 30), "m1": (31, 60), "m2": (61, 90)}
    mask = pl.col("mask")
    masked = {name: pl.when(_back(*days)).then(mask).otherwise(0) for name, days in windows.items()}
    every = {"ever": mask, "running_mask": pl.when(pl.col("running")).then(mask).otherwise(0), **masked}
    return hits.group_by("person_id").agg(each.bitwise_or().alias(name) for name, each in every.items())


def _newest(hits: pl.LazyFrame) -> pl.LazyFrame:
    needed = sorted({name for one, _, other in LATER.values() for name in (one, other)})
    dated = hits.filter(_on(*needed)).with_columns(
        pl.when(_on(name)).then(pl.col("date")).alias(f"d_{name}") for name in needed
    )
    return dated.group_by("person_id").agg(pl.col(f"d_{name}").max() for name in needed)


def _counted(hits: pl.LazyFrame) -> pl.LazyFrame:
    events = hits.filter(_on("long_term_medicine", "falls")).unique(["person_id", "code", "date"])
    return events.group_by("person_id").agg(
        (_on("long_term_medicine") & _back(0, 365)).sum().alias("medicines"),
        (_on("falls") & _back(0, 730)).sum().alias("falls_counted"),
    )


def _valued(hits: pl.LazyFrame) -> pl.LazyFrame:
    packed = pl.col("date").cast(pl.Int32).cast(pl.Int64) * 10000 + (pl.col("value") * 10).round().cast(pl.Int64)
    kept = hits.filter(pl.col("value").is_not_null() & _on("body_mass_index", "glycated_haemoglobin")).with_columns(
        pl.when(_on("body_mass_index")).then(packed).alias("bmi"),
        pl.when(_on("glycated_haemoglobin") & _back(0, 730)).then(packed).alias("glucose"),
    )
    newest = kept.group_by("person_id").agg(pl.col("bmi").max(), pl.col("glucose").max())
    return newest.with_columns(pl.col("bmi") % 10000, pl.col("glucose") % 10000)


def _leaf(name: str) -> pl.Expr:
    special = {
        "many_medicines": pl.col("medicines") >= 5,
        "repeated_falls": pl.col("falls_counted") >= 2,
        "immunosuppression_diagnosis": _bit("ever", "immunosuppression"),
        "immunosuppression_medicine": _bit("w182", "immunosuppression_medicine"),
        "asthma_admission": _bit("w365", "asthma_admission"),
        "steroid_in_each_month": pl.all_horizontal(_bit(month, "oral_steroid") for month in ("m0", "m1", "m2")),
        "body_mass_index_40": pl.col("bmi") >= 400,
        "glucose_poorly_held": pl.col("glucose") > 750,
        "housebound_now": _bit("running_mask", "housebound"),
        "aged_65": pl.col("age") >= 65,
        "aged_80": pl.col("age") >= 80,
        "most_deprived": pl.col("imd_decile") <= 2,
    }
    if name in LATER:
        one, sign, other = LATER[name]
        newest, before = pl.col(f"d_{one}"), pl.col(f"d_{other}")
        return newest.is_not_null() & (before.is_null() | (newest >= before if sign == ">=" else newest > before))
    return special[name] if name in special else _bit("ever", name)


def _bit(column: str, name: str) -> pl.Expr:
    return (pl.col(column) & BIT[name]) != 0


def _placed(truth: pl.LazyFrame) -> pl.LazyFrame:
    tier = (
        pl.when("shielding")
        .then(pl.when("severely_frail").then(pl.lit("1")).when("multimorbid").then(pl.lit("2")).otherwise(pl.lit("3")))
        .when("at_clinical_risk")
        .then(pl.when("very_multimorbid").then(pl.lit("1")).when("aged_80").then(pl.lit("2")).otherwise(pl.lit("3")))
        .otherwise(pl.lit("1"))
    )
    category = pl.when("shielding").then(pl.lit("shielded")).when("at_clinical_risk").then(pl.lit("clinical"))
    return truth.filter(pl.any_horizontal("shielding", "at_clinical_risk", "alone_and_deprived")).select(
        "person_id", category.otherwise(pl.lit("social")).alias("category"), tier.alias("tier"), "frailty"
    )
