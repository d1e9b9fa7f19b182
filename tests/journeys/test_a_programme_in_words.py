"""The one page a lay reviewer reads: on a telephone, on a desk, without a server, by whatever they read with."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import WITHOUT_BROWSER, Browser, axe_problems, chromium_path, overflows
from wherry.foundation.content import content_folder
from wherry.journeys.read_programme import as_places_have_it
from wherry.journeys.show_programme import as_html, in_words
from wherry.programmes.files import load


@pytest.fixture
def window() -> Iterator[Browser]:
    """Open a browser that needs no site and no database."""
    if not chromium_path():
        pytest.skip(WITHOUT_BROWSER)
    with Browser() as opened:
        yield opened


def test_a_programme_in_words_is_readable_by_everybody(window: Browser, tmp_path: Path) -> None:
    files = load(content_folder("programmes") / "covid_protect")
    told = in_words(files=files, resolved=as_places_have_it(files=files), on=dt.date(2026, 2, 1))
    (tmp_path / "programme.html").write_text(as_html(told), encoding="utf-8")

    for width in (390, 1280):
        page = window.page_at(width)
        page.goto((tmp_path / "programme.html").as_uri())
        assert overflows(page) == []
        levels = page.eval_on_selector_all("h1, h2, h3, h4", "all => all.map(one => Number(one.tagName[1]))")
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert axe_problems(page) == []
    assert window.complaints == []
