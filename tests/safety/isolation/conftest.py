"""Two boards, and the person site as it is served."""

from __future__ import annotations

import pytest

from tests.support.two_boards import World, world_of_two


@pytest.fixture
def world() -> World:
    return world_of_two()


@pytest.fixture
def person_site(settings: object) -> None:
    """The person site keeps its sessions in a signed cookie, since its database role has no table for them."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
