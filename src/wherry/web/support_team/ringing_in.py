"""Somebody rings in: who they are, why we look, and at most three who fit, with no more than tells them apart."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.foundation.actors import Actor
from wherry.journeys.ring_in import AskedFor, Found, find, take
from wherry.web.components.forms import (
    Choice,
    Field,
    FieldKind,
    Value,
    bound_fields,
    error_summary,
    posted_values,
    typed_date,
)
from wherry.web.support_team.frame import calls_page, show
from wherry.web.support_team.views import RANG_IN_KEY
from wherry.worklist.errors import ClaimedByAnother
from wherry.worklist.queries import held_by

_WHYS = (
    Choice("rang_us", "They rang us"),
    Choice("came_in", "They are in front of me"),
    Choice("for_them", "Somebody rings for them, and they agree"),
    Choice("worried", "Somebody is worried about them"),
)
#: Whoever it is about is there and can be asked: nobody has to be rung.
_ON_THE_LINE = ("rang_us", "came_in")
FIELDS = (
    Field("family_name", FieldKind.TEXT, "Family name", autocomplete="off", width=20),
    Field("born", FieldKind.DATE, "Date of birth", hint="For example, 27 3 1941"),
    Field("postcode", FieldKind.TEXT, "Postcode", autocomplete="off", width=10),
    Field("first_name", FieldKind.TEXT, "First name, if the postcode finds nobody", autocomplete="off", width=20),
    Field("why", FieldKind.RADIOS, "Why do you look?", hint="It is written down with your name.", choices=_WHYS),
)
_HELD = "You hold a call. End it or hand it back first"
_TAKEN = "A colleague is on a call with this person now. Ask your supervisor who"


@require_http_methods(["GET", "HEAD", "POST"])
@calls_page()
def ringing_in(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Ask who is on the line, show who fits, and take their call."""
    values = posted_values(
        fields=FIELDS, posted={name: str(text).replace("\0", "") for name, text in request.POST.items()}
    )
    if request.method != "POST":
        return _page(request, by, {}, {}, None)
    errors = _errors(values)
    asked = _asked(values)
    if errors or asked is None:
        return _page(request, by, values, errors, None)
    chosen = request.POST.get("case", "")
    if chosen:
        return _take(request, by, now, values, asked, chosen)
    return _page(request, by, values, {}, find(by=by, asked=asked, why=str(values["why"]), now=now))


def _take(
    request: HttpRequest, by: Actor, now: dt.datetime, values: dict[str, Value], asked: AskedFor, chosen: str
) -> HttpResponse:
    if held_by(actor=by, now=now) is not None:
        return _page(request, by, values, {"family_name": _HELD}, None)
    try:
        task = take(by=by, asked=asked, case_id=UUID(chosen), now=now)
    except ClaimedByAnother:
        return _page(request, by, values, {"family_name": _TAKEN}, None)
    except ValueError:
        task = None
    if task is None:
        return _page(request, by, values, {}, [])
    if values.get("why") in _ON_THE_LINE:
        request.session[RANG_IN_KEY] = str(task.pk)
    return HttpResponseRedirect(reverse("support_task", args=[task.pk]))


def _asked(values: dict[str, Value]) -> AskedFor | None:
    born = typed_date(values.get("born"))
    if born is None:
        return None
    return AskedFor(
        family_name=str(values.get("family_name", "")),
        birth_date=born,
        first_name=str(values.get("first_name", "")),
        postcode=str(values.get("postcode", "")),
    )


def _errors(values: dict[str, Value]) -> dict[str, str]:
    errors = {}
    if not values.get("family_name"):
        errors["family_name"] = "Write their family name"
    if typed_date(values.get("born")) is None:
        errors["born"] = "Write their date of birth: day, month and a year of four figures"
    if not values.get("postcode") and not values.get("first_name"):
        errors["postcode"] = "Write their postcode, or their first name"
    if values.get("why") not in {one.value for one in _WHYS}:
        errors["why"] = "Say why you look"
    return errors


def _page(
    request: HttpRequest, by: Actor, values: dict[str, Value], errors: dict[str, str], found: list[Found] | None
) -> HttpResponse:
    sent = [(name, text) for name, text in request.POST.items() if name not in ("csrfmiddlewaretoken", "case")]
    return show(
        request=request,
        template="ringing_in",
        title="Somebody is ringing in",
        by=by,
        fields=bound_fields(fields=FIELDS, values=values, errors=errors),
        summary=error_summary(fields=FIELDS, errors=errors),
        errors=errors,
        found=found,
        sent=sent,
    )
