"""Stopping everything that leaves, and letting it leave again."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wherry.evaluation.waiting import pauses
from wherry.foundation.actors import Actor
from wherry.governance.queries import colleagues
from wherry.governance.rules import Permission, may
from wherry.organisations.types import Purpose
from wherry.outreach.actions import pause_sending, resume_sending
from wherry.outreach.queries import sending_is_paused
from wherry.web.components.forms import Field, FieldKind, Value, error_summary, posted_values
from wherry.web.programme_office.frame import bound, frame, programme_of
from wherry.web.sign_in.acting import staff_page

WHY = (Field("why", FieldKind.TEXTAREA, "Why is it stopped?", rows=2),)


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_FUNNEL)
def sending(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show whether anything may leave; stop it with a reason, or start it again."""
    force = programme_of(request, by=by, now=now)
    values: dict[str, Value] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = posted_values(fields=WHY, posted=request.POST)
        errors = _change(request.POST.get("change", ""), by=by, why=str(values.get("why", "")), now=now)
        if not errors:
            return HttpResponseRedirect(request.get_full_path())
    return render(
        request,
        "programme_office/sending.jinja",
        frame(request, by=by, title="Sending", force=force, current="office_sending")
        | {
            "is_paused": sending_is_paused(),
            "pauses": pauses(asked_by=by),
            "errors": errors,
            "names": colleagues(asked_by=by),
            "may_pause": may(by, Permission.PAUSE_SENDING),
            "may_resume": may(by, Permission.RESUME_SENDING),
            "bound": bound(fields=WHY, values=values, errors=errors),
            "summary": error_summary(fields=WHY, errors=errors),
        },
    )


def _change(change: str, *, by: Actor, why: str, now: dt.datetime) -> dict[str, str]:
    """Carry out one of the two, or say what is missing. A second press of the same button changes nothing."""
    if change == "resume":
        resume_sending(by=by, now=now)
        return {}
    if not why:
        return {"why": "Say why, for whoever has to start it again"}
    if not sending_is_paused():
        pause_sending(by=by, why=why, now=now)
    return {}
