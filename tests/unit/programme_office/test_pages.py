"""The programme office: sums that are said to agree or not, feeds, decisions, agreements, sending, what is stuck."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.lists import County, a_call, a_case, a_need, county
from tests.support.places_and_people import let_it_be_eleven
from tests.support.roles import as_role
from wherry.audit.actions import record
from wherry.audit.models import Event
from wherry.database.context import acting_as
from wherry.evaluation.types import ByDay, Funnel
from wherry.feeds import actions
from wherry.feeds.freshness import freshness
from wherry.feeds.queries import contract
from wherry.feeds.set_aside import hand_out
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.foundation.periods import local_time
from wherry.governance.actions import record_decision
from wherry.governance.models import Decision
from wherry.journeys.withdraw_delivery import withdraw
from wherry.outreach.models import SendingPause
from wherry.people.linkage.actions import link
from wherry.people.models import Person
from wherry.population import Store, ledger
from wherry.web.programme_office import huddle, views
from wherry.web.programme_office.feeds import feed_of
from wherry.worklist.actions.claiming import claim
from wherry.worklist.actions.opening import open_task

pytestmark = pytest.mark.django_db
PAGES = ("", "today", "stuck", "feeds", "changes", "variation", "sending", "decisions", "agreements")
FOR_THE_GUARDIAN = "who-looked"
REGISTER = "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth\n"
KETT = "D82001,1,,Kett,Robert,12/03/1950\n"
DECIDED = {
    "what": "Go live in Norwich",
    "why": "Callers are trained",
    "risk_owner": "Medical Director",
    "evidence": "",
    "can_be_undone": "yes",
    "review_on-day": "1",
    "review_on-month": "6",
    "review_on-year": "2199",
}


@pytest.fixture
def here() -> County:
    return county()


@pytest.fixture
def by_day() -> None:
    """Let it be eleven in the morning: a look at night is unusual by itself."""
    let_it_be_eleven()


@pytest.fixture
def store() -> Iterator[Store]:
    """Give this installation's store, empty before and after."""
    there = Store(Path(settings.HOME) / "store")
    shutil.rmtree(there.path, ignore_errors=True)
    yield there
    shutil.rmtree(there.path)


def _receive(store: Store, tmp_path: Path, content: str, *, day: dt.date, name: str = "register.csv") -> str:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    at = dt.datetime(2020, 3, 2, 8, 15, tzinfo=dt.UTC)
    found = contract(name="gp_register")
    return actions.receive(
        contract=found, files=[file], store=store, by="loader", received_at=at, extracted_on=day
    ).batch_id


@pytest.fixture
def delivered(store: Store, tmp_path: Path) -> str:
    """Land a small register of two rows, one of which says too little."""
    return _receive(store, tmp_path, REGISTER + KETT + "D82001,5,,,Temporary,\n", day=dt.date(2020, 1, 1))


def test_the_funnel_adds_up_and_names_nobody(here: County) -> None:
    a_call(here, a_need(here, a_case(here), red_flag=True))

    page = here.signed_in("lead").get("/office/").content.decode()

    assert "1 people with a case</strong> =" in page
    assert "Adds up" in page
    assert "NOT add up" not in page
    assert "Breathless at rest" in page
    assert "Berta" not in page


def test_a_sum_that_differs_is_shouted(here: County, monkeypatch: pytest.MonkeyPatch) -> None:
    a_case(here)
    real = views.count_funnel

    def lost_one(**asked: object) -> Funnel:
        counted = real(**asked)  # type: ignore[arg-type]
        counted.by_state["in_cadence"] -= 1  # type: ignore[index]
        return counted

    monkeypatch.setattr(views, "count_funnel", lost_one)
    page = here.signed_in("lead").get("/office/").content.decode()

    assert "this does NOT add up" in page
    assert "people with a case are 1, people in a state are 0" in page
    assert "1 people with a case</strong> is not" in page


def test_feeds_say_how_old_they_are_and_why_rows_were_set_aside(here: County, delivered: str) -> None:
    page = _feeds(here)

    assert "1 late:</strong> GP practice register (D82001)" in page
    assert "on 1 January 2020; it may be 14 days old" in page
    assert "too little to say whom the row is about" in page
    assert "2 rows in 1 delivery = 1 accepted + 1 set aside + 0 repeated" in page
    assert "Agreed and never arrived" in page
    assert "A delivery was received" in page
    assert "2 March 2020, 08:15" in page
    assert f"batch_id {delivered}" in page.partition("for an auditor")[2], "ids are in the details"
    assert "Kett" not in page


def test_feeds_say_what_is_still_to_be_mended(here: County, store: Store, tmp_path: Path, delivered: str) -> None:
    before = _feeds(here)
    mend = tmp_path / "mend.csv"
    hand_out(store=store, contract=contract(name="gp_register"), out=mend)
    mended = mend.read_text(encoding="utf-8-sig").replace(",Temporary,,", ",Temporary,02/03/1960,")
    _receive(store, tmp_path, mended.replace(",5,,,", ",5,,Rix,"), day=dt.date(2020, 3, 1), name="mended.csv")

    after = _feeds(here)

    assert "1 row set aside and not mended yet" in before
    assert "0 put right or sent again since; <strong>1 row still to be mended" in before
    assert "1 put right or sent again since; <strong>0 rows still to be mended" in after
    assert "not mended yet" not in after
    assert "on 1 January 2020; it may be" in after, "what was mended is no newer than what it mends"


def test_feeds_say_which_sender_fell_silent_though_another_still_sends(
    here: County, store: Store, tmp_path: Path, delivered: str
) -> None:

    _receive(store, tmp_path, REGISTER + KETT.replace("D82001", "D82777"), day=dt.date(2020, 3, 1), name="other.csv")
    state = next(one for one in freshness(store=store, today=dt.date(2020, 3, 2)) if one.contract.name == "gp_register")

    shown = feed_of(state, names={"D82001": "Wensum Reach Surgery"})

    assert shown.is_late
    assert shown.silent == ("Wensum Reach Surgery D82001",)
    assert shown.senders == (
        ("Wensum Reach Surgery D82001", "1 January 2020, 61 days ago", "Late"),
        ("D82777", "1 March 2020, yesterday", "Fresh"),
    )
    assert "D82777" in _feeds(here)


def test_feeds_say_what_was_withdrawn_by_whom_why_and_which_lists_it_was_in(
    here: County, store: Store, tmp_path: Path, delivered: str
) -> None:
    link(store=store, by="loader")
    about = {"run": "r1", "people": 1234, "as_of": "2020-03-01"}
    ledger.record(store, by="loader", did="stratify", about=about, at=dt.datetime(2020, 3, 2, 9, tzinfo=dt.UTC))
    lead = Actor(Kind.STAFF, str(here.staff["lead"].pk))
    at = dt.datetime(2020, 3, 3, 9, tzinfo=dt.UTC)
    withdraw(by=lead, store=store, batch_id=delivered, why="another county's file", at=at)

    page = _feeds(here)

    assert "GP practice register of 1 January 2020, 2 rows" in page
    assert f"Withdrawn by {here.staff['lead'].name}, 3 March 2020, 09:00: another county&#39;s file" in page
    assert "1 March 2020, 1,234 people" in page
    assert "of GP practice register" not in page.partition("Withdrawn: these")[0]


def _feeds(here: County) -> str:
    return " ".join(here.signed_in("lead").get("/office/feeds").content.decode().split())


def test_feeds_name_the_colleague_who_read_the_store(here: County, store: Store) -> None:
    clinician = here.staff["clinician"]
    at = dt.datetime(2020, 3, 2, 9, 15, tzinfo=dt.UTC)
    ledger.record(Store(Path(settings.HOME) / "store"), by=str(clinician.pk), did="look_up_person", about={}, at=at)

    log = here.signed_in("lead").get("/office/feeds").content.decode().partition("population store</caption>")[2]

    assert clinician.name in log
    assert str(clinician.pk) not in log


def test_a_decision_is_written_down_whole_or_not_at_all(here: County) -> None:
    client = here.signed_in("lead")

    missing = client.post("/office/decisions", {**DECIDED, "why": "", "review_on-year": "1999"}).content.decode()
    client.post("/office/decisions", DECIDED)

    assert "Say why" in missing
    assert "Enter a day after today" in missing
    assert "Go live in Norwich" in missing
    with acting_as(WORKER):
        assert [one.risk_owner for one in Decision.objects.all()] == ["Medical Director"]
    log = client.get("/office/decisions").content.decode()
    assert "Decided by Lead Example, Icb on" in log
    assert "Risk owned by Medical Director" in log


def test_agreements_that_end_soon_stand_first(here: County) -> None:
    page = here.signed_in("lead").get("/office/agreements").content.decode()

    assert "Ending within 30 days" in page
    assert "Food Hub" in page


def test_sending_is_stopped_with_a_reason_and_started_again_by_the_lead_only(here: County) -> None:
    lead, guardian = here.signed_in("lead"), here.signed_in("guardian")

    without = guardian.post("/office/sending", {"change": "pause"}).content.decode()
    guardian.post("/office/sending", {"change": "pause", "why": "Wrong wording"})
    guardian.post("/office/sending", {"change": "pause", "why": "Pressed twice"})
    refused = guardian.post("/office/sending", {"change": "resume"})
    stopped = lead.get("/office/sending").content.decode()
    lead.post("/office/sending", {"change": "resume"})

    assert "Say why" in without
    assert refused.status_code == 403
    assert "Nothing leaves: Wrong wording" in stopped
    with acting_as(WORKER):
        assert [one.resumed_at is not None for one in SendingPause.objects.all()] == [True]


def test_what_is_stuck_is_counted(here: County) -> None:
    a_need(here, a_case(here), red_flag=True)

    page = here.signed_in("lead").get("/office/stuck").content.decode()

    assert "1 past their time" in page
    assert "30 min (since" in page
    assert "1 late</strong>" in page


def test_small_groups_are_hidden_and_the_others_rounded(here: County) -> None:
    for number in range(7):
        a_case(here, number=number)
    client = here.signed_in("lead")
    seven = client.get("/office/").content.decode()
    with acting_as(WORKER):
        Person.objects.filter(population_id__in=["p0000", "p0001"]).update(imd_decile=9)
    split = client.get("/office/").content.decode()

    assert ">5</td>" in seven.partition("By place")[2].partition("</table>")[0], "seven people are said to be five"
    assert ">not shown</td>" in split.partition("By deprivation")[2].partition("</table>")[0]
    assert "7 people with a case</strong> =" in split, "the whole is true, and adds up"


def test_the_sheet_for_the_huddle_says_what_is_on_fire_and_names_nobody(here: County, delivered: object) -> None:
    a_call(here, a_need(here, a_case(here), red_flag=True))

    page = here.signed_in("lead").get("/office/today").content.decode()

    assert "<strong>1</strong> red flag nobody has taken; 1 past their time, oldest 30 min" in page
    assert "<strong>1</strong> feed late" in page
    assert "the first day of work" in page
    assert "Berta" not in page


def test_the_sheet_says_when_more_comes_than_gets_done() -> None:
    day = dt.date(2026, 3, 1)
    week = tuple(ByDay(day + dt.timedelta(days=number), waiting=60, came=12, done=10) for number in range(8))

    assert huddle.capacity(days=week) == {
        "waiting": 60,
        "came": 12,
        "done": 10,
        "days": 6.0,
        "grows": True,
        "since": "in the 7 days before today",
    }


def test_days_before_there_was_any_work_do_not_make_a_day_look_slow() -> None:
    day = dt.date(2026, 3, 1)
    nothing = [ByDay(day, waiting=0, came=0, done=0)] * 5
    two = [ByDay(day, waiting=10, came=20, done=10), ByDay(day, waiting=6, came=10, done=14)]
    today = ByDay(day, waiting=0, came=17, done=23)

    weighed = huddle.capacity(days=(*nothing, *two, today))
    first_day = huddle.capacity(days=(*nothing, today))

    assert (weighed["came"], weighed["done"], weighed["since"]) == (15, 12, "in the 2 days before today")
    assert (first_day["days"], first_day["grows"], first_day["since"]) == (None, False, "")


def test_the_sheet_shouts_that_sending_is_stopped(here: County) -> None:
    lead = here.signed_in("lead")
    lead.post("/office/sending", {"change": "pause", "why": "Wrong wording"})

    assert "Sending is stopped." in lead.get("/office/today").content.decode()
    assert "Lead Example" in lead.get("/office/sending").content.decode()


def _looked(here: County, who: str, person: object, *, times: int = 1, did: str = "person.seen") -> None:
    organisation = "food_hub" if who == "food" else "other_board" if who == "other_clinician" else "icb"
    with acting_as(WORKER):
        by = Actor(kind=Kind.STAFF, id=str(here.staff[who].pk), organisations=(here.organisations[organisation].pk,))
        for _ in range(times):
            record(by=by, did=did, subject="person", subject_ids=[person], now=here.now)


def test_a_guardian_sees_who_looked_by_organisation_with_what_is_unusual_first(by_day: None, here: County) -> None:
    ours = a_case(here).person_id
    _looked(here, "clinician", ours)
    _looked(here, "supervisor", ours, times=9)
    _looked(here, "other_clinician", uuid.uuid4())

    client = here.signed_in("guardian")
    page = client.get("/office/who-looked").content.decode()
    one = client.get(f"/office/who-looked?who={here.staff['clinician'].pk}&days=1").content.decode()

    assert "Supervisor Example" in page.partition("By organisation")[0], "to ask about"
    assert "Clinician Example" not in page.partition("By organisation")[0]
    assert "Other_Clinician" not in page, "another board's staff, another board's people"
    assert f"Record {str(ours)[:8]}" in page
    assert "Berta" not in page
    assert "Looks by Clinician Example" in one
    with acting_as(WORKER):
        assert Event.objects.filter(did="record.looked_at").count() == 2, "that the record was read is in the record"


def test_a_look_with_a_task_of_theirs_behind_it_is_not_unusual(here: County) -> None:
    case = a_case(here)
    team = case.owner_team
    by = Actor(
        kind=Kind.STAFF,
        id=str(here.staff["caller"].pk),
        organisations=(here.organisations["icb"].pk,),
        roles=frozenset({"caller"}),
        purpose="support",
    )
    with acting_as(WORKER):
        due = here.now + dt.timedelta(hours=1)
        task = open_task(
            by=WORKER, case=case, kind="call_back", about_id=case.pk, team=team, priority=1, due_at=due, now=here.now
        )
        assert task is not None
        claim(by=by, task=task, lease_seconds=60, now=here.now)
        for _ in range(9):
            record(by=by, did="person.seen", subject="person", subject_ids=[case.person_id, task.pk], now=here.now)

    page = here.signed_in("guardian").get("/office/who-looked").content.decode()

    assert "Nothing unusual" in page and "Caller Example" in page


def test_who_looked_is_for_the_guardian_alone_and_the_menu_says_so(here: County) -> None:
    assert "Nobody looked at anybody" in here.signed_in("guardian").get("/office/who-looked").content.decode()
    for who in ("lead", "analyst", "caller", "supervisor", "clinician", "food"):
        assert here.signed_in(who).get("/office/who-looked").status_code == 403, who
    refused = here.signed_in("guardian").get("/office/who-looked").content.decode()
    assert "Asked for a page of another role 1 times" in refused
    assert "Who looked" not in here.signed_in("lead").get("/office/").content.decode()
    assert "Decisions" not in here.signed_in("analyst").get("/office/").content.decode()


@pytest.mark.parametrize("page", [*PAGES, FOR_THE_GUARDIAN])
def test_a_page_asks_as_much_of_many_people_as_of_few(here: County, page: str) -> None:
    client = here.signed_in("guardian")
    for number in range(2):
        a_call(here, a_need(here, a_case(here, number=number), red_flag=True))
        _looked(here, "clinician", uuid.uuid4())
    client.get(f"/office/{page}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/office/{page}")
    for number in range(2, 9):
        a_call(here, a_need(here, a_case(here, number=number), red_flag=True))
        _looked(here, "clinician", uuid.uuid4())
    with CaptureQueriesContext(connection) as many:
        client.get(f"/office/{page}")

    assert len(many) == len(few) <= 50, [one["sql"] for one in many]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["caller", "supervisor", "clinician", "food"])
def test_every_other_role_is_refused(here: County, who: str, page: str) -> None:
    assert here.signed_in(who).get(f"/office/{page}").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_programme_not_overseen_gets_the_answer_for_an_unknown_one(here: County, page: str) -> None:
    client = here.signed_in("lead")

    assert client.get(f"/office/{page}?programme=cold_weather").status_code == 404
    assert client.get(f"/office/{page}?programme=../x").status_code == 404


def test_an_analyst_counts_but_decides_and_stops_nothing(here: County) -> None:
    analyst = here.signed_in("analyst")

    assert analyst.get("/office/").status_code == 200
    assert analyst.get("/office/decisions").status_code == 403
    assert analyst.post("/office/sending", {"change": "pause", "why": "x"}).status_code == 403


def test_the_web_role_is_granted_all_the_office_needs(here: County) -> None:
    a_call(here, a_need(here, a_case(here), red_flag=True))
    client = here.signed_in("lead")

    with as_role("web"):
        seen = [client.get(f"/office/{page}").status_code for page in PAGES]
        done = [
            client.post("/office/decisions", DECIDED).status_code,
            client.post("/office/sending", {"change": "pause", "why": "x"}).status_code,
            client.post("/office/sending", {"change": "resume"}).status_code,
        ]

    assert (seen, done) == ([200] * len(PAGES), [302] * 3)
    with as_role("web"):
        assert here.signed_in("guardian").get("/office/who-looked").status_code == 200


def test_what_is_past_its_review_day_stands_first_with_who_owns_the_risk(here: County) -> None:
    today = local_time(here.now).date()
    with acting_as(WORKER):
        taken = (("Ring at night", "Chief Nurse", -3), ("Knock on doors", "Director", 9), ("Write", "Chair", -40))
        for what, owner, days in taken:
            record_decision(
                by=Actor(kind=Kind.CONSOLE, id="ada"),
                programme="covid_protect",
                what=what,
                why="x",
                risk_owner=owner,
                review_on=today + dt.timedelta(days=days),
                now=here.now,
            )

    page = here.signed_in("lead").get("/office/decisions").content.decode()

    assert "Overdue: 2 decisions to look at again" in page
    assert "40 days overdue" in page
    assert "Risk owned by Chief Nurse</strong>" in page
    order = [page.index(one) for one in ("Write", "Ring at night", "The others, newest first", "Knock on doors")]
    assert order == sorted(order)
    assert "<strong>2</strong> decisions past the day" in here.signed_in("lead").get("/office/today").content.decode()
    assert "past the day" not in here.signed_in("analyst").get("/office/today").content.decode()
