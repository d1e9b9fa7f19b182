"""A cadence is walked to its end: over its caps, past its hours, without an owner or with a step nobody comes to."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.reaching import cadence
from wherry.foundation.content import content_folder
from wherry.journeys.check_programme import check
from wherry.outreach.rules import next_contact
from wherry.outreach.types import Caps, RefusalReason
from wherry.outreach.walks import clock_changes, walk_all
from wherry.programmes.files import load

YEAR = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 12, 31)}
SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)
HOUR = dt.timedelta(hours=1)


def test_the_small_cadence_ends_with_its_owner_over_both_clock_changes() -> None:
    walked = walk_all(cadence=cadence(), **YEAR)

    assert (walked.refused, walked.endless, walked.clock_changes) == ((), False, (SPRING, AUTUMN))
    assert walked.steps == {"first", "second", "call", "letter"}
    assert walked.longest < dt.timedelta(days=10)


@pytest.mark.parametrize(
    ("caps", "reason"),
    [
        (Caps(per_person=1, per_number=9, per_household=9), RefusalReason.CAP_PERSON),
        (Caps(per_person=9, per_number=1, per_household=9), RefusalReason.CAP_NUMBER),
        (Caps(per_person=9, per_number=9, per_household=1), RefusalReason.CAP_HOUSEHOLD),
    ],
)
def test_a_second_contact_on_one_day_is_over_a_cap_of_one(caps: Caps, reason: RefusalReason) -> None:
    walked = walk_all(cadence=replace(cadence(), caps=caps), **YEAR)

    assert [(one.step_id, one.reason, one.number) for one in walked.refused] == [("second", reason, 2)]


def test_a_step_that_is_stale_when_its_turn_comes_is_one_nobody_comes_to() -> None:
    plan = cadence()
    patient = replace(plan, steps=(replace(plan.steps[0], patience=40 * HOUR), *plan.steps[1:]))

    walked = walk_all(cadence=patient, **YEAR)

    assert walked.after_silence == {"first", "call", "letter"}


def test_patience_beyond_a_year_is_silence() -> None:
    plan = cadence()

    assert walk_all(cadence=replace(plan, steps=(replace(plan.steps[0], patience=10_000 * HOUR),)), **YEAR).endless


def test_rules_that_forgot_the_hours_would_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(next_contact, "next_opening", lambda *, hours, moment: moment)

    walked = walk_all.__wrapped__(cadence=cadence(), **YEAR)

    assert {one.reason for one in walked.refused} == {RefusalReason.OUTSIDE_HOURS}


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "changes"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 12, 31), (SPRING, AUTUMN)),
        (SPRING, SPRING, (SPRING,)),
        (dt.date(2026, 3, 30), dt.date(2026, 10, 24), ()),
        (dt.date(2027, 3, 1), dt.date(2028, 4, 1), (dt.date(2027, 3, 28), dt.date(2027, 10, 31), dt.date(2028, 3, 26))),
    ],
)
def test_the_days_of_changing_clocks_are_found(starts_on, ends_on, changes) -> None:  # type: ignore[no-untyped-def]
    assert clock_changes(starts_on=starts_on, ends_on=ends_on) == changes


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("per_person: 3", "per_person: 1", r"the step second_text would be contact 2 on one day, and caps.per_person"),
        ("patience_hours: 5\n", "patience_hours: 40\n", "nobody who stays silent comes to the step second_text: when"),
    ],
)
def test_the_check_says_so_at_the_line_of_the_step(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "covid_protect"
    folder.mkdir()
    for file in (content_folder("programmes") / "covid_protect").rglob("*.*"):
        copy = folder / file.relative_to(content_folder("programmes") / "covid_protect")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    text = (folder / "cadence.yaml").read_text()
    assert old in text
    (folder / "cadence.yaml").write_text(text.replace(old, new))

    found = [one for one in check(files=load(folder)).problems if said in one.what]

    assert found, check(files=load(folder)).problems
    lines = (folder / "cadence.yaml").read_text().splitlines()
    assert any(word in lines[found[0].line - 1] for word in ("second_text", "steps"))
