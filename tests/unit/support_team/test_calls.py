"""A caller's day under the staff sites' own database role: claim, ring, write down, and never see more than that."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from tests.support.county_of_one import County, a_task, agreed, county_of_one, member, signed_in
from wherry.audit.models import Event
from wherry.checkin.models import HelpReply, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.organisations.actions import register_organisation
from wherry.organisations.types import OrganisationKind, Purpose, Role
from wherry.people.models import ContactPointRow, Report, WishRow
from wherry.triage.models import Decision, Need, RedFlag
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
ANSWERS = {"breathless": "no", "chest_pain": "no", "food": "none", "rather_say": "true", "anything_else": ""}


@pytest.fixture
def county() -> County:
    return county_of_one()


@contextmanager
def as_web() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("set local role web")
    yield
    with connection.cursor() as cursor:
        cursor.execute("reset role")


@pytest.fixture
def caller(county: County) -> Client:
    return signed_in(client=Client(), staff=county.staff["caller"])


@pytest.fixture
def supervisor(county: County) -> Client:
    return signed_in(client=Client(), staff=county.staff["supervisor"])


def the_task(county: County, kind: str) -> Task:
    with acting_as(WORKER):
        return Task.objects.get(case=county.case, kind=kind)


def claim(client: Client) -> str:
    address = client.post("/support/next")["Location"]
    assert address.startswith("/support/task/"), address
    return str(address)


def form_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def test_the_day_starts_with_what_waits_and_one_button(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_web():
        page = caller.get("/support/").content.decode()
    assert "Check-in by telephone" in page
    assert "Ada" not in page


def test_an_empty_list_says_so(caller: Client) -> None:
    with as_web():
        assert caller.post("/support/next")["Location"] == "/support/?nothing"
        assert "Nothing is waiting" in caller.get("/support/?nothing").content.decode()


def test_a_claimed_call_shows_the_person_and_never_why_they_are_on_a_list(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_web():
        page = caller.get(claim(caller)).content.decode()
    assert "Ada Testperson" in page
    assert "80 to 89" in page
    assert 'href="tel:+447700900101"' in page
    # Without the date a caller could not tell whom they are speaking to; the person says it first.
    assert "1941" in page
    assert "Let them say it first" in page
    for word in ("shielded", "tier", "Tier", "diagnos"):
        assert word not in page, word
    with acting_as(WORKER):
        seen = Event.objects.get(did="person.seen")
    assert seen.subject_ids[0] == str(county.person.pk)


@pytest.mark.parametrize(("known", "said"), [(True, "Wensum Reach Surgery"), (False, "D82001")])
def test_a_caller_reads_which_practice_by_its_name(caller: Client, county: County, known: bool, said: str) -> None:
    with acting_as(WORKER):
        kind = OrganisationKind.GP_PRACTICE
        code = "D82001" if known else "D82099"
        register_organisation(by=WORKER, code=code, name="Wensum Reach Surgery", kind=kind, now=app_now())
    a_task(county=county)
    with as_web():
        page = caller.get(claim(caller)).content.decode()
    assert f"<dt>GP practice</dt><dd>{said}</dd>" in page


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        ("call_back", "We spoke, and what they asked about is settled"),
        ("read_words", "We spoke, and what they wrote about is settled"),
    ],
)
def test_a_call_without_questions_ends_with_what_it_was_about(
    caller: Client, county: County, kind: str, ends: str
) -> None:
    a_task(county=county, kind=kind)
    with as_web():
        page = caller.get(claim(caller)).content.decode()
    assert ends in page and "finished the questions" not in page
    assert "They are asked again another day" not in page


def test_answers_are_stored_once_and_end_the_call(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_web():
        address = claim(caller)
        key = form_of(caller.get(address).content.decode(), "key")
        for _ in range(2):
            answer = caller.post(f"{address}/answers", {**ANSWERS, "key": key})
            assert answer["Location"] == f"{address}/after"
        assert "The answers are stored" in caller.get(f"{address}/after").content.decode()
    with acting_as(WORKER):
        stored = Response.objects.get()
        assert stored.answers == {"breathless": "no", "chest_pain": "no", "food": "none", "rather_say": True}
    task = the_task(county, "check_in_call")
    assert (task.state, stored.channel) == ("done", "phone")


def test_a_red_flag_on_the_telephone_stops_the_script(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_web():
        address = claim(caller)
        caller.post(f"{address}/answers", {"breathless": "at_rest", "key": str(uuid.uuid4())})
        page = caller.get(f"{address}/after").content.decode()
    assert page.index("Please ring 999 straight away") < page.index("Say this at the end")


def test_no_answers_and_unreadable_ones_are_said_on_the_page(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_web():
        address = claim(caller)
        assert "Nothing is answered yet" in caller.post(f"{address}/answers", {"key": "x"}).content.decode()
        assert caller.post(f"{address}/answers", {**ANSWERS, "key": "x"}).status_code == 400
        wrong = caller.post(f"{address}/answers", {"food": "plenty", "lonely": "often", "key": str(uuid.uuid4())})
    assert "not one of the answers" in wrong.content.decode()
    assert re.search(r'value="often"[^>]*checked', wrong.content.decode())


def test_they_may_answer_and_want_no_more_contact(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_web():
        address = claim(caller)
        caller.post(f"{address}/answers", {**ANSWERS, "key": str(uuid.uuid4()), "keep_in_touch": "stop"})
    with acting_as(WORKER):
        assert WishRow.objects.get().kind == "stop"
        assert Response.objects.count() == 1


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("no_answer_machine", "open"),
        ("voicemail", "open"),
        ("call_rescheduled", "open"),
        ("interpreter_needed", "open"),
        ("refused_to_engage", "done"),
        ("died", "done"),
        ("callback_complete", "done"),
        ("wrong_number", "open"),
    ],
)
def test_every_outcome_puts_the_task_where_it_belongs(caller: Client, county: County, outcome: str, state: str) -> None:
    a_task(county=county)
    with as_web():
        address = claim(caller)
        page = caller.get(address).content.decode()
        posted = {"outcome": outcome, "version": form_of(page, "version"), "rang": form_of(page, "rang")}
        assert caller.post(f"{address}/outcome", posted)["Location"] == "/support/"
        caller.post(f"{address}/outcome", posted)
    assert the_task(county, "check_in_call").state == state
    with acting_as(WORKER):
        assert Report.objects.filter(kind="died").count() == (1 if outcome == "died" else 0)
        wrong = ContactPointRow.objects.filter(wrong_since__isnull=False).count()
    assert wrong == (1 if outcome == "wrong_number" else 0)


def test_a_call_handed_back_can_be_taken_and_ended_again(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_web():
        address = claim(caller)
        version = form_of(caller.get(address).content.decode(), "version")
        assert caller.post(f"{address}/back", {"why": "lunch", "version": "99"}).status_code == 409
        assert caller.post(f"{address}/back", {"why": "lunch", "version": version})["Location"] == "/support/"
        assert caller.get(address).status_code == 404
        assert claim(caller) == address
        version = form_of(caller.get(address).content.decode(), "version")
        caller.post(f"{address}/outcome", {"outcome": "refused_to_engage", "version": version})
    assert the_task(county, "check_in_call").state == "done"


def test_they_want_us_to_stop(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_web():
        assert caller.post(f"{claim(caller)}/stop")["Location"] == "/support/"
    with acting_as(WORKER):
        assert WishRow.objects.get().kind == "stop"


def test_whether_help_came_is_written_down(caller: Client, county: County) -> None:
    a_task(county=county, kind="did_it_help")
    with as_web():
        address = claim(caller)
        assert "did it help" in caller.get(address).content.decode()
        assert caller.post(f"{address}/helped", {"helped": "perhaps"}).status_code == 400
        caller.post(f"{address}/helped", {"helped": "no"})
    with acting_as(WORKER):
        assert HelpReply.objects.get().helped is False


@pytest.mark.parametrize("kind", ["died", "not_me"])
def test_a_supervisor_settles_a_report(supervisor: Client, caller: Client, county: County, kind: str) -> None:
    with acting_as(WORKER):
        said = Report.objects.create(person=county.person, kind=kind, source="link", reported_at=app_now())
    verify = "verify_death" if kind == "died" else "verify_identity"
    a_task(county=county, kind=verify, about_id=said.pk, for_role="supervisor")
    with as_web():
        assert caller.post("/support/next")["Location"] == "/support/?nothing"
        address = claim(supervisor)
        page = supervisor.get(address).content.decode()
        assert "tel:" not in page
        assert supervisor.post(f"{address}/verified", {"resolution": "perhaps"}).status_code == 400
        assert supervisor.post(f"{address}/verified", {"resolution": "mistaken"})["Location"] == "/support/"
    with acting_as(WORKER):
        assert Report.objects.get().resolution == "mistaken"
    assert the_task(county, verify).state == "done"


@pytest.mark.parametrize("kind", ["exhausted", "read_words", "call_back"])
def test_every_other_kind_of_task_opens_and_ends(caller: Client, county: County, kind: str) -> None:
    a_task(county=county, kind=kind)
    with as_web():
        address = claim(caller)
        page = caller.get(address).content.decode()
        caller.post(f"{address}/outcome", {"outcome": "callback_complete", "version": form_of(page, "version")})
    assert the_task(county, kind).state == "done"


def test_a_red_flag_and_a_need_say_what_the_person_told_us(supervisor: Client, county: County) -> None:
    with acting_as(WORKER):
        now, of_case = app_now(), {"case_id": county.case.pk, "audience_id": county.case.audience_id}
        response = Response.objects.create(
            **of_case,
            occurrence=county.occurrence,
            channel="web",
            answers={},
            language="en",
            answered_by="self",
            submitted_at=now,
            definition_hash="x",
            idempotency_key=uuid.uuid4(),
        )
        decision = Decision.objects.create(
            **of_case, response=response, urgency="emergency", definition_hash="x", decided_at=now
        )
        flag = RedFlag.objects.create(
            **of_case,
            occurrence=county.occurrence,
            decision=decision,
            flag="breathless_at_rest",
            rule="breathless_at_rest",
            raised_at=now,
            say="Please ring 999 now.",
        )
        need = Need.objects.create(
            **of_case, decision=decision, kind="food", urgency="today", rule="x", words="No food"
        )
    a_task(county=county, kind="red_flag", about_id=flag.pk)
    with as_web():
        address = claim(supervisor)
        page = supervisor.get(address).content.decode()
        assert "Short of breath sitting still" in page
        said = {"now": "help_is_there", "flags": flag.pk, "version": form_of(page, "version")}
        supervisor.post(f"{address}/settled", said)
    with acting_as(WORKER):
        flag.refresh_from_db()
    assert flag.acknowledged_by == str(county.staff["supervisor"].pk)
    assert flag.closed_at is not None
    a_task(county=county, kind="need", about_id=need.pk, for_role="supervisor")
    with as_web():
        assert "Food: No food" in supervisor.get(claim(supervisor)).content.decode()


def test_where_contact_is_forbidden_no_number_is_shown(caller: Client, county: County) -> None:
    a_task(county=county)
    with acting_as(WORKER):
        Report.objects.create(person=county.person, kind="died", source="link", reported_at=app_now())
    with as_web():
        page = caller.get(claim(caller)).content.decode()
    assert "Do not ring" in page
    assert "tel:" not in page


def test_a_task_one_does_not_hold_is_the_same_404_as_none(caller: Client, supervisor: Client, county: County) -> None:
    a_task(county=county)
    with acting_as(WORKER):
        now = app_now()
        other = register_organisation(by=WORKER, code="away", name="Away", kind=OrganisationKind.CHARITY, now=now)
        outsider = member(organisation=other, role=Role.SUPERVISOR, now=now)
        partner = register_organisation(by=WORKER, code="here", name="Here", kind=OrganisationKind.COUNCIL, now=now)
        agreed(organisation=partner, purposes=(Purpose.SUPPORT,), now=now)
        colleague = member(organisation=partner, role=Role.SUPERVISOR, now=now, team=county.team)
    with as_web():
        address = claim(caller)
    for staff in (outsider, colleague):
        stranger = signed_in(client=Client(), staff=staff)
        with as_web():
            refused = [
                stranger.get(address),
                *(
                    stranger.post(f"{address}/{end}")
                    for end in ("answers", "outcome", "stop", "helped", "verified", "back")
                ),
                stranger.get(f"{address}/after"),
            ]
            absent = stranger.get(f"/support/task/{uuid.uuid4()}")
        for answer in refused:
            assert (answer.status_code, answer.content) == (404, absent.content)


def test_a_lease_that_ran_out_takes_the_task_from_view(caller: Client, county: County) -> None:
    a_task(county=county)
    with as_web():
        address = claim(caller)
    with acting_as(WORKER):
        Task.objects.update(leased_until=app_now())
    with as_web():
        assert caller.get(address).status_code == 404


def test_other_roles_are_refused(county: County) -> None:
    for role in ("partner", "programme_lead"):
        client = signed_in(client=Client(), staff=county.staff[role])
        with as_web():
            assert client.get("/support/").status_code == 403


def test_what_climbed_to_clinicians_is_taken_by_one_signed_in_for_care(county: County) -> None:
    task = a_task(county=county, kind="need", for_role="clinician")
    clinician = signed_in(client=Client(), staff=county.staff["clinician"])
    with as_web():
        assert claim(clinician).endswith(str(task.pk))


def test_a_word_on_help_is_not_finished_without_a_yes_or_no(caller: Client, county: County) -> None:
    task = a_task(county=county, kind="did_it_help")
    with as_web():
        address = claim(caller)
        version = form_of(caller.get(address).content.decode(), "version")
        answer = caller.post(f"{address}/outcome", {"outcome": "callback_complete", "version": version})
        assert answer.status_code == 400
    with acting_as(WORKER):
        assert Task.objects.get(pk=task.pk).state == "claimed"
