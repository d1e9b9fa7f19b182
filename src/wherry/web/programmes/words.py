"""The whole of one version in plain words, a chapter a page, or all of it on one to print."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.foundation.actors import Actor
from wherry.journeys.programme_in_force import files_of_version
from wherry.journeys.read_programme import as_places_have_it
from wherry.journeys.show_programme import InWords, in_words
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.types import VersionState
from wherry.web.programmes.frame import asked_version, frame, programmes_page, title_of

ALL = "all"


@require_http_methods(["GET"])
@programmes_page
def words(request: HttpRequest, *, by: Actor, now: dt.datetime, version_id: UUID) -> HttpResponse:
    """Show one chapter (`?chapter=`), the first where none is named, or `all` of them."""
    it = asked_version(by=by, version_id=version_id)
    told = told_of(version=it)
    keys = [one.key for one in told.chapters]
    asked = request.GET.get("chapter", keys[0])
    if asked not in (*keys, ALL):
        raise Http404
    at = keys.index(asked) if asked != ALL else 0
    return render(
        request,
        "programmes/words.jinja",
        frame(request, title=f"{title_of(it)} in plain words")
        | {
            "version": it,
            "told": told,
            "chapters": told.chapters if asked == ALL else (told.chapters[at],),
            "asked": asked,
            "opens": "chapter" not in request.GET,
            "earlier": told.chapters[at - 1] if asked != ALL and at else None,
            "later": told.chapters[at + 1] if asked != ALL and at + 1 < len(keys) else None,
            "is_open": it.state in (VersionState.DRAFT, VersionState.REVIEWED),
            "here": reverse("programmes_words", args=[version_id]),
            "back": reverse("programmes_version", args=[version_id]),
        },
    )


def chapters_of(*, version: ProgrammeVersion) -> list[tuple[str, str]]:
    """List the chapters a comment can be about: key and title."""
    return [(one.key, one.title) for one in told_of(version=version).chapters]


def told_of(*, version: ProgrammeVersion) -> InWords:
    """Tell a version in words. What was put forward never changes, so that it is told once for many readers."""
    found = _told.get(version.hash)
    if found is None:
        files = files_of_version(version=version)
        found = in_words(files=files, resolved=as_places_have_it(files=files))
        if len(_told) >= _MOST_TOLD:
            _told.pop(next(iter(_told)), None)
        _told[version.hash] = found
    return found


_MOST_TOLD = 8
_told: dict[str, InWords] = {}
