"""Find people at risk: stratify the linked population for a place, and put the frozen run before clinicians."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import Actor
from wherry.governance.actions import audience_of
from wherry.journeys.programme_in_force import in_force
from wherry.organisations.queries import organisation_by_code
from wherry.people.details import PersonDetails
from wherry.people.from_store import details_of
from wherry.population.store import Store
from wherry.review.actions import make_list
from wherry.review.models import AtRiskList
from wherry.risk.actions import stratify
from wherry.risk.errors import NotToBeSigned
from wherry.risk.fitness import Acceptance
from wherry.risk.queries import missing_of, placed_in, run_of
from wherry.risk.types import Placed


def find(
    *,
    by: Actor,
    programme: str,
    place: str,
    store: Store,
    as_of: dt.date,
    out: Path,
    accepted: Acceptance | None = None,
) -> AtRiskList:
    """
    Stratify, freeze the run beside `out`, and make the list of those who live in a place.

    accepted: by whom and why feeds that are too old are. Raises FeedsTooOld, and NotToBeSigned where a canary is
    missing: the run is kept for whoever looks into it, and no clinician sees it. A canary is on no clinician's list.

    One person is on a list once, under their highest tier; every reason of every category comes along.
    """
    force = in_force(programme=programme, place=place)
    with acting_as(by):
        now = app_now()
    stratify(files=force.files, store=store, as_of=as_of, out=out, by=by.id, at=now, accepted=accepted)
    placed, run = placed_in(out=out), run_of(out=out)
    if not run["may_be_signed"]:
        raise NotToBeSigned
    canaries = {one["person_id"] for one in run["canaries"]}
    people = {
        one.population_id: one
        for one in details_of(store=store, person_ids={row.person_id for row in placed})
        if one.place == place and one.population_id not in canaries
    }
    missing = missing_of(files=force.files, store=store, as_of=as_of, person_ids=sorted(people))
    with acting_as(by):
        audience = audience_of(
            programme=programme,
            place=place,
            lead_organisation=organisation_by_code(code=force.programme.lead_organisation),
        )
        return make_list(
            by=by,
            audience=audience,
            definition_hash=force.files.hash,
            run_hash=str(run["run"]),
            as_of=as_of,
            entries=_entries(placed=placed, people=people, missing=missing),
            now=app_now(),
        )


def _entries(
    *, placed: tuple[Placed, ...], people: dict[str, PersonDetails], missing: dict[str, tuple[str, ...]]
) -> list[tuple[dict[str, object], list[dict[str, object]]]]:
    by_person: dict[str, list[Placed]] = {}
    for row in sorted(placed, key=lambda row: (row.person_id, row.tier, row.category)):
        if row.person_id in people:
            by_person.setdefault(row.person_id, []).append(row)
    return [
        ({**_ranked(people[who], rows[0]), "missing": list(missing[who])}, _reasons(rows))
        for who, rows in by_person.items()
    ]


def _ranked(details: PersonDetails, first: Placed) -> dict[str, object]:
    return {**columns_of(details=details, category=first.category, tier=int(first.tier)), "score": first.score}


def columns_of(*, details: PersonDetails, category: str, tier: int) -> dict[str, object]:
    """Give what an entry of a list holds of somebody: who they are, and where they stand."""
    return {
        "population_id": details.population_id,
        "given_name": details.given_name,
        "family_name": details.family_name,
        "birth_date": details.birth_date,
        "nhs_number": details.nhs_number,
        "practice_code": details.practice_code,
        "category": category,
        "tier": tier,
    }


def _reasons(rows: list[Placed]) -> list[dict[str, object]]:
    seen: dict[tuple[object, ...], dict[str, object]] = {}
    for row in rows:
        for reason in row.reasons:
            columns: dict[str, object] = {
                "criterion": reason.criterion,
                "words": reason.words,
                "code": reason.code or "",
                "date": reason.date,
                "value": "" if reason.value is None else str(reason.value),
                "source": reason.source or "",
                "data_as_of": reason.data_as_of,
            }
            seen.setdefault((reason.criterion, reason.code, reason.date), columns)
    return list(seen.values())
