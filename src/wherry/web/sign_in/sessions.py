"""
The session, from the first right password to the end: half signed in, signed in, gone.

A new session begins at each step up (password right, code right, another organisation), so that an identifier somebody
planted or saw before is worth nothing after.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from wherry.database.context import acting_as, app_now
from wherry.database.secrets import secret
from wherry.foundation.actors import Actor, Kind
from wherry.organisations import sign_ins
from wherry.organisations.models import Staff
from wherry.organisations.sign_ins import Present

SIGN_IN = Actor(kind=Kind.SIGN_IN, id="sign_in")
#: Between the password and the code there are ten minutes: enough to find a telephone and set it up.
HALFWAY = dt.timedelta(minutes=10)
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def factor_key() -> str:
    """Give the home's key for second factors."""
    return secret(Path(settings.HOME), "second_factor_key")


def go_halfway(*, request: HttpRequest, staff: Staff, going_to: str) -> None:
    """Remember, in a new session, whose password was right."""
    request.session.flush()
    now = dt.datetime.now(dt.UTC).timestamp()
    request.session["half"] = {"staff_id": str(staff.pk), "since": now, "next": going_to}


def halfway(*, request: HttpRequest) -> UUID | None:
    """Say whose password was right, if that was within ten minutes."""
    half = request.session.get("half")
    if not half or dt.datetime.now(dt.UTC).timestamp() - half["since"] > HALFWAY.total_seconds():
        return None
    return UUID(half["staff_id"])


def begin(*, request: HttpRequest, staff_id: UUID, did: str = "sign_in.done") -> str:
    """
    Sign somebody in, in a new session. Returns the page they were going to, empty for none.

    Tests call it too: a session begun any other way is not let in.
    """
    going_to = own_path((request.session.get("half") or {}).get("next", ""))
    browser = browser_in_words(request.headers.get("User-Agent", ""))
    with acting_as(SIGN_IN):
        name = Staff.objects.values_list("name", flat=True).get(pk=staff_id)
        made = sign_ins.begin(by=SIGN_IN, staff_id=staff_id, browser=browser, now=app_now(), did=did)
    request.session.flush()
    # What somebody typed and never sent may lie in an old session; nobody else comes by to clear them away.
    request.session.clear_expired()
    request.session["sign_in_id"], request.session["staff_id"] = str(made.pk), str(staff_id)
    request.session["staff_name"] = name
    return going_to


def present(*, request: HttpRequest) -> Present | None:
    """Say who is at work in this session; None where nobody is, any more or at all."""
    sign_in_id, staff_id = request.session.get("sign_in_id"), request.session.get("staff_id")
    if not sign_in_id or not staff_id:
        return None
    chosen = request.session.get("acts_for")
    with acting_as(SIGN_IN):
        return sign_ins.present(
            sign_in_id=UUID(sign_in_id),
            staff_id=UUID(staff_id),
            chosen=UUID(chosen) if chosen else None,
        )


def was_signed_in(*, request: HttpRequest) -> bool:
    """Say whether this session was once signed in: somebody who comes back is told why they are not any more."""
    return bool(request.session.get("sign_in_id"))


def last_here(*, request: HttpRequest) -> str:
    """Give the id of whoever was signed in here last, also just after they left; empty for nobody."""
    return str(request.session.get("staff_id") or request.session.get("left") or "")


def act_for(*, request: HttpRequest, organisation_id: UUID) -> None:
    """Act for another organisation from now on, under a new identifier."""
    request.session["acts_for"] = str(organisation_id)
    request.session.cycle_key()


def leave(*, request: HttpRequest) -> None:
    """
    End this browser's sign-in and forget its session, but for whose it was.

    A form still open in another tab can then be given back to be sent again, as theirs and nobody else's.
    """
    sign_in_id, staff_id = request.session.get("sign_in_id"), request.session.get("staff_id")
    if sign_in_id and staff_id:
        with acting_as(SIGN_IN):
            by = Actor(kind=Kind.STAFF, id=staff_id)
            sign_ins.end(by=by, staff_id=UUID(staff_id), now=app_now(), only=UUID(sign_in_id))
    request.session.flush()
    if staff_id:
        request.session["left"] = staff_id


def browser_in_words(agent: str) -> str:
    """Name a browser as its user would: `Firefox on Windows`. Nothing finer is kept."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def own_path(address: str) -> str:
    """Give the address if it is one of our own pages, else nothing: a forged `next` leads nowhere else."""
    is_own = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_own else ""
