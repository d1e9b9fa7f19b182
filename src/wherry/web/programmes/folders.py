"""Put forward what lies in the content folder and nobody has put forward yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.database.context import acting_as
from wherry.foundation.actors import Actor
from wherry.foundation.content import content_folder
from wherry.foundation.errors import InputWrong
from wherry.foundation.problems import Problem
from wherry.governance.rules import Permission
from wherry.journeys import put_forward as journey
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.whole import whole
from wherry.sign_off.errors import AlreadyPutForward, NumberTaken
from wherry.sign_off.queries import hashes_put_forward
from wherry.web.components.forms import Choice, Field, FieldKind, error_summary, posted_values
from wherry.web.programmes.forms import bound
from wherry.web.programmes.frame import doer, frame, programmes_page, to

_NUMBER_TAKEN = "Its version number is taken by other content. Raise `version` in its programme.yaml, then try again."


@dataclass(frozen=True)
class Folder:
    """One programme in the content folder that differs from all that was put forward. hash: empty where unreadable."""

    code: str
    hash: str = ""


@require_http_methods(["GET", "POST"])
@programmes_page
def put_forward(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """List those folders; check one in every place and keep it as a draft, or say what to mend at file and line."""
    me = doer(request, Permission.PUT_FORWARD)
    found = _not_put_forward(by)
    fields = _fields(found)
    values = posted_values(fields=fields, posted=request.POST) if request.method == "POST" else {}
    errors: dict[str, str] = {}
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        folder = next((one for one in found if one.code == values.get("folder")), None)
        errors = {} if folder else {"folder": "Choose what to put forward"}
        errors |= {} if values.get("why") else {"why": "Say what changed and why"}
        if folder and not errors:
            try:
                with acting_as(me):
                    directory = content_folder("programmes") / folder.code
                    version = journey.put_forward(by=me, directory=directory, why=str(values["why"]), now=now)
                return to("programmes_version", version.pk, done="put-forward")
            except AlreadyPutForward:
                return to("programmes")
            except NumberTaken:
                errors = {"folder": _NUMBER_TAKEN}
            except (journey.ProgrammeUnsound, ProgrammeUnreadable) as refused:
                problems = refused.problems
    return render(
        request,
        "programmes/put_forward.jinja",
        frame(request, title="Put a programme forward", current="programmes_put_forward")
        | {
            "folders": found,
            "where": content_folder("programmes").name,
            "bound": bound(fields, values, errors),
            "errors": errors or problems,
            "summary": error_summary(fields=fields, errors=errors),
            "problems": [_shown(one) for one in problems],
            "of": values.get("folder", ""),
            "back": reverse("programmes"),
        },
    )


def _fields(found: list[Folder]) -> tuple[Field, ...]:
    choices = tuple(Choice(one.code, one.code.replace("_", " ").capitalize()) for one in found)
    return (
        Field("folder", FieldKind.RADIOS, "Which programme?", choices=choices),
        Field("why", FieldKind.TEXTAREA, "What changed, and why?", "For whoever reads and signs it", rows=3),
    )


def _not_put_forward(by: Actor) -> list[Folder]:
    known = hashes_put_forward(asked_by=by)
    folders = sorted(one.parent for one in content_folder("programmes").glob("*/programme.yaml"))
    found = [Folder(one.name, _hash(one)) for one in folders]
    return [one for one in found if (one.code, one.hash) not in known]


def _hash(folder: Path) -> str:
    try:
        return whole(folder).hash
    except InputWrong:
        return ""


def _shown(problem: Problem) -> tuple[str, str, str]:
    """Give where, what and the mend; where as those who write the folder know it."""
    root, file = content_folder("programmes").resolve(), Path(problem.file).resolve()
    name = str(file.relative_to(root)) if file.is_relative_to(root) else file.name
    return f"{name}:{problem.line}" if problem.line else name, problem.what, problem.mend
