"""
The large definition written by hand as SQL, as somebody who knows the data would: the limit the engine is held to.

It knows what the engine may not: no code stands in two systems, no person id is repeated, values have one decimal. It
gives who, category, tier, frailty, and for everybody placed the newest date of each list they are on. It writes no
words, code, value or source of a reason, hashes no input, and reads no definition file.

The text runs on DuckDB and on Spark; `Dialect` holds what they spell apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from risk_contestants import definition
from risk_contestants.definition import AS_OF, GROUPS, LISTS

BIT = {each.name: 1 << number for number, each in enumerate(LISTS)}
NEVER = "('entered-in-error', 'entered_in_error', 'refuted')"
OVER = "('resolved', 'stopped', 'inactive', 'remission', 'completed', 'cancelled', 'finished')"
DAY = f"DATE '{AS_OF}'"


@dataclass(frozen=True)
class Dialect:
    """What two engines spell apart. gather: an aggregate that makes a list of pairs; days: days between two dates."""

    gather: str = "list({'list': list, 'newest': newest})"
    days: str = "datediff('day', {start}, {end})"


SPARK = Dialect(gather="collect_list(struct(list, newest))", days="datediff({end}, {start})")


def on(*names: str) -> str:
    """Say that a hit is on one of the lists."""
    return f"(mask & {sum(BIT[name] for name in names)}) <> 0"


def back(first: int, last: int) -> str:
    """Say that a hit's date lies so many days back."""
    return f"date BETWEEN {DAY} - INTERVAL {last} DAY AND {DAY} - INTERVAL {first} DAY"


def steps(dialect: Dialect) -> dict[str, str]:
    """Give the tables in turn. `codes` (code, mask), `listed` (code, list), `facts` and `persons` are there."""
    return {
        "hits": f"""
            SELECT f.person_id, f.code, f.date, c.mask, f.value,
                (f.end_date IS NULL OR f.end_date >= {DAY}) AND coalesce(f.status, '') NOT IN {OVER} AS running
            FROM facts f JOIN codes c ON c.code = f.code
            WHERE f.date <= {DAY} AND coalesce(f.status, '') NOT IN {NEVER}
        """,
        "met": _met(),
        "newest": _newest(),
        "counted": _counted(),
        "valued": _valued(dialect),
        "truth": _truth(),
        "placed": _placed(),
        "explained": f"""
            SELECT p.person_id, p.category, p.tier, p.score, e.evidence FROM placed p LEFT JOIN (
                SELECT person_id, {dialect.gather} AS evidence FROM (
                    SELECT h.person_id, l.list, max(h.date) AS newest
                    FROM hits h JOIN placed p ON p.person_id = h.person_id JOIN listed l ON l.code = h.code
                    GROUP BY h.person_id, l.list
                ) GROUP BY person_id
            ) e ON e.person_id = p.person_id
        """,
    }


def _met() -> str:
    windows = {"w182": (0, 182), "w365": (0, 365), "m0": (0, 30), "m1": (31, 60), "m2": (61, 90)}
    parts = [f"bit_or(CASE WHEN {back(*days)} THEN mask ELSE 0 END) AS {name}" for name, days in windows.items()]
    running = "bit_or(CASE WHEN running THEN mask ELSE 0 END) AS running"
    return f"SELECT person_id, bit_or(mask) AS ever, {', '.join(parts)}, {running} FROM hits GROUP BY person_id"


LATER = {
    "kidney_stage": ("kidney_stages_3_to_5", ">=", "kidney_stages_1_to_5"),
    "diabetes_now": ("diabetes", ">", "diabetes_resolved"),
    "severe_mental_illness": ("severe_mental_illness", ">", "severe_mental_illness_remission"),
    "severe_obesity_coded": ("severe_obesity", ">", "body_mass_index"),
    "advised_to_shield": ("high_risk", ">", "lower_risk"),
    "pregnant": ("pregnancy", ">", "delivery"),
    "carer": ("carer", ">", "no_longer_carer"),
}


def _newest() -> str:
    needed = sorted({name for one, _, other in LATER.values() for name in (one, other)})
    parts = ", ".join(f"max(CASE WHEN {on(name)} THEN date END) AS d_{name}" for name in needed)
    return f"SELECT person_id, {parts} FROM hits WHERE {on(*needed)} GROUP BY person_id"


def _counted() -> str:
    medicine = f"{on('long_term_medicine')} AND {back(0, 365)}"
    return f"""
        SELECT person_id, count(DISTINCT CASE WHEN {medicine} THEN concat(code, date) END) AS medicines,
            count(DISTINCT CASE WHEN {on("falls")} AND {back(0, 730)} THEN concat(code, date) END) AS falls
        FROM hits WHERE {on("long_term_medicine", "falls")} AND {back(0, 730)} GROUP BY person_id
    """


def _valued(dialect: Dialect) -> str:
    # The newest value, the higher of two on one day: both in one whole number, the day above the tenths.
    days = dialect.days.format(start="DATE '1900-01-01'", end="date")
    packed = f"CAST({days} AS BIGINT) * 10000 + CAST(round(value * 10) AS BIGINT)"
    return f"""
        SELECT person_id, max(CASE WHEN {on("body_mass_index")} THEN {packed} END) % 10000 AS body_mass_index,
            max(CASE WHEN {on("glycated_haemoglobin")} AND {back(0, 730)} THEN {packed} END) % 10000 AS glucose
        FROM hits WHERE value IS NOT NULL AND {on("body_mass_index", "glycated_haemoglobin")} GROUP BY person_id
    """


def leaf(name: str) -> str:
    """Give one leaf over the joined person row."""
    special = {
        "many_medicines": "medicines >= 5",
        "repeated_falls": "falls >= 2",
        "immunosuppression_diagnosis": _bit("ever", "immunosuppression"),
        "immunosuppression_medicine": _bit("w182", "immunosuppression_medicine"),
        "asthma_admission": _bit("w365", "asthma_admission"),
        "steroid_in_each_month": " AND ".join(_bit(month, "oral_steroid") for month in ("m0", "m1", "m2")),
        "body_mass_index_40": "body_mass_index >= 400",
        "glucose_poorly_held": "glucose > 750",
        "housebound_now": _bit("running", "housebound"),
        "aged_65": "age >= 65",
        "aged_80": "age >= 80",
        "most_deprived": "imd_decile <= 2",
    }
    if name in LATER:
        one, sign, other = LATER[name]
        return f"d_{one} IS NOT NULL AND (d_{other} IS NULL OR d_{one} {sign} d_{other})"
    return special.get(name) or _bit("ever", name)


def _bit(column: str, name: str) -> str:
    return f"({column} & {BIT[name]}) <> 0"


def _truth() -> str:
    year, month_day = int(AS_OF[:4]), int(AS_OF[5:7]) * 100 + int(AS_OF[8:])
    born = "month(p.birth_date) * 100 + day(p.birth_date)"
    leaves = ", ".join(f"coalesce({leaf(name)}, false) AS {name}" for name in definition.criteria())
    sql = f"""
        SELECT p.person_id, {leaves} FROM (
            SELECT *, {year} - year(p.birth_date) - CASE WHEN {born} > {month_day} THEN 1 ELSE 0 END AS age
            FROM persons p WHERE p.death_date IS NULL
        ) p LEFT JOIN met ON met.person_id = p.person_id LEFT JOIN newest ON newest.person_id = p.person_id
        LEFT JOIN counted ON counted.person_id = p.person_id LEFT JOIN valued ON valued.person_id = p.person_id
    """
    totals = f"{_total('frailty')} AS frailty, {_total('multimorbidity')} AS multimorbidity"
    for layer in (
        f"{_groups(*_OF_LEAVES)}, {totals}",
        f"{_groups('group_asthma')}, {_TIERS}",
        *(_groups(*names) for names in _LATER),
    ):
        sql = f"SELECT *, {layer} FROM ({sql})"
    return sql


_SCORED = ("moderately_frail", "severely_frail", "multimorbid", "very_multimorbid")
_TIERS = (
    "frailty >= 9 AS moderately_frail, frailty >= 14 AS severely_frail,"
    " multimorbidity >= 200 AS multimorbid, multimorbidity >= 400 AS very_multimorbid"
)
#: Groups by the layer they are decided in: each layer reads only those before it.
_LATER = (
    ("group_respiratory", "group_pregnant_with_heart_disease", "frail_at_65", "alone_and_deprived"),
    ("any_group", "shielding"),
    ("at_clinical_risk",),
)
_OF_LEAVES = tuple(
    name for name in GROUPS if name not in (*_SCORED, "group_asthma", *(each for layer in _LATER for each in layer))
)


def _groups(*names: str) -> str:
    made = {name: (" AND " if "all" in GROUPS[name] else " OR ", next(iter(GROUPS[name].values()))) for name in names}
    return ", ".join(f"({joined.join(parts)}) AS {name}" for name, (joined, parts) in made.items())


def _total(score: str) -> str:
    points = definition.large()["scores"][score]["points"]
    return " + ".join(f"CAST({name} AS INTEGER) * {number}" for name, number in points.items())


def _placed() -> str:
    return """
        SELECT person_id, CASE WHEN shielding THEN 'shielded' WHEN at_clinical_risk THEN 'clinical' ELSE 'social' END
                AS category,
            CASE WHEN shielding THEN CASE WHEN severely_frail THEN '1' WHEN multimorbid THEN '2' ELSE '3' END
                WHEN at_clinical_risk THEN CASE WHEN very_multimorbid THEN '1' WHEN aged_80 THEN '2' ELSE '3' END
                ELSE '1' END AS tier, frailty AS score
        FROM truth WHERE shielding OR at_clinical_risk OR alone_and_deprived
    """


def code_rows() -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Give (code, mask) and (code, list number)."""
    masks: dict[str, int] = {}
    listed = []
    for number, each in enumerate(LISTS):
        for code in definition.codes_on(each):
            masks[code] = masks.get(code, 0) | BIT[each.name]
            listed.append((code, number))
    return sorted(masks.items()), listed


def counts_sql() -> str:
    """Give the counts every contestant must agree on, as one row: each criterion and group, then each place taken."""
    fired = [f"sum(CAST({name} AS INTEGER)) AS {name}" for name in [*definition.criteria(), *GROUPS]]
    return f"SELECT count(*) AS living, {', '.join(fired)} FROM truth"


PLACES_SQL = "SELECT category, tier, count(*) AS people FROM placed GROUP BY category, tier ORDER BY category, tier"
