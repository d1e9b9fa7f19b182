"""How much a partner can take, which offers follow, and how much has been coming, in counts without a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.organisations.types import Purpose
from wherry.referrals.actions import say_capacity
from wherry.web.components.charts import Bar, column_chart
from wherry.web.components.forms import Value, bound_fields, error_summary, posted_values
from wherry.web.partners.forms import CAPACITY_FIELDS, read_room
from wherry.web.partners.presenters import frame, need_words
from wherry.web.partners.reading import ServiceRoom, asked_by_day, rooms, tray_sizes
from wherry.web.sign_in.acting import staff_page

_DAYS = 7


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.DELIVERY, permission=Permission.ANSWER_CALL_TO_ACTION)
def capacity(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show each service's room today; say how many more it takes, or until when it is closed."""
    found = rooms(by=by, now=now)
    wanted = request.POST.get("service") or request.GET.get("service", "")
    only = found[0] if len(found) == 1 and not wanted else None
    chosen = next((one for one in found if one.service.code == wanted), only)
    values: Mapping[str, Value] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        if chosen is None:
            raise Http404
        values = posted_values(fields=CAPACITY_FIELDS, posted=request.POST)
        room, errors = read_room(values=values, today=local_time(now).date())
        if room is not None:
            say_capacity(
                by=by,
                partner=chosen.partner,
                service=chosen.service.code,
                takes=room.takes,
                closed_until=room.closed_until,
                now=now,
            )
            return HttpResponseRedirect(reverse("partners_capacity"))
    context = frame(request, title="How much you can take", sizes=tray_sizes(by=by), tray="capacity") | {
        "rooms": [(one.service.name, one.service.code, one.offered, _room_words(one)) for one in found],
        "chosen": chosen,
        "errors": errors,
        "bound": bound_fields(fields=CAPACITY_FIELDS, values=values, errors=errors),
        "summary": error_summary(fields=CAPACITY_FIELDS, errors=errors),
    }
    return render(request, "partners/capacity.jinja", context)


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.DELIVERY, permission=Permission.ANSWER_CALL_TO_ACTION)
def demand(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show what was asked for in the last days by need, and what a day brings: enough to staff tomorrow by."""
    today = local_time(now).date()
    days = [today - dt.timedelta(days=back) for back in reversed(range(_DAYS))]
    first = local_time(now).replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=_DAYS - 1)
    counted = {(kind, day): number for kind, day, number in asked_by_day(by=by, since=first)}
    kinds = sorted({kind for kind, _ in counted})
    totals = [sum(counted.get((kind, day), 0) for kind in kinds) for day in days]
    record(by=by, did="demand.looked_at", subject="organisation", subject_ids=list(by.organisations), now=now)
    bars = [Bar(f"{day:%a}", total, str(total)) for day, total in zip(days, totals, strict=True)]
    sizes = tray_sizes(by=by)
    context = frame(request, title="What is coming", sizes=sizes, tray="demand") | {
        "chart": column_chart(name="by-day", title="Asked of you, by day", bars=bars),
        "head": ["Need", *(f"{day:%a %-d}" for day in days), "A day"],
        "rows": [_line(need_words(kind), [counted.get((kind, day), 0) for day in days]) for kind in kinds],
        "waiting": sizes["to_answer"],
        "in_hand": sizes["in_hand"],
        "a_day": _a_day(totals),
        "has_any": bool(kinds),
    }
    return render(request, "partners/demand.jinja", context)


def _room_words(one: ServiceRoom) -> str:
    if one.dial is not None and one.dial.closed_until is not None and one.left == 0:
        return f"Closed until {one.dial.closed_until:%A %-d %B}"
    return f"Room for {one.left} more today" if one.left else "Full for today: nothing more is sent"


def _line(name: str, numbers: list[int]) -> list[str]:
    return [name, *map(str, numbers), _a_day(numbers)]


def _a_day(numbers: list[int]) -> str:
    """Give the mean of the days that are over; today is not."""
    over = numbers[:-1]
    return f"{sum(over) / len(over):.1f}"
