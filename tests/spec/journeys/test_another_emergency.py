"""One engine serves any emergency, and an invitation: answers to each programme reach the partner who helps."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from tests.support import county_of_one as made_of_one
from tests.support.county_of_one import agreed, county_of_one
from tests.support.in_force import put_in_force
from tests.support.reach import Provider, lose_jobs, set_clock
from wherry.checkin.types import Answers
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.take_checkin import take_answers_by_phone
from wherry.journeys.turn import take_turn
from wherry.organisations.actions import register_organisation
from wherry.organisations.types import OrganisationKind, Purpose
from wherry.referrals.models import CallToAction
from wherry.triage.models import RedFlag

pytestmark = pytest.mark.django_db
PARTNERS = ("city_pharmacy", "food_hub", "mind_line", "norwich_council", "waveney_council")
COLD: Answers = {
    "answering_for": "self",
    "breathless": "no",
    "chest_pain": "no",
    "cold": "no",
    "fall": "no",
    "safe_at_home": "yes",
}
HEAT: Answers = {"answering_for": "self", "breathless": "no", "very_unwell": "no", "weak": "no", "safe_at_home": "yes"}
POWER: Answers = {
    "answering_for": "self",
    "breathless": "no",
    "equipment": "working",
    "back_up": "none",
    "move": "yes",
    "warmth": "yes",
    "safe_at_home": "yes",
}
INVITED: Answers = {"place": "yes", "way": "group", "times": "daytime", "support": "none", "very_thirsty": "no"}
#: The programme, a day it is in force, what somebody of 85 answers; the services told, by need, and the red flags.
TOLD: list[tuple[str, dt.date, Answers, dict[str, str], list[str]]] = [
    (
        "cold_weather",
        dt.date(2026, 12, 1),
        {**COLD, "fuel_money": "none", "warm": "cold"},
        {"money": "norwich_warm_home", "warmth": "norwich_warm_home"},
        [],
    ),
    (
        "cold_weather",
        dt.date(2026, 12, 1),
        {**COLD, "cold": "muddled"},
        {"care": "community_nursing", "warmth": "norwich_warm_home"},
        ["cold_and_muddled"],
    ),
    ("heat", dt.date(2026, 7, 1), {**HEAT, "cool_room": "no"}, {"cool_place": "norwich_cool_places"}, []),
    ("power_cut", dt.date(2026, 11, 24), {**POWER, "food": "no"}, {"food": "norwich_emergency_desk"}, []),
    ("diabetes_prevention", dt.date(2026, 3, 2), INVITED, {"place_on_course": "norwich_courses"}, []),
    (
        "diabetes_prevention",
        dt.date(2026, 3, 2),
        {"place": "no", "very_thirsty": "yes"},
        {"care": "duty_desk"},
        ["very_thirsty"],
    ),
]


def work() -> None:
    for _ in range(10):
        lose_jobs()
        if not any(take_turn().values()):
            return
    raise AssertionError("the worker never comes to rest")


@pytest.mark.parametrize(("programme", "day", "answers", "told", "flags"), TOLD)
def test_what_was_answered_reaches_who_helps(
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
    programme: str,
    day: dt.date,
    answers: Answers,
    told: dict[str, str],
    flags: list[str],
) -> None:
    # Given somebody on the list of a programme, and partners who agreed to deliver for it
    monkeypatch.setattr(made_of_one, "PROGRAMME", programme)
    set_clock(dt.datetime.combine(day, dt.time(10), dt.UTC))
    with acting_as(WORKER):
        put_in_force(programme, version=uuid.uuid5(uuid.NAMESPACE_DNS, programme))
    county = county_of_one()
    with acting_as(WORKER):
        for code in PARTNERS:
            kind = OrganisationKind.CHARITY
            partner = register_organisation(by=WORKER, code=code, name=code, kind=kind, now=app_now())
            agreed(organisation=partner, purposes=(Purpose.DELIVERY,), now=app_now())
        # When they answer
        take_answers_by_phone(
            by=WORKER,
            occurrence=county.occurrence,
            answers=answers,
            language="en",
            key=uuid.uuid4(),
            now=app_now(),
        )
    work()

    # Then the service of the place has each need, and a danger is known as one
    with acting_as(WORKER):
        assert dict(CallToAction.objects.values_list("need__kind", "service")) == told
        assert list(RedFlag.objects.values_list("flag", flat=True)) == flags
