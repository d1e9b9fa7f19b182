"""A partner's inbox, and one call to action: accept, decline, done."""

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
from wherry.foundation.errors import StaleVersion
from wherry.governance.rules import Permission
from wherry.organisations.types import Purpose
from wherry.referrals.actions import accept, decline, finish
from wherry.referrals.errors import MoveNotAllowed, OutcomeMissing, ReasonMissing
from wherry.referrals.models import CallToAction
from wherry.referrals.types import State
from wherry.web.components.forms import Value, bound_fields, error_summary, posted_values
from wherry.web.partners.forms import DECLINE_FIELDS, DONE_FIELDS, GIVE_BACK_FIELDS, VERSION
from wherry.web.partners.presenters import (
    TRAY_WORDS,
    call_row,
    call_title,
    changed_words,
    clock_words,
    ending,
    frame,
    is_named,
    shared_rows,
    statuses,
)
from wherry.web.partners.reading import TRAYS, call_or_404, tray, tray_sizes
from wherry.web.sign_in.acting import staff_page

_EVERY_FIELD = (VERSION, DECLINE_FIELDS[1], DONE_FIELDS[1])


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.DELIVERY, permission=Permission.ANSWER_CALL_TO_ACTION)
def inbox(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show one tray; every call on it was looked at, and that is written down."""
    asked = request.GET.get("state", "")
    name = asked if asked in TRAYS else "to_answer"
    calls = tray(by=by, name=name)
    if calls:
        record(
            by=by,
            did="inbox.looked_at",
            subject="call_to_action",
            subject_ids=[one.pk for one in calls],
            now=now,
            detail={"tray": name},
        )
    sizes = tray_sizes(by=by)
    rows = [call_row(one, now=now) for one in calls]
    context = frame(request, title=TRAY_WORDS[name], sizes=sizes, tray=name)
    more = sizes[name] - len(rows)
    return render(request, "partners/inbox.jinja", context | {"rows": rows, "more": more, "tray": name})


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.DELIVERY, permission=Permission.ANSWER_CALL_TO_ACTION)
def call(request: HttpRequest, *, by: Actor, now: dt.datetime, call_id: UUID) -> HttpResponse:
    """Show one call to action with what is shared; accept it, decline it with a reason, finish it with an outcome."""
    found = call_or_404(by=by, call_id=call_id)
    values: Mapping[str, Value] = {}
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        values = posted_values(fields=_EVERY_FIELD, posted=request.POST)
        if values.get("version") != str(found.version):
            raise StaleVersion
        try:
            _answer(request.POST.get("answer", ""), by=by, call=found, values=values, now=now)
            return HttpResponseRedirect(reverse("partners_call", args=[call_id]))
        except ReasonMissing:
            errors = {"decline_reason": "Choose a reason: it decides who is asked next"}
        except OutcomeMissing:
            errors = {"outcome": "Choose what came of it"}
        except MoveNotAllowed as refused:
            errors, status = {"answer": str(refused)}, 409
    record(by=by, did="person.seen", subject="call_to_action", subject_ids=[found.pk, found.case_id], now=now)
    context = _context(request, by=by, call=found, values=values, errors=errors, now=now)
    return render(request, "partners/call.jinja", context, status=status)


def _answer(answer: str, *, by: Actor, call: CallToAction, values: Mapping[str, Value], now: dt.datetime) -> None:
    if answer == "accept":
        accept(by=by, call_to_action=call, now=now)
    elif answer == "decline":
        decline(by=by, call_to_action=call, reason=str(values.get("decline_reason", "")), now=now)
    elif answer == "done":
        finish(by=by, call_to_action=call, outcome=str(values.get("outcome", "")), now=now)
    else:
        raise MoveNotAllowed


def _context(
    request: HttpRequest,
    *,
    by: Actor,
    call: CallToAction,
    values: Mapping[str, Value],
    errors: dict[str, str],
    now: dt.datetime,
) -> dict[str, object]:
    kept = {**values, "version": str(call.version)}
    name = next((tray for tray, states in TRAYS.items() if call.state in states), "")
    return frame(request, title=call_title(call, now=now), sizes=tray_sizes(by=by), tray=name) | {
        "call": call,
        "rows": shared_rows(call, now=now),
        "statuses": statuses(call, now=now),
        "clock": clock_words(call, now=now),
        "ending": ending(call),
        "changed": changed_words(call),
        "errors": errors,
        "is_offered": call.state == State.OFFERED,
        "is_accepted": call.state == State.ACCEPTED,
        "decline": bound_fields(fields=DECLINE_FIELDS, values=kept, errors=errors),
        "is_named": is_named(call, now=now),
        "was_done": call.done_at is not None,
        "give_back": bound_fields(fields=GIVE_BACK_FIELDS, values=kept, errors=errors),
        "done": bound_fields(fields=DONE_FIELDS, values=kept, errors=errors),
        "summary": error_summary(fields=_EVERY_FIELD, errors=errors),
        "back": f"{reverse('partners_inbox')}?state={name}",
    }
