"""What follows a call, drawn as a table. Waits: 3 h after the first try, 21 h after the second; three tries in all."""

from __future__ import annotations

import datetime as dt

import pytest

from wherry.worklist.rules import after_outcome
from wherry.worklist.types import CallPolicy, Done, Outcome, Retry, TriesUsedUp, VerifyDeath

POLICY = CallPolicy(
    retry_after=(dt.timedelta(hours=3), dt.timedelta(hours=21)),
    call_back_after=dt.timedelta(hours=4),
    lease_seconds=1200,
)

TABLE = """
outcome             | other number | 1st try      | 2nd try       | 3rd try
callback_complete   | no           | done         | done          | done
refused_to_engage   | no           | declined     | declined      | declined
call_rescheduled    | no           | in 4 h       | in 4 h        | in 4 h
interpreter_needed  | no           | in 4 h, with | in 4 h, with  | in 4 h, with
voicemail           | no           | in 3 h       | in 21 h       | used up
no_answer_machine   | no           | in 3 h       | in 21 h       | used up
wrong_number        | no           | used up      | used up       | used up
wrong_number        | yes          | in 3 h, else | in 21 h, else | used up
died                | no           | verify       | verify        | verify
"""


def in_words(found):
    match found:
        case Done(declined=declined):
            return "declined" if declined else "done"
        case Retry(after=after, other_number=other, skill=skill):
            words = f"in {after // dt.timedelta(hours=1)} h"
            return words + (", else" if other else "") + (", with" if skill else "")
        case TriesUsedUp():
            return "used up"
        case VerifyDeath():
            return "verify"


_, *ROWS = ([cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines())
CELLS = [(row[0], row[1], tries, row[1 + tries]) for row in ROWS for tries in (1, 2, 3)]


@pytest.mark.parametrize(("outcome", "other", "tries", "words"), CELLS)
def test_what_follows_each_outcome_is_as_drawn(outcome, other, tries, words):
    found = after_outcome(outcome=Outcome(outcome), tries=tries, policy=POLICY, has_other_number=other == "yes")

    assert in_words(found) == words


def test_the_table_names_every_outcome():
    assert {row[0] for row in ROWS} == {outcome.value for outcome in Outcome}
    assert POLICY.most_tries == 3


def test_a_call_nobody_made_has_no_outcome():
    with pytest.raises(ValueError, match="counts as a try"):
        after_outcome(outcome=Outcome.SPOKE, tries=0, policy=POLICY)
