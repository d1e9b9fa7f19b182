"""What every test shares: a database of its own that starts only when a test asks for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.processes import forget_home
from tests.support.settings import HOME_OF_TESTS

if TYPE_CHECKING:
    from tests.support.reach import Provider


@pytest.fixture(scope="session")
def cluster() -> Iterator[object]:
    """Run a database server for this session: quick rather than crash-safe, in a folder that goes with it."""
    from wherry.database.cluster import Cluster

    running = Cluster(HOME_OF_TESTS, durable=False)
    running.ensure_running()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(cluster: object) -> None:
    """Start the server before Django makes its test database. Pure tests never come here."""


@pytest.fixture(autouse=True)
def programme_in_force(request: pytest.FixtureRequest) -> None:
    """Begin every test that has a database with covid_protect in force, read as it lies in the content folder."""
    has_database = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if not has_database and request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("_django_db_helper")
    from tests.support.in_force import put_in_force
    from wherry.database.context import acting_as
    from wherry.foundation.actors import WORKER

    with acting_as(WORKER):
        put_in_force()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    """A provider in memory, to whom every message is handed off."""
    from tests.support.reach import Provider
    from wherry.outreach import provider as configured

    taking = Provider()
    monkeypatch.setattr(configured, "client", lambda **known: taking)
    return taking


def pytest_unconfigure() -> None:
    """Take the session's folder away, and the private one its database may have needed."""
    forget_home(HOME_OF_TESTS)
    shutil.rmtree(HOME_OF_TESTS, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by their folder, and let the slow ones begin."""
    for item in items:
        folder = item.path.relative_to(config.rootpath).parts[1]
        if folder == "journeys":
            item.add_marker(pytest.mark.browser)
        if folder == "faults":
            item.add_marker(pytest.mark.faults)
    # The longest first: begun last, one of them would keep its share of the tests busy after the others have ended.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Find the browser the journeys drive. Without one they skip, save in CI, where that is a failure."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    if os.environ.get("CI") == "true":
        pytest.fail("no chromium: CI must run the browser journeys")
    pytest.skip("no chromium: this journey needs a browser (as root, `make test` installs one)")
