"""A worker killed in the middle of a job leaves the job marked as being done: the next one does it."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from wherry.commands.worker import put_back_what_the_dead_held

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def _held_by(worker: str) -> None:
    """Mark the one job as begun by a worker: the SQL that gives its id, or null."""
    with connection.cursor() as cursor:
        cursor.execute(f"update procrastinate_jobs set status = 'doing', worker_id = ({worker})")


def _put_back() -> None:
    async def once() -> None:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as jobs:
            async with jobs.open_async():
                await put_back_what_the_dead_held(jobs)

    asyncio.run(once())


@pytest.mark.parametrize(
    ("worker", "status"),
    [("null", "todo"), ("select id from procrastinate_workers", "doing")],
    ids=["a worker that is gone", "a worker that lives"],
)
def test_a_job_is_taken_again_only_when_its_worker_is_dead(worker: str, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
        cursor.execute("delete from procrastinate_workers")
        cursor.execute("insert into procrastinate_workers default values")
    app.configure_task("triage_response").defer(about=str(uuid.uuid4()))
    _held_by(worker)

    _put_back()

    assert ProcrastinateJob.objects.get().status == status
