"""What somebody does with a version: each deed in the role that allows it, and what is said where it cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest

from wherry.database.context import acting_as
from wherry.foundation.errors import InputWrong, StaleVersion, WherryError
from wherry.governance.rules import Permission
from wherry.sign_off import actions
from wherry.sign_off.errors import (
    AlreadySaid,
    ChangedSinceSeen,
    CommentsUnanswered,
    SomebodyElseNeeded,
    VersionNotReady,
)
from wherry.sign_off.models import ProgrammeVersion
from wherry.web.components.forms import Field, FieldKind, Value
from wherry.web.programmes.forms import SIGN_NAME
from wherry.web.programmes.frame import doer

#: What is said once when it is done.
DONE = {
    "comment": "What you said is kept here. Whoever put it forward, or a clinician, answers it.",
    "answer": "Your answer is kept here.",
    "review": "It is written down that you read it. It can be signed now.",
    "sign": "You have signed it.",
    "withdraw": "It is taken back. It never came into force, and its number is free again.",
    "put-forward": "It is put forward. Everybody who takes part can read it here and say what they think.",
}
MOVED_ON = "Somebody was first, or it has moved on. This is how it stands now; nothing of yours was done."
_NOT_NOW = (VersionNotReady, StaleVersion, ChangedSinceSeen)


@dataclass(frozen=True)
class Met:
    """
    What became of a form. done: the deed, where it was done; errors: by field; values: what was typed.

    moved_on: what to say where somebody else was first; typed: what they had written, for them to take along.
    """

    done: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    moved_on: str = ""
    typed: str = ""


Deed = Callable[[HttpRequest, ProgrammeVersion, dt.datetime], Met]


def fields_of_answer(version: ProgrammeVersion, *, only: UUID | None = None) -> tuple[Field, ...]:
    """Ask for an answer to each comment that has none, or to one."""
    waiting = [one for one in version.comments.all() if not one.answer and (only is None or one.pk == only)]
    return tuple(Field(f"answer-{one.pk}", FieldKind.TEXTAREA, "Your answer", rows=3) for one in waiting)


def not_none(request: HttpRequest, version: ProgrammeVersion, now: dt.datetime) -> Met:
    """Refuse a form that names nothing that can be done."""
    raise InputWrong


def _comment(request: HttpRequest, version: ProgrammeVersion, now: dt.datetime) -> Met:
    words, about = _typed(request, "words"), _typed(request, "about")
    if not words:
        return Met(errors={"words": "Write what you want to say or ask"}, values={"about": about})
    by = doer(request, Permission.COMMENT_ON_PROGRAMME)
    said_for = request.present.working_for  # type: ignore[attr-defined]
    try:
        with acting_as(by):
            actions.comment(by=by, version=version, words=words, about=about, said_for=said_for, now=now)
    except AlreadySaid:
        return Met("comment")
    except _NOT_NOW:
        return Met(moved_on=MOVED_ON, typed=words)
    return Met("comment")


def _answer(request: HttpRequest, version: ProgrammeVersion, now: dt.datetime) -> Met:
    by = doer(request, Permission.ANSWER_COMMENT)
    said = next((one for one in version.comments.all() if str(one.pk) == request.POST.get("comment")), None)
    if said is None:
        raise InputWrong
    name = f"answer-{said.pk}"
    answer = _typed(request, name)
    if said.answer:
        mine = said.answered_by == by.id and said.answer == answer
        return Met("answer") if mine else Met(moved_on=MOVED_ON, typed=answer)
    if not answer:
        return Met(errors={name: "Write an answer"})
    try:
        with acting_as(by):
            actions.answer_comment(by=by, said=said, answer=answer, now=now)
    except _NOT_NOW:
        return Met(moved_on=MOVED_ON, typed=answer)
    return Met("answer")


def _review(request: HttpRequest, version: ProgrammeVersion, now: dt.datetime) -> Met:
    by = doer(request, Permission.REVIEW_PROGRAMME)
    if version.reviewed_by == by.id:
        return Met("review")
    try:
        with acting_as(by):
            actions.note_review(by=by, version=version, seen_hash=_typed(request, "seen_hash"), now=now)
    except _NOT_NOW:
        return Met(moved_on=MOVED_ON)
    except (CommentsUnanswered, SomebodyElseNeeded) as refused:
        return Met(moved_on=_sentence(refused))
    return Met("review")


def _sign(request: HttpRequest, version: ProgrammeVersion, now: dt.datetime) -> Met:
    role = _typed(request, SIGN_NAME)
    if not role:
        doer(request, Permission.SIGN_PROGRAMME)
        return Met(errors={SIGN_NAME: "Choose the role you sign in"})
    by = doer(request, Permission.SIGN_PROGRAMME, role=role)
    if any(one.signed_by == by.id and one.role == role for one in version.signatures.all()):
        return Met("sign")
    try:
        with acting_as(by):
            actions.sign_version(by=by, version=version, role=role, seen_hash=_typed(request, "seen_hash"), now=now)
    except _NOT_NOW:
        return Met(moved_on=MOVED_ON)
    except SomebodyElseNeeded as refused:
        return Met(moved_on=_sentence(refused))
    return Met("sign")


def _withdraw(request: HttpRequest, version: ProgrammeVersion, now: dt.datetime) -> Met:
    by = doer(request, Permission.PUT_FORWARD)
    why = _typed(request, "why")
    if version.state == "withdrawn" and version.ended_by == by.id:
        return Met("withdraw")
    if not why:
        return Met(errors={"why": "Say why, for those who read and commented on it"})
    try:
        with acting_as(by):
            actions.withdraw_version(by=by, version=version, why=why, now=now)
    except _NOT_NOW:
        return Met(moved_on=MOVED_ON, typed=why)
    return Met("withdraw")


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()


def _sentence(refused: WherryError) -> str:
    return f"{str(refused).rstrip('.')}. Nothing was done."


DEEDS: Mapping[str, Deed] = {
    "comment": _comment,
    "answer": _answer,
    "review": _review,
    "sign": _sign,
    "withdraw": _withdraw,
}
