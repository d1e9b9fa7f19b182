"""A partner accepts a call to action on a telephone and says what came of it."""

from __future__ import annotations

import pytest

from tests.support.browser import Browser, press
from tests.support.lists import a_call, a_case, a_need, assert_fit_to_read, county, page_of
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.referrals.models import CallToAction

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_partner_accepts_one_and_declines_another(chromium: str, live_server: object) -> None:
    here = county()
    first = a_call(here, a_need(here, a_case(here)))
    long_name = "Ada Wolfeschlegelsteinhausenbergerdorff-Featherstone"
    second = a_call(here, a_need(here, a_case(here, number=2, name=long_name)))
    client, site = here.signed_in("food"), str(live_server)

    with Browser() as browser:
        page = page_of(browser=browser, site=site, client=client)

        # Given two calls to answer, and nothing in hand
        page.goto(f"{site}/partners/?state=in_hand")
        assert_fit_to_read(page, "partners-empty")
        press(page, page.get_by_role("link", name="To answer (2)"))
        assert_fit_to_read(page, "partners-inbox")

        # When one is accepted and done
        assert "Berta" not in page.content()
        press(page, page.get_by_role("link", name=str(first.pk)[:6].upper()))
        assert_fit_to_read(page, "partners-call")
        press(page, page.get_by_role("button", name="Accept"))
        assert page.get_by_role("heading", name="Food: Berta Example").is_visible()
        press(page, page.get_by_role("button", name="It is done"))
        assert "Choose what came of it" in page.get_by_role("alert").inner_text()
        assert_fit_to_read(page, "partners-accepted")
        page.get_by_label("Helped", exact=True).check()
        press(page, page.get_by_role("button", name="It is done"))
        assert page.get_by_text("Done, the person is being asked").is_visible()

        # And the other declined with a reason
        press(page, page.get_by_role("link", name="To answer (1)"))
        press(page, page.get_by_role("link", name=str(second.pk)[:6].upper()))
        page.get_by_label("We have no capacity just now").check()
        press(page, page.get_by_role("button", name="Decline"))

        # And no more can be taken today
        press(page, page.get_by_role("link", name="Capacity"))
        page.get_by_label("Only so many more today").check()
        press(page, page.get_by_role("button", name="Say so"))
        assert "Write a number" in page.get_by_role("alert").inner_text()
        assert_fit_to_read(page, "partners-capacity")
        page.get_by_label("How many more today").fill("0")
        press(page, page.get_by_role("button", name="Say so"))
        assert page.get_by_text("Full for today").is_visible()
        press(page, page.get_by_role("link", name="What is coming"))
        assert_fit_to_read(page, "partners-coming")

        # Then both are finished
        press(page, page.get_by_role("link", name="Finished (2)"))
        assert_fit_to_read(page, "partners-finished")
        assert browser.complaints == []

    with acting_as(WORKER):
        states = {one.pk: one.state for one in CallToAction.objects.all()}
    assert states == {first.pk: "done", second.pk: "declined"}
