"""Who takes part in the demonstration: organisations as their directory says, teams, staff and agreements."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from wherry.database.context import acting_as, app_now
from wherry.database.secrets import secret
from wherry.foundation.actors import Actor
from wherry.governance.definition.agreements import Agreement
from wherry.journeys.join_partners import enter_agreements, register_from_directory
from wherry.organisations.actions import engage_staff, form_team, give_role
from wherry.organisations.models import Organisation, Staff, Team
from wherry.organisations.second_factor import STEP_SECONDS, code_at, seal, step_at
from wherry.organisations.types import Role
from wherry.population.store import Store


@dataclass(frozen=True)
class Persona:
    """Somebody who signs in."""

    email: str
    name: str
    organisation: str
    role: str


def _content() -> dict[str, Any]:
    return dict(yaml.safe_load((Path(__file__).parent / "personas.yaml").read_text(encoding="utf-8")))


def personas(*, role: str = "") -> list[Persona]:
    """List the personas, those of one role if one is named."""
    listed = [Persona(one["email"], one["name"], one["organisation"], one["role"]) for one in _content()["staff"]]
    return [one for one in listed if role in ("", one.role)]


def authenticator(*, home: Path, email: str) -> str:
    """Give the secret of a persona's authenticator, made from a secret of the home: anybody who holds it has all."""
    key = secret(home, "persona_authenticators").encode()
    return base64.b32encode(hmac.new(key, email.encode(), hashlib.sha256).digest()[:20]).decode()


def codes_now(*, home: Path) -> tuple[dict[str, str], int]:
    """Give every persona's code of now, by e-mail address, and for how many seconds more it is shown."""
    now = dt.datetime.now(dt.UTC)
    step = step_at(now=now)
    codes = {one.email: code_at(secret=authenticator(home=home, email=one.email), step=step) for one in personas()}
    return codes, STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS


def _engaged(*, by: Actor, home: Path, email: str, name: str, password: str, now: dt.datetime) -> Staff:
    staff_id = uuid4()
    key = secret(home, "second_factor_key")
    factor = seal(secret=authenticator(home=home, email=email), key=key, staff_id=staff_id)
    return engage_staff(by=by, email=email, name=name, password=password, now=now, staff_id=staff_id, factor=factor)


def set_up(
    *, by: Actor, home: Path, store: Store, programme: str, agreements: Sequence[Agreement], password: str
) -> None:
    """Enter organisations, teams, staff and agreements. Safe to repeat."""
    content = _content()
    with acting_as(by):
        now = app_now()
        register_from_directory(by=by, store=store, now=now)
        organisations = {one.code: one for one in Organisation.objects.all()}
        teams: dict[str, Team] = {}
        for team in content["teams"]:
            teams[team["code"]] = form_team(
                by=by, code=team["code"], name=team["name"], organisation=organisations[team["organisation"]], now=now
            )
        for one in content["staff"]:
            staff = _engaged(by=by, home=home, email=one["email"], name=one["name"], password=password, now=now)
            give_role(
                by=by,
                staff=staff,
                organisation=organisations[one["organisation"]],
                role=Role(one["role"]),
                now=now,
                team=teams.get(one.get("team", "")),
            )
        enter_agreements(by=by, programme=programme, agreements=agreements, now=now)
