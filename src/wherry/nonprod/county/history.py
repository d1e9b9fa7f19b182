"""A resident's conditions as dated codes, measurements and medicines: what a practice would have on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from wherry.nonprod.county import conditions
from wherry.nonprod.county.people import Resident, age


@dataclass(frozen=True)
class Entry:
    """One coded entry. kind: diagnosis, measurement or medicine; value and unit only for a measurement."""

    kind: str
    code: str
    term: str
    on: dt.date
    value: str = ""
    unit: str = ""


def entries(*, resident: Resident, random: Random, today: dt.date) -> Iterator[Entry]:
    """Give everything on record for a resident up to today, in no particular order."""
    for condition in conditions.CONDITIONS:
        on = resident.conditions.get(condition.name)
        if on is not None:
            yield Entry("diagnosis", *random.choice(condition.codes), on)
            yield from _follow_up(condition.name, on, random, today)
    years = age(resident=resident, today=today)
    if years >= 18 and random.random() < 0.3:
        obese = "severe_obesity" in resident.conditions
        value = f"{random.uniform(40, 48) if obese else random.triangular(18, 38, 26):.1f}"
        # A body mass index newer than the code of severe obesity would overrule it: it is older, or says the same.
        yield Entry("measurement", *conditions.BODY_MASS_INDEX, _before(random, today, 700), value, "kg/m2")


def _follow_up(name: str, on: dt.date, random: Random, today: dt.date) -> Iterator[Entry]:
    chance = random.random()
    if name == "asthma" and chance < 0.12:
        for days in (12, 44, 75):
            yield Entry("medicine", *random.choice(conditions.STEROIDS), today - dt.timedelta(days=days))
    elif name == "asthma" and chance < 0.16:
        yield Entry("diagnosis", *conditions.ASTHMA_ADMISSION, _between(random, on, today))
    elif name == "asthma" and chance < 0.3:
        yield Entry("medicine", *random.choice(conditions.STEROIDS), _before(random, today, 300))
    elif name == "diabetes" and chance < 0.06:
        yield Entry("diagnosis", *conditions.DIABETES_RESOLVED, _between(random, on, today))
    elif name == "kidney_disease" and chance < 0.08:
        yield Entry("diagnosis", *conditions.KIDNEY_RECOVERED, _between(random, on, today))
    elif name == "severe_mental_illness" and chance < 0.1:
        yield Entry("diagnosis", *conditions.MENTAL_ILLNESS_REMISSION, _between(random, on, today))
    elif name in ("solid_organ_transplant", "immunosuppression") or (name == "lung_disease" and chance < 0.05):
        medicine = random.choice(conditions.IMMUNOSUPPRESSANTS)
        for days in (20, 48, 76, 104):
            yield Entry("medicine", *medicine, today - dt.timedelta(days=days))


def _between(random: Random, start: dt.date, end: dt.date) -> dt.date:
    return start + dt.timedelta(days=random.randint(1, max(1, (end - start).days - 1)))


def _before(random: Random, today: dt.date, days: int) -> dt.date:
    return today - dt.timedelta(days=random.randint(3, days))
