"""What every page of the person site has: its language, the ways out, and words about who may be behind a link."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from wherry.web.components.spoken import other_languages
from wherry.web.components.words import catalogues, say

TOKEN_KEY = "link"  # noqa: S105 - the name of a session entry, not a secret
#: That the link was opened a moment ago, and that the answers were sent in this browser.
CAME_BY_LINK_KEY, SENT_KEY = "came", "sent"
DOORS = ("stop", "pause", "way", "not_me", "died")


def words(language: str, key: str, /, **values: object) -> str:
    """Give the words of a key under `person.`."""
    return say(words=catalogues(), language=language, key=f"person.{key}", **values)


def show(
    *,
    request: HttpRequest,
    template: str,
    title: str,
    status: int = 200,
    token: str = "",
    is_invented: bool = False,
    **context: Any,
) -> HttpResponse:
    """
    Draw a page in `request.language`, with its ways out.

    token: given on the pages that stand under a link's own address, before somebody is recognised.
    """
    language: str = request.language  # type: ignore[attr-defined]
    frame = {
        "language": language,
        "title": title,
        "other_languages": other_languages(request=request, language=language),
        "synthetic": is_invented or settings.IS_DEMO,
        "doors": [(door, _door(door, token)) for door in DOORS],
        "verify": reverse("person_verify"),
        # For whoever is recognised, on every page: what is being done is never behind another check-in.
        "progress": reverse("person_progress") if request.session.get(TOKEN_KEY) else "",
    }
    return render(request, f"person/{template}.jinja", frame | context, status=status)


def _door(door: str, token: str) -> str:
    return reverse("person_door_of_link", args=[token, door]) if token else reverse("person_door", args=[door])
