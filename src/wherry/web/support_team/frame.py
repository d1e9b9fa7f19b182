"""What every page of the support team's site has, and the one way to a task: to hold it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission, may
from wherry.journeys.during_a_call import hold_on
from wherry.organisations.types import Purpose
from wherry.web.components.pieces import NavigationItem
from wherry.web.sign_in.acting import staff_page
from wherry.worklist.models import Task
from wherry.worklist.queries import bare_task, task_by_id, was_claimed_by

_NOT_THEIR_WORDS = frozenset({"csrfmiddlewaretoken", "key", "version", "rang", "save"})


class CallGone(Http404):
    """You had this call, and have it no longer."""

    def __init__(self, *, task: Task, can_take_again: bool) -> None:
        super().__init__()
        self.task, self.can_take_again = task, can_take_again


def calls_page(permission: Permission = Permission.CLAIM_TASK) -> Callable[[Callable[..., HttpResponse]], Any]:
    """
    Make a view a page of the call list: `view(request, *, by, now, **ids)`; a call that is gone is said kindly.

    A red flag climbs to clinicians, who act for care: they take calls on the same pages.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @staff_page(purpose=Purpose.SUPPORT, permission=permission, or_else=(Purpose.CARE,))
        @wraps(view)
        def page(request: HttpRequest, *, by: Actor, now: dt.datetime, **ids: Any) -> HttpResponse:
            try:
                return view(request, by=by, now=now, **ids)
            except CallGone as gone:
                return _say_it_is_gone(request=request, by=by, gone=gone, now=now)

        return page

    return decorate


def wants_json(request: HttpRequest) -> bool:
    """Say whether our own script asks, and not a browser for a page."""
    return request.headers.get("Accept") == "application/json"


def show(
    *,
    request: HttpRequest,
    template: str,
    title: str,
    by: Actor,
    status: int = 200,
    is_invented: bool = False,
    **context: Any,
) -> HttpResponse:
    """Draw a page on the staff layout."""
    pages = [("Calls", "support_today"), ("Somebody is ringing in", "support_ringing_in")]
    pages += [("The team", "support_team")] if may(by, Permission.SUPERVISE) else []
    pages.append(("Programmes", "programmes"))
    items = [NavigationItem(text, reverse(name), current=request.path == reverse(name)) for text, name in pages]
    frame = {
        "language": "en",
        "title": title,
        "site_name": "Support team",
        "sign_out": reverse("sign_out"),
        "signed_in_name": request.session.get("staff_name"),
        "synthetic": is_invented or settings.IS_DEMO,
        "navigation": items,
    }
    return render(request, f"support_team/{template}.jinja", frame | context, status=status)


def held_task(*, by: Actor, task_id: UUID, now: dt.datetime, go_on: bool = False) -> tuple[Task, int]:
    """
    Give a task its asker holds, and the version its page was drawn from.

    go_on: a lease that ran out while nobody else took the call is taken up again, so that what was just typed is not
    lost. Raises CallGone for a call one had; all else is the same 404 as a task that is not there.
    """
    bare = bare_task(task_id=task_id)
    if bare is None:
        raise Http404
    is_mine = bare.state == "claimed" and bare.claimed_by == by.id
    if is_mine and bare.leased_until is not None and bare.leased_until > now:
        task = task_by_id(task_id=task_id)
        if task is None:
            raise Http404
        return task, bare.version
    if not is_mine and not was_claimed_by(task_id=task_id, actor_id=by.id):
        raise Http404
    if is_mine and go_on:
        return hold_on(by=by, task=bare, now=now), bare.version
    raise CallGone(task=bare, can_take_again=is_mine)


def finished_task(*, by: Actor, task_id: UUID) -> Task | None:
    """Give a task its asker finished a moment ago, while it is still in their sight."""
    task = task_by_id(task_id=task_id)
    return task if task is not None and task.state == "done" and task.claimed_by == by.id else None


def _say_it_is_gone(*, request: HttpRequest, by: Actor, gone: CallGone, now: dt.datetime) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"gone": True}, status=409)
    task = gone.task
    runs = task.leased_until is not None and task.leased_until > now
    typed = {name: text for name, text in request.POST.items() if name not in _NOT_THEIR_WORDS and str(text).strip()}
    return show(
        request=request,
        template="gone",
        title="Your time on this call ran out" if gone.can_take_again else "You do not have this call any more",
        by=by,
        status=404,
        task_id=task.pk,
        can_take_again=gone.can_take_again,
        colleague_has_it=task.state == "claimed" and task.claimed_by != by.id and runs,
        is_closed=task.state in ("done", "cancelled"),
        typed=[(name.replace("_", " "), text) for name, text in typed.items()],
    )
