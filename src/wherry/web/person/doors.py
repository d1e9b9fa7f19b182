"""The ways out: stop, this is not me, the person has died. A link is enough; no date of birth is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wherry.checkin.queries import person_of_link
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import Actor
from wherry.journeys.stop_contact import report_death, report_not_me, stop
from wherry.web.person.frame import DOORS, LANGUAGE_KEY, TOKEN_KEY, show, words
from wherry.web.person.links import holder_of, spoken

_TELL: dict[str, Callable[..., None]] = {"stop": stop, "not_me": report_not_me, "died": report_death}


@require_http_methods(["GET", "HEAD", "POST"])
@spoken
def door(request: HttpRequest, *, what: str, token: str = "") -> HttpResponse:
    """Ask once, then carry it out. Whatever the link, the answer is the same."""
    if what not in DOORS:
        raise Http404
    by_address, token = token, token or request.session.get(TOKEN_KEY, "")
    if not token:
        return HttpResponseRedirect(reverse("person_code"))
    if request.method == "POST":
        _tell(what=what, by=holder_of(token=token))
        _forget_link(request)
        return HttpResponseRedirect(reverse("person_told", args=[what]))
    title = words(request.language, f"{what}.heading")  # type: ignore[attr-defined]
    return show(request=request, template="door", title=title, what=what, token=by_address)


@require_GET
@spoken
def told(request: HttpRequest, *, what: str) -> HttpResponse:
    """Say that it was taken in."""
    if what not in DOORS:
        raise Http404
    return show(request=request, template="told", title=words(request.language, f"{what}.told"), what=what)  # type: ignore[attr-defined]


def _tell(*, what: str, by: Actor) -> None:
    with acting_as(by):
        now: dt.datetime = app_now()
        person_id = person_of_link()
        if person_id is not None:
            _TELL[what](by=by, person_id=person_id, source="link", now=now)


def _forget_link(request: HttpRequest) -> None:
    language = request.session.get(LANGUAGE_KEY)
    request.session.flush()
    if language:
        request.session[LANGUAGE_KEY] = language
