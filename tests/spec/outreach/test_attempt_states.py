"""What each event does to an attempt, drawn as a table with the letters of `rules.advance`; a dot changes nothing."""

from __future__ import annotations

import pytest

from wherry.outreach.rules.attempts import advance
from wherry.outreach.types import AttemptEvent, AttemptState

LETTERS = {
    "I": AttemptState.INTENDED,
    "H": AttemptState.HANDING_OFF,
    "Q": AttemptState.IN_DOUBT,
    "R": AttemptState.REFUSED,
    "S": AttemptState.SENT,
    "F": AttemptState.FAILED,
    "D": AttemptState.DELIVERED,
}

TABLE = """
event              I  H  Q  R  S  F  D
hand_off           H  .  .  .  .  .  .
accepted           .  S  S  .  .  .  .
not_accepted       .  R  .  .  .  .  .
doubt              .  Q  .  .  .  .  .
held_back          .  I  .  .  .  .  .
found              .  .  S  .  .  .  .
not_found          .  .  I  .  .  .  .
gate_refused       R  .  .  .  .  .  .
receipt_sent       S  S  S  S  .  .  .
receipt_failed     F  F  F  F  F  .  .
receipt_delivered  D  D  D  D  D  D  .
"""
HEADER, *ROWS = (line.split() for line in TABLE.strip().splitlines())
CELLS = [(row[0], start, after) for row in ROWS for start, after in zip(HEADER[1:], row[1:], strict=True)]


@pytest.mark.parametrize(("event", "start", "after"), CELLS)
def test_each_event_does_what_is_drawn(event, start, after):
    expected = LETTERS[start if after == "." else after]

    assert advance(LETTERS[start], AttemptEvent(event)) is expected


def test_the_table_is_whole():
    assert [row[0] for row in ROWS] == [event.value for event in AttemptEvent]
    assert set(HEADER[1:]) == set(LETTERS)
    assert set(LETTERS.values()) == set(AttemptState)
