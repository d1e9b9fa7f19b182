"""The telephones of invented staff: an authenticator that shows one code after another."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from wherry.database.context import acting_as, app_now, wall_now
from wherry.database.secrets import secret
from wherry.organisations.credentials import enrol
from wherry.organisations.models import Staff
from wherry.organisations.second_factor import code_at, new_secret, step_at
from wherry.web.sign_in.sessions import SIGN_IN


class Telephone:
    """An authenticator whose owner waits for the next code where this one has been shown."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self._last = 0

    def next_code(self) -> str:
        """Give the code of now, or of the half minute after it, which the site takes too, or wait until it does."""
        self._last = max(self._last + 1, step_at(now=_the_sites_now()))
        while self._last > step_at(now=_the_sites_now()) + 1:
            time.sleep(0.5)
        return code_at(secret=self.secret, step=self._last)


def _the_sites_now() -> dt.datetime:
    # A test in one transaction has the site's time stand still in it, however slow the machine.
    return wall_now() if connection.in_atomic_block else dt.datetime.now(dt.UTC)


def enrolled(staff: Staff) -> Telephone:
    """Set up somebody's telephone, as their first sign-in does."""
    telephone = Telephone(new_secret())
    key = secret(Path(settings.HOME), "second_factor_key")
    with acting_as(SIGN_IN):
        enrol(by=SIGN_IN, staff_id=staff.pk, secret=telephone.secret, step=0, key=key, now=app_now())
    return telephone
