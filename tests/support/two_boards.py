"""Two boards at work: in each, everybody holds every kind of task there is."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from itertools import count

from tests.safety.expected_answers import TAKE_CALLS
from tests.support.drafts import a_version
from tests.support.places_and_people import Side, hold, two_sides
from wherry.cases.actions import open_occurrence
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.governance.actions import agree
from wherry.organisations.types import Purpose
from wherry.people.models import Report
from wherry.review.queries import hash_of_list
from wherry.sign_off.models import ProgrammeVersion
from wherry.triage.models import Need, RedFlag
from wherry.worklist.actions.opening import open_task
from wherry.worklist.models import Task

SECRET = "programme_of_"
KINDS = ("check_in_call", "did_it_help", "verify_identity", "need", "red_flag", "read_words", "finished")
NUMBERS = count(10)


@dataclass(frozen=True)
class World:
    """Two sides; by (side, role, kind of task) the task somebody holds; by side the hash of its list; a draft."""

    sides: tuple[Side, Side]
    tasks: dict[tuple[str, str, str], Task]
    hashes: dict[str, str]
    draft: ProgrammeVersion


def world_of_two() -> World:
    """Let both boards be at work."""
    sides = two_sides()
    tasks: dict[tuple[str, str, str], Task] = {}
    with acting_as(WORKER):
        now = app_now()
        for side in sides:
            agree(
                by=WORKER,
                organisation=side.lead,
                programme=f"{SECRET}{side.code}",
                purposes=[Purpose.OVERSIGHT],
                lawful_basis="invented",
                starts_at=now - dt.timedelta(days=1),
                ends_at=None,
                signed_by="x",
                now=now,
            )
            for role in TAKE_CALLS:
                for kind in KINDS:
                    tasks[side.code, role, kind] = _held(side, role, kind, now)
        hashes = {side.code: hash_of_list(list_id=side.at_risk_list.pk) for side in sides}
    return World(sides, tasks, hashes, a_version(now=now))


def _held(side: Side, role: str, kind: str, now: dt.datetime) -> Task:
    about = uuid.uuid4()
    if kind in ("check_in_call", "finished"):
        about = open_occurrence(by=WORKER, case=side.case, number=next(NUMBERS), now=now).pk
    elif kind == "verify_identity" and role != "clinician":
        told = {"caller": Report.Kind.NOT_ME, "supervisor": Report.Kind.DIED}[role]
        about = Report.objects.get_or_create(
            person=side.person, kind=told, defaults={"source": "link", "reported_at": now}
        )[0].pk
    elif kind == "need":
        about = _no_service_took(side, {"caller": "money", "supervisor": "care", "clinician": "loneliness"}[role]).pk
    elif kind == "red_flag":
        about = _a_red_flag(side, now).pk
    task = open_task(
        by=WORKER,
        case=side.case,
        kind="check_in_call" if kind == "finished" else kind,
        about_id=about,
        team=side.team,
        priority=50,
        due_at=now + dt.timedelta(hours=4),
        now=now,
    )
    assert task is not None
    hold(task=task, staff=side.staff[role], now=now)
    if kind == "finished":
        task.change(state="done", done_at=now)
    return task


def _a_red_flag(side: Side, now: dt.datetime) -> RedFlag:
    occurrence = open_occurrence(by=WORKER, case=side.case, number=next(NUMBERS), now=now)
    of_case = {"case": side.case, "audience_id": side.case.audience_id}
    return RedFlag.objects.create(
        **of_case, occurrence=occurrence, flag="chest_pain", rule="chest_pain", say="Ring 999", raised_at=now
    )


def _no_service_took(side: Side, kind: str) -> Need:
    of_case = {"case": side.case, "audience_id": side.case.audience_id}
    return Need.objects.create(
        **of_case, decision=side.decision, kind=kind, urgency="soon", rule="x", words="x", state="not_met"
    )
