"""Which sums must agree, and which numbers are too small to be shown outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wherry.evaluation.types import Funnel, Sum

#: The states of a call to action that somebody still holds; every other is closed.
_OPEN = ("offered", "accepted", "done")


#: What a state is called where a sum is written out.
STATES = {
    "reached": "reached",
    "in_cadence": "being contacted",
    "exhausted": "nobody could reach, owned by a team",
    "declined": "declined",
    "excluded": "excluded with a reason",
}


def sums(funnel: Funnel) -> tuple[Sum, ...]:
    """
    Write out what must add up. Each side is counted by a query of its own, so that a row lost on the way shows.

    Hazards: H-06 (somebody falls between two rooms).
    """
    still_open, closed = open_and_closed(funnel.calls_to_action)
    states = tuple((STATES.get(state, state), count) for state, count in funnel.by_state.items())
    by_state = tuple((state.replace("_", " "), count) for state, count in funnel.needs_by_state.items())
    return (
        Sum("people with a case", funnel.with_case, "people in a state", states),
        Sum(
            "people contacted",
            funnel.contacted,
            "answered and silent",
            (("answered", funnel.answered_of_contacted), ("silent so far", funnel.silent)),
        ),
        Sum("needs", funnel.needs_in_all, "needs by kind", _by_kind(funnel)),
        Sum("needs", funnel.needs_in_all, "needs by state", by_state),
        Sum("calls to action", funnel.offered, "open and closed", (("open", still_open), ("closed", closed))),
    )


def balance(funnel: Funnel) -> tuple[str, ...]:
    """Say which sums differ, one sentence each; empty when everybody and everything is accounted for."""
    found = [
        f"{one.words} are {one.whole}, {one.together} are {one.of_parts}" for one in sums(funnel) if not one.agrees
    ]
    if funnel.removed > funnel.identified + funnel.added:
        found.append("more people were taken off the signed lists than were ever on them")
    if sum(one.owned for one in funnel.flags) > sum(one.raised for one in funnel.flags):
        found.append("more red flags are owned than were raised")
    if funnel.answered < funnel.answered_of_contacted:
        found.append("more of those contacted answered than answered at all")
    return tuple(found)


def _by_kind(funnel: Funnel) -> tuple[tuple[str, int], ...]:
    kinds: dict[str, int] = {}
    for one in funnel.needs:
        kinds[one.kind] = kinds.get(one.kind, 0) + one.count
    return tuple((kind.replace("_", " "), count) for kind, count in kinds.items())


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


def shown_together(*, counts: Sequence[int], below: int) -> tuple[tuple[int | None, ...], int | None]:
    """
    Give the counts of a whole's parts as they may be shown beside each other, and the whole; None for what is hidden.

    Where one is small, those that come to the smallest count that is not are hidden with it, so that neither can be
    found by taking the others from the whole: whoever sees the page cannot tell which of the hidden is which. Where
    every part is small, or nobody, all are hidden and the whole too. Hidden ones must look alike. O(n).
    """
    if not any(0 < count < below for count in counts):
        return tuple(counts), sum(counts)
    with_them = min((count for count in counts if count >= below), default=None)
    if with_them is None:
        return (None,) * len(counts), None
    return tuple(None if 0 < count <= with_them else count for count in counts), sum(counts)


def rounded(*, count: int, below: int, to: int = 5) -> int | None:
    """
    Give a count of a small group of people as it may be shown: None where it is small, else to the nearest `to`.

    Rounding keeps a hidden number from being found by taking its neighbours from the whole. As NHS England rounds
    hospital statistics published by area. Zero is shown: it names nobody.
    """
    shown = suppressed(count=count, below=below)
    return None if shown is None else (shown + to // 2) // to * to


def share(*, part: int, whole: int) -> float | None:
    """Give a share from 0 to 1; None of nobody."""
    return part / whole if whole else None
