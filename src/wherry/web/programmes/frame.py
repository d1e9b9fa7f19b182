"""What every page about programmes shares: who may open it, what they may do there, and its menu."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from wherry.evaluation.queries import programmes_overseen
from wherry.foundation.actors import Actor
from wherry.foundation.errors import NotPermitted
from wherry.governance.rules import Permission, may
from wherry.journeys.programme_in_force import standings
from wherry.organisations.sign_ins import Present
from wherry.organisations.types import PURPOSE_OF_ROLE, Purpose, Role
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.queries import version_by_id
from wherry.web.components.pieces import NavigationItem
from wherry.web.sign_in.acting import staff_page
from wherry.web.sign_in.sites import sites_of

_PURPOSES = (Purpose.OVERSIGHT, Purpose.CARE, Purpose.SUPPORT, Purpose.DELIVERY)


def programmes_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view a page every role can open; what somebody may do on it is asked for by `doer`."""
    page = staff_page(purpose=_PURPOSES[0], permission=Permission.READ_PROGRAMMES, or_else=_PURPOSES[1:])
    return page(view)


def who_may(request: HttpRequest, permission: Permission, *, role: str = "") -> Actor | None:
    """
    Give the actor somebody is when they do this: by any role they hold here, or by one they name. None: they may not.

    Reading serves any purpose, but a deed is done in the role that allows it, for that role's purpose.
    """
    at_work: Present = request.present  # type: ignore[attr-defined]
    known = role in {str(one) for one in Role}
    purposes = (PURPOSE_OF_ROLE[Role(role)],) if known else () if role else _PURPOSES
    actors = [found for one in purposes if (found := at_work.actor(one)) is not None]
    return next((one for one in actors if may(one, permission) and (not role or role in one.roles)), None)


def doer(request: HttpRequest, permission: Permission, *, role: str = "") -> Actor:
    """Give the actor who may do this. Raises NotPermitted."""
    actor = who_may(request, permission, role=role)
    if actor is None:
        raise NotPermitted
    return actor


def roles_held(request: HttpRequest) -> frozenset[str]:
    """List the roles somebody holds where they work now, for whatever purpose."""
    at_work: Present = request.present  # type: ignore[attr-defined]
    return frozenset(str(one.role) for one in at_work.roles)


def asked_version(*, by: Actor, version_id: UUID) -> ProgrammeVersion:
    """Give the version an address names; what does not exist is a 404."""
    return version_by_id(asked_by=by, version_id=version_id)


def is_overseen(request: HttpRequest, *, programme: str, now: dt.datetime) -> bool:
    """Say whether the programme office's pages about a programme open: one in force, that somebody oversees."""
    overseer = who_may(request, Permission.SEE_FUNNEL)
    if overseer is None or programme not in {one.programme for one in standings()}:
        return False
    return programme in programmes_overseen(asked_by=overseer, now=now)


def title_of(version: ProgrammeVersion) -> str:
    """Name a version as people speak of it."""
    return f"{version.name}, version {version.number}"


def to(name: str, *args: object, **query: str) -> HttpResponse:
    """Lead on to a page, which says once what was done."""
    return HttpResponseRedirect(f"{reverse(name, args=args)}{'?' + urlencode(query) if query else ''}")


def frame(request: HttpRequest, *, title: str, current: str = "") -> dict[str, object]:
    """Give what the staff layout asks of every page of this site; its menu leads back to where somebody works."""
    pages = [("Programmes", "programmes")]
    if who_may(request, Permission.PUT_FORWARD):
        pages.append(("Put one forward", "programmes_put_forward"))
    # Whoever works on several sites has the way to them in the menu already.
    sites = [] if getattr(request, "where_to_go", "") else sites_of(request.present)  # type: ignore[attr-defined]
    return {
        "title": title,
        "site_name": "Programmes",
        "language": "en",
        "sign_out": reverse("sign_out"),
        "signed_in_name": request.session.get("staff_name", "Signed in"),
        "synthetic": settings.IS_DEMO,
        "navigation": [
            *(NavigationItem(one.name, one.address) for one in sites),
            *(NavigationItem(text, reverse(name), current=name == current) for text, name in pages),
        ],
    }
