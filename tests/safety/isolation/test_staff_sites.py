"""Every address of the staff sites, asked by every role of two boards about its own, the other's and nothing."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.safety.expected_answers import EVERYBODYS, FOREIGN, NO_SUCH_METHOD, NOT_YOURS, ROLES, STAFF, TO_SIGN_IN
from tests.support.addresses import address, answer, ask, body_for, marks, thing
from tests.support.county_of_one import signed_in
from tests.support.places_and_people import QUICK_HASHES, Side
from tests.support.roles import as_role
from tests.support.two_boards import KINDS, World
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.organisations.actions import engage_staff
from wherry.organisations.models import Staff

pytestmark = pytest.mark.django_db


def staff_clients(side: Side) -> dict[str, Client]:
    return {role: side.client(role) for role in ROLES}


@pytest.mark.parametrize("which", [0, 1])
def test_each_role_gets_the_expected_answer_about_its_own_and_nothing_of_the_others(which: int, world: World) -> None:
    ours, theirs = world.sides[which], world.sides[1 - which]
    wrong: list[str] = []
    for who, client in {**staff_clients(ours), "nobody": Client()}.items():
        for name, route in STAFF.items():
            named = thing(world, ours, who, route.about) if route.about else ""
            where = reverse(name) if route.about == "programme" else address(name, route.about, named)
            for method in ("get", "post"):
                form = body_for(name, world, ours, named)
                with as_role("web"):
                    got = ask(client, method, where, form)
                expected = getattr(route, method).to(who)
                if got.status_code != expected:
                    wrong.append(f"{method} {name} as {who}: {got.status_code}, expected {expected}")
                wrong += [f"{name} shows {who} {mark}" for mark in marks(theirs) if mark in got.content.decode()]
    assert wrong == []


@pytest.mark.parametrize("which", [0, 1])
def test_anothers_thing_is_answered_exactly_as_one_that_does_not_exist(which: int, world: World) -> None:
    ours, theirs = world.sides[which], world.sides[1 - which]
    wrong: list[str] = []
    asked = 0
    for who, client in {**staff_clients(ours), "nobody": Client()}.items():
        for name, route in STAFF.items():
            if not route.about or route.about in EVERYBODYS:
                continue
            absent = "no_such_programme" if route.about == "programme" else str(uuid.uuid4())
            others = [thing(world, theirs, who, route.about)]
            if route.about in KINDS:  # a colleague's call is as far away as a stranger's
                others.append(thing(world, ours, "supervisor" if who == "caller" else "caller", route.about))
            for method in (one for one in ("get", "post") if getattr(route, one) != NO_SUCH_METHOD):
                with as_role("web"):
                    for other in others:
                        told = answer(
                            ask(
                                client, method, address(name, route.about, other), body_for(name, world, theirs, other)
                            ),
                            other,
                        )
                        never = answer(
                            ask(
                                client,
                                method,
                                address(name, route.about, absent),
                                body_for(name, world, theirs, absent),
                            ),
                            absent,
                        )
                        asked += 1
                        expected = getattr(route, method).to(who)
                        expected = FOREIGN if expected == 200 or (expected == 302 and who != "nobody") else expected
                        if told != never or told[0] not in (expected, FOREIGN):
                            wrong.append(f"{method} {name} as {who}: {told[0]}, absent {never[0]}, expected {expected}")
    assert wrong == []
    assert asked > 300


def test_a_foreign_entry_ticked_on_ones_own_list_is_answered_as_an_absent_one(world: World) -> None:
    ours, theirs = world.sides
    clinician = ours.client("clinician")
    where = reverse("clinicians_together", args=[ours.at_risk_list.pk])
    form = {"do": "remove_ticked", "reason": "not_at_risk"}
    with as_role("web"):
        told, never = (
            answer(ask(clinician, "post", where, {"entry": f"{pk}:1", **form}), str(pk))
            for pk in (theirs.entry.pk, uuid.uuid4())
        )
    assert told == never
    assert told[0] == FOREIGN


def test_somebody_who_has_left_or_never_had_a_role_gets_no_page(world: World) -> None:
    with acting_as(WORKER), QUICK_HASHES:
        nobody = engage_staff(by=WORKER, email="new@example.test", name="New", password="x", now=app_now())
        left = world.sides[0].staff["supervisor"]
        Staff.objects.filter(pk=left.pk).update(is_active=False)
    # Whoever has left is not even signed in any more.
    for somebody, refused in ((nobody, NOT_YOURS), (left, TO_SIGN_IN)):
        client = signed_in(client=Client(), staff=somebody)
        for name, route in STAFF.items():
            if route.get.otherwise != 403 or route.about in ("programme",):
                continue
            named = thing(world, world.sides[0], "supervisor", route.about) if route.about else ""
            with as_role("web"):
                assert ask(client, "get", address(name, route.about, named), {}).status_code == refused, name
