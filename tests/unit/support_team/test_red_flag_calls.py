"""A call about red flags: its own words, one caller a person, and an ending that says how they are now."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.support.county_of_one import County, a_task, county_of_one, member, signed_in
from tests.support.database_roles import AsWeb
from wherry.audit.models import Event
from wherry.checkin.actions.alarms import keep_alarms
from wherry.checkin.types import AlarmRaised, Said
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.organisations.types import Role
from wherry.triage.models import RedFlag
from wherry.worklist.models import Task, TaskEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return county_of_one()


@pytest.fixture
def caller(county: County) -> Client:
    return signed_in(client=AsWeb(), staff=county.staff["caller"])


@pytest.fixture
def colleague(county: County) -> Client:
    with acting_as(WORKER):
        staff = member(organisation=county.lead, role=Role.CALLER, team=county.team, now=app_now(), name="second")
    return signed_in(client=AsWeb(), staff=staff)


def raised(county: County, flag: str = "breathless_at_rest") -> Task:
    """Raise a red flag that nobody has taken."""
    with acting_as(WORKER):
        made = RedFlag.objects.create(
            case=county.case,
            audience_id=county.case.audience_id,
            occurrence=county.occurrence,
            flag=flag,
            rule=flag,
            raised_at=app_now(),
            say="Please ring 999 now.",
        )
    return a_task(county=county, kind="red_flag", about_id=made.pk)


def said(county: County, flag: str = "breathless_at_rest", **who: str) -> None:
    with acting_as(WORKER):
        now = app_now()
        given = Said(now, **{"channel": "web", "language": "en", "answered_by": "self", **who})
        alarm = AlarmRaised(flag, flag, "Please ring 999 now.")
        keep_alarms(by=WORKER, occurrence=county.occurrence, flags=[alarm], said=given, now=now)


def opened(client: Client) -> tuple[str, str]:
    """Take the next call. Gives its address and page."""
    address = str(client.post("/support/next")["Location"])
    assert address.startswith("/support/task/"), address
    return address, client.get(address).content.decode()


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def settle(client: Client, address: str, page: str, **more: str) -> int:
    form = {"version": field(page, "version"), "flags": field(page, "flags"), "now": "rang_999", **more}
    return client.post(f"{address}/settled", form).status_code


def flags() -> list[RedFlag]:
    with acting_as(WORKER):
        return list(RedFlag.objects.order_by("flag"))


# Its own words


def test_no_message_says_that_nothing_is_wrong_h_02(caller: Client, county: County) -> None:
    raised(county)
    _, page = opened(caller)
    assert "Nothing is wrong" not in page
    assert "If you need help now, do not wait for us: ring 999" in page
    assert "Is now a good time" not in page


def test_where_somebody_is_not_safe_at_home_no_message_is_left_h_02(caller: Client, county: County) -> None:
    raised(county, "not_safe_at_home")
    _, page = opened(caller)
    assert "Leave no message." in page
    assert 'value="voicemail"' not in page


def test_it_says_when_and_how_they_told_us(caller: Client, county: County) -> None:
    said(county)
    raised(county)
    _, page = opened(caller)
    assert re.search(r"They told us today at \d\d:\d\d, on their page\.", page)
    assert re.search(r"You told us today at \d\d:\d\d about something that cannot wait", page)
    assert re.search(r"<dt>Last answered</dt><dd>Today at \d\d:\d\d, on their page, by themselves</dd>", page)
    assert "Speak to them alone" not in page


def test_whoever_answered_in_their_place_and_without_their_knowing_is_said(caller: Client, county: County) -> None:
    said(county, language="ar", answered_by="someone_else", they_agree="no", relation="family")
    raised(county)
    _, page = opened(caller)
    assert "in Arabic, by somebody else (family) without their knowing" in page
    assert "Speak to them alone" in page
    assert "Somebody else (family) without their knowing told us today at" in page
    # What the caller reads out gives nobody away.
    assert "You told us" not in page
    assert "Do not say by whom" in page


# Its own endings


def test_how_they_are_now_is_kept_with_the_flag_and_only_the_code_in_the_record(caller: Client, county: County) -> None:
    raised(county)
    address, page = opened(caller)
    assert settle(caller, address, page, words="An ambulance is on its way") == 302
    (flag,) = flags()
    assert (flag.outcome, flag.what_was_done) == ("rang_999", "An ambulance is on its way")
    assert flag.closed_at is not None
    with acting_as(WORKER):
        (event,) = Event.objects.filter(did="red_flag.closed")
        assert event.detail == {"outcome": "rang_999"}
        assert TaskEvent.objects.get(verb="finished").note == "They have rung 999"


def test_a_supervisor_reads_how_red_flags_were_settled_and_not_whose_they_were(caller: Client, county: County) -> None:
    raised(county)
    address, page = opened(caller)
    settle(caller, address, page, words="An ambulance is on its way")
    supervisor = signed_in(client=AsWeb(), staff=county.staff["supervisor"])
    team = supervisor.get("/support/team").content.decode()
    for words in ("Short of breath sitting still", "They have rung 999", "An ambulance is on its way", "Caller"):
        assert words in team, words
    assert "Testperson" not in team


def test_that_it_is_not_so_bad_needs_a_word_on_why(caller: Client, county: County) -> None:
    raised(county)
    address, page = opened(caller)
    assert settle(caller, address, page, now="not_so_bad") == 200
    assert flags()[0].closed_at is None
    assert settle(caller, address, page, now="not_so_bad", words="It passed; her daughter stays tonight") == 302
    assert flags()[0].outcome == "not_so_bad"


@pytest.mark.parametrize("now", ["", "callback_complete", "died"])
def test_an_ending_the_script_does_not_have_closes_nothing(caller: Client, county: County, now: str) -> None:
    raised(county)
    address, page = opened(caller)
    assert settle(caller, address, page, now=now) == 400
    assert flags()[0].closed_at is None


def test_to_have_spoken_is_no_end_of_a_red_flag_h_02(caller: Client, county: County) -> None:
    raised(county)
    address, page = opened(caller)
    form = {"version": field(page, "version"), "outcome": "callback_complete"}
    assert caller.post(f"{address}/outcome", form).status_code == 400
    assert flags()[0].closed_at is None


# One call a person


def test_one_call_shows_and_settles_every_red_flag_of_somebody_worst_first_h_02(caller: Client, county: County) -> None:
    raised(county, "not_safe_at_home")
    raised(county, "chest_pain")
    raised(county)
    address, page = opened(caller)
    places = [page.index(words) for words in ("Short of breath", "Pain in the chest", "not all right at home")]
    assert places == sorted(places)
    assert "Each of these closes all 3 red flags." in page
    assert {one.acknowledged_by for one in flags()} == {str(county.staff["caller"].pk)}
    settle(caller, address, page)
    assert all(one.closed_at for one in flags())
    with acting_as(WORKER):
        assert set(Task.objects.values_list("state", flat=True)) == {"done"}
    assert "<dt>You did today</dt><dd>1 " in caller.get("/support/").content.decode()


def test_nobody_else_is_given_the_other_red_flag_of_somebody_being_rung_h_02(
    caller: Client, colleague: Client, county: County
) -> None:
    raised(county)
    address, _ = opened(caller)
    later = raised(county, "chest_pain")
    assert colleague.post("/support/next")["Location"] == "/support/?nothing"
    assert colleague.post(f"/support/task/{later.pk}/take").status_code == 404
    # Whoever is on the line sees it with the next look at the page, and it is theirs.
    assert "Pain in the chest" in caller.get(address).content.decode()
    with acting_as(WORKER):
        later.refresh_from_db()
    assert later.claimed_by == str(county.staff["caller"].pk)


def test_a_red_flag_raised_after_the_page_was_drawn_is_not_closed_with_it_h_02(
    caller: Client, colleague: Client, county: County
) -> None:
    raised(county)
    address, page = opened(caller)
    raised(county, "chest_pain")
    settle(caller, address, page)
    assert {one.flag: bool(one.closed_at) for one in flags()} == {"breathless_at_rest": True, "chest_pain": False}
    assert "Pain in the chest" in opened(colleague)[1]


@pytest.mark.parametrize("how", ["nobody", "back", "over"])
def test_all_of_them_go_on_together_and_come_back_with_a_mis_tap_taken_back(
    caller: Client, colleague: Client, county: County, how: str
) -> None:
    raised(county)
    raised(county, "chest_pain")
    address, page = opened(caller)
    version = field(page, "version")
    forms = {
        "nobody": ("outcome", {"outcome": "no_answer_machine"}),
        "back": ("back", {"why": "x"}),
        "over": ("over", {"to": "supervisor", "note": "x"}),
    }
    part, form = forms[how]
    assert caller.post(f"{address}/{part}", {"version": version, **form}).status_code == 302
    with acting_as(WORKER):
        assert set(Task.objects.values_list("state", "claimed_by")) == {("open", "")}
    assert caller.post(f"{address}/undo").status_code == 302
    with acting_as(WORKER):
        assert set(Task.objects.values_list("state", "tries")) == {("claimed", 0)}
    assert colleague.post("/support/next")["Location"] == "/support/?nothing"


def test_a_lease_that_ran_out_lets_go_of_all_and_does_not_come_back_to_half(
    caller: Client, colleague: Client, county: County
) -> None:
    raised(county)
    raised(county, "chest_pain")
    address, page = opened(caller)
    wind_on_an_hour()
    assert "all 2 red flags" in opened(colleague)[1]
    assert settle(caller, address, page) == 404
    assert not any(one.closed_at for one in flags())


def wind_on_an_hour() -> None:
    with acting_as(WORKER):
        for one in Task.objects.all():
            one.change(leased_until=one.opened_at)
