"""What every page of the support team's site has, and the one way to a task: to hold it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from wherry.foundation.actors import Actor
from wherry.web.components.pieces import NavigationItem
from wherry.worklist.models import Task
from wherry.worklist.queries import task_by_id


def show(
    *, request: HttpRequest, template: str, title: str, status: int = 200, is_invented: bool = False, **context: Any
) -> HttpResponse:
    """Draw a page on the staff layout."""
    calls = reverse("support_today")
    frame = {
        "language": "en",
        "title": title,
        "site_name": "Support team",
        "sign_out": reverse("sign_out"),
        "signed_in_name": request.session.get("staff_name"),
        "synthetic": is_invented or settings.IS_DEMO,
        "navigation": [
            NavigationItem("Where to go", reverse("home")),
            NavigationItem("Calls", calls, current=request.path == calls),
        ],
    }
    return render(request, f"support_team/{template}.jinja", frame | context, status=status)


def held_task(*, by: Actor, task_id: UUID, now: dt.datetime) -> Task:
    """Give a task its asker holds under a lease that runs; all else is the same 404 as a task that is not there."""
    task = task_by_id(task_id=task_id)
    if task is None or task.state != "claimed" or task.claimed_by != by.id:
        raise Http404
    if task.leased_until is None or task.leased_until <= now:
        raise Http404
    return task


def finished_task(*, by: Actor, task_id: UUID) -> Task | None:
    """Give a task its asker finished a moment ago, while it is still in their sight."""
    task = task_by_id(task_id=task_id)
    return task if task is not None and task.state == "done" and task.claimed_by == by.id else None
