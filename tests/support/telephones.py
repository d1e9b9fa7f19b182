"""The telephones of invented staff: an authenticator that shows one code after another."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings

from wherry.database.context import acting_as, app_now
from wherry.database.secrets import secret
from wherry.organisations.credentials import enrol
from wherry.organisations.models import Staff
from wherry.organisations.second_factor import code_at, new_secret, step_at
from wherry.web.sign_in.sessions import SIGN_IN


class Telephone:
    """An authenticator. Each code it gives is one half minute later than the one before, from one early on."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self._last = 0

    def next_code(self) -> str:
        """Give the oldest code the site still takes and that this telephone has not shown."""
        here = step_at(now=dt.datetime.now(dt.UTC))
        self._last = max(self._last + 1, here - 1)
        return code_at(secret=self.secret, step=self._last)


def enrolled(staff: Staff) -> Telephone:
    """Set up somebody's telephone, as their first sign-in does."""
    telephone = Telephone(new_secret())
    key = secret(Path(settings.HOME), "second_factor_key")
    with acting_as(SIGN_IN):
        enrol(by=SIGN_IN, staff_id=staff.pk, secret=telephone.secret, step=0, key=key, now=app_now())
    return telephone
