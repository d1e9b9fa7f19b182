"""What may be done to a call to action, drawn as a table: a dot is a move that is refused."""

from __future__ import annotations

import pytest

from wherry.referrals.errors import MoveNotAllowed
from wherry.referrals.rules import is_open, move, verbs_for
from wherry.referrals.types import State, Verb

TABLE = """
from       accept    decline   lapse   finish  confirm    dispute   withdraw
offered    accepted  declined  lapsed  .       .          .         withdrawn
accepted   .         declined  .       done    .          .         withdrawn
declined   .         .         .       .       .          .         .
lapsed     .         .         .       .       .          .         .
done       .         .         .       .       confirmed  disputed  .
confirmed  .         .         .       .       .          .         .
disputed   .         .         .       .       .          .         .
withdrawn  .         .         .       .       .          .         .
"""
HEADER, *ROWS = (line.split() for line in TABLE.strip().splitlines())
CELLS = [(row[0], verb, after) for row in ROWS for verb, after in zip(HEADER[1:], row[1:], strict=True)]


@pytest.mark.parametrize(("state", "verb", "after"), CELLS)
def test_each_move_is_as_drawn(state, verb, after):
    if after == ".":
        with pytest.raises(MoveNotAllowed, match=f"{state} cannot take {verb}"):
            move(State(state), Verb(verb))
    else:
        assert move(State(state), Verb(verb)) is State(after)


def test_the_table_is_whole():
    assert [row[0] for row in ROWS] == [state.value for state in State]
    assert HEADER[1:] == [verb.value for verb in Verb]


@pytest.mark.parametrize("state", State)
def test_a_call_to_action_is_open_exactly_while_something_can_be_done(state):
    assert is_open(state) is bool(verbs_for(state))
