"""Two hands at once: a form sent twice is taken once, and who looked at an old version is told so."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client

from tests.support.county_of_one import BORN
from tests.support.places_and_people import Side, a_side, hold
from tests.support.roles import as_role
from wherry.cases.actions import open_case, open_occurrence
from wherry.cases.models import Case
from wherry.cases.types import Door
from wherry.checkin.actions.answers import record_by_phone, submit
from wherry.checkin.models import Invitation, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.foundation.errors import StaleVersion
from wherry.outreach.actions import intend
from wherry.outreach.types import Channel
from wherry.people.models import Person
from wherry.referrals.actions import accept, offer
from wherry.referrals.models import CallToAction
from wherry.review.actions import remove_entry
from wherry.review.models import Entry
from wherry.web.person.links import holder_of
from wherry.worklist.actions.claiming import claim_next
from wherry.worklist.actions.opening import open_task
from wherry.worklist.models import Task, TaskEvent

THREADS, TASKS = 16, 40


class TestInOneTransaction:
    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def side(self) -> Side:
        return a_side(code="icb", place="norwich")

    def test_who_looked_at_an_old_version_changes_nothing(self, side: Side) -> None:
        partner = side.actor("partner")
        with acting_as(partner):
            first, second = (CallToAction.objects.get(pk=side.call.pk) for _ in range(2))
            accept(by=partner, call_to_action=first, now=app_now())
            with pytest.raises(StaleVersion):
                accept(by=partner, call_to_action=second, now=app_now())

    def test_a_row_out_of_sight_is_a_stale_version_and_no_silence(self, side: Side) -> None:
        clinician = side.actor("clinician")
        stranger = Actor(kind=Kind.STAFF, id=clinician.id, roles=clinician.roles, purpose="care")
        with acting_as(clinician):
            entry = Entry.objects.select_related("at_risk_list").get(pk=side.entry.pk)
        with acting_as(stranger), pytest.raises(StaleVersion):
            remove_entry(by=clinician, entry=entry, reason="not at risk", now=app_now())

    @pytest.mark.parametrize(
        ("role", "path", "form"),
        [
            ("partner", "/partners/calls/{call}", {"version": "0", "answer": "accept"}),
            ("clinician", "/clinicians/entries/{entry}", {"version": "0", "reason": "not_at_risk"}),
            (
                "clinician",
                "/clinicians/lists/{list}/together",
                {"entry": "{entry}:0", "do": "keep_ticked", "reason": "looked_at"},
            ),
            ("caller", "/support/task/{task}/outcome", {"version": "0", "outcome": "voicemail"}),
            ("caller", "/support/task/{task}/back", {"version": "0", "why": "x"}),
            ("clinician", "/clinicians/lists/{list}/sign", {"seen_hash": "another"}),
        ],
    )
    def test_an_old_version_posted_is_answered_409(self, role: str, path: str, form: dict, side: Side) -> None:
        with acting_as(WORKER):
            hold(task=side.task, staff=side.staff["caller"], now=app_now())
        ids = {"call": side.call.pk, "entry": side.entry.pk, "list": side.at_risk_list.pk, "task": side.task.pk}
        with as_role("web"):
            posted = {name: value.format(**ids) for name, value in form.items()}
            assert side.client(role).post(path.format(**ids), posted).status_code == 409

    def test_a_list_signed_twice_is_answered_409_the_second_time(self, side: Side) -> None:
        from wherry.review.queries import hash_of_list

        with acting_as(WORKER):
            seen = hash_of_list(list_id=side.at_risk_list.pk)
        client, where = side.client("clinician"), f"/clinicians/lists/{side.at_risk_list.pk}/sign"
        with as_role("web"):
            assert [client.post(where, {"seen_hash": seen}).status_code for _ in range(2)] == [302, 409]

    def test_answers_sent_twice_by_link_are_one_response(self, side: Side) -> None:
        holder = holder_of(token=side.token)
        with acting_as(holder):
            invitation = Invitation.objects.select_related("occurrence").get(pk=side.invitation.pk)
            sent = [
                submit(by=holder, invitation=invitation, answers={"food": food}, answered_by="self", now=app_now())
                for food in ("none", "enough")
            ]
            assert sent[0].pk == sent[1].pk
            assert Response.objects.get(occurrence=side.later).answers == {"food": "none"}

    def test_answers_written_down_twice_by_telephone_are_one_response(self, side: Side) -> None:
        key = uuid.uuid4()
        with acting_as(WORKER):
            sent = {
                record_by_phone(
                    by=WORKER,
                    occurrence=side.later,
                    answers={"food": "none"},
                    language="en",
                    definition_hash="sha256:0",
                    key=key,
                    now=app_now(),
                ).pk
                for _ in range(2)
            }
        assert len(sent) == 1

    def test_claiming_twice_gives_the_task_one_holds(self, side: Side) -> None:
        client = side.client("caller")
        with as_role("web"):
            given = {client.post("/support/next")["Location"] for _ in range(2)}
        assert given == {f"/support/task/{side.task.pk}"}
        with acting_as(WORKER):
            assert TaskEvent.objects.filter(task=side.task, verb="claimed").count() == 1

    def test_whatever_is_decided_twice_by_the_worker_exists_once(self, side: Side) -> None:
        with acting_as(WORKER):
            now = app_now()
            assert open_occurrence(by=WORKER, case=side.case, number=1, now=now).pk == side.occurrence.pk
            assert (
                intend(
                    by=WORKER,
                    occurrence=side.later,
                    step="text_1",
                    channel=Channel.CALL,
                    message="another",
                    language="en",
                    contact_point_id=None,
                    to="",
                    household_key="",
                    now=now,
                )
                is None
            )
            assert (
                offer(
                    by=WORKER,
                    need=side.need,
                    service="another",
                    partner=side.lead,
                    shared={},
                    clock_ends_at=now + dt.timedelta(hours=1),
                    now=now,
                )
                is None
            )
            assert (
                open_task(
                    by=WORKER,
                    case=side.case,
                    kind="check_in_call",
                    about_id=side.later.pk,
                    team=side.team,
                    priority=1,
                    due_at=now + dt.timedelta(hours=1),
                    now=now,
                )
                is None
            )
            again = open_case(
                by=WORKER,
                person=side.person,
                audience=side.audience,
                category="high",
                tier=2,
                door=Door.SIGNED_LIST,
                opened_from=None,
                owner_team=side.team,
                now=now,
            )
            assert again.pk == side.case.pk


def in_a_thread_each(work: object, arguments: list) -> list:
    """Run the work once per argument at the same moment, each in a thread and on a connection of its own."""
    ready = threading.Barrier(len(arguments))

    def run(argument: object) -> object:
        try:
            connections["default"].ensure_connection()
            ready.wait(timeout=30)
            return work(argument)  # type: ignore[operator]
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


@pytest.fixture
def lasting(transactional_db: None) -> Side:
    return a_side(code="icb", place="norwich")


def test_sixteen_callers_at_once_never_get_the_same_task(lasting: Side) -> None:
    with acting_as(WORKER):
        now = app_now()
        Task.objects.update(state="cancelled")
        for number in range(TASKS):
            case = _a_case(lasting, number, now)
            assert open_task(
                by=WORKER,
                case=case,
                kind="check_in_call",
                about_id=uuid.uuid4(),
                team=lasting.team,
                priority=50,
                due_at=now + dt.timedelta(hours=4),
                now=now,
            )

    def claim_three(number: int) -> list[uuid.UUID | None]:
        claimed: list[uuid.UUID | None] = []
        for turn in range(3):
            task = _next_call_of(lasting, f"caller-{number}-{turn}")
            claimed.append(task.pk if task else None)
        return claimed

    claimed = [pk for each in in_a_thread_each(claim_three, list(range(THREADS))) for pk in each]

    assert [pk for pk, times in Counter(claimed).items() if pk is not None and times > 1] == []
    with acting_as(WORKER):
        assert Task.objects.filter(state="claimed").count() == len([pk for pk in claimed if pk])
        assert TaskEvent.objects.filter(verb="claimed").count() == len([pk for pk in claimed if pk])
        rest = Task.objects.filter(state="open").count()
    assert len([pk for pk in claimed if pk]) + rest == TASKS
    assert len([pk for pk in claimed if pk]) >= THREADS * 2


def test_two_callers_never_hold_red_flags_of_one_person_at_once_h_02(lasting: Side) -> None:
    people, flags = 6, 3
    with acting_as(WORKER):
        now = app_now()
        Task.objects.update(state="cancelled")
        cases = [_a_case(lasting, number, now) for number in range(people)]
        # The flags of everybody are mixed, as they come in.
        for case in cases * flags:
            assert open_task(
                by=WORKER,
                case=case,
                kind="red_flag",
                about_id=uuid.uuid4(),
                team=lasting.team,
                priority=0,
                due_at=now + dt.timedelta(minutes=15),
                now=now,
            )

    callers = [f"caller-{number}" for number in range(THREADS)]
    taken = [one.case_id for one in in_a_thread_each(lambda who: _next_call_of(lasting, who), callers) if one]

    assert sorted(taken) == sorted(case.pk for case in cases), "each is rung by one, and nobody is left waiting"
    with acting_as(WORKER):
        held = set(Task.objects.filter(state="claimed").values_list("case_id", "claimed_by"))
        assert Task.objects.filter(state="claimed").count() == people * flags
    assert len(held) == people


def _a_case(side: Side, number: int, now: dt.datetime) -> Case:
    person = Person.objects.create(
        population_id=f"p{number}", given_name="Ada", family_name="Test", birth_date=BORN, is_synthetic=True
    )
    return open_case(
        by=WORKER,
        person=person,
        audience=side.audience,
        category="high",
        tier=1,
        door=Door.SIGNED_LIST,
        opened_from=None,
        owner_team=side.team,
        now=now,
    )


def _next_call_of(side: Side, who: str) -> Task | None:
    caller = Actor(
        kind=Kind.STAFF,
        id=who,
        organisations=(side.lead.pk,),
        roles=frozenset({"caller"}),
        purpose="support",
        teams=(side.team.pk,),
    )
    with acting_as(caller):
        with connection.cursor() as cursor:
            cursor.execute("set local role web")
        return claim_next(by=caller, teams=caller.teams, lease_seconds=600, now=app_now())


def test_the_same_answers_posted_at_the_same_moment_are_stored_once(lasting: Side, settings: object) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    born = {"born-day": str(BORN.day), "born-month": str(BORN.month), "born-year": str(BORN.year)}
    clients = [Client() for _ in range(6)]
    for client in clients:
        assert client.post(f"/c/{lasting.token}", born).status_code == 302

    answers = in_a_thread_each(lambda client: client.post("/check-in/send"), clients)

    assert {answer.status_code for answer in answers} == {302}
    with acting_as(WORKER):
        assert Response.objects.filter(occurrence=lasting.later).count() == 1
    # Who lost the race may be sent round a corner, to where the answers are already known to be stored.
    for client, answer in zip(clients, answers, strict=True):
        assert client.get(answer["Location"], follow=True).request["PATH_INFO"] == "/check-in/done"


def test_the_same_change_made_at_the_same_moment_is_made_once(lasting: Side) -> None:
    clinician = lasting.actor("clinician")

    def remove(_: int) -> str:
        try:
            with acting_as(clinician):
                entry = Entry.objects.select_related("at_risk_list").get(pk=lasting.entry.pk)
                entry.version = lasting.entry.version
                remove_entry(by=clinician, entry=entry, reason="not at risk", now=app_now())
        except StaleVersion:
            return "stale"
        return "done"

    assert Counter(in_a_thread_each(remove, list(range(6)))) == {"done": 1, "stale": 5}
    with acting_as(WORKER):
        assert Case.objects.count() == 1
