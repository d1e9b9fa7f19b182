"""Answers that say no to all of it: when a case is declined, and when something else comes first."""

from __future__ import annotations

import pytest

from wherry.foundation.content import content_folder
from wherry.journeys.read_programme import triage_table
from wherry.programmes.files import load
from wherry.triage.rules import as_plain, decide

TABLE = triage_table(files=load(content_folder("programmes") / "diabetes_prevention"))


@pytest.mark.parametrize("said", ["no", "not_now", "already"])
def test_who_says_no_and_needs_nobody_has_declined(said: str) -> None:
    decision = decide(definition=TABLE, answers={"place": said, "very_thirsty": "no"}, context={})

    assert decision.declined
    assert decision.needs == ()
    assert as_plain(decision)["declined"] is True


@pytest.mark.parametrize(
    "besides",
    [
        {"very_thirsty": "yes"},
        {"very_thirsty": "not_sure"},
        {"very_thirsty": None},
        {"anything_else": "I am caring for my mother"},
        {"rather_say": True},
    ],
)
def test_who_says_no_and_needs_somebody_has_not_declined(besides: dict[str, object]) -> None:
    decision = decide(definition=TABLE, answers={"place": "no", "very_thirsty": "no", **besides}, context={})

    assert not decision.declined
    assert decision.needs
    assert "declined" not in as_plain(decision)


@pytest.mark.parametrize("said", [None, "yes", "talk_first"])
def test_silence_and_a_yes_are_no_declining(said: str | None) -> None:
    assert not decide(definition=TABLE, answers={"place": said, "very_thirsty": "no"}, context={}).declined
