"""A programme lead follows a delivery: what was set aside, mended and sent back, who is silent, what was withdrawn."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.support.browser import Browser
from tests.support.lists import assert_fit_to_read, county, page_of
from wherry.feeds import actions, queries
from wherry.feeds.set_aside import hand_out
from wherry.foundation.actors import Actor, Kind
from wherry.journeys.withdraw_delivery import withdraw
from wherry.people.linkage.actions import link
from wherry.population import Store, ledger

pytestmark = pytest.mark.django_db(transaction=True)
REGISTER = "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth\n"
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def store() -> Iterator[Store]:
    there = Store(Path(settings.HOME) / "store")
    shutil.rmtree(there.path, ignore_errors=True)
    yield there
    shutil.rmtree(there.path, ignore_errors=True)


def _receive(store: Store, file: Path, *, days_old: int) -> str:
    landed = actions.receive(
        contract=queries.contract(name="gp_register"), files=[file], store=store, by="a.analyst",
        received_at=NOW, extracted_on=NOW.date() - dt.timedelta(days=days_old),
    )  # fmt: skip
    link(store=store, by="a.analyst")
    return landed.batch_id


def _rows(practice: str, good: int, bad: int) -> str:
    right = [f"{practice},{number},,Kett{number},Robert,12/03/1950\n" for number in range(good)]
    wrong = [f"{practice},{good + number},,,Temporary,\n" for number in range(bad)]
    return REGISTER + "".join(right + wrong)


def _listed(store: Store) -> None:
    about = {"run": "r1", "people": 1234, "as_of": str(NOW.date())}
    ledger.record(store, by="a.analyst", did="stratify", about=about, at=NOW)


def _says(page: Page, text: str) -> bool:
    return text in " ".join(page.inner_text("main").split())


def test_a_lead_follows_what_was_set_aside_who_is_silent_and_what_was_withdrawn(
    chromium: str, live_server: object, store: Store, tmp_path: Path
) -> None:
    here = county()
    client, address = here.signed_in("lead"), f"{live_server}/office/feeds"
    first, other, mend = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "mend.csv"
    first.write_text(_rows("D82001", 8, 3))
    other.write_text(_rows("D82002", 5, 0))
    _receive(store, first, days_old=40)
    wrong = _receive(store, other, days_old=1)
    _listed(store)

    with Browser() as browser:
        page = page_of(browser=browser, site=str(live_server), client=client)

        # Given two practices, of which one has sent nothing for forty days, and three rows that say too little
        page.goto(address)
        assert _says(page, "1 late: GP practice register (D82001)")
        assert _says(page, "3 rows set aside and not mended yet")
        page.get_by_text("The newest data of each sender").click()
        page.get_by_text("Why 3 rows of GP practice register are still set aside").click()
        assert page.get_by_role("table", name="Still set aside of GP practice register").is_visible()
        assert_fit_to_read(page, "office-feeds-late")

        # When two of the rows are mended and come back
        hand_out(store=store, contract=queries.contract(name="gp_register"), out=mend)
        rows = mend.read_text(encoding="utf-8-sig").replace(",Temporary,,", ",Temporary,02/03/1960,", 2)
        mend.write_text(rows.replace(",,,Temporary", ",,Rix,Temporary", 2))
        _receive(store, mend, days_old=0)
        page.goto(address)

        # Then one is left, the sums hold, and the silent practice is no younger for it
        assert _says(page, "1 row still to be mended")
        assert _says(page, "1 late: GP practice register (D82001)")
        assert page.get_by_text("Rows add up").count() == 1

        # When it turns out that the other practice's delivery was another county's
        lead = Actor(Kind.STAFF, str(here.staff["lead"].pk))
        withdraw(by=lead, store=store, batch_id=wrong, why="sent by a practice of another county", at=NOW)
        page.goto(address)

        # Then it is said who withdrew it, why, and which list had been made from it
        assert _says(page, "Withdrawn: these no longer count")
        assert _says(page, "sent by a practice of another county")
        assert _says(page, "1,234 people")
        assert_fit_to_read(page, "office-feeds-withdrawn")
        assert browser.complaints == []
