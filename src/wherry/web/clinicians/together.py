"""Several people at once: ticked on a page or all that were asked for, kept or taken off for one reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.foundation.errors import InputWrong, StaleVersion
from wherry.governance.rules import Permission
from wherry.organisations.types import Purpose
from wherry.review.actions import decide_together
from wherry.review.definition import Change
from wherry.review.errors import ListAlreadySigned
from wherry.review.models import AtRiskList
from wherry.review.types import Verdict
from wherry.web.clinicians.asking import Asked, asked_for
from wherry.web.clinicians.choices import Choices, choices_for
from wherry.web.clinicians.forms import Why, bound, read_reason, reason_fields
from wherry.web.clinicians.presenters import frame, name_of
from wherry.web.clinicians.reading import (
    counts_of,
    decided_otherwise,
    entries_named,
    entries_page,
    how_many_there_are,
    list_or_404,
    versions_of,
)
from wherry.web.clinicians.views import SAID_KEY
from wherry.web.components.forms import Field, Value, error_summary, posted_values
from wherry.web.sign_in.acting import staff_page

_NAMED_AT_MOST = 100


@dataclass(frozen=True)
class Picked:
    """Whom somebody picked, with the version they saw of each, and what they want to say of all of them."""

    seen: Mapping[UUID, int]
    verdict: Verdict

    @property
    def as_typed(self) -> str:
        """Write the picked into one field of a form: a field for each would be more than a form may have."""
        return " ".join(f"{entry_id}:{version}" for entry_id, version in self.seen.items())


@require_http_methods(["POST"])
@staff_page(purpose=Purpose.CARE, permission=Permission.SEE_REASONS)
def together(request: HttpRequest, *, by: Actor, now: dt.datetime, list_id: UUID) -> HttpResponse:
    """Ask for one reason for everybody picked, and decide about all of them or none."""
    at_risk_list = list_or_404(by=by, list_id=list_id)
    asked, choices = asked_for(request.GET), choices_for(at_risk_list)
    picked = _picked(request, by=by, at_risk_list=at_risk_list, asked=asked)
    back = f"{reverse('clinicians_list', args=[list_id])}?{asked.query()}"
    if not picked.seen:
        request.session[SAID_KEY] = "Nobody was ticked, so nothing was changed. Tick at least one person."
        return HttpResponseRedirect(back)
    if how_many_there_are(by=by, list_id=list_id, ids=picked.seen) != len(picked.seen):
        raise Http404  # somebody of another's list and nobody at all are one answer
    fields = _fields(choices, picked.verdict)
    values: Mapping[str, Value] = {}
    errors: dict[str, str] = {}
    if "reason" in request.POST or "answer" in request.POST:
        values = posted_values(fields=fields, posted=request.POST)
        why, errors = read_reason(change=_change(choices, picked.verdict), values=values, today=now.date())
        if why is not None:
            errors = _decide(by=by, at_risk_list=at_risk_list, picked=picked, why=why, now=now)
            if not errors:
                request.session[SAID_KEY] = _done_words(picked)
                return HttpResponseRedirect(back)
    context = _context(request, by=by, at_risk_list=at_risk_list, asked=asked, picked=picked, now=now)
    context |= {
        "bound": bound(fields=fields, values=values, errors=errors),
        "errors": errors,
        "summary": error_summary(fields=fields, errors=errors),
        "back": back,
    }
    return render(request, "clinicians/together.jinja", context)


def _picked(request: HttpRequest, *, by: Actor, at_risk_list: AtRiskList, asked: Asked) -> Picked:
    do, _, whom = request.POST.get("do", "").partition("_")
    verdict = {"remove": Verdict.REMOVED, "keep": Verdict.KEPT}.get(do)
    if verdict is None:
        raise InputWrong
    if "picked" in request.POST:
        return Picked(dict(map(_seen, request.POST["picked"].split())), verdict)
    if whom == "all":
        return Picked(versions_of(by=by, list_id=at_risk_list.pk, asked=asked), verdict)
    return Picked(dict(map(_seen, request.POST.getlist("entry"))), verdict)


def _seen(value: str) -> tuple[UUID, int]:
    entry_id, _, version = value.partition(":")
    try:
        return UUID(entry_id), int(version)
    except ValueError as error:
        raise StaleVersion from error


def _change(choices: Choices, verdict: Verdict) -> Change:
    return choices.policy.remove if verdict is Verdict.REMOVED else choices.policy.keep


def _fields(choices: Choices, verdict: Verdict) -> tuple[Field, ...]:
    taken_off = verdict is Verdict.REMOVED
    legend = "Why should they be taken off?" if taken_off else "Why should they stay on the list?"
    return reason_fields(change=_change(choices, verdict), legend=legend)


def _decide(*, by: Actor, at_risk_list: AtRiskList, picked: Picked, why: Why, now: dt.datetime) -> dict[str, str]:
    try:
        decide_together(
            by=by,
            at_risk_list=at_risk_list,
            seen=picked.seen,
            verdict=picked.verdict,
            reason=why.words,
            expires_on=why.expires_on,
            now=now,
        )
    except ListAlreadySigned as refused:
        return {"reason": str(refused)}
    return {}


def _done_words(picked: Picked) -> str:
    people = "1 person" if len(picked.seen) == 1 else f"{len(picked.seen)} people"
    return f"{people} taken off the list." if picked.verdict is Verdict.REMOVED else f"{people} kept on the list."


def _context(
    request: HttpRequest, *, by: Actor, at_risk_list: AtRiskList, asked: Asked, picked: Picked, now: dt.datetime
) -> dict[str, object]:
    list_id = at_risk_list.pk
    named = entries_named(by=by, list_id=list_id, ids=picked.seen, at_most=_NAMED_AT_MOST)
    record(
        by=by,
        did="list.looked_at",
        subject="entry",
        subject_ids=[entry.pk for entry in named],
        now=now,
        detail={"list": str(list_id), "page": "together"},
    )
    counts = counts_of(by=by, list_id=list_id)
    taken_off = picked.verdict is Verdict.REMOVED
    people = "1 person" if len(picked.seen) == 1 else f"{len(picked.seen)} people"
    return frame(request, title=f"Take {people} off the list" if taken_off else f"Keep {people} on the list") | {
        "picked": picked,
        "do": "remove" if taken_off else "keep",
        "selected": len(picked.seen),
        "shown": entries_page(by=by, list_id=list_id, asked=asked).paginator.count,
        "narrowed": asked.is_narrowed,
        "on_it": counts.proposed + counts.added,
        "other_way": decided_otherwise(by=by, list_id=list_id, ids=picked.seen, verdict=picked.verdict),
        "names": [name_of(entry) for entry in named],
        "query": asked.query(),
    }
