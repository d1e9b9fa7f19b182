"""
What answers come to, drawn as tables. Each table uses the small definition below, not a programme's content.

A blank answer is unanswered. `flags` and `needs` are what comes out, nothing more.
"""

from __future__ import annotations

import pytest

from tests.support.triage_tables import SMALL, rows

UNSURE_IS_NOT_NO = """
breath   | chest | food     | tier | age || urgency   | flags        | needs                       | incomplete
no       | no    | enough   | 3    | 60  || none      |              |                             |
no       | no    |          | 3    | 60  || none      |              |                             |
         | no    | enough   | 3    | 60  || routine   |              | call:routine                | breath
no       |       | enough   | 3    | 60  || routine   |              | call:routine                | chest
         |       |          | 3    | 60  || routine   |              | call:routine                | breath,chest
not_sure | no    | enough   | 3    | 60  || today     |              | care:today                  |
no       | no    | not_sure | 3    | 60  || soon      |              | call:soon                   |
at_rest  | no    | enough   | 3    | 60  || emergency | breath       | care:emergency              |
at_rest  | yes   | none     | 3    | 60  || emergency | breath,chest | care:emergency,food:soon    |
at_rest  |       | none     | 3    | 60  || emergency | breath       | care:emergency,food:soon,call:routine | chest
"""

WHAT_IS_KNOWN_OF_A_PERSON = """
breath | chest | food | tier | age || urgency | flags | needs      | incomplete
no     | no    | none | 3    | 74  || soon    |       | food:soon  |
no     | no    | none | 3    | 75  || today   |       | food:today |
no     | no    | none | 3    | 76  || today   |       | food:today |
no     | no    | none | 2    | 60  || soon    |       | food:soon  |
no     | no    | none | 1    | 60  || today   |       | food:today |
no     | no    | none |      | 60  || today   |       | food:today |
no     | no    | none | 3    |     || today   |       | food:today |
no     | no    | none |      |     || today   |       | food:today |
"""


@pytest.mark.parametrize("row", rows(UNSURE_IS_NOT_NO), ids=str)
def test_unanswered_and_not_sure_are_never_no(row: dict[str, str]) -> None:
    assert SMALL.decided(row) == SMALL.expected(row)


@pytest.mark.parametrize("row", rows(WHAT_IS_KNOWN_OF_A_PERSON), ids=str)
def test_what_is_not_known_of_a_person_counts_as_the_worse_case(row: dict[str, str]) -> None:
    assert SMALL.decided(row) == SMALL.expected(row)
