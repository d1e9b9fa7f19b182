"""What general practices send: three send spreadsheets, one sends FHIR R4."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from uuid import NAMESPACE_URL, uuid5

from wherry.nonprod.county.history import Entry, entries
from wherry.nonprod.county.people import Resident
from wherry.nonprod.county.sheet import Lines, Sheet

FHIR_PRACTICE = "D82004"
_REGISTER = (
    "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth,Sex,Ethnic Category,Main Language,"
    "Address Line 1,Town,Postcode,UPRN,LSOA,IMD Decile,District,Telephone,Email,Communication Needs,Care Home,"
    "Date of Death,Last Updated"
).split(",")
_EVENTS = "Practice Code,Patient ID,Event Date,SNOMED Code,Description,Value,Unit,Date Entered".split(",")
_PRESCRIPTIONS = "Practice Code,Patient ID,Issue Date,dm+d Code,Drug,Quantity".split(",")
_LANGUAGES = {"en": "English", "pl": "Polish", "lt": "Lithuanian"}
_DISTRICTS = {"norwich": "Norwich", "waveney": "East Suffolk"}
_NEEDS = ("Braille", "Easy read", "Large print", "British Sign Language", "Hard of hearing")
_SYSTEMS = {
    "diagnosis": "http://snomed.info/sct",
    "measurement": "http://snomed.info/sct",
    "medicine": "https://dmd.nhs.uk",
}


def damaged(number: str, random: Random) -> str:
    """Change one digit so that the check digit is wrong, as a slip of the keyboard does."""
    place = random.randrange(3, 9)
    return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]


def spreadsheets(
    *, practice: str, patients: Sequence[Resident], moved_away: Sequence[Resident], random: Random, today: dt.date
) -> tuple[Sheet, Sheet, Sheet]:
    """
    Give one practice's register, coded events and prescriptions, with the dirt such files have.

    moved_away: still on this register, at an address of years ago, though another practice has them now.
    """
    register = Sheet(f"gp_register_{practice}.csv", _REGISTER)
    events = Sheet(f"gp_events_{practice}.csv", _EVENTS)
    prescriptions = Sheet(f"gp_prescriptions_{practice}.csv", _PRESCRIPTIONS)
    for patient in patients:
        register.add(_register_row(patient, random, today), resident=patient)
        for entry in entries(resident=patient, random=random, today=today):
            _add_entry(entry, patient, practice, events, prescriptions)
    for patient in moved_away:
        old = {"Practice Code": practice, "Patient ID": f"9{patient.patient_id}", "Last Updated": "12/06/2021"}
        address = {"Address Line 1": f"{random.randint(1, 90)} Old Quay Street", "Postcode": "NR9 5AA", "UPRN": None}
        register.add({**_register_row(patient, random, today), **old, **address, "Telephone": None}, resident=patient)
    _dirty(practice, register, events, prescriptions)
    return register, events, prescriptions


def resources(*, patients: Sequence[Resident], random: Random, today: dt.date) -> tuple[Lines, ...]:
    """Give the FHIR practice's patients, conditions, medicines and measurements, one file a type."""
    files = {
        kind: Lines(f"fhir_{FHIR_PRACTICE}_{kind}.ndjson")
        for kind in ("Patient", "Condition", "MedicationRequest", "Observation")
    }
    for patient in patients:
        files["Patient"].add(_patient(patient, random, today), resident=patient)
        for number, entry in enumerate(entries(resident=patient, random=random, today=today)):
            resource = _resource(entry, patient, number)
            files[str(resource["resourceType"])].add(resource, resident=patient)
    return tuple(files.values())


def _register_row(patient: Resident, random: Random, today: dt.date) -> dict[str, str | None]:
    home = patient.dwelling
    # Some deaths have not reached the register: the person is dead on another feed alone.
    died = patient.died_on if "register" in patient.death_known_to else None
    return {
        "Practice Code": patient.practice,
        "Patient ID": patient.patient_id,
        "NHS Number": _number_as_kept(patient, random),
        "Surname": patient.family_name,
        "Forename": patient.given_name,
        "Date of Birth": f"{patient.birth_date:%d/%m/%Y}",
        "Sex": "F" if patient.sex == "female" else "M",
        "Ethnic Category": "A" if patient.language == "en" else "C",
        "Main Language": _LANGUAGES[patient.language],
        "Address Line 1": home.line,
        "Town": home.town,
        "Postcode": home.postcode if random.random() > 0.1 else home.postcode.replace(" ", "").lower(),
        "UPRN": home.uprn,
        "LSOA": home.lsoa,
        "IMD Decile": str(home.imd_decile),
        "District": _DISTRICTS[home.place],
        "Telephone": _telephones(patient, random),
        "Email": patient.email,
        "Communication Needs": random.choice(_NEEDS) if random.random() < 0.02 else None,
        "Care Home": "Y" if home.communal else "N",
        "Date of Death": f"{died:%d/%m/%Y}" if died else None,
        "Last Updated": f"{today - dt.timedelta(days=random.randint(2, 900)):%d/%m/%Y}",
    }


def _number_as_kept(patient: Resident, random: Random) -> str | None:
    chance = random.random()
    if chance < 0.015:
        return None
    if chance < 0.025:
        return damaged(patient.nhs_number, random)
    number = patient.nhs_number
    return f"{number[:3]} {number[3:6]} {number[6:]}" if chance < 0.2 else number


def _telephones(patient: Resident, random: Random) -> str | None:
    both = [number for number in (patient.mobile, patient.dwelling.landline) if number]
    if len(both) == 2:
        return "/".join(both) if random.random() < 0.5 else both[0]
    return both[0] if both else None


def _add_entry(entry: Entry, patient: Resident, practice: str, events: Sheet, prescriptions: Sheet) -> None:
    about = {"Practice Code": practice, "Patient ID": patient.patient_id}
    if entry.kind == "medicine":
        row = {"Issue Date": f"{entry.on:%d/%m/%Y}", "dm+d Code": entry.code, "Drug": entry.term, "Quantity": "28"}
        prescriptions.add({**about, **row}, resident=patient)
        return
    row = {"Event Date": f"{entry.on:%d/%m/%Y}", "SNOMED Code": entry.code, "Description": entry.term}
    measured = {"Value": entry.value, "Unit": entry.unit, "Date Entered": f"{entry.on:%d/%m/%Y}"}
    events.add({**about, **row, **measured}, resident=patient)


def _dirty(practice: str, register: Sheet, events: Sheet, prescriptions: Sheet) -> None:
    if len(register.rows) > 20:
        register.repeat(7)
        register.repeat(12)
        # Half-made entries no practice ever cleaned up: nobody can say who is meant.
        register.add(
            {"Practice Code": practice, "Patient ID": "1", "Forename": "Temporary", "Last Updated": "01/02/2026"}
        )
    if len(events.rows) > 5:
        events.repeat(3)
        about = {"Practice Code": practice, "Patient ID": register.rows[3][1]}
        events.add({**about, "Event Date": "31/02/2019", "SNOMED Code": "195967001", "Description": "Asthma"})
        events.add({**about, "Event Date": "14/05/2020", "Description": "free text only"})
    if len(prescriptions.rows) > 5:
        prescriptions.repeat(2)


def _patient(patient: Resident, random: Random, today: dt.date) -> dict[str, object]:
    home = patient.dwelling
    number = _number_as_kept(patient, random)
    telecom = [{"system": "phone", "value": value} for value in (_telephones(patient, random),) if value]
    telecom += [{"system": "email", "value": patient.email}] if patient.email else []
    key = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AddressKey"
    resource: dict[str, object] = {
        "resourceType": "Patient",
        "id": _id(patient, "patient"),
        "meta": {"lastUpdated": f"{today - dt.timedelta(days=random.randint(2, 900))}T09:00:00+00:00"},
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number}] if number else [],
        "name": [{"use": "official", "family": patient.family_name, "given": [patient.given_name]}],
        "telecom": telecom,
        "gender": patient.sex,
        "birthDate": patient.birth_date.isoformat(),
        "address": [
            {
                "line": [home.line],
                "city": home.town,
                "district": _DISTRICTS[home.place],
                "postalCode": home.postcode,
                "extension": [
                    {
                        "url": key,
                        "extension": [
                            {"url": "type", "valueCoding": {"code": "UPRN"}},
                            {"url": "value", "valueString": home.uprn},
                        ],
                    }
                ],
            }
        ],
        "communication": [
            {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": patient.language}]}, "preferred": True}
        ],
        "generalPractitioner": [
            {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": patient.practice}}
        ],
    }
    if patient.died_on and "register" in patient.death_known_to:
        resource["deceasedDateTime"] = patient.died_on.isoformat()
    return resource


def _resource(entry: Entry, patient: Resident, number: int) -> dict[str, object]:
    coding = {"coding": [{"system": _SYSTEMS[entry.kind], "code": entry.code, "display": entry.term}]}
    about = {"subject": {"reference": f"Patient/{_id(patient, 'patient')}"}}
    identity = {"id": _id(patient, f"{entry.kind}:{number}")}
    if entry.kind == "medicine":
        kind = {"resourceType": "MedicationRequest", "status": "active", "intent": "order"}
        return {**kind, **identity, **about, "medicationCodeableConcept": coding, "authoredOn": entry.on.isoformat()}
    if entry.kind == "measurement":
        quantity: dict[str, object] = {
            "value": float(entry.value),
            "unit": entry.unit,
            "system": "http://unitsofmeasure.org",
            "code": entry.unit,
        }
        return {
            "resourceType": "Observation",
            "status": "final",
            **identity,
            **about,
            "code": coding,
            "effectiveDateTime": entry.on.isoformat(),
            "valueQuantity": quantity,
        }
    status = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
    return {
        "resourceType": "Condition",
        "clinicalStatus": status,
        **identity,
        **about,
        "code": coding,
        "onsetDateTime": entry.on.isoformat(),
        "recordedDate": entry.on.isoformat(),
    }


def _id(patient: Resident, what: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://county.example.org/{patient.nhs_number}/{what}"))
