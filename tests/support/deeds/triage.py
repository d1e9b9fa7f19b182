"""The deeds of triage: how each is done here; and what writes nothing down, with why that is right."""

from __future__ import annotations

import datetime as dt
import uuid

from tests.support.deeds.kinds import Deed, an_alarm
from tests.support.places_and_people import Side
from wherry.foundation.actors import WORKER
from wherry.triage import actions as triage
from wherry.triage.types import Decision as Decided


def _another_response(side: Side, now: dt.datetime) -> object:
    from wherry.checkin.models import Response

    return Response.objects.create(
        case_id=side.case.pk,
        audience_id=side.audience.pk,
        occurrence=side.later,
        channel="web",
        answers={},
        language="en",
        answered_by="self",
        submitted_at=now,
        definition_hash="sha256:0",
        idempotency_key=uuid.uuid4(),
    )


def _nothing() -> Decided:
    return Decided(urgency="none", needs=(), red_flags=(), incomplete=(), definition="sha256:0")  # type: ignore[call-arg,arg-type]


DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "triage.record_decision": (
        lambda s, n: s.decision.red_flags.all().delete() and None,
        lambda s, n: triage.record_decision(by=WORKER, response=_another_response(s, n), decided=_nothing(), now=n),
    ),
    "triage.raise_red_flag": (
        lambda s, n: an_alarm(s, n),
        lambda s, n: triage.raise_red_flag(by=WORKER, alarm=an_alarm(s, n), now=n),
    ),
    "triage.acknowledge_red_flag": lambda s, n: triage.acknowledge_red_flag(
        by=WORKER, red_flag_id=s.red_flag.pk, now=n
    ),
    "triage.close_red_flag": lambda s, n: triage.close_red_flag(
        by=WORKER, red_flag_id=s.red_flag.pk, outcome="callback_complete", now=n
    ),
    "triage.move_need": lambda s, n: triage.move_need(by=WORKER, need=s.need, to="referred", why="food_parcel", now=n),
}
