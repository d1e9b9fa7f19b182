"""A resident's conditions as dated codes, measurements and medicines: what a practice would have on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from wherry.nonprod.county.people import Resident
from wherry.nonprod.county.tables import conditions

BODY_MASS_INDEX = ("60621009", "Body mass index")
DIABETES_RESOLVED = ("315051004", "Diabetes resolved")
KIDNEY_RECOVERED = ("431856006", "Chronic kidney disease stage 2")
MENTAL_ILLNESS_REMISSION = ("191574005", "Schizoaffective schizophrenia in remission")
ASTHMA_ADMISSION = ("183478001", "Emergency hospital admission for asthma")
STEROIDS = (("28808411000001103", "Prednisolone 10mg tablets"), ("325427002", "Prednisolone 5mg tablets"))
IMMUNOSUPPRESSANTS = (
    ("41759311000001100", "Azathioprine 50mg tablets"),
    ("41792011000001100", "Methotrexate 2.5mg tablets"),
    ("41766211000001109", "Mycophenolate mofetil 500mg tablets"),
)


@dataclass(frozen=True, slots=True)
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
    for condition in conditions().all:
        on = resident.conditions.get(condition.name)
        if on is not None and condition.codes:
            yield Entry("diagnosis", *random.choice(condition.codes), on)
            yield from _follow_up(condition.name, on, random, today)
    if resident.age >= 18 and random.random() < 0.3:
        obese = "severe_obesity" in resident.conditions
        value = f"{random.uniform(40, 48) if obese else random.triangular(18, 38, 26):.1f}"
        # A body mass index newer than the code of severe obesity would overrule it: it is older, or says the same.
        yield Entry("measurement", *BODY_MASS_INDEX, _before(random, today, 700), value, "kg/m2")


def _follow_up(name: str, on: dt.date, random: Random, today: dt.date) -> Iterator[Entry]:
    chance = random.random()
    if name == "severe_asthma":
        for days in (12, 44, 75):
            yield Entry("medicine", *random.choice(STEROIDS), today - dt.timedelta(days=days))
        if chance < 0.25:
            yield Entry("diagnosis", *ASTHMA_ADMISSION, _between(random, on, today))
    elif name == "asthma" and chance < 0.08:
        yield Entry("medicine", *random.choice(STEROIDS), _before(random, today, 300))
    elif name == "diabetes" and chance < 0.04:
        yield Entry("diagnosis", *DIABETES_RESOLVED, _between(random, on, today))
    elif name == "kidney_disease" and chance < 0.06:
        yield Entry("diagnosis", *KIDNEY_RECOVERED, _between(random, on, today))
    elif name == "severe_mental_illness" and chance < 0.1:
        yield Entry("diagnosis", *MENTAL_ILLNESS_REMISSION, _between(random, on, today))
    elif name in ("solid_organ_transplant", "immunosuppression"):
        medicine = random.choice(IMMUNOSUPPRESSANTS)
        for days in (20, 48, 76, 104):
            yield Entry("medicine", *medicine, today - dt.timedelta(days=days))


def _between(random: Random, start: dt.date, end: dt.date) -> dt.date:
    return start + dt.timedelta(days=random.randint(1, max(1, (end - start).days - 1)))


def _before(random: Random, today: dt.date, days: int) -> dt.date:
    return today - dt.timedelta(days=random.randint(3, days))
