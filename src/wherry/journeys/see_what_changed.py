"""See what changed: the newest run over the population beside the one before, for whoever oversees the programme."""

from __future__ import annotations

import datetime as dt

from wherry.audit.actions import record
from wherry.evaluation.queries import places_overseen
from wherry.foundation.actors import Actor
from wherry.journeys.agree_the_list import store
from wherry.journeys.programme_in_force import worked_by
from wherry.population import ledger
from wherry.risk.difference.latest import Latest, latest
from wherry.risk.evidence.kept import of_what


def what_changed(*, by: Actor, programme: str, now: dt.datetime) -> dict[str, Latest | None]:
    """
    Give for each place an actor oversees the newest run beside the one before; None where there is none before.

    The look is recorded, and noted in the store's ledger where a run was read. In counts: nobody is named.
    """
    central = worked_by(programme=programme).programme
    found = {
        place: latest(store=store(), of=of_what(worked_by(programme=programme, place=place).files), place=place)
        for place in places_overseen(asked_by=by, programme=programme, places=central.places, now=now)
    }
    runs = [each.after for each in found.values() if each]
    record(by=by, did="run.looked_at", subject="run", subject_ids=runs, now=now)
    if runs:
        ledger.record(store(), by=by.id, did="compare_runs", about={"after": runs}, at=now)
    return found
