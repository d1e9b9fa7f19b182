"""Who looked at whom, summed, and which looks are unlike the others'. Pure: the record is read by `audit.queries`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from uuid import UUID

from wherry.audit.queries import Look
from wherry.foundation.periods import local_time


@dataclass(frozen=True)
class Usual:
    """
    What is not remarked upon. times_the_middle: so many times what the one in the middle looked at, and at_least that
    many people; from_hour and to_hour: local; same_person: one person looked at so often by one pair of eyes.
    """

    times_the_middle: int = 3
    at_least: int = 20
    from_hour: int = 7
    to_hour: int = 21
    same_person: int = 8


@dataclass
class Looked:
    """What one member of staff looked at: how often, at how many different people, and what is unusual about it."""

    actor_id: str
    organisation_ids: tuple[UUID, ...]
    looks: int = 0
    refused: int = 0
    out_of_hours: int = 0
    newest: dt.datetime | None = None
    people: dict[str, int] = field(default_factory=dict)
    unusual: tuple[str, ...] = ()


def by_who(*, looks: Iterable[Look], usual: Usual = Usual()) -> list[Looked]:
    """
    Sum looks by who looked, the unusual first, then those who looked at most people.

    A remark is a question to ask, never a finding: somebody on the night shift, or who trains others, is remarked upon.
    """
    found: dict[str, Looked] = {}
    for one in looks:
        who = one.subject_ids[0] if one.did == "page.refused" and one.subject_ids else one.actor_id
        mine = found.setdefault(who, Looked(who, one.organisation_ids))
        mine.organisation_ids = mine.organisation_ids or one.organisation_ids
        _add(mine, one, usual)
    middle = median([len(one.people) for one in found.values()]) if found else 0
    for looked in found.values():
        looked.unusual = tuple(_remarks(looked, middle, usual))
    return sorted(found.values(), key=lambda looked: (not looked.unusual, -len(looked.people), looked.actor_id))


def by_organisation(*, looked: Iterable[Looked]) -> Mapping[tuple[UUID, ...], tuple[int, int, int]]:
    """Sum by employer: members of staff who looked, their looks, and pages refused."""
    sums: dict[tuple[UUID, ...], tuple[int, int, int]] = {}
    for one in looked:
        staff, looks, refused = sums.get(one.organisation_ids, (0, 0, 0))
        sums[one.organisation_ids] = (staff + 1, looks + one.looks, refused + one.refused)
    return sums


def whom(look: Look) -> tuple[str, ...]:
    """Give the opaque ids of those looked at: every row of a list, the first id of a page about one."""
    return look.subject_ids if look.did in ("list.looked_at", "inbox.looked_at") else look.subject_ids[:1]


def _add(mine: Looked, look: Look, usual: Usual) -> None:
    mine.newest = max(mine.newest or look.at, look.at)
    if look.did == "page.refused":
        mine.refused += 1
        return
    mine.looks += 1
    mine.out_of_hours += not usual.from_hour <= local_time(look.at).hour < usual.to_hour
    if look.did == "person.seen":
        for seen in whom(look):
            mine.people[seen] = mine.people.get(seen, 0) + 1


def _remarks(one: Looked, middle: float, usual: Usual) -> Iterable[str]:
    if len(one.people) >= usual.at_least and len(one.people) > usual.times_the_middle * middle:
        yield f"Opened {len(one.people)} people's pages; the one in the middle opened {middle:.0f}"
    if one.out_of_hours:
        yield f"Looked {one.out_of_hours} times between {usual.to_hour}:00 and {usual.from_hour:02}:00"
    often = sum(1 for times in one.people.values() if times >= usual.same_person)
    if often:
        yield f"Opened the same person's page {usual.same_person} times or more ({often} of them)"
    if one.refused:
        yield f"Asked for a page of another role {one.refused} times"
