"""How the funnel is laid out: rows of numbers with the share of the step before, and tables. Counts in, words out."""

from __future__ import annotations

import datetime as dt

from wherry.cases.types import State
from wherry.evaluation.rules import open_and_closed, share
from wherry.evaluation.types import Funnel, GroupCount, Waiting
from wherry.foundation.periods import local_time
from wherry.web.components.pieces import FunnelRow

Rows = list[list[str]]
_STATE_WORDS = {
    State.REACHED: "Reached",
    State.IN_CADENCE: "Being contacted",
    State.EXHAUSTED: "Nobody could reach them; a team owns them",
    State.DECLINED: "Declined",
    State.EXCLUDED: "Excluded, with a reason",
}
_CHANNELS = {
    "sms": "Text",
    "letter": "Letter",
    "email": "E-mail",
    "call": "Telephone",
    "phone": "Telephone",
    "web": "Online",
}
_GROUPS = {"place": "Place", "imd_decile": "Deprivation (1 most deprived)", "language": "Language"}
_LANGUAGES = {"en": "English", "pl": "Polish", "lt": "Lithuanian"}
_URGENCIES = ("emergency", "today", "soon", "routine", "none")


def words(code: str) -> str:
    """Say a code in words."""
    return code.replace("_", " ").capitalize()


def funnel_rows(counted: Funnel) -> list[FunnelRow]:
    """Lay out the steps from identified to answered."""
    waiting = f"{counted.lists_in_review} more in review" if counted.lists_in_review else ""
    before = counted.identified + counted.added
    return [
        FunnelRow("Found at risk", counted.identified, note=f"Signed lists; {waiting}" if waiting else "Signed lists"),
        FunnelRow("Added by clinicians", counted.added),
        FunnelRow("Taken off by clinicians", counted.removed),
        FunnelRow("Agreed", counted.agreed, share(part=counted.agreed, whole=before), "Found + added − taken off"),
        FunnelRow(
            "With a case", counted.with_case, share(part=counted.with_case, whole=counted.agreed), _case_note(counted)
        ),
        FunnelRow(
            "Contacted",
            counted.contacted,
            share(part=counted.contacted, whole=counted.with_case),
            "A message left, or somebody spoke to them",
        ),
        FunnelRow("Answered", counted.answered, share(part=counted.answered, whole=counted.contacted)),
        FunnelRow("Contacted and silent", counted.silent, share(part=counted.silent, whole=counted.contacted)),
    ]


def state_rows(counted: Funnel) -> Rows:
    """Lay out the states, and their sum beside the number of cases."""
    rows = [[_STATE_WORDS[State(state)], f"{count:,}"] for state, count in counted.by_state.items()]
    return [*rows, ["Sum", f"{sum(counted.by_state.values()):,}"], ["Cases", f"{counted.with_case:,}"]]


def channel_rows(counted: Funnel) -> Rows:
    """Lay out people contacted and people who answered, by channel."""
    both = (("Contacted", counted.contacted_by_channel), ("Answered", counted.answered_by_channel))
    return [[_CHANNELS.get(name, words(name)), what, f"{people:,}"] for what, by in both for name, people in by.items()]


def need_rows(counted: Funnel) -> Rows:
    """Lay out needs by kind, most urgent first."""
    ordered = sorted(counted.needs, key=lambda one: (one.kind, _URGENCIES.index(one.urgency)))
    return [[words(one.kind), words(one.urgency), f"{one.count:,}"] for one in ordered]


def flag_rows(counted: Funnel) -> Rows:
    """Lay out red flags: how many, how many somebody took in time, and the longest anybody waited."""
    return [
        [
            words(one.flag),
            f"{one.raised:,}",
            f"{one.owned:,}",
            f"{one.in_time:,}",
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


def equity_rows(groups: tuple[GroupCount, ...]) -> Rows:
    """Lay out, for each group, who was reached and who was not."""
    return [
        [
            f"{_GROUPS.get(one.by, words(one.by))}: {_group_words(one)}",
            f"{one.people:,}",
            f"{one.reached:,}",
            f"{one.not_reached:,}",
            f"{one.reached / one.people:.0%}" if one.people else "",
        ]
        for one in groups
    ]


def waiting_rows(rows: tuple[Waiting, ...], *, now: dt.datetime) -> Rows:
    """Lay out what waits: how many, how many past their time, how long the oldest."""
    return [[words(one.what), f"{one.waiting:,}", f"{one.overdue:,}", _since(one.oldest_at, now=now)] for one in rows]


def duration(value: dt.timedelta | None) -> str:
    """Say a length of time by its largest parts."""
    if value is None:
        return "–"
    minutes = int(value.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _case_note(counted: Funnel) -> str:
    without = counted.agreed - counted.with_case
    return f"{without:,} agreed have no case: died, moved, or it is not opened yet" if without > 0 else ""


def _group_words(one: GroupCount) -> str:
    if one.by == "language":
        return _LANGUAGES.get(one.group, one.group)
    return one.group.capitalize()


def _since(at: dt.datetime | None, *, now: dt.datetime) -> str:
    return f"{duration(now - at)} (since {local_time(at):%H:%M on %-d %B})" if at else "–"
