"""A letter's code survives the way somebody types it, and a slip is seen before anything is looked up."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherry.checkin.letter_codes import LETTERS, letter_code, read_letter_code, token_of_code
from wherry.checkin.links import token_for

KEY = b"an invented key"
IDS = st.uuids()


@given(IDS)
def test_a_code_is_three_groups_of_four_without_look_alikes(occurrence_id: uuid.UUID) -> None:
    code = letter_code(occurrence_id=occurrence_id, key=KEY)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", code)
    assert code == letter_code(occurrence_id=occurrence_id, key=KEY)


@given(IDS)
def test_it_leads_to_the_same_link_however_it_is_typed(occurrence_id: uuid.UUID) -> None:
    code = letter_code(occurrence_id=occurrence_id, key=KEY)
    plain = code.replace("-", "")
    for typed in (
        code,
        plain.lower(),
        f" {' '.join(plain)} ",
        code.replace("0", "o").replace("1", "I").replace("V", "u"),
    ):
        assert read_letter_code(typed) == plain
    assert token_of_code(code=plain, key=KEY) == token_for(occurrence_id=occurrence_id, key=KEY)


@given(IDS, st.integers(0, 11), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_always_seen(occurrence_id: uuid.UUID, place: int, letter: str) -> None:
    plain = letter_code(occurrence_id=occurrence_id, key=KEY).replace("-", "")
    slip = plain[:place] + letter + plain[place + 1 :]
    assert read_letter_code(slip) == (plain if slip == plain else None)


@pytest.mark.parametrize("typed", ["", "K7P4", "K7P4-M9XH-2TQ!", "K7P4-M9XH-2TQW-K7P4", "é" * 12, "\0" * 12])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_letter_code(typed) is None


def test_another_key_gives_another_code_and_another_link() -> None:
    one = uuid.UUID(int=1)
    assert letter_code(occurrence_id=one, key=KEY) != letter_code(occurrence_id=one, key=b"another")
    assert token_of_code(code="0" * 12, key=KEY) != token_of_code(code="0" * 12, key=b"another")
