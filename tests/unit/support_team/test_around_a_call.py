"""What is around a call: kept as they talk, rung again at their time, handed over, taken back, seen by a supervisor."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.county_of_one import County, a_task, county_of_one, member, signed_in
from tests.support.places_and_people import QUICK_HASHES, set_clock_ahead
from tests.support.roles import as_role
from wherry.audit.models import Event
from wherry.checkin.models import Alarm, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time
from wherry.journeys.take_checkin import hear_alarm
from wherry.organisations.types import Role
from wherry.people.models import ContactPointRow
from wherry.triage.models import RedFlag
from wherry.worklist.models import CallDraft, Task, TaskEvent

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def county() -> County:
    return county_of_one()


@pytest.fixture
def caller(county: County) -> Client:
    return signed_in(client=Client(), staff=county.staff["caller"])


@pytest.fixture
def supervisor(county: County) -> Client:
    return signed_in(client=Client(), staff=county.staff["supervisor"])


@pytest.fixture
def colleague(county: County) -> Client:
    with acting_as(WORKER), QUICK_HASHES:
        found = member(organisation=county.lead, role=Role.CALLER, team=county.team, name="kim", now=app_now())
    county.staff["kim"] = found
    return signed_in(client=Client(), staff=found)


@pytest.fixture(autouse=True)
def at_eleven_in_the_morning() -> Iterator[None]:
    with acting_as(WORKER):
        here = local_time(app_now())
    eleven = dt.datetime.combine(here.date() + dt.timedelta(days=1), dt.time(11), here.tzinfo)
    set_clock_ahead(eleven - here)
    yield


def claim(client: Client) -> str:
    address = client.post("/support/next")["Location"]
    assert address.startswith("/support/task/"), address
    return str(address)


def version_in(page: str) -> str:
    found = re.search(r'name="version"[^>]*? value="([^"]*)"', page)
    assert found
    return found.group(1)


def form_at(client: Client, address: str, **more: str) -> dict[str, str]:
    return {"version": version_in(client.get(address).content.decode()), **more}


def stored(task: Task) -> Task:
    with acting_as(WORKER):
        return Task.objects.get(pk=task.pk)


def a_red_flag(county: County) -> Task:
    """Somebody says on a page that they cannot breathe, and the flag has its task."""
    with acting_as(WORKER):
        now, about = app_now(), {"case_id": county.case.pk, "audience_id": county.case.audience_id}
        flag = RedFlag.objects.create(
            **about, occurrence=county.occurrence, flag="x", rule="x", say="Ring 999 now.", raised_at=now
        )
    made = a_task(county=county, kind="red_flag", about_id=flag.pk)
    with acting_as(WORKER):
        made.change(priority=0)
    return made


def minutes(number: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update app_clock set ahead = ahead + %s", [dt.timedelta(minutes=number)])


# Kept as they talk


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
    assert any("999" in line for line in said["stop"])
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
    a_task(county=county, kind="call_back")
    with as_role("web"):
        assert caller.post(f"{claim(caller)}/draft", {"food": "none"}).status_code == 400


# A lease that runs out


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


# Another time


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


# Other hands, and taking back


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


# The home


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


# The supervisor


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


# Somebody rings in

THEY_SAY = {
    "family_name": " testPerson",
    "born-day": "27",
    "born-month": "3",
    "born-year": "1941",
    "postcode": "nr991aa",
    "why": "rang_us",
}


def test_somebody_ringing_in_is_found_by_what_they_say_and_their_call_is_taken(caller: Client, county: County) -> None:
    with as_role("web"):
        page = caller.post("/support/ringing-in", THEY_SAY).content.decode()
        assert "1 person fits" in page
        assert "Ada" not in page
        answer = caller.post("/support/ringing-in", {**THEY_SAY, "case": str(county.case.pk)})
        address = answer["Location"]
        assert "The questions" in caller.get(address).content.decode()
    with acting_as(WORKER):
        looked = Event.objects.filter(did="person.asked_for").order_by("at").first()
        assert looked is not None
        assert (looked.detail, looked.subject_ids) == ({"why": "rang_us"}, [str(county.case.pk)])
        assert Task.objects.get().kind == "check_in_call"


@pytest.mark.parametrize(
    "wrong",
    [
        {"family_name": "Testpersons"},
        {"born-year": "1942"},
        {"postcode": "NR99 1AB"},
        {"postcode": "", "first_name": "Bert"},
    ],
)
@pytest.mark.parametrize("role", ["caller", "supervisor", "clinician"])
def test_whoever_does_not_fit_exactly_is_nobody(county: County, role: str, wrong: dict[str, str]) -> None:
    client = signed_in(client=Client(), staff=county.staff[role])
    with as_role("web"):
        page = client.post("/support/ringing-in", {**THEY_SAY, **wrong}).content.decode()
        assert "Nobody fits" in page
        taken = client.post("/support/ringing-in", {**THEY_SAY, **wrong, "case": str(county.case.pk)})
    assert taken.status_code == 200
    with acting_as(WORKER):
        assert Task.objects.count() == 0


def test_the_first_name_serves_where_the_postcode_is_an_old_one(caller: Client, county: County) -> None:
    with as_role("web"):
        page = caller.post("/support/ringing-in", {**THEY_SAY, "postcode": "NR1 1AA", "first_name": "ADA"})
    assert "1 person fits" in page.content.decode()


@pytest.mark.parametrize("without", ["indexes", "nothing"])
@pytest.mark.parametrize("holds_a_call", [True, False])
def test_a_look_up_works_whatever_plan_the_database_makes(
    caller: Client, county: County, without: str, holds_a_call: bool
) -> None:
    # A policy that reads a table whose policies lead back to it goes round for ever, in some plans only.
    if holds_a_call:
        a_task(county=county)
        claim(caller)
    with connection.cursor() as cursor:
        for scan in ("indexscan", "indexonlyscan", "bitmapscan") if without == "indexes" else ():
            cursor.execute(f"set local enable_{scan} = off")
    with as_role("web"):
        assert "1 person fits" in caller.post("/support/ringing-in", THEY_SAY).content.decode()


def test_a_look_needs_a_reason_and_everything_that_tells_two_people_apart(caller: Client, county: County) -> None:
    with as_role("web"):
        page = caller.post("/support/ringing-in", {"family_name": "Testperson"}).content.decode()
    for words in ("day, month and a year", "Write their postcode", "Say why you look"):
        assert words in page, words


def test_the_call_that_waits_for_them_is_the_one_taken_and_not_from_a_colleague(
    caller: Client, colleague: Client, county: County
) -> None:
    task = a_task(county=county)
    with as_role("web"):
        assert caller.post("/support/ringing-in", {**THEY_SAY, "case": str(county.case.pk)})["Location"].endswith(
            str(task.pk)
        )
        refused = colleague.post("/support/ringing-in", {**THEY_SAY, "case": str(county.case.pk)})
        assert "A colleague is on a call" in refused.content.decode()
        own = caller.post("/support/ringing-in", {**THEY_SAY, "case": str(county.case.pk)})
        assert "You hold a call" in own.content.decode()


# What a page costs


def tasks_and_events(county: County, many: int) -> None:
    for _ in range(many):
        a_task(county=county, kind="read_words")


@pytest.mark.parametrize("page", ["/support/", "/support/team"])
def test_a_page_asks_no_more_of_the_database_however_much_waits(supervisor: Client, county: County, page: str) -> None:
    tasks_and_events(county, 2)
    minutes(5 * 60)
    asked = []
    for many in (0, 30):
        tasks_and_events(county, many)
        with as_role("web"), CaptureQueriesContext(connection) as queries:
            assert supervisor.get(page).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert 5 < asked[0] <= 45


def test_the_next_call_and_its_page_ask_no_more_however_much_waits(caller: Client, county: County) -> None:
    asked = []
    a_task(county=county)
    for many in (0, 30):
        tasks_and_events(county, many)
        with as_role("web"):
            with CaptureQueriesContext(connection) as claiming:
                address = claim(caller)
            counted = [len(claiming)]
            with CaptureQueriesContext(connection) as looking:
                form = form_at(caller, address, why="lunch")
            asked.append([*counted, len(looking)])
            caller.post(f"{address}/back", form)
    (claimed, looked), (claimed_of_many, looked_among_many) = asked
    assert 5 < claimed_of_many <= claimed <= 30
    assert 5 < looked_among_many <= looked <= 40
