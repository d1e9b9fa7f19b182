"""One version: what it is, what was said of it, and what somebody may do with it now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.journeys.name_staff import names_of_staff
from wherry.journeys.programme_in_force import files_of_version
from wherry.sign_off.models import Comment, ProgrammeVersion
from wherry.sign_off.queries import version_before
from wherry.sign_off.types import VersionState
from wherry.web.components.forms import BoundField, Field, FieldKind, error_summary
from wherry.web.programmes import presenters
from wherry.web.programmes.doing import DEEDS, DONE, Met, fields_of_answer, not_none
from wherry.web.programmes.forms import COMMENT, SIGN_NAME, WITHDRAW, bound, sign_fields
from wherry.web.programmes.frame import (
    asked_version,
    doer,
    frame,
    is_overseen,
    programmes_page,
    roles_held,
    title_of,
    to,
    who_may,
)
from wherry.web.programmes.words import chapters_of

_OPEN = (VersionState.DRAFT, VersionState.REVIEWED)
_NOT_IN_FORCE_YET = (*_OPEN, VersionState.SIGNED)


@dataclass(frozen=True)
class Remark:
    """What somebody said and the answer they got. bound: the form to answer with, where the reader may."""

    comment: Comment
    said_by: str
    about: str
    answered_by: str
    bound: tuple[BoundField, ...] = field(default=())


@require_http_methods(["GET", "POST"])
@programmes_page
def version(request: HttpRequest, *, by: Actor, now: dt.datetime, version_id: UUID) -> HttpResponse:
    """Show one version; say, answer, read, sign or take back. A form sent twice does once what it says."""
    it = asked_version(by=by, version_id=version_id)
    met = Met()
    if request.method == "POST":
        met = DEEDS.get(request.POST.get("do", ""), not_none)(request, it, now)
        if met.done:
            return to("programmes_version", version_id, done=met.done)
        it = asked_version(by=by, version_id=version_id)
    page = render(request, "programmes/version.jinja", _context(request, by, it, now, met))
    page.status_code = 409 if met.moved_on else 200
    return page


def _context(request: HttpRequest, by: Actor, it: ProgrammeVersion, now: dt.datetime, met: Met) -> dict[str, object]:
    today = local_time(now).date()
    step = presenters.next_step(it, today=today)
    names = names_of_staff(ids=presenters.who_stands_in(it))
    programme = files_of_version(version=it).sections["programme"].data
    chapters = chapters_of(version=it)
    fields = (*COMMENT, *WITHDRAW, *fields_of_answer(it), Field(SIGN_NAME, FieldKind.RADIOS))
    return (
        frame(request, title=title_of(it))
        | {
            "version": it,
            "purpose": programme["purpose"]["words"],
            "risk_owner": programme["risk_owner"],
            "stands": presenters.stands(it),
            "step": step,
            "by_when": presenters.by_when(step, today=today),
            "days": presenters.days_of(it),
            "put_forward_by": presenters.name_of(it.put_forward_by, names),
            "reviewed_by": presenters.name_of(it.reviewed_by, names) if it.reviewed_by else "",
            "ended_by": presenters.name_of(it.ended_by, names) if it.ended_by else "",
            "signatures": presenters.signatures_wanted(it, names=names),
            "is_overseen": is_overseen(request, programme=it.programme, now=now),
            "before": version_before(asked_by=by, version=it),
            "remarks": _remarks(request, it, names, dict(chapters), met),
            "chapters": chapters,
            "about": met.values.get("about") or request.GET.get("about", ""),
            "done": DONE.get(request.GET.get("done", ""), ""),
            "met": met,
            "errors": met.errors,
            "summary": error_summary(fields=fields, errors=met.errors),
            "back": reverse("programmes"),
        }
        | _forms(request, it, met)
    )


def _forms(request: HttpRequest, it: ProgrammeVersion, met: Met) -> dict[str, object]:
    """Give the forms somebody may send now, and no others."""
    me = doer(request, Permission.READ_PROGRAMMES).id
    roles = presenters.may_sign_as(it, held=roles_held(request), by=me)
    roles = [one for one in roles if who_may(request, Permission.SIGN_PROGRAMME, role=one)]
    waiting = any(not one.answer for one in it.comments.all())
    may_review = it.state == VersionState.DRAFT and who_may(request, Permission.REVIEW_PROGRAMME) is not None
    may_withdraw = it.state in _NOT_IN_FORCE_YET and who_may(request, Permission.PUT_FORWARD) is not None
    return {
        "comment_form": bound(COMMENT, met.values, met.errors) if it.state in _OPEN else (),
        "may_review": may_review and it.put_forward_by != me and not waiting,
        "review_waits": may_review and it.put_forward_by != me and waiting,
        "is_mine": may_review and it.put_forward_by == me,
        "sign_form": bound(sign_fields(roles), met.values, met.errors) if roles else (),
        "has_signed": me in {one.signed_by for one in it.signatures.all()},
        "withdraw_form": bound(WITHDRAW, met.values, met.errors) if may_withdraw else (),
        "may_go_live": who_may(request, Permission.PAUSE_SENDING) is not None and it.state not in _OPEN,
    }


def _remarks(
    request: HttpRequest, it: ProgrammeVersion, names: Mapping[str, str], chapters: Mapping[str, str], met: Met
) -> list[Remark]:
    may_answer = who_may(request, Permission.ANSWER_COMMENT) is not None
    return [
        Remark(
            comment=one,
            said_by=presenters.name_of(one.said_by, names),
            about=chapters.get(one.about, one.about),
            answered_by=presenters.name_of(one.answered_by, names) if one.answered_by else "",
            bound=bound(fields_of_answer(it, only=one.pk), met.values, met.errors)
            if may_answer and not one.answer
            else (),
        )
        for one in it.comments.all()
    ]
