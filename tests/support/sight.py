"""What somebody sees of the real tables, in their own context and database role."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from tests.support.roles import as_role
from wherry.cases.models import Case, Occurrence
from wherry.checkin.models import Answered, Draft, HelpReply, Response
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER, Actor
from wherry.outreach.models import Attempt
from wherry.people.models import ContactPointRow, Person, WishRow
from wherry.referrals.models import CallToAction
from wherry.review.models import Entry, EntryReason
from wherry.triage.models import Decision, Need, RedFlag

OF_A_CASE: tuple[type[models.Model], ...] = (
    Case,
    Person,
    ContactPointRow,
    WishRow,
    Occurrence,
    Answered,
    Decision,
    Need,
    RedFlag,
    Attempt,
    CallToAction,
    HelpReply,
)
CLINICAL = (Entry, EntryReason)
WHOLE_CASE_ROLES = (
    "supervisor",
    "clinician",
    "programme_lead",
    "analyst",
    "information_governance",
    "clinical_safety",
)
DAY = dt.timedelta(days=1)


def seen_by(actor: Actor, *kinds: type[models.Model]) -> dict[str, int]:
    """What the staff sites' database role sees as this actor, by table; nothing listed, nothing seen."""
    with as_role("web"), acting_as(actor):
        counted = {kind.__name__: kind._base_manager.count() for kind in kinds}
    return {name: many for name, many in counted.items() if many}


def seen_by_link(actor: Actor) -> dict[str, int]:
    with as_role("web_person"), acting_as(actor):
        counted = {
            kind.__name__: kind._base_manager.count()
            for kind in (Case, Person, WishRow, Occurrence, Response, HelpReply, Draft)
        }
    return {name: many for name, many in counted.items() if many}


def change(kind: type[models.Model], pk: Any, **values: object) -> None:
    with acting_as(WORKER):
        assert kind._base_manager.filter(pk=pk).update(**values) == 1
