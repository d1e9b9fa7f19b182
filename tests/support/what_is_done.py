"""Somebody who answered, and the code that shows them what is being done."""

from __future__ import annotations

import datetime as dt
import re

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.support.county_of_one import County, recognised
from tests.support.reach import lose_jobs, wind_on
from tests.support.roles import as_role
from wherry.checkin.links import code_for
from wherry.checkin.models import CodeAsked
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys import take_checkin
from wherry.journeys.message_words import link_key
from wherry.web.person.links import holder_of

HERE = "/what-is-done"


def answered(county: County) -> Client:
    """A resident who answered just now, with food running out, and is back at their link."""
    by = holder_of(token=county.token)
    with acting_as(by):
        take_checkin.take_answers(
            by=by,
            invitation=county.invitation,
            answers={"breathless": "no", "chest_pain": "no", "safe_at_home": "yes", "food": "two_days_or_less"},
            answered_by="self",
            now=app_now(),
        )
    take_checkin.triage_what_was_left()
    lose_jobs()
    return recognised(client=Client(), county=county)


def newest() -> CodeAsked:
    with acting_as(WORKER):
        return CodeAsked.objects.latest("asked_at")


def the_code() -> str:
    return code_for(asked_id=newest().pk, key=link_key())


def sees(browser: Client) -> bool:
    with as_role("web_person"):
        return "How far it is" in browser.get(HERE).content.decode()


def post(browser: Client, **fields: str) -> HttpResponse:
    with as_role("web_person"):
        return browser.post(HERE, fields)


def with_code(county: County, hours_later: int = 0) -> Client:
    """Somebody in whose browser a code was right, so long after they answered."""
    browser = answered(county)
    wind_on(dt.timedelta(hours=hours_later))
    assert post(browser, do="send").status_code == 302
    assert post(browser, do="code", code=the_code()).status_code == 302
    return browser


def words_shown(browser: Client) -> str:
    """The page as it is read: without the proof of its forms, which differs each time."""
    with as_role("web_person"):
        page = browser.get(HERE).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def lose_number(sql: str) -> None:
    with connection.cursor() as cursor, acting_as(WORKER):
        cursor.execute(sql)
