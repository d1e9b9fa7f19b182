"""
A demonstration that serves, and how a visitor signs in to it: for whoever walks the sites with a real browser.

`served` runs `wherry demo` as a reader would, reads what it prints, and ends it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.support.browser import Browser

SOURCE = Path(__file__).resolve().parents[2] / "src"


@dataclass(frozen=True)
class Served:
    """A demonstration that serves: its pages for visitors, and the staff sites with the password of all."""

    door: str
    staff: str
    password: str


@contextmanager
def served(home: Path, people: int) -> Iterator[Served]:
    """Run a demonstration to its end and serve it; ended on leaving."""
    command = [sys.executable, "-m", "wherry", "demo", "--home", str(home), "--people", str(people)]
    environment = os.environ | {"PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True)
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("Ctrl-C"):
                break
        else:
            raise SystemExit("the demonstration ended before it served; what it said is above")
        yield Served(
            door=_found(r"Codes to sign in with.*?(http://\S+/)", said),
            staff=_found(r"The staff sites: (\S+)", said),
            password=_found(r"password: (\S+)", said),
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _found(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    if found is None:
        raise SystemExit(f"the demonstration did not print {pattern!r}")
    return found.group(1)


def press(page: Page, words: str, *, nth: int = 0) -> None:
    """Press the button or follow the link with these words, and wait for the page that comes."""
    button = page.get_by_role("button", name=words, exact=False).or_(page.get_by_role("link", name=words, exact=False))
    with page.expect_navigation():
        button.nth(nth).click()


def sign_in(browser: Browser, site: Served, email: str, *, look: Callable[[Page, str], None] | None = None) -> Page:
    """
    Sign somebody in as a visitor does: password, then the code the page of codes shows. Gives their page.

    look: told of each page on the way, with a name for it.
    """
    page = browser.page_at(1280)
    page.goto(f"{site.staff}/sign-in")
    if look:
        look(page, "sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(site.password)
    press(page, "Continue")
    tried = ""
    while page.url.endswith("/sign-in/code"):
        code = _code(browser, site, email)
        if code == tried:
            page.wait_for_timeout(2_000)
            continue
        if look and not tried:
            look(page, "code")
        tried = code
        page.locator("input[name=code]").fill(code)
        press(page, "Sign in")
    return page


def _code(browser: Browser, site: Served, email: str) -> str:
    codes = browser.page_at(1280)
    codes.goto(site.door)
    shown = codes.get_by_role("row").filter(has_text=email).locator("code").inner_text()
    codes.context.close()
    return shown.replace(" ", "")
