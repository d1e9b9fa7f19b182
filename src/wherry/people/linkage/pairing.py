"""The two passes that find pairs: a shared NHS number, then similarity (Splink) where a number is missing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from wherry.people.linkage.rules import REVIEW_AT

if TYPE_CHECKING:
    import duckdb

SCORED_COLUMNS = (
    "record_id, nhs_number, given, family, CAST(birth_date AS VARCHAR) AS born, sex, postcode_key, home, contacts"
)
FREQUENCIES_FROM = 2_000
"""Below this many records a name's own frequency says nothing; the fixed priors stand alone."""
_NUMBER_MISSING = "(l.nhs_number IS NULL OR r.nhs_number IS NULL)"
_INITIAL = "(substr({one}, 1, 1) = substr({other}, 1, 1) AND least(length({one}), length({other})) = 1)"
_BLOCKS = (
    "l.born = r.born AND substr(l.given, 1, 2) = substr(r.given, 1, 2)",
    "l.born = r.born AND substr(l.family, 1, 2) = substr(r.family, 1, 2)",
    "l.born = r.born AND l.given = r.family AND l.family = r.given",
    "l.born = r.born AND l.postcode_key = r.postcode_key",
    "l.given = r.given AND l.family = r.family",
    "l.postcode_key = r.postcode_key AND l.given = r.given",
)


def same_number_pairs(*, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Give every pair of records that bear the same valid NHS number."""
    return connection.execute("""
        SELECT l.record_id, r.record_id FROM record l JOIN record r
        ON l.nhs_number = r.nhs_number AND l.record_id < r.record_id ORDER BY 1, 2
    """).fetchall()


def shared_names(*, connection: duckdb.DuckDBPyConnection) -> frozenset[tuple[str, str, str]]:
    """Give each given name, family name and postcode that records of two birth dates or two NHS numbers bear."""
    rows = connection.execute("""
        SELECT given, family, postcode_key FROM record
        WHERE given IS NOT NULL AND family IS NOT NULL AND postcode_key IS NOT NULL GROUP BY ALL
        HAVING count(DISTINCT birth_date) > 1 OR count(DISTINCT nhs_number) > 1
    """).fetchall()
    return frozenset(rows)


def similar_pairs(*, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, float]]:
    """
    Score pairs of which at least one record has no NHS number. Returns (left, right, probability) at or over review.

    Two records that both have one are never scored: alike they are paired by it, different they conflict. The
    weights are fixed and no sample is drawn, so the same records give the same scores on every run.
    """
    waiting = connection.execute("SELECT count(*) FILTER (WHERE nhs_number IS NULL), count(*) FROM record").fetchall()[
        0
    ]
    if not waiting[0] or waiting[1] < 2:
        return []
    from splink import DuckDBAPI, Linker  # 0.6 s to import, so only where it is used

    logging.getLogger("splink").setLevel(logging.ERROR)
    connection.execute(
        f"CREATE OR REPLACE TABLE scored_records AS SELECT {SCORED_COLUMNS} FROM record ORDER BY record_id"
    )
    database = DuckDBAPI(connection)
    linker = Linker(database.register("scored_records"), settings(records=waiting[1]), log_level=logging.ERROR)
    found = linker.inference.predict(threshold_match_probability=REVIEW_AT)
    rows = connection.execute(f"""
        SELECT least(record_id_l, record_id_r), greatest(record_id_l, record_id_r), max(match_probability)
        FROM {found.physical_name} GROUP BY 1, 2 ORDER BY 1, 2
    """).fetchall()
    connection.execute("DROP TABLE scored_records")
    return rows


def settings(*, records: int) -> Any:
    """
    Give Splink's settings. m: how often one person's records agree so; u: how often two people's do.

    The u of a birth date is one day in about seventy years, of a postcode one of a county's thousands.
    """
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        probability_two_random_records_match=1 / max(records, 500),
        blocking_rules_to_generate_predictions=[
            {"blocking_rule": f"{block} AND {_NUMBER_MISSING}", "sql_dialect": "duckdb"} for block in _BLOCKS
        ],
        comparisons=_comparisons(by_frequency=records >= FREQUENCIES_FROM),
        retain_matching_columns=False,
    )


def _comparisons(*, by_frequency: bool) -> list[Any]:
    swapped = " OR ".join(
        f"({one} AND {other})"
        for one, other in (
            ("given_l = family_r", "family_l = given_r"),
            ("family_l = given_r", _INITIAL.format(one="given_l", other="family_r")),
            ("given_l = family_r", _INITIAL.format(one="family_l", other="given_r")),
        )
    )
    initial = _INITIAL.format(one="given_l", other="given_r")
    slip = "damerau_levenshtein(born_l, born_r) <= 1"
    turned = "substr(born_l, 1, 4) = substr(born_r, 1, 4) AND substr(born_l, 6, 2) = substr(born_r, 9, 2)"
    return [
        _comparison("given", [
            ("given_l = given_r", 0.80, 0.01), (swapped, 0.01, 0.0001),
            ("jaro_winkler_similarity(given_l, given_r) >= 0.88", 0.10, 0.01), (initial, 0.03, 0.06),
        ], else_=(0.06, 0.92), frequency="given" if by_frequency else None),
        _comparison("family", [
            ("family_l = family_r", 0.85, 0.004), (swapped, 0.01, 0.0001),
            ("jaro_winkler_similarity(family_l, family_r) >= 0.88", 0.08, 0.006),
        ], else_=(0.06, 0.99), frequency="family" if by_frequency else None),
        _comparison("born", [
            ("born_l = born_r", 0.93, 0.00004), (f"({slip} OR {turned})", 0.05, 0.0012),
        ], else_=(0.02, 0.9988)),
        _comparison("sex", [("sex_l = sex_r", 0.99, 0.5)], else_=(0.01, 0.5)),
        _comparison("postcode_key", [
            ("postcode_key_l = postcode_key_r", 0.72, 0.002),
            ("damerau_levenshtein(postcode_key_l, postcode_key_r) <= 1", 0.06, 0.004),
        ], else_=(0.22, 0.994)),
        _comparison("home", [
            ("home_l = home_r", 0.55, 0.001), ("jaro_winkler_similarity(home_l, home_r) >= 0.92", 0.20, 0.004),
        ], else_=(0.25, 0.995)),
        _comparison(
            "contacts", [("len(list_intersect(contacts_l, contacts_r)) > 0", 0.55, 0.001)], else_=(0.45, 0.999)
        ),
    ]  # fmt: skip


def _comparison(
    name: str,
    agreements: list[tuple[str, float, float]],
    *,
    else_: tuple[float, float],
    frequency: str | None = None,
) -> dict[str, Any]:
    null = f"{name}_l IS NULL OR {name}_r IS NULL"
    levels: list[dict[str, Any]] = [{"sql_condition": null, "label_for_charts": "missing", "is_null_level": True}]
    for sql, m, u in agreements:
        level: dict[str, Any] = {"sql_condition": sql, "label_for_charts": sql, "m_probability": m, "u_probability": u}
        if frequency and sql == f"{name}_l = {name}_r":
            level |= {"tf_adjustment_column": frequency, "tf_adjustment_weight": 1.0, "tf_minimum_u_value": 0.00005}
        levels.append(level)
    m, u = else_
    levels.append({"sql_condition": "ELSE", "label_for_charts": "differ", "m_probability": m, "u_probability": u})
    return {"output_column_name": name, "comparison_levels": levels}
