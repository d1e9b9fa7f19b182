"""The funnel with its sums, and what is stuck in it."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wherry.evaluation.queries import equity
from wherry.evaluation.queries import funnel as count_funnel
from wherry.evaluation.rules import balance, sums
from wherry.evaluation.timing import backlog, time_to_contact
from wherry.evaluation.waiting import stuck as list_stuck
from wherry.evaluation.waiting import tasks_waiting
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission
from wherry.organisations.types import Purpose
from wherry.web.programme_office import pictures, presenters
from wherry.web.programme_office.frame import frame, programme_of
from wherry.web.sign_in.acting import staff_page


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_FUNNEL)
def funnel(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show how far people have come, recomputed now, and say whether the sums agree."""
    force = programme_of(request, by=by, now=now)
    code = force.programme.code
    counted = count_funnel(asked_by=by, programme=code, red_flag_minutes=force.programme.red_flag_minutes)
    took = time_to_contact(asked_by=by, programme=code)
    return render(
        request,
        "programme_office/funnel.jinja",
        frame(request, by=by, title="How far people have come", force=force, current="office_funnel")
        | {
            "counted": counted,
            "problems": balance(counted),
            "sums": sums(counted),
            "steps": presenters.step_rows(counted),
            "steps_picture": pictures.funnel(counted),
            "lists": presenters.list_rows(counted),
            "took": presenters.took_rows(took),
            "took_picture": pictures.time_to_contact(took),
            "channels": presenters.channel_rows(counted),
            "need_head": presenters.NEED_HEAD,
            "needs": presenters.need_rows(counted),
            "flags": presenters.flag_rows(counted),
            "calls": presenters.call_rows(counted),
            "outcomes": presenters.outcome_rows(counted),
            "groups": presenters.group_tables(equity(asked_by=by, programme=code), below=presenters.SMALL),
            "small": presenters.SMALL,
            "now": now,
            "minutes": force.programme.red_flag_minutes,
        },
    )


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_FUNNEL)
def stuck(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show each kind of work that waits: how many, how long, whose it is; and the backlog by day."""
    force = programme_of(request, by=by, now=now)
    code, minutes = force.programme.code, force.programme.red_flag_minutes
    found = list_stuck(asked_by=by, programme=code, now=now, red_flag_minutes=minutes)
    tasks = tasks_waiting(asked_by=by, programme=code, now=now)
    days = backlog(asked_by=by, programme=code, now=now)
    return render(
        request,
        "programme_office/stuck.jinja",
        frame(request, by=by, title="What is stuck", force=force, current="office_stuck")
        | {
            "rows": presenters.waiting_rows(found, now=now),
            "tasks": presenters.waiting_rows(tasks, now=now),
            "overdue": sum(one.overdue for one in (*found, *tasks)),
            "days": presenters.day_rows(days),
            "days_picture": pictures.backlog(days),
            "now": now,
        },
    )
