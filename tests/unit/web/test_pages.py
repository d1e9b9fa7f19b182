from __future__ import annotations

import re

import pytest

from tests.support.browser import Browser, axe_problems, overflows
from tests.unit.web.samples import SAMPLES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_page_passes_axe_and_fits_its_screen(browser: Browser, samples: str, name: str, width: int) -> None:
    browser.complaints.clear()
    page = browser.page_at(width)
    page.goto(f"{samples}/{name}.html")
    assert axe_problems(page) == []
    assert overflows(page) == []
    assert browser.complaints == []
    page.context.close()


def test_a_page_asks_no_other_host_for_anything(browser: Browser, samples: str) -> None:
    page = browser.page_at(390)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in SAMPLES:
        page.goto(f"{samples}/{name}.html")
    assert asked
    assert [url for url in asked if not url.startswith(samples)] == []
    page.context.close()


@pytest.mark.parametrize(("name", "said"), [("person-en", "Invented people"), ("person-pl", "Zmyślone osoby")])
def test_that_people_are_invented_is_said_in_the_readers_language(
    browser: Browser, samples: str, name: str, said: str
) -> None:
    page = browser.page_at(390)
    page.goto(f"{samples}/{name}.html")
    assert page.inner_text(".wherry-training").startswith(said)
    page.context.close()


def test_an_error_in_the_summary_leads_to_its_input_without_javascript(browser: Browser, samples: str) -> None:
    page = browser.page_at(390, scripts=False)
    page.goto(f"{samples}/person-pl.html")
    for target in page.locator(".nhsuk-error-summary__list a").all():
        assert page.locator(re.sub(r".*#", "#", str(target.get_attribute("href")))).count() == 1
    page.context.close()


def test_a_right_to_left_page_draws_its_circles_and_boxes_at_the_right(browser: Browser, samples: str) -> None:
    page = browser.page_at(390)
    page.goto(f"{samples}/person-ar.html")
    for kind in ("radios", "checkboxes"):
        label = f"getComputedStyle(document.querySelector('.nhsuk-{kind}__label'), '::before')"
        assert float(str(page.evaluate(f"{label}.right")).removesuffix("px")) < 10
    number = page.locator("main bdi").first
    assert number.inner_text() == "999 000 0018"
    assert number.evaluate("e => getComputedStyle(e).direction") == "ltr"
    page.context.close()


def test_the_script_runs_under_the_strict_policy(browser: Browser, samples: str) -> None:
    page = browser.page_at(390)
    page.goto(f"{samples}/person-en.html")
    page.wait_for_selector("body.nhsuk-frontend-supported")
    page.check("#help-3")
    assert not page.is_checked("#help")
    page.context.close()


def test_a_planted_fault_is_seen_by_each_check(browser: Browser) -> None:
    page = browser.page_at(320)
    page.set_content("<main><img src='data:,'><div style='width:600px;height:9px'></div></main>")
    assert any(problem.startswith("image-alt") for problem in axe_problems(page))
    assert "the page itself" in overflows(page)
    page.context.close()
