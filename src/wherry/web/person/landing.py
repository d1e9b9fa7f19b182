"""The door: a link or a typed code, and a date of birth. Whatever the link, the same page, status and work."""

from __future__ import annotations

import datetime as dt
import enum
import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wherry.audit.actions import record
from wherry.checkin.actions.links import recognise_stopped
from wherry.checkin.letter_codes import read_letter_code, token_of_code
from wherry.checkin.queries import ended_link, invitation_of_link
from wherry.checkin.rules import TRIES
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import Actor
from wherry.journeys.message_words import link_key
from wherry.journeys.programme_in_force import who_to_ring
from wherry.journeys.take_checkin import recognise
from wherry.organisations.types import Guess
from wherry.web.components.forms import bound_fields, error_summary, posted_values, typed_date
from wherry.web.components.limits import one_try
from wherry.web.person.forms import born_field, code_field
from wherry.web.person.frame import show, words
from wherry.web.person.links import holder_of, remember, spoken

_MUCH = 40
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@require_http_methods(["GET", "HEAD", "POST"])
@spoken
def code(request: HttpRequest) -> HttpResponse:
    """Say how to come back to what was begun, and take a code typed from a letter: it is the same as its link."""
    language: str = request.language  # type: ignore[attr-defined]
    field, errors, typed = code_field(language=language), {}, {}
    if request.method == "POST":
        token = _token_typed(request)
        if token:
            return HttpResponseRedirect(reverse("person_link", args=[token]))
        # Twelve letters and digits with one wrong among them are not typed anew.
        errors, typed = {"code": words(language, "code.wrong")}, {"code": request.POST.get("code", "")[:_MUCH]}
    return show(
        request=request,
        template="code",
        title=words(language, "code.heading"),
        errors=errors,
        summary=error_summary(fields=[field], errors=errors, language=language),
        bound=bound_fields(fields=[field], values=typed, errors=errors, language=language),
    )


def _token_typed(request: HttpRequest) -> str:
    """Give the token of a letter's code, or of a link's own end typed by hand; empty where it is neither."""
    typed = request.POST.get("code", "")
    code = read_letter_code(typed)
    if code is None:
        bare = re.sub(r"\s", "", typed)
        return bare if _TOKEN.fullmatch(bare) else ""
    token = token_of_code(code=code, key=link_key())
    with one_try(request=request, by=holder_of(token=token), guess=Guess.LETTER_CODE):
        return token


@require_http_methods(["GET", "HEAD", "POST"])
@spoken
def link(request: HttpRequest, *, token: str) -> HttpResponse:
    """Ask for the date of birth. GET asks only for its language: a scanner that opens it changes nothing."""
    language: str = request.language  # type: ignore[attr-defined]
    field, errors = born_field(language=language), {}
    values = posted_values(fields=[field], posted=request.POST)
    if request.method == "POST":
        given = typed_date(values.get("born"))
        if given is None:
            errors = {"born": words(language, "landing.born_unreadable")}
        else:
            found = _look_up(request, token=token, given=given)
            if found is Found.THEIRS:
                remember(request=request, token=token)
                return HttpResponseRedirect(reverse("person_start"))
            if found is Found.STOPPED:
                return _stopped(request)
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


class Found(enum.Enum):
    """What a link and a date of birth come to."""

    THEIRS = "theirs"
    STOPPED = "stopped"
    NOTHING = "nothing"


def _stopped(request: HttpRequest) -> HttpResponse:
    """Tell somebody who asked us to stop that we did, and how to begin again."""
    title = words(request.language, "stopped.heading")  # type: ignore[attr-defined]
    return show(request=request, template="stopped", title=title, contact=who_to_ring()[0])


def _look_up(request: HttpRequest, *, token: str, given: dt.date) -> Found:
    by = holder_of(token=token)
    with one_try(request=request, by=by, guess=Guess.BIRTH_DATE) as attempt:
        found = _matches(by=by, given=given)
    if found is not Found.NOTHING:
        attempt.right()
    return found


def _matches(*, by: Actor, given: dt.date) -> Found:
    with acting_as(by):
        now = app_now()
        invitation = invitation_of_link(token_sha256=by.token_sha256)
        gone = ended_link(token_sha256=by.token_sha256)
        if gone is not None and gone.tries < TRIES:
            stopped = recognise_stopped(by=by, invitation=gone, given=given, now=now)
            return Found.STOPPED if stopped else Found.NOTHING
        if invitation is None or invitation.state not in ("open", "used") or invitation.expires_at <= now:
            # As much work as for a wrong date on a live link, so that the time taken tells nothing.
            record(by=by, did="link.not_recognised", subject="invitation", subject_ids=[], now=now)
            return Found.NOTHING
        is_right = recognise(by=by, invitation=invitation, given=given, now=now)
        return Found.THEIRS if is_right else Found.NOTHING


@require_GET
@spoken
def verify(request: HttpRequest) -> HttpResponse:
    """Say how to be sure that it is us."""
    return show(request=request, template="verify", title=words(request.language, "verify.heading"))  # type: ignore[attr-defined]
