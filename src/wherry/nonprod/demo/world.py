"""
What the invented world knows of itself: who holds which telephone, who was born when.

The simulated residents and the person at the other end of a simulated call use it; no page and no journey does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.foundation.identifiers import split_phones
from wherry.people.models import ContactPointRow, Person


@dataclass(frozen=True)
class Resident:
    """An invented resident who has a case. `who` seeds their behaviour and is the same in every run."""

    who: str
    person_id: str
    given_name: str
    birth_date: str
    language: str
    mobiles: tuple[str, ...]
    address: str


@dataclass
class World:
    """The county's truth, read once."""

    truth_file: Path

    @cached_property
    def _truth(self) -> dict[str, dict[str, Any]]:
        people = json.loads(self.truth_file.read_text(encoding="utf-8"))["people"]
        return {one["nhs_number"]: one for one in people}

    def residents(self) -> list[Resident]:
        """List the residents who have a case, in an order that is the same in every run."""
        with acting_as(WORKER):
            people = list(Person.objects.order_by("population_id"))
            numbers: dict[object, list[str]] = {}
            for row in ContactPointRow.objects.filter(kind="mobile").order_by("value"):
                numbers.setdefault(row.person_id, []).append(row.value)
        return [self._resident(person, tuple(dict.fromkeys(numbers.get(person.pk, [])))) for person in people]

    def mobiles(self) -> list[str]:
        """List every mobile number of the county, as messages are addressed."""
        found = {number for one in self._truth.values() for number in split_phones(one["mobile"])}
        return sorted(found)

    def might_be_added(self, *, place: str, but_not: set[str]) -> list[str]:
        """List NHS numbers of living people a clinician of a place might think of, in an order that stays the same."""
        fitting = (
            one
            for one in self._truth.values()
            if one["place"] == place and one["nhs_number"] not in but_not and not one["died_on"] and one["conditions"]
        )
        return sorted(str(one["nhs_number"]) for one in fitting)

    def _resident(self, person: Person, mobiles: tuple[str, ...]) -> Resident:
        true = self._truth.get(person.nhs_number, {})
        return Resident(
            who=person.population_id,
            person_id=str(person.pk),
            given_name=person.given_name,
            birth_date=true.get("birth_date") or person.birth_date.isoformat(),
            language=person.language,
            mobiles=mobiles,
            address=person.address,
        )
