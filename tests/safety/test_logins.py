"""A login can be only what it is for, whatever the context of its transaction says (H-16)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.support.county_of_one import county_of_one
from wherry.database.cluster import connection_parameters

TABLES = ("people_person", "people_contact_point", "cases_case", "checkin_response", "organisations_staff")
PRETENCES = {"web_person": ("worker", "console", "staff", "sign_in"), "web": ("worker", "console", "link", "gateway")}


@pytest.fixture
def somebody(transactional_db: None) -> Iterator[None]:
    county_of_one()
    yield


@pytest.mark.parametrize("login", PRETENCES)
def test_a_site_that_calls_itself_something_else_sees_nobody(somebody: None, login: str) -> None:
    database = str(connection.settings_dict["NAME"])
    with psycopg.connect(**connection_parameters(settings.HOME, login, database)) as opened:
        for kind in PRETENCES[login]:
            context = {"kind": kind, "id": kind, "organisations": [], "roles": [], "purpose": "", "token": ""}
            opened.execute("select set_config('app.ctx', %s, true)", [json.dumps(context)])
            for table in TABLES:
                with opened.transaction(force_rollback=True):
                    try:
                        found = opened.execute(f"select count(*) from {table}").fetchone()
                    except psycopg.errors.InsufficientPrivilege:
                        continue
                assert found == (0,), (kind, table)


def test_the_worker_itself_sees_them(somebody: None) -> None:
    database = str(connection.settings_dict["NAME"])
    with psycopg.connect(**connection_parameters(settings.HOME, "worker", database)) as opened:
        opened.execute("select set_config('app.ctx', %s, true)", [json.dumps({"kind": "worker", "id": "worker"})])
        assert opened.execute("select count(*) from people_person").fetchone() == (1,)
