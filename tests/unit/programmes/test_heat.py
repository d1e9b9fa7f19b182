"""Hot weather: found by the guidance, rung the same day, told nothing that harms whoever must drink less."""

from __future__ import annotations

import datetime as dt
import re

from tests.support.shipped_programme import checked, files_of, red_flags_lacking, table_of
from wherry.outreach import definition as outreach
from wherry.outreach.types import Channel
from wherry.triage.types import Urgency

HEAT = "heat"


def test_every_case_of_who_is_found_holds() -> None:
    found = checked(HEAT)

    assert [str(problem) for problem in found.problems] == []
    assert any("cases of who is found run" in one for one in found.told)


def test_every_red_flag_has_a_case_a_hazard_and_words_in_every_language() -> None:
    assert red_flags_lacking(HEAT) == []


def test_what_was_left_out_is_asked_again_the_same_day() -> None:
    assert table_of(HEAT).incomplete.urgency is Urgency.TODAY


def test_silence_is_rung_on_the_day() -> None:
    cadence = outreach.parse(files_of(HEAT).sections["cadence"])
    call = next(step for step in cadence.steps if step.channel is Channel.CALL)

    assert call.after <= dt.timedelta(hours=6)
    assert cadence.steps[0].hours and cadence.steps[0].hours.opens <= dt.time(9)


def test_advice_names_no_amount_and_minds_whoever_must_drink_less() -> None:
    files = files_of(HEAT)
    words = str([files.sections[name].data for name in files.sections if name.startswith("messages/")])
    script = str(files.sections["call_script"].data["closing"])

    assert not re.search(r"\b(lit(re|er|ro)s?|glass(es)?|pints?|\d+ ?ml)\b", words + script, re.IGNORECASE)
    assert "told them to drink less" in script and "Do not stop a medicine" in script
