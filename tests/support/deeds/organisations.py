"""The deeds of organisations: how each is done here; and what writes nothing down, with why that is right."""

from __future__ import annotations

from tests.support.deeds.kinds import Deed
from wherry.foundation.actors import WORKER
from wherry.organisations import actions as organisations
from wherry.organisations.types import OrganisationKind, Role

DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "organisations.register_organisation": lambda s, n: organisations.register_organisation(
        by=WORKER, code="new", name="New", kind=OrganisationKind.CHARITY, now=n
    ),
    "organisations.form_team": lambda s, n: organisations.form_team(
        by=WORKER, code="new", name="New", organisation=s.lead, now=n
    ),
    "organisations.engage_staff": lambda s, n: organisations.engage_staff(
        by=WORKER, email="new@example.test", name="New", password="x", now=n
    ),
    "organisations.give_role": lambda s, n: organisations.give_role(
        by=WORKER, staff=s.staff["caller"], organisation=s.partner, role=Role.PARTNER, now=n
    ),
}
