"""From a link to somebody acting: the resident who holds it, in a transaction that sees their case and no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from wherry.checkin.errors import AlreadyAnswered, LinkNotUsable
from wherry.checkin.links import token_hash
from wherry.checkin.models import Invitation
from wherry.checkin.queries import invitation_of_link, language_of_link
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import Actor, Kind
from wherry.foundation.errors import StaleVersion
from wherry.web.components.spoken import LANGUAGE_KEY, SPOKEN_KEY, chosen_here, language_of
from wherry.web.person.frame import CAME_BY_LINK_KEY, TOKEN_KEY, show, words

View = Callable[..., HttpResponse]


def holder_of(*, token: str) -> Actor:
    """Give the actor a link's holder is. The id is a piece of the token's hash: opaque, and the same each time."""
    hashed = token_hash(token)
    return Actor(kind=Kind.LINK, id=hashed[:12], token_sha256=hashed)


def spoken(view: View) -> View:
    """
    Settle the language before anything is shown, refusals too; a link's own is asked for, and nothing else of it.

    Whoever holds a link has a message in that language: a page in it tells them no more. Invited in English, which is
    nearly everybody, it looks like a link of nobody.
    """

    @wraps(view)
    def page(request: HttpRequest, **named: Any) -> HttpResponse:
        token = named.get("token", "")
        chosen = chosen_here(request=request)
        invited_in = _invited_in(token) if token and not chosen else ""
        request.language = language_of(request=request, invited_in=invited_in)  # type: ignore[attr-defined]
        return view(request, **named)

    return page


def recognised(*, kind: str) -> Callable[[View], View]:
    """
    Make a view a page for somebody recognised: `view(request, *, by, invitation, now, **ids)`.

    The view and the drawing of its page run in one transaction as the link's holder. A link that ended meanwhile
    (stopped, revoked, too old) gives the page that says so; a race lost to the same form sent twice starts again.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, **ids: Any) -> HttpResponse:
            request.language = language_of(request=request)  # type: ignore[attr-defined]
            token = request.session.get(TOKEN_KEY)
            if not token:
                return HttpResponseRedirect(reverse("person_code"))
            try:
                return _as_holder(request, view, token=token, kind=kind, ids=ids)
            except (AlreadyAnswered, StaleVersion):
                # The same form, sent twice at the same moment: the other one was stored. Look again, and say the same.
                return HttpResponseRedirect(reverse("person_start"))
            except LinkNotUsable:
                return ended(request)

        return page

    return decorate


def _as_holder(request: HttpRequest, view: View, *, token: str, kind: str, ids: dict[str, Any]) -> HttpResponse:
    by = holder_of(token=token)
    with acting_as(by):
        now = app_now()
        invitation = invitation_of_link(token_sha256=by.token_sha256)
        if invitation is None or not _is_live(invitation, now):
            return ended(request)
        request.language = language_of(request=request, invited_in=invitation.language)  # type: ignore[attr-defined]
        _keep_language(request, invitation)
        if kind not in ("", invitation.kind):
            return HttpResponseRedirect(reverse("person_start"))
        return view(request, by=by, invitation=invitation, now=now, **ids)


def _invited_in(token: str) -> str:
    by = holder_of(token=token)
    with acting_as(by):
        return language_of_link(token_sha256=by.token_sha256)


def _keep_language(request: HttpRequest, invitation: Invitation) -> None:
    """Keep the language of the pages with the invitation, so that another telephone speaks it too."""
    spoken: str = request.language  # type: ignore[attr-defined]
    request.session[SPOKEN_KEY] = spoken
    if spoken != invitation.language and invitation.state == "open":
        invitation.change(language=spoken)


def _is_live(invitation: Invitation, now: dt.datetime) -> bool:
    return invitation.state in ("open", "used") and invitation.expires_at > now


def ended(request: HttpRequest) -> HttpResponse:
    """Say that a link somebody was recognised by has ended, and forget it."""
    request.session.pop(TOKEN_KEY, None)
    return show(request=request, template="ended", title=words(request.language, "ended.heading"), status=410)  # type: ignore[attr-defined]


def remember(*, request: HttpRequest, token: str) -> None:
    """Keep a link for this browser's session; another link's session ends here. The language chosen stays."""
    language = request.session.get(LANGUAGE_KEY)
    request.session.flush()
    request.session[TOKEN_KEY] = token
    request.session[CAME_BY_LINK_KEY] = True
    if language:
        request.session[LANGUAGE_KEY] = language
