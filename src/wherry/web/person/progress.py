"""What is being done for somebody, shown after a code sent to a number they used with us; and "please ring me"."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wherry.checkin.actions.codes import end_proof, stay_proven
from wherry.checkin.errors import TooManyCodes
from wherry.checkin.models import Invitation
from wherry.checkin.rules import words_in
from wherry.database.context import acting_as
from wherry.foundation.actors import Actor
from wherry.journeys.one_time_code import (
    ask_for_code,
    enter_code,
    is_first_name,
    is_spent,
    must_say_name,
    proven,
    want_a_call,
)
from wherry.journeys.programme_in_force import InForce
from wherry.journeys.show_what_is_done import HelpUnderWay, help_under_way, say_whether_it_helped
from wherry.organisations.types import Guess
from wherry.web.components.forms import bound_fields, error_summary
from wherry.web.components.limits import one_try
from wherry.web.components.spoken import LANGUAGE_KEY
from wherry.web.person.check_in import force_of
from wherry.web.person.forms import first_name_field, one_time_field
from wherry.web.person.frame import TOKEN_KEY, show, words
from wherry.web.person.links import holder_of, recognised, spoken

#: What a browser is given when a code was right, and that the first name was.
PROOF_KEY, NAMED_KEY = "proof", "named"
HERE = "person_progress"


def progress(request: HttpRequest) -> HttpResponse:
    """
    Show the page, or do what one of its buttons says: send or take a code, ask for a call, say whether it helped.

    A typed code or name is counted against the address and the link before anything is looked at.
    """
    token, do = request.session.get(TOKEN_KEY, ""), _asked_to(request)
    if do not in ("code", "send") or not token:
        return _page(request)
    by = holder_of(token=token)
    with one_try(request=request, by=by, guess=Guess.ONE_TIME_CODE, account=f"{by.id} {do}") as attempt:
        answer = _page(request)
    if answer.status_code == 302:
        attempt.right()
    return answer


def _asked_to(request: HttpRequest) -> str:
    return request.POST.get("do", "") if request.method == "POST" else ""


@require_http_methods(["GET", "HEAD", "POST"])
@recognised(kind="")
def _page(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    do, force = _asked_to(request), force_of(invitation=invitation)
    if do == "ring":
        about = request.POST.get("kind", "")
        want_a_call(by=by, invitation=invitation, about=about if about in force.triage.needs else "", now=now)
        return HttpResponseRedirect(f"{reverse(HERE)}?told")
    if do == "send":
        return _send(request, by=by, invitation=invitation, now=now, force=force)
    if do == "code":
        return _enter(request, by=by, invitation=invitation, now=now, force=force)
    with acting_as(proven(by=by, proof=request.session.get(PROOF_KEY, ""))) as holder:
        if do == "leave":
            end_proof(by=holder, invitation=invitation, now=now)
            return _signed_out(request)
        if not stay_proven(by=holder, invitation=invitation, now=now):
            request.session.pop(PROOF_KEY, None)
            return _ask(request, invitation=invitation, now=now, force=force)
        if do in ("yes", "no"):
            return _helped(request, by=holder, invitation=invitation, now=now)
        shown = help_under_way(by=holder, invitation=invitation, force=force, now=now)
    rows = [_row(one, request.language) for one in shown]  # type: ignore[attr-defined]
    return _draw(
        request, template="progress", invitation=invitation, force=force, rows=rows, is_thanked="thanks" in request.GET
    )


def _helped(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    try:
        need_id = UUID(request.POST.get("about", ""))
    except ValueError:
        return HttpResponseRedirect(reverse(HERE))
    helped = _asked_to(request) == "yes"
    if say_whether_it_helped(by=by, invitation=invitation, need_id=need_id, helped=helped, now=now):
        return HttpResponseRedirect(f"{reverse(HERE)}?thanks")
    return HttpResponseRedirect(reverse(HERE))


def _send(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime, force: InForce) -> HttpResponse:
    language: str = request.language  # type: ignore[attr-defined]
    helpline = force.cadence.helpline
    if _wants_name(request):
        if not is_first_name(given=request.POST.get("first", ""), invitation=invitation):
            wrong = words(language, "progress.first_wrong", helpline=helpline)
            return _ask(request, invitation=invitation, now=now, force=force, errors={"first": wrong})
        request.session[NAMED_KEY] = True
    try:
        ask_for_code(by=by, invitation=invitation, now=now)
    except TooManyCodes:
        too_many = words(language, "progress.too_many", helpline=helpline)
        return _ask(request, invitation=invitation, now=now, force=force, notice=too_many)
    return HttpResponseRedirect(reverse(HERE))


def _enter(
    request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime, force: InForce
) -> HttpResponse:
    proof = secrets.token_urlsafe(32)
    if enter_code(by=by, invitation=invitation, typed=request.POST.get("code", ""), proof=proof, now=now):
        request.session[PROOF_KEY] = proof
        return HttpResponseRedirect(reverse(HERE))
    wrong = words(request.language, "progress.wrong")  # type: ignore[attr-defined]
    return _ask(request, invitation=invitation, now=now, force=force, errors={"code": wrong})


def _wants_name(request: HttpRequest) -> bool:
    return not request.session.get(NAMED_KEY) and must_say_name()


def _ask(
    request: HttpRequest,
    *,
    invitation: Invitation,
    now: dt.datetime,
    force: InForce,
    errors: dict[str, str] | None = None,
    notice: str = "",
) -> HttpResponse:
    """Ask for a code, or for what it takes to be sent one. Nothing here depends on whether there is a number."""
    language: str = request.language  # type: ignore[attr-defined]
    waits, used_up = is_spent(invitation=invitation, now=now)
    if used_up:
        notice = notice or words(language, "progress.locked")
    code = [one_time_field(language=language)] if waits else []
    name = [first_name_field(language=language)] if _wants_name(request) else []
    errors = {field.name: errors[field.name] for field in (*code, *name) if errors and field.name in errors}
    return _draw(
        request,
        template="prove",
        invitation=invitation,
        force=force,
        is_sent=waits,
        errors=errors,
        notice=notice,
        summary=error_summary(fields=[*code, *name], errors=errors, language=language),
        bound_code=bound_fields(fields=code, errors=errors, language=language),
        bound_name=bound_fields(fields=name, errors=errors, language=language),
    )


def _draw(request: HttpRequest, *, template: str, invitation: Invitation, force: InForce, **more: Any) -> HttpResponse:
    return show(
        request=request,
        template=template,
        title=words(request.language, "progress.heading"),  # type: ignore[attr-defined]
        is_told="told" in request.GET,
        contact=(force.cadence.sender_name, force.cadence.helpline),
        is_invented=invitation.case.person.is_synthetic,
        **more,
    )


def _row(one: HelpUnderWay, language: str) -> dict[str, object]:
    """Give what the page says of one need. who: words and their language, empty where nobody is asked yet."""
    return {
        "id": one.need_id,
        "kind": one.kind,
        "need": words_in(texts=one.need, language=language),
        "who": _who(one, language),
        "state": words(language, f"progress.{one.state}"),
        "told_on": one.told_on,
        "by": one.by,
        "is_late": one.is_late,
        "is_over": one.is_over,
        "asks": one.state == "done",
        # Nobody asked them whether it helped: they can say here that it does not.
        "may_object": not one.is_over or one.state == "found",
    }


def _who(one: HelpUnderWay, language: str) -> tuple[str, str]:
    """Say who helps: the service, what somebody found, our own team; with the language that is in."""
    if one.service:
        return words_in(texts=one.service, language=language)
    if one.help_found:
        return one.help_found, "en"
    return (words(language, "progress.our_team") if one.state == "with_us" else "", language)


def _signed_out(request: HttpRequest) -> HttpResponse:
    language = request.session.get(LANGUAGE_KEY)
    request.session.flush()
    if language:
        request.session[LANGUAGE_KEY] = language
    return HttpResponseRedirect(reverse("person_signed_out"))


@require_GET
@spoken
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that nothing can be seen in this browser any more, and how to come back."""
    return show(request=request, template="signed_out", title=words(request.language, "progress.left"))  # type: ignore[attr-defined]
