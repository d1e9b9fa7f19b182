"""What hospital, ambulance, social care, the registrars and the board send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from wherry.nonprod.county.numbers import mistyped
from wherry.nonprod.county.people import Resident
from wherry.nonprod.county.sheet import Dirt, Sheet
from wherry.nonprod.county.tables import conditions

HOSPITAL = (
    "Hospital Number,NHS Number,Surname,Forename,Date of Birth,Sex,Postcode,Admission Date,Discharge Date,"
    "Primary Diagnosis,Admission Method,Died In Hospital"
).split(",")
AMBULANCE = (
    "Incident Number,Call Time,NHS Number,Patient Forename,Patient Surname,Patient DOB,Gender,Incident Address,"
    "Postcode,Caller Telephone,Chief Complaint,Conveyed To Hospital"
).split(",")
SOCIAL_CARE = (
    "Client ID,NHS Number,First Name,Last Name,DOB,Gender,Address,Town,Postcode,UPRN,Telephone,Assessment Date,"
    "Care Package,Lives Alone,Key Safe,Care Home"
).split(",")
DEATHS = "NHS Number,Surname,Forename,Date of Birth,Sex,Postcode,Date of Death,Date Registered".split(",")
OPT_OUTS = "NHS Number,Surname,Forename,Date of Birth,Opt-out Type,Date Recorded".split(",")

# Emergency and planned stays a person a year, after Hospital Episode Statistics 2019-20 (some 115 and 150 per 1,000
# people, far more with age), and ambulance calls a person a year (some 150 per 1,000), all rounded.
_EMERGENCY = ((0, 0.06), (18, 0.055), (65, 0.13), (80, 0.3))
_PLANNED = ((0, 0.02), (18, 0.07), (65, 0.16), (80, 0.14))
_CALLED = ((0, 0.03), (18, 0.08), (65, 0.16), (80, 0.42))
_OTHER_DIAGNOSES = ("R07.4", "S72.0", "J18.9", "N39.0", "K80.2", "R55")
_COMPLAINTS = (("Fall", "Breathing problems", "Chest pain", "Unwell", "Other"), (28, 18, 14, 25, 15))


def hospital(*, sheet: Sheet, people: Sequence[Resident], random: Random, today: dt.date, dirt: Dirt) -> None:
    """Add the stays of two years; a tenth without an NHS number, some women under the name they had before."""
    icd10 = {condition.name: condition.icd10 for condition in conditions().all if condition.icd10}
    for before, person in zip([people[-1], *people], people, strict=False):
        known = sorted(icd10[name] for name in person.conditions if name in icd10)
        methods = [("Emergency", 2 * _a_year(_EMERGENCY, person)), ("Elective", _a_year(_PLANNED, person))]
        for method, expected in methods:
            for _ in range(int(expected * 2 * random.random() + random.random())):
                admitted = today - dt.timedelta(days=random.randint(6, 725))
                if person.died_on is None or admitted <= person.died_on:
                    code = random.choice(known) if known and random.random() < 0.7 else random.choice(_OTHER_DIAGNOSES)
                    sheet.add(_stay(person, before, random, (code, method, admitted), dirt), resident=person)
        if person.died_on and "hospital" in person.death_known_to:
            last = _stay(person, before, random, ("J18.9", "Emergency", person.died_on - dt.timedelta(days=3)), dirt)
            sheet.add({**last, "Discharge Date": person.died_on.isoformat(), "Died In Hospital": "Y"}, resident=person)


def ambulance(*, sheet: Sheet, people: Sequence[Resident], random: Random, today: dt.date, dirt: Dirt) -> None:
    """Add the calls of half a year; names as heard, birth dates and numbers mostly missing."""
    for person in people:
        if person.died_on is None and random.random() < _a_year(_CALLED, person) / 2:
            called = today - dt.timedelta(days=random.randint(1, 181))
            sheet.add(_call(person, random, called, sheet.rows, dirt), resident=person)


def social_care(*, sheet: Sheet, people: Sequence[Resident], random: Random, today: dt.date, dirt: Dirt) -> None:
    """Add the councils' clients: everybody with care at home, half the care homes, some of the old who live alone."""
    for before, person in zip([people[-1], *people], people, strict=False):
        alone = person.lives_alone and person.age >= 75
        cared = person.dwelling.kind == "care_home"
        if person.care_package or (cared and random.random() < 0.55) or (alone and random.random() < 0.12):
            sheet.add(_client(person, before, random, today, sheet.rows, dirt), resident=person)


def deaths(*, sheet: Sheet, people: Sequence[Resident], random: Random, today: dt.date, dirt: Dirt) -> None:
    """Add registered deaths, among them those no practice has noted."""
    for person in people:
        if person.died_on is None or "deaths" not in person.death_known_to:
            continue
        registered = min(person.died_on + dt.timedelta(days=random.randint(2, 6)), today - dt.timedelta(days=1))
        row = {
            "NHS Number": person.nhs_number,
            "Surname": person.family_name.upper(),
            "Forename": person.given_name.upper(),
            "Date of Birth": f"{person.birth_date:%d/%m/%Y}",
            "Sex": "F" if person.sex == "female" else "M",
            "Postcode": person.dwelling.postcode,
            "Date of Death": f"{person.died_on:%d/%m/%Y}",
            "Date Registered": f"{registered:%d/%m/%Y}",
        }
        sheet.add(row, resident=person)


def opt_outs(*, sheet: Sheet, people: Sequence[Resident], random: Random, today: dt.date, dirt: Dirt) -> None:
    """Add those who opted out; a row whose number is mistyped must not opt out somebody else, and is set aside."""
    for person in people:
        if person.age < 18 or random.random() >= 0.02:
            continue
        kind = random.choice(("National data opt-out", "Type 1 opt-out", "No contact"))
        number = person.nhs_number
        if dirt.strikes("opt_out_with_a_mistyped_number", 0.01, random):
            number = mistyped(number, random)
        row = {
            "NHS Number": number,
            "Surname": person.family_name,
            "Forename": person.given_name,
            "Date of Birth": f"{person.birth_date:%d/%m/%Y}",
            "Opt-out Type": kind,
            "Date Recorded": f"{today - dt.timedelta(days=random.randint(30, 2000)):%d/%m/%Y}",
        }
        sheet.add(row, resident=person)


def number_known(person: Resident, other: Resident, share: float, random: Random, dirt: Dirt) -> str | None:
    """Give an NHS number as another body has it: often none, now and then the neighbour's."""
    if random.random() >= share:
        return None
    if dirt.strikes("nhs_number_of_somebody_else", 0.003, random):
        return other.nhs_number
    return person.nhs_number


def _a_year(table: Sequence[tuple[int, float]], person: Resident) -> float:
    rate = [rate for low, rate in table if low <= person.age][-1]
    return rate * person.frailty


def _stay(
    person: Resident, other: Resident, random: Random, what: tuple[str, str, dt.date], dirt: Dirt
) -> dict[str, str | None]:
    code, method, admitted = what
    if person.former_name:
        dirt.note("married_name")
    return {
        "Hospital Number": f"H{person.position * 17 + 40_000:07d}",
        "NHS Number": number_known(person, other, 0.9, random, dirt),
        "Surname": person.former_name or person.family_name,
        "Forename": person.given_name,
        "Date of Birth": person.birth_date.isoformat(),
        "Sex": "2" if person.sex == "female" else "1",
        "Postcode": person.dwelling.postcode,
        "Admission Date": admitted.isoformat(),
        "Discharge Date": (admitted + dt.timedelta(days=random.randint(0, 5))).isoformat(),
        "Primary Diagnosis": code,
        "Admission Method": method,
        "Died In Hospital": "N",
    }


def _call(person: Resident, random: Random, called: dt.date, number: int, dirt: Dirt) -> dict[str, str | None]:
    given, family = person.given_name, person.family_name
    if dirt.strikes("names_changed_about", 0.05, random):
        given, family = family, given
    if not (knows_birth_date := random.random() < 0.75):
        dirt.note("birth_date_missing")
    telephone = person.mobile or person.dwelling.landline
    elsewhere = dirt.strikes("ambulance_called_to_somewhere_else", 0.06, random)
    return {
        "Incident Number": f"CAD-{called:%y%m%d}-{number + 1:05d}",
        "Call Time": f"{called:%d/%m/%Y} {random.randint(0, 23):02d}:{random.randint(0, 59):02d}:00",
        "NHS Number": person.nhs_number if random.random() < 0.45 else None,
        "Patient Forename": random.choice((given, given, given.upper(), given[:1])),
        "Patient Surname": random.choice((family, family.upper(), f" {family} ")),
        "Patient DOB": f"{person.birth_date:%d/%m/%Y}" if knows_birth_date else None,
        "Gender": "Female" if person.sex == "female" else "Male",
        "Incident Address": "OUTSIDE THE MARKET HALL" if elsewhere else person.dwelling.line.upper(),
        "Postcode": "NR1 9AA" if elsewhere else person.dwelling.postcode,
        "Caller Telephone": telephone,
        "Chief Complaint": random.choices(*_COMPLAINTS)[0],
        "Conveyed To Hospital": random.choice(("Y", "N")),
    }


def _client(
    person: Resident, other: Resident, random: Random, today: dt.date, number: int, dirt: Dirt
) -> dict[str, str | None]:
    home = person.dwelling
    zero = random.random() < 0.3
    if zero:
        dirt.note("property_number_with_a_zero_before_it")
    return {
        "Client ID": f"ASC{number + 70_001}",
        "NHS Number": number_known(person, other, 0.8, random, dirt),
        "First Name": person.given_name,
        "Last Name": person.family_name,
        "DOB": f"{person.birth_date:%d-%b-%Y}",
        "Gender": person.sex.capitalize(),
        "Address": home.line,
        "Town": home.town,
        "Postcode": home.postcode,
        "UPRN": f"0{home.uprn}" if zero else home.uprn,
        "Telephone": home.landline,
        "Assessment Date": f"{today - dt.timedelta(days=random.randint(20, 500)):%d-%b-%Y}",
        "Care Package": "Yes" if person.care_package else "No",
        "Lives Alone": "Yes" if person.lives_alone else "No",
        "Key Safe": "Yes" if person.care_package and random.random() < 0.5 else "No",
        "Care Home": "Yes" if home.kind == "care_home" else "No",
    }
