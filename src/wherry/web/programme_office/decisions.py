"""The decision log, and the agreements that let anything flow."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.actions import record_decision
from wherry.governance.queries import colleagues, decisions_by_review, live_agreements
from wherry.governance.rules import Permission, may
from wherry.organisations.types import Purpose
from wherry.web.components.forms import (
    Choice,
    Field,
    FieldKind,
    Value,
    error_summary,
    posted_values,
    typed_date,
)
from wherry.web.programme_office.frame import bound, frame, programme_of
from wherry.web.sign_in.acting import staff_page

_SOON = dt.timedelta(days=30)
FIELDS = (
    Field("what", FieldKind.TEXTAREA, "What is decided?", rows=2),
    Field("why", FieldKind.TEXTAREA, "Why?", hint="What would happen otherwise, and what else was weighed", rows=3),
    Field("risk_owner", FieldKind.TEXT, "Who owns the risk?", hint="A post, for example Medical Director"),
    Field("evidence", FieldKind.TEXTAREA, "On what evidence? (optional)", rows=2),
    Field("can_be_undone", FieldKind.RADIOS, "Can it be undone?", choices=(Choice("yes", "Yes"), Choice("no", "No"))),
    Field("review_on", FieldKind.DATE, "When is it looked at again?", hint="For example, 27 3 2026"),
)
_NEEDED = {
    "what": "Say what is decided",
    "why": "Say why",
    "risk_owner": "Name the post that owns the risk",
    "can_be_undone": "Say whether it can be undone",
}


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_DECISIONS)
def decisions(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show the log, first what is past its review day, longest first, then the newest; write a decision into it."""
    force = programme_of(request, by=by, now=now)
    values: dict[str, Value] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = posted_values(fields=FIELDS, posted=request.POST)
        errors = _wrong(values, today=local_time(now).date())
        if not errors:
            _record(values, by=by, programme=force.programme.code, now=now)
            return HttpResponseRedirect(request.get_full_path())
    today = local_time(now).date()
    overdue, others = decisions_by_review(asked_by=by, programme=force.programme.code, today=today)
    return render(
        request,
        "programme_office/decisions.jinja",
        frame(request, by=by, title="Decisions", force=force, current="office_decisions")
        | {
            "overdue": overdue,
            "decisions": others,
            "names": colleagues(asked_by=by),
            "bound": bound(fields=FIELDS, values=values, errors=errors),
            "errors": errors,
            "summary": error_summary(fields=FIELDS, errors=errors),
            "may_record": may(by, Permission.RECORD_DECISION),
            "today": today,
        },
    )


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_FUNNEL)
def agreements(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show the agreements in force; those that end soon first, since at their end everything under them stops."""
    force = programme_of(request, by=by, now=now)
    live = list(live_agreements(programme=force.programme.code, now=now))
    ending = sorted(
        (one for one in live if one.ends_at and one.ends_at <= now + _SOON), key=lambda one: one.ends_at or now
    )
    return render(
        request,
        "programme_office/agreements.jinja",
        frame(request, by=by, title="Agreements", force=force, current="office_agreements")
        | {"ending": ending, "live": [one for one in live if one not in ending]},
    )


def _wrong(values: dict[str, Value], *, today: dt.date) -> dict[str, str]:
    errors = {name: said for name, said in _NEEDED.items() if not values.get(name)}
    review_on = typed_date(values.get("review_on"))
    if review_on is None or review_on <= today:
        errors["review_on"] = "Enter a day after today, for example 27 3 2027"
    return errors


def _record(values: dict[str, Value], *, by: Actor, programme: str, now: dt.datetime) -> None:
    review_on = typed_date(values["review_on"])
    assert review_on is not None, "checked before"  # noqa: S101 - _wrong lets nothing else through
    record_decision(
        by=by,
        programme=programme,
        what=str(values["what"]),
        why=str(values["why"]),
        risk_owner=str(values["risk_owner"]),
        evidence=str(values.get("evidence", "")),
        is_reversible=values["can_be_undone"] == "yes",
        review_on=review_on,
        now=now,
    )
