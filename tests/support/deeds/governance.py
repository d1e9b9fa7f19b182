"""The deeds of governance: how each is done here; and what writes nothing down, with why that is right."""

from __future__ import annotations

import datetime as dt

from tests.support.deeds.kinds import HOUR, Deed, by_lead
from wherry.foundation.actors import WORKER
from wherry.governance import actions as governance

DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "governance.agree": lambda s, n: governance.agree(
        by=WORKER,
        organisation=s.lead,
        programme="x",
        purposes=["care"],
        lawful_basis="x",
        starts_at=n,
        ends_at=None,
        signed_by="x",
        now=n,
    ),
    "governance.end_agreement": lambda s, n: governance.end_agreement(
        by=WORKER, agreement=s.agreements["partner"], ends_at=n + HOUR, now=n
    ),
    "governance.record_decision": by_lead(
        governance.record_decision,
        programme="covid_protect",
        what="a",
        why="b",
        risk_owner="c",
        review_on=dt.date(2199, 1, 1),
    ),
}
NO_DEED = {
    "governance.audience_of": "derived, not decided",
}
