"""Every address of both sites, asked by every role of two organisations about its own, the other's and nothing."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from itertools import count

import pytest
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.safety.expected_answers import (
    FOREIGN,
    NO_SUCH_METHOD,
    NOT_YOURS,
    PERSON,
    ROLES,
    STAFF,
    TAKE_CALLS,
    TO_SIGN_IN,
    WITHOUT_A_FORM,
)
from tests.support.county_of_one import BORN, signed_in
from tests.support.places_and_people import QUICK_HASHES, Side, a_side, hold, two_sides
from tests.support.roles import as_role
from wherry.cases.actions import open_occurrence
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.governance.actions import agree
from wherry.organisations.actions import engage_staff
from wherry.organisations.models import Staff
from wherry.organisations.types import Purpose
from wherry.people.models import Report
from wherry.review.queries import hash_of_list
from wherry.triage.models import Need
from wherry.worklist.actions.opening import open_task
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
EXPECTED = STAFF | PERSON
WRONG_BORN = {"born-day": "1", "born-month": "1", "born-year": "1940"}
SECRET = "programme_of_"
KINDS = ("check_in_call", "did_it_help", "verify_identity", "need", "finished")
NUMBERS = count(10)


@dataclass(frozen=True)
class World:
    """Two sides; by (side, role, kind of task) the task somebody holds; by side the hash of its list."""

    sides: tuple[Side, Side]
    tasks: dict[tuple[str, str, str], Task]
    hashes: dict[str, str]


def routes() -> dict[str, URLPattern]:
    """Every address of both sites, by name, as the URL configuration has it."""

    def walk(resolver: URLResolver) -> Iterator[URLPattern]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from walk(one)
            else:
                yield one

    found = list(walk(get_resolver("wherry.config.urls_all")))
    assert all(one.name for one in found), "a route without a name cannot be expected anything of"
    assert len({one.name for one in found}) == len(found), "two routes share a name"
    return {str(one.name): one for one in found}


def test_every_route_is_in_the_table_of_expected_answers_and_no_other() -> None:
    assert set(routes()) == set(EXPECTED)


def test_both_sites_together_are_every_address_there_is() -> None:
    sites = [get_resolver(f"wherry.config.urls_{site}").url_patterns for site in ("person", "staff")]
    assert len(get_resolver("wherry.config.urls_all").url_patterns) == sum(map(len, sites))


def test_the_table_speaks_of_every_role() -> None:
    assert set(ROLES) == set(a_side(code="icb", place="norwich").staff)


# A world in which everybody holds something


@pytest.fixture
def world() -> World:
    sides = two_sides()
    tasks: dict[tuple[str, str, str], Task] = {}
    with acting_as(WORKER):
        now = app_now()
        for side in sides:
            agree(
                by=WORKER,
                organisation=side.lead,
                programme=f"{SECRET}{side.code}",
                purposes=[Purpose.OVERSIGHT],
                lawful_basis="invented",
                starts_at=now - dt.timedelta(days=1),
                ends_at=None,
                signed_by="x",
                now=now,
            )
            for role in TAKE_CALLS:
                for kind in KINDS:
                    tasks[side.code, role, kind] = _held(side, role, kind, now)
        hashes = {side.code: hash_of_list(list_id=side.at_risk_list.pk) for side in sides}
    return World(sides, tasks, hashes)


def _held(side: Side, role: str, kind: str, now: dt.datetime) -> Task:
    about = uuid.uuid4()
    if kind in ("check_in_call", "finished"):
        about = open_occurrence(by=WORKER, case=side.case, number=next(NUMBERS), now=now).pk
    elif kind == "verify_identity" and role != "clinician":
        told = {"caller": Report.Kind.NOT_ME, "supervisor": Report.Kind.DIED}[role]
        about = Report.objects.get_or_create(
            person=side.person, kind=told, defaults={"source": "link", "reported_at": now}
        )[0].pk
    elif kind == "need":
        about = _no_service_took(side, {"caller": "money", "supervisor": "care", "clinician": "loneliness"}[role]).pk
    task = open_task(
        by=WORKER,
        case=side.case,
        kind="check_in_call" if kind == "finished" else kind,
        about_id=about,
        team=side.team,
        priority=50,
        due_at=now + dt.timedelta(hours=4),
        now=now,
    )
    assert task is not None
    hold(task=task, staff=side.staff[role], now=now)
    if kind == "finished":
        task.change(state="done", done_at=now)
    return task


def _no_service_took(side: Side, kind: str) -> Need:
    of_case = {"case": side.case, "audience_id": side.case.audience_id}
    return Need.objects.create(
        **of_case, decision=side.decision, kind=kind, urgency="soon", rule="x", words="x", state="not_met"
    )


def thing(world: World, side: Side, role: str, about: str) -> str:
    """Name what an address is about on one side, as an address names it."""
    if about in KINDS:
        held_by = role if role in TAKE_CALLS else "caller"
        return str(world.tasks[side.code, held_by, about].pk)
    plain = {
        "list": side.at_risk_list.pk,
        "entry": side.entry.pk,
        "call": side.call.pk,
        "team_task": side.task.pk,
        "token": side.token,
        "caller": side.staff["caller"].pk,
        "programme": f"{SECRET}{side.code}",
    }
    return str(plain[about])


def address(name: str, about: str, named: str) -> str:
    """Write a route's address for what it names; what is in no path goes into the query."""
    converters = routes()[name].pattern.converters
    plain = {"link_id": "things_you_need", "said": "thanks_yes", "what": "stop"}
    values = {key: plain.get(key, named) for key in converters}
    if about == "programme":
        return f"{reverse(name)}?programme={named}"
    return reverse(name, kwargs=values)


def body_for(name: str, world: World, side: Side, named: str) -> dict[str, object]:
    """Write the form somebody would plausibly send; for another's thing it is just as plausible."""
    task = next((str(one.version) for one in world.tasks.values() if str(one.pk) == named), "2")
    in_a_day = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    in_a_year = {"review_on-day": "1", "review_on-month": "6", "review_on-year": "2199"}
    forms: dict[str, dict[str, object]] = {
        "sign_in": {"email": "caller@icb.example", "password": "not it"},
        "support_answers": {"key": str(uuid.uuid4()), "food": "none", "keep_in_touch": "yes"},
        "support_outcome": {"version": task, "outcome": "no_answer_machine"},
        "support_back": {"version": task, "why": "x"},
        "support_draft": {"food": "none", "save": "things_you_need"},
        "support_later": {"version": task, "when": f"{in_a_day:%Y-%m-%d}T12:00"},
        "support_over": {"version": task, "to": "supervisor", "note": "x"},
        "support_ringing_in": {"family_name": "Testperson"},
        "support_helped": {"helped": "yes"},
        "support_found": {"version": task, "came": "found", "words": "A neighbour"},
        "support_verified": {"resolution": "mistaken"},
        "clinicians_together": {
            "entry": f"{side.entry.pk}:{side.entry.version}",
            "do": "remove_ticked",
            "reason": "not_at_risk",
        },
        "clinicians_entry": {"version": str(side.entry.version), "reason": "not_at_risk"},
        "clinicians_add": {"nhs_number": "9990000026", "category": "shielded", "tier": "1", "reason": "new_diagnosis"},
        "clinicians_sign": {"seen_hash": world.hashes[side.code]},
        "partners_capacity": {"service": "food_parcel", "how": "usual"},
        "partners_call": {"version": str(side.call.version), "answer": "accept"},
        "office_decisions": {"what": "a", "why": "b", "risk_owner": "c", "can_be_undone": "yes", **in_a_year},
        "office_sending": {"change": "pause", "why": "a drill"},
        "person_home": {"code": side.token},
        "person_code": {"code": side.token},
        "person_progress": {"do": "ring"},
        "person_link": WRONG_BORN,
        "person_page": {"food": "none", "medicines": "enough", "essentials": "fine"},
    }
    return forms.get(name, {})


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, method: str, where: str, form: dict[str, object]) -> HttpResponse:
    """Ask, and forget that it was asked: the database and the browser's cookies are as before."""
    before = deepcopy(client.cookies)
    with undone():
        got = client.get(where) if method == "get" else client.post(where, form)
    client.cookies = before
    return got  # type: ignore[return-value]


def answer(response: HttpResponse, named: str) -> tuple[int, str, str]:
    """What somebody could tell two answers apart by, save what they asked for and tokens made anew each time."""
    said = response.content.decode()
    said = re.sub(r'(name="(?:csrfmiddlewaretoken|key)"[^>]*value=")[^"]*', r"\1", said)
    where = response.headers.get("Location", "")
    headers = {name: value for name, value in response.headers.items() if name not in ("Location", "Content-Length")}
    return response.status_code, said.replace(named, "…") + str(sorted(headers.items())), where.replace(named, "…")


def marks(side: Side) -> set[str]:
    """What only this side may be shown: its people's names and words, and every opaque id about them."""
    own = {str(one.pk) for one in vars(side).values() if isinstance(one, models.Model)}
    public = {str(side.lead.pk), str(side.partner.pk), str(side.team.pk), str(side.audience.pk)}
    spoken = {side.person.given_name, f"Said to {side.place}", f"A reason of {side.code}", side.token}
    return own - public | spoken


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
            if not route.about:
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


@pytest.fixture
def person_site(settings: object) -> None:
    """The person site keeps its sessions in a signed cookie, since its database role has no table for them."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]


def resident(side: Side) -> Client:
    client = Client()
    born = {"born-day": str(BORN.day), "born-month": str(BORN.month), "born-year": str(BORN.year)}
    assert client.post(f"/c/{side.token}", born).status_code == 302
    return client


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
