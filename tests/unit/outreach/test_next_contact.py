from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.support.reaching import (
    ADDRESS_POINT,
    LANDLINE,
    LANDLINE_POINT,
    MOBILE,
    MOBILE_POINT,
    MONDAY,
    OPENED_AT,
    cadence,
    hours_after,
    point,
    resident,
    wish,
)
from wherry.outreach.rules.gate import is_stale
from wherry.outreach.rules.next_contact import contact_point_for, next_contact
from wherry.outreach.types import (
    Attempted,
    AttemptState,
    Call,
    Channel,
    Exhausted,
    Forbidden,
    RefusalReason,
    Send,
    Skipped,
    Wait,
)


def tried(step, state, at, *, to=MOBILE, channel=Channel.SMS):
    return Attempted(step, channel, AttemptState(state), hours_after(at), to)


def following(*history, at, reachable=None, plan=None):
    return next_contact(
        cadence=plan or cadence(),
        history=history,
        reachable=reachable or resident(),
        occurrence_opened_at=OPENED_AT,
        now=hours_after(at),
    )


def test_the_first_text_waits_for_its_hours_and_then_goes():
    assert following(at=0) == Wait(until=hours_after(1))
    found = following(at=1)
    assert isinstance(found, Send)
    assert (found.step.id, found.contact_point) == ("first", MOBILE_POINT)


def test_the_reminder_waits_for_both_its_time_and_the_patience_before_it():
    assert following(tried("first", "delivered", 1), at=2) == Wait(until=hours_after(6))
    found = following(tried("first", "delivered", 1), at=6)
    assert isinstance(found, Send)
    assert found.step.id == "second"
    assert following(tried("first", "delivered", 4), at=6.5) == Wait(until=hours_after(9))


def test_a_late_evening_is_left_for_the_next_morning():
    # The first text went at 17:00, its patience ends at 22:00: the second goes at nine.
    assert following(tried("first", "sent", 9), at=14) == Wait(until=hours_after(25))


@pytest.mark.parametrize("state", ["refused", "failed"])
def test_a_text_that_did_not_arrive_is_followed_at_once_by_a_call(state):
    found = following(tried("first", state, 1), at=1.5)

    assert isinstance(found, Call)
    assert found.contact_point == LANDLINE_POINT
    assert found.skipped == (Skipped("second", RefusalReason.NO_CONTACT_POINT),)


def test_a_second_mobile_number_is_texted_when_the_first_failed():
    other = point("mobile", "+447700900202", recorded_on=MONDAY - dt.timedelta(days=90))

    found = following(tried("first", "failed", 1), at=1.5, reachable=resident(MOBILE_POINT, other))

    assert isinstance(found, Send)
    assert found.contact_point == other


def test_somebody_without_a_mobile_is_called_at_once():
    found = following(at=1, reachable=resident(LANDLINE_POINT, ADDRESS_POINT))

    assert isinstance(found, Call)
    assert [skip.step_id for skip in found.skipped] == ["first", "second"]


def test_somebody_who_needs_braille_is_never_texted_or_written_to():
    person = resident(wishes=(wish("format", "braille"),))

    assert isinstance(following(at=1, reachable=person), Call)
    rung = tried("call", "failed", 1, to=LANDLINE, channel=Channel.CALL)
    assert isinstance(following(rung, at=9, reachable=person), Exhausted)


def test_a_call_uses_the_number_a_text_failed_on_when_there_is_no_other():
    found = following(tried("first", "failed", 1), at=1.5, reachable=resident(MOBILE_POINT))

    assert isinstance(found, Call)
    assert found.contact_point == MOBILE_POINT


def test_a_letter_goes_only_to_those_nothing_else_reached():
    texted = (tried("first", "delivered", 1), tried("second", "sent", 6))
    call_failed = tried("call", "failed", 24, to=LANDLINE, channel=Channel.CALL)

    assert isinstance(following(*texted, call_failed, at=30), Exhausted)
    found = following(tried("first", "failed", 1), call_failed, at=30)
    assert isinstance(found, Send)
    assert found.step.id == "letter"


def test_texts_to_a_number_that_was_a_strangers_reached_nobody_so_a_letter_goes():
    numbers_struck_out = resident(ADDRESS_POINT)
    history = (tried("first", "delivered", 1), tried("second", "sent", 6), tried("call", "failed", 30, to=LANDLINE))
    found = following(*history, at=31, reachable=numbers_struck_out)
    assert isinstance(found, Send)
    assert found.step.id == "letter"
    assert isinstance(following(*history, at=31), Exhausted)


def test_somebody_with_an_address_only_gets_the_letter_at_once():
    found = following(at=0, reachable=resident(ADDRESS_POINT))

    assert isinstance(found, Send)
    assert (found.step.id, found.contact_point) == ("letter", ADDRESS_POINT)


def test_somebody_with_nothing_at_all_has_an_owner_at_once_h_06():
    found = following(at=0, reachable=resident(point("email", "someone@example.org")))

    assert isinstance(found, Exhausted)
    assert (found.owner.team, found.owner.role) == ("icb_outreach", "supervisor")
    assert [skip.reason.value for skip in found.skipped] == ["no_contact_point"] * 4


def test_the_skipped_steps_say_why():
    person = resident(wishes=(wish("safe_contact", "letter"),), address_held=True)

    found = following(at=0, reachable=person)

    assert isinstance(found, Exhausted)
    assert [skip.reason.value for skip in found.skipped] == ["unsafe_contact"] * 3 + ["address_held"]


@pytest.mark.parametrize("state", ["intended", "handing_off", "in_doubt", "sent", "delivered"])
def test_an_attempt_under_way_is_waited_for_and_then_counts_as_made(state):
    assert following(tried("first", state, 1), at=5.9) == Wait(until=hours_after(6))
    assert isinstance(following(tried("first", state, 1), at=6), Send)


def test_an_outage_of_three_days_sends_no_stale_text_but_rings():
    found = following(at=73)

    assert isinstance(found, Call)
    assert [skip.reason.value for skip in found.skipped] == ["stale", "stale"]


def test_a_number_that_turns_up_during_the_call_does_not_restart_the_texts():
    rung = tried("call", "intended", 1, to=LANDLINE, channel=Channel.CALL)

    assert following(rung, at=3) == Wait(until=hours_after(73))


def test_a_step_the_new_version_dropped_is_left_behind():
    shorter = replace(cadence(), steps=cadence().steps[1:])

    found = following(tried("first", "delivered", 1), at=6, plan=shorter)

    assert isinstance(found, Send)
    assert found.step.id == "second"


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (resident(died_on=MONDAY), "died"),
        (resident(wishes=(wish("stop"),)), "stop"),
        (resident(wishes=(wish("opt_out", "covid_protect"),)), "opted_out"),
    ],
)
def test_whoever_may_not_be_contacted_is_forbidden_whatever_went_before(person, reason):
    for history in ((), (tried("first", "delivered", 1),)):
        found = following(*history, at=6, reachable=person)
        assert isinstance(found, Forbidden)
        assert found.reason.value == reason
        assert found.words


def test_staleness_is_counted_from_the_opening():
    first, call = cadence().steps[0], cadence().steps[2]

    assert not is_stale(step=first, occurrence_opened_at=OPENED_AT, now=hours_after(35.9))
    assert is_stale(step=first, occurrence_opened_at=OPENED_AT, now=hours_after(36))
    assert not is_stale(step=call, occurrence_opened_at=OPENED_AT, now=hours_after(999))


def test_a_contact_point_is_given_with_no_refusal_or_a_refusal_with_no_point():
    point_found, refusal = contact_point_for(channel=Channel.SMS, reachable=resident(), day=MONDAY)
    assert (point_found, refusal) == (MOBILE_POINT, None)
    point_found, refusal = contact_point_for(channel=Channel.EMAIL, reachable=resident(), day=MONDAY)
    assert point_found is None
    assert refusal and refusal.reason is RefusalReason.NO_CONTACT_POINT


def test_cadence_finds_its_steps():
    assert cadence().step("call") == cadence().steps[2]
    assert cadence().step("gone") is None


def test_a_step_is_not_due_before_its_time_however_short_the_patience_before_it():
    first, second, *others = cadence().steps
    hasty = cadence(steps=(first, replace(second, patience=dt.timedelta(hours=2)), *others))

    assert following(tried("second", "delivered", 6), at=9, plan=hasty) == Wait(until=hours_after(24))
