from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path

import pytest

from wherry.programmes.files import load
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Section
from wherry.worklist.definition import ENDS_SPOKEN, SCHEMA, parse, problems
from wherry.worklist.types import Outcome

SECTION = load(Path(__file__).parents[3] / "programmes" / "covid_protect").sections["call_script"]


def changed(key, value):
    data = copy.deepcopy(SECTION.data)
    data[key] = {**data[key], **value} if key == "red_flag" else value
    return Section(path=SECTION.path, data=data, lines=SECTION.lines)


def test_the_shipped_script_has_no_problem():
    assert schema_problems(section=SECTION, schema=SCHEMA) == ()
    assert problems(parse(SECTION), SECTION) == ()


def test_a_script_is_read_whole():
    script = parse(SECTION)

    assert set(script.outcomes) == set(Outcome)
    assert script.policy.retry_after == (dt.timedelta(hours=3), dt.timedelta(hours=21))
    assert "999" in " ".join(script.red_flag_stop)


def test_an_outcome_without_a_button_is_refused():
    outcomes = {name: words for name, words in SECTION.data["outcomes"].items() if name != "died"}

    assert schema_problems(section=changed("outcomes", outcomes), schema=SCHEMA)


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("opening", ["You are on our list of patients."], "“list” is said before we know who is listening"),
        ("voicemail", "About your diabetes", "“diabetes” is said before we know who is listening"),
        ("red_flag_stop", ["Somebody will ring you."], "the red-flag stop line does not say to ring 999"),
        ("outcomes", dict.fromkeys(Outcome, "ended"), "two outcomes have the same words"),
        ("red_flag", {"voicemail": "Nothing is wrong."}, "the message left about a red flag does not say to ring 999"),
        (
            "red_flag",
            {"voicemail": "Ring us when it suits you, or 999."},
            "“when it suits” in the message left about a red flag would make them wait",
        ),
        ("red_flag", {"opening": ["About your cancer"]}, "“cancer” is said before we know who is listening"),
        ("red_flag", {"ask": ["How are you?"]}, "nothing to ask about a red flag names 999"),
        (
            "red_flag",
            {"endings": [{"code": one, "words": "Settled", "then": "x"} for one in ("a", "b")]},
            "two endings of a red flag are the same",
        ),
        ("spoke_about", dict.fromkeys(ENDS_SPOKEN, "Nobody answered"), "two outcomes have the same words"),
    ],
)
def test_what_the_schema_cannot_see_is_found(key, value, what):
    section = changed(key, value)

    assert what in [problem.what for problem in problems(parse(section), section)]
