"""Write the county's files: the same bytes for the same people, seed and day."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from wherry.nonprod.county import agencies, partners, practices
from wherry.nonprod.county.people import PRACTICES, Resident, residents
from wherry.nonprod.county.sheet import Lines, Sheet


@dataclass(frozen=True)
class DeliveryFiles:
    """One delivery: the contract's name, its files, the day the sender drew the data, the rows the sender counts."""

    contract: str
    files: tuple[Path, ...]
    extracted_on: dt.date
    control_total: int


@dataclass(frozen=True)
class CountyFiles:
    """A written county. deliveries: in the order they would arrive; truth: who everybody really is."""

    folder: Path
    deliveries: tuple[DeliveryFiles, ...]
    truth: Path
    people: int


def write_county(*, people: int, seed: int, start_on: dt.date, into: Path) -> CountyFiles:
    """
    Write a county of so many invented residents into a folder, ready for the first day of a programme.

    start_on: every date in the files lies before it. Everything is synthetic: receive it with `synthetic=True`.
    """
    into.mkdir(parents=True, exist_ok=True)
    everybody = residents(people=people, seed=seed, today=start_on)
    deliveries = [
        *_practice_deliveries(everybody, seed, start_on, into),
        *_agency_deliveries(everybody, seed, start_on, into),
        _delivery("partner_directory", [partners.directory()], start_on - dt.timedelta(days=10), into),
    ]
    truth = into / "truth.json"
    truth.write_text(_truth(everybody, seed, start_on), encoding="utf-8")
    return CountyFiles(into, tuple(deliveries), truth, len(everybody))


def _practice_deliveries(
    everybody: Sequence[Resident], seed: int, start_on: dt.date, into: Path
) -> list[DeliveryFiles]:
    drawn = start_on - dt.timedelta(days=2)
    found: list[DeliveryFiles] = []
    for index, code in enumerate(sorted(code for pair in PRACTICES.values() for code in pair)):
        random = _random(seed, code)
        patients = [person for person in everybody if person.practice == code]
        if code == practices.FHIR_PRACTICE:
            files = practices.resources(patients=patients, random=random, today=start_on)
            found.append(_delivery("fhir", [file for file in files if file.resources], drawn, into))
            continue
        moved = [person for person in everybody if person.practice != code and int(person.key[1:]) % 250 == 60 + index]
        sheets = practices.spreadsheets(
            practice=code, patients=patients, moved_away=moved, random=random, today=start_on
        )
        for contract, sheet in zip(("gp_register", "gp_events", "gp_prescriptions"), sheets, strict=True):
            found.append(_delivery(contract, [sheet], drawn, into))
    return found


def _agency_deliveries(everybody: Sequence[Resident], seed: int, start_on: dt.date, into: Path) -> list[DeliveryFiles]:
    sheets = {
        "hospital": (agencies.hospital(people=everybody, random=_random(seed, "hospital"), today=start_on), 7),
        "ambulance": (agencies.ambulance(people=everybody, random=_random(seed, "ambulance"), today=start_on), 1),
        "adult_social_care": (agencies.social_care(people=everybody, random=_random(seed, "care"), today=start_on), 9),
        "shielded_list": (agencies.shielded_list(people=everybody, random=_random(seed, "list"), today=start_on), 3),
        "deaths": (agencies.deaths(people=everybody), 1),
        "opt_outs": (agencies.opt_outs(people=everybody, random=_random(seed, "opt_outs"), today=start_on), 4),
    }
    return [
        _delivery(contract, [sheet], start_on - dt.timedelta(days=days), into)
        for contract, (sheet, days) in sheets.items()
    ]


def _delivery(contract: str, files: Sequence[Sheet | Lines], drawn: dt.date, into: Path) -> DeliveryFiles:
    total = sum(len(file.rows) if isinstance(file, Sheet) else len(file.resources) for file in files)
    return DeliveryFiles(contract, tuple(file.write(into) for file in files), drawn, total)


def _random(seed: int, sender: str) -> Random:
    # One stream a sender: a change in one file leaves every other file as it was.
    return Random(f"county:{seed}:{sender}")  # noqa: S311 - invented data needs repeatable, not secret, chance


def _truth(everybody: Sequence[Resident], seed: int, start_on: dt.date) -> str:
    people = [
        {
            "key": person.key,
            "nhs_number": person.nhs_number,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "birth_date": person.birth_date.isoformat(),
            "sex": person.sex,
            "language": person.language,
            "practice": person.practice,
            "patient_id": person.patient_id,
            "place": person.dwelling.place,
            "dwelling": person.dwelling.number,
            "communal": person.dwelling.communal,
            "uprn": person.dwelling.uprn,
            "postcode": person.dwelling.postcode,
            "mobile": person.mobile,
            "landline": person.dwelling.landline,
            "email": person.email,
            "lives_alone": person.lives_alone,
            "care_package": person.care_package,
            "conditions": sorted(person.conditions),
            "died_on": person.died_on.isoformat() if person.died_on else None,
            "death_known_to": sorted(person.death_known_to),
            "rows": person.rows,
        }
        for person in everybody
    ]
    about = {"seed": seed, "start_on": start_on.isoformat(), "synthetic": True, "people": people}
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"
