"""The door: a link or a typed code, and a date of birth. Whatever the link, the same page, status and work."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wherry.audit.actions import record
from wherry.checkin.queries import invitation_of_link
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import Actor
from wherry.journeys.take_checkin import recognise
from wherry.organisations.types import Guess
from wherry.web.components.forms import bound_fields, error_summary, posted_values, typed_date
from wherry.web.components.limits import one_try
from wherry.web.person.forms import born_field, code_field
from wherry.web.person.frame import show, words
from wherry.web.person.links import holder_of, remember, spoken

_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")


@require_http_methods(["GET", "HEAD", "POST"])
@spoken
def code(request: HttpRequest) -> HttpResponse:
    """Say how to come back to what was begun, and take a code typed from a letter: it is the same as its link."""
    language: str = request.language  # type: ignore[attr-defined]
    field, errors = code_field(language=language), {}
    if request.method == "POST":
        typed = re.sub(r"\s", "", request.POST.get("code", ""))
        if _CODE.fullmatch(typed):
            return HttpResponseRedirect(reverse("person_link", args=[typed]))
        errors = {"code": words(language, "code.wrong")}
    return show(
        request=request,
        template="code",
        title=words(language, "code.heading"),
        errors=errors,
        summary=error_summary(fields=[field], errors=errors, language=language),
        bound=bound_fields(fields=[field], errors=errors, language=language),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@spoken
def link(request: HttpRequest, *, token: str) -> HttpResponse:
    """Ask for the date of birth. GET looks nothing up: a scanner that opens the link learns and changes nothing."""
    language: str = request.language  # type: ignore[attr-defined]
    field, errors = born_field(language=language), {}
    values = posted_values(fields=[field], posted=request.POST)
    if request.method == "POST":
        given = typed_date(values.get("born"))
        if given is None:
            errors = {"born": words(language, "landing.born_unreadable")}
        elif _is_right(request, token=token, given=given):
            remember(request=request, token=token)
            return HttpResponseRedirect(reverse("person_start"))
        else:
            errors = {"born": words(language, "landing.no_match")}
    return show(
        request=request,
        template="landing",
        title=words(language, "landing.heading"),
        token=token,
        errors=errors,
        no_match=words(language, "landing.no_match") in errors.values(),
        summary=error_summary(fields=[field], errors=errors, language=language),
        bound=bound_fields(fields=[field], values=values, errors=errors, language=language),
    )


def _is_right(request: HttpRequest, *, token: str, given: object) -> bool:
    by = holder_of(token=token)
    with one_try(request=request, by=by, guess=Guess.BIRTH_DATE) as attempt:
        is_right = _matches(by=by, given=given)
    if is_right:
        attempt.right()
    return is_right


def _matches(*, by: Actor, given: object) -> bool:
    with acting_as(by):
        now = app_now()
        invitation = invitation_of_link(token_sha256=by.token_sha256)
        if invitation is None or invitation.state not in ("open", "used") or invitation.expires_at <= now:
            # As much work as for a wrong date on a live link, so that the time taken tells nothing.
            record(by=by, did="link.not_recognised", subject="invitation", subject_ids=[], now=now)
            return False
        return recognise(by=by, invitation=invitation, given=given, now=now)  # type: ignore[arg-type]


@require_GET
@spoken
def verify(request: HttpRequest) -> HttpResponse:
    """Say how to be sure that it is us."""
    return show(request=request, template="verify", title=words(request.language, "verify.heading"))  # type: ignore[attr-defined]
