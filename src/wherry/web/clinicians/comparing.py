"""How far clinicians changed what the rules proposed, practice beside practice; small numbers are not shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.audit.actions import record
from wherry.evaluation.rules import share, shown_together
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission
from wherry.organisations.types import Purpose
from wherry.web.clinicians.choices import choices_for
from wherry.web.clinicians.presenters import frame, list_name
from wherry.web.clinicians.reading import PracticeCounts, by_practice, list_or_404
from wherry.web.components.charts import Bar, bar_chart
from wherry.web.sign_in.acting import staff_page

#: A count from 1 up to this is not shown, nor a share of so few.
SMALLEST_SHOWN = 5
HIDDEN = "not shown"


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.CARE, permission=Permission.REVIEW_LIST)
def practices(request: HttpRequest, *, by: Actor, now: dt.datetime, list_id: UUID) -> HttpResponse:
    """Show what share of each practice's people was taken off and added, as a picture and as a table."""
    at_risk_list = list_or_404(by=by, list_id=list_id)
    found = by_practice(by=by, list_id=list_id)
    shown = _as_shown(found)
    record(by=by, did="list.compared", subject="list", subject_ids=[list_id], now=now)
    bars = [_bar(one, "quiet" if one is shown[-1] else "main") for one in shown]
    title = f"Practices compared: {list_name(at_risk_list, choices=choices_for(at_risk_list))}"
    return render(
        request,
        "clinicians/practices.jinja",
        frame(request, title=title)
        | {
            "chart": bar_chart(name="taken-off", title="Taken off, of those the rules proposed", bars=bars),
            "rows": [_line(one) for one in shown],
            "smallest": SMALLEST_SHOWN,
            "back": reverse("clinicians_list", args=[list_id]),
        },
    )


def beside_the_others(*, practices: Sequence[PracticeCounts], code: str) -> str:
    """Say in a sentence how one practice stands beside all; nothing where none is asked for or numbers are small."""
    *shown, everywhere = _as_shown(practices)
    one = next((each for each in shown if each.code == code), None)
    if one is None:
        return ""
    theirs, all_of_them = _share_words(one), _share_words(everywhere)
    if HIDDEN in (theirs, all_of_them):
        return f"{one.name}: {_count(one.proposed)} proposed; too few were taken off to compare with other practices."
    return f"{one.name}: {theirs} of {one.proposed} proposed were taken off; over all practices, {all_of_them}."


@dataclass(frozen=True)
class Shown:
    """A practice's numbers, or those of all together, as they may be shown; None: hidden."""

    code: str
    name: str
    proposed: int | None
    removed: int | None
    added: int | None


def _as_shown(practices: Sequence[PracticeCounts]) -> list[Shown]:
    """Give the practices and, last, all together, so that no hidden number is found by taking away."""
    columns = [
        shown_together(counts=[getattr(one, name) for one in practices], below=SMALLEST_SHOWN)
        for name in ("proposed", "removed", "added")
    ]
    parts = zip(*(shown for shown, _ in columns), strict=True)
    found = [Shown(one.code, one.name, *line) for one, line in zip(practices, parts, strict=True)]
    return [*found, Shown("", "All practices", *(whole for _, whole in columns))]


def _bar(one: Shown, shade: str) -> Bar:
    found = _share(one)
    return Bar(one.name, None if found is None else found * 100, _share_words(one), shade)


def _line(one: Shown) -> list[str]:
    return [one.name, _count(one.proposed), _count(one.removed), _share_words(one), _count(one.added)]


def _share(one: Shown) -> float | None:
    """Give the share taken off: it would tell either number, so both must be shown."""
    return None if one.removed is None or one.proposed is None else share(part=one.removed, whole=one.proposed)


def _share_words(one: Shown) -> str:
    found = _share(one)
    return HIDDEN if found is None else f"{found * 100:.1f} %"


def _count(count: int | None) -> str:
    return HIDDEN if count is None else str(count)
