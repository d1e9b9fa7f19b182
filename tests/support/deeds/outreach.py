"""The deeds of outreach: how each is done here; and what writes nothing down, with why that is right."""

from __future__ import annotations

from tests.support.deeds.kinds import Deed, by_lead
from wherry.foundation.actors import WORKER
from wherry.outreach import actions as outreach
from wherry.outreach.types import AttemptEvent, Channel

DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "outreach.intend": lambda s, n: outreach.intend(
        by=WORKER,
        occurrence=s.later,
        step="text_2",
        channel=Channel.SMS,
        message="reminder",
        language="en",
        contact_point_id=None,
        to="",
        household_key="",
        now=n,
    ),
    "outreach.happened": lambda s, n: outreach.happened(
        by=WORKER, attempt=s.attempt, event=AttemptEvent.GATE_REFUSED, now=n, why="stop"
    ),
    "outreach.intend_all": lambda s, n: outreach.intend_all(
        by=WORKER, intents=[outreach.Intent(s.later, "text_2", Channel.SMS, "reminder", "en", None, "", "")], now=n
    ),
    "outreach.happened_all": lambda s, n: outreach.happened_all(
        by=WORKER, words=[outreach.Word(s.attempt.pk, AttemptEvent.GATE_REFUSED, "stop")], now=n
    ),
    "outreach.pause_sending": by_lead(outreach.pause_sending, why="a drill"),
    "outreach.resume_sending": by_lead(outreach.resume_sending),
}
NO_DEED = {
    "outreach.hold": "a clock",
    "outreach.leave_receipt": "kept as it came",
    "outreach.leave_inbound_text": "kept as it came",
}
