"""SQL for why: which criteria speak for a person's category, and the newest evidence of each in plain words."""

from __future__ import annotations

from wherry.population.store import sql_text
from wherry.risk.engines import PLACED_COLUMNS
from wherry.risk.engines.plan import Plan
from wherry.risk.engines.truth_sql import inside, on_list, quoted, score_sql, usable
from wherry.risk.rules import FACT_TESTS, evidence_window
from wherry.risk.types import Active, Age, Category, Criterion, Demographic, LatestValue, ScoreAtLeast

_REASON = """{{'criterion': {criterion}, 'words': {words}, 'code': {code}, 'date': {date}, 'value': {value},
    'source': {source}, 'data_as_of': {data_as_of}}}"""


def reasons_sql(plan: Plan) -> str:
    """Everybody placed, with the list of reasons in the definition's order."""
    told = " UNION ALL ".join(_told_sql(plan, number) for number, _ in enumerate(plan.question.definition.criteria))
    columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in PLACED_COLUMNS.items())
    return f"""
        WITH speaking AS MATERIALIZED ({_speaking_sql(plan)}),
        evidence AS MATERIALIZED (SELECT h.* FROM hits h SEMI JOIN at_risk a ON a.person_id = h.person_id),
        told AS ({told}),
        gathered AS (
            SELECT person_id, category, list(reason ORDER BY k) AS reasons FROM told GROUP BY person_id, category
        )
        SELECT {columns.replace("CAST(reasons", "CAST(coalesce(g.reasons, [])")}
        FROM (SELECT person_id, category, tier, score FROM at_risk) a
        LEFT JOIN gathered g USING (person_id, category) ORDER BY person_id, category
    """


def _speaking_sql(plan: Plan) -> str:
    """Rows (person_id, category, k): criterion number k gives a reason for that category."""
    return " UNION ALL ".join(_category_sql(plan, category) for category in plan.question.definition.categories)


def _category_sql(plan: Plan, category: Category) -> str:
    chains: dict[str, list[str]] = {}
    for root, only_if in [(category.when, ""), *((t.when, f"tier = {sql_text(t.tier)} AND ") for t in category.tiers)]:
        for name, ways in (plan.ways(root) if root else {}).items():
            chains.setdefault(name, []).extend(only_if + " AND ".join(map(quoted, way)) for way in ways)
    numbers = {each.name: number for number, each in enumerate(plan.question.definition.criteria)}
    cases = [
        f"CASE WHEN {' OR '.join(f'({way})' for way in dict.fromkeys(ways))} THEN {numbers[name]} END"
        for name, ways in chains.items()
    ]
    listed = f"SELECT person_id, category, unnest([{', '.join(cases)}]) AS k FROM at_risk"
    return f"SELECT * FROM ({listed} WHERE category = {sql_text(category.name)}) WHERE k IS NOT NULL"


def _told_sql(plan: Plan, number: int) -> str:
    criterion = plan.question.definition.criteria[number]
    if isinstance(criterion.test, FACT_TESTS):
        return _fact_told_sql(plan, number, criterion)
    words, value = _person_words(plan, criterion)
    reason = _REASON.format(
        criterion=sql_text(criterion.name),
        words=words,
        code="NULL",
        date="NULL",
        value=value,
        source="NULL",
        data_as_of="NULL",
    )
    return f"""
        SELECT s.person_id, s.category, s.k, {_cast(reason)} AS reason
        FROM speaking s JOIN at_risk a ON a.person_id = s.person_id AND a.category = s.category WHERE s.k = {number}
    """


def _person_words(plan: Plan, criterion: Criterion) -> tuple[str, str]:
    words = sql_text(criterion.words)
    match criterion.test:
        case Age():
            return f"{words} || ' (aged ' || a.age || ')'", "a.age"
        case Demographic(field="imd_decile"):
            return words, "a.imd_decile"
        case ScoreAtLeast(score=score):
            points = score_sql(plan, score)
            return f"{words} || ' (' || {points} || ' points)'", points
    return words, "NULL"


def _fact_told_sql(plan: Plan, number: int, criterion: Criterion) -> str:
    test, words = criterion.test, sql_text(criterion.words)
    order = "h.date DESC, h.code, coalesce(h.source, ''), h.value DESC NULLS LAST, h.recorded_on DESC NULLS LAST"
    if isinstance(test, LatestValue):
        words = f"{words} || ': ' || format('{{:g}}', h.value) || ' ' || {sql_text(test.unit)}"
        order = f"h.date DESC, h.value DESC, {order}"
    on = "strftime(h.date, '%-d %B %Y')"
    by = "coalesce(' by ' || coalesce(n.words, replace(nullif(h.source, ''), '_', ' ')), '')"
    reason = _REASON.format(
        criterion=sql_text(criterion.name),
        words=f"{words} || ' recorded on ' || {on} || {by}",
        code="h.code",
        date="h.date",
        value="h.value",
        source="h.source",
        data_as_of="h.recorded_on",
    )
    return f"""
        SELECT s.person_id, s.category, s.k, {_cast(reason)} AS reason
        FROM speaking s JOIN (SELECT * FROM evidence WHERE {_speaks(plan, criterion)}) h ON h.person_id = s.person_id
        LEFT JOIN sources n ON n.source = h.source
        WHERE s.k = {number}
        QUALIFY row_number() OVER (PARTITION BY s.person_id, s.category ORDER BY {order}) = 1
    """


def _speaks(plan: Plan, criterion: Criterion) -> str:
    test = criterion.test
    if isinstance(test, LatestValue):
        return usable(plan, test)
    where = f"{on_list(plan, test.codes)} AND {inside(plan, evidence_window(test=test))}"  # type: ignore[union-attr, arg-type]
    return f"{where} AND running" if isinstance(test, Active) else where


def _cast(reason: str) -> str:
    return f"CAST({reason} AS {PLACED_COLUMNS['reasons'][:-2]})"
