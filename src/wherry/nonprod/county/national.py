"""The two national feeds: the shielded list, and what people said of themselves when they registered for support."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from wherry.nonprod.county.numbers import mistyped
from wherry.nonprod.county.people import Resident
from wherry.nonprod.county.sheet import Dirt, Sheet

SHIELDED = (
    "Traced_NHSNUMBER,PatientFirstName,PatientOtherName,PatientSurname,DateOfBirth,PatientAddress_Line1,"
    "PatientAddress_Line2,PatientAddress_Line3,PatientAddress_Line4,PatientAddress_Line5,PatientAddress_PostCode,"
    "PatientEmailAddress,mobile,landline,DateOfDeath,Flag_PDSInformallyDeceased,oslaua,oscty,Data_Source,category,"
    "InceptionDate,SPL_Version,uprn"
).split(",")
REGISTRATIONS = (
    "ID,nhs_number,first_name,middle_name,last_name,date_of_birth,address_line1,address_line2,address_town_city,"
    "address_postcode,address_uprn,contact_number_calls,contact_number_texts,contact_email,uid_submission,"
    "submission_datetime,are_you_applying_on_behalf_of_someone_else,have_you_received_an_nhs_letter,"
    "do_you_want_supermarket_deliveries,do_you_need_someone_to_contact_you_about_local_support,"
    "do_you_have_one_of_the_listed_medical_conditions,do_you_have_someone_to_go_shopping_for_you,ladcode,active_status,"
    "spl_category,spl_address_line1,spl_address_line2,spl_address_line3,spl_address_line4,spl_address_line5,"
    "spl_address_postcode,spl_address_uprn,help_request_id"
).split(",")
_DISTRICTS = {"norwich": "E07000148", "waveney": "E07000244"}
_REGISTERED = ((0, 0.0), (18, 0.002), (65, 0.008), (80, 0.02))
_AMONG_THE_SHIELDED = 0.42


def shielded_list(*, sheet: Sheet, people: Sequence[Resident], random: Random, today: dt.date, dirt: Dirt) -> None:
    """Add those on the national list, among them one marked dead here alone."""
    for person in people:
        deceased = "shielded_list" in person.death_known_to
        if person.shielded and (deceased or person.died_on is None):
            sheet.add(_shielded(person, random, today, deceased=deceased), resident=person)


def registrations(
    *, first: Sheet, second: Sheet, people: Sequence[Resident], random: Random, today: dt.date, dirt: Dirt
) -> None:
    """
    Add what people sent in: `first` was drawn a week before `second`, and `second` holds all of it again.

    In no order, rows repeated, the same person several times with other answers: the newest is what they want.
    """
    rows: list[tuple[Resident, dt.date, dict[str, str | None]]] = []
    for person in people:
        share = _AMONG_THE_SHIELDED if person.shielded else _share(person.age) * person.frailty
        if person.died_on or person.age < 18 or random.random() >= share:
            continue
        days = sorted(random.sample(range(2, 60), k=random.choices((1, 2, 3), (80, 16, 4))[0]), reverse=True)
        if len(days) > 1:
            dirt.note("registered_again_with_other_answers", len(days) - 1)
        common = _registrant(person, random, dirt)
        for number, before in enumerate(days):
            day = today - dt.timedelta(days=before)
            rows.append((person, day, {**common, **_answers(person, random, day, number)}))
    random.shuffle(rows)
    for person, day, row in rows:
        for sheet, drawn in ((first, 8), (second, 1)):
            if day <= today - dt.timedelta(days=drawn):
                sheet.add(row, resident=person)
                if dirt.strikes("registration_repeated_in_one_file", 0.02, random):
                    sheet.repeat(resident=person)


def _share(age: int) -> float:
    return [share for low, share in _REGISTERED if low <= age][-1]


def _registrant(person: Resident, random: Random, dirt: Dirt) -> dict[str, str | None]:
    home = person.dwelling
    number: str | None = person.nhs_number if random.random() < 0.7 else None
    if number and dirt.strikes("nhs_number_mistyped_by_the_person", 0.02, random):
        number = mistyped(number, random)
    telephone = person.mobile or home.landline
    return {
        "nhs_number": number,
        "first_name": random.choice((person.given_name, person.given_name, person.given_name.lower())),
        "last_name": person.family_name,
        "date_of_birth": f"{person.birth_date:%d/%m/%Y}",
        "address_line1": home.line,
        "address_town_city": home.town,
        "address_postcode": home.postcode,
        "address_uprn": home.uprn,
        "contact_number_calls": home.landline or person.mobile,
        "contact_number_texts": person.mobile,
        "contact_email": person.email,
        "are_you_applying_on_behalf_of_someone_else": "no" if telephone and random.random() < 0.9 else "yes",
        "ladcode": _DISTRICTS[home.place],
        "active_status": "Active",
        "spl_category": "High" if person.shielded else None,
        "spl_address_line1": home.line if person.shielded else None,
        "spl_address_postcode": home.postcode if person.shielded else None,
        "spl_address_uprn": home.uprn if person.shielded else None,
    }


def _answers(person: Resident, random: Random, day: dt.date, number: int) -> dict[str, str | None]:
    alone = person.lives_alone
    shopping = random.random() < (0.55 if alone else 0.85)
    uid = person.position * 4 + number + 500_001
    return {
        "ID": str(uid),
        "uid_submission": f"S-{uid:07d}",
        "submission_datetime": f"{day:%d/%m/%Y} {random.randint(7, 21):02d}:{random.randint(0, 59):02d}:{number:02d}",
        "have_you_received_an_nhs_letter": "yes" if person.shielded else random.choice(("no", "not_sure")),
        "do_you_want_supermarket_deliveries": "no" if shopping else "yes",
        "do_you_need_someone_to_contact_you_about_local_support": "yes" if random.random() < 0.25 else "no",
        "do_you_have_one_of_the_listed_medical_conditions": "yes" if person.conditions else "no",
        "do_you_have_someone_to_go_shopping_for_you": "yes" if shopping else "no",
        "help_request_id": str(uid * 3),
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
