"""An invented person as they truly are, and where they live. What each sender knows of them is another matter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(slots=True)
class Dwelling:
    """Where people live together. communal: a care home or hostel, whose residents are no household."""

    number: int
    uprn: str
    line: str
    town: str
    postcode: str
    lsoa: str
    imd_decile: int
    place: str
    practice: str
    landline: str | None = None
    communal: bool = False
    kind: str = "home"


@dataclass(slots=True)
class Resident:
    """
    One invented person.

    position: among everybody, from 0; frailty: how much likelier than their age says illness is, 1 on the whole;
    dirt: what senders will get wrong about them; rows: file → the numbers of the rows about them, from 1.
    """

    position: int
    dwelling: Dwelling
    given_name: str
    family_name: str
    birth_date: dt.date
    age: int
    sex: str
    language: str
    nhs_number: str
    patient_id: str
    frailty: float = 1.0
    mobile: str | None = None
    email: str | None = None
    lives_alone: bool = False
    conditions: dict[str, dt.date] = field(default_factory=dict)
    shielded: bool = False
    care_package: bool = False
    died_on: dt.date | None = None
    death_known_to: frozenset[str] = frozenset()
    former_name: str | None = None
    dirt: set[str] = field(default_factory=set)
    rows: dict[str, list[int]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Name this resident in `truth.json`."""
        return f"p{self.position:06d}"

    @property
    def practice(self) -> str:
        """The practice they are registered with."""
        return self.dwelling.practice
