"""How far clinicians changed what the rules proposed, practice beside practice; small numbers are not shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.audit.actions import record
from wherry.evaluation.rules import share, suppressed
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
_NOT_SHOWN = "–"


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.CARE, permission=Permission.REVIEW_LIST)
def practices(request: HttpRequest, *, by: Actor, now: dt.datetime, list_id: UUID) -> HttpResponse:
    """Show what share of each practice's people was taken off and added, as a picture and as a table."""
    at_risk_list = list_or_404(by=by, list_id=list_id)
    found = by_practice(by=by, list_id=list_id)
    everywhere = _together(found)
    record(by=by, did="list.compared", subject="list", subject_ids=[list_id], now=now)
    bars = [_bar(one, "main") for one in found] + [_bar(everywhere, "quiet")]
    title = f"Practices compared: {list_name(at_risk_list, choices=choices_for(at_risk_list))}"
    return render(
        request,
        "clinicians/practices.jinja",
        frame(request, title=title)
        | {
            "chart": bar_chart(name="taken-off", title="Taken off, of those the rules proposed", bars=bars),
            "rows": [_line(one) for one in (*found, everywhere)],
            "smallest": SMALLEST_SHOWN,
            "back": reverse("clinicians_list", args=[list_id]),
        },
    )


def beside_the_others(*, practices: Sequence[PracticeCounts], code: str) -> str:
    """Say in a sentence how one practice stands beside all; nothing where none is asked for or numbers are small."""
    one = next((each for each in practices if each.code == code), None)
    if one is None:
        return ""
    theirs, all_of_them = _share_words(one), _share_words(_together(practices))
    if _NOT_SHOWN in (theirs, all_of_them):
        return f"{one.name}: {one.proposed} proposed; too few were taken off to compare with other practices."
    return f"{one.name}: {theirs} of {one.proposed} proposed were taken off; over all practices, {all_of_them}."


def _together(practices: Sequence[PracticeCounts]) -> PracticeCounts:
    return PracticeCounts(
        code="",
        name="All practices",
        proposed=sum(one.proposed for one in practices),
        removed=sum(one.removed for one in practices),
        added=sum(one.added for one in practices),
    )


def _bar(one: PracticeCounts, shade: str) -> Bar:
    found = _share(one)
    return Bar(one.name, None if found is None else found * 100, _share_words(one), shade)


def _line(one: PracticeCounts) -> list[str]:
    return [one.name, *map(_shown, (one.proposed, one.removed)), _share_words(one), _shown(one.added)]


def _share(one: PracticeCounts) -> float | None:
    few = suppressed(count=one.removed, below=SMALLEST_SHOWN) is None
    return None if few or one.proposed < SMALLEST_SHOWN else share(part=one.removed, whole=one.proposed)


def _share_words(one: PracticeCounts) -> str:
    found = _share(one)
    return _NOT_SHOWN if found is None else f"{found * 100:.1f} %"


def _shown(count: int) -> str:
    found = suppressed(count=count, below=SMALLEST_SHOWN)
    return f"under {SMALLEST_SHOWN}" if found is None else str(found)
