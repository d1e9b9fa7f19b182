"""One entry: take off, put back. And somebody no rule found: add by NHS number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.foundation.errors import StaleVersion, WherryError
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.journeys.agree_the_list import NobodyFound, SomebodyDied, add_by_nhs_number
from wherry.journeys.name_staff import names_of_staff
from wherry.organisations.types import Purpose
from wherry.review.actions import put_back, remove_entry
from wherry.review.errors import AlreadyOnList
from wherry.review.models import AtRiskList, Entry
from wherry.review.types import ListState, Verdict
from wherry.web.clinicians.choices import Choices, choices_for
from wherry.web.clinicians.forms import (
    BACK_FIELDS,
    VERSION,
    add_fields,
    bound,
    read_placing,
    read_reason,
    reason_fields,
)
from wherry.web.clinicians.presenters import decided_line, entry_row, frame, list_status, name_of, signed_line
from wherry.web.clinicians.reading import entry_or_404, list_or_404, practice_names
from wherry.web.components.forms import Field, Value, error_summary, posted_values
from wherry.web.sign_in.acting import staff_page


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.CARE, permission=Permission.SEE_REASONS)
def entry(request: HttpRequest, *, by: Actor, now: dt.datetime, entry_id: UUID) -> HttpResponse:
    """Show one person with every reason; take them off, or put them back."""
    found = entry_or_404(by=by, entry_id=entry_id)
    choices = choices_for(found.at_risk_list)
    is_kept = found.verdict == Verdict.KEPT
    fields = _entry_fields(choices, is_kept=is_kept)
    values: Mapping[str, Value] = {"version": str(found.version)}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = posted_values(fields=fields, posted=request.POST)
        _check_version(found, values)
        errors = _decide(by=by, entry=found, choices=choices, values=values, now=now)
        if not errors:
            return HttpResponseRedirect(reverse("clinicians_list", args=[found.at_risk_list_id]))
    record(by=by, did="person.seen", subject="entry", subject_ids=[found.pk, found.at_risk_list_id], now=now)
    names = names_of_staff(ids=(found.decided_by, found.at_risk_list.signed_by))
    return render(
        request,
        "clinicians/entry.jinja",
        frame(request, title=name_of(found))
        | {
            "row": entry_row(
                found,
                choices=choices,
                practices=practice_names([found.practice_code]),
                today=local_time(now).date(),
            ),
            "status": list_status(found.at_risk_list),
            "decided": decided_line(found, names=names),
            "signed": signed_line(at_risk_list=found.at_risk_list, names=names),
            "is_open": found.at_risk_list.state == ListState.IN_REVIEW,
            "bound": bound(fields=fields, values=values, errors=errors),
            "errors": errors,
            "summary": error_summary(fields=fields, errors=errors),
            "back": reverse("clinicians_list", args=[found.at_risk_list_id]),
        },
    )


def _entry_fields(choices: Choices, *, is_kept: bool) -> tuple[Field, ...]:
    if not is_kept:
        return BACK_FIELDS
    return (VERSION, *reason_fields(change=choices.policy.remove, legend="Why should they be taken off?"))


def _check_version(entry: Entry, values: Mapping[str, Value]) -> None:
    if values.get("version") != str(entry.version):
        raise StaleVersion


def _decide(
    *, by: Actor, entry: Entry, choices: Choices, values: Mapping[str, Value], now: dt.datetime
) -> dict[str, str]:
    try:
        if entry.verdict == Verdict.REMOVED:
            put_back(by=by, entry=entry, reason=str(values.get("words", "")), now=now)
            return {}
        why, errors = read_reason(change=choices.policy.remove, values=values, today=now.date())
        if why is not None:
            remove_entry(by=by, entry=entry, reason=why.words, expires_on=why.expires_on, now=now)
        return errors
    except StaleVersion:
        raise
    except WherryError as refused:
        return {"words": str(refused)}


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.CARE, permission=Permission.REVIEW_LIST)
def add(request: HttpRequest, *, by: Actor, now: dt.datetime, list_id: UUID) -> HttpResponse:
    """Add somebody by their NHS number, with a category, a tier and a reason."""
    at_risk_list = list_or_404(by=by, list_id=list_id)
    choices = choices_for(at_risk_list)
    fields = add_fields(choices)
    values: Mapping[str, Value] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = posted_values(fields=fields, posted=request.POST)
        errors = _add(by=by, at_risk_list=at_risk_list, choices=choices, values=values, now=now)
        if not errors:
            return HttpResponseRedirect(f"{reverse('clinicians_list', args=[list_id])}?state=added")
    return render(
        request,
        "clinicians/add.jinja",
        frame(request, title="Add somebody to the list")
        | {
            "bound": bound(fields=fields, values=values, errors=errors),
            "errors": errors,
            "summary": error_summary(fields=fields, errors=errors),
            "back": reverse("clinicians_list", args=[list_id]),
        },
    )


def _add(
    *, by: Actor, at_risk_list: AtRiskList, choices: Choices, values: Mapping[str, Value], now: dt.datetime
) -> dict[str, str]:
    why, errors = read_reason(change=choices.policy.add, values=values, today=now.date())
    errors = read_placing(choices=choices, values=values) | errors
    if why is None or errors:
        return errors
    try:
        entry = add_by_nhs_number(
            by=by,
            at_risk_list=at_risk_list,
            nhs_number=str(values["nhs_number"]),
            category=str(values["category"]),
            tier=int(str(values["tier"])),
            reason=why.words,
            expires_on=why.expires_on,
            now=now,
        )
    except (NobodyFound, SomebodyDied, AlreadyOnList) as refused:
        return {"nhs_number": str(refused)}
    except WherryError as refused:
        return {"reason": str(refused)}
    record(by=by, did="person.seen", subject="entry", subject_ids=[entry.pk, at_risk_list.pk], now=now)
    return {}
