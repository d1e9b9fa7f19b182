"""Where a code goes, when it leaves, and that the page says nothing of it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.county_of_one import County
from tests.support.reach import MORNING, Provider, lose_jobs, run_jobs, wind_on
from tests.support.what_is_done import answered, lose_number, newest, post, words_shown
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.journeys import one_time_code
from wherry.journeys.turn import take_turn
from wherry.outreach.models import Attempt
from wherry.outreach.queries import contacts_today, last_contact

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "sql",
    [
        "update people_contact_point set wrong_since = app_now() where kind = 'mobile'",
        # The letter with the same link had left too: who opened it may hold another telephone.
        "update outreach_attempt set channel = 'letter'",
        "update checkin_invitation set opened_at = null",
    ],
)
def test_without_a_number_they_used_the_page_is_the_same_and_nothing_leaves(
    county: County, provider: Provider, sql: str
) -> None:
    browser = answered(county)
    before = words_shown(browser)
    post(browser, do="send")
    with_number = words_shown(browser)
    lose_number(sql)
    run_jobs()
    assert provider.took == []
    assert words_shown(browser) == with_number != before


def test_a_number_a_source_vouches_for_serves_too(county: County, provider: Provider) -> None:
    browser = answered(county)
    lose_number("update outreach_attempt set channel = 'letter'")
    lose_number("update people_contact_point set verified_on = recorded_on where kind = 'mobile'")
    post(browser, do="send")
    run_jobs()
    assert len(provider.took) == 1


def test_it_leaves_at_night_and_over_the_caps_because_they_wait_for_it(county: County, provider: Provider) -> None:
    browser = answered(county)
    wind_on(dt.timedelta(hours=13))
    post(browser, do="send")
    post(browser, do="send")
    run_jobs()
    assert len(provider.took) == 2


def test_a_code_that_would_come_too_late_does_not_leave(county: County, provider: Provider) -> None:
    browser = answered(county)
    post(browser, do="send")
    show_of = newest()
    one_time_code.send_code(asked_id=show_of.pk)
    wind_on(dt.timedelta(minutes=11))
    run_jobs()
    take_turn()
    assert [body for _, _, body in provider.took if "code is" in body] == []


def test_stop_said_between_asking_and_sending_wins_h_18(county: County, provider: Provider) -> None:
    browser = answered(county)
    post(browser, do="send")
    one_time_code.send_code(asked_id=newest().pk)
    browser.post("/leave/stop")
    run_jobs()
    assert [body for _, _, body in provider.took if "code is" in body] == []


def test_a_code_whose_job_was_lost_leaves_with_the_next_turn_and_once(county: County, provider: Provider) -> None:
    browser = answered(county)
    post(browser, do="send")
    lose_jobs()
    for _ in range(3):
        take_turn()
    assert len([body for _, _, body in provider.took if "code is" in body]) == 1


def test_codes_take_no_room_from_what_we_send_ourselves(county: County) -> None:
    browser = answered(county)
    for _ in range(3):
        post(browser, do="send")
    run_jobs()
    with acting_as(WORKER):
        sent = list(Attempt.objects.filter(state="sent").select_related("case").order_by("intended_at"))
        assert len(sent) == 4
        assert contacts_today(attempts=sent[1:2], since=MORNING - dt.timedelta(hours=9))[sent[1].pk].person == 1
        found = last_contact(case_id=county.case.pk)
    assert found is not None and found.at == sent[0].attempted_at
