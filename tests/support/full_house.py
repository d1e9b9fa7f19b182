"""
A care plane as full as the main job leaves it: so many cases with their check-ins, contacts, answers, needs, tasks,
calls to action, a list under review and the record of it all. Written in bulk, as the worker, under row security.

For what a page costs when much lies behind it: figures in, not stories. Every number follows from the row's own.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.lists import PROGRAMME, County, county
from wherry.audit.models import Event
from wherry.audit.rules import row_hash
from wherry.cases.models import Case, Occurrence
from wherry.checkin.models import Invitation, Response
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.outreach.models import Attempt
from wherry.people.models import ContactPointRow, Person
from wherry.population import Store, ledger
from wherry.referrals.models import CallToAction
from wherry.review.models import AtRiskList, Entry, EntryReason
from wherry.triage.models import Decision, Need, RedFlag
from wherry.worklist.models import Task

OCCURRENCES = 3
STATES = ("reached",) * 6 + ("in_cadence",) * 2 + ("exhausted", "declined")
TASK_KINDS = ("check_in_call", "need", "did_it_help", "exhausted", "red_flag")
LANGUAGES = ("en", "en", "en", "pl", "lt")


def full_house(*, cases: int = 1_000, events: int = 20_000) -> County:
    """Make a county and fill it. cases: people with one; events: rows of the record, a third of them looks."""
    here = county()
    with acting_as(WORKER):
        about = _cases(here, cases)
        occurrences = _occurrences(here, about)
        _attempts(here, occurrences)
        answered = _answers(here, [one for number, one in enumerate(occurrences) if number % 2])
        _calls(here, _needs(here, answered))
        _tasks(here, occurrences)
        _signed_list(here, cases)
        _list(here, cases)
        _events(here, about, events)
    return here


def landed_feeds(home: Path, *, names: Sequence[str], deliveries: int = 10) -> None:
    """Write the manifests and the ledger of so many deliveries under each contract, as landing leaves them."""
    store = Store(home / "store")
    for number in range(deliveries * len(names)):
        folder = store.path / "batches" / f"b{number:04}"
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps(_manifest(number, names[number % len(names)])))
        about = {"contract": names[number % len(names)], "batch_id": f"b{number:04}", "rows_in": 9_412}
        at = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC) + dt.timedelta(hours=number)
        ledger.record(store, by="loader", did="receive_feed", about=about, at=at)


def _manifest(number: int, contract: str) -> dict[str, object]:
    return {
        "batch_id": f"b{number:04}",
        "contract": contract,
        "sequence": number,
        "extracted_on": str(dt.date(2026, 3, 1) + dt.timedelta(days=number % 20)),
        "received_at": f"2026-03-{2 + number % 20:02}T08:00:00+00:00",
        "by": "loader",
        "files": {f"{contract}_{number}.csv": "0" * 64},
        "freshness_days": 7,
        "counts": {"rows_in": 9_412, "accepted": 9_404, "quarantined": 0, "duplicate": 8},
        "quarantine": [
            {"rule": f"r{rule}", "column": "c", "words": f"A reason numbered {rule}", "rows": 3, "examples": []}
            for rule in range(8)
        ],
        "warnings": [],
    }


def _of(case: Case) -> dict[str, Any]:
    return {"case": case, "audience_id": case.audience_id}


def _cases(here: County, many: int) -> list[Case]:
    people = [
        Person(
            population_id=f"full-{number:06}",
            given_name=f"Given{number}",
            family_name="Featherstonehaugh-Wolfeschlegelsteinhausen" if number % 50 == 0 else f"Family{number}",
            birth_date=dt.date(1930, 1, 1) + dt.timedelta(days=number * 7 % 15_000),
            language=LANGUAGES[number % 5],
            sex=("female", "male")[number % 2],
            address=f"{number} High Street, NR99 1AA",
            place="norwich",
            imd_decile=1 + number % 10,
            household_key=f"h{number}",
            is_synthetic=True,
        )
        for number in range(many)
    ]
    Person.objects.bulk_create(people, batch_size=500)
    ContactPointRow.objects.bulk_create(
        [
            ContactPointRow(
                person=person,
                kind="mobile",
                value=f"+447700{number:06}",
                source="gp_register",
                recorded_on=here.now.date(),
            )
            for number, person in enumerate(people)
        ],
        batch_size=500,
    )
    cases = [
        Case(
            person=person,
            programme=PROGRAMME,
            place="norwich",
            audience=here.audience,
            lead_organisation=here.organisations["icb"],
            category=("shielded", "high", "social")[number % 3],
            tier=1 + number % 3,
            door="signed_list",
            opened_at=here.now - dt.timedelta(days=9, minutes=number),
            state=STATES[number % 10],
            owner_team=here.team,
        )
        for number, person in enumerate(people)
    ]
    return Case.objects.bulk_create(cases, batch_size=500)


def _occurrences(here: County, cases: list[Case]) -> list[Occurrence]:
    made = [
        Occurrence(
            **_of(case),
            number=turn + 1,
            opened_at=here.now - dt.timedelta(days=OCCURRENCES - turn),
            look_again_at=here.now,
            state="reached" if turn < OCCURRENCES - 1 else case.state,
            owner_team=here.team,
        )
        for case in cases
        for turn in range(OCCURRENCES)
    ]
    return Occurrence.objects.bulk_create(made, batch_size=500)


def _attempts(here: County, occurrences: list[Occurrence]) -> None:
    made = []
    for number, occurrence in enumerate(occurrences):
        for step, channel in enumerate(("sms", "letter")[: 1 + number % 2]):
            made.append(
                Attempt(
                    **_of(occurrence.case),
                    occurrence=occurrence,
                    step=f"step_{step}",
                    channel=channel,
                    message="invitation",
                    language="en",
                    reference=uuid.uuid4(),
                    state="in_doubt" if number % 400 == 0 else "delivered",
                    quarantined_until=here.now if number % 400 == 0 else None,
                    intended_at=occurrence.opened_at,
                    attempted_at=occurrence.opened_at + dt.timedelta(minutes=number % 3_000),
                )
            )
    Attempt.objects.bulk_create(made, batch_size=500)
    links = [
        Invitation(
            **_of(occurrence.case),
            occurrence=occurrence,
            about_id=occurrence.pk,
            person_id=occurrence.case.person_id,
            token_sha256=f"{number:064}",
            definition_hash="sha256:0",
            language="en",
            made_at=occurrence.opened_at,
            expires_at=here.now + dt.timedelta(days=28),
            opened_at=here.now if number % 2 else None,
        )
        for number, occurrence in enumerate(occurrences)
    ]
    Invitation.objects.bulk_create(links, batch_size=500)


def _answers(here: County, occurrences: list[Occurrence]) -> list[Decision]:
    responses = [
        Response(
            **_of(occurrence.case),
            occurrence=occurrence,
            channel=("web", "phone")[number % 2],
            answers={"food": "none", "anything_else": "An answer in somebody's own words " * 3},
            language="en",
            answered_by="self",
            submitted_at=occurrence.opened_at + dt.timedelta(hours=number % 40),
            definition_hash="sha256:0",
            idempotency_key=uuid.uuid4(),
        )
        for number, occurrence in enumerate(occurrences)
    ]
    Response.objects.bulk_create(responses, batch_size=500)
    decisions = [
        Decision(
            **_of(one.case), response=one, urgency="today", definition_hash="sha256:0", decided_at=one.submitted_at
        )
        for one in responses
    ]
    Decision.objects.bulk_create(decisions, batch_size=500)
    flags = [
        RedFlag(
            **_of(one.case),
            decision=one,
            occurrence_id=one.response.occurrence_id,
            flag=("breathless_at_rest", "chest_pain")[number % 2],
            rule="r1",
            say="Ring 999",
            raised_at=one.decided_at,
            acknowledged_by="" if number % 9 == 0 else "x",
            acknowledged_at=None if number % 9 == 0 else one.decided_at + dt.timedelta(minutes=number % 20),
        )
        for number, one in enumerate(decisions[::25])
    ]
    RedFlag.objects.bulk_create(flags)
    return decisions


def _needs(here: County, decisions: list[Decision]) -> list[Need]:
    kinds = ("food", "medicines", "loneliness", "money")
    needs = [
        Need(
            **_of(one.case),
            decision=one,
            kind=kinds[number % 4],
            urgency=("today", "soon", "routine")[number % 3],
            rule="r2",
            words="No food in the house",
            state="open" if number % 8 == 0 else "referred",
        )
        for number, one in enumerate(decisions[::3])
    ]
    return Need.objects.bulk_create(needs, batch_size=500)


def _calls(here: County, needs: list[Need]) -> None:
    states = ("offered", "accepted", "done", "confirmed", "declined")
    made = []
    for number, need in enumerate(one for one in needs if one.state == "referred"):
        state = states[number % 5]
        is_done = state in ("done", "confirmed")
        made.append(
            CallToAction(
                **_of(need.case),
                need=need,
                service="food_parcel",
                partner=here.organisations[("food_hub", "mind_line")[number % 2]],
                shared={"name": "Somebody", "telephone": "+447700900001", "language": "pl", "need_words": need.words},
                urgency=need.urgency,
                state=state,
                offered_at=here.now - dt.timedelta(hours=number % 60),
                clock_ends_at=here.now + dt.timedelta(hours=24 - number % 60),
                accepted_at=None if state in ("offered", "declined") else here.now - dt.timedelta(hours=1),
                decline_reason="no_capacity" if state == "declined" else "",
                outcome="delivered" if is_done else "",
                done_at=here.now if is_done else None,
                closed_at=here.now if state in ("confirmed", "declined") else None,
            )
        )
    CallToAction.objects.bulk_create(made, batch_size=500)


def _tasks(here: County, occurrences: list[Occurrence]) -> None:
    """Two tasks a case, a quarter of them open; the calls come first, about an occurrence as the call page expects."""
    latest = occurrences[OCCURRENCES - 1 :: OCCURRENCES]
    made = []
    for number, occurrence in enumerate(latest * 2):
        kind = TASK_KINDS[(number + number // len(latest)) % 5]
        opened = here.now - dt.timedelta(hours=number % 300)
        is_open = number % 4 == 0 and kind != "red_flag"
        made.append(
            Task(
                **_of(occurrence.case),
                kind=kind,
                team=here.team,
                about_id=occurrence.pk if kind in ("check_in_call", "exhausted") else uuid.uuid4(),
                priority=0 if kind == "check_in_call" else 10 + number % 50,
                opened_at=opened,
                not_before=opened,
                due_at=opened + dt.timedelta(hours=48),
                state="open" if is_open else "done",
                done_at=None if is_open else opened + dt.timedelta(hours=number % 30),
            )
        )
    Task.objects.bulk_create(made, batch_size=500)


def _signed_list(here: County, cases: int) -> None:
    AtRiskList.objects.create(
        programme=PROGRAMME,
        place="norwich",
        audience=here.audience,
        definition_hash="sha256:0",
        run_hash=uuid.uuid4().hex,
        as_of=here.now.date(),
        made_at=here.now,
        state="signed",
        signed_by="x",
        signed_at=here.now,
        signed_hash="sha256:0",
        proposed=cases + cases // 10,
        added=cases // 50,
        removed=cases // 20,
    )


def _list(here: County, many: int) -> None:
    at_risk = AtRiskList.objects.create(
        programme=PROGRAMME,
        place="norwich",
        audience=here.audience,
        definition_hash="sha256:0",
        run_hash=uuid.uuid4().hex,
        as_of=here.now.date(),
        made_at=here.now,
        proposed=many,
    )
    entries = [
        Entry(
            audience_id=here.audience.pk,
            at_risk_list=at_risk,
            population_id=f"listed-{number:06}",
            given_name=f"Given{number}",
            family_name=f"Family{number}",
            birth_date=dt.date(1930, 1, 1) + dt.timedelta(days=number),
            nhs_number="9990000018",
            practice_code=f"D82{number % 20:03}",
            category=("shielded", "high", "social")[number % 3],
            tier=1 + number % 3,
            score=10,
            origin="stratified",
            verdict="removed" if number % 20 == 0 else "kept",
            verdict_reason="in a hospice" if number % 20 == 0 else "",
            decided_by="x" if number % 20 == 0 else "",
            decided_at=here.now if number % 20 == 0 else None,
        )
        for number in range(many)
    ]
    Entry.objects.bulk_create(entries, batch_size=500)
    reasons = [
        EntryReason(
            entry=entry,
            audience_id=entry.audience_id,
            criterion=f"c{turn}",
            words="Severe chronic obstructive pulmonary disease",
            code="195951007",
            date=dt.date(2019, 5, 1),
            source="gp_events",
            data_as_of=dt.date(2026, 2, 27),
        )
        for entry in entries
        for turn in range(3)
    ]
    EntryReason.objects.bulk_create(reasons, batch_size=1_000)


def _events(here: County, cases: list[Case], many: int) -> None:
    callers = ("caller", "supervisor", "clinician", "other_clinician")
    made = []
    for number in range(many):
        case = cases[number % len(cases)]
        is_look = number % 3 == 0
        who = callers[number % 4]
        event: dict[str, object] = {
            "id": uuid.uuid4(),
            "at": here.now - dt.timedelta(minutes=number),
            "actor_kind": "staff" if is_look else "worker",
            "actor_id": str(here.staff[who].pk) if is_look else "worker",
            "organisation_ids": [here.organisations["icb"].pk] if is_look else [],
            "purpose": "support" if is_look else "",
            "did": "person.seen" if is_look else "contact.delivered",
            "subject": "person" if is_look else "attempt",
            "subject_ids": [str(case.person_id if is_look else uuid.uuid4()), str(case.pk)],
            "detail": {},
        }
        made.append(Event(**event, row_hash=row_hash(event)))
    Event.objects.bulk_create(made, batch_size=1_000)
