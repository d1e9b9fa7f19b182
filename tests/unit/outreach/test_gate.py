from __future__ import annotations

import datetime as dt

import pytest

from tests.support.reaching import (
    ADDRESS_POINT,
    LANDLINE_POINT,
    MOBILE,
    MOBILE_POINT,
    MONDAY,
    cadence,
    hours_after,
    point,
    resident,
    wish,
)
from wherry.outreach.rules.gate import gate
from wherry.outreach.rules.refusals import WORDS
from wherry.outreach.types import Channel, RecentContacts, RefusalReason

POINTS = {
    Channel.SMS: MOBILE_POINT,
    Channel.EMAIL: point("email", "someone@example.org"),
    Channel.LETTER: ADDRESS_POINT,
    Channel.CALL: LANDLINE_POINT,
}
NOON = hours_after(4)


def refused(reachable, channel=Channel.SMS, *, now=NOON, recent=None, sandbox=True, **more):
    found = gate(
        channel=channel,
        reachable=reachable,
        contact_point=more.pop("contact_point", POINTS[channel]),
        now=now,
        cadence=cadence(),
        recent=recent or RecentContacts(),
        sandbox=sandbox,
        **more,
    )
    return found.reason.value if found else None


@pytest.mark.parametrize("channel", Channel)
def test_nothing_stands_against_somebody_who_wished_nothing(channel):
    assert refused(resident(), channel) is None


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("died_on", [MONDAY, dt.date(1999, 1, 1), dt.date(2100, 1, 1)])
def test_any_death_date_stops_every_channel_h_01(channel, died_on):
    assert refused(resident(died_on=died_on), channel) == "died"


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("said", ["", "all", "Everything"])
def test_stop_stops_every_channel(channel, said):
    assert refused(resident(wishes=(wish("stop", said),)), channel) == "stop"


def test_stop_of_one_channel_leaves_the_others():
    stopped = resident(wishes=(wish("stop", "sms"),))

    assert refused(stopped, Channel.SMS) == "stop"
    assert refused(stopped, Channel.LETTER) is None


def test_only_the_confirmation_of_a_stop_passes_a_stop():
    assert refused(resident(wishes=(wish("stop"),)), confirms_stop=True) is None
    assert refused(resident(wishes=(wish("stop"),), died_on=MONDAY), confirms_stop=True) == "died"
    assert refused(resident(wishes=(wish("stop"),)), confirms_stop=True, now=hours_after(15)) == "outside_hours"


def test_an_opt_out_of_research_never_keeps_help_from_somebody():
    assert refused(resident(wishes=(wish("opt_out", "covid_protect"),))) == "opted_out"
    for beyond_care in ("national_data_opt_out", "National data opt-out", "Type 1 opt-out", ""):
        assert refused(resident(wishes=(wish("opt_out", beyond_care),))) is None


def test_a_sensitive_or_disputed_address_gets_no_letter_h_04():
    assert refused(resident(wishes=(wish("sensitive_address"),)), Channel.LETTER) == "sensitive_address"
    assert refused(resident(address_held=True), Channel.LETTER) == "address_held"
    assert refused(resident(address_held=True), Channel.SMS) is None


@pytest.mark.parametrize(
    ("kind", "need", "open_channels"),
    [
        ("format", "braille", {"call"}),
        ("format", "Large Print", {"letter", "call"}),
        ("format", "easy_read", {"sms", "email", "letter", "call"}),
        ("format", "something nobody listed", {"call"}),
        ("communication_need", "bsl", {"sms", "email", "letter"}),
        ("communication_need", "sign_language", {"sms", "email", "letter"}),
        ("communication_need", "interpreter", {"sms", "email", "letter", "call"}),
    ],
)
def test_a_recorded_need_rules_out_what_the_person_cannot_use(kind, need, open_channels):
    person = resident(wishes=(wish(kind, need),))

    assert {channel.value for channel in Channel if refused(person, channel) is None} == open_channels


def test_only_the_safe_way_is_used_where_one_is_named():
    assert refused(resident(wishes=(wish("safe_contact", "landline"),)), Channel.CALL) is None
    assert refused(resident(wishes=(wish("safe_contact", "landline"),)), Channel.SMS) == "unsafe_contact"
    assert refused(resident(wishes=(wish("safe_contact", MOBILE),)), Channel.SMS) is None
    assert refused(resident(wishes=(wish("safe_contact", "letter"),)), Channel.LETTER) is None


def test_a_channel_needs_a_contact_point_of_its_kind():
    assert refused(resident(), Channel.SMS, contact_point=None) == "no_contact_point"
    assert refused(resident(), Channel.SMS, contact_point=LANDLINE_POINT) == "no_contact_point"


def test_invented_people_leave_through_the_sandbox_only_and_nobody_else_does():
    assert refused(resident(synthetic=True), sandbox=False) == "not_synthetic_channel"
    assert refused(resident(synthetic=False), sandbox=True) == "not_synthetic_channel"
    assert refused(resident(synthetic=False), sandbox=False) is None


def test_nothing_rings_at_night_but_a_letter_may_be_handed_over():
    assert refused(resident(), now=hours_after(15)) == "outside_hours"
    assert refused(resident(), Channel.LETTER, now=hours_after(15)) is None


def test_a_step_narrows_the_hours():
    step = cadence().steps[0]

    assert refused(resident(), now=hours_after(0.5)) is None
    assert refused(resident(), now=hours_after(0.5), step=step) == "outside_hours"


@pytest.mark.parametrize(
    ("recent", "reason"),
    [
        (RecentContacts(person=2, number=3, household=5), None),
        (RecentContacts(person=3), "cap_person"),
        (RecentContacts(number=4), "cap_number"),
        (RecentContacts(household=6), "cap_household"),
    ],
)
def test_caps_hold_for_person_number_and_household(recent, reason):
    assert refused(resident(), recent=recent) == reason


def test_every_reason_has_words_and_only_time_lifts_the_momentary_ones():
    assert set(WORDS) == set(RefusalReason)
    night = gate(
        channel=Channel.SMS,
        reachable=resident(),
        contact_point=MOBILE_POINT,
        now=hours_after(15),
        cadence=cadence(),
        recent=RecentContacts(),
        sandbox=True,
    )
    dead = gate(
        channel=Channel.SMS,
        reachable=resident(died_on=MONDAY),
        contact_point=MOBILE_POINT,
        now=hours_after(15),
        cadence=cadence(),
        recent=RecentContacts(),
        sandbox=True,
    )

    assert night and night.momentary
    assert dead and not dead.momentary


def test_the_confirmation_of_a_stop_passes_nothing_else():
    stopped = (wish("stop"), wish("format", "braille"))

    assert refused(resident(wishes=stopped), confirms_stop=True) == "format_needed"
    assert refused(resident(wishes=(wish("stop"),)), confirms_stop=True, contact_point=None) == "no_contact_point"


def test_a_text_held_back_until_the_next_step_began_is_stale():
    step = cadence().steps[0]

    assert refused(resident(), now=hours_after(5.9), step=step, intended_at=hours_after(1)) is None
    assert refused(resident(), now=hours_after(6), step=step, intended_at=hours_after(1)) == "stale"
    assert refused(resident(), now=hours_after(36), step=step, occurrence_opened_at=hours_after(0)) == "stale"
