"""Which sums must agree, and which numbers are too small to be shown outside."""

from __future__ import annotations

from collections.abc import Mapping

from wherry.evaluation.types import Funnel

#: The states of a call to action that somebody still holds; every other is closed.
_OPEN = ("offered", "accepted", "done")


def balance(funnel: Funnel) -> tuple[str, ...]:
    """
    Say which sums differ, one sentence each; empty when everybody and everything is accounted for.

    Each side is counted by a query of its own, so that a row lost on the way shows. Hazards: H-06.
    """
    in_a_state = sum(funnel.by_state.values())
    owned = sum(one.owned for one in funnel.flags)
    raised = sum(one.raised for one in funnel.flags)
    sums = (
        ("people with a case", funnel.with_case, "people in a state", in_a_state),
        ("people contacted", funnel.contacted, "answered and silent", funnel.answered_of_contacted + funnel.silent),
        ("needs", funnel.needs_in_all, "needs by kind", sum(one.count for one in funnel.needs)),
        ("needs", funnel.needs_in_all, "needs by state", sum(funnel.needs_by_state.values())),
        ("calls to action", funnel.offered, "open and closed", sum(funnel.calls_to_action.values())),
    )
    found = [
        f"{left_name} are {left}, {right_name} are {right}"
        for left_name, left, right_name, right in sums
        if left != right
    ]
    if funnel.removed > funnel.identified + funnel.added:
        found.append("more people were taken off the signed lists than were ever on them")
    if owned > raised:
        found.append("more red flags are owned than were raised")
    if funnel.answered < funnel.answered_of_contacted:
        found.append("more of those contacted answered than answered at all")
    return tuple(found)


def open_and_closed(calls_to_action: Mapping[str, int]) -> tuple[int, int]:
    """Split calls to action by state into those somebody still holds and those that are closed."""
    still_open = sum(count for state, count in calls_to_action.items() if state in _OPEN)
    return still_open, sum(calls_to_action.values()) - still_open


def suppressed(*, count: int, below: int) -> int | None:
    """
    Give a count fit for a page anybody may read: None for one that is small enough to point at somebody.

    below: the first number shown. Zero is shown: it names nobody. Those who oversee their own programme see true
    counts; this is for what leaves it.
    """
    return None if 0 < count < below else count


def share(*, part: int, whole: int) -> float | None:
    """Give a share from 0 to 1; None of nobody."""
    return part / whole if whole else None
