"""What became of what left: doubts looked up by their reference once their quarantine is over, and receipts applied."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from wherry.cases.actions import look_again_all
from wherry.database.context import acting_as, app_now, wall_now
from wherry.foundation.actors import WORKER
from wherry.journeys.hand_off import provider_at_hand
from wherry.journeys.one_by_one import one_by_one, together
from wherry.outreach.actions import Word, happened_all
from wherry.outreach.errors import HeldBack, InDoubt
from wherry.outreach.models import Attempt, Receipt
from wherry.outreach.queries import attempts_by_reference, attempts_in_doubt, unapplied_receipts
from wherry.outreach.types import AttemptEvent, AttemptState

log = logging.getLogger(__name__)


def settle_doubts() -> int:
    """
    Look up every hand-off nobody knows the end of, once its quarantine is over. Returns how many were settled.

    One hit: it was sent. None: it may go again, under the same reference. More than one: sent, and an alarm.
    """
    with acting_as(WORKER):
        doubtful = attempts_in_doubt(wall_now=wall_now())
    return one_by_one(doubtful, _settle)


def _settle(attempt: Attempt) -> int:
    try:
        with provider_at_hand() as client:
            found = client.find(reference=str(attempt.reference))
    except (InDoubt, HeldBack):
        return 0
    if len(found) > 1:
        log.critical("reference %s is known to the provider %d times", attempt.reference, len(found))
    begun, known_as = attempt.attempted_at, found[0] if found else ""
    event = AttemptEvent.FOUND if found else AttemptEvent.NOT_FOUND
    cut_short = Word(attempt.pk, AttemptEvent.DOUBT, "the hand-off was cut short", of_hand_off=begun)
    looked_up = Word(attempt.pk, event, "looked up by its reference", known_as, of_hand_off=begun)
    with acting_as(WORKER):
        happened_all(by=WORKER, words=[cut_short, looked_up], now=app_now())
    return 1


_BY_WORD = {
    "sent": AttemptEvent.RECEIPT_SENT,
    "failed": AttemptEvent.RECEIPT_FAILED,
    "delivered": AttemptEvent.RECEIPT_DELIVERED,
}


def apply_receipts() -> int:
    """Apply providers' words in the order they came; repeated, late and unknown ones change nothing."""
    with acting_as(WORKER):
        waiting = [receipt.pk for receipt in unapplied_receipts(limit=1_000)]
    return together(waiting, _apply, size=200)


def _apply(receipt_ids: Sequence[UUID]) -> int:
    with acting_as(WORKER):
        now = app_now()
        receipts = unapplied_receipts(only=receipt_ids, limit=len(receipt_ids))
        known = attempts_by_reference(references=[one.reference for one in receipts])
        ours = [one for one in receipts if one.reference in known and one.event in _BY_WORD]
        words = [Word(known[one.reference].pk, _BY_WORD[one.event], "the provider's receipt") for one in ours]
        states = dict(zip([one.pk for one in ours], happened_all(by=WORKER, words=words, now=now), strict=True))
        failed = [known[one.reference] for one in ours if states[one.pk] is AttemptState.FAILED]
        look_again_all(at={attempt.occurrence_id: now for attempt in failed})
        for receipt in receipts:
            receipt.applied_at, receipt.outcome = now, str(states.get(receipt.pk, "unknown"))
        Receipt.objects.bulk_update(receipts, ["applied_at", "outcome"])
    return len(receipts)
