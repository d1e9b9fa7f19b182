"""Reaching residents for real: the clock of the database, more residents, the gateway process, jobs run or lost."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.conf import settings
from django.db import connection

from tests.support.county_of_one import County, details
from wherry.cases.actions import open_case, open_occurrence
from wherry.cases.models import Occurrence
from wherry.cases.types import Door
from wherry.database.context import acting_as, app_now
from wherry.database.secrets import secret
from wherry.foundation.actors import WORKER
from wherry.journeys import jobs, reach_out
from wherry.nonprod.gateway.launcher import running
from wherry.outreach.models import Attempt
from wherry.people.actions import admit
from wherry.people.types import ContactKind, ContactPoint

#: Monday morning, inside every step's hours.
MORNING = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


def set_clock(moment: dt.datetime) -> None:
    """Put the application's clock at a moment, as only the schema's owner may."""
    with connection.cursor() as cursor:
        cursor.execute("update app_clock set ahead = %s::timestamptz - transaction_timestamp()", [moment])


def wind_on(by: dt.timedelta) -> None:
    """Move the application's clock on."""
    with connection.cursor() as cursor:
        cursor.execute("update app_clock set ahead = ahead + %s", [by])


def reset_clock() -> None:
    """Let the application's clock show the wall's time again."""
    with connection.cursor() as cursor:
        cursor.execute("update app_clock set ahead = interval '0'")


def end_quarantines() -> None:
    """Let every quarantine have ended a second ago, as if the wall clock had gone on."""
    with acting_as(WORKER):
        Attempt.objects.filter(quarantined_until__isnull=False).update(
            quarantined_until=dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        )


def one_more(*, county: County, number: int, **known: Any) -> Occurrence:
    """Give the county one more resident with a case, a check-in and a mobile number of their own."""
    with acting_as(WORKER):
        now = app_now()
        mobile = ContactPoint(ContactKind.MOBILE, f"+4477009{number:05d}", "gp_register", now.date())
        known = {"population_id": f"invented-more-{number}", "contact_points": (mobile,), **known}
        case = open_case(
            by=WORKER,
            person=admit(by=WORKER, details=details(today=now.date(), **known), now=now),
            audience=county.audience,
            category="shielded",
            tier=1,
            door=Door.SIGNED_LIST,
            opened_from=None,
            owner_team=county.team,
            now=now,
        )
        return open_occurrence(by=WORKER, case=case, number=1, now=now)


def intended(occurrence: Occurrence) -> Attempt:
    """Decide the contacts due now; gives what is intended for this occurrence."""
    reach_out.decide_contacts()
    with acting_as(WORKER):
        return Attempt.objects.get(occurrence=occurrence, state="intended")


def attempt_now(attempt: Attempt) -> Attempt:
    """Read an attempt again."""
    with acting_as(WORKER):
        return Attempt.objects.get(pk=attempt.pk)


def states_of(occurrence: Occurrence) -> dict[str, str]:
    """Give step → state of every attempt of an occurrence."""
    with acting_as(WORKER):
        return dict(Attempt.objects.filter(occurrence=occurrence).values_list("step", "state"))


def lose_jobs() -> int:
    """Lose every job that waits, as a worker killed with the job in hand does. Returns how many were lost."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_events")
        cursor.execute("delete from procrastinate_jobs")
        return int(cursor.rowcount)


def run_jobs() -> int:
    """Run every job that waits, oldest first, until none is left. Returns how many were run."""
    done = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute("select id, task_name, args ->> 'about' from procrastinate_jobs order by id limit 1")
            found = cursor.fetchone()
            if found is None:
                return done
            cursor.execute("delete from procrastinate_events where job_id = %s", [found[0]])
            cursor.execute("delete from procrastinate_jobs where id = %s", [found[0]])
        getattr(jobs, found[1])(found[2])
        done += 1


@dataclass(frozen=True)
class Gateway:
    """The real sandbox gateway's desk: its faults, and what it has taken."""

    http: httpx.Client

    def misbehave(self, **profile: Any) -> None:
        """Set the fault profile; without one, behave."""
        assert self.http.put("/faults", json=profile).status_code == 200

    def messages(self, reference: UUID) -> list[dict[str, Any]]:
        """List what was taken under a reference."""
        found = self.http.get("/messages", params={"reference": str(reference)}).json()["messages"]
        return list(found)

    def inbox(self, to: str) -> list[dict[str, Any]]:
        """List what reached an address."""
        return list(self.http.get("/inbox", params={"to": to}).json()["messages"])

    def taken(self) -> dict[str, int]:
        """Count what was taken, by reference."""
        return dict(self.http.get("/counts").json()["by_reference"])


@pytest.fixture(scope="session")
def gateway_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run one gateway for the session, with this installation's own token."""
    folder: Path = tmp_path_factory.mktemp("gateway")
    (folder / "token").write_text(secret(settings.HOME, "gateway_token"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2] / "src"))
        with running(data=folder / "data", token_file=folder / "token") as address:
            yield address


@pytest.fixture
def gateway(gateway_address: str, settings: Any) -> Iterator[Gateway]:
    """Point the application at the gateway, which behaves until told otherwise."""
    settings.GATEWAY_URL = gateway_address
    headers = {"Authorization": f"Bearer {secret(settings.HOME, 'gateway_token')}"}
    with httpx.Client(base_url=gateway_address, headers=headers, trust_env=False) as http:
        desk = Gateway(http)
        desk.misbehave()
        yield desk
        desk.misbehave()


class Provider:
    """A provider in memory for tests of many short lives: it answers as it is told, and remembers what it took."""

    def __init__(self) -> None:
        self.took: list[tuple[str, str, str]] = []
        self.next_fault: BaseException | None = None
        self.is_taken_before_fault = False

    def __enter__(self) -> Provider:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def hand_off(self, *, reference: str, to: str, body: str, **more: Any) -> str:
        """Take a message, or fail as told: before or after taking it."""
        fault, self.next_fault = self.next_fault, None
        if fault is None or self.is_taken_before_fault:
            self.took.append((reference, to, body))
        if fault is not None:
            raise fault
        return str(uuid.uuid4())

    def find(self, *, reference: str) -> list[str]:
        """List what was taken under a reference."""
        return [f"id-{place}" for place, taken in enumerate(self.took) if taken[0] == reference]


@contextmanager
def undone() -> Iterator[None]:
    """Do something in a transaction that is rolled back at its end."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)
