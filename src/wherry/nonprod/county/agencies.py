"""What everybody else sends: hospital, ambulance, social care, the national list, deaths, opt-outs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from wherry.nonprod.county.conditions import CONDITIONS
from wherry.nonprod.county.people import Resident, age
from wherry.nonprod.county.practices import damaged
from wherry.nonprod.county.sheet import Sheet

_HOSPITAL = (
    "Hospital Number,NHS Number,Surname,Forename,Date of Birth,Sex,Postcode,Admission Date,Discharge Date,"
    "Primary Diagnosis,Admission Method,Died In Hospital"
).split(",")
_AMBULANCE = (
    "Incident Number,Call Time,NHS Number,Patient Forename,Patient Surname,Patient DOB,Gender,Incident Address,"
    "Postcode,Caller Telephone,Chief Complaint,Conveyed To Hospital"
).split(",")
_SOCIAL_CARE = (
    "Client ID,NHS Number,First Name,Last Name,DOB,Gender,Address,Town,Postcode,UPRN,Telephone,Assessment Date,"
    "Care Package,Lives Alone,Key Safe,Care Home"
).split(",")
_SHIELDED = (
    "Traced_NHSNUMBER,PatientFirstName,PatientOtherName,PatientSurname,DateOfBirth,PatientAddress_Line1,"
    "PatientAddress_Line2,PatientAddress_Line3,PatientAddress_Line4,PatientAddress_Line5,PatientAddress_PostCode,"
    "PatientEmailAddress,mobile,landline,DateOfDeath,Flag_PDSInformallyDeceased,oslaua,oscty,Data_Source,category,"
    "InceptionDate,SPL_Version,uprn"
).split(",")
_DEATHS = "NHS Number,Surname,Forename,Date of Birth,Sex,Postcode,Date of Death,Date Registered".split(",")
_OPT_OUTS = "NHS Number,Surname,Forename,Date of Birth,Opt-out Type,Date Recorded".split(",")
_DISTRICTS = {"norwich": "E07000148", "waveney": "E07000244"}


def hospital(*, people: Sequence[Resident], random: Random, today: dt.date) -> Sheet:
    """Give admissions of two years; a tenth without an NHS number, some women under the name they had before."""
    sheet = Sheet("hospital.csv", _HOSPITAL)
    icd10 = {condition.name: condition.icd10 for condition in CONDITIONS if condition.icd10}
    for person in people:
        known = sorted(icd10[name] for name in person.conditions if name in icd10)
        if random.random() >= (0.35 if known else 0.06):
            continue
        for _ in range(random.choice((1, 1, 1, 2))):
            admitted = today - dt.timedelta(days=random.randint(10, 720))
            if person.died_on and admitted > person.died_on:
                continue
            sheet.add(_stay(person, random, random.choice(known or ["R07.4"]), admitted), resident=person)
    if len(sheet.rows) > 5:
        sheet.repeat(4)
    return sheet


def ambulance(*, people: Sequence[Resident], random: Random, today: dt.date) -> Sheet:
    """Give calls of half a year; names as heard, birth dates and numbers mostly missing."""
    sheet = Sheet("ambulance.csv", _AMBULANCE)
    for person in people:
        years = age(resident=person, today=today)
        if random.random() >= (0.12 if years >= 75 else 0.015) or person.died_on:
            continue
        called = today - dt.timedelta(days=random.randint(2, 180))
        sheet.add(_call(person, random, called, len(sheet.rows)), resident=person)
    return sheet


def social_care(*, people: Sequence[Resident], random: Random, today: dt.date) -> Sheet:
    """Give the councils' clients: everybody with care at home, most care-home residents, some who live alone."""
    sheet = Sheet("adult_social_care.csv", _SOCIAL_CARE)
    for person in people:
        years = age(resident=person, today=today)
        alone = person.lives_alone and years >= 75
        communal = person.dwelling.communal
        if person.care_package or (communal and random.random() < 0.8) or (alone and random.random() < 0.6):
            sheet.add(_client(person, random, today, len(sheet.rows)), resident=person)
    return sheet


def shielded_list(*, people: Sequence[Resident], random: Random, today: dt.date) -> Sheet:
    """Give the national list: most with the gravest conditions, a few others, one marked dead here alone."""
    sheet = Sheet("shielded_list.csv", _SHIELDED)
    shares = {condition.name: condition.shielded for condition in CONDITIONS}
    for person in people:
        chance = max((shares[name] for name in person.conditions), default=0.0) or 0.008
        deceased = "shielded_list" in person.death_known_to
        if random.random() < chance or deceased:
            sheet.add(_shielded(person, random, today, deceased=deceased), resident=person)
    return sheet


def deaths(*, people: Sequence[Resident]) -> Sheet:
    """Give registered deaths, among them those no practice has noted."""
    sheet = Sheet("deaths.csv", _DEATHS)
    for person in people:
        if person.died_on is None or "deaths" not in person.death_known_to:
            continue
        row = {
            "NHS Number": person.nhs_number,
            "Surname": person.family_name.upper(),
            "Forename": person.given_name.upper(),
            "Date of Birth": f"{person.birth_date:%d/%m/%Y}",
            "Sex": "F" if person.sex == "female" else "M",
            "Postcode": person.dwelling.postcode,
            "Date of Death": f"{person.died_on:%d/%m/%Y}",
            "Date Registered": f"{person.died_on + dt.timedelta(days=4):%d/%m/%Y}",
        }
        sheet.add(row, resident=person)
    return sheet


def opt_outs(*, people: Sequence[Resident], random: Random, today: dt.date) -> Sheet:
    """Give those who opted out, and one row whose number is damaged: it must not opt out somebody else."""
    sheet = Sheet("opt_outs.csv", _OPT_OUTS)
    for person in people:
        if random.random() >= 0.02 or age(resident=person, today=today) < 18:
            continue
        kind = random.choice(("National data opt-out", "Type 1 opt-out", "No contact"))
        sheet.add(_opt_out(person, person.nhs_number, kind, today, random), resident=person)
    sheet.add(_opt_out(people[0], damaged(people[0].nhs_number, random), "No contact", today, random))
    return sheet


def _stay(person: Resident, random: Random, code: str, admitted: dt.date) -> dict[str, str | None]:
    stayed = dt.timedelta(days=random.randint(0, 9))
    return {
        "Hospital Number": f"H{int(person.key[1:]) * 17 + 40_000:07d}",
        "NHS Number": person.nhs_number if random.random() > 0.1 else None,
        "Surname": person.former_name or person.family_name,
        "Forename": person.given_name,
        "Date of Birth": person.birth_date.isoformat(),
        "Sex": "2" if person.sex == "female" else "1",
        "Postcode": person.dwelling.postcode,
        "Admission Date": admitted.isoformat(),
        "Discharge Date": (admitted + stayed).isoformat(),
        "Primary Diagnosis": code,
        "Admission Method": random.choice(("Emergency", "Elective")),
        "Died In Hospital": "N",
    }


def _call(person: Resident, random: Random, called: dt.date, number: int) -> dict[str, str | None]:
    given, family = person.given_name, person.family_name
    if random.random() < 0.15:
        given, family = family, given
    telephone = person.mobile or person.dwelling.landline
    return {
        "Incident Number": f"CAD-{called:%y%m%d}-{number + 1:05d}",
        "Call Time": f"{called:%d/%m/%Y} {random.randint(0, 23):02d}:{random.randint(0, 59):02d}:00",
        "NHS Number": person.nhs_number if random.random() < 0.2 else None,
        "Patient Forename": random.choice((given, given.upper(), given[:1])),
        "Patient Surname": random.choice((family, family.upper(), f" {family} ")),
        "Patient DOB": f"{person.birth_date:%d/%m/%Y}" if random.random() < 0.6 else None,
        "Gender": "Female" if person.sex == "female" else "Male",
        "Incident Address": person.dwelling.line.upper(),
        "Postcode": person.dwelling.postcode,
        "Caller Telephone": telephone,
        "Chief Complaint": random.choice(("Fall", "Breathing problems", "Chest pain", "Unwell", "Other")),
        "Conveyed To Hospital": random.choice(("Y", "N")),
    }


def _client(person: Resident, random: Random, today: dt.date, number: int) -> dict[str, str | None]:
    home = person.dwelling
    return {
        "Client ID": f"ASC{number + 70_001}",
        "NHS Number": person.nhs_number if random.random() < 0.7 else None,
        "First Name": person.given_name,
        "Last Name": person.family_name,
        "DOB": f"{person.birth_date:%d-%b-%Y}",
        "Gender": person.sex.capitalize(),
        "Address": home.line,
        "Town": home.town,
        "Postcode": home.postcode,
        "UPRN": f"0{home.uprn}" if random.random() < 0.3 else home.uprn,
        "Telephone": home.landline,
        "Assessment Date": f"{today - dt.timedelta(days=random.randint(20, 500)):%d-%b-%Y}",
        "Care Package": "Yes" if person.care_package else "No",
        "Lives Alone": "Yes" if person.lives_alone else "No",
        "Key Safe": "Yes" if person.care_package and random.random() < 0.5 else "No",
        "Care Home": "Yes" if home.communal else "No",
    }


def _shielded(person: Resident, random: Random, today: dt.date, *, deceased: bool) -> dict[str, str | None]:
    home = person.dwelling
    return {
        "Traced_NHSNUMBER": person.nhs_number,
        "PatientFirstName": person.given_name.upper(),
        "PatientSurname": person.family_name.upper(),
        "DateOfBirth": f"{person.birth_date:%Y%m%d}",
        "PatientAddress_Line1": home.line,
        "PatientAddress_Line4": home.town,
        "PatientAddress_PostCode": home.postcode,
        "PatientEmailAddress": person.email,
        "mobile": person.mobile,
        "landline": home.landline,
        "Flag_PDSInformallyDeceased": "1" if deceased else "0",
        "oslaua": _DISTRICTS[home.place],
        "oscty": "E10000020",
        "Data_Source": random.choice(("HES", "GP", "NHSBSA")),
        "category": "Deceased" if deceased else "High",
        "InceptionDate": f"{today - dt.timedelta(days=random.randint(8, 60)):%Y%m%d}",
        "SPL_Version": "75",
        "uprn": home.uprn,
    }


def _opt_out(person: Resident, number: str, kind: str, today: dt.date, random: Random) -> dict[str, str | None]:
    return {
        "NHS Number": number,
        "Surname": person.family_name,
        "Forename": person.given_name,
        "Date of Birth": f"{person.birth_date:%d/%m/%Y}",
        "Opt-out Type": kind,
        "Date Recorded": f"{today - dt.timedelta(days=random.randint(30, 2000)):%d/%m/%Y}",
    }
