"""The practice that sends FHIR R4: newline-delimited resources, one file a type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from random import Random
from uuid import NAMESPACE_URL, uuid5

from wherry.nonprod.county.history import Entry, entries
from wherry.nonprod.county.people import Resident
from wherry.nonprod.county.practices import DISTRICTS, number_as_kept, telephones
from wherry.nonprod.county.settling import FHIR_PRACTICE
from wherry.nonprod.county.sheet import Dirt, Lines

_TYPES = ("Patient", "Condition", "MedicationRequest", "Observation")
_SYSTEMS = {
    "diagnosis": "http://snomed.info/sct",
    "measurement": "http://snomed.info/sct",
    "medicine": "https://dmd.nhs.uk",
}


class FhirPractice:
    """One practice's patients, conditions, medicines and measurements."""

    def __init__(self, folder: Path, dirt: Dirt) -> None:
        """Open the practice's files."""
        self._dirt = dirt
        self._files = {kind: Lines(folder, f"fhir_{FHIR_PRACTICE}_{kind}.ndjson") for kind in _TYPES}

    @property
    def files(self) -> list[Lines]:
        """List the files that hold anything."""
        return [file for file in self._files.values() if file.rows]

    def add(self, *, patients: Sequence[Resident], random: Random, today: dt.date) -> None:
        """Write a block's patients and what is on record for them."""
        for patient in patients:
            self._files["Patient"].add(_patient(patient, random, today, self._dirt), resident=patient)
            for number, entry in enumerate(entries(resident=patient, random=random, today=today)):
                resource = _resource(entry, patient, number)
                self._files[str(resource["resourceType"])].add(resource, resident=patient)

    def close(self) -> None:
        """Finish the files."""
        for file in self._files.values():
            file.close()


def _patient(patient: Resident, random: Random, today: dt.date, dirt: Dirt) -> dict[str, object]:
    home = patient.dwelling
    number = number_as_kept(patient, random, dirt)
    telecom = [{"system": "phone", "value": value} for value in (telephones(patient, random, dirt),) if value]
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
                "district": DISTRICTS[home.place],
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
