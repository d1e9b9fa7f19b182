"""A programme that asks again within hours: counted from the answer, not from when the question was opened."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from uuid import UUID

import pytest

from tests.support import county_of_one as made_of_one
from tests.support.county_of_one import county_of_one
from tests.support.in_force import put_in_force
from tests.support.shipped_programme import files_of
from wherry.cases.actions import move_occurrence
from wherry.cases.types import State
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.agree_the_list import cases_whose_next_is_due
from wherry.programmes import definition
from wherry.web.person import afterwards

POWER = "power_cut"


@pytest.mark.django_db
def test_somebody_is_asked_again_four_hours_after_they_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_of_one, "PROGRAMME", POWER)
    with acting_as(WORKER):
        put_in_force(POWER, version=UUID("00000000-0000-4000-8000-000000000009"))
    county = county_of_one()
    with acting_as(WORKER):
        answered = app_now() + dt.timedelta(hours=3)  # three hours after they were first rung

        assert cases_whose_next_is_due(programme=POWER, now=answered + dt.timedelta(days=1)) == [], "no answer yet"
        move_occurrence(by=WORKER, occurrence=county.occurrence, to=State.REACHED, why="answered", now=answered)

        early = answered + dt.timedelta(hours=3, minutes=59)
        assert cases_whose_next_is_due(programme=POWER, now=early) == []
        [(case, number)] = cases_whose_next_is_due(programme=POWER, now=answered + dt.timedelta(hours=4))
        assert (case.pk, number) == (county.case.pk, 2)


def test_the_page_names_the_day_it_will_be() -> None:
    programme = definition.parse(files_of(POWER).sections["programme"])
    force, at = SimpleNamespace(programme=programme), dt.datetime(2026, 11, 24, 21, tzinfo=dt.UTC)
    used = SimpleNamespace(used_at=at, occurrence=SimpleNamespace(opened_at=at))

    assert afterwards._next_day(used, force, at) == dt.date(2026, 11, 25)  # type: ignore[arg-type]
    earlier = SimpleNamespace(used_at=at - dt.timedelta(hours=9), occurrence=SimpleNamespace(opened_at=at))
    assert afterwards._next_day(earlier, force, at) == dt.date(2026, 11, 24)  # type: ignore[arg-type]
