"""An analyst looks at what the newest run changed, on a telephone and on a desk."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.browser import Browser, press
from tests.support.lists import assert_fit_to_read, county, page_of
from tests.unit.programme_office.test_changes import DAY, a_run
from wherry.population import Store

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_analyst_sees_who_entered_and_who_left(chromium: str, live_server: object) -> None:
    here = county()
    client, site = here.signed_in("analyst"), str(live_server)
    store = Store(Path(settings.HOME) / "store")
    shutil.rmtree(store.path, ignore_errors=True)
    store.path.mkdir(parents=True)

    with Browser() as browser:
        page = page_of(browser=browser, site=site, client=client)

        # Given one run, there is nothing to compare
        a_run(store, ill=40, as_of=DAY, everybody=120)
        page.goto(f"{site}/office/")
        press(page, page.get_by_role("navigation", name="Menu").get_by_role("link", name="Changes"))
        assert page.get_by_text("Nothing to compare yet").first.is_visible()
        assert_fit_to_read(page, "office-changes-empty")

        # When a week later more people are ill and others have left the county
        a_run(store, ill=90, as_of=DAY + dt.timedelta(days=7), everybody=110)
        press(page, page.get_by_role("navigation", name="Menu").get_by_role("link", name="Changes"))

        # Then she sees how many entered, and by which rule
        assert page.get_by_text("33 entered").is_visible()
        assert page.get_by_role("table", name="Why people entered").is_visible()
        assert_fit_to_read(page, "office-changes")

        # And how the places differ, with who agreed to it
        press(page, page.get_by_role("navigation", name="Menu").get_by_role("link", name="Places"))
        page.get_by_text("About Norwich community fridge").click()
        assert page.get_by_text("after 5 hours instead of 6").is_visible()
        assert_fit_to_read(page, "office-variation")
        assert browser.complaints == []
    shutil.rmtree(store.path, ignore_errors=True)
