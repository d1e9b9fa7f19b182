"""What every page of the programme office shares: the programme it is about, and its menu."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse

from wherry.evaluation.queries import programmes_overseen
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, may
from wherry.journeys.programme_in_force import InForce, worked_by
from wherry.web.components.forms import BoundField, Field, Value, bound_fields
from wherry.web.components.pieces import NavigationItem

_MENU = (
    ("office_huddle", "Today", Permission.SEE_FUNNEL),
    ("office_funnel", "Funnel", Permission.SEE_FUNNEL),
    ("office_stuck", "Stuck", Permission.SEE_FUNNEL),
    ("office_feeds", "Feeds", Permission.SEE_FUNNEL),
    ("office_links", "Links", Permission.REVIEW_LINKS),
    ("office_changes", "Changes", Permission.SEE_FUNNEL),
    ("office_variation", "Places", Permission.SEE_FUNNEL),
    ("office_decisions", "Decisions", Permission.SEE_DECISIONS),
    ("office_access", "Who looked", Permission.SEE_WHO_LOOKED),
    ("office_sending", "Sending", Permission.SEE_FUNNEL),
    ("office_agreements", "Agreements", Permission.SEE_FUNNEL),
)


def programme_of(request: HttpRequest, *, by: Actor, now: dt.datetime) -> InForce:
    """
    Give the programme a page is about: `?programme=` among those overseen, else the first.

    One that is unknown and one that is not yours to oversee are the same 404.
    """
    overseen = programmes_overseen(asked_by=by, now=now)
    asked = request.GET.get("programme", overseen[0] if overseen else "")
    if asked not in overseen:
        raise Http404
    return worked_by(programme=asked)


def bound(*, fields: Sequence[Field], values: Mapping[str, Value], errors: Mapping[str, str]) -> tuple[BoundField, ...]:
    """Bind fields for the page; an empty textarea is empty, where the toolkit's macro would write the word None."""
    made = bound_fields(fields=fields, values=values, errors=errors)
    return tuple(
        replace(one, params=one.params | {"value": one.params["value"] or ""}) if one.kind == "textarea" else one
        for one in made
    )


def frame(request: HttpRequest, *, by: Actor, title: str, force: InForce, current: str) -> dict[str, object]:
    """Give what the staff layout asks of every page of this site; the menu names only pages that open."""
    asked = f"?programme={force.programme.code}" if "programme" in request.GET else ""
    return {
        "title": title,
        "site_name": f"Programme office: {force.programme.name}",
        "language": "en",
        "sign_out": "/sign-out",
        "signed_in_name": request.session.get("staff_name", "Signed in"),
        "synthetic": settings.IS_DEMO,
        "navigation": [
            NavigationItem(text, reverse(name) + asked, current=name == current)
            for name, text, needed in _MENU
            if may(by, needed)
        ]
        + [NavigationItem("Programmes", reverse("programmes"))],
    }
