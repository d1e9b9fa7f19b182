"""The states of one attempt, and what each event makes of them."""

from __future__ import annotations

from collections.abc import Mapping

from wherry.outreach.types import AttemptEvent, AttemptState

_RANK: Mapping[AttemptState, int] = {state: rank for rank, state in enumerate(AttemptState)}

_BY_RECEIPT: Mapping[AttemptEvent, AttemptState] = {
    AttemptEvent.RECEIPT_SENT: AttemptState.SENT,
    AttemptEvent.RECEIPT_FAILED: AttemptState.FAILED,
    AttemptEvent.RECEIPT_DELIVERED: AttemptState.DELIVERED,
}

_BY_US: Mapping[tuple[AttemptState, AttemptEvent], AttemptState] = {
    (AttemptState.INTENDED, AttemptEvent.HAND_OFF): AttemptState.HANDING_OFF,
    (AttemptState.INTENDED, AttemptEvent.GATE_REFUSED): AttemptState.REFUSED,
    (AttemptState.HANDING_OFF, AttemptEvent.ACCEPTED): AttemptState.SENT,
    (AttemptState.HANDING_OFF, AttemptEvent.NOT_ACCEPTED): AttemptState.REFUSED,
    (AttemptState.HANDING_OFF, AttemptEvent.HELD_BACK): AttemptState.INTENDED,
    (AttemptState.HANDING_OFF, AttemptEvent.DOUBT): AttemptState.IN_DOUBT,
    (AttemptState.IN_DOUBT, AttemptEvent.ACCEPTED): AttemptState.SENT,
    (AttemptState.IN_DOUBT, AttemptEvent.FOUND): AttemptState.SENT,
    (AttemptState.IN_DOUBT, AttemptEvent.NOT_FOUND): AttemptState.INTENDED,
}


def advance(current: AttemptState, event: AttemptEvent) -> AttemptState:
    r"""
    Give the state after an event; the same state when the event changes nothing.

        I ──hand_off──> H ──accepted──────────────> S ──receipt──> F ──receipt──> D
        │               ├──held_back──> I           ^                             ^
        │               ├──doubt──> Q ──found───────┘     every receipt: to its state, if that is further right
        │               │           └─not_found──> I  (same reference, after the quarantine)
        └─gate_refused─>R <──not_accepted── H

    Two ways lead back to I, and both know that nothing left: held_back and not_found. Receipts only ever climb
    (… < S < F < D), so duplicated, reordered and late ones give one answer: a delivery wins over a failure, since
    a provider may try again. A caller that must know whether its event counted compares the result with `current`.
    Hazards: H-05 (message sent twice).
    """
    by_receipt = _BY_RECEIPT.get(event)
    if by_receipt is not None:
        return max(current, by_receipt, key=_RANK.__getitem__)
    return _BY_US.get((current, event), current)
