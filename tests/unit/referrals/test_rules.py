from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from wherry.referrals.rules import (
    clock_ends_at,
    is_lapsed,
    is_open_now,
    is_to_be_offered_again,
    open_in_a_week,
    room_left,
    route,
    shared_fields,
)
from wherry.referrals.types import CLOSED_STATES, MIDNIGHT, OPEN_STATES, Dial, NoService, Service, Services, State

MONDAY_NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
MONDAY = MONDAY_NOON.date()
SUNDAY_NOON = MONDAY_NOON - DAY


def service(code, *, needs=("food",), places=("norwich",), capacity=2, days=range(5), fallback=None, closes=17):
    return Service(
        code=code,
        name=code.title(),
        organisation=f"{code}_org",
        needs=tuple(needs),
        places=tuple(places),
        opens=dt.time(9),
        closes=dt.time(closes),
        days=frozenset(days),
        clock_hours={"emergency": 1, "today": 4, "soon": 24, "routine": 48},
        how="inbox",
        capacity_per_day=capacity,
        shares={need: ("name", "telephone") for need in needs},
        fallback=fallback,
    )


HUB = service("hub", fallback="council")
CHURCH = service("church")
COUNCIL = service("council", days=range(7), closes=22)
SERVICES = Services(listed=(HUB, CHURCH, COUNCIL))


def routed(*, need="food", urgency="soon", place="norwich", room=None, now=MONDAY_NOON, **more):
    found = route(need=need, urgency=urgency, place=place, services=SERVICES, room=room or {}, now=now, **more)
    return found.reason.value if isinstance(found, NoService) else found.code


def test_the_first_service_of_the_file_that_fits_takes_it():
    assert routed() == "hub"


def test_a_full_service_gives_way_to_the_next():
    assert routed(room={"hub": 0}) == "church"


@pytest.mark.parametrize(
    ("dial", "offered_today", "offered_since", "left"),
    [
        (None, 0, 0, 2),
        (None, 2, 0, 0),
        (None, 3, 0, 0),
        (Dial(MONDAY_NOON, MONDAY), 1, 0, 1),
        (Dial(MONDAY_NOON, MONDAY, takes=5), 2, 0, 5),
        (Dial(MONDAY_NOON, MONDAY, takes=5), 7, 5, 0),
        (Dial(MONDAY_NOON, MONDAY, takes=0), 0, 0, 0),
        (Dial(MONDAY_NOON, MONDAY - DAY, takes=0), 0, 0, 2),
        (Dial(MONDAY_NOON, MONDAY, closed_until=MONDAY + DAY), 0, 0, 0),
        (Dial(MONDAY_NOON, MONDAY - DAY, closed_until=MONDAY), 0, 0, 2),
    ],
)
def test_a_partners_word_on_its_room_holds_for_its_day_and_a_closure_until_its_end(
    dial, offered_today, offered_since, left
):
    found = room_left(service=HUB, offered_today=offered_today, dial=dial, offered_since=offered_since, day=MONDAY)
    assert found == left


def test_a_declined_need_goes_to_the_fallback_before_the_others():
    assert routed(tried=["hub"]) == "council"
    assert routed(tried=["hub", "council"]) == "church"


def test_what_cannot_wait_prefers_a_service_that_is_open_now():
    assert routed(now=SUNDAY_NOON) == "hub"
    assert routed(now=SUNDAY_NOON, urgency="today") == "council"
    assert routed(now=SUNDAY_NOON, urgency="today", room={"council": 0}) == "hub"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"need": "money"}, "none_for_need"),
        ({"place": "waveney"}, "none_in_place"),
        ({"organisations": []}, "none_in_place"),
        ({"room": {"hub": 0, "church": 0, "council": 0}}, "all_full"),
        ({"tried": ["hub", "council", "church"]}, "all_declined"),
    ],
)
def test_when_nothing_can_take_it_the_reason_is_given(more, reason):
    assert routed(**more) == reason


def test_only_organisations_with_an_agreement_receive():
    assert routed(organisations=["church_org"]) == "church"


def test_a_fallback_that_leads_round_ends():
    round_one, round_two = service("one", fallback="two"), service("two", fallback="one")
    found = route(
        need="food",
        urgency="soon",
        place="norwich",
        services=Services(listed=(round_one, round_two)),
        room={},
        now=MONDAY_NOON,
        tried=["one"],
    )
    assert found == round_two


def test_the_clock_runs_in_hours_that_pass_and_the_shortest_for_the_unknown():
    night_before_change = dt.datetime(2026, 3, 28, 20, tzinfo=dt.UTC)
    assert clock_ends_at(service=HUB, urgency="soon", offered_at=night_before_change).hour == 20
    assert clock_ends_at(service=HUB, urgency="never heard of", offered_at=MONDAY_NOON).hour == 13


FRIDAY = dt.datetime(2026, 3, 6, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("offered", "ends"),
    [
        (FRIDAY + 17 * HOUR, MONDAY_NOON + 7 * DAY + HOUR),  # at closing on a Friday: Monday 09:00 and four hours
        (FRIDAY + 15 * HOUR, MONDAY_NOON + 7 * DAY - HOUR),  # two hours of Friday, two of Monday
        (FRIDAY + 9 * HOUR, FRIDAY + 13 * HOUR),
        (FRIDAY + 13 * HOUR, FRIDAY + 17 * HOUR),  # to the minute they close
        (FRIDAY + 3 * HOUR, FRIDAY + 13 * HOUR),  # before they open
        (FRIDAY + 2 * DAY, MONDAY_NOON + 7 * DAY + HOUR),  # on a Sunday
    ],
)
def test_where_open_hours_count_no_time_runs_out_while_nobody_is_there_h_13(offered, ends):
    desk = dataclasses.replace(HUB, clock_hours={**HUB.clock_hours, "soon": 4}, open_hours_count_for={"soon"})
    assert clock_ends_at(service=desk, urgency="soon", offered_at=offered) == ends


def test_a_service_that_never_opens_has_hours_that_pass():
    desk = dataclasses.replace(HUB, opens=dt.time(17), open_hours_count_for={"soon"})
    assert clock_ends_at(service=desk, urgency="soon", offered_at=MONDAY_NOON) == MONDAY_NOON + DAY


def test_what_cannot_wait_does_not_wait_for_a_monday_h_13():
    desk = dataclasses.replace(HUB, open_hours_count_for={"soon", "routine"})
    offered = FRIDAY + 17 * HOUR
    hours = HUB.clock_hours["today"] * HOUR
    assert clock_ends_at(service=desk, urgency="today", offered_at=offered) == offered + hours


def test_open_hours_are_those_of_peoples_clocks_over_the_change_of_time():
    desk = dataclasses.replace(HUB, clock_hours={**HUB.clock_hours, "soon": 4}, open_hours_count_for={"soon"})
    friday_before = dt.datetime(2026, 3, 27, 17, tzinfo=dt.UTC)
    assert clock_ends_at(service=desk, urgency="soon", offered_at=friday_before) == dt.datetime(
        2026, 3, 30, 12, tzinfo=dt.UTC
    ), "Monday 13:00 in summer time"


def test_an_offer_lapses_when_its_clock_ends_unanswered():
    ends = clock_ends_at(service=HUB, urgency="today", offered_at=MONDAY_NOON)
    just_before = ends - dt.timedelta(seconds=1)

    assert not is_lapsed(state=State.OFFERED, clock_ends=ends, now=just_before)
    assert is_lapsed(state=State.OFFERED, clock_ends=ends, now=ends)
    assert not is_lapsed(state=State.ACCEPTED, clock_ends=ends, now=ends)


def test_every_state_is_open_or_closed_and_the_unhelped_are_offered_again():
    assert OPEN_STATES | CLOSED_STATES == set(State)
    assert not OPEN_STATES & CLOSED_STATES
    again = {state.value for state in State if is_to_be_offered_again(state)}
    assert again == {"declined", "lapsed", "disputed"}


def test_a_service_is_told_only_what_it_lists():
    assert shared_fields(service=HUB, need="food") == ("name", "telephone")
    assert shared_fields(service=HUB, need="money") == ()


def test_a_service_is_open_by_peoples_clocks():
    summer_evening = dt.datetime(2026, 7, 6, 16, 30, tzinfo=dt.UTC)

    assert is_open_now(service=HUB, now=MONDAY_NOON)
    assert not is_open_now(service=HUB, now=SUNDAY_NOON)
    assert not is_open_now(service=HUB, now=summer_evening)


def test_services_are_found_by_code():
    assert SERVICES.by_code("church") == CHURCH
    assert SERVICES.by_code("none") is None


def test_a_desk_that_opens_at_midnight_and_closes_at_midnight_never_shuts():
    always = dataclasses.replace(HUB, opens=dt.time(0), closes=MIDNIGHT, days=frozenset(range(7)))
    counted = dataclasses.replace(always, open_hours_count_for=frozenset({"soon"}))
    late = dt.datetime(2026, 3, 2, 23, 59, 59, 999999, tzinfo=dt.UTC)

    assert is_open_now(service=always, now=late)
    assert open_in_a_week(service=always) == 168
    assert clock_ends_at(service=counted, urgency="soon", offered_at=MONDAY_NOON) == MONDAY_NOON + DAY
