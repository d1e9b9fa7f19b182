"""Invented staff come to work: they sign in with password and code, through the same pages as anybody."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from wherry.database.secrets import secret
from wherry.nonprod.demo.browser import Browser, Form, Page
from wherry.nonprod.demo.personas import Persona, authenticator
from wherry.organisations.second_factor import STEP_SECONDS, code_at, step_at


class PageNotAsExpected(AssertionError):
    """A page did not show what somebody needs to go on."""


def password(home: Path) -> str:
    """Give the one password every persona signs in with; made anew for each home."""
    return secret(home, "persona_password")[:16]


@dataclass(frozen=True)
class Office:
    """What every member of staff shares: the site, the password's home, the seed, and how residents answer."""

    site: str
    home: Path
    seed: int
    answers: Mapping[str, dict[str, float]]

    _browsers: dict[str, Browser] = field(default_factory=dict)

    @contextmanager
    def signed_in(self, who: Persona) -> Iterator[Browser]:
        """
        Give somebody their browser, signed in; it stays so, as a working day's does.

        A browser that lost its site is thrown away: whoever comes next signs in anew.
        """
        browser = self._browsers.pop(who.email, None) or Browser(site=self.site)
        page = browser.open("/account")
        if page.form(holding="password") is not None:
            self._sign_in(browser, who)
        yield browser
        self._browsers[who.email] = browser

    def _sign_in(self, browser: Browser, who: Persona) -> None:
        page = browser.open("/sign-in")
        form = needed(page, page.form(holding="password"))
        page = browser.send(page, form, {"email": who.email, "password": password(self.home)})
        shared = authenticator(home=self.home, email=who.email)
        _enter_code(browser, page, shared, self.home / "demo" / f"code-{who.email}")


def _enter_code(browser: Browser, page: Page, shared: str, spent: Path) -> None:
    """
    Enter a code as somebody with a telephone would: by the wall clock, and the next one where this one is spent.

    The application's clock may be days ahead; a code knows nothing of it. The site takes the half minute before and
    after too, so three sign-ins fit into one before anybody has to wait.

    spent: a file with the newest half minute whose code was tried, so that none is tried twice, whichever run tried
    it: a spent code counts as a guess, and guesses lock an account.
    """
    deadline = time.monotonic() + 5 * STEP_SECONDS
    while (form := page.form(holding="code")) is not None:
        if time.monotonic() > deadline:
            raise PageNotAsExpected("no code was taken")
        here, newest = step_at(now=dt.datetime.now(dt.UTC)), _number_in(spent)
        step = max(here - 1, newest + 1)
        if step > here + 1:
            time.sleep(1)
            continue
        spent.write_text(str(step))
        page = browser.send(page, form, {"code": code_at(secret=shared, step=step)})
    if page.form(holding="password") or page.status != 200:
        raise PageNotAsExpected(f"nobody could sign in (status {page.status})")


def _number_in(file: Path) -> int:
    try:
        return int(file.read_text())
    except (FileNotFoundError, ValueError):
        return 0


def needed(page: Page, form: Form | None) -> Form:
    """Give the form somebody needs to go on. Raises PageNotAsExpected."""
    if form is None:
        raise PageNotAsExpected(f"no such form on {page.path} (status {page.status})")
    return form
