"""Whether it helped: the person's own word on a call to action."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from wherry.audit.actions import record
from wherry.checkin.errors import LinkNotUsable
from wherry.checkin.models import HelpReply, Invitation
from wherry.foundation.actors import Actor


def say_whether_it_helped(
    *,
    by: Actor,
    invitation: Invitation | None,
    case_id: UUID,
    audience_id: UUID,
    about_id: UUID,
    helped: bool,
    channel: str,
    now: dt.datetime,
) -> HelpReply:
    """Keep the person's word on a call to action; said twice, the first stands. Spends the link it came by."""
    found = HelpReply.objects.filter(about_id=about_id).first()
    if found:
        return found
    if invitation is not None and (invitation.state != "open" or invitation.expires_at <= now):
        raise LinkNotUsable
    reply = HelpReply.objects.create(
        case_id=case_id,
        audience_id=audience_id,
        invitation=invitation,
        about_id=about_id,
        helped=helped,
        channel=channel,
        said_at=now,
    )
    if invitation is not None:
        invitation.change(state="used", used_at=now)
    record(by=by, did="help.judged", subject="call_to_action", subject_ids=[about_id, case_id], now=now)
    return reply
