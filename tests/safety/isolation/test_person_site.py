"""Every address of the person site, asked with a link that lives, one that is dead and none."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.safety.expected_answers import PERSON
from tests.support.addresses import WRONG_BORN, address, answer, ask, body_for, marks, resident, undone
from tests.support.roles import as_role
from tests.support.two_boards import World
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER

pytestmark = pytest.mark.django_db


def test_each_visitor_of_the_person_site_gets_the_expected_answer(
    person_site: None, world: World, settings: object
) -> None:
    settings.ROOT_URLCONF = "wherry.config.urls_person"  # type: ignore[attr-defined]
    ours, theirs = world.sides
    wrong: list[str] = []
    with as_role("web_person"):
        for who, fresh in (("nobody", Client), ("resident", lambda: resident(ours))):
            for name, route in PERSON.items():
                for method in ("get", "post"):
                    form = body_for(name, world, ours, ours.token)
                    with undone():
                        got = ask(fresh(), method, address(name, route.about, ours.token), form)
                    expected = getattr(route, method).to(who)
                    if got.status_code != expected:
                        wrong.append(f"{method} {name} as {who}: {got.status_code}, expected {expected}")
                    shown = got.content.decode()
                    hidden = (marks(theirs) | marks(ours)) - {ours.token}
                    wrong += [f"{name} shows {who} {mark}" for mark in hidden if mark in shown]
    assert wrong == []


def test_a_live_link_a_dead_one_and_none_at_all_are_answered_alike(person_site: None, world: World) -> None:
    ours, theirs = world.sides
    with acting_as(WORKER):
        theirs.invitation.change(state="revoked")
    with as_role("web_person"):
        for name in ("person_link", "person_door_of_link"):
            for method in ("get", "post"):
                told = [
                    answer(ask(Client(), method, address(name, "token", token), WRONG_BORN), token)
                    for token in (ours.token, theirs.token, "A" * len(ours.token))
                ]
                assert told[0] == told[1] == told[2], f"{method} {name}"


def test_looking_changes_nothing(person_site: None, world: World) -> None:
    """Scanners open every link, some of them fifty times."""
    ours = world.sides[0]
    with as_role("web_person"):
        for _ in range(5):
            for name in ("person_code", "person_link", "person_door_of_link", "person_verify", "person_told"):
                for method in ("get", "head"):
                    where = address(name, PERSON[name].about, ours.token)
                    getattr(Client(), method)(where)
    with acting_as(WORKER):
        before = (ours.invitation.version, ours.invitation.state, ours.invitation.tries)
        ours.invitation.refresh_from_db()
        assert (ours.invitation.version, ours.invitation.state, ours.invitation.tries) == before
