"""The lists there are, and one list page by page; several people taken off it for one reason."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.foundation.errors import StaleVersion, WherryError
from wherry.governance.rules import Permission
from wherry.organisations.types import Purpose
from wherry.review.actions import remove_entry
from wherry.review.models import AtRiskList
from wherry.review.queries import lists_to_review
from wherry.review.types import ListState
from wherry.web.clinicians.choices import choices_for
from wherry.web.clinicians.forms import bound, read_reason, reason_fields
from wherry.web.clinicians.presenters import entry_card, frame, list_name, list_status
from wherry.web.clinicians.reading import counts_of, entries_page, entry_or_404, filters_of, list_or_404
from wherry.web.components.forms import error_summary, posted_values
from wherry.web.sign_in.acting import staff_page

_ASKED = ("tier", "practice", "verdict", "page")


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.CARE, permission=Permission.REVIEW_LIST)
def lists(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show every list to review or signed, newest first, with its counts as they stand."""
    rows = [
        {
            "name": list_name(one, choices=choices_for(one)),
            "status": list_status(one),
            "list": one,
            "counts": counts_of(by=by, list_id=one.pk),
            "href": reverse("clinicians_list", args=[one.pk]),
        }
        for one in lists_to_review(asked_by=by)
    ]
    return render(request, "clinicians/lists.jinja", frame(request, title="Lists of people at risk") | {"rows": rows})


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.CARE, permission=Permission.SEE_REASONS)
def entries(request: HttpRequest, *, by: Actor, now: dt.datetime, list_id: UUID) -> HttpResponse:
    """Show a page of a list with every reason; take those ticked off it, all for one reason."""
    at_risk_list = list_or_404(by=by, list_id=list_id)
    context: dict[str, object] = {}
    if request.method == "POST":
        context = _remove_ticked(request, by=by, at_risk_list=at_risk_list, now=now)
        if not context["errors"]:
            return HttpResponseRedirect(f"{request.path}?{urlencode(_asked(request))}")
    page = entries_page(by=by, list_id=list_id, asked=_asked(request))
    record(
        by=by,
        did="list.looked_at",
        subject="entry",
        subject_ids=[entry.pk for entry in page],
        now=now,
        detail={"list": str(list_id), "page": page.number},
    )
    context = _page_context(request, by=by, at_risk_list=at_risk_list, page=page) | context
    return render(request, "clinicians/list.jinja", context, status=409 if "changed" in context else 200)


def _page_context(request: HttpRequest, *, by: Actor, at_risk_list: AtRiskList, page: Page) -> dict[str, object]:
    choices = choices_for(at_risk_list)
    tiers, practices = filters_of(by=by, list_id=at_risk_list.pk)
    fields = reason_fields(change=choices.policy.remove, legend="Why should they be taken off?")
    return frame(request, title=list_name(at_risk_list, choices=choices)) | {
        "list": at_risk_list,
        "status": list_status(at_risk_list),
        "page": page,
        "counts": counts_of(by=by, list_id=at_risk_list.pk),
        "tiers": tiers,
        "practices": practices,
        "cards": [entry_card(entry, choices=choices) for entry in page],
        "asked": _asked(request),
        "is_open": at_risk_list.state == ListState.IN_REVIEW,
        "back": reverse("clinicians_lists"),
        "bound": bound(fields=fields),
        "ticked": (),
        "links": _links(request, page),
    }


def _remove_ticked(request: HttpRequest, *, by: Actor, at_risk_list: AtRiskList, now: dt.datetime) -> dict[str, object]:
    """Take the ticked entries off, or say what is wrong and keep what was typed."""
    change = choices_for(at_risk_list).policy.remove
    fields = reason_fields(change=change, legend="Why should they be taken off?")
    values = posted_values(fields=fields, posted=request.POST)
    ticked = tuple(request.POST.getlist("entry"))
    why, errors = read_reason(change=change, values=values, today=now.date())
    if not ticked:
        errors = {"entries": "Tick at least one person", **errors}
    changed = {}
    if why is not None and not errors:
        try:
            for entry_id, version in (_ticked(one) for one in ticked):
                entry = entry_or_404(by=by, entry_id=entry_id)
                entry.version = version
                remove_entry(by=by, entry=entry, reason=why.words, expires_on=why.expires_on, now=now)
        except StaleVersion:
            raise
        except WherryError as refused:
            errors, changed = {"entries": str(refused)}, {"changed": True}
    summary = error_summary(fields=fields, errors=errors)
    again = bound(fields=fields, values=values, errors=errors)
    return {"errors": errors, "summary": summary, "bound": again, "ticked": ticked, **changed}


def _ticked(value: str) -> tuple[UUID, int]:
    entry_id, _, version = value.partition(":")
    try:
        return UUID(entry_id), int(version)
    except ValueError as error:
        raise StaleVersion from error


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in _ASKED if request.GET.get(name)}


def _links(request: HttpRequest, page: Page) -> dict[str, object]:
    def to(number: int) -> str:
        return f"{request.path}?{urlencode(_asked(request) | {'page': number})}"

    of = f"of {page.paginator.num_pages}"
    found: dict[str, object] = {}
    if page.has_previous():
        found |= {"previousUrl": to(page.number - 1), "previousPage": f"{page.number - 1} {of}"}
    if page.has_next():
        found |= {"nextUrl": to(page.number + 1), "nextPage": f"{page.number + 1} {of}"}
    return found
