"""Join partners: the organisations of the newest partner directory, entered as those who may take part."""

from __future__ import annotations

import datetime as dt

from wherry.feeds.queries import entries as landed_entries
from wherry.foundation.actors import Actor
from wherry.organisations.actions import register_organisation
from wherry.organisations.types import OrganisationKind
from wherry.population.store import Store

#: The directory's words for kinds of organisation, and ours.
_KINDS = {
    "board": OrganisationKind.HEALTH_BOARD,
    "practice": OrganisationKind.GP_PRACTICE,
    "council": OrganisationKind.COUNCIL,
    "pharmacy": OrganisationKind.PHARMACY,
    "charity": OrganisationKind.CHARITY,
    "employer": OrganisationKind.EMPLOYER,
}


def register_from_directory(*, by: Actor, store: Store, now: dt.datetime) -> int:
    """Enter every organisation the newest landed directory names. Returns how many. Safe to repeat."""
    rows = {row["organisation_code"]: row for row in landed_entries(store=store, contract="partner_directory")}
    for code, row in sorted(rows.items()):
        register_organisation(
            by=by, code=code, name=row["name"], kind=_KINDS[row["kind"]], place=row["place"] or "", now=now
        )
    return len(rows)
