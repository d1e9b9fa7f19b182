"""A draft is talked over, read, signed by four people, looked ahead at, released to one in a hundred, and stopped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.browser import Browser, press, press_enter
from tests.support.drafts import a_version
from tests.support.lists import County, a_case, assert_fit_to_read, county, page_of
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.people.models import ContactPointRow

pytestmark = pytest.mark.django_db(transaction=True)
SIGN_AS = {
    "lead": "A programme lead",
    "clinician": "A clinician",
    "safety": "A clinical safety officer",
    "guardian": "An information-governance lead",
}
ASKED = "Who rings when somebody answers at night that they have no food left?"
FOOD = ("Do you have enough food at home?", "Do you have food for today and tomorrow?")


def test_a_draft_goes_from_a_question_to_a_release_and_a_stop(chromium: str, live_server: object) -> None:
    here, site = county(), str(live_server)
    _somebody_reached_first(here)
    draft = a_version(
        now=here.now, by=str(here.staff["clinician"].pk), changes={"covid_protect/questionnaire.yaml": FOOD}
    )

    clients = {who: here.signed_in(who) for who in (*SIGN_AS, "food")}

    with Browser() as browser:

        def as_(who: str) -> Page:
            page = page_of(browser=browser, site=site, client=clients[who])
            page.goto(f"{site}/programmes/")
            press(page, page.get_by_role("link", name="Version 2 of COVID Protect"))
            return page

        _talk_it_over(as_)
        _read_and_sign(as_)
        _release_and_stop(as_)
        assert browser.complaints == []
    draft.refresh_from_db()
    assert (draft.state, draft.share) == ("stopped", 1)


def _somebody_reached_first(here: County) -> None:
    case = a_case(here)
    with acting_as(WORKER):
        type(case).objects.filter(pk=case.pk).update(release_rank=5)
        ContactPointRow.objects.create(
            person_id=case.person_id, kind="mobile", value="+447700900101", source="gp", recorded_on=here.now.date()
        )


def _talk_it_over(as_: Callable[[str], Page]) -> None:
    # Given a draft, which a partner finds in the list, reads, and asks about, with the keyboard alone
    partner = as_("food")
    press(partner, partner.get_by_role("link", name="Back"))
    assert partner.get_by_text("Draft, open to comments").is_visible()
    assert_fit_to_read(partner, "programmes-list")
    press(partner, partner.get_by_role("link", name="Version 2 of COVID Protect"))
    press(partner, partner.get_by_role("link", name="What changed since version 1"))
    assert partner.get_by_text(FOOD[1]).first.is_visible()
    assert_fit_to_read(partner, "programmes-changed")
    press(partner, partner.get_by_role("link", name="Back"))
    press(partner, partner.get_by_role("link", name="The whole of it in plain words"))
    press(partner, partner.get_by_role("link", name="What residents are sent: Arabic").first)
    assert_fit_to_read(partner, "programmes-words-ar")
    press(partner, partner.get_by_role("link", name="Comment on this"))
    partner.get_by_label("What do you want to say or ask?").focus()
    partner.keyboard.type(ASKED)
    partner.keyboard.press("Tab")
    press_enter(partner)
    assert partner.get_by_text(ASKED).is_visible()
    assert_fit_to_read(partner, "programmes-draft-partner")

    # When a clinician answers
    clinician = as_("clinician")
    assert clinician.get_by_text("You put it forward. Somebody else has to read it").is_visible()
    clinician.get_by_label("Your answer").fill("A caller, from eight in the morning: it is for today.")
    press(clinician, clinician.get_by_role("button", name="Answer Food Example"))
    assert clinician.get_by_text("Clinician Example answered").is_visible()
    assert_fit_to_read(clinician, "programmes-draft-answered")


def _read_and_sign(as_: Callable[[str], Page]) -> None:
    # And clinical safety has read it
    safety = as_("safety")
    press(safety, safety.get_by_role("button", name="I have read it"))
    assert safety.get_by_text("You sign exactly what is shown here").is_visible()
    assert_fit_to_read(safety, "programmes-sign")

    # Then four people sign, each in the role they hold
    for who, role in SIGN_AS.items():
        page = as_(who)
        page.get_by_label(role).check()
        press(page, page.get_by_role("button", name="Sign version 2"))
        assert page.get_by_text("You have signed it.", exact=True).is_visible()


def _release_and_stop(as_: Callable[[str], Page]) -> None:
    lead = as_("lead")
    press(lead, lead.get_by_role("link", name="Put one forward"))
    press(lead, lead.get_by_role("button", name="Check it and put it forward"))
    assert lead.get_by_role("link", name="Choose what to put forward").is_visible()
    assert_fit_to_read(lead, "programmes-put-forward")
    lead.go_back()
    lead.go_back()
    press(lead, lead.get_by_role("link", name="Going live"))
    press(lead, lead.get_by_role("button", name="Put version 2 in force"))
    assert lead.get_by_text("It would reach 1 person for the first time").is_visible()
    arabic = lead.locator("summary", has_text="Arabic")
    arabic.focus()
    lead.keyboard.press("Enter")
    assert lead.locator("[lang=ar][dir=rtl]").first.is_visible()
    assert_fit_to_read(lead, "programmes-look-ahead")
    press(lead, lead.get_by_role("button", name="Release it to 1 % of people"))
    lead.get_by_label("Why may it go on?").fill("One person, known to us")
    press(lead, lead.get_by_role("button", name="Release it to 1 % of people"))
    assert lead.get_by_text("In force for 1 % of people").is_visible()

    # And whoever may pause what is sent stops it, on one screen
    guardian = as_("guardian")
    press(guardian, guardian.get_by_role("link", name="Going live"))
    guardian.get_by_text("Stop this version now").click()
    guardian.get_by_label("Why is it stopped?").fill("The Polish text has a wrong telephone number")
    assert_fit_to_read(guardian, "programmes-stop")
    press(guardian, guardian.get_by_role("button", name="Stop it"))
    assert guardian.get_by_text("Nothing more leaves under it").is_visible()
