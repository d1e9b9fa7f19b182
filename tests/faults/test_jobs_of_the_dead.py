"""A worker killed in the middle of a job leaves the job marked as being done: the next one does it."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from wherry.commands.worker import take_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def _held_by(worker: str) -> None:
    """Mark the one job as begun by a worker: the SQL that gives its id, or null."""
    with connection.cursor() as cursor:
        cursor.execute(f"update procrastinate_jobs set status = 'doing', worker_id = ({worker})")


def _take() -> None:
    async def once() -> None:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as jobs:
            async with jobs.open_async():
                await take_jobs(jobs)

    asyncio.run(once())


@pytest.mark.parametrize(
    ("worker", "left"),
    [("null", 0), ("select id from procrastinate_workers", 1)],
    ids=["a worker that is gone", "a worker that lives"],
)
def test_a_job_is_done_again_only_when_its_worker_is_dead(worker: str, left: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_workers")
        cursor.execute("insert into procrastinate_workers default values")
    app.configure_task("triage_response").defer(about=str(uuid.uuid4()))
    _held_by(worker)

    _take()

    assert ProcrastinateJob.objects.filter(status="doing").count() == left
