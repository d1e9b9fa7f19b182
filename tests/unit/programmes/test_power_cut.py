"""When the power fails: hours, not days; a call before a text; nobody found for their age alone; nobody named ill."""

from __future__ import annotations

import datetime as dt
import re

from tests.support.shipped_programme import checked, files_of, red_flags_lacking, table_of
from wherry.outreach import definition as outreach
from wherry.outreach.types import Channel
from wherry.triage.types import Urgency

POWER = "power_cut"


def test_every_case_of_who_is_found_holds() -> None:
    found = checked(POWER)

    assert [str(problem) for problem in found.problems] == []
    assert any("cases of who is found run" in one for one in found.told)


def test_every_red_flag_has_a_case_a_hazard_and_words_in_every_language() -> None:
    assert red_flags_lacking(POWER) == []


def test_what_was_left_out_is_asked_again_the_same_day() -> None:
    assert table_of(POWER).incomplete.urgency is Urgency.TODAY


def test_silence_has_an_owner_within_three_hours_and_a_call_comes_first() -> None:
    cadence = outreach.parse(files_of(POWER).sections["cadence"])
    last = cadence.steps[-1]

    assert cadence.steps[0].channel is Channel.CALL and not cadence.steps[0].after
    assert last.after + last.patience <= dt.timedelta(hours=3)
    assert cadence.exhausted_owner.role == "supervisor"
    assert cadence.contact_hours.opens == dt.time(0) and cadence.contact_hours.closes == dt.time(23, 59)


def test_the_script_says_what_a_dead_line_means() -> None:
    script = files_of(POWER).sections["call_script"].data

    assert "broadband" in " ".join(script["opening"]) and "mast" in " ".join(script["opening"])
    assert "105" in " ".join(script["closing"])


def test_no_category_names_a_machine_or_an_illness() -> None:
    telling = re.compile(r"oxygen|ventilat|dialys|pump|insulin|lift|hoist|wheelchair|disease", re.IGNORECASE)
    risk = files_of(POWER).sections["risk"].data

    assert [one for one in risk["categories"] if telling.search(f"{one['category']} {one['words']}")] == []
