"""Every staff page runs as somebody: signed in, in a role that serves the page's purpose, inside their own context."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from wherry.audit.actions import record
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import Actor, Kind
from wherry.foundation.errors import NotPermitted
from wherry.governance.rules import Permission, require
from wherry.organisations.queries import actor_for
from wherry.organisations.types import Purpose

SIGN_IN = Actor(kind=Kind.SIGN_IN, id="sign_in")
STAFF_KEY = "staff_id"

View = Callable[..., HttpResponse]


def staff_page(
    *, purpose: Purpose, permission: Permission, or_else: tuple[Purpose, ...] = ()
) -> Callable[[View], View]:
    """
    Make a view a staff page: `view(request, *, by, now, **ids)`.

    or_else: purposes that serve too, for somebody who has no role for the first.

    Nobody signed in is sent to sign in. Somebody whose roles do not serve the purpose is refused, and the refusal is
    written down. The view, and the rendering of its page, run in one transaction as that actor.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, **ids: Any) -> HttpResponse:
            staff_id = request.session.get(STAFF_KEY)
            if not staff_id:
                return HttpResponseRedirect(f"{reverse('sign_in')}?next={request.path}")
            actor = _actor(staff_id=UUID(staff_id), purposes=(purpose, *or_else))
            if actor is None:
                _note_refusal(staff_id=staff_id, purpose=purpose)
                raise NotPermitted("This page belongs to another role; ask your supervisor if you need it.")
            require(actor, permission)
            with acting_as(actor):
                return view(request, by=actor, now=app_now(), **ids)

        return page

    return decorate


def _actor(*, staff_id: UUID, purposes: tuple[Purpose, ...]) -> Actor | None:
    with acting_as(SIGN_IN):
        now = app_now()
        found = (actor_for(staff_id=staff_id, purpose=purpose, now=now) for purpose in purposes)
        return next((actor for actor in found if actor is not None), None)


def _note_refusal(*, staff_id: str, purpose: Purpose) -> None:
    with acting_as(SIGN_IN):
        now: dt.datetime = app_now()
        record(
            by=SIGN_IN,
            did="page.refused",
            subject="staff",
            subject_ids=[staff_id],
            now=now,
            detail={"purpose": str(purpose)},
        )
