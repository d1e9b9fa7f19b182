"""Permissions: one table of who may do what. Row security says to whom; this says what."""

from __future__ import annotations

import enum

from wherry.foundation.actors import Actor, Kind
from wherry.foundation.errors import NotPermitted


class Permission(enum.StrEnum):
    CLAIM_TASK = "claim_task"
    RECORD_CALL = "record_call"
    SUPERVISE = "supervise"
    REVIEW_LIST = "review_list"
    SIGN_LIST = "sign_list"
    SEE_REASONS = "see_reasons"
    ANSWER_CALL_TO_ACTION = "answer_call_to_action"
    SEE_FUNNEL = "see_funnel"
    SEE_DECISIONS = "see_decisions"
    RECORD_DECISION = "record_decision"
    PAUSE_SENDING = "pause_sending"
    RESUME_SENDING = "resume_sending"
    SEE_WHO_LOOKED = "see_who_looked"
    REVIEW_LINKS = "review_links"
    READ_PROGRAMMES = "read_programmes"
    COMMENT_ON_PROGRAMME = "comment_on_programme"
    PUT_FORWARD = "put_forward"
    ANSWER_COMMENT = "answer_comment"
    REVIEW_PROGRAMME = "review_programme"
    SIGN_PROGRAMME = "sign_programme"
    RELEASE_PROGRAMME = "release_programme"


#: Whoever takes part may read what is put forward and say what they think of it.
_TAKES_PART = frozenset({Permission.READ_PROGRAMMES, Permission.COMMENT_ON_PROGRAMME})
_WRITES_PROGRAMMES = frozenset({Permission.PUT_FORWARD, Permission.ANSWER_COMMENT, Permission.REVIEW_PROGRAMME})


#: One line per role. A role not named here may do nothing.
PERMISSIONS: dict[str, frozenset[Permission]] = {
    "caller": frozenset({Permission.CLAIM_TASK, Permission.RECORD_CALL}) | _TAKES_PART,
    "supervisor": frozenset({Permission.CLAIM_TASK, Permission.RECORD_CALL, Permission.SUPERVISE}) | _TAKES_PART,
    "clinician": frozenset(
        {
            Permission.REVIEW_LIST,
            Permission.SIGN_LIST,
            Permission.SEE_REASONS,
            Permission.CLAIM_TASK,
            Permission.RECORD_CALL,
            Permission.SIGN_PROGRAMME,
        }
    )
    | _TAKES_PART
    | _WRITES_PROGRAMMES,
    "partner": frozenset({Permission.ANSWER_CALL_TO_ACTION}) | _TAKES_PART,
    "programme_lead": frozenset(
        {
            Permission.SEE_FUNNEL,
            Permission.SEE_DECISIONS,
            Permission.RECORD_DECISION,
            Permission.PAUSE_SENDING,
            Permission.RESUME_SENDING,
            Permission.SIGN_PROGRAMME,
            Permission.RELEASE_PROGRAMME,
        }
    )
    | _TAKES_PART
    | _WRITES_PROGRAMMES,
    "analyst": frozenset({Permission.SEE_FUNNEL, Permission.REVIEW_LINKS}) | _TAKES_PART,
    "information_governance": frozenset(
        {
            Permission.SEE_WHO_LOOKED,
            Permission.SEE_FUNNEL,
            Permission.SEE_DECISIONS,
            Permission.RECORD_DECISION,
            Permission.PAUSE_SENDING,
            Permission.SIGN_PROGRAMME,
            Permission.REVIEW_PROGRAMME,
        }
    )
    | _TAKES_PART,
    "clinical_safety": frozenset(
        {
            Permission.SEE_FUNNEL,
            Permission.SEE_DECISIONS,
            Permission.RECORD_DECISION,
            Permission.PAUSE_SENDING,
            Permission.SIGN_PROGRAMME,
            Permission.REVIEW_PROGRAMME,
        }
    )
    | _TAKES_PART,
}


def may(actor: Actor, do: Permission) -> bool:
    """Say whether an actor's roles let them do this. The worker and an operator's console do all that is automatic."""
    if actor.kind in (Kind.WORKER, Kind.CONSOLE):
        return True
    return actor.kind is Kind.STAFF and any(do in PERMISSIONS.get(role, frozenset()) for role in actor.roles)


def require(actor: Actor, do: Permission) -> None:
    """Raise NotPermitted unless the actor may do this."""
    if not may(actor, do):
        raise NotPermitted(f"Your role does not include '{do.replace('_', ' ')}'; ask your supervisor.")
