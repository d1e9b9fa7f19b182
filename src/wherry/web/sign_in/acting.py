"""Every staff page runs as somebody: signed in, in a role that serves the page's purpose, inside their own context."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from wherry.audit.actions import record
from wherry.database.context import acting_as, app_now
from wherry.foundation.errors import NotPermitted
from wherry.governance.rules import Permission, require
from wherry.organisations.sign_ins import Present
from wherry.organisations.types import Purpose
from wherry.web.sign_in.sessions import SIGN_IN, present, was_signed_in
from wherry.web.sign_in.sites import sites_of
from wherry.web.sign_in.typed import can_be_kept, is_somebody_elses, kept, not_sent, without_the_mark

View = Callable[..., HttpResponse]


def staff_page(
    *, purpose: Purpose, permission: Permission, or_else: tuple[Purpose, ...] = ()
) -> Callable[[View], View]:
    """
    Make a view a staff page: `view(request, *, by, now, **ids)`.

    or_else: purposes that serve too, for somebody who has no role for the first.

    Nobody signed in is sent to sign in; somebody who works for several organisations chooses one first. Somebody whose
    roles there do not serve the purpose is refused, and the refusal is written down. The view, and the rendering of its
    page, run in one transaction as that actor. `request.present` says who it is, for the page's head.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @signed_in_page
        def page(request: HttpRequest, *, at_work: Present, **ids: Any) -> HttpResponse:
            if at_work.memberships and at_work.acts_for is None:
                return HttpResponseRedirect(f"{reverse('sign_in_working_for')}?{_onward(request)}")
            actor = at_work.actor(purpose, *or_else)
            if actor is None:
                _note_refusal(staff_id=at_work.staff_id, purpose=purpose)
                raise NotPermitted("This page belongs to another role; ask your supervisor if you need it.")
            require(actor, permission)
            with acting_as(actor):
                return view(request, by=actor, now=app_now(), **ids)

        return page

    return decorate


def signed_in_page(view: View) -> View:
    """Make a view a page for anybody signed in, whatever their roles: `view(request, *, at_work, **ids)`."""

    @wraps(view)
    def page(request: HttpRequest, **ids: Any) -> HttpResponse:
        at_work = present(request=request)
        if at_work is None:
            return _not_signed_in(request)
        request.present = at_work  # type: ignore[attr-defined]
        request.where_to_go = reverse("home") if len(sites_of(at_work)) > 1 else ""  # type: ignore[attr-defined]
        if is_somebody_elses(request, at_work=at_work):
            return not_sent(request)
        without_the_mark(request)
        return view(request, at_work=at_work, **ids)

    return page


def _onward(request: HttpRequest) -> str:
    # Only a page that can be opened is somewhere to go on to.
    return urlencode({"next": request.get_full_path()}, safe="/") if request.method in ("GET", "HEAD") else ""


def _not_signed_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and can_be_kept(request):
        return kept(request)
    if not was_signed_in(request=request):
        return HttpResponseRedirect(f"{reverse('sign_in')}?{urlencode({'next': request.path}, safe='/')}")
    return HttpResponseRedirect(f"{reverse('sign_in')}?{_onward(request)}&why=away")


def _note_refusal(*, staff_id: UUID, purpose: Purpose) -> None:
    with acting_as(SIGN_IN):
        record(
            by=SIGN_IN,
            did="page.refused",
            subject="staff",
            subject_ids=[staff_id],
            now=app_now(),
            detail={"purpose": str(purpose)},
        )
