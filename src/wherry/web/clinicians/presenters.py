"""How lists and entries are said: words, colours, lines. Nothing here reads or decides."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from wherry.review.models import AtRiskList, Entry, EntryReason
from wherry.review.types import ListState, Origin, Verdict
from wherry.web.clinicians.choices import Choices
from wherry.web.components.pieces import NavigationItem, Reason, Status

_LIST_STATES = {
    ListState.IN_REVIEW: Status("To review and sign", "yellow"),
    ListState.SIGNED: Status("Signed", "green"),
    ListState.SUPERSEDED: Status("Replaced by a newer list", "grey"),
}
_TIER_COLOURS = {1: "red", 2: "orange", 3: "blue"}


@dataclass(frozen=True)
class EntryCard:
    """One person on a list, for a clinician's eyes."""

    id: str
    ticked_as: str
    name: str
    entry: Entry
    statuses: tuple[Status, ...]
    category: str
    reasons: tuple[Reason, ...]
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
        "navigation": [NavigationItem("Lists", reverse("clinicians_lists"), current=True)],
    }


def list_status(at_risk_list: AtRiskList) -> Status:
    """Say where a list stands."""
    return _LIST_STATES[ListState(at_risk_list.state)]


def list_name(at_risk_list: AtRiskList, *, choices: Choices) -> str:
    """Name a list by its programme and place."""
    return f"{choices.programme}, {at_risk_list.place.capitalize()}"


def name_of(entry: Entry) -> str:
    """Give a name, family name first as lists are read; somebody without one is said so."""
    return ", ".join(part for part in (entry.family_name, entry.given_name) if part) or "No name recorded"


def entry_card(entry: Entry, *, choices: Choices) -> EntryCard:
    """Present one entry with its reasons."""
    return EntryCard(
        id=str(entry.pk),
        ticked_as=f"{entry.pk}:{entry.version}",
        name=name_of(entry),
        entry=entry,
        statuses=_statuses(entry),
        category=choices.category_words(entry.category),
        reasons=tuple(_reason(one) for one in entry.reasons.all()),
        href=reverse("clinicians_entry", args=[entry.pk]),
        is_kept=entry.verdict == Verdict.KEPT,
    )


def _statuses(entry: Entry) -> tuple[Status, ...]:
    found = [Status(f"Tier {entry.tier}", _TIER_COLOURS.get(entry.tier, "blue"))]
    if entry.origin == Origin.ADDED:
        found.append(Status("Added by a clinician", "purple"))
    if entry.verdict == Verdict.REMOVED:
        found.append(Status("Taken off", "grey"))
    return tuple(found)


def _reason(reason: EntryReason) -> Reason:
    return Reason(words=reason.words, date=reason.date, source=_source(reason.source), data_as_of=reason.data_as_of)


def _source(name: str) -> str:
    return f"Feed: {name.replace('_', ' ')}" if name else "Worked out from the linked records"
