"""How places differ: what each place does otherwise than the centre, who agreed to it, when, and how long ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.journeys import see_variation
from wherry.journeys.programme_in_force import worked_by
from wherry.journeys.see_variation import Differing, InPlace, Variation, ago, place_name
from wherry.organisations.types import Purpose
from wherry.web.programme_office.frame import frame, programme_of
from wherry.web.sign_in.acting import staff_page


@dataclass(frozen=True)
class ShownPlace:
    """One place's own way. agreed: by whom, on which day, how long ago."""

    place: str
    words: str
    agreed: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shown:
    """One thing in which places differ. elsewhere: what holds in the other places, with their names."""

    subject: str
    path: str
    central: str
    places: tuple[ShownPlace, ...]
    elsewhere: str


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_FUNNEL)
def variation(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show where the places of a programme differ, from its files alone: nobody's record is looked at."""
    force = programme_of(request, by=by, now=now)
    code = force.programme.code
    places = {place: worked_by(programme=code, place=place).files for place in force.programme.places}
    found = see_variation.variation(centre=force.files, places=places, on=local_time(now).date())
    return render(
        request,
        "programme_office/variation.jinja",
        frame(request, by=by, title="How places differ", force=force, current="office_variation")
        | {
            "chapters": [(one.title, [shown(each) for each in one.differing]) for one in found.chapters],
            "counts": counts(found),
            "many": sum(len(one.differing) for one in found.chapters),
        },
    )


def counts(found: Variation) -> str:
    """Say in how many ways each place differs."""
    return ", ".join(f"{place_name(place)} {many or 'nothing'}" for place, many in found.places.items())


def shown(one: Differing) -> Shown:
    """Lay out one thing in which places differ."""
    elsewhere = f"{one.elsewhere}: {_listed(one.as_centrally)}" if one.as_centrally else ""
    return Shown(one.subject, one.path, one.central, tuple(map(_shown_place, one.places)), elsewhere)


def _shown_place(one: InPlace) -> ShownPlace:
    agreed = f"Agreed by {one.agreed_by} on {one.agreed_on:%-d %B %Y}, {ago(one.age_days)}"
    return ShownPlace(place_name(one.place), one.words, agreed, one.details)


def _listed(places: Sequence[str]) -> str:
    return ", ".join(map(place_name, places))
