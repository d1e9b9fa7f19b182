"""The kinds of organisation, and the roles a member of staff may hold in one."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass


class OrganisationKind(enum.StrEnum):
    HEALTH_BOARD = "health_board"
    COUNCIL = "council"
    GP_PRACTICE = "gp_practice"
    PHARMACY = "pharmacy"
    CHARITY = "charity"
    EMPLOYER = "employer"


class Role(enum.StrEnum):
    CALLER = "caller"
    SUPERVISOR = "supervisor"
    CLINICIAN = "clinician"
    PARTNER = "partner"
    PROGRAMME_LEAD = "programme_lead"
    ANALYST = "analyst"
    INFORMATION_GOVERNANCE = "information_governance"
    CLINICAL_SAFETY = "clinical_safety"


class Purpose(enum.StrEnum):
    """Why somebody looks. A session has one; an agreement lists those it covers."""

    SUPPORT = "support"
    CARE = "care"
    DELIVERY = "delivery"
    OVERSIGHT = "oversight"


#: The purpose a role works for. Somebody with two roles chooses one at sign-in.
PURPOSE_OF_ROLE = {
    Role.CALLER: Purpose.SUPPORT,
    Role.SUPERVISOR: Purpose.SUPPORT,
    Role.CLINICIAN: Purpose.CARE,
    Role.PARTNER: Purpose.DELIVERY,
    Role.PROGRAMME_LEAD: Purpose.OVERSIGHT,
    Role.ANALYST: Purpose.OVERSIGHT,
    Role.INFORMATION_GOVERNANCE: Purpose.OVERSIGHT,
    Role.CLINICAL_SAFETY: Purpose.OVERSIGHT,
}


class Guess(enum.StrEnum):
    """What somebody may guess at."""

    PASSWORD = "password"  # noqa: S105 - what is guessed at, not one
    CODE = "code"
    BIRTH_DATE = "birth_date"
    ONE_TIME_CODE = "one_time_code"
    LETTER_CODE = "letter_code"


@dataclass(frozen=True)
class GuessLimit:
    """How many wrong tries within a window are looked at, before the next has to wait."""

    per_account: int
    per_address: int
    window: dt.timedelta


#: An address is often a whole office, a library or a mobile network's gate; a link has its own five tries besides.
GUESSED = {
    Guess.PASSWORD: GuessLimit(per_account=10, per_address=50, window=dt.timedelta(minutes=15)),
    Guess.CODE: GuessLimit(per_account=5, per_address=50, window=dt.timedelta(minutes=15)),
    Guess.BIRTH_DATE: GuessLimit(per_account=10, per_address=60, window=dt.timedelta(minutes=15)),
    # Nothing is looked up for a letter's code: every one typed counts, a right one too (decisions/0015).
    Guess.LETTER_CODE: GuessLimit(per_account=60, per_address=60, window=dt.timedelta(minutes=15)),
    # A code has its own five tries besides, and a day its three codes.
    Guess.ONE_TIME_CODE: GuessLimit(per_account=15, per_address=60, window=dt.timedelta(minutes=15)),
}
