"""Every address is expected something of, and takes no form without its token."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.safety.expected_answers import PERSON, ROLES, WITHOUT_A_FORM
from tests.support.addresses import EXPECTED, address, ask, routes, thing
from tests.support.places_and_people import a_side
from tests.support.roles import as_role
from tests.support.two_boards import World

pytestmark = pytest.mark.django_db


def test_every_route_is_in_the_table_of_expected_answers_and_no_other() -> None:
    assert set(routes()) == set(EXPECTED)


def test_both_sites_together_are_every_address_there_is() -> None:
    sites = [get_resolver(f"wherry.config.urls_{site}").url_patterns for site in ("person", "staff")]
    assert len(get_resolver("wherry.config.urls_all").url_patterns) == sum(map(len, sites))


def test_the_table_speaks_of_every_role() -> None:
    assert set(ROLES) == set(a_side(code="icb", place="norwich").staff)


def test_no_form_is_taken_without_its_token(person_site: None, world: World) -> None:
    ours = world.sides[0]
    clients = {"web": ours.client("clinician")} | {"web_person": Client()}
    for name, route in EXPECTED.items():
        if name in WITHOUT_A_FORM or route.post.otherwise == 405:
            continue
        role = "web_person" if name in PERSON else "web"
        client = Client(enforce_csrf_checks=True)
        client.cookies = clients[role].cookies
        named = (ours.token if name in PERSON else thing(world, ours, "caller", route.about)) if route.about else ""
        with as_role(role):
            assert ask(client, "post", address(name, route.about, named), {}).status_code == 403, name
