"""Join partners: the organisations of the newest partner directory, and what each agreed to for a programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from wherry.feeds.queries import entries as landed_entries
from wherry.foundation.actors import Actor
from wherry.foundation.errors import InputWrong
from wherry.foundation.periods import start_of_day
from wherry.governance.actions import agree
from wherry.governance.definition.agreements import Agreement
from wherry.organisations.actions import register_organisation
from wherry.organisations.queries import names_of, organisation_by_code
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


def enter_agreements(*, by: Actor, programme: str, agreements: Sequence[Agreement], now: dt.datetime) -> None:
    """
    Enter what organisations agreed to, an agreement for each place it names. Safe to repeat.

    Whoever only sends looks at nobody here, so that nothing is entered for them. Raises InputWrong, before anything is
    entered, where one who takes part is in no partner directory.
    """
    taking_part = [one for one in agreements if one.takes_part]
    known = names_of(codes=(one.organisation for one in taking_part))
    unknown = sorted({one.organisation for one in taking_part} - known.keys())
    if unknown:
        raise InputWrong(f"no partner directory names {', '.join(unknown)}; add them to it, or correct agreements.yaml")
    for one in taking_part:
        organisation = organisation_by_code(code=one.organisation)
        for place in one.places or ("",):
            agree(
                by=by,
                organisation=organisation,
                programme=programme,
                purposes=one.takes_part,
                lawful_basis=one.basis,
                starts_at=start_of_day(one.period.starts_on),
                ends_at=start_of_day(one.period.ends_on + dt.timedelta(days=1)) if one.period.ends_on else None,
                signed_by=one.signed_by,
                place=place,
                now=now,
            )
