"""Danger said on a page or on the telephone is in somebody's hands within minutes, whatever becomes of the page."""

from __future__ import annotations

import pytest

from tests.support.browser import press
from tests.support.life import Life, is_sound, next_call, words
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.triage.models import RedFlag

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_red_flag_on_the_page_is_the_callers_next_call(life: Life) -> None:
    # Given a resident who opens the link of the text, on their telephone
    life.goes_on()
    page = life.at_home()
    page.check('input[name="answering_for"][value="self"]')
    press(page, "main button")
    # When they say that they are short of breath sitting still, and put the telephone down
    page.check('input[name="breathless"][value="at_rest"]')
    page.check('input[name="chest_pain"][value="no"]')
    press(page, "main button")
    assert words(page).startswith("Do this now")
    page.context.close()
    # Then it is the next call, before every other, though nothing was sent
    life.goes_on()
    desk = life.at_desk("caller")
    assert "1 red flag nobody has taken" in words(desk)
    is_sound(desk, "today-red-flag")
    next_call(desk)
    assert "Short of breath sitting still" in words(desk)
    assert "They were told: “Please ring 999 now" in words(desk)
    is_sound(desk, "red-flag")
    assert "They told us today at" in words(desk)
    assert "Nothing is wrong" not in desk.inner_text("body")
    # When somebody has spoken to them, and says that it is not so bad without a word on why
    press(desk, 'button[value="not_so_bad"]')
    assert "Say in a few words why" in words(desk)
    is_sound(desk, "red-flag-why")
    # And then that an ambulance is coming
    desk.fill("#settled-words", "An ambulance is on its way")
    press(desk, 'button[value="rang_999"]')
    # Then it is closed with what is being done, and the office sees that none is left
    with acting_as(WORKER):
        flag = RedFlag.objects.get()
    assert flag.closed_at is not None
    assert (flag.outcome, flag.what_was_done) == ("rang_999", "An ambulance is on its way")
    assert flag.acknowledged_by == str(life.county.staff["caller"].pk)
    assert "0 red flags nobody has taken" in words(life.at_office("today"))
    assert life.browser.complaints == []


def test_a_red_flag_on_the_telephone_outlives_the_call_and_climbs_to_a_supervisor(life: Life) -> None:
    # Given a caller who hears it, and whose line goes dead before anything is sent
    life.stays_silent()
    desk = life.at_desk("caller")
    next_call(desk)
    desk.check('input[name="breathless"][value="at_rest"]')
    desk.wait_for_selector("#stop-now:not([hidden])")
    desk.wait_for_selector("text=Kept at")
    desk.close(run_before_unload=False)
    # When nobody takes it for a quarter of an hour
    life.goes_on(minutes=1)
    life.goes_on(minutes=16)
    # Then the supervisor has it first, with what was said
    chief = life.at_desk("supervisor")
    assert "1 red flag nobody has taken" in words(chief)
    next_call(chief)
    assert "Short of breath sitting still" in words(chief)
    is_sound(chief, "red-flag-climbed")
    # When nobody answers them
    press(chief, "text=Nobody answered")
    # Then it stays open, asked of the next role within minutes
    with acting_as(WORKER):
        assert RedFlag.objects.get().closed_at is None
    life.goes_on(minutes=6)
    clinician = life.at_desk("clinician")
    next_call(clinician)
    assert "Short of breath sitting still" in words(clinician)
    assert life.browser.complaints == []


def test_a_danger_chosen_with_the_keyboard_leads_to_sending_it(life: Life) -> None:
    # Given a caller without a mouse, and somebody who answers for another
    life.stays_silent()
    desk = life.at_desk("caller")
    next_call(desk)
    assert desk.locator("#about_helper").is_hidden()
    desk.check('input[name="answering_for"][value="someone_else"]')
    assert desk.locator("#about_helper").is_visible()
    # When they come with the arrow keys to an answer that cannot wait
    desk.focus('input[name="breathless"][value="no"]')
    for key in ("Space", "ArrowDown", "ArrowDown"):
        desk.keyboard.press(key)
    desk.wait_for_selector("#stop-now:focus")
    # Then the next key stroke is on the button that sends it, and nobody on the line is told to wait for a call
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.textContent.trim()") == "Send what they said now"
    assert "ring you back" not in desk.inner_text("#stop-now")
