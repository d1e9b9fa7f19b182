"""`services.yaml`: who takes which need, where, when, how soon, and how little of a person they are told."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Mapping
from typing import Any

from wherry.foundation.problems import Problem
from wherry.programmes.types import Section
from wherry.referrals.rules import open_in_a_week
from wherry.referrals.types import MIDNIGHT, OutsideHours, Service, Services

SECTION = "services"
URGENCIES = ("emergency", "today", "soon", "routine")
#: What is never left until a desk opens again.
CANNOT_WAIT = ("emergency", "today")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# All that may ever be shared with a partner. A diagnosis, a reason or a date of birth is not among them.
SHAREABLE = (
    "name",
    "telephone",
    "address",
    "language",
    "household_size",
    "communication_needs",
    "need_words",
    "safe_times",
)

_TEXTS = {
    "type": "object",
    "required": ["en"],
    "propertyNames": {"pattern": "^[a-z]{2}$"},
    "additionalProperties": {"type": "string", "minLength": 1},
}
_CODE = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$"}
_CLOCK = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
_CLOSES = {"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"}
_CODES = {"type": "array", "minItems": 1, "uniqueItems": True, "items": _CODE}


def _some_of(values: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": list(values)}}


_SERVICE: dict[str, Any] = {
    "type": "object",
    "required": [
        "code",
        "name",
        "organisation",
        "places",
        "days",
        "opens",
        "closes",
        "clock_hours",
        "how",
        "capacity_per_day",
        "shares",
    ],
    "properties": {
        "code": _CODE,
        "name": _TEXTS,
        "organisation": _CODE,
        "places": _CODES,
        "days": _some_of(DAYS),
        "opens": _CLOCK,
        "closes": _CLOSES,
        "clock_hours": {
            "type": "object",
            "required": list(URGENCIES),
            "properties": {urgency: {"type": "integer", "minimum": 1, "maximum": 336} for urgency in URGENCIES},
            "additionalProperties": False,
        },
        "how": {"enum": ["inbox"]},
        "capacity_per_day": {"type": "integer", "minimum": 0},
        "shares": {
            "type": "object",
            "minProperties": 1,
            # Which needs there are, the programme's own table says.
            "propertyNames": _CODE,
            "additionalProperties": _some_of(SHAREABLE),
        },
        "fallback": _CODE,
    },
    "additionalProperties": False,
}
_OUTSIDE_HOURS: dict[str, Any] = {
    "type": "object",
    "required": ["answered_by", "within_hours"],
    "properties": {
        "answered_by": {"type": "string", "minLength": 1, "description": "A post, never a person's name."},
        "within_hours": {
            "type": "object",
            "required": list(CANNOT_WAIT),
            "properties": {urgency: {"type": "integer", "minimum": 1, "maximum": 24} for urgency in CANNOT_WAIT},
            "additionalProperties": False,
            "description": "The longest until somebody has it, at any hour of the week.",
        },
    },
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "services.yaml",
    "type": "object",
    "required": ["services"],
    "properties": {
        "open_hours_count_for": _some_of(URGENCIES),
        "outside_hours": _OUTSIDE_HOURS,
        "services": {"type": "array", "minItems": 1, "items": _SERVICE},
    },
    "additionalProperties": False,
}


def _service(data: Mapping[str, Any], open_hours_count_for: frozenset[str]) -> Service:
    return Service(
        code=data["code"],
        name=data["name"]["en"],
        names=data["name"],
        organisation=data["organisation"],
        needs=tuple(data["shares"]),
        places=tuple(data["places"]),
        opens=dt.time.fromisoformat(data["opens"]),
        closes=MIDNIGHT if data["closes"] == "24:00" else dt.time.fromisoformat(data["closes"]),
        days=frozenset(DAYS.index(day) for day in data["days"]),
        clock_hours=dict(data["clock_hours"]),
        how=data["how"],
        capacity_per_day=data["capacity_per_day"],
        shares={need: tuple(fields) for need, fields in data["shares"].items()},
        fallback=data.get("fallback"),
        open_hours_count_for=open_hours_count_for,
    )


def parse(section: Section) -> Services:
    """Read a `services` section that fits SCHEMA. A service takes the needs it is told something for."""
    counted = frozenset(section.data.get("open_hours_count_for", ()))
    told = section.data.get("outside_hours")
    return Services(
        listed=tuple(_service(service, counted) for service in section.data["services"]),
        outside_hours=OutsideHours(told["answered_by"], told["within_hours"]) if told else None,
    )


def problems(services: Services, section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: repeated codes, fallbacks that lead nowhere or round, clocks the wrong way."""
    found: list[Problem] = []

    def report(what: str, mend: str, *path: str | int) -> None:
        found.append(Problem(section.path, section.line("services", *path), what, mend))

    codes = [service.code for service in services.listed]
    counted = section.data.get("open_hours_count_for", ())
    for more, less in itertools.pairwise(URGENCIES):
        if more in counted and less not in counted:
            what = f"{more} waits for open hours and {less}, which is less urgent, does not"
            line = section.line("open_hours_count_for")
            found.append(Problem(section.path, line, what, f"add {less}, or take {more} out"))
    for at, service in enumerate(services.listed):
        if service.code in codes[:at]:
            report(f"the service {service.code} is there twice", "give each service its own code", at, "code")
        if service.opens >= service.closes:
            report(f"the service {service.code} never opens", "let opens come before closes", at, "opens")
        clocks = [service.clock_hours[urgency] for urgency in URGENCIES]
        if clocks != sorted(clocks):
            report(f"{service.code} has more time for what is more urgent", "order its clock_hours", at, "clock_hours")
        if any(service.clock_hours[urgency] > open_in_a_week(service=service) for urgency in counted):
            what = f"the clock of {service.code} would run for more than a week of its open hours"
            report(what, "give it fewer clock_hours", at, "clock_hours")
        if service.fallback is not None and service.fallback not in codes:
            report(f"the fallback {service.fallback} is no service here", "name one of the codes", at, "fallback")
        elif service.fallback is not None and _goes_round(service, services):
            report(f"the fallbacks of {service.code} go round in a circle", "end the chain", at, "fallback")
    return tuple(found)


def _goes_round(service: Service, services: Services) -> bool:
    seen, current = {service.code}, services.by_code(service.fallback or "")
    while current is not None and current.code not in seen:
        seen.add(current.code)
        current = services.by_code(current.fallback or "")
    return current is not None


def needs_without_service(services: Services, *, needs: Collection[str], places: Collection[str]) -> tuple[str, ...]:
    """List the needs (as "need in place") that no service takes in one of the places, in a fixed order."""
    taken = {(need, place) for service in services.listed for need in service.needs for place in service.places}
    return tuple(
        f"{need} in {place}" for need in sorted(needs) for place in sorted(places) if (need, place) not in taken
    )


def names_missing(services: Services, *, languages: Collection[str]) -> tuple[tuple[int, str], ...]:
    """List the services, by their place in the file, that have no name in one of the languages residents read."""
    return tuple(
        (at, f"the service {service.code} has no name in {language}")
        for at, service in enumerate(services.listed)
        for language in languages
        if language not in service.names
    )
