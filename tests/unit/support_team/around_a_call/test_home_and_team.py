"""What waits, on a caller's home and a supervisor's page."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from tests.support.around_a_call import a_red_flag, claim, minutes
from tests.support.county_of_one import County, a_task
from tests.support.roles import as_role
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.worklist.models import TaskEvent

pytestmark = pytest.mark.django_db


def test_the_home_counts_now_and_later_apart(caller: Client, county: County) -> None:
    with acting_as(WORKER):
        now = app_now()
    a_task(county=county, kind="call_back")
    a_task(county=county, kind="need", not_before=now + dt.timedelta(hours=2))
    a_task(county=county, kind="read_words", not_before=now + dt.timedelta(days=2))
    with as_role("web"):
        page = caller.get("/support/").content.decode()
    assert re.search(r"To ring now</dt><dd>1\b", page)
    assert re.search(r"Later today</dt><dd>1 <span>1 after today", page)


def test_a_red_flag_is_announced_and_comes_before_what_was_promised(caller: Client, county: County) -> None:
    promised = a_task(county=county)
    flag = a_red_flag(county)
    with acting_as(WORKER):
        now = app_now()
        promised.change(kept_for=str(county.staff["caller"].pk), kept_until=now + dt.timedelta(hours=1))
    with as_role("web"):
        assert "1 red flag nobody has taken" in caller.get("/support/").content.decode()
        assert claim(caller).endswith(str(flag.pk))


def test_a_supervisor_sees_who_works_what_is_stuck_and_gives_it_out(
    supervisor: Client, caller: Client, colleague: Client, county: County
) -> None:
    task = a_task(county=county)
    with as_role("web"):
        address = claim(caller)
    minutes(5 * 60)
    with acting_as(WORKER):
        task.refresh_from_db()
        task.change(leased_until=app_now() + dt.timedelta(minutes=10))
    with as_role("web"):
        page = supervisor.get("/support/team").content.decode()
        assert "Check-in by telephone, 5 hours" in page
        assert f"/support/team/{task.pk}" in page
        assert "Ada" not in page
        one = supervisor.get(f"/support/team/{task.pk}").content.decode()
        assert "Ada" not in one
        assert "taken" in one
        kim = str(county.staff["kim"].pk)
        assert supervisor.post(f"/support/team/{task.pk}", {"to": "nobody"}).status_code == 400
        assert supervisor.post(f"/support/team/{task.pk}", {"to": kim})["Location"] == "/support/team"
        assert caller.get(address).status_code == 404
        assert claim(colleague) == address
        assert caller.get("/support/team").status_code == 403
    with acting_as(WORKER):
        assert TaskEvent.objects.filter(verb="reassigned").count() == 1
