"""A fresh installation, with nothing in force: every page anybody can open says something kind, and none breaks."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from tests.support.addresses import routes
from tests.support.county_of_one import county_of_one, signed_in
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.journeys import agree_the_list, programme_in_force
from wherry.sign_off.models import ProgrammeVersion

pytestmark = pytest.mark.django_db
SITES = "wherry.config.urls_all"


@pytest.fixture
def nothing_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme_in_force, "_last_known", [()])
    with acting_as(WORKER):
        ProgrammeVersion.objects.update(state="draft", in_force_at=None, share=0)
    programme_in_force.look_again()


def addresses() -> list[str]:
    found = []
    for name in routes():
        try:
            found.append(reverse(name, urlconf=SITES))
        except NoReverseMatch:
            continue  # of one thing, and there is none
    return sorted(found)


@pytest.mark.parametrize("role", ["", "caller", "supervisor", "clinician", "partner", "programme_lead", "analyst"])
def test_every_page_opens_where_nothing_is_in_force(role: str, request: pytest.FixtureRequest) -> None:
    county = county_of_one()
    request.getfixturevalue("nothing_in_force")
    with override_settings(ROOT_URLCONF=SITES):
        client = Client(raise_request_exception=False)
        if role:
            signed_in(client=client, staff=county.staff[role])
        asked = {where: client.get(where).status_code for where in addresses()}

    assert {where: code for where, code in asked.items() if code >= 500} == {}
    assert sum(code == 200 for code in asked.values()) > 1


def test_the_link_of_a_check_in_opens_kindly_and_nobody_is_asked(request: pytest.FixtureRequest) -> None:
    county = county_of_one()
    request.getfixturevalue("nothing_in_force")
    with override_settings(ROOT_URLCONF=SITES):
        code = Client(raise_request_exception=False).get(f"/c/{county.token}").status_code

    assert code < 500
    assert agree_the_list.open_next_check_ins(programmes=["covid_protect"]) == 0
