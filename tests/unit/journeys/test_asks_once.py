"""A programme that asks once: an answer is never followed by a second question, and no page promises one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest

from wherry.cases.types import State
from wherry.journeys import agree_the_list, take_checkin
from wherry.programmes import definition
from wherry.programmes.files import load
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Section
from wherry.web.person import afterwards

SECTION = load(Path(__file__).parents[3] / "programmes" / "covid_protect").sections["programme"]
NOW = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
CASE = SimpleNamespace()


def section(**changed: object) -> Section:
    data = {key: value for key, value in {**SECTION.data, **changed}.items() if value is not None}
    return Section(path=SECTION.path, data=data, lines=SECTION.lines)


ONCE = section(check_in_every_days=None, asks_once=True)


@pytest.mark.parametrize(("told", "due"), [(ONCE, []), (section(), [(CASE, 2)])])
def test_once_means_once_and_a_day_means_every_day(
    told: Section, due: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    force = SimpleNamespace(programme=definition.parse(told))
    monkeypatch.setattr(agree_the_list, "in_force", lambda *, programme: force)
    monkeypatch.setattr(agree_the_list, "cases_due_an_occurrence", lambda **_: [(CASE, 2)])

    assert agree_the_list.cases_whose_next_is_due(programme="a", now=NOW) == due


@pytest.mark.parametrize(("told", "day"), [(ONCE, None), (section(), dt.date(2026, 3, 3))])
def test_the_page_afterwards_promises_no_other_day_where_nobody_is_asked_again(
    told: Section, day: dt.date | None
) -> None:
    force = SimpleNamespace(programme=definition.parse(told))
    invitation = SimpleNamespace(occurrence=SimpleNamespace(opened_at=NOW))

    assert afterwards._next_day(invitation, force, NOW) == day  # type: ignore[arg-type]


def test_a_programme_says_one_of_the_two() -> None:
    neither, both = section(check_in_every_days=None), section(asks_once=True)

    assert schema_problems(section=ONCE, schema=definition.SCHEMA) == ()
    [missing] = schema_problems(section=neither, schema=definition.SCHEMA)
    assert "one of check_in_every_days, check_in_every_hours, asks_once missing" in missing.what
    [twice] = schema_problems(section=both, schema=definition.SCHEMA)
    assert "check_in_every_days and asks_once stand together" in twice.what


@pytest.mark.parametrize(("declined", "state"), [(True, State.DECLINED), (False, State.REACHED)])
def test_who_says_no_to_all_of_it_has_declined_and_is_asked_no_more(
    declined: bool, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[object] = []
    monkeypatch.setattr(take_checkin, "cancel_tasks", lambda **_: None)
    monkeypatch.setattr(take_checkin, "move_occurrence", lambda **given: moved.append(given["to"]))
    response = SimpleNamespace(occurrence=SimpleNamespace(state=State.EXHAUSTED), case_id=None, channel="web")

    take_checkin._settle_occurrence(response=response, declined=declined, now=NOW)  # type: ignore[arg-type]

    assert moved == [state]
