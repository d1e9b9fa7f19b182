"""A clinician reviews a list on a telephone and signs it."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.support.browser import Browser, press
from tests.support.lists import a_list, a_store, assert_fit_to_read, county, page_of
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.review.models import AtRiskList

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_clinician_takes_one_off_adds_another_and_signs(chromium: str, live_server: object) -> None:
    here = county()
    at_risk_list = a_list(here, people=57, long_names=True)
    a_store(settings.HOME, nhs_number="9990000115")
    client, site = here.signed_in("clinician"), str(live_server)

    with Browser() as browser:
        page = page_of(browser=browser, site=site, client=client)

        # Given a list to review
        page.goto(f"{site}/clinicians/")
        assert_fit_to_read(page, "clinicians-lists")
        press(page, page.get_by_role("link", name="COVID Protect, Norwich"))
        assert_fit_to_read(page, "clinicians-list")

        # When she forgets the reason, the page says so
        press(page, page.locator(".wherry-rows tbody a").first)
        press(page, page.get_by_role("button", name="Take them off"))
        assert page.get_by_role("alert").inner_text().count("Choose a reason") == 1
        assert_fit_to_read(page, "clinicians-entry")

        # And when she gives one, and adds somebody the rules did not find
        page.get_by_label("In other care").check()
        press(page, page.get_by_role("button", name="Take them off"))
        press(page, page.get_by_role("link", name="Add somebody"))
        assert_fit_to_read(page, "clinicians-add")
        page.get_by_label("NHS number").fill("999 000 0115")
        page.get_by_label("At high risk from illness").check()
        page.get_by_label("Tier 1", exact=True).check()
        page.get_by_label("A new diagnosis").check()
        press(page, page.get_by_role("button", name="Add to the list"))
        assert "Found, Cara" in page.content()

        # And takes two more off together, and keeps a practice's people together
        page.goto(f"{site}/clinicians/lists/{at_risk_list.pk}")
        page.locator("input[name=entry]").nth(1).check()
        page.locator("input[name=entry]").nth(2).check()
        press(page, page.get_by_role("button", name="Take off those ticked"))
        assert page.get_by_text("2 of 58").is_visible()
        press(page, page.get_by_role("button", name="Take 2 people off the list"))
        assert page.get_by_role("alert").inner_text().count("Choose a reason") == 1
        assert_fit_to_read(page, "clinicians-together")
        page.get_by_label("not at risk").check()
        press(page, page.get_by_role("button", name="Take 2 people off the list"))
        assert page.get_by_text("2 people taken off the list.").is_visible()
        page.get_by_text("Show only some of them").click()
        page.get_by_label("Practice", exact=True).select_option("D82004")
        press(page, page.get_by_role("button", name="Show", exact=True))
        assert_fit_to_read(page, "clinicians-narrowed")
        press(page, page.get_by_role("button", name="Keep all 14"))
        assert page.get_by_text("1 of them is taken off now, and will be put back.").is_visible()
        page.get_by_label("Looked at").check()
        press(page, page.get_by_role("button", name="Keep 14 people on the list"))
        press(page, page.get_by_role("link", name="Compare practices"))
        assert_fit_to_read(page, "clinicians-practices")
        press(page, page.get_by_role("link", name="Back"))

        # And signs what she sees
        press(page, page.get_by_role("link", name="sign"))
        assert "In other care, such as a hospice or a care home" in page.content()
        assert_fit_to_read(page, "clinicians-sign")
        press(page, page.get_by_role("button", name="Sign this list"))

        # Then it is signed, with what changed
        assert page.get_by_text("The people on it are being contacted").is_visible()
        assert_fit_to_read(page, "clinicians-signed")
        assert browser.complaints == []

    with acting_as(WORKER):
        signed = AtRiskList.objects.get(pk=at_risk_list.pk)
    assert (signed.state, signed.added, signed.removed) == ("signed", 1, 2)
