"""Write the county's files: the same bytes for the same people, seed and day."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TextIO

from wherry.nonprod.county import agencies, life, national, partners
from wherry.nonprod.county.fhir_practice import FhirPractice
from wherry.nonprod.county.households import households
from wherry.nonprod.county.people import Resident
from wherry.nonprod.county.practices import OLD_EXTRACT_DAYS, SpreadsheetPractice
from wherry.nonprod.county.settling import FHIR_PRACTICE, PRACTICES, RESENDS_OLD, SENDS_TWICE, Register, settle
from wherry.nonprod.county.sheet import Dirt, Lines, Sheet

#: So many residents are in memory at a time.
BLOCK = 5_000

_Adds = Callable[..., None]
_AGENCIES: dict[str, tuple[_Adds, Sequence[str], int]] = {
    "hospital": (agencies.hospital, agencies.HOSPITAL, 5),
    "ambulance": (agencies.ambulance, agencies.AMBULANCE, 1),
    "adult_social_care": (agencies.social_care, agencies.SOCIAL_CARE, 9),
    "shielded_list": (national.shielded_list, national.SHIELDED, 3),
    "deaths": (agencies.deaths, agencies.DEATHS, 1),
    "opt_outs": (agencies.opt_outs, agencies.OPT_OUTS, 4),
}


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
    Written block by block, so memory does not grow with the county.
    """
    into.mkdir(parents=True, exist_ok=True)
    senders = _Senders(into, start_on)
    truth = into / "truth.json"
    with truth.open("w", encoding="utf-8") as handle:
        handle.write(f'{{"seed": {seed}, "start_on": "{start_on}", "synthetic": true, "people": [\n')
        for number, block in enumerate(blocks(people=people, seed=seed, today=start_on)):
            senders.send(block, seed, number)
            _tell_truth(handle, block, first=number == 0)
        deliveries = senders.close()
        handle.write(f'\n], "dirt": {json.dumps(dict(sorted(senders.dirt.counts.items())))}}}\n')
    return CountyFiles(into, deliveries, truth, people)


def blocks(*, people: int, seed: int, today: dt.date) -> Iterator[list[Resident]]:
    """Invent the residents, block by block; no household is in two of them."""
    register = Register()
    for number, size in enumerate(_sizes(people)):
        random = _random(seed, number, "people")
        housed = households(people=size, random=random)
        homes = [members for _, members in settle(found=housed, register=register, random=random, today=today)]
        everybody = [resident for home in homes for resident in home]
        life.live(everybody=everybody, homes=homes, random=random, today=today)
        yield everybody


def _sizes(people: int) -> list[int]:
    # A last block too small for a hostel and two care homes of its own goes with the one before.
    whole = max(1, people // BLOCK)
    return [BLOCK] * (whole - 1) + [people - BLOCK * (whole - 1)]


class _Senders:
    """Everybody who sends files, each with its own chance: a change in one file leaves every other as it was."""

    def __init__(self, folder: Path, today: dt.date) -> None:
        self._today, self._folder = today, folder
        self.dirt = Dirt()
        self._practices = {
            code: SpreadsheetPractice(code, folder, self.dirt) for code in sorted(PRACTICES) if code != FHIR_PRACTICE
        }
        self._fhir = FhirPractice(folder, self.dirt)
        self._sheets = {name: Sheet(folder, f"{name}.csv", header) for name, (_, header, _) in _AGENCIES.items()}
        self._registrations = tuple(
            Sheet(folder, f"self_registrations_{today - dt.timedelta(days=days)}.csv", national.REGISTRATIONS)
            for days in (8, 1)
        )

    def send(self, block: Sequence[Resident], seed: int, number: int) -> None:
        """Let every sender write what they know of a block."""
        by_practice: dict[str, list[Resident]] = {code: [] for code in PRACTICES}
        moved: dict[str, list[Resident]] = {code: [] for code in self._practices}
        codes = list(self._practices)
        for resident in block:
            by_practice[resident.practice].append(resident)
            if "moved_with_two_addresses" in resident.dirt:
                others = [code for code in codes if code != resident.practice]
                moved[others[resident.position % len(others)]].append(resident)
            for kind in sorted(resident.dirt & _TRUE_OF_PEOPLE):
                self.dirt.note(kind)
        common = {"today": self._today}
        for code, practice in self._practices.items():
            chance = _random(seed, number, code)
            practice.add(patients=by_practice[code], moved=moved[code], random=chance, **common)
        self._fhir.add(patients=by_practice[FHIR_PRACTICE], random=_random(seed, number, FHIR_PRACTICE), **common)
        for name, (add, _, _) in _AGENCIES.items():
            chance = _random(seed, number, name)
            add(sheet=self._sheets[name], people=block, random=chance, dirt=self.dirt, **common)
        first, second = self._registrations
        chance = _random(seed, number, "self_registrations")
        national.registrations(first=first, second=second, people=block, random=chance, dirt=self.dirt, **common)

    def close(self) -> tuple[DeliveryFiles, ...]:
        """Finish every file and list the deliveries in the order they arrive, files sent again last."""
        for practice in self._practices.values():
            practice.close()
        self._fhir.close()
        for sheet in (*self._sheets.values(), *self._registrations):
            sheet.close()
        self.dirt.note("date_formats", 4)  # 31/12/1950, 1950-12-31, 19501231 and 31-Dec-1950, by sender
        found = []
        for practice in self._practices.values():
            found.append(self._delivery("gp_register", [practice.register], 2))
            found.append(self._delivery("gp_events", [practice.events], 2))
            found.append(self._delivery("gp_prescriptions", [practice.prescriptions], 2))
        found.append(self._delivery("fhir", self._fhir.files, 2))
        found += [self._delivery(name, [self._sheets[name]], days) for name, (_, _, days) in _AGENCIES.items()]
        found += [
            self._delivery("self_registrations", [sheet], days)
            for sheet, days in zip(self._registrations, (8, 1), strict=True)
        ]
        found.append(self._delivery("partner_directory", [partners.directory(self._folder)], 10))
        return (*(one for one in found if one.control_total), *self._sent_again())

    def _sent_again(self) -> Iterator[DeliveryFiles]:
        twice = self._practices[SENDS_TWICE]
        drawn = self._today - dt.timedelta(days=2)
        yield DeliveryFiles("gp_register", (twice.copy,), drawn, twice.register.rows)
        older = self._practices[RESENDS_OLD].older
        if older and older.rows:
            yield self._delivery("gp_register", [older], OLD_EXTRACT_DAYS)

    def _delivery(self, contract: str, files: Sequence[Sheet | Lines], days: int) -> DeliveryFiles:
        drawn = self._today - dt.timedelta(days=days)
        return DeliveryFiles(contract, tuple(file.file for file in files), drawn, sum(file.rows for file in files))


_TRUE_OF_PEOPLE = frozenset(
    "twins father_and_son landline_shared_by_a_couple two_people_on_one_mobile dead_on_one_feed_only".split()
)


def _random(seed: int, block: int, sender: str) -> Random:
    return Random(f"county:{seed}:{block}:{sender}")  # noqa: S311 - invented data needs repeatable, not secret, chance


def _tell_truth(handle: TextIO, block: Sequence[Resident], *, first: bool) -> None:
    lines = (json.dumps(_truth(person), ensure_ascii=False, separators=(",", ":")) for person in block)
    handle.write(("" if first else ",\n") + ",\n".join(lines))


def _truth(person: Resident) -> dict[str, object]:
    home = person.dwelling
    return {
        "key": person.key,
        "nhs_number": person.nhs_number,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "former_name": person.former_name,
        "birth_date": person.birth_date.isoformat(),
        "age": person.age,
        "sex": person.sex,
        "language": person.language,
        "practice": person.practice,
        "patient_id": person.patient_id,
        "place": home.place,
        "dwelling": home.number,
        "household": home.kind,
        "communal": home.communal,
        "uprn": home.uprn,
        "postcode": home.postcode,
        "imd_decile": home.imd_decile,
        "mobile": person.mobile,
        "landline": home.landline,
        "email": person.email,
        "lives_alone": person.lives_alone,
        "care_package": person.care_package,
        "shielded": person.shielded,
        "conditions": sorted(person.conditions),
        "died_on": person.died_on.isoformat() if person.died_on else None,
        "death_known_to": sorted(person.death_known_to),
        "dirt": sorted(person.dirt),
        "rows": person.rows,
    }
