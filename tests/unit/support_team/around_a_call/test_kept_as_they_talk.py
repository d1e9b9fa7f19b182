"""What is said in a call is kept as they talk, and is there for whoever takes it next."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from tests.support.around_a_call import JSON, claim, form_at, minutes, stored
from tests.support.county_of_one import County, a_task
from tests.support.roles import as_role
from wherry.checkin.models import Alarm, Response
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.journeys.take_checkin import hear_alarm
from wherry.triage.models import RedFlag
from wherry.worklist.models import CallDraft, Task

pytestmark = pytest.mark.django_db


def test_what_is_said_is_kept_at_once_and_shown_again(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_role("web"):
        address = claim(caller)
        kept = caller.post(f"{address}/draft", {"food": "none", "anything_else": "no bread\0"}, **JSON)
        page = caller.get(address).content.decode()
    assert kept.json() == {"saved": "11:00", "stop": []}
    assert re.search(r'value="none"[^>]*checked', page)
    assert "no bread" in page
    assert "Kept at 11:00" in page


def test_without_a_script_a_group_is_kept_by_its_button_and_the_next_one_follows(
    caller: Client, county: County
) -> None:
    a_task(county=county)
    with as_role("web"):
        address = claim(caller)
        answer = caller.post(f"{address}/draft", {"breathless": "no", "save": "things_you_need"})
        odd = caller.post(f"{address}/draft", {"breathless": "no", "save": "//elsewhere.example"})
    assert answer["Location"] == f"{address}#things_you_need"
    assert odd["Location"] == f"{address}#send"


def test_a_red_flag_said_on_the_telephone_is_raised_before_the_call_ends_h_02(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_role("web"):
        address = claim(caller)
        said = caller.post(f"{address}/draft", {"breathless": "at_rest"}, **JSON).json()
        page = caller.get(address).content.decode()
    assert said["stop"] == ["Short of breath sitting still"]
    assert 'role="alert" tabindex="-1">' in page
    with acting_as(WORKER):
        alarm = Alarm.objects.get()
        hear_alarm(alarm_id=alarm.pk)
        assert Task.objects.filter(kind="red_flag", state="open").count() == 1
        assert RedFlag.objects.get().closed_at is None
    assert alarm.channel == "phone"


def test_what_was_kept_goes_to_whoever_takes_the_call_next_and_goes_when_it_is_stored(
    caller: Client, colleague: Client, county: County
) -> None:
    a_task(county=county)
    with as_role("web"):
        address = claim(caller)
        caller.post(f"{address}/draft", {"food": "none"}, **JSON)
        caller.post(f"{address}/back", form_at(caller, address, why="lunch"))
        assert claim(colleague) == address
        page = colleague.get(address).content.decode()
        assert re.search(r'value="none"[^>]*checked', page)
        assert "“lunch”" in page
        colleague.post(f"{address}/answers", {"food": "none", "key": str(uuid.uuid4())})
    with acting_as(WORKER):
        assert Response.objects.get().answers == {"food": "none"}
        assert CallDraft.objects.count() == 0


def test_what_was_said_before_they_refused_is_stored_all_the_same(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_role("web"):
        address = claim(caller)
        caller.post(f"{address}/draft", {"food": "none"}, **JSON)
        caller.post(f"{address}/outcome", form_at(caller, address, outcome="refused_to_engage"))
    with acting_as(WORKER):
        assert Response.objects.get().answers == {"food": "none"}


def test_a_task_without_questions_keeps_none(caller: Client, county: County) -> None:
    a_task(county=county, kind="did_it_help")
    with as_role("web"):
        assert caller.post(f"{claim(caller)}/draft", {"food": "none"}).status_code == 400


def test_a_lease_that_ran_out_loses_nothing_while_nobody_else_took_the_call(caller: Client, county: County) -> None:
    task = a_task(county=county)
    with as_role("web"):
        address = claim(caller)
        form = form_at(caller, address, outcome="voicemail")
    minutes(25)
    with as_role("web"):
        gone = caller.get(address)
        assert gone.status_code == 404
        assert "Go on with this call" in gone.content.decode()
        assert caller.post(f"{address}/draft", {"food": "none"}, **JSON).status_code == 200
    minutes(25)
    with as_role("web"):
        assert caller.post(f"{address}/outcome", form)["Location"] == "/support/"
    assert (stored(task).state, stored(task).tries) == ("open", 1)


def test_a_call_a_colleague_took_meanwhile_is_said_kindly_with_what_was_not_saved(
    caller: Client, colleague: Client, county: County
) -> None:
    a_task(county=county)
    with as_role("web"):
        address = claim(caller)
    minutes(25)
    with as_role("web"):
        assert claim(colleague) == address
        assert caller.post(f"{address}/draft", {"food": "none"}, **JSON).status_code == 409
        page = caller.post(f"{address}/answers", {"anything_else": "no bread", "key": "x"})
    assert page.status_code == 404
    assert "a colleague is ringing now" in page.content.decode()
    assert "anything else: no bread" in page.content.decode()
