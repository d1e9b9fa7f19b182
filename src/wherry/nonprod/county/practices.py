"""What general practices send: four send spreadsheets, each dirty in its own way, and one sends FHIR R4."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

from wherry.nonprod.county.history import Entry, entries
from wherry.nonprod.county.numbers import landline, mistyped
from wherry.nonprod.county.people import Resident
from wherry.nonprod.county.settling import BYTE_ORDER_MARK, EXCEL, RENAMES_HEADERS, RESENDS_OLD, SENDS_TWICE
from wherry.nonprod.county.sheet import Dirt, ExcelSheet, Sheet

OLD_EXTRACT_DAYS = 120
_REGISTER = (
    "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth,Sex,Ethnic Category,Main Language,"
    "Address Line 1,Town,Postcode,UPRN,LSOA,IMD Decile,District,Telephone,Email,Communication Needs,Care Home,"
    "Date of Death,Last Updated"
).split(",")
_RENAMED = {
    "Surname": "Patient Surname",
    "Forename": "Patient Forename",
    "NHS Number": "NHS No.",
    "Date of Birth": "D.O.B.",
    "Telephone": "Contact Number(s)",
}
_EVENTS = "Practice Code,Patient ID,Event Date,SNOMED Code,Description,Value,Unit,Date Entered".split(",")
_PRESCRIPTIONS = "Practice Code,Patient ID,Issue Date,dm+d Code,Drug,Quantity".split(",")
LANGUAGES = {"en": "English", "pl": "Polish", "lt": "Lithuanian", "pt": "Portuguese", "ro": "Romanian", "ar": "Arabic"}
DISTRICTS = {"norwich": "Norwich", "waveney": "East Suffolk"}
_ETHNIC = {"en": "A", "ar": "S"}
_NEEDS = ("Braille", "Easy read", "Large print", "British Sign Language", "Hard of hearing")


class SpreadsheetPractice:
    """One practice's register, coded events and prescriptions, with the dirt such files have."""

    def __init__(self, code: str, folder: Path, dirt: Dirt) -> None:
        """Open the practice's files."""
        self.code, self._folder, self._dirt = code, folder, dirt
        excel = code == EXCEL
        kind = ExcelSheet if excel else Sheet
        renamed = _RENAMED if code == RENAMES_HEADERS else None
        name = f"gp_register_{code}.{'xlsx' if excel else 'csv'}"
        self.register = kind(folder, name, _REGISTER, renamed=renamed, bom=code == BYTE_ORDER_MARK)
        self.events = Sheet(folder, f"gp_events_{code}.csv", _EVENTS)
        self.prescriptions = Sheet(folder, f"gp_prescriptions_{code}.csv", _PRESCRIPTIONS)
        self.older = Sheet(folder, f"gp_register_{code} resent.csv", _REGISTER) if code == RESENDS_OLD else None
        for kind_of_dirt, there in (
            ("header_renamed", renamed),
            ("byte_order_mark", code == BYTE_ORDER_MARK),
            ("excel_file", excel),
        ):
            if there:
                dirt.note(kind_of_dirt)

    def add(self, *, patients: Sequence[Resident], moved: Sequence[Resident], random: Random, today: dt.date) -> None:
        """Write a block's patients; moved: still on this register, though another practice has them now."""
        for patient in patients:
            self._patient(patient, random, today)
        for patient in moved:
            old = {"Practice Code": self.code, "Patient ID": f"9{patient.patient_id}", "Last Updated": "12/06/2021"}
            address = {
                "Address Line 1": f"{random.randint(1, 90)} Old Quay Street",
                "Postcode": "NR9 5AA",
                "UPRN": None,
            }
            row = register_row(patient, random, today, Dirt())  # what is wrong in it is wrong in their own row too
            self.register.add({**row, **old, **address, "Telephone": None, "Date of Death": None}, resident=patient)
            self._dirt.note("moved_with_two_addresses")
        self._nobodys_rows()

    def _patient(self, patient: Resident, random: Random, today: dt.date) -> None:
        row = register_row(patient, random, today, self._dirt)
        if self.code == EXCEL:
            row["Telephone"] = _as_excel_leaves_it(row["Telephone"], self._dirt)
            self._dirt.note("date_as_excel_serial")
        self.register.add(row, resident=patient)
        if "exported_twice" in patient.dirt or (
            self.register.rows == 7 and not self._dirt.counts.get("exported_twice")
        ):
            self.register.repeat(resident=patient)
            self._dirt.note("exported_twice")
        if self.older:
            self._older_row(row, patient, random, today)
        for entry in entries(resident=patient, random=random, today=today):
            self._entry(entry, patient)
        self._broken_entries(patient)

    def _older_row(self, row: dict[str, str | None], patient: Resident, random: Random, today: dt.date) -> None:
        """Write the row as it stood at the older extract: the same, or with what has changed since."""
        assert self.older is not None  # noqa: S101 - the caller looked
        drawn = today - dt.timedelta(days=OLD_EXTRACT_DAYS)
        then = dict(row)
        if "changed_since_the_older_extract" in patient.dirt:
            since = f"{drawn - dt.timedelta(days=random.randint(1, 900)):%d/%m/%Y}"
            before = {"Telephone": landline(600_000 + patient.position), "Address Line 1": "1 Yesterday Road"}
            then |= {"Last Updated": since, **before}
            self._dirt.note("changed_since_the_older_extract")
        elif (row["Last Updated"] or "")[6:] + (row["Last Updated"] or "")[3:5] > f"{drawn:%Y%m}":
            return
        self.older.add(then, resident=patient)

    def _entry(self, entry: Entry, patient: Resident) -> None:
        about = {"Practice Code": self.code, "Patient ID": patient.patient_id}
        day = f"{entry.on:%d/%m/%Y}"
        if entry.kind == "medicine":
            row = {"Issue Date": day, "dm+d Code": entry.code, "Drug": entry.term, "Quantity": "28"}
            self.prescriptions.add({**about, **row}, resident=patient)
            return
        row = {"Event Date": day, "SNOMED Code": entry.code, "Description": entry.term}
        self.events.add(
            {**about, **row, "Value": entry.value, "Unit": entry.unit, "Date Entered": day}, resident=patient
        )

    def _broken_entries(self, patient: Resident) -> None:
        about = {"Practice Code": self.code, "Patient ID": patient.patient_id}
        if "date_that_never_was" in patient.dirt:
            self.events.add({**about, "Event Date": "31/02/2019", "SNOMED Code": "195967001", "Description": "Asthma"})
            self._dirt.note("date_that_never_was")
        if "free_text_only" in patient.dirt:
            self.events.add({**about, "Event Date": "14/05/2020", "Description": "seen at home, see letter"})
            self._dirt.note("free_text_only")

    def _nobodys_rows(self) -> None:
        # Half-made entries no practice ever cleaned up: nobody can say who is meant; and a patient who was never sent.
        half = {"Practice Code": self.code, "Patient ID": "1", "Forename": "Temporary", "Last Updated": "01/02/2026"}
        if self.code != EXCEL:
            self.register.add(half)
            self._dirt.note("nobody_can_be_meant")
        about = {"Practice Code": self.code, "Patient ID": f"77{self.events.rows}", "Event Date": "03/03/2020"}
        self.events.add({**about, "SNOMED Code": "44054006", "Description": "Diabetes mellitus type 2"})
        self._dirt.note("entry_of_a_patient_never_sent")

    def close(self) -> None:
        """Finish the files; send one of them again under another name."""
        for sheet in (self.register, self.events, self.prescriptions, *([self.older] if self.older else [])):
            sheet.close()
        if self.code == SENDS_TWICE:
            shutil.copyfile(self.register.file, self.copy)
            self._dirt.note("file_sent_again")
        if self.older:
            self._dirt.note("older_extract_sent_later")

    @property
    def copy(self) -> Path:
        """The register as it is sent again."""
        return self._folder / f"gp_register_{self.code} (1).csv"


def register_row(patient: Resident, random: Random, today: dt.date, dirt: Dirt) -> dict[str, str | None]:
    """Give a patient's row of a practice register."""
    home = patient.dwelling
    # Some deaths have not reached the register: the person is dead on another feed alone.
    died = patient.died_on if "register" in patient.death_known_to else None
    updated = today - dt.timedelta(days=random.randint(2, OLD_EXTRACT_DAYS - 10 if patient.dirt else 900))
    return {
        "Practice Code": patient.practice,
        "Patient ID": patient.patient_id,
        "NHS Number": number_as_kept(patient, random, dirt),
        "Surname": patient.family_name,
        "Forename": patient.given_name,
        "Date of Birth": f"{patient.birth_date:%d/%m/%Y}",
        "Sex": "F" if patient.sex == "female" else "M",
        "Ethnic Category": _ETHNIC.get(patient.language, "C"),
        "Main Language": LANGUAGES[patient.language],
        "Address Line 1": home.line,
        "Town": home.town,
        "Postcode": home.postcode if random.random() > 0.1 else home.postcode.replace(" ", "").lower(),
        "UPRN": home.uprn,
        "LSOA": home.lsoa,
        "IMD Decile": str(home.imd_decile),
        "District": DISTRICTS[home.place],
        "Telephone": telephones(patient, random, dirt),
        "Email": patient.email,
        "Communication Needs": random.choice(_NEEDS) if random.random() < 0.02 else None,
        # A hostel is marked by nobody: only the crowd at one door tells.
        "Care Home": "Y" if home.kind == "care_home" else "N",
        "Date of Death": f"{died:%d/%m/%Y}" if died else None,
        "Last Updated": f"{updated:%d/%m/%Y}",
    }


def number_as_kept(patient: Resident, random: Random, dirt: Dirt) -> str | None:
    """Give an NHS number as a practice keeps it: some are missing, some mistyped, some written in groups."""
    if "nhs_number_missing" in patient.dirt:
        dirt.note("nhs_number_missing")
        return None
    number = patient.nhs_number
    if "nhs_number_mistyped" in patient.dirt:
        dirt.note("nhs_number_mistyped")
        return mistyped(number, random)
    return f"{number[:3]} {number[3:6]} {number[6:]}" if random.random() < 0.2 else number


def telephones(patient: Resident, random: Random, dirt: Dirt) -> str | None:
    """Give what stands in a practice's one telephone field: a number, or two of them."""
    both = [number for number in (patient.mobile, patient.dwelling.landline) if number]
    if "two_phones_in_one_field" in patient.dirt and len(both) == 2:
        dirt.note("two_phones_in_one_field")
        return random.choice(("/", " / ", "; ", " or ")).join(both)
    return both[0] if both else None


def _as_excel_leaves_it(telephone: str | None, dirt: Dirt) -> str | None:
    # One number typed without blanks is a number to Excel; two of them in a cell stay text.
    squeezed = (telephone or "").replace(" ", "")
    if squeezed.isdigit():
        dirt.note("lost_leading_zero")
        return squeezed
    return telephone
