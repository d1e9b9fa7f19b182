"""What tests of journeys share."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from wherry.database.context import app_now
from wherry.journeys import follow_the_store


@pytest.fixture(autouse=True)
def later_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker's turns be a minute apart: within a test's one transaction the clock stands still."""
    turns = itertools.count(1)
    monkeypatch.setattr(follow_the_store, "app_now", lambda: app_now() + next(turns) * dt.timedelta(minutes=1))
