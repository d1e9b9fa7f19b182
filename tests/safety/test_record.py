"""Every deed is written down once: every action there is, tried against the real tables."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import pkgutil
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

import wherry
from tests.support.places_and_people import QUICK_HASHES, Side, a_side, hold
from wherry.audit.models import Event
from wherry.cases import actions as cases
from wherry.cases.types import Door, Opening, State
from wherry.checkin.actions import alarms, answers, calls, codes, links, replies
from wherry.checkin.models import Alarm, CodeAsked
from wherry.checkin.types import AlarmRaised
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.governance import actions as governance
from wherry.organisations import actions as organisations
from wherry.organisations.types import OrganisationKind, Role
from wherry.outreach import actions as outreach
from wherry.outreach.types import AttemptEvent, Channel
from wherry.people import actions as people
from wherry.people.models import ContactPointRow, Person, Report
from wherry.people.types import WishKind
from wherry.referrals import actions as referrals
from wherry.review import actions as review
from wherry.review.queries import hash_of_list
from wherry.review.types import Verdict
from wherry.triage import actions as triage
from wherry.triage.types import Decision as Decided
from wherry.worklist.actions import claiming, ending, opening, passing, undoing

pytestmark = pytest.mark.django_db
Deed = Callable[[Side, dt.datetime], object]
HOUR = dt.timedelta(hours=1)
#: What writes nothing down, and why that is right.
NO_DEED = {
    "audit.record": "is the record",
    "audit.record_all": "is the record",
    "audit.seal": "links the record",
    "governance.audience_of": "derived, not decided",
    "cases.look_again": "a clock",
    "cases.look_again_all": "a clock",
    "outreach.hold": "a clock",
    "worklist.renew_lease": "a sign of life",
    "worklist.keep_draft": "nothing is given before it is sent",
    "worklist.drop_draft": "goes with the answers that are stored",
    "checkin.save_draft": "nothing is given before it is sent",
    "checkin.code_heard": "the message it opened is what is written down",
    "checkin.stay_proven": "a sign of life; the look itself is written down by the page",
    "checkin.call_heard": "the task it opened is what is written down",
    "checkin.alarm_heard": "the flag it raised is what is written down",
    "outreach.leave_receipt": "kept as it came",
    "outreach.leave_inbound_text": "kept as it came",
    "review.note_look": "the look itself is written down by the page",
    "feeds.receive": "the population store keeps a ledger",
    "risk.stratify": "the population store keeps a ledger",
}


def held(side: Side, now: dt.datetime) -> None:
    hold(task=side.task, staff=side.staff["caller"], now=now)


def on_task(action: Callable[..., object], **more: object) -> Deed:
    def deed(side: Side, now: dt.datetime) -> object:
        held(side, now)
        return action(by=side.actor("caller"), task=side.task, now=now, **more)

    return deed


def on_call(action: Callable[..., object], **more: object) -> Deed:
    def deed(side: Side, now: dt.datetime) -> object:
        by = side.actor("partner") if action in (referrals.accept, referrals.decline, referrals.finish) else WORKER
        return action(by=by, call_to_action=side.call, now=now, **more)

    return deed


def by_lead(action: Callable[..., object], **more: object) -> Deed:
    return lambda side, now: action(by=side.actor("programme_lead"), now=now, **more)


def removed(side: Side, now: dt.datetime) -> None:
    review.remove_entry(by=side.actor("clinician"), entry=side.entry, reason="not at risk", now=now)


def a_person(side: Side) -> Person:
    return Person.objects.create(population_id="p9", given_name="A", family_name="B", birth_date=dt.date(1940, 1, 1))


def _a_code_used(side: Side, now: dt.datetime) -> None:
    asked = codes.ask_for_code(by=WORKER, invitation=side.invitation, now=now)
    asked.change(used_at=now, seen_at=now, proof_sha256="a" * 64)


def _number_of(side: Side) -> uuid.UUID:
    return ContactPointRow.objects.filter(person=side.person).order_by("id").first().pk


#: One line per action: how it is done here. What must have happened before is done by the first of a pair.
DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "cases.open_case": lambda s, n: cases.open_case(
        by=WORKER,
        person=a_person(s),
        audience=s.audience,
        category="high",
        tier=1,
        door=Door.SIGNED_LIST,
        opened_from=None,
        owner_team=s.team,
        now=n,
    ),
    "cases.open_cases": lambda s, n: cases.open_cases(
        by=WORKER,
        audience=s.audience,
        openings=[Opening(a_person(s).pk, "high", 1, Door.SIGNED_LIST)],
        owner_team=s.team,
        now=n,
    ),
    "cases.open_occurrences": lambda s, n: cases.open_occurrences(by=WORKER, numbers=[(s.case, 9)], now=n),
    "cases.open_occurrence": lambda s, n: cases.open_occurrence(by=WORKER, case=s.case, number=9, now=n),
    "cases.move_occurrence": lambda s, n: cases.move_occurrence(
        by=WORKER, occurrence=s.later, to=State.DECLINED, why="stop", now=n
    ),
    "checkin.invite": lambda s, n: links.invite(
        by=WORKER,
        occurrence=s.occurrence,
        token_sha256="a" * 64,
        definition_hash="sha256:0",
        language="en",
        expires_at=n + HOUR,
        now=n,
    ),
    "checkin.invite_all": lambda s, n: links.invite_all(
        by=WORKER, links=[links.Link(s.occurrence, "a" * 64, "sha256:0", "en", n + HOUR)], now=n
    ),
    "checkin.recognise": lambda s, n: links.recognise(
        by=WORKER, invitation=s.invitation, given=None, known=s.person.birth_date, now=n
    ),
    "checkin.submit": lambda s, n: answers.submit(
        by=WORKER, invitation=s.invitation, answers={"food": "none"}, answered_by="self", now=n
    ),
    "checkin.record_by_phone": (
        lambda s, n: links.revoke_links(by=WORKER, case_id=s.case.pk, now=n),
        lambda s, n: answers.record_by_phone(
            by=WORKER,
            occurrence=s.later,
            answers={"food": "none"},
            language="en",
            definition_hash="sha256:0",
            key=uuid.uuid4(),
            now=n,
        ),
    ),
    "checkin.say_whether_it_helped": lambda s, n: replies.say_whether_it_helped(
        by=WORKER,
        invitation=None,
        case_id=s.case.pk,
        audience_id=s.audience.pk,
        about_id=uuid.uuid4(),
        helped=True,
        channel="phone",
        now=n,
    ),
    "checkin.ask_for_code": lambda s, n: codes.ask_for_code(by=WORKER, invitation=s.invitation, now=n),
    "checkin.enter_code": (
        lambda s, n: codes.ask_for_code(by=WORKER, invitation=s.invitation, now=n),
        lambda s, n: codes.enter_code(
            by=WORKER, asked=CodeAsked.objects.latest("asked_at"), typed="1", key=b"k", proof_sha256="a" * 64, now=n
        ),
    ),
    "checkin.end_proof": (
        lambda s, n: _a_code_used(s, n),
        lambda s, n: codes.end_proof(by=replace(WORKER, proof_sha256="a" * 64), invitation=s.invitation, now=n),
    ),
    "checkin.want_a_call": lambda s, n: calls.want_a_call(by=WORKER, invitation=s.invitation, about="medicines", now=n),
    "checkin.keep_alarms": lambda s, n: _an_alarm(s, n),
    "checkin.revoke_links": lambda s, n: links.revoke_links(by=WORKER, case_id=s.case.pk, now=n),
    "checkin.restore_links": (
        lambda s, n: links.revoke_links(by=WORKER, case_id=s.case.pk, now=n),
        lambda s, n: links.restore_links(by=WORKER, occurrence_id=s.later.pk, now=n),
    ),
    "governance.agree": lambda s, n: governance.agree(
        by=WORKER,
        organisation=s.lead,
        programme="x",
        purposes=["care"],
        lawful_basis="x",
        starts_at=n,
        ends_at=None,
        signed_by="x",
        now=n,
    ),
    "governance.end_agreement": lambda s, n: governance.end_agreement(
        by=WORKER, agreement=s.agreements["partner"], ends_at=n + HOUR, now=n
    ),
    "governance.record_decision": by_lead(
        governance.record_decision,
        programme="covid_protect",
        what="a",
        why="b",
        risk_owner="c",
        review_on=dt.date(2199, 1, 1),
    ),
    "organisations.register_organisation": lambda s, n: organisations.register_organisation(
        by=WORKER, code="new", name="New", kind=OrganisationKind.CHARITY, now=n
    ),
    "organisations.form_team": lambda s, n: organisations.form_team(
        by=WORKER, code="new", name="New", organisation=s.lead, now=n
    ),
    "organisations.engage_staff": lambda s, n: organisations.engage_staff(
        by=WORKER, email="new@example.test", name="New", password="x", now=n
    ),
    "organisations.give_role": lambda s, n: organisations.give_role(
        by=WORKER, staff=s.staff["caller"], organisation=s.partner, role=Role.PARTNER, now=n
    ),
    "outreach.intend": lambda s, n: outreach.intend(
        by=WORKER,
        occurrence=s.later,
        step="text_2",
        channel=Channel.SMS,
        message="reminder",
        language="en",
        contact_point_id=None,
        to="",
        household_key="",
        now=n,
    ),
    "outreach.happened": lambda s, n: outreach.happened(
        by=WORKER, attempt=s.attempt, event=AttemptEvent.GATE_REFUSED, now=n, why="stop"
    ),
    "outreach.intend_all": lambda s, n: outreach.intend_all(
        by=WORKER, intents=[outreach.Intent(s.later, "text_2", Channel.SMS, "reminder", "en", None, "", "")], now=n
    ),
    "outreach.happened_all": lambda s, n: outreach.happened_all(
        by=WORKER, words=[outreach.Word(s.attempt.pk, AttemptEvent.GATE_REFUSED, "stop")], now=n
    ),
    "outreach.pause_sending": by_lead(outreach.pause_sending, why="a drill"),
    "outreach.resume_sending": by_lead(outreach.resume_sending),
    "people.admit": lambda s, n: people.admit(by=WORKER, details=_details(n), now=n),
    "people.admit_all": lambda s, n: people.admit_all(by=WORKER, people=[_details(n)], now=n),
    "people.note_wish": lambda s, n: people.note_wish(
        by=WORKER, person_id=s.person.pk, kind=WishKind.STOP, value="", source="link", now=n
    ),
    "people.report": lambda s, n: people.report(
        by=WORKER, person_id=s.person.pk, kind=Report.Kind.DIED, source="link", now=n
    ),
    "people.resolve_report": lambda s, n: people.resolve_report(
        by=WORKER, report_id=s.report.pk, resolution="mistaken", now=n
    ),
    "people.mark_wrong": lambda s, n: people.mark_wrong(
        by=WORKER, contact_point_id=ContactPointRow.objects.filter(person=s.person).first().pk, now=n
    ),
    "people.mark_right": (
        lambda s, n: people.mark_wrong(by=WORKER, contact_point_id=_number_of(s), now=n),
        lambda s, n: people.mark_right(by=WORKER, contact_point_id=_number_of(s), now=n),
    ),
    "referrals.offer": (
        lambda s, n: referrals.withdraw(by=WORKER, call_to_action=s.call, why="x", now=n),
        lambda s, n: referrals.offer(
            by=WORKER, need=s.need, service="food_parcel", partner=s.partner, shared={}, clock_ends_at=n + HOUR, now=n
        ),
    ),
    "referrals.accept": on_call(referrals.accept),
    "referrals.decline": on_call(referrals.decline, reason="no_capacity"),
    "referrals.finish": (on_call(referrals.accept), on_call(referrals.finish, outcome="helped")),
    "referrals.lapse": on_call(referrals.lapse),
    "referrals.ask_person": on_call(referrals.ask_person),
    "referrals.person_says": (
        lambda s, n: (on_call(referrals.accept)(s, n), on_call(referrals.finish, outcome="helped")(s, n)),
        on_call(referrals.person_says, helped=True),
    ),
    "referrals.say_capacity": lambda s, n: referrals.say_capacity(
        by=s.actor("partner"), partner=s.partner, service="food_parcel", takes=5, now=n
    ),
    "referrals.tell_anew": on_call(referrals.tell_anew, shared={"address": "9 Sea View"}, area="Norwich, NR99"),
    "referrals.withdraw": on_call(referrals.withdraw, why="stop"),
    "review.make_list": lambda s, n: review.make_list(
        by=WORKER,
        audience=s.audience,
        definition_hash="sha256:0",
        run_hash="another",
        as_of=n.date(),
        entries=[],
        now=n,
    ),
    "review.remove_entry": removed,
    "review.put_back": (
        removed,
        lambda s, n: review.put_back(by=s.actor("clinician"), entry=s.entry, reason="on second thoughts", now=n),
    ),
    "review.decide_together": lambda s, n: review.decide_together(
        by=s.actor("clinician"),
        at_risk_list=s.at_risk_list,
        seen={s.entry.pk: s.entry.version},
        verdict=Verdict.REMOVED,
        reason="not at risk",
        expires_on=None,
        now=n,
    ),
    "review.put_question_again": (
        removed,
        lambda s, n: review.put_question_again(
            by=WORKER, at_risk_list=s.at_risk_list, entries=[s.entry], now=n + dt.timedelta(days=99)
        ),
    ),
    "review.add_entry": lambda s, n: review.add_entry(
        by=s.actor("clinician"),
        at_risk_list=s.at_risk_list,
        reason="known to us",
        now=n,
        columns={"population_id": "p9", "birth_date": dt.date(1940, 1, 1), "category": "high", "tier": 1},
    ),
    "review.sign_list": lambda s, n: review.sign_list(
        by=s.actor("clinician"), at_risk_list=s.at_risk_list, seen_hash=hash_of_list(list_id=s.at_risk_list.pk), now=n
    ),
    "review.note_cases_opened": lambda s, n: review.note_cases_opened(
        by=WORKER, list_id=s.at_risk_list.pk, opened=1, now=n
    ),
    "triage.record_decision": (
        lambda s, n: s.decision.red_flags.all().delete() and None,
        lambda s, n: triage.record_decision(by=WORKER, response=_another_response(s, n), decided=_nothing(), now=n),
    ),
    "triage.raise_red_flag": (
        lambda s, n: _an_alarm(s, n),
        lambda s, n: triage.raise_red_flag(by=WORKER, alarm=_an_alarm(s, n), now=n),
    ),
    "triage.acknowledge_red_flag": lambda s, n: triage.acknowledge_red_flag(
        by=WORKER, red_flag_id=s.red_flag.pk, now=n
    ),
    "triage.close_red_flag": lambda s, n: triage.close_red_flag(
        by=WORKER, red_flag_id=s.red_flag.pk, outcome="callback_complete", now=n
    ),
    "triage.move_need": lambda s, n: triage.move_need(by=WORKER, need=s.need, to="referred", why="food_parcel", now=n),
    "worklist.open_task": lambda s, n: opening.open_task(
        by=WORKER, case=s.case, kind="need", about_id=s.need.pk, team=s.team, priority=1, due_at=n + HOUR, now=n
    ),
    "worklist.claim_next": lambda s, n: claiming.claim_next(
        by=s.actor("caller"), teams=[s.team.pk], lease_seconds=60, now=n
    ),
    "worklist.claim": lambda s, n: claiming.claim(by=s.actor("caller"), task=s.task, lease_seconds=60, now=n),
    "worklist.hand_back": on_task(passing.hand_back, why="x"),
    "worklist.try_again": lambda s, n: on_task(ending.try_again, outcome="no_answer_machine", not_before=n + HOUR)(
        s, n
    ),
    "worklist.finish": on_task(ending.finish, outcome="callback_complete"),
    "worklist.cancel_tasks": lambda s, n: opening.cancel_tasks(
        by=WORKER, case_id=s.case.pk, kinds=["check_in_call"], why="answered", now=n
    ),
    "worklist.hand_over": on_task(passing.hand_over, for_role="supervisor"),
    "worklist.reassign": lambda s, n: passing.reassign(by=s.actor("supervisor"), task=s.task, now=n),
    "worklist.take_back": (
        on_task(passing.hand_back, why="x"),
        lambda s, n: undoing.take_back(by=s.actor("caller"), task=s.task, lease_seconds=60, now=n),
    ),
    "worklist.climb": lambda s, n: passing.climb(by=WORKER, task=s.task, role="clinician", hops=1, now=n),
}


def _details(now: dt.datetime) -> object:
    from tests.support.county_of_one import details

    return details(today=now.date(), population_id="p10")


def _an_alarm(side: Side, now: dt.datetime) -> Alarm:
    raised = [AlarmRaised("x", "x", "x"), AlarmRaised("chest_pain", "chest_pain", "Ring 999")]
    alarms.keep_alarms(by=WORKER, occurrence=side.later, flags=raised, channel="web", now=now)
    return Alarm.objects.get(flag="chest_pain")


def _another_response(side: Side, now: dt.datetime) -> object:
    from wherry.checkin.models import Response

    return Response.objects.create(
        case_id=side.case.pk,
        audience_id=side.audience.pk,
        occurrence=side.later,
        channel="web",
        answers={},
        language="en",
        answered_by="self",
        submitted_at=now,
        definition_hash="sha256:0",
        idempotency_key=uuid.uuid4(),
    )


def _nothing() -> Decided:
    return Decided(urgency="none", needs=(), red_flags=(), incomplete=(), definition="sha256:0")  # type: ignore[call-arg,arg-type]


def actions() -> dict[str, object]:
    """Every public function of every room's `actions`, a file or a folder of files, as `room.function`."""
    found = {}
    for module in pkgutil.walk_packages(wherry.__path__, "wherry."):
        room, _, rest = module.name.removeprefix("wherry.").partition(".")
        if rest.split(".")[0] != "actions":
            continue
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == loaded.__name__ and not name.startswith("_"):
                found[f"{room}.{name}"] = function
    return found


def test_every_action_is_tried_here_or_said_to_be_no_deed() -> None:
    assert set(actions()) == set(DEEDS) | set(NO_DEED)
    assert not set(DEEDS) & set(NO_DEED)


@pytest.fixture
def side() -> Side:
    return a_side(code="icb", place="norwich")


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_a_deed_is_written_down_exactly_once(name: str, side: Side) -> None:
    deed = DEEDS[name]
    with acting_as(WORKER), QUICK_HASHES:
        now = app_now()
        if isinstance(deed, tuple):
            deed[0](side, now)
            deed = deed[1]
        before = set(Event.objects.values_list("pk", flat=True))
        deed(side, now)
        written = Event.objects.exclude(pk__in=before)
        deeds = [event.did for event in written]
    assert len(deeds) == 1, deeds


@pytest.mark.parametrize(
    "name", ["cases.open_case", "people.report", "review.sign_list", "worklist.claim_next", "referrals.accept"]
)
def test_a_deed_taken_back_is_not_written_down(name: str, side: Side) -> None:
    deed = DEEDS[name]
    with acting_as(WORKER):
        before = Event.objects.count()
        with pytest.raises(ZeroDivisionError), acting_as(WORKER):
            deed(side, app_now())  # type: ignore[operator]
            raise ZeroDivisionError
        assert Event.objects.count() == before
