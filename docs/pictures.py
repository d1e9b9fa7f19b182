"""
Take the pictures of the tutorial: `make pictures`.

Runs the demonstration on a county of its own in `build/pictures`, follows `docs/tutorial.md` in a real browser, press
by press, and writes what it sees into `docs/pictures`, at the width of a telephone and of a desk. It fails where the
tutorial would: on a button that is not there, a page that sticks out sideways, a script or a style refused.

The same county each time; what differs from run to run is the time of day, links and codes. A finished demonstration
can be used once more with `--home`, while nobody has played its story.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, Route

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]  # the tests' browser takes them

from tests.support.browser import Browser, chromium_path, overflows  # noqa: E402
from tests.support.served_demo import Served, press, served, sign_in  # noqa: E402
from tests.support.small_png import smaller  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
#: CSS pixels: a telephone and a desk, and how much of a long page is shown.
WIDTHS = {390: 1500, 1280: 1200}


_PATIENCE_SECONDS = 120
_MONTHS = "January February March April May June July August September October November December".split()

#: What the reader answers, by page: in the words of questions and answers. One page only says what to do now.
_ANSWERS: dict[str, dict[str, str]] = {
    "who-answers": {"Are you answering for yourself?": "Yes, for myself"},
    "how-you-are": {
        "Are you short of breath today?": "Yes, even when I sit still",
        "Do you have pain in your chest today?": "No",
        "How do you feel, compared with yesterday?": "About the same",
    },
    "do-this-now": {},
    "things-you-need": {
        "Do you have enough food at home?": "No, none left",
        "Do you have enough of your medicines?": "Yes, or I take none",
        "Do you need help with other things at home, such as heating, washing or a bill?": "No, I am fine",
    },
    "company-and-home": {
        "How often do you feel lonely?": "Hardly ever",
        "Are things all right for you at home?": "Yes",
    },
}


@dataclass
class Camera:
    """Takes one page at both widths. taken: the names so far."""

    browser: Browser
    taken: list[str]

    def take(self, page: Page, name: str, *, at: str = "") -> None:
        """Write a page's pictures, from the top or from the first element `at` finds."""
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 844})
            page.mouse.move(0, 0)
            top = max(page.locator(at).first.bounding_box()["y"] - 24, 0) if at else 0  # type: ignore[index]
            if sticking := overflows(page):
                raise SystemExit(f"{name} at {width}: sticks out sideways: {sticking}")
            whole = page.screenshot(full_page=True)
            picture = smaller(whole, browser=self.browser, top=int(top), height=height)
            (PICTURES / f"{name}-{width}.png").write_bytes(picture)
        page.set_viewport_size({"width": 1280, "height": 844})
        self.taken.append(name)
        print(f"· {name}", flush=True)


def walk(*, browser: Browser, site: Served, camera: Camera) -> None:
    """Walk the tutorial from its first page to its last."""
    follow = _still(browser, f"{site.door}follow")
    camera.take(follow, "follow")
    name = follow.locator("p strong").first.inner_text()
    if name not in (ROOT / "docs" / "tutorial.md").read_text():
        print(f"! the resident to follow is now {name}: say so in docs/tutorial.md")
    place = follow.locator("dd").nth(2).inner_text()
    entry = follow.get_by_role("link", name="for clinicians").first.get_attribute("href")
    codes = _still(browser, site.door)
    camera.take(codes, "who-to-be")
    codes.context.close()
    _clinician(browser, site, camera, name=name, place=place, entry=str(entry))
    resident = _answer(browser, follow, camera)
    _caller(browser, site, camera, name=name)
    partner = _accept(browser, site, camera, name=name)
    _see_what_is_done(resident, follow, camera)
    _bring(partner)
    _say_it_helped(browser, follow, camera)
    _office(browser, site, camera)
    follow.reload()
    camera.take(follow, "story", at="h3:has-text('What happened')")


def _still(browser: Browser, address: str) -> Page:
    """Open a page for visitors without its loading itself anew, which would run across what is done here."""
    page = browser.page_at(1280)

    def without_refresh(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('http-equiv="refresh"', ""))

    page.route(address, without_refresh)
    page.goto(address)
    return page


def _newest_text(follow: Page, words: str) -> Locator:
    """Wait for a text with these words to be the newest on the first telephone."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while words not in follow.locator(".texts li").first.inner_text():
        if time.monotonic() > deadline:
            raise SystemExit(f"no text came that says {words!r}")
        follow.wait_for_timeout(2_000)
        follow.reload()
    return follow.locator(".texts li").first


def _clinician(browser: Browser, site: Served, camera: Camera, *, name: str, place: str, entry: str) -> None:
    page = sign_in(browser, site, "helen.archer@icb.example.org", look=camera.take)
    camera.take(page, "where-to-go")
    press(page, "Clinicians")
    camera.take(page, "lists")
    press(page, f"COVID Protect, {place}")
    camera.take(page, "list")
    page.goto(entry)
    if page.get_by_role("heading", level=1).inner_text() != ", ".join(reversed(name.rsplit(" ", 1))):
        raise SystemExit(f"{page.url} is not about {name}: {page.inner_text('main')[:200]}")
    camera.take(page, "why")
    page.context.close()


def _open_newest_text(browser: Browser, follow: Page) -> Page:
    follow.reload()
    link = follow.locator(".texts a").first.get_attribute("href")
    day, month, year = follow.locator("dd").first.inner_text().split()
    page = browser.page_at(390)
    page.goto(str(link))
    page.get_by_label("Day").fill(day)
    page.get_by_label("Month").fill(str(_MONTHS.index(month) + 1))
    page.get_by_label("Year").fill(year)
    return page


def _answer(browser: Browser, follow: Page, camera: Camera) -> Page:
    page = _open_newest_text(browser, follow)
    camera.take(page, "born")
    press(page, "Continue")
    for name, answers in _ANSWERS.items():
        for question, answer in answers.items():
            page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
        camera.take(page, name)
        press(page, "Continue" if page.get_by_role("button", name="Continue").count() else "Go on")
    camera.take(page, "check-answers")
    press(page, "Send my answers")
    camera.take(page, "sent")
    return page


def _caller(browser: Browser, site: Served, camera: Camera, *, name: str) -> None:
    page = sign_in(browser, site, "maria.lewis@library.example.org")
    camera.take(page, "calls-today")
    press(page, "Next call")
    if name.casefold() not in page.inner_text("h1").casefold():
        raise SystemExit(f"the next call is not to {name}")
    camera.take(page, "call")
    camera.take(page, "call-ends", at="#settle")
    page.get_by_label("What is being done?").fill("An ambulance is on its way.")
    press(page, "They have rung 999")
    page.context.close()


def _accept(browser: Browser, site: Served, camera: Camera, *, name: str) -> Page:
    page = sign_in(browser, site, "parcels@foodhub.example.org")
    camera.take(page, "inbox")
    press(page, "Food: ref")
    if name in page.inner_text("main"):
        raise SystemExit("the partner is told who it is before accepting")
    camera.take(page, "offer")
    press(page, "Accept: we will do this")
    if name not in page.inner_text("main"):
        raise SystemExit("the partner is not told who it is after accepting")
    camera.take(page, "accepted")
    return page


def _see_what_is_done(page: Page, follow: Page, camera: Camera) -> None:
    press(page, "See what is being done for you")
    camera.take(page, "ask-for-code")
    press(page, "Text me a code")
    follow.reload()
    code = re.search(r"\b\d{6}\b", _newest_text(follow, "code").inner_text())
    page.get_by_label("Your code").fill(code.group() if code else "")
    press(page, "Show me")
    camera.take(page, "what-is-done")
    press(page, "Sign out")
    page.context.close()


def _bring(page: Page) -> None:
    page.get_by_label("Helped", exact=True).check()
    press(page, "It is done")
    page.context.close()


def _say_it_helped(browser: Browser, follow: Page, camera: Camera) -> None:
    follow.reload()
    _newest_text(follow, "Did you get the help")
    page = _open_newest_text(browser, follow)
    press(page, "Continue")
    page.get_by_label("Yes, I got it").check()
    camera.take(page, "did-it-help")
    press(page, "Continue")
    page.context.close()


def _office(browser: Browser, site: Served, camera: Camera) -> None:
    page = sign_in(browser, site, "grace.okafor@icb.example.org")
    camera.take(page, "funnel")
    press(page, "Programmes")
    camera.take(page, "programmes")
    press(page, "Version 1")
    camera.take(page, "programme")
    page.context.close()
    page = sign_in(browser, site, "ian.mercer@icb.example.org")
    press(page, "Who looked")
    camera.take(page, "who-looked")
    page.context.close()


def main() -> None:
    """Take every picture anew; remove those no longer taken."""
    parser = argparse.ArgumentParser(description="Take the pictures of the tutorial.")
    parser.add_argument("--home", type=Path, help="a finished demonstration to use, instead of a new one")
    parser.add_argument("--people", type=int, default=500)
    asked = parser.parse_args()
    if chromium_path() is None:
        raise SystemExit("no Chromium here: install chromium, or set WHERRY_CHROMIUM to its path")
    PICTURES.mkdir(parents=True, exist_ok=True)
    home = asked.home or _fresh_home()
    with served(home, asked.people) as site, Browser() as browser:
        camera = Camera(browser, [])
        walk(browser=browser, site=site, camera=camera)
        complaints = [one for one in browser.complaints if "favicon" not in one]
    for old in PICTURES.glob("*.png"):
        if old.stem.rsplit("-", 1)[0] not in camera.taken:
            old.unlink()
    size = sum(one.stat().st_size for one in PICTURES.glob("*.png"))
    print(f"{len(camera.taken)} pages at {len(WIDTHS)} widths, {size / 1e6:.1f} MB, in {PICTURES}")
    if complaints:
        raise SystemExit("the browser complained: " + "; ".join(complaints))


def _fresh_home() -> Path:
    from wherry.database.cluster import Cluster

    home = ROOT / "build" / "pictures"
    Cluster(home).erase()
    shutil.rmtree(home, ignore_errors=True)
    return home


if __name__ == "__main__":
    main()
