"""Guessing does not pay: counts hold across processes and restarts, and whoever must wait is told so (H-08)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.support.county_of_one import county_of_one, link_to
from wherry.cases.actions import open_occurrence
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.organisations.types import GUESSED, Guess

WRONG_BORN = {"born-day": "1", "born-month": "1", "born-year": "1940"}

_GUESSER = """
import os, sys
import django
from django.conf import settings
import wherry.config.settings as ours
ours.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.test import RequestFactory
from wherry.foundation.actors import Actor, Kind
from wherry.organisations.errors import TooManyTries
from wherry.organisations.types import Guess
from wherry.web.components.limits import one_try
request, let_through = RequestFactory().get("/"), 0
for _ in range(int(sys.argv[2])):
    try:
        with one_try(request=request, by=Actor(kind=Kind.SIGN_IN, id="sign_in"), guess=Guess.CODE, account="same"):
            let_through += 1
    except TooManyTries:
        pass
print(let_through)
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_together_get_no_more_guesses_than_one() -> None:
    environment = os.environ | {
        "WHERRY_HOME": str(settings.HOME),
        "WHERRY_DATABASE_ROLE": "web",
        "DJANGO_SETTINGS_MODULE": "wherry.config.settings",
        "PYTHONPATH": "src",
    }
    command = [sys.executable, "-c", _GUESSER, str(connection.settings_dict["NAME"]), "20"]
    root = Path(__file__).parents[2]
    guessers = [
        subprocess.Popen(command, env=environment, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    let_through = [int(one.communicate(timeout=60)[0]) for one in guessers]
    assert sum(let_through) == GUESSED[Guess.CODE].per_account
    # And a third, started after both have ended, finds the count where they left it.
    late = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, timeout=60, check=True)
    assert late.stdout.strip() == "0"


@pytest.mark.django_db
def test_one_address_guesses_at_few_links_before_it_waits() -> None:
    county = county_of_one()
    tokens = []
    with acting_as(WORKER):
        now = app_now()
        for number in range(2, 16):
            occurrence = open_occurrence(by=WORKER, case=county.case, number=number, now=now)
            tokens.append(link_to(occurrence=occurrence, now=now)[1])
    limit = GUESSED[Guess.BIRTH_DATE].per_address
    answers = [Client().post(f"/c/{tokens[n % len(tokens)]}", WRONG_BORN) for n in range(limit + 1)]

    assert {one.status_code for one in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1]["Retry-After"]) <= GUESSED[Guess.BIRTH_DATE].window.total_seconds()
    page = answers[-1].content.decode()
    assert "Try once more in 15 min." in page
    assert "Ring the number in our letter or text" in page
    elsewhere = Client(REMOTE_ADDR="198.51.100.7").post(f"/c/{tokens[0]}", WRONG_BORN)
    assert elsewhere.status_code == 200, "others are not made to wait"
