"""A call given to other hands, and a mis-tap taken back."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from tests.support.around_a_call import claim, form_at, minutes, stored, version_in
from tests.support.county_of_one import County, a_task, signed_in
from tests.support.roles import as_role
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time
from wherry.people.models import ContactPointRow

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("to", ["supervisor", "clinician"])
def test_a_call_handed_to_a_role_is_taken_by_it(caller: Client, county: County, to: str) -> None:
    a_task(county=county)
    other = signed_in(client=Client(), staff=county.staff[to])
    with as_role("web"):
        address = claim(caller)
        caller.post(f"{address}/over", form_at(caller, address, to=to, note="asks about the rules"))
        assert caller.post("/support/next")["Location"] == "/support/?nothing"
        assert claim(other) == address
        assert "asks about the rules" in other.get(address).content.decode()


def test_a_call_handed_to_a_colleague_is_on_their_home(caller: Client, colleague: Client, county: County) -> None:
    task = a_task(county=county)
    with as_role("web"):
        address = claim(caller)
        assert "Kim (caller)" in caller.get(address).content.decode()
        kim = str(county.staff["kim"].pk)
        assert caller.post(f"{address}/over", form_at(caller, address, to=str(uuid.uuid4()))).status_code == 400
        caller.post(f"{address}/over", form_at(caller, address, to=kim, note="speaks Polish"))
        assert "<strong>Now</strong> Check-in by telephone" in colleague.get("/support/").content.decode()
        assert caller.post("/support/next")["Location"] == "/support/?nothing"
        assert colleague.post(f"/support/task/{task.pk}/take")["Location"] == address
        assert caller.post(f"/support/task/{task.pk}/take").status_code == 404


def test_a_mis_tap_is_taken_back_as_it_was(caller: Client, county: County) -> None:
    task = a_task(county=county)
    before = stored(task)
    with as_role("web"):
        address = claim(caller)
        page = caller.get(address).content.decode()
        rang = re.search(r'name="rang"[^>]*? value="([^"]*)"', page).group(1)  # type: ignore[union-attr]
        form = {"version": version_in(page), "outcome": "wrong_number", "rang": rang}
        caller.post(f"{address}/outcome", form)
        assert "That was a mistake" in caller.get("/support/").content.decode()
        assert caller.post(f"{address}/undo")["Location"] == address
        assert caller.get(address).status_code == 200
        assert caller.post(f"{address}/undo").status_code in (400, 409)
    after = stored(task)
    assert (after.tries, after.not_before, after.due_at) == (before.tries, before.not_before, before.due_at)
    with acting_as(WORKER):
        assert not ContactPointRow.objects.filter(wrong_since__isnull=False).exists()
    with as_role("web"):
        assert "Rung before" not in caller.get(address).content.decode()
        assert "<dd>0</dd>" in caller.get("/support/").content.decode()


def test_a_tap_long_ago_is_not_taken_back(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_role("web"):
        address = claim(caller)
        caller.post(f"{address}/outcome", form_at(caller, address, outcome="voicemail"))
    minutes(20)
    with as_role("web"):
        assert "That was a mistake" not in caller.get("/support/").content.decode()
        assert caller.post(f"{address}/undo").status_code in (400, 409)


def test_a_try_in_the_evening_is_repeated_when_we_may_ring_again(caller: Client, county: County) -> None:
    task = a_task(county=county)
    minutes(7.5 * 60)
    with as_role("web"):
        address = claim(caller)
        assert "Somebody rings again tomorrow at 08:00" in caller.get(address).content.decode()
        caller.post(f"{address}/outcome", form_at(caller, address, outcome="no_answer_machine"))
    assert local_time(stored(task).not_before).strftime("%H:%M") == "08:00"
