"""What exactly a clinician signs, which earlier decisions stand on a new list, and who is new on it. All pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from wherry.foundation.digests import sha256_of
from wherry.foundation.periods import local_time
from wherry.review.types import AskedAgain, Decided, Origin, SinceLast, Standing, Verdict

SEEN_COLUMNS = ("population_id", "category", "tier", "origin", "verdict", "verdict_reason", "expires_on")


def hash_of_entries(entries: Iterable[Mapping[str, object]]) -> str:
    """
    Hash a list as it stands, whatever the order of its rows. Returns 64 hexadecimal characters.

    entries: mappings that hold at least SEEN_COLUMNS.
    """
    rows = [{column: entry[column] for column in SEEN_COLUMNS} for entry in entries]
    return sha256_of(sorted(rows, key=lambda row: str(row["population_id"])))


def question_again(*, decided: Decided, criteria: frozenset[str], day: dt.date) -> AskedAgain | None:
    """
    Say why a decision is to be taken again, or None while it stands.

    Its day has come, whatever it was; or somebody was taken off and a criterion speaks for them now that did not then.
    Hazards: H-11 (somebody wrongly left out).
    """
    if decided.expires_on is not None and decided.expires_on <= day:
        return AskedAgain.EXPIRED
    if decided.verdict is Verdict.REMOVED and criteria - decided.criteria:
        return AskedAgain.NEW_EVIDENCE
    return None


def carried_over(*, decided: Decided, criteria: frozenset[str], day: dt.date) -> dict[str, object]:
    """
    Give what an earlier decision puts into the columns of an entry of a new list.

    While it stands it is taken over whole. When it is to be taken again, a removal is lifted until somebody decides,
    and an addition stays until somebody decides: nobody leaves a list by the calendar.
    """
    again = question_again(decided=decided, criteria=criteria, day=day)
    stands: dict[str, object] = {
        "verdict": decided.verdict,
        "verdict_reason": decided.reason,
        "decided_by": decided.decided_by,
        "decided_at": decided.decided_at,
        "expires_on": decided.expires_on,
    }
    if again is None:
        return stands
    asked: dict[str, object] = {"asked_again": again, "earlier": said(decided)}
    return {**stands, **asked} if is_addition(decided) else asked


def is_addition(decided: Decided) -> bool:
    """Say whether somebody is on a list by a clinician's word alone."""
    return decided.origin is Origin.ADDED and decided.verdict is Verdict.KEPT


def said(decided: Decided) -> str:
    """Say a decision in a line, with its days."""
    what = "Added" if is_addition(decided) else "Taken off" if decided.verdict is Verdict.REMOVED else "Kept"
    until = f" until {decided.expires_on:%-d %B %Y}" if decided.expires_on else ""
    return f"{what} on {local_time(decided.decided_at):%-d %B %Y}{until}: {decided.reason}"


def since_last(*, was: Standing | None, now: Standing) -> SinceLast:
    """Say whether somebody is new, is on a list in another way than before, or as before."""
    if was is None:
        return SinceLast.NEW
    return SinceLast.SAME if was == now else SinceLast.CHANGED
