"""A call on the support team's site: claimed, its forms filled, its clock wound on."""

from __future__ import annotations

import datetime as dt
import re

from django.db import connection
from django.test import Client

from tests.support.county_of_one import County, a_task
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.triage.models import RedFlag
from wherry.worklist.models import Task

JSON = {"HTTP_ACCEPT": "application/json"}


def claim(client: Client) -> str:
    address = client.post("/support/next")["Location"]
    assert address.startswith("/support/task/"), address
    return str(address)


def version_in(page: str) -> str:
    found = re.search(r'name="version"[^>]*? value="([^"]*)"', page)
    assert found
    return found.group(1)


def form_at(client: Client, address: str, **more: str) -> dict[str, str]:
    return {"version": version_in(client.get(address).content.decode()), **more}


def stored(task: Task) -> Task:
    with acting_as(WORKER):
        return Task.objects.get(pk=task.pk)


def a_red_flag(county: County) -> Task:
    """Somebody says on a page that they cannot breathe, and the flag has its task."""
    with acting_as(WORKER):
        now, about = app_now(), {"case_id": county.case.pk, "audience_id": county.case.audience_id}
        flag = RedFlag.objects.create(
            **about, occurrence=county.occurrence, flag="x", rule="x", say="Ring 999 now.", raised_at=now
        )
    made = a_task(county=county, kind="red_flag", about_id=flag.pk)
    with acting_as(WORKER):
        made.change(priority=0)
    return made


def minutes(number: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update app_clock set ahead = ahead + %s", [dt.timedelta(minutes=number)])
