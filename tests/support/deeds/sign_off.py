"""The deeds of sign-off: how each is done here."""

from __future__ import annotations

import datetime as dt

from tests.support.deeds.kinds import Deed
from tests.support.places_and_people import Side
from wherry.sign_off import actions
from wherry.sign_off.models import Comment, ProgrammeVersion
from wherry.sign_off.types import VersionState

_ROLES = ["clinical_safety", "information_governance"]


def put_forward(side: Side, now: dt.datetime) -> ProgrammeVersion:
    """Put a programme forward."""
    return actions.put_forward(
        by=side.actor("programme_lead"),
        programme="heat",
        number=1,
        name="Heat",
        hash="sha256:1",
        files={"heat/programme.yaml": "code: heat"},
        roles=_ROLES,
        why="new",
        proved=[],
        now=now,
    )


def the_version(state: VersionState = VersionState.DRAFT) -> ProgrammeVersion:
    """Give the one that was put forward, set to a state."""
    version = ProgrammeVersion.objects.get(programme="heat")
    if version.state != state:
        in_force = {"in_force_at": version.put_forward_at} if state == VersionState.IN_FORCE else {}
        version.change(state=state, **in_force)
    return version


def commented(side: Side, now: dt.datetime) -> Comment:
    """Put forward and comment."""
    version = put_forward(side, now)
    return actions.comment(by=side.actor("partner"), version=version, words="why?", said_for="A food bank", now=now)


def in_review(side: Side, now: dt.datetime) -> None:
    """Put forward and review."""
    put_forward(side, now)
    the_version(VersionState.REVIEWED)


DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "sign_off.put_forward": put_forward,
    "sign_off.comment": (
        put_forward,
        lambda s, n: actions.comment(
            by=s.actor("caller"), version=the_version(), words="why?", said_for="A library", now=n
        ),
    ),
    "sign_off.answer_comment": (
        commented,
        lambda s, n: actions.answer_comment(
            by=s.actor("clinician"), said=Comment.objects.get(words="why?"), answer="because", now=n
        ),
    ),
    "sign_off.note_review": (
        put_forward,
        lambda s, n: actions.note_review(
            by=s.actor("clinical_safety"), version=the_version(), seen_hash="sha256:1", now=n
        ),
    ),
    "sign_off.sign_version": (
        in_review,
        lambda s, n: actions.sign_version(
            by=s.actor("clinical_safety"),
            version=the_version(VersionState.REVIEWED),
            role="clinical_safety",
            seen_hash="sha256:1",
            now=n,
        ),
    ),
    "sign_off.put_in_force": (
        put_forward,
        lambda s, n: actions.put_in_force(
            by=s.actor("programme_lead"), version=the_version(VersionState.SIGNED), now=n
        ),
    ),
    "sign_off.release": (
        put_forward,
        lambda s, n: actions.release(
            by=s.actor("programme_lead"), version=the_version(VersionState.IN_FORCE), share=1, now=n
        ),
    ),
    "sign_off.stop_version": (
        put_forward,
        lambda s, n: actions.stop_version(
            by=s.actor("clinical_safety"), version=the_version(VersionState.IN_FORCE), why="a wrong text", now=n
        ),
    ),
    "sign_off.end_version": (
        put_forward,
        lambda s, n: actions.end_version(
            by=s.actor("programme_lead"), version=the_version(VersionState.IN_FORCE), why="it is over", now=n
        ),
    ),
    "sign_off.withdraw_version": (
        put_forward,
        lambda s, n: actions.withdraw_version(
            by=s.actor("programme_lead"), version=the_version(), why="too soon", now=n
        ),
    ),
}
