"""What people do with a version of a programme. Each is one audit event; each names what was seen by its hash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission, require
from wherry.sign_off.errors import (
    AlreadyPutForward,
    AlreadySaid,
    AnotherOnItsWay,
    ChangedSinceSeen,
    CommentsUnanswered,
    NotYetInDates,
    NumberTaken,
    SomebodyElseNeeded,
    VersionNotReady,
)
from wherry.sign_off.models import Comment, ProgrammeVersion, Signature
from wherry.sign_off.rules import may_move, next_share, roles_to_sign
from wherry.sign_off.types import VersionState


def put_forward(
    *,
    by: Actor,
    programme: str,
    number: int,
    name: str,
    hash: str,  # noqa: A002  the word every file and page uses
    files: Mapping[str, str],
    roles: Sequence[str],
    why: str,
    proved: Sequence[str],
    now: dt.datetime,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    reaches_people: bool = True,
) -> ProgrammeVersion:
    """
    Keep a checked programme as a draft that everybody taking part may read and comment on.

    Raises AlreadyPutForward, NumberTaken. Hazard: H-10.
    """
    require(by, Permission.PUT_FORWARD)
    there = ProgrammeVersion.objects.filter(programme=programme).exclude(state=VersionState.WITHDRAWN)
    if there.filter(hash=hash).exists():
        raise AlreadyPutForward
    if there.filter(number__gte=number).exists():
        raise NumberTaken
    version = ProgrammeVersion.objects.create(
        programme=programme,
        number=number,
        name=name,
        hash=hash,
        files=dict(files),
        roles=list(roles),
        starts_on=starts_on,
        ends_on=ends_on,
        reaches_people=reaches_people,
        why=why,
        proved=list(proved),
        put_forward_by=by.id,
        put_forward_at=now,
    )
    _note(by, "programme.put_forward", version, now, number=number, hash=hash)
    return version


def comment(
    *, by: Actor, version: ProgrammeVersion, words: str, said_for: str, now: dt.datetime, about: str = ""
) -> Comment:
    """
    Say something about a draft; whoever takes part in any organisation may. said_for: that organisation's name.

    Raises VersionNotReady; AlreadySaid for a form sent twice.
    """
    require(by, Permission.COMMENT_ON_PROGRAMME)
    # Whoever sends it a second time waits here until the first is written.
    version = ProgrammeVersion.objects.select_for_update().get(pk=version.pk)
    if version.comments.filter(said_by=by.id, about=about, words=words).exists():
        raise AlreadySaid
    if version.state not in (VersionState.DRAFT, VersionState.REVIEWED):
        raise VersionNotReady
    said = Comment.objects.create(
        programme_version=version, about=about, words=words, said_by=by.id, said_for=said_for, said_at=now
    )
    if version.state == VersionState.REVIEWED:
        # A word said late is read too: nothing is signed over it.
        version.change(state=VersionState.DRAFT, reviewed_by="", reviewed_at=None)
    _note(by, "programme.commented_on", version, now, comment=str(said.pk))
    return said


def answer_comment(*, by: Actor, said: Comment, answer: str, now: dt.datetime) -> None:
    """Answer what somebody said about a draft. An answer given stands."""
    require(by, Permission.ANSWER_COMMENT)
    if Comment.objects.filter(pk=said.pk, answer="").update(answer=answer, answered_by=by.id, answered_at=now) != 1:
        raise VersionNotReady
    _note(by, "programme.comment_answered", said.programme_version, now, comment=str(said.pk))


def note_review(*, by: Actor, version: ProgrammeVersion, seen_hash: str, now: dt.datetime) -> None:
    """Say that a draft was read by somebody who did not put it forward, every comment answered."""
    require(by, Permission.REVIEW_PROGRAMME)
    _seen(version, seen_hash)
    if version.put_forward_by == by.id:
        raise SomebodyElseNeeded
    if version.comments.filter(answer="").exists():
        raise CommentsUnanswered
    _move(version, VersionState.REVIEWED, reviewed_by=by.id, reviewed_at=now)
    _note(by, "programme.reviewed", version, now)


def sign_version(*, by: Actor, version: ProgrammeVersion, role: str, seen_hash: str, now: dt.datetime) -> Signature:
    """
    Sign exactly what was read, for one role the programme names; with the last of them the version is signed.

    One person signs for one role, so that two at least stand behind what contacts residents. Raises ChangedSinceSeen,
    SomebodyElseNeeded, VersionNotReady. Hazard: H-10.
    """
    require(by, Permission.SIGN_PROGRAMME)
    _seen(version, seen_hash)
    # Whoever signs next waits here, so that the last signature is known to be the last.
    version = ProgrammeVersion.objects.select_for_update().get(pk=version.pk)
    if version.state != VersionState.REVIEWED:
        raise VersionNotReady
    before = list(version.signatures.values_list("role", "signed_by"))
    missing = roles_to_sign(wanted=version.roles, signed=[signed for signed, _ in before])
    if role not in missing or role not in by.roles or by.id in [who for _, who in before]:
        raise SomebodyElseNeeded
    signature = Signature.objects.create(
        programme_version=version, role=role, hash=seen_hash, signed_by=by.id, signed_at=now
    )
    if len(missing) == 1:
        _move(version, VersionState.SIGNED)
    _note(by, "programme.signed", version, now, role=role, hash=seen_hash)
    return signature


def put_in_force(*, by: Actor, version: ProgrammeVersion, now: dt.datetime) -> None:
    """Let a signed version be decided by from now on; nobody is contacted under it before it is released."""
    require(by, Permission.RELEASE_PROGRAMME)
    day = local_time(now).date()
    if (version.starts_on and day < version.starts_on) or (version.ends_on and day > version.ends_on):
        raise NotYetInDates
    going = ProgrammeVersion.objects.filter(programme=version.programme, state=VersionState.IN_FORCE, share__lt=100)
    if going.exists():
        raise AnotherOnItsWay
    _move(version, VersionState.IN_FORCE, in_force_at=now, share=0 if version.reaches_people else 100)
    _note(by, "programme.in_force", version, now, number=version.number)


def release(*, by: Actor, version: ProgrammeVersion, share: int, now: dt.datetime) -> None:
    """
    Release a version in force to the next share of people; at 100 % it takes the place of the one before.

    share: the next of STAGES, named so that a page sent twice does not skip a stage. Raises VersionNotReady.
    """
    require(by, Permission.RELEASE_PROGRAMME)
    if version.state != VersionState.IN_FORCE or next_share(share=version.share) != share:
        raise VersionNotReady
    if share == 100:
        others = ProgrammeVersion.objects.filter(programme=version.programme, state=VersionState.IN_FORCE)
        others.exclude(pk=version.pk).update(state=VersionState.SUPERSEDED)
    version.change(share=share)
    _note(by, "programme.released", version, now, share=share)


def stop_version(*, by: Actor, version: ProgrammeVersion, why: str, now: dt.datetime) -> None:
    """Stop a version: from the next hand-off on nothing leaves under it. Whoever may pause sending may stop it."""
    require(by, Permission.PAUSE_SENDING)
    _move(version, VersionState.STOPPED, ended_by=by.id, ended_at=now, why_ended=why)
    _note(by, "programme.stopped", version, now)


def end_version(*, by: Actor, version: ProgrammeVersion, why: str, now: dt.datetime) -> None:
    """End a version for good: its programme has been stood down."""
    require(by, Permission.RELEASE_PROGRAMME)
    _move(version, VersionState.ENDED, ended_by=by.id, ended_at=now, why_ended=why)
    _note(by, "programme.ended", version, now)


def withdraw_version(*, by: Actor, version: ProgrammeVersion, why: str, now: dt.datetime) -> None:
    """Take a version back that never came into force; its number is free again."""
    require(by, Permission.PUT_FORWARD)
    _move(version, VersionState.WITHDRAWN, ended_by=by.id, ended_at=now, why_ended=why)
    _note(by, "programme.withdrawn", version, now)


def _seen(version: ProgrammeVersion, seen_hash: str) -> None:
    if version.hash != seen_hash:
        raise ChangedSinceSeen


def _move(version: ProgrammeVersion, to: VersionState, **values: object) -> None:
    if not may_move(current=VersionState(version.state), to=to):
        raise VersionNotReady
    version.change(state=to, **values)


def _note(by: Actor, did: str, version: ProgrammeVersion, now: dt.datetime, **detail: object) -> None:
    about = {"programme": version.programme, **detail}
    record(by=by, did=did, subject="programme", subject_ids=[version.pk], now=now, detail=about)
