"""The lists there are, and one list page by page, narrowed and in the order somebody asked for."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.journeys.agree_the_list import is_made_from_what_was_withdrawn
from wherry.organisations.types import Purpose
from wherry.review.models import AtRiskList
from wherry.review.types import ListState
from wherry.web.clinicians.asking import SIZES, SORTS, STATES, Asked, asked_for
from wherry.web.clinicians.choices import Choices, choices_for
from wherry.web.clinicians.comparing import beside_the_others
from wherry.web.clinicians.presenters import entry_row, frame, list_name, list_status
from wherry.web.clinicians.reading import (
    PracticeCounts,
    by_practice,
    categories_and_tiers,
    counts_of,
    criteria_of,
    entries_page,
    list_or_404,
    lists_with_counts,
)
from wherry.web.sign_in.acting import staff_page

_LISTS_AT_MOST = 12
#: What a page says once of what was just done.
SAID_KEY = "clinicians_said"
#: Where to begin: the state asked for, how many there are, and how it is said of one and of several.
_BEGIN_WITH = (
    ("asked", "asked_again", "asked again", "asked again"),
    ("new", "new", "new since the last list", "new since the last list"),
    ("changed", "changed", "changed since the last list", "changed since the last list"),
    ("missing", "missing", "with something missing from the records", "with something missing from the records"),
    ("removed", "removed", "taken off", "taken off"),
    ("added", "added", "added", "added"),
)


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.CARE, permission=Permission.REVIEW_LIST)
def lists(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show the newest lists to review or signed, with their counts as they stand."""
    rows = [
        {
            "name": list_name(one, choices=choices_for(one)),
            "status": list_status(one),
            "list": one,
            "counts": counts,
            "href": reverse("clinicians_list", args=[one.pk]),
        }
        for one, counts in lists_with_counts(by=by, at_most=_LISTS_AT_MOST)
    ]
    return render(request, "clinicians/lists.jinja", frame(request, title="Lists of people at risk") | {"rows": rows})


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.CARE, permission=Permission.SEE_REASONS)
def entries(request: HttpRequest, *, by: Actor, now: dt.datetime, list_id: UUID) -> HttpResponse:
    """Show a page of a list, a row a person, each with its reasons to unfold."""
    at_risk_list = list_or_404(by=by, list_id=list_id)
    asked = asked_for(request.GET)
    page = entries_page(by=by, list_id=list_id, asked=asked)
    record(
        by=by,
        did="list.looked_at",
        subject="entry",
        subject_ids=[entry.pk for entry in page],
        now=now,
        detail={"list": str(list_id), "page": page.number},
    )
    context = _context(request, by=by, at_risk_list=at_risk_list, asked=asked, page=page, now=now)
    return render(request, "clinicians/list.jinja", context)


def _context(
    request: HttpRequest, *, by: Actor, at_risk_list: AtRiskList, asked: Asked, page: Page, now: dt.datetime
) -> dict[str, object]:
    list_id, choices = at_risk_list.pk, choices_for(at_risk_list)
    practices = by_practice(by=by, list_id=list_id)
    names = {one.code: one.name for one in practices}
    today = local_time(now).date()
    counts = counts_of(by=by, list_id=list_id)
    is_open = at_risk_list.state == ListState.IN_REVIEW
    return frame(request, title=list_name(at_risk_list, choices=choices)) | {
        "list": at_risk_list,
        "status": list_status(at_risk_list),
        "page": page,
        "counts": counts,
        "begin_with": [
            (asked.query(state=state, page=""), number, one if number == 1 else several)
            for state, name, one, several in _BEGIN_WITH
            if (number := getattr(counts, name))
        ],
        "filters": _filters(by=by, list_id=list_id, choices=choices, practices=practices),
        "beside": beside_the_others(practices=practices, code=asked.practice),
        "rows": [entry_row(entry, choices=choices, practices=names, today=today) for entry in page],
        "asked": asked,
        "said": request.session.pop(SAID_KEY, ""),
        "is_open": is_open,
        "is_withdrawn": is_open and is_made_from_what_was_withdrawn(at_risk_list=at_risk_list),
        "back": reverse("clinicians_lists"),
        "links": _links(request, asked, page),
    }


def _filters(
    *, by: Actor, list_id: UUID, choices: Choices, practices: list[PracticeCounts]
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Give the selects: name, label, and what can be chosen, each with its words."""
    placed = categories_and_tiers(by=by, list_id=list_id)
    criteria = sorted((choices.criterion_words(name), name) for name in criteria_of(list_id=list_id))
    return [
        ("practice", "Practice", [(one.code or "none", one.name) for one in practices]),
        (
            "category",
            "Category",
            [(name, choices.category_words(name)) for name in dict.fromkeys(n for n, _ in placed)],
        ),
        ("tier", "Tier", [(str(tier), f"Tier {tier}") for tier in sorted({tier for _, tier in placed})]),
        ("criterion", "Reason", [(name, words) for words, name in criteria]),
        ("state", "Where they stand", [(name, words) for name, (words, _) in STATES.items()]),
        ("sort", "In the order of", [(name, words) for name, (words, _) in SORTS.items()]),
        ("size", "People a page", [(str(size), str(size)) for size in SIZES]),
    ]


def _links(request: HttpRequest, asked: Asked, page: Page) -> dict[str, object]:
    def to(number: int) -> str:
        return f"{request.path}?{asked.query(page=str(number))}"

    of = f"of {page.paginator.num_pages}"
    found: dict[str, object] = {}
    if page.has_previous():
        found |= {"previousUrl": to(page.number - 1), "previousPage": f"{page.number - 1} {of}"}
    if page.has_next():
        found |= {"nextUrl": to(page.number + 1), "nextPage": f"{page.number + 1} {of}"}
    return found
