"""Who looked at whom, summed, and which looks are unlike the others'. Pure: the record is read by `audit.queries`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median_low
from uuid import UUID

from wherry.audit.queries import Look
from wherry.evaluation.types import Usual
from wherry.foundation.periods import local_time


@dataclass(frozen=True)
class Behind:
    """
    What people had to look at others for, from the record itself and not from the looks.

    claimed: when somebody first took a task, by their id and the task's; ended: when work on a list or a call to action
    was over, by its id.
    """

    claimed: Mapping[tuple[str, str], dt.datetime] = field(default_factory=dict)
    ended: Mapping[str, dt.datetime] = field(default_factory=dict)


@dataclass
class Looked:
    """
    What one member of staff looked at: how often, at how many different people, and what is unusual about it.

    without_task: people looked at with no task of theirs behind it, and how often; at_night: looks of that kind.
    """

    actor_id: str
    organisation_ids: tuple[UUID, ...]
    looks: int = 0
    refused: int = 0
    at_night: int = 0
    newest: dt.datetime | None = None
    people: set[str] = field(default_factory=set)
    without_task: dict[str, int] = field(default_factory=dict)
    unusual: tuple[str, ...] = ()


def by_who(*, looks: Iterable[Look], usual: Usual, behind: Behind) -> list[Looked]:
    """
    Sum looks by who looked, the unusual first, then those who looked at most people.

    Whoever rings most people looks at most people: a look counts as unusual only with no task of theirs behind it. A
    remark is a question to ask, never a finding: whoever trains others is remarked upon too.
    """
    found: dict[str, Looked] = {}
    for one in looks:
        who = one.subject_ids[0] if one.did == "page.refused" and one.subject_ids else one.actor_id
        mine = found.setdefault(who, Looked(who, one.organisation_ids))
        mine.organisation_ids = mine.organisation_ids or one.organisation_ids
        _add(mine, one, usual, behind)
    middle = median_low([len(one.without_task) for one in found.values()]) if found else 0
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


def work_looked_at(*, looks: Iterable[Look]) -> set[str]:
    """Give the ids of the lists and calls to action pages about one person were opened for."""
    return {
        one.subject_ids[_AT[one.subject]]
        for one in looks
        if one.subject in _AT and len(one.subject_ids) > _AT[one.subject]
    }


#: Where a look at one person names what it was for: a task after the person, a list after the entry, the call itself.
_TASK_AT, _AT = 1, {"entry": 1, "call_to_action": 0}


def has_task(*, look: Look, behind: Behind) -> bool:
    """Say whether a look at one person had a task of theirs behind it, at that moment."""
    ids = look.subject_ids
    if look.subject == "person":
        task = ids[_TASK_AT] if len(ids) > _TASK_AT else ""
        taken = behind.claimed.get((look.actor_id, task))
        return taken is not None and taken <= look.at
    at = _AT.get(look.subject)
    if at is None or len(ids) <= at:
        return False
    over = behind.ended.get(ids[at])
    return over is None or over >= look.at


def _add(mine: Looked, look: Look, usual: Usual, behind: Behind) -> None:
    if mine.newest is None or look.at > mine.newest:
        mine.newest = look.at
    if look.did == "page.refused":
        mine.refused += 1
        return
    mine.looks += 1
    if look.did == "person.seen" and look.subject_ids:
        seen = look.subject_ids[0]
        mine.people.add(seen)
        if has_task(look=look, behind=behind):
            return
        mine.without_task[seen] = mine.without_task.get(seen, 0) + 1
    mine.at_night += usual.is_night(local_time(look.at).time())


def _remarks(one: Looked, middle: int, usual: Usual) -> Iterable[str]:
    opened = len(one.without_task)
    if opened >= usual.people and opened > usual.times_the_middle * middle:
        yield f"Opened {opened} people's pages with no task of theirs; the one in the middle opened {middle}"
    if one.at_night:
        yield f"Looked {one.at_night} times between {usual.night_from:%H:%M} and {usual.night_to:%H:%M}"
    often = sum(1 for times in one.without_task.values() if times >= usual.same_person)
    if often:
        times = f"{usual.same_person} times or more"
        yield f"Opened the same person's page {times} with no task of theirs ({often} of them)"
    if one.refused:
        yield f"Asked for a page of another role {one.refused} times"
