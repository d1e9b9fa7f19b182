"""What changed from the version before: in words, and what the same answers come to now."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.foundation.actors import Actor
from wherry.journeys.compare_programmes import Compared, compare
from wherry.journeys.programme_in_force import files_of_version
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.queries import version_before
from wherry.web.programmes.frame import asked_version, frame, is_overseen, programmes_page, title_of

_MOST_KEPT = 8
_compared: dict[tuple[str, str], Compared] = {}


@require_http_methods(["GET"])
@programmes_page
def changed(request: HttpRequest, *, by: Actor, now: dt.datetime, version_id: UUID) -> HttpResponse:
    """Lay a version beside the one before it; the first of a programme has nothing beside it."""
    it = asked_version(by=by, version_id=version_id)
    before = version_before(asked_by=by, version=it)
    return render(
        request,
        "programmes/changed.jinja",
        frame(request, title=f"{title_of(it)}: what changed")
        | {
            "version": it,
            "before": before,
            "found": difference(before=before, after=it) if before else None,
            "is_overseen": is_overseen(request, programme=it.programme, now=now),
            "back": reverse("programmes_version", args=[version_id]),
        },
    )


def difference(*, before: ProgrammeVersion, after: ProgrammeVersion) -> Compared:
    """Compare two versions. Neither ever changes, so that the answers are walked through once for many readers."""
    key = before.hash, after.hash
    if key not in _compared:
        if len(_compared) >= _MOST_KEPT:
            _compared.pop(next(iter(_compared)), None)
        _compared[key] = compare(before=files_of_version(version=before), after=files_of_version(version=after))
    return _compared[key]
