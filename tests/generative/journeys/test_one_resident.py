"""
One resident through everything that can happen to them: answers, receipts, silence, calls, stop, death, mistakes, time.

Whatever the order, whatever is lost on the way: one state for each check-in, nobody contacted after they stopped or
died, one message for each step, every red flag and every report with somebody to look into it.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support.county_of_one import county_of_one
from tests.support.reach import MORNING, Provider, end_quarantines, lose_jobs, run_jobs, set_clock, wind_on
from wherry.cases.models import Occurrence
from wherry.cases.queries import latest_occurrence
from wherry.cases.rules import episode_state
from wherry.cases.types import State
from wherry.checkin.models import Invitation, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.journeys import hand_off, reach_out, stop_contact, take_checkin, work_the_list
from wherry.journeys.turn import take_turn
from wherry.outreach.actions import leave_receipt
from wherry.outreach.errors import InDoubt, NotAccepted, RateLimited
from wherry.outreach.models import Attempt
from wherry.people.models import Report
from wherry.triage.models import Decision, RedFlag
from wherry.worklist.actions.claiming import claim
from wherry.worklist.models import Task
from wherry.worklist.types import Outcome

EXAMPLES = int(os.environ.get("WHERRY_LIVES", "100"))
FINE = {"answering_for": "self", "breathless": "no", "chest_pain": "no", "feeling": "same"}
ANSWERS = {
    "fine": FINE,
    "red flag": {**FINE, "breathless": "at_rest"},
    "two red flags": {**FINE, "breathless": "at_rest", "chest_pain": "yes"},
    "no food": {**FINE, "food": "none"},
    "nothing": {"answering_for": "self"},
}
_WAITING = ("open", "claimed")
_CONTACT_TASKS = ("check_in_call", "call_back", "exhausted", "did_it_help", "read_words")


class Killed(BaseException):
    """The worker is gone."""


def _holder(link: Invitation) -> Actor:
    return Actor(kind=Kind.LINK, id=link.token_sha256[:12], token_sha256=link.token_sha256)


class OneResident(RuleBasedStateMachine):
    """The life of one case; each example in a transaction of its own, rolled back."""

    provider: Provider

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.provider = Provider()
        hand_off.provider.client = lambda **known: self.provider  # type: ignore[assignment]
        self.barred: int | None = None
        self.is_quiet = False
        self.said: set[tuple[uuid.UUID, str]] = set()

    def teardown(self) -> None:
        """Take everything back."""
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    @initialize()
    def a_county(self) -> None:
        """Begin on a Monday morning."""
        set_clock(MORNING)
        self.county = county_of_one()
        self.supervisor = Actor(
            kind=Kind.STAFF,
            id=str(self.county.staff["supervisor"].pk),
            organisations=(self.county.lead.pk,),
            roles=frozenset({"supervisor", "clinician", "caller"}),
            purpose="support",
            teams=(self.county.team.pk,),
        )

    # ---- what happens ----

    @rule(hours=st.sampled_from([0.25, 1, 5, 13, 30, 72]))
    def time_passes(self, hours: float) -> None:
        """Somebody sleeps, or the worker is stopped for three days."""
        wind_on(dt.timedelta(hours=hours))
        self.is_quiet = False

    @rule(lost=st.booleans())
    def worker_works(self, lost: bool) -> None:
        """Let the worker do everything due; the jobs left for it are run, or lost with a worker that was killed."""
        for _ in range(12):
            (lose_jobs if lost else run_jobs)()
            try:
                if not any(take_turn().values()):
                    self.is_quiet = True
                    return
            except Killed:
                continue
        raise AssertionError("the worker never comes to rest")

    @rule(lost=st.booleans())
    def worker_takes_one_step(self, lost: bool) -> None:
        """Only jobs, or only one part of a turn."""
        self.is_quiet = False
        try:
            if lost:
                lose_jobs()
                reach_out.decide_contacts()
            else:
                run_jobs()
        except Killed:
            pass

    @rule(
        fault=st.sampled_from([InDoubt(), NotAccepted(), RateLimited(after_seconds=1.0), Killed()]), taken=st.booleans()
    )
    def provider_will_fail(self, fault: BaseException, taken: bool) -> None:
        """Let the next hand-off go wrong, before or after the message was taken."""
        self.provider.next_fault = fault
        self.provider.is_taken_before_fault = taken and isinstance(fault, InDoubt | Killed)

    @rule()
    def quarantines_end(self) -> None:
        """Let the wall clock pass the quarantine."""
        end_quarantines()
        self.is_quiet = False

    @rule(event=st.sampled_from(["sent", "failed", "delivered"]))
    def receipt_comes(self, event: str) -> None:
        """Let the provider say something of its newest message."""
        if self.provider.took:
            with acting_as(WORKER):
                reference = self.provider.took[-1][0]
                leave_receipt(provider_event=str(uuid.uuid4()), reference=reference, event=event, now=app_now())
            self.is_quiet = False

    @rule(said=st.sampled_from(sorted(ANSWERS)), is_page_only=st.booleans())
    def resident_answers(self, said: str, is_page_only: bool) -> None:
        """Answer by link, where there is one that works: to the end, or a page and no more."""
        with acting_as(WORKER):
            open_links = Invitation.objects.filter(case=self.county.case, kind="check_in", state="open")
            link = open_links.filter(expires_at__gt=app_now()).order_by("-made_at").first()
        if link is None:
            return
        self.is_quiet = False
        who = _holder(link)
        with acting_as(who):
            found = Invitation.objects.select_related("case", "case__person", "occurrence").get(pk=link.pk)
            if is_page_only:
                said_now = take_checkin.save_answers(
                    by=who, invitation=found, answers={"chest_pain": "", **ANSWERS[said]}, now=app_now()
                )
                self.said |= {(found.occurrence_id, one.flag) for one in said_now}
                return
            for _ in range(2):  # a double click
                take_checkin.take_answers(
                    by=who, invitation=found, answers=ANSWERS[said], answered_by="self", now=app_now()
                )

    @rule(outcome=st.sampled_from([Outcome.NO_ANSWER, Outcome.SPOKE, Outcome.REFUSED, Outcome.DIED, Outcome.CALL_BACK]))
    def caller_rings(self, outcome: Outcome) -> None:
        """Ring whoever waits longest for a check-in call, if somebody does."""
        with acting_as(self.supervisor):
            now = app_now()
            task = Task.objects.filter(kind="check_in_call", state="open", not_before__lte=now).first()
            if task is None:
                return
            self.is_quiet = False
            claim(by=self.supervisor, task=task, lease_seconds=1_200, now=now)
            if outcome is Outcome.SPOKE:
                work_the_list.record_answers(
                    by=self.supervisor, task=task, answers=ANSWERS["red flag"], key=uuid.uuid4(), now=now
                )
            work_the_list.record_outcome(by=self.supervisor, task=task, outcome=outcome, now=now)
        if outcome is Outcome.DIED:
            self._bar()

    @rule(how=st.sampled_from(["stop", "died", "not me"]))
    def contact_is_forbidden(self, how: str) -> None:
        """Let somebody say stop, that they have died, or that it is not them."""
        say = {
            "stop": stop_contact.stop,
            "died": stop_contact.report_death,
            "not me": stop_contact.report_not_me,
        }[how]
        with acting_as(WORKER):
            say(by=WORKER, person_id=self.county.person.pk, source="link", now=app_now())
        self._bar()

    def _bar(self) -> None:
        self.is_quiet = False
        if self.barred is None:
            self.barred = len(self.provider.took)

    @precondition(lambda self: self.barred is not None)
    @rule(resolution=st.sampled_from(["mistaken", "confirmed"]))
    def somebody_looks_into_a_report(self, resolution: str) -> None:
        """Close the oldest report somebody was asked to look into."""
        with acting_as(self.supervisor):
            now = app_now()
            kinds = ["verify_death", "verify_identity"]
            task = Task.objects.filter(kind__in=kinds, state="open").order_by("opened_at").first()
            if task is None:
                return
            self.is_quiet = False
            claim(by=self.supervisor, task=task, lease_seconds=1_200, now=now)
            work_the_list.record_verified(by=self.supervisor, task=task, resolution=resolution, now=now)
        with acting_as(WORKER):
            if not self._is_barred():
                self.barred = None

    def _is_barred(self) -> bool:
        standing = Report.objects.filter(person=self.county.person).exclude(resolution=Report.MISTAKEN).exists()
        from wherry.people.models import WishRow

        return standing or WishRow.objects.filter(person=self.county.person, kind="stop").exists()

    # ---- what must hold ----

    @invariant()
    def nobody_is_contacted_after_they_stopped_or_died(self) -> None:
        """H-01, H-18."""
        assert self.barred is None or len(self.provider.took) == self.barred

    @invariant()
    def one_message_for_each_step(self) -> None:
        """H-05."""
        references = [reference for reference, _, _ in self.provider.took]
        assert len(references) == len(set(references))

    @invariant()
    def every_check_in_is_in_one_state(self) -> None:
        """I4: an owner for whoever is exhausted, a reason for whoever is excluded, and the case says the same."""
        if not hasattr(self, "county"):
            return
        with acting_as(WORKER):
            occurrences = list(Occurrence.objects.filter(case=self.county.case).order_by("number"))
            self.county.case.refresh_from_db()
            assert self.county.case.state == episode_state([State(one.state) for one in occurrences])
            for one in occurrences:
                assert one.state != State.EXHAUSTED or one.owner_team_id
                assert one.state != State.EXCLUDED or one.state_reason
            open_ones = [one for one in occurrences if one.state == State.IN_CADENCE]
            assert len(open_ones) <= 1
            steps = list(Attempt.objects.filter(case=self.county.case).values_list("occurrence_id", "step"))
            assert len(steps) == len(set(steps))

    @invariant()
    def at_rest_everything_has_an_owner_or_a_clock(self) -> None:
        """H-02, H-06: once the worker has nothing left to do."""
        if not self.is_quiet:
            return
        with acting_as(WORKER):
            self._answers_are_triaged()
            self._reports_are_owned()
            self._the_cadence_goes_on()

    def _answers_are_triaged(self) -> None:
        case = self.county.case
        assert Response.objects.filter(case=case).count() == Decision.objects.filter(case=case).count()
        raised = set(RedFlag.objects.filter(case=case).values_list("occurrence_id", "flag"))
        assert self.said <= raised, "a danger was said on a page, and nobody was told"
        for flag in RedFlag.objects.filter(case=case):
            assert Task.objects.filter(about_id=flag.pk, kind="red_flag").exclude(state="cancelled").count() == 1

    def _reports_are_owned(self) -> None:
        for report in Report.objects.filter(person=self.county.person, resolved_at__isnull=True):
            assert Task.objects.filter(about_id=report.pk, state__in=_WAITING).count() == 1
        if self._is_barred():
            waiting = Task.objects.filter(case=self.county.case, kind__in=_CONTACT_TASKS, state__in=_WAITING)
            assert not waiting.exists(), "somebody would still ring"
            assert not Invitation.objects.filter(case=self.county.case, state="open").exists()

    def _the_cadence_goes_on(self) -> None:
        occurrence = latest_occurrence(case_id=self.county.case.pk)
        assert occurrence is not None
        if self._is_barred():
            assert occurrence.state in (State.DECLINED, State.EXCLUDED)
            return
        assert occurrence.state != State.EXCLUDED, "the mistake was cleared up, and nobody began again"
        answered = Response.objects.filter(occurrence=occurrence).exists()
        if answered:
            assert occurrence.state in (State.REACHED, State.DECLINED)
        elif occurrence.state == State.IN_CADENCE:
            assert occurrence.look_again_at > app_now()
            links = Invitation.objects.filter(occurrence=occurrence, kind="check_in", expires_at__gt=app_now())
            assert not links.exclude(state="open").exists(), "a link they were sent does not work"


@pytest.mark.django_db
def test_whatever_happens_to_one_resident_the_promises_hold_h_01_h_02_h_05_h_06(monkeypatch: Any) -> None:
    monkeypatch.setattr(hand_off.provider, "client", hand_off.provider.client)  # put back at the end
    run_state_machine_as_test(
        OneResident,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            database=None,
        ),
    )
