"""Somebody rings us, or asked to be rung: where their help stands, what they wrote, and what they say now."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from tests.support.county_of_one import County, a_task, county_of_one, signed_in
from tests.support.database_roles import AsWeb
from wherry.cases.models import Occurrence
from wherry.checkin.models import Alarm, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import take_checkin
from wherry.triage.models import Need, RedFlag
from wherry.web.person.links import holder_of
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
WELL = {"breathless": "no", "chest_pain": "no", "safe_at_home": "yes", "food": "enough", "medicines": "enough"}
ASKED = {"family_name": "Testperson", "born-day": "27", "born-month": "3", "born-year": "1941", "postcode": "NR99 1AA"}


@pytest.fixture
def county() -> County:
    return county_of_one()


@pytest.fixture
def caller(county: County) -> Client:
    return signed_in(client=AsWeb(), staff=county.staff["caller"])


def answers(county: County, **said: str) -> None:
    """Let the resident send today's check-in, and the worker triage it."""
    by, invitation = holder_of(token=county.token), county.invitation
    with acting_as(by):
        take_checkin.take_answers(
            by=by,
            invitation=invitation,
            answers={**WELL, **said},
            answered_by=said.get("answering_for", "self"),
            now=app_now(),
        )
    triaged()


def triaged() -> None:
    with acting_as(WORKER):
        waiting = list(Response.objects.values_list("pk", flat=True))
    for pk in waiting:
        take_checkin.triage(response_id=pk)


def rings_in(client: Client, why: str = "rang_us") -> tuple[str, str]:
    page = client.post("/support/ringing-in", {**ASKED, "why": why}).content.decode()
    found = re.search(r'name="case" value="([^"]+)"', page)
    assert found
    address = client.post("/support/ringing-in", {**ASKED, "why": why, "case": found.group(1)})["Location"]
    return str(address), client.get(address).content.decode()


def opened(client: Client) -> tuple[str, str]:
    address = str(client.post("/support/next")["Location"])
    return address, client.get(address).content.decode()


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def test_whoever_rings_after_answering_is_told_where_their_help_stands(caller: Client, county: County) -> None:
    answers(county, food="none")
    _, page = rings_in(caller)
    assert "The help they asked for" in page
    assert re.search(r"<dt>Food</dt><dd>We look for somebody who can help \(they told us on ", page)
    assert "They are on the line with you now." in page
    assert "If you do not reach them" not in page


def test_for_somebody_else_who_rings_the_person_must_still_be_rung(caller: Client, county: County) -> None:
    answers(county)
    assert "If you do not reach them" in rings_in(caller, "worried")[1]


def test_a_new_need_said_on_the_telephone_is_a_check_in_of_its_own(caller: Client, county: County) -> None:
    answers(county)
    address, page = rings_in(caller)
    assert "If they say something new" in page
    form = {"key": field(page, "key"), "medicines": "none", "keep_in_touch": "yes"}
    assert caller.post(f"{address}/answers", form)["Location"] == f"{address}/after"
    triaged()
    with acting_as(WORKER):
        assert [one.channel for one in Response.objects.order_by("submitted_at")] == ["web", "phone"]
        assert Response.objects.get(channel="web").answers["medicines"] == "enough"
        assert Need.objects.filter(kind="medicines").count() == 1
        said = Occurrence.objects.order_by("number").last()
    assert said is not None
    assert (said.number, said.state) == (2, "reached")


def test_a_danger_said_in_such_a_call_is_raised_before_it_ends_h_02(caller: Client, county: County) -> None:
    answers(county, breathless="a_little")
    address, page = rings_in(caller)
    told = caller.post(
        f"{address}/draft", {"key": field(page, "key"), "breathless": "at_rest"}, headers={"Accept": "application/json"}
    )
    assert told.json()["stop"] == ["Short of breath sitting still"]
    with acting_as(WORKER):
        (alarm,) = Alarm.objects.all()
        take_checkin.hear_alarm(alarm_id=alarm.pk)
        assert RedFlag.objects.get().occurrence_id == alarm.occurrence_id
    assert alarm.channel == "phone"


def test_what_was_said_before_is_not_taken_back_by_what_is_said_now_h_02(caller: Client, county: County) -> None:
    by, invitation = holder_of(token=county.token), county.invitation
    with acting_as(by):
        take_checkin.save_answers(by=by, invitation=invitation, answers={"breathless": "at_rest"}, now=app_now())
    answers(county, breathless="at_rest")
    a_task(county=county, kind="call_back", about_id=county.case.pk, for_role="")
    with acting_as(WORKER):
        Task.objects.filter(kind="red_flag").update(state="cancelled")
    address, page = opened(caller)
    caller.post(f"{address}/draft", {"key": field(page, "key"), "food": "none"}, headers={"Accept": "application/json"})
    with acting_as(WORKER):
        assert not Alarm.objects.filter(taken_back_at__isnull=False).exists()


def test_a_draft_of_such_a_call_is_stored_however_it_ends(caller: Client, county: County) -> None:
    answers(county)
    address, page = rings_in(caller)
    caller.post(f"{address}/draft", {"key": field(page, "key"), "food": "none"})
    page = caller.get(address).content.decode()
    form = {"version": field(page, "version"), "outcome": "callback_complete"}
    assert caller.post(f"{address}/outcome", form).status_code == 302
    with acting_as(WORKER):
        assert Response.objects.get(channel="phone").answers == {"food": "none"}
        assert Occurrence.objects.count() == 2


def test_what_they_wrote_is_a_person_s_to_read_and_every_call_shows_it(caller: Client, county: County) -> None:
    answers(county, anything_else="The stairs frighten me <b>")
    with acting_as(WORKER):
        task = Task.objects.get(kind="read_words")
    address, page = opened(caller)
    assert re.search(r"They wrote today at \d\d:\d\d: “The stairs frighten me &lt;b&gt;”", page)
    assert caller.post(f"{address}/read", {"version": field(page, "version")}).status_code == 302
    with acting_as(WORKER):
        task.refresh_from_db()
        assert task.state == "done"
    a_task(county=county, kind="call_back", about_id=county.case.pk)
    assert "The stairs frighten me" in opened(caller)[1]


def test_only_what_was_written_is_closed_by_reading(caller: Client, county: County) -> None:
    a_task(county=county, kind="call_back", about_id=county.case.pk)
    address, page = opened(caller)
    assert caller.post(f"{address}/read", {"version": field(page, "version")}).status_code == 400


def test_every_call_says_who_answered_last_and_in_which_language(caller: Client, county: County) -> None:
    answers(county, answering_for="someone_else", relation="family", they_agree="no")
    a_task(county=county, kind="call_back", about_id=county.case.pk)
    _, page = opened(caller)
    assert "by somebody else (family) without their knowing" in page
    assert "Speak to them alone" in page


@pytest.mark.parametrize(("said", "hidden"), [("self", True), ("someone_else", False)])
def test_the_part_about_a_helper_is_there_for_helpers_alone(
    caller: Client, county: County, said: str, hidden: bool
) -> None:
    a_task(county=county)
    address, page = opened(caller)
    assert re.search(r'id="about_helper" data-when="answering_for=someone_else" hidden', page)
    caller.post(f"{address}/draft", {"answering_for": said, "relation": "family", "save": "about_helper"})
    page = caller.get(address).content.decode()
    assert bool(re.search(r'id="about_helper" data-when="answering_for=someone_else" hidden', page)) is hidden
    form = {"key": str(uuid.uuid4()), "answering_for": said, "relation": "family"}
    caller.post(f"{address}/answers", form)
    with acting_as(WORKER):
        stored = Response.objects.get()
    assert ("relation" in stored.answers) is not hidden
    assert stored.answered_by == said


def test_whoever_is_on_the_line_is_not_told_to_wait_for_us_to_ring(caller: Client, county: County) -> None:
    a_task(county=county)
    address, _ = opened(caller)
    caller.post(f"{address}/draft", {"breathless": "at_rest"})
    page = caller.get(address).content.decode()
    assert "Short of breath sitting still" in page
    caller.post(f"{address}/answers", {"key": str(uuid.uuid4()), "breathless": "at_rest"})
    page += caller.get(f"{address}/after").content.decode()
    for words in ("Do not wait for us to ring you", "ring you back"):
        assert words not in page


def test_calls_today_says_when_a_red_flag_comes_back_and_a_supervisor_need_not_wait_h_02(
    caller: Client, county: County
) -> None:
    supervisor = signed_in(client=AsWeb(), staff=county.staff["supervisor"])
    with acting_as(WORKER):
        flag = RedFlag.objects.create(
            case=county.case,
            audience_id=county.case.audience_id,
            occurrence=county.occurrence,
            flag="chest_pain",
            rule="chest_pain",
            raised_at=app_now(),
            say="Please ring 999 now.",
        )
    a_task(county=county, kind="red_flag", about_id=flag.pk)
    assert "1 red flag nobody has taken." in home(caller)
    address, page = opened(caller)
    assert "1 red flag is being rung about now." in home(supervisor)
    assert "nobody has taken" not in home(supervisor)
    caller.post(f"{address}/outcome", {"version": field(page, "version"), "outcome": "no_answer_machine"})
    assert re.search(r"1 red flag comes back at \d\d:\d\d: the last try reached nobody.", home(caller))
    assert "nobody has taken" not in home(caller)
    assert "Ring about it now" not in home(caller)
    assert caller.post(f"{address}/take").status_code == 404
    assert "Ring about it now" in home(supervisor)
    assert supervisor.post(f"{address}/take")["Location"] == address
    assert "Pain in the chest" in supervisor.get(address).content.decode()


def home(client: Client) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get("/support/").content.decode()).split()).replace(" :", ":")
