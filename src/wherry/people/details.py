"""What the population plane hands over when a case opens: identity and ways to reach somebody, nothing clinical."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from wherry.people.types import ContactPoint, Wish


@dataclass(frozen=True)
class PersonDetails:
    """
    One person as the linked store knows them.

    Every field that could identify stays out of `repr`; population_id is opaque and stable across runs.
    """

    population_id: str
    birth_date: dt.date = field(repr=False)
    given_name: str = field(default="", repr=False)
    family_name: str = field(default="", repr=False)
    nhs_number: str = field(default="", repr=False)
    died_on: dt.date | None = field(default=None, repr=False)
    sex: str = ""
    ethnicity: str = field(default="", repr=False)
    language: str = "en"
    address: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    uprn: str = field(default="", repr=False)
    household_key: str = ""
    place: str = ""
    practice_code: str = ""
    imd_decile: int | None = None
    is_communal: bool = False
    is_address_held: bool = False
    is_synthetic: bool = False
    contact_points: tuple[ContactPoint, ...] = field(default=(), repr=False)
    wishes: tuple[Wish, ...] = field(default=(), repr=False)
