"""SQL for what is true of each person: the hits, the narrow aggregates, one column per criterion, the categories."""

from __future__ import annotations

import datetime as dt

from wherry.population.store import sql_text
from wherry.risk.engines.plan import Plan
from wherry.risk.rules import NEVER_TRUE_STATUSES, OVER_STATUSES, bounds
from wherry.risk.types import (
    Active,
    Age,
    AllOf,
    AnyOf,
    Category,
    Codes,
    Count,
    Criterion,
    Demographic,
    Ever,
    LatestAfterLatest,
    LatestValue,
    Not,
    OneInEach,
    ScoreAtLeast,
    Window,
)


def quoted(name: str) -> str:
    """Name a criterion's column; the schema allows only small letters, digits and underscores in it."""
    return f'"c_{name}"'


def day(value: dt.date) -> str:
    """Write a date as SQL."""
    return f"DATE '{value.isoformat()}'"


def inside(plan: Plan, window: Window) -> str:
    """Say in SQL that a hit's date lies in a window; every hit is already on or before the index date."""
    if window == Window():
        return "true"
    first, last = bounds(window=window, as_of=plan.question.as_of)
    return f"date BETWEEN {day(first)} AND {day(last)}"


def on_list(plan: Plan, codes: Codes) -> str:
    """Say in SQL that a hit is on a list."""
    column, bit = plan.bit(codes)
    return f"(m{column} & {bit}) <> 0"


def hits_sql(plan: Plan) -> str:
    """Every known fact on any list: the only pass over the facts."""
    masks = ", ".join(f"c.m{column}" for column in plan.columns)
    return f"""
        SELECT f.person_id, f.date, f.code, f.unit, f.source, {masks},
            CASE WHEN f.recorded_on BETWEEN {day(dt.date.min)} AND {day(dt.date.max)} THEN f.recorded_on
                END AS recorded_on,
            CASE WHEN isfinite(f.value) THEN f.value + 0.0 END AS value,
            (f.end_date IS NULL OR f.end_date >= {day(plan.question.as_of)})
                AND coalesce(f.status, '') NOT IN ({_texts(OVER_STATUSES)}) AS running
        FROM ({plan.question.facts_sql}) f
        JOIN codes c ON c.code = f.code AND c.system = coalesce(f.system, '')
        WHERE f.date BETWEEN {day(dt.date.min)} AND {day(plan.question.as_of)}
            AND coalesce(f.status, '') NOT IN ({_texts(NEVER_TRUE_STATUSES)})
    """


def aggregates(plan: Plan) -> dict[str, str]:
    """Give the narrow tables, one row a person: lists met by window, newest dates, counts, newest values."""
    return {
        "met": _met_sql(plan),
        "newest": _newest_sql(plan),
        "counted": _counted_sql(plan),
        "valued": _valued_sql(plan),
    }


def _met_sql(plan: Plan) -> str:
    parts = [
        f"bit_or(CASE WHEN {inside(plan, window)} THEN m{column} ELSE 0 END) AS w{number}_m{column}"
        for number, window in enumerate(plan.windows)
        for column in plan.columns
    ]
    parts += [f"bit_or(CASE WHEN running THEN m{column} ELSE 0 END) AS running_m{column}" for column in plan.columns]
    return f"SELECT person_id, {', '.join(parts)} FROM hits GROUP BY person_id"


def _newest_sql(plan: Plan) -> str:
    tests = [each.test for each in plan.question.definition.criteria if isinstance(each.test, LatestAfterLatest)]
    needed = tuple(dict.fromkeys(codes for test in tests for codes in (test.codes, test.than)))
    parts = [f"max(CASE WHEN {on_list(plan, codes)} THEN date END) AS {_newest(plan, codes)}" for codes in needed]
    return f"SELECT {', '.join(['person_id', *parts])} FROM hits WHERE {_any_of(plan, needed)} GROUP BY person_id"


def _newest(plan: Plan, codes: Codes) -> str:
    return f"newest_{plan.lists.index(codes)}"


def _counted_sql(plan: Plan) -> str:
    counts = [(each.name, each.test) for each in plan.question.definition.criteria if isinstance(each.test, Count)]
    needed = tuple(dict.fromkeys(test.codes for _, test in counts))
    parts = [
        f"count({'DISTINCT code' if test.different_codes else '*'})"
        f" FILTER (WHERE {on_list(plan, test.codes)} AND {inside(plan, test.window)}) AS n_{name}"
        for name, test in counts
    ]
    masks = ", ".join(f"bit_or(m{column}) AS m{column}" for column in plan.columns)
    events = f"SELECT person_id, date, code, {masks} FROM hits WHERE {_any_of(plan, needed)} GROUP BY ALL"
    return f"SELECT {', '.join(['person_id', *parts])} FROM ({events}) GROUP BY person_id"


def _valued_sql(plan: Plan) -> str:
    tests = [(each.name, each.test) for each in plan.question.definition.criteria if isinstance(each.test, LatestValue)]
    needed = tuple(dict.fromkeys(test.codes for _, test in tests))
    newest = "max({'day': date, 'value': value})"
    parts = [f"{newest} FILTER (WHERE {usable(plan, test)}) AS v_{name}" for name, test in tests]
    where = f"value IS NOT NULL AND {_any_of(plan, needed)}"
    return f"SELECT {', '.join(['person_id', *parts])} FROM hits WHERE {where} GROUP BY person_id"


def usable(plan: Plan, test: LatestValue) -> str:
    """Say in SQL that a hit holds a value the test may read."""
    unit = f"value IS NOT NULL AND unit = {sql_text(test.unit)}"
    return f"{on_list(plan, test.codes)} AND {unit} AND {inside(plan, test.window)}"


def _any_of(plan: Plan, needed: tuple[Codes, ...]) -> str:
    masks = enumerate(plan.mask(needed))
    return " OR ".join(f"(m{column} & {mask}) <> 0" for column, mask in masks if mask) or "false"


def truth_sql(plan: Plan) -> str:
    """One row per living person: demographics, and a boolean column per criterion, level by level."""
    as_of = plan.question.as_of
    age = (
        f"CASE WHEN birth_date BETWEEN {day(dt.date.min)} AND {day(as_of)} THEN {as_of.year} - year(birth_date)"
        f" - CAST(month(birth_date) * 100 + day(birth_date) > {as_of.month * 100 + as_of.day} AS INTEGER) END"
    )
    sql = f"""
        SELECT {", ".join(f"p.{each}" for each in ("person_id", *plan.fields))}, {age} AS age,
            met.* EXCLUDE (person_id), newest.* EXCLUDE (person_id), counted.* EXCLUDE (person_id),
            valued.* EXCLUDE (person_id)
        FROM ({plan.question.persons_sql}) p
        LEFT JOIN met ON met.person_id = p.person_id LEFT JOIN newest ON newest.person_id = p.person_id
        LEFT JOIN counted ON counted.person_id = p.person_id LEFT JOIN valued ON valued.person_id = p.person_id
        WHERE p.death_date IS NULL
    """
    for level in plan.levels:
        parts = "".join(f", coalesce({_test_sql(plan, each)}, false) AS {quoted(each.name)}" for each in level)
        sql = f"SELECT *{parts} FROM ({sql})"
    valued = [each.name for each in plan.question.definition.criteria if isinstance(each.test, LatestValue)]
    # Only what a later step reads: this is the widest table, a row for everybody.
    lacking = (f"v_{name} IS NULL AS {_lacks(name)}" for name in valued)
    return f"SELECT {', '.join([*_told_of_a_person(plan), *lacking])} FROM ({sql})"


def _told_of_a_person(plan: Plan) -> list[str]:
    """Name the columns of `truth` that say who a person is and what is true of them."""
    return ["person_id", *plan.fields, "age", *(quoted(each.name) for each in plan.question.definition.criteria)]


def _lacks(name: str) -> str:
    return f'"l_{name}"'


def _test_sql(plan: Plan, criterion: Criterion) -> str:
    match criterion.test:
        case AllOf(parts=parts):
            return "(" + " AND ".join(map(quoted, parts)) + ")"
        case AnyOf(parts=parts):
            return "(" + " OR ".join(map(quoted, parts)) + ")"
        case Not(part=part):
            return f"(NOT {quoted(part)})"
        case Age(at_least=least, at_most=most):
            return _range("age", least, most)
        case Demographic() as test:
            return _demographic_sql(test)
        case ScoreAtLeast(score=score, at_least=least, at_most=most):
            return _range(score_sql(plan, score), least, most)
    return _fact_test_sql(plan, criterion)


def _fact_test_sql(plan: Plan, criterion: Criterion) -> str:
    match criterion.test:
        case Ever(codes=codes, window=window):
            return _met(plan, codes, window)
        case OneInEach(codes=codes, windows=windows):
            return "(" + " AND ".join(f"coalesce({_met(plan, codes, window)}, false)" for window in windows) + ")"
        case Count(at_least=least):
            return f"(n_{criterion.name} >= {least})"
        case Active(codes=codes):
            column, bit = plan.bit(codes)
            return f"((running_m{column} & {bit}) <> 0)"
        case LatestAfterLatest(codes=codes, than=than, same_day_counts=same_day):
            newest, other = _newest(plan, codes), _newest(plan, than)
            later = f"{newest} {'>=' if same_day else '>'} {other}"
            return f"({newest} IS NOT NULL AND ({other} IS NULL OR {later}))"
        case LatestValue() as test:
            value = f"v_{criterion.name}.value"
            limits = ((">=", test.at_least), ("<=", test.at_most), (">", test.above), ("<", test.below))
            held = [f"{value} {sign} {limit!r}::DOUBLE" for sign, limit in limits if limit is not None]
            return f"({' AND '.join(held)})"
    raise TypeError(f"no SQL for {criterion.name}")


def _met(plan: Plan, codes: Codes, window: Window) -> str:
    column, bit = plan.bit(codes)
    return f"((w{plan.windows.index(window)}_m{column} & {bit}) <> 0)"


def _demographic_sql(test: Demographic) -> str:
    if not test.among:
        return _range(test.field, test.at_least, test.at_most)
    return f"({test.field} IN ({', '.join(map(_literal, test.among))}))"


def _literal(value: object) -> str:
    return sql_text(value) if isinstance(value, str) else str(value).lower()


def _range(column: str, least: int | None, most: int | None) -> str:
    limits = [f"{column} >= {least}"] if least is not None else []
    limits += [f"{column} <= {most}"] if most is not None else []
    return "(" + (" AND ".join(limits) or f"{column} IS NOT NULL") + ")"


def score_sql(plan: Plan, name: str) -> str:
    """Sum a score's whole points in SQL; integers, since floats moved people between tiers from engine to engine."""
    score = next(each for each in plan.question.definition.scores if each.name == name)
    return "(" + " + ".join(f"CAST({quoted(part)} AS BIGINT) * {points}" for part, points in score.points) + ")"


def missing_sql(plan: Plan, name: str) -> str:
    """Say in SQL, over `truth`, that a criterion lacked its input."""
    match plan.question.definition.criterion(name).test:
        case Age():
            return "age IS NULL"
        case Demographic(field=field):
            return f"{field} IS NULL"
        case LatestValue():
            return _lacks(name)
    return "false"


def at_risk_sql(plan: Plan) -> str:
    """
    One row per person and category, with its number and the tier, from one reading of `truth`.

    Where only the first category is taken, the earlier ones are ruled out.
    """
    definition = plan.question.definition
    taken: dict[int, str] = {}
    earlier = ""
    for number, category in enumerate(definition.categories):
        taken[number] = f"{quoted(category.when)}{earlier}"
        earlier += f" AND NOT {quoted(category.when)}" if definition.take_first else ""
    names = " ".join(f"WHEN {n} THEN {sql_text(each.name)}" for n, each in enumerate(definition.categories))
    tiers = " ".join(f"WHEN {n} THEN {_tier_sql(each)}" for n, each in enumerate(definition.categories))
    rank = f"CAST({score_sql(plan, definition.rank_by)} AS BIGINT)" if definition.rank_by else "CAST(NULL AS BIGINT)"
    told = ", ".join(_told_of_a_person(plan))
    return f"""
        SELECT {told}, place_taken, CASE place_taken {names} END AS category, CASE place_taken {tiers} END AS tier,
            {rank} AS score
        FROM ({one_row_each(taken, named="place_taken", columns=told, source="truth")})
    """


def one_row_each(conditions: dict[int, str], *, named: str, columns: str, source: str) -> str:
    """Give a row for every condition that holds of a row, with its number, from one reading of the rows."""
    cases = [f"CASE WHEN {condition} THEN {number} END" for number, condition in conditions.items()]
    listed = ", ".join(cases or ["CAST(NULL AS INTEGER)"])
    return f"SELECT * FROM (SELECT {columns}, unnest([{listed}]) AS {named} FROM {source}) WHERE {named} IS NOT NULL"


def _tier_sql(category: Category) -> str:
    whens = "".join(
        f" WHEN {quoted(tier.when)} THEN {sql_text(tier.tier)}" for tier in category.tiers[:-1] if tier.when
    )
    last = sql_text(category.tiers[-1].tier)
    return f"CASE{whens} ELSE {last} END" if whens else last


def _texts(values: frozenset[str]) -> str:
    return ", ".join(sql_text(value) for value in sorted(values))
