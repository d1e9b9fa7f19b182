"""How lists and entries are said: words, colours, lines. Nothing here reads or decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from wherry.foundation.periods import age_on, local_time
from wherry.review.models import AtRiskList, Entry, EntryReason
from wherry.review.types import AskedAgain, ListState, Origin, SinceLast, Verdict
from wherry.web.clinicians.choices import Choices
from wherry.web.components.pieces import NavigationItem, Status

_LIST_STATES = {
    ListState.IN_REVIEW: Status("To review and sign", "yellow"),
    ListState.SIGNED: Status("Signed", "green"),
    ListState.SUPERSEDED: Status("Replaced by a newer list", "grey"),
}
_SINCE = {SinceLast.NEW: Status("New", "blue"), SinceLast.CHANGED: Status("Changed", "aqua-green")}
_ASKED_AGAIN = {
    AskedAgain.EXPIRED: Status("Asked again: time ran out", "orange"),
    AskedAgain.NEW_EVIDENCE: Status("Asked again: something new", "orange"),
}
#: How the run joins a criterion's words to the day of their evidence.
_RECORDED_ON = " recorded on "


#: How many reasons a row says before it counts the rest.
_IN_A_LINE = 3


@dataclass(frozen=True)
class EntryRow:
    """
    One person on a list, for a clinician's eyes.

    why: the first reasons in a line; more: how many besides; sentences: every reason with date, source and age of data;
    missing: what the records did not hold; decision: what a clinician decided, in a line.
    """

    id: str
    ticked_as: str
    name: str
    age: int
    practice: str
    category: str
    entry: Entry
    statuses: tuple[Status, ...]
    why: str
    more: int
    sentences: tuple[str, ...]
    missing: tuple[str, ...]
    decision: str
    href: str
    is_kept: bool


def frame(request: HttpRequest, *, title: str) -> dict[str, object]:
    """Give what the staff layout asks of every page of this site."""
    return {
        "title": title,
        "site_name": "Clinicians",
        "language": "en",
        "sign_out": "/sign-out",
        "signed_in_name": request.session.get("staff_name", "Signed in"),
        "synthetic": settings.IS_DEMO,
        "navigation": [
            NavigationItem("Lists", reverse("clinicians_lists"), current=True),
            NavigationItem("Programmes", reverse("programmes")),
        ],
    }


def signed_line(*, at_risk_list: AtRiskList, names: Mapping[str, str]) -> str:
    """Say who signed a list and when; empty for one that is not signed."""
    if at_risk_list.signed_at is None:
        return ""
    return _by_and_when(at_risk_list.signed_by, at_risk_list.signed_at, names)


def decided_line(entry: Entry, *, names: Mapping[str, str]) -> str:
    """Say what was decided about somebody, by whom and when; on a signed list the signature is the decision."""
    if entry.decided_at is not None and entry.verdict_reason:
        return f"{_decision(entry)} ({_by_and_when(entry.decided_by, entry.decided_at, names)})"
    if entry.at_risk_list.signed_at is None:
        return "Nobody has decided about them; they stay on the list."
    return "Kept, as the rules found them."


def _by_and_when(who: str, moment: dt.datetime, names: Mapping[str, str]) -> str:
    here = local_time(moment)
    return f"{names.get(who, 'a clinician')}, {_day(here.date())} at {here:%H:%M}"


def list_status(at_risk_list: AtRiskList) -> Status:
    """Say where a list stands."""
    return _LIST_STATES[ListState(at_risk_list.state)]


def list_name(at_risk_list: AtRiskList, *, choices: Choices) -> str:
    """Name a list by its programme and place."""
    return f"{choices.programme}, {at_risk_list.place.capitalize()}"


def name_of(entry: Entry) -> str:
    """Give a name, family name first as lists are read; somebody without one is said so."""
    return ", ".join(part for part in (entry.family_name, entry.given_name) if part) or "No name recorded"


def entry_row(
    entry: Entry, *, choices: Choices, practices: Mapping[str, str], today: dt.date, reasons: bool = True
) -> EntryRow:
    """Present one entry. reasons: False where they are not shown and must not be read."""
    told = tuple(entry.reasons.all()) if reasons else ()
    return EntryRow(
        id=str(entry.pk),
        ticked_as=f"{entry.pk}:{entry.version}",
        name=name_of(entry),
        age=age_on(birth_date=entry.birth_date, day=today),
        practice=practices.get(entry.practice_code, entry.practice_code),
        category=choices.category_words(entry.category),
        entry=entry,
        statuses=_statuses(entry),
        why="; ".join(in_short(one) for one in told[:_IN_A_LINE]) or "Added by a clinician",
        more=max(len(told) - _IN_A_LINE, 0),
        sentences=tuple(in_a_sentence(one) for one in told),
        missing=tuple(entry.missing),
        decision=_decision(entry),
        href=reverse("clinicians_entry", args=[entry.pk]),
        is_kept=entry.verdict == Verdict.KEPT,
    )


def in_short(reason: EntryReason) -> str:
    """Say a reason in a few words, with its year."""
    words = reason.words.split(_RECORDED_ON)[0]
    return f"{words} ({reason.date.year})" if reason.date else words


def in_a_sentence(reason: EntryReason) -> str:
    """Say a reason whole: what, when, by whom it was recorded, and of which day the data is."""
    words = reason.words
    if reason.date and _RECORDED_ON not in words:
        words += f", recorded on {_day(reason.date)}"
        words += f" by {reason.source.replace('_', ' ')}" if reason.source else ""
    if reason.data_as_of:
        return f"{words}; data of {_day(reason.data_as_of)}."
    return f"{words}; the sender gave no day for this." if reason.source else f"{words}; worked out from the records."


def _day(day: dt.date) -> str:
    return f"{day:%-d %B %Y}"


def _statuses(entry: Entry) -> tuple[Status, ...]:
    found = [_SINCE[SinceLast(entry.since_last)]] if entry.since_last in _SINCE else []
    if entry.asked_again:
        found.append(_ASKED_AGAIN[AskedAgain(entry.asked_again)])
    if entry.origin == Origin.ADDED:
        found.append(Status("Added", "purple"))
    if entry.verdict == Verdict.REMOVED:
        found.append(Status("Taken off", "grey"))
    if entry.missing:
        found.append(Status("Something missing", "white"))
    return tuple(found)


def _decision(entry: Entry) -> str:
    if not entry.verdict_reason:
        return ""
    what = "Taken off" if entry.verdict == Verdict.REMOVED else "Added" if entry.origin == Origin.ADDED else "Kept"
    until = f", until {_day(entry.expires_on)}" if entry.expires_on else ""
    return f"{what}{until}: {entry.verdict_reason}"
