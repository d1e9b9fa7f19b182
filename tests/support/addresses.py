"""Asking every address of both sites: how each is written, what is sent to it, and what two answers differ by."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.safety.expected_answers import PERSON, STAFF, TAKE_CALLS
from tests.support.county_of_one import BORN
from tests.support.places_and_people import Side
from tests.support.two_boards import KINDS, SECRET, World

EXPECTED = STAFF | PERSON


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
        "version": world.draft.pk,
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


WRONG_BORN = {"born-day": "1", "born-month": "1", "born-year": "1940"}


def body_for(name: str, world: World, side: Side, named: str) -> dict[str, object]:
    """Write the form somebody would plausibly send; for another's thing it is just as plausible."""
    task = next((str(one.version) for one in world.tasks.values() if str(one.pk) == named), "2")
    about = next((str(one.about_id) for one in world.tasks.values() if str(one.pk) == named), named)
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
        "support_settled": {"version": task, "now": "rang_999", "flags": about},
        "support_read": {"version": task},
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
        "programmes_version": {"do": "comment", "words": "Who rings at night?"},
        "programmes_live": {"do": "stop", "why_stopped": "a drill"},
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


def resident(side: Side) -> Client:
    client = Client()
    born = {"born-day": str(BORN.day), "born-month": str(BORN.month), "born-year": str(BORN.year)}
    assert client.post(f"/c/{side.token}", born).status_code == 302
    return client
