"""The invented staff put a programme forward, say what they think of it, sign it and release it stage by stage."""

from __future__ import annotations

from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.foundation.content import content_folder
from wherry.journeys import go_live
from wherry.journeys.look_ahead import look_ahead
from wherry.journeys.put_forward import put_forward
from wherry.organisations.models import Membership
from wherry.organisations.queries import organisation_names
from wherry.organisations.types import PURPOSE_OF_ROLE, Role
from wherry.sign_off import actions
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.rules import next_share
from wherry.sign_off.types import VersionState

_WHY = "The first version, for the county's first check-ins."
_ASKED = "Who rings when somebody answers at night that they have no food left?"
_ANSWERED = "A caller, from eight in the morning: it is for today. What cannot wait says ring 999 at once, at any hour."


def bring_into_force(*, programme: str) -> None:
    """Bring a programme from the content folder into force, with everybody's part in it. Safe to repeat."""
    if _version(programme) is None:
        lead = _as(Role.PROGRAMME_LEAD)
        with acting_as(lead):
            put_forward(by=lead, directory=content_folder("programmes") / programme, why=_WHY, now=app_now())
    version = _version(programme)
    assert version is not None, "put forward above"  # noqa: S101
    if version.state == VersionState.DRAFT:
        _talk_it_over(version)
    for role in version.roles:
        _sign(version, Role(role))
    _release(version)


def _version(programme: str) -> ProgrammeVersion | None:
    with acting_as(WORKER):
        return ProgrammeVersion.objects.filter(programme=programme).first()


def _talk_it_over(version: ProgrammeVersion) -> None:
    partner, clinician, safety = (_as(role) for role in (Role.PARTNER, Role.CLINICIAN, Role.CLINICAL_SAFETY))
    with acting_as(partner):
        if not version.comments.exists():
            said_for = organisation_names()[partner.organisations[0]]
            actions.comment(by=partner, version=version, words=_ASKED, said_for=said_for, about="triage", now=app_now())
    with acting_as(clinician):
        for said in version.comments.filter(answer=""):
            actions.answer_comment(by=clinician, said=said, answer=_ANSWERED, now=app_now())
    with acting_as(safety):
        actions.note_review(by=safety, version=version, seen_hash=version.hash, now=app_now())


def _sign(version: ProgrammeVersion, role: Role) -> None:
    signatory = _as(role)
    with acting_as(signatory):
        version.refresh_from_db()
        if version.state == VersionState.REVIEWED and not version.signatures.filter(role=role).exists():
            actions.sign_version(by=signatory, version=version, role=role, seen_hash=version.hash, now=app_now())


def _release(version: ProgrammeVersion) -> None:
    lead = _as(Role.PROGRAMME_LEAD)
    with acting_as(lead):
        version.refresh_from_db()
        if version.state == VersionState.SIGNED:
            go_live.put_in_force(by=lead, version=version, now=app_now())
    while (share := next_share(share=version.share)) is not None:
        with acting_as(lead):
            now = app_now()
            seen = look_ahead(version=version, share=share, now=now).digest
            go_live.release(by=lead, version=version, share=share, seen=seen, why="Nothing was amiss", now=now)


def _as(role: Role) -> Actor:
    with acting_as(WORKER):
        working = Membership.objects.filter(role=role).order_by("staff__email")
        staff_id, organisation_id = working.values_list("staff_id", "organisation_id")[0]
    return Actor(
        kind=Kind.STAFF,
        id=str(staff_id),
        organisations=(organisation_id,),
        roles=frozenset({str(role)}),
        purpose=str(PURPOSE_OF_ROLE[role]),
    )
