"""A real browser for tests: Chromium driven by Playwright, axe, and what an eye would look for first."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from weakref import WeakSet

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, sync_playwright

WITHOUT_BROWSER = "no Chromium found: install it (Debian: apt-get install chromium) or set WHERRY_CHROMIUM to its path"

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)

#: Contexts in which no script runs, axe's own neither.
_without_scripts: WeakSet[BrowserContext] = WeakSet()

_OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth;
  const frames = '.wherry-scroll, .wherry-picture, .nhsuk-u-visually-hidden, .nhsuk-skip-link,'
    + ' .nhsuk-table--responsive > .nhsuk-table__head';
  const framed = element => element.closest(frames);
  const out = [...document.body.querySelectorAll('*')].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && !framed(element) && (box.right > wide + 1 || box.left < -1);
  }).map(element => `${element.tagName.toLowerCase()}.${element.className}`);
  return document.documentElement.scrollWidth > wide + 1 ? ['the page itself', ...out] : out;
}"""


def chromium_path() -> str | None:
    """Find Chromium: WHERRY_CHROMIUM, Debian's, any on the path; None where there is none."""
    named = os.environ.get("WHERRY_CHROMIUM")
    candidates = (
        named,
        "/usr/bin/chromium",
        shutil.which("chromium"),
        shutil.which("chromium-browser"),
        shutil.which("google-chrome"),
    )
    return next((path for path in candidates if path and Path(path).exists()), None)


class Browser:
    """
    One Chromium for a test or a module, closed on leaving the `with`.

    Each `page_at` is a fresh context: no cookie of the page before. Errors the pages raise or log are in `complaints`,
    where a refused inline script or a missing file shows itself.
    """

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._playwright: Playwright | None = None

    def __enter__(self) -> Browser:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=chromium_path(), args=list(_ARGUMENTS))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.close()
        if self._playwright:
            self._playwright.stop()

    def page_at(self, width: int, *, height: int = 844, scripts: bool = True, language: str = "en-GB") -> Page:
        """Open an empty page in a fresh context, `width` CSS pixels wide; `scripts` False turns JavaScript off."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            locale=language,
            reduced_motion="reduce",
        )
        if not scripts:
            _without_scripts.add(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self._complain(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._complain(str(error)))
        return page

    def _complain(self, text: str) -> None:
        self.complaints.append(text)


def press(page: Page, what: str | Locator) -> None:
    """Press what leads on, and wait for the whole page that follows: the page before answers no question any more."""
    with page.expect_navigation():
        (page.locator(what).first if isinstance(what, str) else what).click()


def press_enter(page: Page) -> None:
    """Press Enter on what has the focus, and wait for the whole page that follows."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def axe_problems(page: Page) -> list[str]:
    """Run axe on the page as it stands. Returns one line per rule broken, naming where; empty is good."""
    with _where_scripts_run(page) as readable:
        found = Axe().run(readable).response["violations"]
    return [f"{rule['id']}: {rule['help']} at {[node['target'] for node in rule['nodes'][:3]]}" for rule in found]


@contextmanager
def _where_scripts_run(page: Page) -> Iterator[Page]:
    """Give a page axe can run in: where scripts are off, the same markup in a window beside, without its scripts."""
    if page.context not in _without_scripts:
        yield page
        return
    browser = page.context.browser
    assert browser is not None
    markup = re.sub(r"<script\b.*?</script>", "", page.content(), flags=re.DOTALL)
    context = browser.new_context(viewport=page.viewport_size, bypass_csp=True)
    try:
        beside = context.new_page()
        beside.route(page.url, lambda route: route.fulfill(body=markup, content_type="text/html; charset=utf-8"))
        beside.goto(page.url)
        yield beside
    finally:
        context.close()


def overflows(page: Page) -> list[str]:
    """List what sticks out of the viewport sideways (frames that scroll by themselves excepted); empty is good."""
    return list(page.evaluate(_OVERFLOWING))
