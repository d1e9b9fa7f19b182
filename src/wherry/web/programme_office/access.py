"""Who looked at whom: for the information-governance lead of an organisation, and nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wherry.audit.actions import record
from wherry.audit.queries import Look, Looks, looks
from wherry.evaluation.looks import Behind, Looked, by_organisation, by_who, whom, work_looked_at
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.queries import Colleague, colleagues
from wherry.governance.rules import Permission
from wherry.organisations.queries import organisation_names
from wherry.organisations.types import Purpose
from wherry.referrals.queries import closed_at
from wherry.review.queries import signed_at
from wherry.web.components.pieces import Status
from wherry.web.programme_office.frame import frame, programme_of
from wherry.web.sign_in.acting import staff_page

#: As many looks and tasks taken as are read at a time; more are said to be there.
MOST = 5_000
_LISTED = 25
_DAYS = (1, 7, 30)
_DID = {
    "person.seen": "Opened one person's page",
    "list.looked_at": "Looked at a page of a list",
    "inbox.looked_at": "Looked at their inbox",
    "page.refused": "Was refused a page of another role",
}


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_WHO_LOOKED)
def access(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """
    Show who looked, by organisation, the unusual first, and the newest looks; `?who=` those of one member of staff.

    Residents are opaque ids here: a guardian accounts for looks, and needs no names. That they looked is recorded too.
    """
    force = programme_of(request, by=by, now=now)
    days = next((one for one in _DAYS if str(one) == request.GET.get("days")), 7)
    found = looks(since=now - dt.timedelta(days=days), limit=MOST)
    names, employers = colleagues(asked_by=by), organisation_names()
    who = request.GET.get("who", "")
    looked = by_who(looks=found.listed, usual=force.measures.unusual_looks, behind=_behind(found))
    record(by=by, did="record.looked_at", subject="staff", subject_ids=[who] if who else [], now=now)
    listed = [one for one in found.listed if not who or one.actor_id == who]
    return render(
        request,
        "programme_office/access.jinja",
        frame(request, by=by, title="Who looked at whom", force=force, current="office_access")
        | {
            "days": days,
            "choices": _DAYS,
            "more": found.more,
            "looked": [_person_row(one, names, employers) for one in looked],
            "unusual": sum(1 for one in looked if one.unusual),
            "organisations": _organisation_rows(looked, employers),
            "newest": [_look_row(one, names) for one in listed[:_LISTED]],
            "who": names[who].name if who in names else "somebody whose name you may not see" if who else "",
            "total": len(listed),
        },
    )


def _behind(found: Looks) -> Behind:
    """Gather what those looks were for: tasks taken, lists still to be signed, calls to action still open."""
    work = [UUID(one) for one in work_looked_at(looks=found.listed)]
    over = {**signed_at(ids=work), **closed_at(ids=work)}
    return Behind(claimed=found.claimed, ended={str(pk): at for pk, at in over.items()})


def _person_row(one: Looked, names: Mapping[str, Colleague], employers: Mapping[UUID, str]) -> dict[str, object]:
    known = names.get(one.actor_id)
    return {
        "id": one.actor_id,
        "name": known.name if known else "Somebody of another organisation",
        "organisation": known.organisation if known else _employer(one.organisation_ids, employers),
        "people": len(one.people),
        "looks": one.looks,
        "newest": local_time(one.newest) if one.newest else None,
        "unusual": one.unusual,
    }


def _organisation_rows(looked: Sequence[Looked], employers: Mapping[UUID, str]) -> list[list[str | Status]]:
    rows = by_organisation(looked=looked)
    return [
        [_employer(ids, employers), f"{staff:,}", f"{many:,}", Status(f"{refused:,}", "orange") if refused else "none"]
        for ids, (staff, many, refused) in sorted(rows.items(), key=lambda one: -one[1][1])
    ]


def _look_row(one: Look, names: Mapping[str, Colleague]) -> list[str]:
    seen = whom(one)
    actor = one.subject_ids[0] if one.did == "page.refused" and one.subject_ids else one.actor_id
    known = names.get(actor)
    return [
        f"{local_time(one.at):%a %-d %b, %H:%M}",
        known.name if known else "Somebody of another organisation",
        _DID[one.did],
        "" if one.did == "page.refused" else f"{len(seen)} people" if len(seen) > 1 else _short(seen),
    ]


def _short(ids: Sequence[str]) -> str:
    """Give the first letters of an opaque id: enough to tell two apart on a page."""
    return f"Record {ids[0][:8]}" if ids else "An empty list"


def _employer(ids: Sequence[UUID], employers: Mapping[UUID, str]) -> str:
    return ", ".join(employers.get(one, "An organisation no longer here") for one in ids) or "Not known"
