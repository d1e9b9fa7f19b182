"""Two records side by side: what agrees, what is alike, what differs, what one of them does not say. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field

from wherry.people.linkage.names import are_close
from wherry.people.linkage.rules import CLOSE, is_slip
from wherry.people.linkage.types import Record


class Likeness(enum.StrEnum):
    """How two values of one field stand to each other."""

    SAME = "same"
    ALIKE = "alike"
    DIFFERENT = "different"
    MISSING = "not said by both"


@dataclass(frozen=True)
class Shown:
    """One sender's record as they wrote it, with the values folded for comparison. Values stay out of `repr`."""

    folded: Record = field(repr=False)
    source: str
    given_name: str = field(default="", repr=False)
    family_name: str = field(default="", repr=False)
    birth_date: dt.date | None = field(default=None, repr=False)
    death_date: dt.date | None = field(default=None, repr=False)
    sex: str = field(default="", repr=False)
    nhs_number: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    contacts: tuple[str, ...] = field(default=(), repr=False)
    recorded_on: dt.date | None = None

    @property
    def record_id(self) -> str:
        """Give the record's id in the store."""
        return self.folded.record_id


@dataclass(frozen=True)
class Compared:
    """One field of two records. Values are as each sender wrote them, empty where it did not."""

    name: str
    left: str = field(repr=False)
    right: str = field(repr=False)
    likeness: Likeness


def compare(*, left: Shown, right: Shown) -> tuple[Compared, ...]:
    """Compare two records field by field, in the order a person reads them; a field neither knows is left out."""
    one, other = left.folded, right.folded
    fields = (
        ("NHS number", left.nhs_number, right.nhs_number, _exact(one.nhs_number, other.nhs_number)),
        ("Given name", left.given_name, right.given_name, _names(one.given, other.given, one.family, other.family)),
        ("Family name", left.family_name, right.family_name, _names(one.family, other.family, one.given, other.given)),
        ("Born", _day(left.birth_date), _day(right.birth_date), _days(left.birth_date, right.birth_date)),
        ("Sex", left.sex, right.sex, _exact(one.sex, other.sex)),
        ("Address", left.address, right.address, _homes(one, other)),
        ("Postcode", left.postcode, right.postcode, _exact(one.postcode, other.postcode)),
        ("Telephone and e-mail", ", ".join(left.contacts), ", ".join(right.contacts), _contacts(one, other)),
        ("Died", _day(left.death_date), _day(right.death_date), _exact(left.death_date, right.death_date)),
    )
    return tuple(Compared(*each) for each in fields if each[1] or each[2])


def _exact(one: object, other: object) -> Likeness:
    if not one or not other:
        return Likeness.MISSING
    return Likeness.SAME if one == other else Likeness.DIFFERENT


def _names(one: str | None, other: str | None, across_one: str | None, across_other: str | None) -> Likeness:
    found = _exact(one, other)
    if found is not Likeness.DIFFERENT or one is None or other is None:
        return found
    is_swapped = one == across_other and other == across_one
    return Likeness.ALIKE if is_swapped or are_close(left=one, right=other, least=CLOSE) else found


def _days(one: dt.date | None, other: dt.date | None) -> Likeness:
    found = _exact(one, other)
    return Likeness.ALIKE if one and other and one != other and is_slip(left=one, right=other) else found


def _homes(one: Record, other: Record) -> Likeness:
    found = _exact(one.home, other.home)
    return Likeness.ALIKE if found is Likeness.DIFFERENT and one.postcode == other.postcode else found


def _contacts(one: Record, other: Record) -> Likeness:
    if not one.contacts or not other.contacts:
        return Likeness.MISSING
    if one.contacts == other.contacts:
        return Likeness.SAME
    return Likeness.ALIKE if one.contacts & other.contacts else Likeness.DIFFERENT


def _day(day: dt.date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
