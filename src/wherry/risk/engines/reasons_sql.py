"""
SQL for why: which criteria speak for a person's category, and the newest evidence of each in plain words.

One pass over the evidence whatever the number of criteria: a hit is asked at once which criteria it speaks for.
"""

from __future__ import annotations

from wherry.population.store import sql_text
from wherry.risk.engines import PLACED_COLUMNS
from wherry.risk.engines.plan import Plan
from wherry.risk.engines.truth_sql import inside, on_list, quoted, score_sql, usable
from wherry.risk.rules import FACT_TESTS, evidence_window
from wherry.risk.types import Active, Age, Category, Criterion, Demographic, LatestValue, ScoreAtLeast


def reasons(plan: Plan) -> dict[str, str]:
    """Give the steps from `at_risk` and `hits` to `placed`, each read by the next ones."""
    return {
        "speaking": _speaking_sql(plan),
        "evidence": "SELECT h.* FROM hits h SEMI JOIN at_risk a ON a.person_id = h.person_id",
        "best": _best_sql(plan),
        "told": _told_sql(plan),
        "placed": _placed_sql(),
    }


def _speaking_sql(plan: Plan) -> str:
    """Rows (person_id, category, k): criterion number k gives a reason for that category."""
    return " UNION ALL ".join(_category_sql(plan, category) for category in plan.question.definition.categories)


def _category_sql(plan: Plan, category: Category) -> str:
    chains: dict[str, list[str]] = {}
    for root, only_if in [(category.when, ""), *((t.when, f"tier = {sql_text(t.tier)} AND ") for t in category.tiers)]:
        for name, ways in (plan.ways(root) if root else {}).items():
            chains.setdefault(name, []).extend(only_if + " AND ".join(map(quoted, way)) for way in ways)
    numbers = {each.name: number for number, each in enumerate(plan.question.definition.criteria)}
    said = {numbers[name]: " OR ".join(f"({way})" for way in dict.fromkeys(ways)) for name, ways in chains.items()}
    return _one_row_each(said, f"person_id, category FROM at_risk WHERE category = {sql_text(category.name)}")


def _one_row_each(conditions: dict[int, str], columns_from: str) -> str:
    """Give a row (…, k) for every condition that holds, from one reading of the rows."""
    columns, source = columns_from.split(" FROM ", 1)
    cases = [f"CASE WHEN {condition} THEN {k} END" for k, condition in conditions.items()] or ["CAST(NULL AS INTEGER)"]
    return f"SELECT * FROM (SELECT {columns}, unnest([{', '.join(cases)}]) AS k FROM {source}) WHERE k IS NOT NULL"


def _best_sql(plan: Plan) -> str:
    """One row per person and criterion that reads facts: the hit its reason is told from. The order is total."""
    speaks = {k: _speaks(plan, each) for k, each in _numbered(plan) if isinstance(each.test, FACT_TESTS)}
    values = [str(k) for k, each in _numbered(plan) if isinstance(each.test, LatestValue)]
    highest = f"CASE WHEN k IN ({', '.join(values)}) THEN value END DESC NULLS LAST, " if values else ""
    order = (
        f"date DESC, {highest}code, coalesce(source, ''), value DESC NULLS LAST, recorded_on DESC NULLS LAST,"
        " source NULLS LAST"
    )
    heard = _one_row_each(speaks, "person_id, code, date, value, source, recorded_on FROM evidence")
    return f"SELECT * FROM ({heard}) QUALIFY row_number() OVER (PARTITION BY person_id, k ORDER BY {order}) = 1"


def _numbered(plan: Plan) -> list[tuple[int, Criterion]]:
    return list(enumerate(plan.question.definition.criteria))


def _speaks(plan: Plan, criterion: Criterion) -> str:
    test = criterion.test
    if isinstance(test, LatestValue):
        return usable(plan, test)
    where = f"{on_list(plan, test.codes)} AND {inside(plan, evidence_window(test=test))}"  # type: ignore[union-attr, arg-type]
    return f"{where} AND running" if isinstance(test, Active) else where


def _told_sql(plan: Plan) -> str:
    """One row per reason, its columns as a reason has them; `k` keeps the definition's order."""
    names, words, added, values = [], [], [], []
    for k, criterion in _numbered(plan):
        names.append(f"WHEN {k} THEN {sql_text(criterion.name)}")
        words.append(f"WHEN {k} THEN {sql_text(criterion.words)}")
        more, value = _of_the_person(plan, criterion)
        added += [f"WHEN {k} THEN {more}"] if more else []
        values += [f"WHEN {k} THEN CAST({value} AS DOUBLE)"] if value else []
    source = "nullif(coalesce(n.words, replace(b.source, '_', ' ')), '')"
    recorded = f"' recorded on ' || strftime(b.date, '%-d %B %Y') || coalesce(' by ' || {source}, '')"
    said = f"{_case(words, 'NULL')} || {_case(added, chr(39) * 2)} || coalesce({recorded}, '')"
    return f"""
        SELECT s.person_id, s.category, s.k, {_case(names, "NULL")} AS criterion, {said} AS words,
            b.code, b.date, coalesce(b.value, {_case(values, "NULL")}) AS value, b.source, b.recorded_on AS data_as_of
        FROM speaking s
        JOIN at_risk a ON a.person_id = s.person_id AND a.category = s.category
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


def _placed_sql() -> str:
    """Everybody placed, with the list of reasons in the definition's order."""
    reason = ", ".join(f"'{name}': {name}" for name in ("criterion", "words", "code", "date", "value", "source"))
    columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in PLACED_COLUMNS.items())
    return f"""
        SELECT {columns.replace("CAST(reasons", "CAST(coalesce(g.reasons, [])")}
        FROM (SELECT person_id, category, tier, score FROM at_risk) a
        LEFT JOIN (
            SELECT person_id, category, list({{{reason}, 'data_as_of': data_as_of}} ORDER BY k) AS reasons
            FROM told GROUP BY person_id, category
        ) g USING (person_id, category)
    """
