"""
SQL for why: which criteria speak for a person's category, and the newest evidence of each in plain words.

One pass over the evidence whatever the number of criteria: a hit is asked at once which criteria it speaks for.
"""

from __future__ import annotations

from wherry.population.store import sql_text
from wherry.risk.engines import PLACED_COLUMNS
from wherry.risk.engines.plan import Plan
from wherry.risk.engines.truth_sql import day, one_row_each, quoted, score_sql
from wherry.risk.rules import FACT_TESTS, LONG_AGO, bounds, evidence_window
from wherry.risk.types import Active, Age, Category, Criterion, Demographic, LatestValue, ScoreAtLeast


def reasons(plan: Plan, *, at_risk: str = "at_risk", hits: str = "hits") -> dict[str, str]:
    """
    Give the steps from people placed and hits to `placed`, each read by the next ones.

    at_risk, hits: tables of some people and all their hits; people's reasons are told apart from each other's.
    """
    return {
        "speaking": _speaking_sql(plan, at_risk),
        "spoken": _spoken_sql(plan),
        "best": _best_sql(plan, hits),
        "told": _told_sql(plan, at_risk),
        "placed": _placed_sql(at_risk),
    }


def _speaking_sql(plan: Plan, at_risk: str) -> str:
    """Rows (person_id, category, k): criterion number k gives a reason for that category."""
    numbers = {each.name: number for number, each in enumerate(plan.question.definition.criteria)}
    ways: dict[int, list[str]] = {}
    for number, category in enumerate(plan.question.definition.categories):
        for name, chains in _ways(plan, category).items():
            ways.setdefault(numbers[name], []).append(f"(place_taken = {number} AND ({' OR '.join(chains)}))")
    spoken = {k: " OR ".join(ways[k]) for k in sorted(ways)}
    return one_row_each(spoken, named="k", columns="person_id, category", source=at_risk)


def _ways(plan: Plan, category: Category) -> dict[str, list[str]]:
    """Give, for each criterion that may speak for a category, what must be true for it to, each way once."""
    chains: dict[str, dict[str, None]] = {}
    # A tier speaks where it is the one taken: where no tier before it is.
    roots, not_before = [(category.when, "")], ""
    for tier in category.tiers:
        if tier.when:
            roots.append((tier.when, not_before))
            not_before += f"NOT {quoted(tier.when)} AND "
    for root, only_if in roots:
        for name, ways in plan.ways(root).items():
            chains.setdefault(name, {}).update(
                dict.fromkeys(f"({only_if}{' AND '.join(map(quoted, way))})" for way in ways)
            )
    return {name: list(ways) for name, ways in chains.items()}


def _spoken_sql(plan: Plan) -> str:
    """
    One row per code and criterion it may give a reason for, with the days and the state asked of the hit.

    Joined to the hits, it says what each speaks for at a cost that grows with the hits, not with the criteria.
    """
    asked = [_asked_row(plan, k, each) for k, each in _numbered(plan) if isinstance(each.test, FACT_TESTS)]
    masks = [f"m{column}" for column in plan.columns]
    names = ", ".join(["k", *masks, "first_day", "last_day", "must_run", "in_unit"])
    # Without any criterion that reads facts there is still a table, of no rows.
    nothing = f"(-1, {', '.join('0' for _ in masks)}, {day(LONG_AGO)}, {day(LONG_AGO)}, false, CAST(NULL AS VARCHAR))"
    return f"""
        SELECT DISTINCT c.code, {", ".join(f"c.{mask}" for mask in masks)}, a.k, a.first_day, a.last_day, a.must_run,
            a.in_unit
        FROM codes c JOIN (VALUES {", ".join(asked or [nothing])}) a({names})
            ON {" OR ".join(f"(c.{mask} & a.{mask}) <> 0" for mask in masks)}
    """


def _asked_row(plan: Plan, k: int, criterion: Criterion) -> str:
    test = criterion.test
    first, last = bounds(window=evidence_window(test=test), as_of=plan.question.as_of)  # type: ignore[arg-type]
    masks = ", ".join(map(str, plan.mask((test.codes,))))  # type: ignore[union-attr]
    running = "true" if isinstance(test, Active) else "false"
    unit = sql_text(test.unit) if isinstance(test, LatestValue) else "CAST(NULL AS VARCHAR)"
    return f"({k}, {masks}, {day(first)}, {day(last)}, {running}, {unit})"


def _best_sql(plan: Plan, hits: str) -> str:
    """
    One row per person and speaking criterion that reads facts: the hit its reason is told from.

    The least of a struct whose fields are the order, total: newest, highest where a value is asked, first by name.
    """
    values = [str(k) for k, each in _numbered(plan) if isinstance(each.test, LatestValue)]
    lowest_last = "coalesce(-h.value, CAST('Infinity' AS DOUBLE))"
    highest = f"CASE WHEN s.k IN ({', '.join(values)}) THEN {lowest_last} END" if values else "0"
    order = {
        "age": f"date_diff('day', h.date, {day(plan.question.as_of)})",
        "lowness": f"coalesce({highest}, 0)",
        "code": "h.code",
        "named": "coalesce(h.source, '')",
        "rest": lowest_last,
        "staleness": f"coalesce(date_diff('day', h.recorded_on, {day(plan.question.as_of)}), 9999999)",
        "unnamed": "h.source IS NULL",
    }
    told = {"date": "h.date", "value": "h.value", "source": "h.source", "recorded_on": "h.recorded_on"}
    fields = ", ".join(f"'{name}': {sql}" for name, sql in {**order, **told}.items())
    same = " AND ".join(f"s.m{column} = h.m{column}" for column in plan.columns)
    return f"""
        SELECT person_id, k, b.code AS code, b.date AS date, b.value AS value, b.source AS source,
            b.recorded_on AS recorded_on
        FROM (
            SELECT h.person_id, s.k, min({{{fields}}}) AS b
            FROM {hits} h JOIN spoken s ON s.code = h.code AND {same}
            SEMI JOIN speaking w ON w.person_id = h.person_id AND w.k = s.k
            WHERE h.date BETWEEN s.first_day AND s.last_day AND (h.running OR NOT s.must_run)
                AND (s.in_unit IS NULL OR (h.unit = s.in_unit AND h.value IS NOT NULL))
            GROUP BY h.person_id, s.k
        )
    """


def _numbered(plan: Plan) -> list[tuple[int, Criterion]]:
    return list(enumerate(plan.question.definition.criteria))


def _told_sql(plan: Plan, at_risk: str) -> str:
    """One row per reason, its columns as a reason has them; `k` keeps the definition's order."""
    named, added, values = [], [], []
    for k, criterion in _numbered(plan):
        named.append(f"({k}, {sql_text(criterion.name)}, {sql_text(criterion.words)})")
        more, value = _of_the_person(plan, criterion)
        added += [f"WHEN {k} THEN {more}"] if more else []
        values += [f"WHEN {k} THEN CAST({value} AS DOUBLE)"] if value else []
    source = "nullif(coalesce(n.words, replace(b.source, '_', ' ')), '')"
    recorded = f"' recorded on ' || strftime(b.date, '%-d %B %Y') || coalesce(' by ' || {source}, '')"
    said = f"c.words || {_case(added, chr(39) * 2)} || coalesce({recorded}, '')"
    return f"""
        SELECT s.person_id, s.category, s.k, c.name AS criterion, {said} AS words,
            b.code, b.date, coalesce(b.value, {_case(values, "NULL")}) AS value, b.source, b.recorded_on AS data_as_of
        FROM speaking s
        JOIN (VALUES {", ".join(named)}) c(k, name, words) ON c.k = s.k
        JOIN {at_risk} a ON a.person_id = s.person_id AND a.category = s.category
        LEFT JOIN best b ON b.person_id = s.person_id AND b.k = s.k
        LEFT JOIN sources n ON n.source = b.source
    """


def _case(whens: list[str], otherwise: str) -> str:
    return f"CASE s.k {' '.join(whens)} ELSE {otherwise} END" if whens else otherwise


def _of_the_person(plan: Plan, criterion: Criterion) -> tuple[str, str]:
    """Give what a criterion's words are followed by, and a value that is the person's, in SQL; empty for none."""
    match criterion.test:
        case Age():
            return "' (aged ' || a.age || ')'", "a.age"
        case Demographic(field="imd_decile"):
            return "", "a.imd_decile"
        case ScoreAtLeast(score=score):
            points = score_sql(plan, score)
            return f"' (' || {points} || ' points)'", points
        case LatestValue(unit=unit):
            return f"': ' || format('{{:g}}', b.value) || {sql_text(' ' + unit)}", ""
    return "", ""


def _placed_sql(at_risk: str) -> str:
    """Everybody placed, with the list of reasons in the definition's order."""
    reason = ", ".join(f"'{name}': {name}" for name in ("criterion", "words", "code", "date", "value", "source"))
    columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in PLACED_COLUMNS.items())
    return f"""
        SELECT {columns.replace("CAST(reasons", "CAST(coalesce(g.reasons, [])")}
        FROM (SELECT person_id, category, tier, score FROM {at_risk}) a
        LEFT JOIN (
            SELECT person_id, category, list({{{reason}, 'data_as_of': data_as_of}} ORDER BY k) AS reasons
            FROM told GROUP BY person_id, category
        ) g USING (person_id, category)
    """
