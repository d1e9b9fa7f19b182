"""Signing: what changes, the hash of what was seen, and the signature."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission
from wherry.journeys.agree_the_list import sign as sign_the_list
from wherry.organisations.types import Purpose
from wherry.review.errors import ListAlreadySigned, ListChangedSinceSeen
from wherry.review.models import AtRiskList
from wherry.review.queries import hash_of_list
from wherry.review.types import ListState, Verdict
from wherry.web.clinicians.choices import choices_for
from wherry.web.clinicians.presenters import frame, list_name, list_status, name_of
from wherry.web.clinicians.reading import against_the_last, counts_of, decided_entries, list_or_404, sizes
from wherry.web.sign_in.acting import staff_page


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.CARE, permission=Permission.SIGN_LIST)
def sign(request: HttpRequest, *, by: Actor, now: dt.datetime, list_id: UUID) -> HttpResponse:
    """Show what would be signed; sign exactly that, or say why not."""
    at_risk_list = list_or_404(by=by, list_id=list_id)
    refused = ""
    if request.method == "POST":
        try:
            sign_the_list(by=by, at_risk_list=at_risk_list, seen_hash=request.POST.get("seen_hash", ""), now=now)
        except (ListChangedSinceSeen, ListAlreadySigned) as refusal:
            refused = str(refusal)
        else:
            return HttpResponseRedirect(reverse("clinicians_sign", args=[list_id]))
    context = _context(request, by=by, at_risk_list=at_risk_list, now=now)
    if refused:
        context |= {"errors": refused, "summary": {"heading": "Not signed", "errorList": [{"text": refused}]}}
    return render(request, "clinicians/sign.jinja", context, status=409 if refused else 200)


def _context(request: HttpRequest, *, by: Actor, at_risk_list: AtRiskList, now: dt.datetime) -> dict[str, object]:
    choices = choices_for(at_risk_list)
    decided = decided_entries(by=by, list_id=at_risk_list.pk)
    record(
        by=by,
        did="list.looked_at",
        subject="entry",
        subject_ids=[entry.pk for entry in decided],
        now=now,
        detail={"list": str(at_risk_list.pk), "page": "sign"},
    )
    is_open = at_risk_list.state == ListState.IN_REVIEW
    return frame(request, title=f"{'Sign' if is_open else 'Signed'}: {list_name(at_risk_list, choices=choices)}") | {
        "list": at_risk_list,
        "status": list_status(at_risk_list),
        "is_open": is_open,
        "counts": counts_of(by=by, list_id=at_risk_list.pk),
        "sizes": [
            [choices.category_words(name), str(tier), str(people)]
            for name, tier, people in sizes(by=by, list_id=at_risk_list.pk)
        ],
        "decided": [
            [name_of(one), "Taken off" if one.verdict == Verdict.REMOVED else "Added", one.verdict_reason]
            for one in decided
        ],
        "against": against_the_last(by=by, at_risk_list=at_risk_list) if is_open else None,
        "seen_hash": hash_of_list(list_id=at_risk_list.pk),
        "back": reverse("clinicians_list", args=[at_risk_list.pk]),
    }
