"""What the electricity network sends: who registered for priority services, and which addresses have no power."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from wherry.nonprod.county.people import Dwelling, Resident
from wherry.nonprod.county.sheet import Sheet

REGISTER = (
    "Registration Number,First Name,Last Name,DOB,Address,Town,Postcode,UPRN,District,Telephone,Need,Last Checked"
).split(",")
OUTAGE = "Incident Reference,UPRN,Postcode,Area Name,Off Since,Expected Hours Off,Supply Status,As At".split(",")
#: The need registered, of whom, and how many in a hundred of them. Round figures of our own: they are no epidemiology.
_NEEDS = (
    ("Oxygen concentrator", "severe_copd", 40),
    ("Oxygen concentrator", "lung_disease", 6),
    ("Dialysis, feeding pump and automated medication", "dialysis", 30),
    ("Medicine refrigeration", "diabetes", 8),
    ("Dementia", "dementia", 30),
)
_VENTILATED, _LIFT_AT_80, _BED_WITH_CARE, _ALARM_AT_75 = 0.0008, 0.07, 0.12, 0.2


def register(*, sheet: Sheet, people: Sequence[Resident], random: Random, today: dt.date) -> None:
    """Add the customers who registered, a row a need; every twelfth without a property number."""
    for person in people:
        if person.died_on is None and not person.dwelling.communal:
            for need in _needs(person, random):
                checked = today - dt.timedelta(days=random.randint(20, 700))
                sheet.add(_row(person, need, checked, sheet.rows + 1), resident=person)


def _needs(person: Resident, random: Random) -> Iterator[str]:
    for need, condition, share in _NEEDS:
        if condition in person.conditions and random.randrange(100) < share:
            yield need
    if random.random() < _VENTILATED:
        yield "Heart, lung and ventilator"
    if (person.age >= 80 and random.random() < _LIFT_AT_80) or (
        person.care_package and random.random() < _BED_WITH_CARE
    ):
        yield "Stair lift, hoist, electric bed"
    if person.lives_alone and person.age >= 75 and random.random() < _ALARM_AT_75:
        yield "Careline or telecare system"


def _row(person: Resident, need: str, checked: dt.date, number: int) -> dict[str, str | None]:
    home = person.dwelling
    return {
        "Registration Number": f"PSR{number:06d}",
        "First Name": person.given_name,
        "Last Name": person.family_name,
        "DOB": f"{person.birth_date:%d/%m/%Y}" if number % 3 else None,
        "Address": home.line,
        "Town": home.town,
        "Postcode": home.postcode,
        "UPRN": home.uprn if number % 12 else None,
        "District": home.place.title(),
        "Telephone": home.landline or person.mobile,
        "Need": need,
        "Last Checked": f"{checked:%d/%m/%Y}",
    }


def without_power(people: Sequence[Resident], *, place: str) -> list[Dwelling]:
    """Choose the part of a place where the most people live, by its postcodes, and give its homes in order."""
    homes = {person.dwelling.uprn: person.dwelling for person in people if person.dwelling.place == place}
    parts = Counter(_part(person.dwelling) for person in people if person.dwelling.place == place)
    most = min(parts, key=lambda part: (-parts[part], part))
    return sorted((home for home in homes.values() if _part(home) == most), key=lambda home: (home.postcode, home.uprn))


def _part(home: Dwelling) -> str:
    return home.postcode.split(" ")[0]


def outage(
    *, sheet: Sheet, homes: Sequence[Dwelling], off_since: dt.datetime, hours: int, at: dt.datetime, back: int = 0
) -> None:
    """
    Add a row an address. back: so many of the first have their power again.

    As such files are: every fifteenth without a property number, and one row whose address cannot be read.
    """
    for number, home in enumerate(homes, start=1):
        row = {
            "Incident Reference": f"INC{off_since:%Y%m%d%H%M}",
            "UPRN": home.uprn if number % 15 else None,
            "Postcode": home.postcode,
            "Area Name": home.town,
            "Off Since": f"{off_since:%d/%m/%Y %H:%M}",
            "Expected Hours Off": str(hours),
            "Supply Status": "Restored" if number <= back else "Off",
            "As At": f"{at:%d/%m/%Y %H:%M}",
        }
        sheet.add(row if number != 20 else {**row, "UPRN": None, "Postcode": "N/K"})
