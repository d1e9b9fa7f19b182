"""How counts are laid out as tables. Counts in, words out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from wherry.evaluation.rules import open_and_closed, rounded, share, shown_together
from wherry.evaluation.types import ByDay, Funnel, GroupCount, Took, Waiting
from wherry.foundation.periods import local_time
from wherry.web.components.languages import LANGUAGES
from wherry.web.components.pieces import Status
from wherry.web.programme_office import pictures

Rows = list[list[str]]
#: A group's number below this is hidden.
SMALL = 5
#: What stands where a number is hidden, whatever the reason: which of them are small is not told.
HIDDEN = "not shown"
_CHANNELS = {
    "sms": "Text",
    "letter": "Letter",
    "email": "E-mail",
    "call": "Telephone",
    "phone": "Telephone",
    "web": "Online",
}
_GROUPS = {
    "place": "By place",
    "imd_decile": "By deprivation of the area, in tenths (1 is the most deprived)",
    "language": "By language",
    "sex": "By sex",
    "category": "By category",
}
_TASKS = {
    "check_in_call": "Check-in calls to make",
    "red_flag": "Red flags to take and close",
    "need": "Needs no service took",
    "did_it_help": "Asking whether the help came",
    "exhausted": "People nobody could reach, to look for",
    "verify_death": "Reported deaths to verify",
    "verify_identity": "People who say it is not them",
    "read_words": "Messages from residents to read",
}
_URGENCIES = ("emergency", "today", "soon", "routine", "none")


NEED_HEAD = ("Need", *(urgency.capitalize() for urgency in _URGENCIES[:4]))


def words(code: str) -> str:
    """Say a code in words."""
    return code.replace("_", " ").capitalize()


def step_rows(counted: Funnel) -> Rows:
    """Lay out the steps from found to helped with the share of the step before and of those agreed."""
    rows, before = [], 0
    for at, (step, people) in enumerate(pictures.steps(counted)):
        of_agreed = _percent(people, counted.agreed) if at > 1 else ""
        rows.append([step, f"{people:,}", _percent(people, before) if at else "", of_agreed])
        before = before if step == pictures.OPENED else people
    return rows


def list_rows(counted: Funnel) -> Rows:
    """Lay out how the agreed lists came to be, as a sum."""
    return [
        ["Found at risk, on signed lists", f"{counted.identified:,}"],
        ["+ added by clinicians", f"{counted.added:,}"],
        ["− taken off by clinicians", f"{counted.removed:,}"],
        ["= agreed", f"{counted.agreed:,}"],
        [
            "of whom without a case: died, moved, or it is not opened yet",
            f"{max(counted.agreed - counted.with_case, 0):,}",
        ],
    ]


def took_rows(took: Sequence[Took]) -> Rows:
    """Lay out the time to first contact, each with everybody up to there."""
    everybody = sum(one.people for one in took)
    rows, so_far = [], 0
    for one in took:
        so_far += one.people
        rows.append([one.words.capitalize(), f"{one.people:,}", _percent(so_far, everybody)])
    return rows


def day_rows(days: Sequence[ByDay]) -> Rows:
    """Lay out the days, newest first."""
    return [[f"{one.day:%a %-d %b}", f"{one.came:,}", f"{one.done:,}", f"{one.waiting:,}"] for one in reversed(days)]


def channel_rows(counted: Funnel) -> Rows:
    """Lay out people contacted and people who answered, by channel."""
    both = (("Contacted", counted.contacted_by_channel), ("Answered", counted.answered_by_channel))
    return [[_CHANNELS.get(name, words(name)), what, f"{people:,}"] for what, by in both for name, people in by.items()]


def need_rows(counted: Funnel) -> Rows:
    """Lay out needs, a line for each kind and a column for each urgency (NEED_HEAD)."""
    counts = {(one.kind, one.urgency): one.count for one in counted.needs}
    kinds = dict.fromkeys(one.kind for one in counted.needs)
    return [
        [words(kind), *(f"{counts.get((kind, urgency), 0):,}" for urgency in _URGENCIES[:4])] for kind in sorted(kinds)
    ]


def flag_rows(counted: Funnel) -> Rows:
    """Lay out red flags: how many, how many were claimed, and in time, to how many somebody spoke, and the waits."""
    return [
        [
            words(one.flag),
            f"{one.raised:,}",
            f"{one.owned:,}",
            f"{one.in_time:,}",
            f"{one.raised - one.open:,}",
            duration(one.mean_wait),
            duration(one.slowest),
        ]
        for one in counted.flags
    ]


def call_rows(counted: Funnel) -> Rows:
    """Lay out calls to action by state, and their sum."""
    still_open, closed = open_and_closed(counted.calls_to_action)
    rows = [[words(state), f"{count:,}"] for state, count in counted.calls_to_action.items()]
    total = [f"Sum ({still_open:,} open + {closed:,} closed)", f"{still_open + closed:,}"]
    return [*rows, total, ["Sent", f"{counted.offered:,}"]]


def outcome_rows(counted: Funnel) -> Rows:
    """Lay out what partners said came of them."""
    return [[words(outcome), f"{count:,}"] for outcome, count in counted.outcomes.items()]


def group_tables(groups: Sequence[GroupCount], *, below: int) -> list[tuple[str, Rows]]:
    """
    Lay out each kind of group with how far its people came.

    In each column small numbers are hidden with the next that would tell them, and the others rounded to five. A share
    is of the rounded numbers, and is not given where either is hidden: it would tell it.
    """
    kinds: dict[str, list[GroupCount]] = {}
    for one in groups:
        kinds.setdefault(one.by, []).append(one)
    return [(_GROUPS.get(by, words(by)), _group_rows(parts, below=below)) for by, parts in kinds.items()]


def _group_rows(parts: Sequence[GroupCount], *, below: int) -> Rows:
    whole = [(one.people, one.contacted, one.answered, one.asked, one.reached) for one in parts]
    columns = [shown_together(counts=column, below=below)[0] for column in zip(*whole, strict=True)]
    rows = []
    for one, line in zip(parts, zip(*columns, strict=True), strict=True):
        shown = [None if count is None else rounded(count=count, below=below) for count in line]
        people, reached = shown[0], shown[-1]
        part = HIDDEN if people is None or reached is None else _percent(reached, people)
        rows.append([_group_words(one), *(HIDDEN if count is None else f"{count:,}" for count in shown), part])
    return rows


def waiting_rows(rows: Sequence[Waiting], *, now: dt.datetime) -> list[list[str | Status]]:
    """Lay out what waits, what is late first: how many, how many past their time, how long, and whose it is."""
    # In the order they are given, which is that of danger: a red flag is not behind a hundred calls.
    ordered = sorted(rows, key=lambda one: (one.overdue == 0, one.waiting == 0))
    return [
        [
            _TASKS.get(one.what, words(one.what)),
            f"{one.waiting:,}",
            Status(f"{one.overdue:,} late", "red") if one.overdue else "none late" if one.waiting else "–",
            duration(now - one.median_at) if one.median_at else "–",
            _since(one.oldest_at, now=now),
            ", ".join(f"{name} ({count:,})" for name, count in one.owners) or ("nobody yet" if one.waiting else "–"),
        ]
        for one in ordered
    ]


def duration(value: dt.timedelta | None) -> str:
    """Say a length of time by its largest parts."""
    if value is None:
        return "–"
    minutes = int(value.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} day{'s' if days > 1 else ''} {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _group_words(one: GroupCount) -> str:
    if one.by == "language":
        return LANGUAGES.get(one.group, one.group)
    return one.group.capitalize()


def _percent(part: int, whole: int) -> str:
    found = share(part=part, whole=whole)
    return "" if found is None else f"{found:.0%}"


def _since(at: dt.datetime | None, *, now: dt.datetime) -> str:
    return f"{duration(now - at)} (since {local_time(at):%H:%M on %-d %B})" if at else "–"
