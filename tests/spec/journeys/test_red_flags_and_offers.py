"""Red flags climb until somebody holds them; offers go on until somebody helps, or a supervisor owns the need."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest

from tests.support.county_of_one import County, agreed, county_of_one
from tests.support.reach import MORNING, Provider, lose_jobs, set_clock, wind_on
from wherry.cases.actions import open_occurrence
from wherry.checkin.actions.replies import say_whether_it_helped
from wherry.checkin.models import Response
from wherry.checkin.types import Answers
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.governance.actions import end_agreement
from wherry.governance.queries import live_agreements
from wherry.journeys import work_the_list
from wherry.journeys.take_checkin import take_answers_by_phone
from wherry.journeys.turn import take_turn
from wherry.organisations.actions import register_organisation
from wherry.organisations.queries import organisation_by_code
from wherry.organisations.types import OrganisationKind, Purpose
from wherry.outreach.models import Attempt
from wherry.referrals.actions import accept, decline, finish, say_capacity
from wherry.referrals.models import CallToAction
from wherry.triage.models import Need, RedFlag
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
FINE: Answers = {
    "answering_for": "self",
    "breathless": "no",
    "chest_pain": "no",
    "feeling": "same",
    "safe_at_home": "yes",
}


@pytest.fixture
def county(provider: Provider) -> Iterator[County]:
    set_clock(MORNING)
    county = county_of_one()
    with acting_as(WORKER):
        for code in ("food_hub", "norwich_council"):
            partner = register_organisation(
                by=WORKER, code=code, name=code, kind=OrganisationKind.CHARITY, now=app_now()
            )
            agreed(organisation=partner, purposes=(Purpose.DELIVERY,), now=app_now())
    yield county


def work() -> None:
    """Take turns until nothing is left, with every job lost on the way."""
    for _ in range(10):
        lose_jobs()
        if not any(take_turn().values()):
            return
    raise AssertionError("the worker never comes to rest")


def answer(county: County, **answers: str) -> Response:
    with acting_as(WORKER):
        take_answers_by_phone(
            by=WORKER,
            occurrence=county.occurrence,
            answers={**FINE, **answers},
            language="en",
            key=uuid.uuid4(),
            now=app_now(),
        )
        return Response.objects.get(occurrence=county.occurrence)


def actor(county: County, *roles: str, purpose: str = "support") -> Actor:
    staff = county.staff[roles[0]]
    return Actor(Kind.STAFF, str(staff.pk), (county.lead.pk,), frozenset(roles), purpose, teams=(county.team.pk,))


def flag_task() -> Task:
    with acting_as(WORKER):
        return Task.objects.get(kind="red_flag")


# ---- red flags ----


def test_a_red_flag_whose_triage_was_lost_is_a_task_at_the_very_next_turn_h_02(county: County) -> None:
    answer(county, breathless="at_rest")
    work()

    task = flag_task()
    assert (task.state, task.priority, task.for_role) == ("open", 0, "")
    with acting_as(WORKER):
        assert task.about_id == RedFlag.objects.get().pk
        assert task.due_at == task.opened_at + 15 * MINUTE


@pytest.mark.parametrize(
    ("minutes", "role", "hops"),
    [(14, "", 0), (15, "supervisor", 1), (29, "supervisor", 1), (30, "clinician", 2), (4_320, "clinician", 2)],
)
def test_a_red_flag_nobody_takes_climbs_every_fifteen_minutes_h_02(
    minutes: int, role: str, hops: int, county: County
) -> None:
    answer(county, breathless="at_rest")
    work()
    wind_on(minutes * MINUTE)
    work()

    assert (flag_task().for_role, flag_task().hops, flag_task().state) == (role, hops, "open")


def test_a_red_flag_somebody_holds_does_not_climb_until_their_lease_runs_out_h_02(county: County) -> None:
    answer(county, chest_pain="yes")
    work()
    caller = actor(county, "caller")
    with acting_as(caller):
        held = work_the_list.next_call(by=caller, now=app_now())
    assert held is not None and held.kind == "red_flag"
    with acting_as(WORKER):
        assert RedFlag.objects.get().acknowledged_by == caller.id

    wind_on(16 * MINUTE)
    work()
    assert (flag_task().for_role, flag_task().state) == ("", "claimed")
    wind_on(15 * MINUTE)  # the caller has gone home: twenty minutes were theirs
    work()
    assert flag_task().for_role == "clinician"
    clinician = actor(county, "clinician")
    with acting_as(clinician):
        taken = work_the_list.next_call(by=clinician, now=app_now())
    assert taken is not None and taken.pk == held.pk


def test_each_turn_climbs_a_red_flag_once_h_02(county: County) -> None:
    answer(county, breathless="at_rest")
    work()
    wind_on(15 * MINUTE)
    work()
    for _ in range(3):
        assert not any(take_turn().values())
    with acting_as(WORKER):
        assert flag_task().events.filter(verb="climbed").count() == 1


# ---- offers ----


def offers() -> list[tuple[str, str]]:
    with acting_as(WORKER):
        return list(CallToAction.objects.order_by("offered_at", "clock_ends_at").values_list("service", "state"))


def as_partner(county: County, code: str) -> Actor:
    with acting_as(WORKER):
        organisation = CallToAction.objects.select_related("partner").get(partner__code=code, state__in=_LIVE).partner
    return Actor(Kind.STAFF, str(county.staff["partner"].pk), (organisation.pk,), frozenset({"partner"}), "delivery")


def whoever_has_it(county: County) -> Actor | None:
    with acting_as(WORKER):
        held = CallToAction.objects.select_related("partner").filter(state__in=_LIVE).first()
    return as_partner(county, held.partner.code) if held else None


_LIVE = ["offered", "accepted", "done"]


def live(partner: Actor) -> CallToAction:
    return CallToAction.objects.get(partner_id=partner.organisations[0], state__in=_LIVE)


def test_who_helps_reads_all_that_was_said_of_a_need_and_nothing_of_the_risk_h_13(county: County) -> None:
    answer(county, food="none")
    work()
    with acting_as(WORKER):
        shared = CallToAction.objects.get().shared["need_words"]
    assert "No food left" in shared
    assert "risk" not in shared


def test_an_offer_nobody_answers_in_time_goes_to_the_fallback_h_07(county: County) -> None:
    answer(county, food="none")
    work()
    assert offers() == [("food_parcel", "offered")]
    with acting_as(WORKER):
        ends = CallToAction.objects.get().clock_ends_at
    set_clock(ends - MINUTE)
    work()
    assert offers() == [("food_parcel", "offered")]
    set_clock(ends)
    work()
    assert sorted(offers()) == [("food_parcel", "lapsed"), ("norwich_community_support", "offered")]


def test_when_all_decline_a_supervisor_owns_the_need_h_07(county: County) -> None:
    answer(county, food="none")
    work()
    for _ in range(6):
        partner = whoever_has_it(county)
        if partner is None:
            break
        with acting_as(partner):
            decline(by=partner, call_to_action=live(partner), reason="no_capacity", now=app_now())
        wind_on(MINUTE)
        work()

    services = [service for service, _ in offers()]
    assert {"food_parcel", "norwich_community_support"} <= set(services)
    assert len(services) == len(set(services)), "nobody is asked twice"
    assert {state for _, state in offers()} == {"declined"}
    with acting_as(WORKER):
        need = Need.objects.get(kind="food")
        task = Task.objects.get(kind="need", about_id=need.pk)
        assert (need.state, task.state, task.for_role, task.team_id) == (
            "not_met",
            "open",
            "supervisor",
            county.team.pk,
        )


def supervisors_task(why: str) -> Task:
    with acting_as(WORKER):
        need = Need.objects.get(kind="food")
        assert (need.state, need.why) == ("not_met", why)
        task = Task.objects.get(kind="need", about_id=need.pk)
        assert (task.state, task.for_role) == ("open", "supervisor")
        return task


def says(county: County, code: str, service: str, **room: object) -> None:
    with acting_as(WORKER):
        partner = organisation_by_code(code=code)
        say_capacity(by=WORKER, partner=partner, service=service, now=app_now(), **room)


def test_a_service_that_can_take_no_more_today_is_passed_over_h_13(county: County) -> None:
    says(county, "food_hub", "food_parcel", takes=0)
    answer(county, food="none")
    work()

    assert offers() == [("norwich_community_support", "offered")]


def test_when_no_service_has_room_a_supervisor_owns_the_need_h_13(county: County) -> None:
    today = app_now_day(county)
    council = ("norwich_community_support", "norwich_community_fridge")
    for code, service in [("food_hub", "food_parcel"), *(("norwich_council", one) for one in council)]:
        says(county, code, service, closed_until=today + dt.timedelta(days=2))
    answer(county, food="none")
    work()

    assert offers() == []
    assert supervisors_task("all_full").team_id == county.team.pk


def test_a_need_no_agreement_lets_anybody_meet_is_a_supervisors_at_once_h_13(county: County) -> None:
    with acting_as(WORKER):
        for agreement in live_agreements(programme=county.case.programme, now=app_now()):
            if agreement.purposes == ["delivery"]:
                end_agreement(by=WORKER, agreement=agreement, ends_at=app_now(), now=app_now())
    wind_on(MINUTE)
    answer(county, food="none")
    work()

    assert offers() == []
    supervisors_task("none_in_place")


def test_somebody_a_partner_could_not_reach_is_a_supervisors_and_not_the_next_partners_h_13(county: County) -> None:
    answer(county, food="none")
    work()
    partner = as_partner(county, "food_hub")
    with acting_as(partner):
        accept(by=partner, call_to_action=live(partner), now=app_now())
        decline(by=partner, call_to_action=live(partner), reason="could_not_reach", now=app_now())
    work()

    assert offers() == [("food_parcel", "declined")]
    supervisors_task("could_not_reach")


def app_now_day(county: County) -> dt.date:
    with acting_as(WORKER):
        return app_now().date()


def done(county: County, code: str) -> CallToAction:
    partner = as_partner(county, code)
    with acting_as(partner):
        accept(by=partner, call_to_action=live(partner), now=app_now())
        finish(by=partner, call_to_action=live(partner), outcome="helped", now=app_now())
        return live(partner)


def say(about: CallToAction, *, helped: bool) -> None:
    with acting_as(WORKER):
        say_whether_it_helped(
            by=WORKER,
            invitation=None,
            case_id=about.case_id,
            audience_id=about.audience_id,
            about_id=about.pk,
            helped=helped,
            channel="phone",
            now=app_now(),
        )


def test_help_the_resident_says_never_came_is_offered_again_to_another_h_07(county: County) -> None:
    answer(county, food="none")
    work()
    about = done(county, "food_hub")
    work()
    say(about, helped=False)
    work()

    assert sorted(offers()) == [("food_parcel", "disputed"), ("norwich_community_support", "offered")]
    with acting_as(WORKER):
        assert Need.objects.get(kind="food").state == "referred"


def test_only_the_residents_word_closes_a_need(county: County) -> None:
    answer(county, food="none")
    work()
    about = done(county, "food_hub")
    work()
    with acting_as(WORKER):
        assert Need.objects.get(kind="food").state == "referred"
    say(about, helped=True)
    work()
    with acting_as(WORKER):
        assert Need.objects.get(kind="food").state == "met"
    assert offers() == [("food_parcel", "confirmed")]


def test_whether_it_helped_is_asked_about_one_thing_at_a_time(county: County, provider: Provider) -> None:
    answer(county, food="none", essentials="need_help")
    work()
    with acting_as(WORKER):
        both = list(CallToAction.objects.select_related("partner").order_by("id"))
    assert len(both) == 2
    for one in both:
        partner = Actor(
            Kind.STAFF, str(county.staff["partner"].pk), (one.partner_id,), frozenset({"partner"}), "delivery"
        )
        with acting_as(partner):
            accept(by=partner, call_to_action=one, now=app_now())
            finish(by=partner, call_to_action=one, outcome="helped", now=app_now())
    for _ in range(3):
        work()
    assert asked() == 1
    with acting_as(WORKER):
        first = CallToAction.objects.get(asked_person_at__isnull=False)
    say(first, helped=True)
    work()
    assert asked() == 2


def asked() -> int:
    with acting_as(WORKER):
        return Attempt.objects.filter(step__startswith="did_it_help:").count()


def test_a_second_check_in_does_not_reopen_what_the_first_one_settled(county: County) -> None:
    answer(county)
    work()
    with acting_as(WORKER):
        county.occurrence.refresh_from_db()
        assert county.occurrence.state == "reached"
    wind_on(dt.timedelta(hours=23))
    work()
    with acting_as(WORKER):
        again = open_occurrence(by=WORKER, case=county.case, number=2, now=app_now())
        assert again.state == "in_cadence"
        county.occurrence.refresh_from_db()
        assert county.occurrence.state == "reached"
