"""Outreach under whatever may happen: receipts in any order, the dead, cadences where nothing works, clock changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.reaching import ADDRESS_POINT, LANDLINE_POINT, MOBILE_POINT, cadence, point, resident, wish
from wherry.foundation.periods import local_time
from wherry.outreach.rules.attempts import advance
from wherry.outreach.rules.gate import gate
from wherry.outreach.rules.hours import is_within, narrowed
from wherry.outreach.rules.messages import render, sms_parts
from wherry.outreach.rules.next_contact import next_contact
from wherry.outreach.types import (
    Attempted,
    AttemptEvent,
    AttemptState,
    Call,
    Channel,
    Exhausted,
    Forbidden,
    Message,
    Messages,
    RecentContacts,
    RefusalReason,
    Send,
    Wait,
)
from wherry.people.types import WishKind

RECEIPTS = [AttemptEvent.RECEIPT_SENT, AttemptEvent.RECEIPT_FAILED, AttemptEvent.RECEIPT_DELIVERED]
LEFT_OR_RETURNED = {AttemptState.SENT, AttemptState.FAILED, AttemptState.DELIVERED}
HOUR = dt.timedelta(hours=1)
moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1), timezones=st.just(dt.UTC))
wishes = st.builds(
    wish,
    st.sampled_from([kind.value for kind in WishKind]),
    st.sampled_from(["", "sms", "all", "braille", "bsl", "landline", "letter", "national", "pl"]),
)
points = st.lists(
    st.sampled_from([MOBILE_POINT, LANDLINE_POINT, ADDRESS_POINT, point("mobile", "+447700900202")]), max_size=4
)
people = st.builds(
    lambda known, said, held: replace(resident(), contact_points=tuple(known), wishes=tuple(said), address_held=held),
    points,
    st.lists(wishes, max_size=3),
    st.booleans(),
)


@given(st.sampled_from(AttemptState), st.lists(st.sampled_from(RECEIPTS), max_size=8), st.randoms())
def test_receipts_give_one_answer_in_any_order_and_number(start, receipts, random):
    shuffled = [*receipts, *receipts[:3]]
    random.shuffle(shuffled)

    assert reduce(advance, receipts, start) is reduce(advance, shuffled, start)


@given(st.sampled_from(sorted(LEFT_OR_RETURNED)), st.lists(st.sampled_from(AttemptEvent), max_size=12))
def test_what_has_left_never_counts_as_unsent_again_h_05(start, events):
    assert reduce(advance, events, AttemptState(start)) in LEFT_OR_RETURNED


@given(people, st.sampled_from(Channel), moments, st.dates(), st.booleans(), st.booleans())
def test_nobody_who_died_is_ever_contacted_h_01(person, channel, now, died_on, sandbox, confirms):
    dead = replace(person, died_on=died_on)
    contact_points = [*person.contact_points, None]

    for contact_point in contact_points:
        found = gate(
            channel=channel,
            reachable=dead,
            contact_point=contact_point,
            now=now,
            cadence=cadence(),
            recent=RecentContacts(),
            sandbox=sandbox,
            confirms_stop=confirms,
        )
        assert found and found.reason is RefusalReason.DIED
    assert isinstance(
        next_contact(cadence=cadence(), history=(), reachable=dead, occurrence_opened_at=now, now=now), Forbidden
    )


@settings(max_examples=200, deadline=None)
@given(people, moments, st.data())
def test_a_cadence_in_which_nothing_works_ends_with_an_owner_in_bounded_days_h_06(person, opened_at, data):
    history: list[Attempted] = []
    now, plan = opened_at, cadence()
    for _ in range(40):
        found = next_contact(cadence=plan, history=history, reachable=person, occurrence_opened_at=opened_at, now=now)
        match found:
            case Wait(until=until):
                assert until > now
                now = until
            case (Send(step=step) | Call(step=step)) as made:
                channel = step.channel
                assert step.id not in {attempt.step_id for attempt in history}
                assert channel is Channel.LETTER or is_within(
                    hours=narrowed(contact_hours=plan.contact_hours, step_hours=step.hours), moment=now
                )
                state = data.draw(st.sampled_from(AttemptState))
                history.append(Attempted(step.id, channel, state, now, made.contact_point.value))
                now += data.draw(st.sampled_from([dt.timedelta(0), HOUR, 5 * HOUR, 80 * HOUR]))
            case _:
                break
    assert isinstance(found, Exhausted | Forbidden)
    assert now - opened_at < dt.timedelta(days=30)


@settings(max_examples=100, deadline=None)
@given(people, moments, st.integers(0, 72))
def test_what_is_next_may_leave_as_far_as_the_person_and_the_hours_go(person, opened_at, hours):
    now = opened_at + hours * HOUR

    found = next_contact(cadence=cadence(), history=(), reachable=person, occurrence_opened_at=opened_at, now=now)

    if isinstance(found, Send | Call):
        refusal = gate(
            channel=found.step.channel,
            reachable=person,
            contact_point=found.contact_point,
            now=now,
            cadence=cadence(),
            recent=RecentContacts(),
            sandbox=True,
            step=found.step,
        )
        assert refusal is None


def test_on_both_clock_change_days_nothing_is_due_outside_the_hours_at_any_minute():
    plan = cadence()
    for day in (dt.date(2026, 3, 29), dt.date(2026, 10, 25)):
        opened_at = dt.datetime.combine(day - dt.timedelta(days=1), dt.time(21), dt.UTC)
        sent = 0
        for minute in range(36 * 60):
            now = opened_at + dt.timedelta(minutes=minute)
            found = next_contact(
                cadence=plan, history=(), reachable=resident(), occurrence_opened_at=opened_at, now=now
            )
            if isinstance(found, Send | Call):
                assert 9 <= local_time(now).hour < 18 or isinstance(found, Call)
                assert 8 <= local_time(now).hour < 20
                sent += 1
        assert sent > 0


names = st.text(min_size=1, max_size=30)


@given(names, names)
def test_no_value_changes_how_another_placeholder_is_filled(name, link):
    message = Message("m", Channel.SMS, "en", "", ("[{name}|{link}]",))
    messages = Messages(by_key={("m", Channel.SMS, "en"): message})

    found = render(
        messages=messages, message_id="m", channel=Channel.SMS, language="en", slots={"name": name, "link": link}
    )

    assert found.body == f"[{name}|{link}]"
    assert found.parts == sms_parts(found.body) >= 1
