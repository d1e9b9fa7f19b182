"""One question, some days after help was called for: did it come?"""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wherry.checkin.models import Invitation
from wherry.checkin.rules import words_in
from wherry.foundation.actors import Actor
from wherry.journeys.take_checkin import take_help_reply
from wherry.web.components.forms import bound_fields, error_summary
from wherry.web.components.words import catalogues, written_date
from wherry.web.person.check_in import force_of
from wherry.web.person.forms import help_field
from wherry.web.person.frame import show, words
from wherry.web.person.links import recognised


@require_http_methods(["GET", "HEAD", "POST"])
@recognised(kind="did_it_help")
def did_it_help(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    """Ask, and keep the answer. "Not yet" keeps the link open and stores nothing."""
    if invitation.state == "used":
        return HttpResponseRedirect(reverse("person_help_told", args=["thanks"]))
    language: str = request.language  # type: ignore[attr-defined]
    field, errors = help_field(language=language, about=_which_help(invitation, language)), {}
    said = request.POST.get("helped", "")
    if request.method == "POST" and said in ("yes", "no"):
        take_help_reply(by=by, invitation=invitation, helped=said == "yes", now=now)
        return HttpResponseRedirect(reverse("person_help_told", args=[f"thanks_{said}"]))
    if request.method == "POST" and said == "not_yet":
        return HttpResponseRedirect(reverse("person_help_told", args=["waiting"]))
    if request.method == "POST":
        errors = {"helped": words(language, "help.choose")}
    return show(
        request=request,
        template="did_it_help",
        title=words(language, "help.heading"),
        errors=errors,
        summary=error_summary(fields=[field], errors=errors, language=language),
        bound=bound_fields(fields=[field], errors=errors, language=language),
        is_named=bool(invitation.about_need),
        is_invented=invitation.case.person.is_synthetic,
    )


def _which_help(invitation: Invitation, language: str) -> str:
    """Say which help is asked about: the need, where its programme lets a link name it, and the day it was told."""
    need = force_of(invitation=invitation).triage.needs.get(invitation.about_need)
    lines = [words(language, "help.about", need=words_in(texts=need, language=language)[0])] if need else []
    if invitation.about_day is not None:
        day = written_date(words=catalogues(), language=language, day=invitation.about_day)
        lines.append(words(language, "help.on", date=day))
    return " ".join(lines)


@require_GET
@recognised(kind="did_it_help")
def help_told(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime, said: str) -> HttpResponse:
    """Thank, and say what happens next."""
    language: str = request.language  # type: ignore[attr-defined]
    helpline = force_of(invitation=invitation).cadence.helpline
    text = words(language, f"help.{said}", helpline=helpline) if said in ("thanks_yes", "thanks_no", "waiting") else ""
    return show(
        request=request,
        template="help_told",
        title=words(language, "help.thanks"),
        text=text,
        is_invented=invitation.case.person.is_synthetic,
    )
