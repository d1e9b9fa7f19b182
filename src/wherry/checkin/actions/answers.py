"""Keeping answers: a page at a time while somebody thinks, then whole, by link or by telephone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from wherry.audit.actions import record
from wherry.cases.models import Occurrence
from wherry.checkin.actions.links import revoke_links
from wherry.checkin.errors import AlreadyAnswered, LinkNotUsable
from wherry.checkin.models import Draft, Invitation, Response
from wherry.checkin.rules import ANSWERING_FOR, SELF
from wherry.checkin.types import Answers
from wherry.foundation.actors import Actor


def save_draft(*, by: Actor, invitation: Invitation, answers: Answers, now: dt.datetime) -> None:
    """Keep the answers of a page, added to those of the pages before. Raises LinkNotUsable once it is spent."""
    if invitation.state != "open" or invitation.expires_at <= now:
        raise LinkNotUsable
    draft, is_new = Draft.objects.get_or_create(
        invitation=invitation,
        defaults={
            "case_id": invitation.case_id,
            "audience_id": invitation.audience_id,
            "answers": dict(answers),
            "begun_at": now,
            "saved_at": now,
        },
    )
    if not is_new:
        draft.change(answers={**draft.answers, **answers}, saved_at=now)


def submit(
    *,
    by: Actor,
    invitation: Invitation,
    answers: Answers,
    answered_by: str,
    now: dt.datetime,
) -> Response:
    """
    Store a whole check-in and spend its link. Posted twice, it is stored once: the second gives the first.

    The invitation's own id is the idempotency key. Raises AlreadyAnswered when it was answered another way,
    LinkNotUsable when the link is locked, revoked or too old.
    """
    found = Response.objects.filter(idempotency_key=invitation.id).first()
    if found:
        return found
    if invitation.state != "open" or invitation.expires_at <= now:
        raise LinkNotUsable
    response = _store(
        by=by,
        occurrence=invitation.occurrence,
        invitation=invitation,
        channel="web",
        answers=answers,
        language=invitation.language,
        answered_by=answered_by,
        definition_hash=invitation.definition_hash,
        key=invitation.id,
        now=now,
    )
    invitation.change(state="used", used_at=now)
    Draft.objects.filter(invitation=invitation).delete()
    return response


def record_by_phone(
    *,
    by: Actor,
    occurrence: Occurrence,
    answers: Answers,
    language: str,
    definition_hash: str,
    key: UUID,
    now: dt.datetime,
) -> Response:
    """
    Store a check-in a caller took by telephone, and revoke the link that is no longer needed.

    key: made with the caller's form, so that a form sent twice is stored once. Raises AlreadyAnswered.
    """
    found = Response.objects.filter(idempotency_key=key).first()
    if found:
        return found
    response = _store(
        by=by,
        occurrence=occurrence,
        invitation=None,
        channel="phone",
        answers=answers,
        language=language,
        answered_by=str(answers.get(ANSWERING_FOR, SELF)),
        definition_hash=definition_hash,
        key=key,
        now=now,
    )
    revoke_links(by=by, case_id=occurrence.case_id, now=now, kinds=("check_in",))
    return response


def _store(
    *,
    by: Actor,
    occurrence: Occurrence,
    invitation: Invitation | None,
    channel: str,
    answers: Mapping[str, object],
    language: str,
    answered_by: str,
    definition_hash: str,
    key: UUID,
    now: dt.datetime,
) -> Response:
    try:
        with transaction.atomic():
            response = Response.objects.create(
                case_id=occurrence.case_id,
                audience_id=occurrence.audience_id,
                occurrence=occurrence,
                invitation=invitation,
                channel=channel,
                answers=dict(answers),
                language=language,
                answered_by=answered_by,
                submitted_at=now,
                definition_hash=definition_hash,
                idempotency_key=key,
            )
    except IntegrityError as error:
        raise AlreadyAnswered from error
    record(
        by=by,
        did="checkin.answered",
        subject="response",
        subject_ids=[response.id, occurrence.case_id],
        now=now,
        detail={"channel": channel, "answered": len(answers)},
    )
    return response
