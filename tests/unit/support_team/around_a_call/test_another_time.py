"""A call promised for another time."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from tests.support.around_a_call import a_red_flag, claim, form_at, minutes, stored
from tests.support.county_of_one import County, a_task
from tests.support.roles import as_role
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time

pytestmark = pytest.mark.django_db


def test_a_promised_call_waits_for_who_promised_it_then_for_anybody(
    caller: Client, colleague: Client, county: County
) -> None:
    task = a_task(county=county)
    with as_role("web"):
        address = claim(caller)
        page = caller.get(address).content.decode()
        assert "Today at 12:00" in page
        when = re.findall(r'name="when"[^>]*? value="([^"]+)"', page)[0]
        form = form_at(caller, address, when=when, words="after the carer has left")
        assert caller.post(f"{address}/later", form)["Location"] == "/support/"
        home = caller.get("/support/").content.decode()
        assert "they asked for another time" in home
        assert "<strong>12:00</strong> Check-in by telephone" in home
        assert caller.post("/support/next")["Location"] == "/support/?nothing"
    minutes(65)
    with as_role("web"):
        assert colleague.post("/support/next")["Location"] == "/support/?nothing"
        assert "Ring now" in caller.get("/support/").content.decode()
        assert claim(caller) == address
        assert "“after the carer has left”" in caller.get(address).content.decode()
        caller.post(f"{address}/later", form_at(caller, address, when="other", day=day_of(0), time="13:00"))
    minutes(100)
    with as_role("web"):
        assert claim(colleague) == address
    assert stored(task).tries == 0


def day_of(days: int) -> str:
    with acting_as(WORKER):
        return f"{local_time(app_now()).date() + dt.timedelta(days=days):%Y-%m-%d}"


@pytest.mark.parametrize(("days", "time"), [(0, "10:00"), (1, "21:30"), (9, "11:00"), (0, ""), (0, "never")])
def test_a_time_we_cannot_ring_at_is_refused_and_the_call_stays(
    caller: Client, county: County, days: int, time: str
) -> None:
    task = a_task(county=county)
    with as_role("web"):
        address = claim(caller)
        form = form_at(caller, address, when="other", day=day_of(days), time=time)
        assert caller.post(f"{address}/later", form).status_code == 400
    assert stored(task).state == "claimed"


@pytest.mark.parametrize(("kind", "longest"), [("red_flag", 30), ("exhausted", 24 * 60)])
def test_a_red_flag_and_somebody_nobody_reached_are_never_put_aside_h_02_h_06(
    supervisor: Client, county: County, kind: str, longest: int
) -> None:
    task = a_red_flag(county) if kind == "red_flag" else a_task(county=county, kind=kind)
    with as_role("web"):
        address = claim(supervisor)
        page = supervisor.get(address).content.decode()
        assert "This cannot be put off" in page
        supervisor.post(f"{address}/later", form_at(supervisor, address, when="other", day=day_of(2), time="10:00"))
    with acting_as(WORKER):
        now = app_now()
    after = stored(task)
    assert after.state == "open"
    assert after.not_before <= now + dt.timedelta(minutes=longest)
    assert after.due_at == task.due_at
