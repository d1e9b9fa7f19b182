"""
What SQL may decide by itself: pairs and groups of which `rules` would surely say the same, without asking it.

Each condition here is narrower than the rule it stands for. Whatever is not sure goes to the rule, so that a rule
changed without these conditions still decides nothing else than it says; a generative test holds them together.
"""

from __future__ import annotations

from wherry.people.linkage.rules import CLEARLY_DIFFERENT, CLOSE_FOR_TWINS, LINK_AT

_A_HAIR = 1e-6  # two ways of computing one similarity may differ in the last place


def confirmed_sql(left: str, right: str) -> str:
    """Surely no conflict between two records of one NHS number, and the number is borne out."""
    l, r = left, right  # noqa: E741
    sexes_agree = f"coalesce({l}.sex = {r}.sex, true)"
    born_agree = f"coalesce({l}.birth_date = {r}.birth_date, true)"
    no_twins = f"""(
        coalesce({l}.home <> {r}.home OR {l}.given = {r}.given, true)
        OR jaro_winkler_similarity({l}.given, {r}.given) >= {CLEARLY_DIFFERENT + _A_HAIR}
    )"""
    names = f"{l}.given = {r}.given AND {l}.family = {r}.family AND ({sexes_agree} OR {born_agree})"
    return f"coalesce(({l}.birth_date = {r}.birth_date AND {no_twins}) OR ({names}), false)"


def alike_sql(left: str, right: str, score: str) -> str:
    """Surely to be linked by similarity: one birth date, both names the same, a high score, one number at most."""
    same = " AND ".join(f"{left}.{name} = {right}.{name}" for name in ("birth_date", "given", "family"))
    one_number = f"({left}.nhs_number IS NULL OR {right}.nhs_number IS NULL)"
    return f"coalesce({score} >= {LINK_AT} AND {same} AND {one_number}, false)"


def at_odds_sql(grouped: str) -> str:
    """
    The groups that may hold a conflict, of a table (part, key) over `record`. All others surely hold none.

    A group: two NHS numbers; two sexes and two birth dates; two given names born the same day at one home.
    """
    return f"""
        SELECT part FROM {grouped} JOIN record USING (key) GROUP BY part
        HAVING count(DISTINCT nhs_number) > 1 OR (count(DISTINCT sex) > 1 AND count(DISTINCT birth_date) > 1)
        UNION
        SELECT part FROM (
            SELECT part, list(DISTINCT given) AS names FROM {grouped} JOIN record USING (key)
            WHERE birth_date IS NOT NULL AND home IS NOT NULL AND given IS NOT NULL
            GROUP BY part, birth_date, home HAVING count(DISTINCT given) > 1
        ) WHERE len(names) > 2 OR jaro_winkler_similarity(names[1], names[2]) < {CLOSE_FOR_TWINS + _A_HAIR}
    """
