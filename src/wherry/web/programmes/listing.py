"""Every programme and version: where it stands, who is to do what next, and by when."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.queries import versions_of
from wherry.sign_off.types import VersionState
from wherry.web.programmes.frame import frame, programmes_page, who_may
from wherry.web.programmes.presenters import by_when, days_of, first_up, next_step, stands

_OVER = (VersionState.SUPERSEDED, VersionState.ENDED, VersionState.WITHDRAWN)
HEAD = ("Version", "Where it stands", "What is next", "By when", "Meant for")


@require_http_methods(["GET"])
@programmes_page
def programmes(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show every version, programme by programme, the newest first; what is over for good is folded away."""
    today = local_time(now).date()
    found = groupby(versions_of(asked_by=by), key=lambda one: one.programme)
    shown = [_programme(list(versions), today) for _, versions in found]
    return render(
        request,
        "programmes/list.jinja",
        frame(request, title="Programmes", current="programmes")
        | {"programmes": shown, "head": HEAD, "may_put_forward": bool(who_may(request, Permission.PUT_FORWARD))},
    )


def _programme(versions: list[ProgrammeVersion], today: dt.date) -> dict[str, object]:
    over = [one for one in versions if one.state in _OVER]
    return {
        "name": versions[0].name,
        "rows": [_row(one, today) for one in versions if one not in over],
        "over": [_row(one, today) for one in over],
    }


def _row(version: ProgrammeVersion, today: dt.date) -> list[object]:
    step = next_step(version, today=today)
    link = Markup(
        '<a class="nhsuk-link" href="{}">Version&nbsp;{}<span class="nhsuk-u-visually-hidden"> of {}</span></a>'
    )
    return [
        link.format(reverse("programmes_version", args=[version.pk]), version.number, version.name),
        stands(version),
        f"{step.what}: {step.who}" if step.who else first_up(step.what) or "Nothing",
        by_when(step, today=today) or "No day set",
        days_of(version),
    ]
