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
from wherry.journeys.agree_the_list import MadeFromWithdrawn, is_made_from_what_was_withdrawn
from wherry.journeys.agree_the_list import sign as sign_the_list
from wherry.journeys.name_staff import names_of_staff
from wherry.organisations.types import Purpose
from wherry.review.actions import note_look
from wherry.review.errors import ListAlreadySigned, ListChangedSinceSeen
from wherry.review.models import AtRiskList
from wherry.review.queries import hash_of_list, last_look
from wherry.review.types import ListState, Origin, Verdict
from wherry.web.clinicians.choices import choices_for
from wherry.web.clinicians.presenters import frame, list_name, list_status, name_of, signed_line
from wherry.web.clinicians.reading import (
    NAMED_AT_MOST,
    against_the_last,
    counts_of,
    decided_by_others,
    decided_by_reason,
    list_or_404,
    sizes,
)
from wherry.web.sign_in.acting import staff_page

_REASONS = 12


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.CARE, permission=Permission.SIGN_LIST)
def sign(request: HttpRequest, *, by: Actor, now: dt.datetime, list_id: UUID) -> HttpResponse:
    """Show what would be signed; sign exactly that, or say why not."""
    at_risk_list = list_or_404(by=by, list_id=list_id)
    refused = ""
    if request.method == "POST":
        try:
            sign_the_list(by=by, at_risk_list=at_risk_list, seen_hash=request.POST.get("seen_hash", ""), now=now)
        except (ListChangedSinceSeen, ListAlreadySigned, MadeFromWithdrawn) as refusal:
            refused = str(refusal)
        else:
            return HttpResponseRedirect(reverse("clinicians_sign", args=[list_id]))
    context = _context(request, by=by, at_risk_list=at_risk_list, now=now)
    if refused:
        context |= {"errors": refused, "summary": {"heading": "Not signed", "errorList": [{"text": refused}]}}
    return render(request, "clinicians/sign.jinja", context, status=409 if refused else 200)


def _context(request: HttpRequest, *, by: Actor, at_risk_list: AtRiskList, now: dt.datetime) -> dict[str, object]:
    list_id, choices = at_risk_list.pk, choices_for(at_risk_list)
    looked_at = last_look(asked_by=by, list_id=list_id)
    changed = decided_by_others(by=by, list_id=list_id, since=looked_at)
    named = list(changed[:NAMED_AT_MOST])
    record(
        by=by,
        did="list.looked_at",
        subject="entry",
        subject_ids=[entry.pk for entry in named],
        now=now,
        detail={"list": str(list_id), "page": "sign"},
    )
    is_open = at_risk_list.state == ListState.IN_REVIEW
    context = frame(request, title=f"{'Sign' if is_open else 'Signed'}: {list_name(at_risk_list, choices=choices)}") | {
        "list": at_risk_list,
        "status": list_status(at_risk_list),
        "is_open": is_open,
        "is_withdrawn": is_open and is_made_from_what_was_withdrawn(at_risk_list=at_risk_list),
        "signed": signed_line(at_risk_list=at_risk_list, names=names_of_staff(ids=[at_risk_list.signed_by])),
        "counts": counts_of(by=by, list_id=list_id),
        "sizes": [
            [choices.category_words(name), str(tier), str(people)]
            for name, tier, people in sizes(by=by, list_id=list_id)
        ],
        "decided": _decisions(by=by, list_id=list_id),
        "looked_at": looked_at,
        "since": [[name_of(one), _what(one.origin, one.verdict), one.verdict_reason] for one in named],
        "since_more": changed.count() - len(named),
        "against": against_the_last(by=by, at_risk_list=at_risk_list) if is_open else None,
        "seen_hash": hash_of_list(list_id=list_id),
        "back": reverse("clinicians_list", args=[list_id]),
    }
    note_look(by=by, at_risk_list=at_risk_list, now=now)
    return context


def _decisions(*, by: Actor, list_id: UUID) -> list[list[str]]:
    """Give a row for each reason decisions were made for; what is seldom is counted together."""
    found = decided_by_reason(by=by, list_id=list_id)
    rows = [[reason, _what(origin, verdict), str(people)] for origin, verdict, reason, people in found[:_REASONS]]
    seldom = sum(people for *_, people in found[_REASONS:])
    return [*rows, ["Other reasons, each given more seldom", "", str(seldom)]] if seldom else rows


def _what(origin: str, verdict: str) -> str:
    if verdict == Verdict.REMOVED:
        return "Taken off"
    return "Added" if origin == Origin.ADDED else "Kept"
