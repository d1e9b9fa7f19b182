"""What journeys share: a browser beside the database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connections

from tests.support.browser import WITHOUT_BROWSER, Browser, chromium_path


@pytest.fixture
def _loop_beside_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser's own loop makes Django think it is asked from asynchronous code; it is not."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def browser(live_server: object, _loop_beside_database: None) -> Iterator[Browser]:
    """Open after the database is ready and closed before it is emptied: its loop may not stand around that."""
    if not chromium_path():
        pytest.skip(WITHOUT_BROWSER)
    with Browser() as opened:
        yield opened
        connections.close_all()  # those this test made beside the loop would outlive it unseen
