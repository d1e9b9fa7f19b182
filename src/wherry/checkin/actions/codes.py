"""A one-time code: asked for, typed in, and what it opens until somebody signs out or walks away."""

from __future__ import annotations

import datetime as dt
import hmac

from django.db.models import QuerySet

from wherry.audit.actions import record
from wherry.checkin.errors import TooManyCodes
from wherry.checkin.links import code_for
from wherry.checkin.models import CodeAsked, Invitation
from wherry.checkin.rules import TRIES
from wherry.foundation.actors import Actor

#: A one-time code works this long; what it opens closes when nobody looked at it for so long.
CODE_LIVES, PROOF_IDLES = dt.timedelta(minutes=10), dt.timedelta(minutes=15)
CODES_A_DAY = 3


def ask_for_code(*, by: Actor, invitation: Invitation, now: dt.datetime) -> CodeAsked:
    """Note that somebody asks for a one-time code. Raises TooManyCodes after three of one case within 24 hours."""
    since = now - dt.timedelta(days=1)
    if CodeAsked.objects.filter(case_id=invitation.case_id, asked_at__gt=since).count() >= CODES_A_DAY:
        raise TooManyCodes
    asked = CodeAsked.objects.create(
        case_id=invitation.case_id,
        audience_id=invitation.audience_id,
        invitation=invitation,
        asked_at=now,
        expires_at=now + CODE_LIVES,
    )
    record(by=by, did="code.asked", subject="invitation", subject_ids=[invitation.id, invitation.case_id], now=now)
    return asked


def code_heard(*, asked: CodeAsked, now: dt.datetime) -> None:
    """Note that the worker looked where a code could be sent, and wrote the message down if there was a place."""
    asked.change(heard_at=now)


def enter_code(*, by: Actor, asked: CodeAsked, typed: str, key: bytes, proof_sha256: str, now: dt.datetime) -> bool:
    """
    Compare a typed code with the one that was sent: five tries, ten minutes, once. Returns whether it was right.

    proof_sha256: the hash of what this browser keeps if it was. Raises StaleVersion when two tries come at once: the
    second learns nothing. Hazards: H-15 (a link in the wrong hands).
    """
    if asked.used_at is not None or asked.tries >= TRIES or asked.expires_at <= now:
        return False
    is_right = hmac.compare_digest(typed.encode(), code_for(asked_id=asked.pk, key=key).encode())
    opened = {"used_at": now, "seen_at": now, "proof_sha256": proof_sha256} if is_right else {}
    asked.change(tries=asked.tries + 1, **opened)
    did = "code.right" if is_right else "code.wrong"
    record(by=by, did=did, subject="invitation", subject_ids=[asked.invitation_id, asked.case_id], now=now)
    return is_right


def stay_proven(*, by: Actor, invitation: Invitation, now: dt.datetime) -> bool:
    """Renew what a code opened for this browser (`by.proof_sha256`). False when there is nothing, or it has closed."""
    return _proven(by=by, invitation=invitation, now=now).update(seen_at=now) == 1


def end_proof(*, by: Actor, invitation: Invitation, now: dt.datetime) -> bool:
    """Close what a code opened: somebody signs out. False when it was closed already."""
    if _proven(by=by, invitation=invitation, now=now).update(ended_at=now) != 1:
        return False
    record(by=by, did="code.signed_out", subject="invitation", subject_ids=[invitation.id, invitation.case_id], now=now)
    return True


def _proven(*, by: Actor, invitation: Invitation, now: dt.datetime) -> QuerySet[CodeAsked]:
    opened = CodeAsked.objects.filter(invitation=invitation, ended_at__isnull=True, seen_at__gt=now - PROOF_IDLES)
    return opened.filter(proof_sha256=by.proof_sha256) if by.proof_sha256 else opened.none()
