"""
Helping a colleague who cannot sign in: a lead or a supervisor takes the old factor away and gives a password for once.

Who gives such a password could use it before the colleague does. So a supervisor may do it for callers only, nobody
for themselves or for another lead; every session ends; it is in the record under the giver's name; and the colleague,
who must choose a new password with it, would find it spent.
"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from wherry.audit.actions import record
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import Actor, Kind
from wherry.foundation.errors import NotPermitted
from wherry.organisations import credentials
from wherry.organisations.queries import Colleague, colleagues
from wherry.organisations.sign_ins import Present
from wherry.organisations.types import Role
from wherry.web.sign_in.acting import signed_in_page
from wherry.web.sign_in.frame import page
from wherry.web.sign_in.sessions import SIGN_IN

_GIVERS = (Role.SUPERVISOR, Role.PROGRAMME_LEAD)


def may_reset(at_work: Present) -> bool:
    """Say whether somebody may help colleagues sign in again, in the role they act in."""
    return any(one.role in _GIVERS for one in at_work.roles)


def _led_by(at_work: Present) -> list[Colleague]:
    if not may_reset(at_work):
        with acting_as(SIGN_IN):
            named = [at_work.staff_id]
            record(by=SIGN_IN, did="page.refused", subject="staff", subject_ids=named, now=app_now())
        raise NotPermitted
    with acting_as(SIGN_IN):
        return colleagues(memberships=at_work.roles, but=at_work.staff_id, now=app_now())


@require_GET
@signed_in_page
def people(request: HttpRequest, *, at_work: Present) -> HttpResponse:
    """List the colleagues somebody may help."""
    return page(request, template="people", title="Help a colleague sign in", colleagues=_led_by(at_work))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def reset(request: HttpRequest, *, at_work: Present, staff_id: UUID) -> HttpResponse:
    """Ask to be sure who it is; then take the old factor away and show the password for once."""
    colleague = next((one for one in _led_by(at_work) if one.staff_id == staff_id), None)
    if colleague is None:
        raise Http404
    if request.method != "POST":
        return page(request, template="reset", title=f"Let {colleague.name} start anew", colleague=colleague)
    with acting_as(SIGN_IN):
        by = Actor(Kind.STAFF, str(at_work.staff_id), (at_work.acts_for,) if at_work.acts_for else ())
        password = credentials.reset(by=by, staff_id=colleague.staff_id, now=app_now())
    return page(
        request, template="was_reset", title=f"{colleague.name} can start anew", colleague=colleague, password=password
    )
