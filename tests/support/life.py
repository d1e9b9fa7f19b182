"""
One resident's life seen from every side at once: their own telephone, the caller's desk, a partner's, the office's.

The worker takes its real turns, the clock is moved by hand, and what leaves is taken by a provider in memory.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from django.test import Client
from playwright.sync_api import Page

from tests.support.browser import Browser, axe_problems, overflows, press
from tests.support.county_of_one import BORN, County, agreed, member, signed_in
from tests.support.lists import page_of
from tests.support.reach import Provider, run_jobs, wind_on
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import take_checkin
from wherry.journeys.turn import take_turn
from wherry.organisations.actions import register_organisation
from wherry.organisations.models import Staff
from wherry.organisations.types import OrganisationKind, Purpose, Role
from wherry.web.person.links import holder_of

PICTURES = os.environ.get("WHERRY_PICTURES", "")
_LINK = re.compile(r"/c/([A-Za-z0-9_-]{22})")
#: What somebody answers who is well and has all they need.
ALL_WELL = {"breathless": "no", "chest_pain": "no", "safe_at_home": "yes", "food": "enough", "medicines": "enough"}


@dataclass
class Life:
    """Everybody there is. telephone: the texts that reach the resident; partners: who works there, by organisation."""

    county: County
    site: str
    browser: Browser
    telephone: Provider
    partners: dict[str, Staff] = field(default_factory=dict)

    def joins(self, *partners: str) -> None:
        """Let organisations join that deliver help, each with somebody who answers its inbox."""
        with acting_as(WORKER):
            now = app_now()
            for code in partners:
                name, kind = code.replace("_", " ").capitalize(), OrganisationKind.CHARITY
                joined = register_organisation(by=WORKER, code=code, name=name, kind=kind, now=now)
                agreed(organisation=joined, purposes=(Purpose.DELIVERY,), now=now)
                self.partners[code] = member(organisation=joined, role=Role.PARTNER, now=now)

    def goes_on(self, *, hours: float = 0, minutes: float = 0) -> None:
        """Let time pass, and the worker do all that has fallen due."""
        wind_on(dt.timedelta(hours=hours, minutes=minutes))
        for _ in range(9):
            if not run_jobs() and not any(take_turn().values()):
                return
        raise AssertionError("the worker does not come to rest")

    def stays_silent(self) -> None:
        """Let two texts go unanswered, and the night pass: it is late on Tuesday morning, and a call is due."""
        self.goes_on()
        self.goes_on(hours=6.5)
        self.goes_on(hours=19)

    def answers(self, **said: str) -> None:
        """Let the resident answer by their link: all is well, save what is said here."""
        by, invitation = holder_of(token=self.county.token), self.county.invitation
        with acting_as(by):
            now = app_now()
            type(invitation).objects.filter(pk=invitation.pk).update(opened_at=now)
            invitation.refresh_from_db()
            answers = {**ALL_WELL, **said}
            take_checkin.take_answers(by=by, invitation=invitation, answers=answers, answered_by="self", now=now)
        self.goes_on()

    def at_home(self, *, text: tuple[str, str, str] | None = None, born: dt.date = BORN) -> Page:
        """Open the link of a text on the resident's telephone, the newest if none is named, and say a birth date."""
        found = _LINK.search((text or self.telephone.took[-1])[2])
        assert found is not None, "the text has no link"
        page = self.browser.page_at(390)
        page.goto(f"{self.site}/c/{found.group(1)}")
        for part, value in (("day", born.day), ("month", born.month), ("year", born.year)):
            page.fill(f"#born-{part}", str(value))
        press(page, "main button")
        return page

    def at_desk(self, who: str, *, width: int = 390) -> Page:
        """Open the calls of today as a `caller` or a `supervisor`, signed in."""
        page = self._signed_in(self.county.staff[who], width)
        page.goto(f"{self.site}/support/")
        return page

    def at_office(self, where: str) -> Page:
        """Open a page of the programme office as its lead, signed in."""
        page = self._signed_in(self.county.staff["programme_lead"], 1280)
        page.goto(f"{self.site}/office/{where}")
        return page

    def at_partner(self, code: str, *, state: str = "to_answer") -> Page:
        """Open a tray of a partner's inbox, signed in."""
        page = self._signed_in(self.partners[code], 390)
        page.goto(f"{self.site}/partners/?state={state}")
        return page

    def _signed_in(self, staff: Staff, width: int) -> Page:
        client = signed_in(client=Client(), staff=staff)
        return page_of(browser=self.browser, site=self.site, client=client, width=width)

    def texts(self) -> int:
        """Count the messages that have reached the resident."""
        return len(self.telephone.took)


def next_call(desk: Page) -> None:
    """Press what opens the next call, on the page of today."""
    if not desk.locator(".calls-next").count():
        desk.goto(desk.url.split("/support/")[0] + "/support/")
    press(desk, ".calls-next")


def open_first(partner: Page) -> None:
    """Open the first call to action of the tray."""
    press(partner, "main tbody th a")


def words(page: Page) -> str:
    """Read what a page says, its spaces made even."""
    return " ".join(page.inner_text("main").split())


def is_sound(page: Page, name: str) -> None:
    """Every page passes axe and fits its screen; with WHERRY_PICTURES set, it is kept to be looked at."""
    if PICTURES:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=str(Path(PICTURES) / f"life-{name}-{width}.png"), full_page=True)
    assert axe_problems(page) == [], name
    assert overflows(page) == [], name
