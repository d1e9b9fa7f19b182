"""
The ways out: stop, wait, write otherwise, this is not me, the person has died. A link is enough; no date is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wherry.checkin.queries import person_of_link
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.journeys.stop_contact import pause, report_death, report_not_me, speak_to_them, stop
from wherry.web.components.forms import Value, bound_fields, error_summary, posted_values
from wherry.web.components.spoken import LANGUAGE_KEY
from wherry.web.person.forms import DAYS, door_problems, fields_of
from wherry.web.person.frame import DOORS, TOKEN_KEY, show, words
from wherry.web.person.links import holder_of, spoken

_TELL: dict[str, Callable[..., None]] = {"stop": stop, "not_me": report_not_me, "died": report_death}
#: Those after which the link is of no more use to whoever holds it.
_CLOSING = frozenset(_TELL)
#: Of whose answer the heading thanks and promises nothing.
_TRUE_ANYWAY = frozenset({"not_me", "died"})
BY_LINK = "link"


@require_http_methods(["GET", "HEAD", "POST"])
@spoken
def door(request: HttpRequest, *, what: str, token: str = "") -> HttpResponse:
    """Ask once, then carry it out. Whatever the link, the answer is the same; without one, how to come by it."""
    if what not in DOORS:
        raise Http404
    by_address, token = token, token or request.session.get(TOKEN_KEY, "")
    language: str = request.language  # type: ignore[attr-defined]
    if not token:
        return show(request=request, template="no_link", title=words(language, f"{what}.heading"), what=what)
    fields, errors = fields_of(what=what, language=language), {}
    if request.method == "POST":
        chosen = posted_values(fields=fields, posted=request.POST)
        errors = door_problems(what=what, chosen=chosen, language=language)
        if not errors:
            _tell(what=what, by=holder_of(token=token), chosen=chosen)
            if what in _CLOSING:
                _forget_link(request)
            after = _said_by(what=what, chosen=chosen, by_address=bool(by_address))
            return HttpResponseRedirect(reverse("person_told", args=[what]) + after)
    return show(
        request=request,
        template="door",
        title=words(language, f"{what}.heading"),
        what=what,
        token=by_address,
        go_back=reverse("person_link", args=[token]) if by_address else reverse("person_start"),
        errors=errors,
        summary=error_summary(fields=fields, errors=errors, language=language),
        bound=bound_fields(fields=fields, errors=errors, language=language),
    )


def _said_by(*, what: str, chosen: Mapping[str, Value], by_address: bool) -> str:
    said = {"days": str(chosen["days"])} if what == "pause" else {}
    said |= {BY_LINK: "1"} if by_address else {}
    return f"?{urlencode(said)}" if said else ""


@require_GET
@spoken
def told(request: HttpRequest, *, what: str) -> HttpResponse:
    """
    Say that it was taken in; as a promise only where somebody was recognised.

    By a link's address alone it is not said whether the link is one of ours: what is promised holds if it is.
    """
    if what not in DOORS:
        raise Http404
    by_link = BY_LINK in request.GET
    days = request.GET.get("days", "")
    until = today_here() + dt.timedelta(days=int(days) + 1) if days in DAYS else None
    said = "maybe.told" if by_link and what not in _TRUE_ANYWAY else f"{what}.told"
    title = words(request.language, said)  # type: ignore[attr-defined]
    return show(request=request, template="told", title=title, what=what, until=until, by_link=by_link)


def today_here() -> dt.date:
    """Give the day it is, by the clock everything else goes by."""
    with transaction.atomic():
        return local_time(app_now()).date()


def _tell(*, what: str, by: Actor, chosen: Mapping[str, Value]) -> None:
    with acting_as(by):
        now: dt.datetime = app_now()
        person_id = person_of_link()
        if person_id is None:
            return
        if what == "pause":
            pause(by=by, person_id=person_id, days=int(str(chosen["days"])), source="link", now=now)
        elif what == "way":
            language, formats = str(chosen.get("language", "")), tuple(chosen.get("format", ()))
            speak_to_them(by=by, person_id=person_id, language=language, formats=formats, source="link", now=now)
        else:
            _TELL[what](by=by, person_id=person_id, source="link", now=now)


def _forget_link(request: HttpRequest) -> None:
    language = request.session.get(LANGUAGE_KEY)
    request.session.flush()
    if language:
        request.session[LANGUAGE_KEY] = language
