"""How a version is spoken of: where it stands, who does what next and by when, what a signature means. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from wherry.governance.rules import PERMISSIONS, Permission
from wherry.organisations.types import Role
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.rules import next_share, roles_to_sign
from wherry.sign_off.types import VersionState
from wherry.web.components.pieces import Status
from wherry.web.sign_in.sites import ROLE_WORDS

_STANDS = {
    VersionState.DRAFT: Status("Draft, open to comments", "blue"),
    VersionState.REVIEWED: Status("Read, waits for signatures", "purple"),
    VersionState.SIGNED: Status("Signed, not in force yet", "aqua-green"),
    VersionState.SUPERSEDED: Status("Followed by another", "grey"),
    VersionState.STOPPED: Status("Stopped", "red"),
    VersionState.ENDED: Status("Stood down", "grey"),
    VersionState.WITHDRAWN: Status("Taken back", "grey"),
}
#: What somebody stands for who signs in a role.
SIGNING_MEANS = {
    Role.CLINICAL_SAFETY: "Every way it could harm somebody is among its hazards, and what guards against it is there.",
    Role.INFORMATION_GOVERNANCE: "All it sends, sees and keeps has a lawful basis and an agreement on each day.",
    Role.PROGRAMME_LEAD: "There are people, services and hours to do what it promises, in every place.",
    Role.CLINICIAN: "Its rules, questions and advice are what a careful clinician would find, ask and say.",
}
_SIGNING_MEANS_ELSE = "You stand for it in what your role answers for."
_SOON = dt.timedelta(days=30)


@dataclass(frozen=True)
class NextStep:
    """What is to be done next with a version. who: roles in words; by: the day by which, if there is one."""

    what: str
    who: str = ""
    by: dt.date | None = None


def stands(version: ProgrammeVersion) -> Status:
    """Say where a version stands."""
    state = VersionState(version.state)
    if state is not VersionState.IN_FORCE:
        return _STANDS[state]
    if not version.reaches_people:
        return Status("In force", "green")
    if version.share == 0:
        return Status("In force, released to nobody yet", "yellow")
    if version.share < 100:
        return Status(f"In force for {version.share} % of people", "orange")
    return Status("In force for everybody", "green")


def next_step(version: ProgrammeVersion, *, today: dt.date) -> NextStep:
    """Say what is to be done next, by whom and by when. Asks the version's comments and signatures, read before."""
    state = VersionState(version.state)
    if state is VersionState.DRAFT:
        return _next_of_a_draft(version)
    if state is VersionState.REVIEWED:
        missing = roles_to_sign(wanted=version.roles, signed=[one.role for one in version.signatures.all()])
        return NextStep("Sign it", all_of(missing), version.starts_on)
    if state is VersionState.SIGNED:
        waits = version.starts_on is not None and version.starts_on > today
        what = "It comes into force by itself on its first day" if waits else "Put it in force"
        return NextStep(what, "" if waits else roles_that_may(Permission.RELEASE_PROGRAMME), version.starts_on)
    if state is VersionState.IN_FORCE:
        return _next_in_force(version, today)
    if state is VersionState.STOPPED:
        return NextStep("Put a mended version forward, or stand it down", roles_that_may(Permission.RELEASE_PROGRAMME))
    return NextStep("")


def _next_of_a_draft(version: ProgrammeVersion) -> NextStep:
    waiting = sum(not one.answer for one in version.comments.all())
    if waiting:
        said = "the comment" if waiting == 1 else f"{waiting} comments"
        return NextStep(f"Answer {said}", roles_that_may(Permission.ANSWER_COMMENT), version.starts_on)
    who = f"{roles_that_may(Permission.REVIEW_PROGRAMME)}, but not who put it forward"
    return NextStep("Read it", who, version.starts_on)


def _next_in_force(version: ProgrammeVersion, today: dt.date) -> NextStep:
    share = next_share(share=version.share) if version.reaches_people else None
    if share is not None:
        return NextStep(
            f"Look ahead, and release it to {share} % of people", roles_that_may(Permission.RELEASE_PROGRAMME)
        )
    if version.ends_on is not None and version.ends_on - today <= _SOON:
        past = version.ends_on < today
        what = "Its last day has passed: put the next forward, or stand it down" if past else "Put the next forward"
        return NextStep(what, roles_that_may(Permission.PUT_FORWARD), version.ends_on)
    return NextStep("Nothing for now")


def by_when(step: NextStep, *, today: dt.date) -> str:
    """Say the day by which something is to be done, and that it has passed; empty where there is none."""
    if step.by is None:
        return ""
    return f"{written(step.by)}, which is past" if step.by < today else written(step.by)


def roles_that_may(permission: Permission) -> str:
    """Name the roles that may do something, as one would say it: 'a clinician or a programme lead'."""
    return _joined([role for role, may in PERMISSIONS.items() if permission in may], "or")


def all_of(roles: Iterable[str]) -> str:
    """Name roles of which each is needed."""
    return _joined(list(roles), "and")


def role_words(role: str) -> str:
    """Say a role: 'a clinician'."""
    return ROLE_WORDS.get(Role(role), role) if role in set(Role) else role.replace("_", " ")


def _joined(roles: Sequence[str], word: str) -> str:
    said = [role_words(one) for one in roles]
    return f" {word} ".join((", ".join(said[:-1]), said[-1])) if len(said) > 1 else "".join(said)


def signing_means(role: str) -> str:
    """Say what somebody stands for who signs in this role."""
    return SIGNING_MEANS.get(Role(role), _SIGNING_MEANS_ELSE) if role in set(Role) else _SIGNING_MEANS_ELSE


def first_up(words: str) -> str:
    """Begin words with a capital letter."""
    return words[:1].upper() + words[1:]


def days_of(version: ProgrammeVersion) -> str:
    """Say the days a version is meant to hold."""
    if version.starts_on is None or version.ends_on is None:
        return "No days set" if version.reaches_people else "Any day: it finds people and reaches nobody"
    return f"{written(version.starts_on)} to {written(version.ends_on)}"


def written(day: dt.date) -> str:
    """Write a day: 3 March 2026."""
    return f"{day.day} {day:%B} {day.year}"


def signatures_wanted(
    version: ProgrammeVersion, *, names: Mapping[str, str]
) -> list[tuple[str, str, dt.datetime | None]]:
    """List each role that signs: its words, who signed (empty: nobody yet), when."""
    done = {one.role: one for one in version.signatures.all()}
    wanted = [*version.roles, *(role for role in done if role not in version.roles)]
    return [
        (first_up(role_words(role)), name_of(done[role].signed_by, names) if role in done else "", _at(done.get(role)))
        for role in wanted
    ]


def _at(signature: object) -> dt.datetime | None:
    return getattr(signature, "signed_at", None)


def name_of(actor_id: str, names: Mapping[str, str]) -> str:
    """Name who did something; the worker and an operator act under other names."""
    return names.get(actor_id) or {"worker": "Wherry itself"}.get(actor_id, "somebody at the console")


def who_stands_in(version: ProgrammeVersion) -> set[str]:
    """Gather the ids of everybody a version's page names."""
    comments = version.comments.all()
    ids = {version.put_forward_by, version.reviewed_by, version.ended_by}
    ids |= {one.said_by for one in comments} | {one.answered_by for one in comments}
    return (ids | {one.signed_by for one in version.signatures.all()}) - {""}


def may_sign_as(version: ProgrammeVersion, *, held: Collection[str], by: str) -> list[str]:
    """List the roles somebody could sign this version in now: held, wanted, not signed; nobody signs twice."""
    signatures = version.signatures.all()
    if version.state != VersionState.REVIEWED or by in {one.signed_by for one in signatures}:
        return []
    missing = roles_to_sign(wanted=version.roles, signed=[one.role for one in signatures])
    return [role for role in missing if role in held]
