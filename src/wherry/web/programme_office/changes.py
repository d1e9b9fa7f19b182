"""Who entered and who left: the newest run of each place beside the one before it, in counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wherry.evaluation.rules import shown_together, suppressed
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission
from wherry.journeys.see_what_changed import what_changed
from wherry.organisations.types import Purpose
from wherry.risk.difference.latest import Cause, Latest
from wherry.risk.difference.whys import KIND_WORDS
from wherry.web.programme_office.frame import frame, programme_of
from wherry.web.programme_office.presenters import HIDDEN, SMALL
from wherry.web.sign_in.acting import staff_page

_KINDS = {"entered": "Why people entered", "left": "Why people left", "moved": "Why people moved"}
_GROUPS = {"deprivation": "By how deprived the area is", "age": "By age"}
_GROUP_WORDS = {"tenth 1": "Most deprived tenth", "tenth 10": "Least deprived tenth"} | {
    f"tenth {number}": f"Tenth {number} of 10" for number in range(2, 10)
}
_NOBODY_S = "The person themselves"


@dataclass(frozen=True)
class Shown:
    """One place. causes and groups: (caption, rows), small counts hidden; changed: whether anybody differs."""

    place: str
    latest: Latest | None
    days: str = ""
    changed: bool = False
    causes: tuple[tuple[str, list[list[str]]], ...] = ()
    groups: tuple[tuple[str, list[list[str]]], ...] = ()


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_FUNNEL)
def changes(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show what each place's newest run changed, and why. The look is recorded."""
    force = programme_of(request, by=by, now=now)
    found = what_changed(by=by, programme=force.programme.code, now=now)
    return render(
        request,
        "programme_office/changes.jinja",
        frame(request, by=by, title="Who entered and who left", force=force, current="office_changes")
        | {"places": [shown(place, one) for place, one in found.items()], "small": SMALL},
    )


def shown(place: str, found: Latest | None) -> Shown:
    """Lay out one place's difference."""
    name = place.replace("_", " ").capitalize()
    if found is None:
        return Shown(name, None)
    return Shown(
        name,
        found,
        days=f"{_day(found.before_on)} and {_day(found.after_on)}",
        changed=bool(found.entered or found.left or found.moved),
        causes=tuple(_causes(found.causes)),
        groups=tuple((_GROUPS.get(by, by), _group_rows(rows)) for by, rows in found.groups if rows),
    )


def _causes(causes: Sequence[Cause]) -> Iterator[tuple[str, list[list[str]]]]:
    for kind, caption in _KINDS.items():
        rows = [
            [each.criterion or _NOBODY_S, KIND_WORDS[each.cause], _said(suppressed(count=each.people, below=SMALL))]
            for each in causes
            if each.kind == kind
        ]
        if rows:
            yield caption, rows


def _group_rows(rows: Sequence[tuple[str, int, int, int]]) -> list[list[str]]:
    columns = list(zip(*((entered, left, moved) for _, entered, left, moved in rows), strict=True))
    fit = zip(*(shown_together(counts=column, below=SMALL)[0] for column in columns), strict=True)
    return [
        [_GROUP_WORDS.get(row[0], row[0].capitalize()), *map(_said, line)] for row, line in zip(rows, fit, strict=True)
    ]


def _said(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"


def _day(text: str) -> str:
    return f"{dt.date.fromisoformat(text):%-d %B %Y}"
