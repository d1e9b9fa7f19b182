"""What each agreement and difference weighs: Splink's settings, fixed, never fitted to a set of records."""

from __future__ import annotations

from typing import Any

FREQUENCIES_FROM = 2_000
"""Below this many records a name's own frequency says nothing; the fixed priors stand alone."""
_INITIAL = "(substr({one}, 1, 1) = substr({other}, 1, 1) AND least(length({one}), length({other})) = 1)"


def settings(*, records: int) -> Any:
    """
    Give Splink's settings. m: how often one person's records agree so; u: how often two people's do.

    The u of a birth date is one day in about seventy years, of a postcode one of a county's thousands.
    """
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="key",
        probability_two_random_records_match=1 / max(records, 500),
        blocking_rules_to_generate_predictions=[],  # `pairing` blocks
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
            ("family_l = given_r", "jaro_winkler_similarity(given_l, family_r) >= 0.93"),
            ("given_l = family_r", "jaro_winkler_similarity(family_l, given_r) >= 0.93"),
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
