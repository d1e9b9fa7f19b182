"""A form that came without its proof (an old page, cleared cookies): shown once more, so that nothing typed is lost."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from wherry.web.components import refusals
from wherry.web.components.spoken import language_of
from wherry.web.person import check_in
from wherry.web.person.frame import TOKEN_KEY


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """
    Ask for the same page of the check-in again with what was typed in it; anything else is refused as ever.

    Nothing is kept before the resident presses the button of a page that is ours: a forged form stays without effect.
    """
    request.language = language_of(request=request)  # type: ignore[attr-defined]
    try:
        asked = resolve(request.path_info)
    except Resolver404:
        return refusals.forbidden(request)
    if asked.url_name != "person_page" or not request.session.get(TOKEN_KEY):
        return refusals.forbidden(request)
    request.is_not_trusted = True  # type: ignore[attr-defined]
    return check_in.page(request, **asked.kwargs)
