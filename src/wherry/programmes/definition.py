"""`programme.yaml`: what a programme is for, by what right, who owns it, and what a place may change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wherry.foundation.periods import Period
from wherry.foundation.problems import Problem
from wherry.programmes.types import Allowance, Section

SECTION = "programme"
#: All three must hold on every day: the two of data protection law, and the duty of confidence.
KINDS_OF_BASIS = ("article_6", "article_9", "common_law")
_TEXT = {"type": "string", "minLength": 1}
_DATE = {"type": "string", "format": "date"}
_SHARE = {"type": "number", "minimum": 0, "maximum": 100}
_DAYS = {"type": "integer", "minimum": 1, "maximum": 36_500}
_TEXTS = {"type": "array", "items": _TEXT, "minItems": 1, "uniqueItems": True}


def _object(required: list[str], /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


_LIMIT = {"type": ["number", "string"], "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
_ALLOWANCE = _object(
    ["path"],
    path={**_TEXT, "description": "Dotted, as an overlay writes it; `*` stands for any letters within one part."},
    only={"enum": ["add", "lower", "raise", "words"], "description": "The one way in which a place may change it."},
    at_least={**_LIMIT, "description": "The lowest number, or earliest time (HH:MM), a place may write."},
    at_most={**_LIMIT, "description": "The highest number, or latest time (HH:MM), a place may write."},
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "programme.yaml",
    **_object(
        [
            "code",
            "name",
            "version",
            "purpose",
            "lawful_basis",
            "lead_organisation",
            "owner",
            "risk_owner",
            "languages",
            "places",
            "places_may_change",
            "sign_off_roles",
            "sources",
        ],
        code={"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        name=_TEXT,
        version={"type": "integer", "minimum": 1},
        purpose=_object(["code", "words"], code=_TEXT, words=_TEXT),
        lawful_basis={
            "type": "array",
            "minItems": 1,
            "items": _object(
                ["kind", "basis", "from", "until"],
                kind={"enum": list(KINDS_OF_BASIS)},
                basis=_TEXT,
                **{"from": _DATE, "until": _DATE},
            ),
        },
        lead_organisation=_TEXT,
        owner=_TEXT,
        risk_owner=_TEXT,
        languages=_TEXTS,
        places=_TEXTS,
        places_may_change={"type": "array", "items": {"oneOf": [_TEXT, _ALLOWANCE]}, "uniqueItems": True},
        sign_off_roles=_TEXTS,
        sources={**_TEXTS, "description": "What was published that this follows, so that a reader can look it up."},
        in_force=_object(["from", "until"], **{"from": _DATE, "until": _DATE})
        | {"description": "The days this version is meant to hold, both included."},
        finds_only={"const": True, "description": "This folder finds people, and reaches nobody."},
        check_in_every_days={"type": "integer", "minimum": 1},
        check_in_every_hours={
            "type": "integer",
            "minimum": 1,
            "maximum": 23,
            "description": "In place of days, where all may change within hours; counted from the answer.",
        },
        asks_once={"const": True, "description": "People are asked once; no check-in follows an answer."},
        red_flag_minutes={"type": "integer", "minimum": 1, "maximum": 60},
        escalation=_TEXTS,
        release=_object(
            ["review_after_days", "at_most"],
            review_after_days={"type": "integer", "minimum": 1, "description": "When a release is looked at again."},
            at_most=_object(
                ["died", "over_110", "duplicates", "no_contact_point"],
                died=_SHARE,
                over_110=_SHARE,
                duplicates=_SHARE,
                no_contact_point=_SHARE,
            )
            | {"description": "The most of each, in per cent of the people a release reaches, for it to go ahead."},
        ),
        ending=_object(
            ["last_message", "hand_over_to", "keep_days"],
            last_message={**_TEXT, "description": "The message everybody in contact is sent once, by text or letter."},
            hand_over_to=_object(["team", "role"], team=_TEXT, role=_TEXT)
            | {"description": "Who sees to what is still open, and rings whom no message reaches."},
            keep_days=_object(["cases", "answers", "messages"], cases=_DAYS, answers=_DAYS, messages=_DAYS)
            | {"description": "For how many days after the end each is kept."},
        )
        | {"description": "How the programme is stood down when it is needed no more."},
    ),
    "if": {"not": {"required": ["finds_only"]}},
    "then": {
        "required": ["in_force", "red_flag_minutes", "escalation", "release", "ending"],
        "oneOf": [{"required": [pace]} for pace in ("check_in_every_days", "check_in_every_hours", "asks_once")],
    },
}


@dataclass(frozen=True)
class LawfulBasis:
    """One basis of the processing, with the closed period in which it holds."""

    kind: str
    basis: str
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class Ending:
    """
    How a programme is stood down. last_message: its id; team and role: who sees to what is still open.

    keep_days: by what is kept (`cases`, `answers`, `messages`), for how many days after the end.
    """

    last_message: str
    team: str
    role: str
    keep_days: Mapping[str, int]


@dataclass(frozen=True)
class Programme:
    """
    What the programme is.

    lead_organisation: an organisation's code; owner, risk_owner: roles or posts, never a person's name;
    escalation: roles a red flag climbs through, each `red_flag_minutes` after the one before;
    sources: what was published that this follows; in_force: the days this version is meant to hold;
    check_in_every_days: how often people are asked; 0 where `asks_once`: an answer is never followed by a question;
    check_in_every_hours: in place of days, counted from the answer;
    release_limits: by what may be amiss with people's details, the most per cent a release goes ahead with;
    review_after_days: when a release is looked at again;
    finds_only: the folder holds rules of who is at risk and reaches nobody, so that it says none of these.
    """

    code: str
    name: str
    version: int
    purpose_code: str
    purpose: str
    lawful_basis: tuple[LawfulBasis, ...]
    lead_organisation: str
    owner: str
    risk_owner: str
    languages: tuple[str, ...]
    places: tuple[str, ...]
    places_may_change: tuple[Allowance, ...]
    sign_off_roles: tuple[str, ...]
    sources: tuple[str, ...]
    in_force: Period | None = None
    check_in_every_days: int = 0
    check_in_every_hours: int = 0
    asks_once: bool = False
    red_flag_minutes: int = 0
    escalation: tuple[str, ...] = ()
    finds_only: bool = False
    review_after_days: int = 1
    release_limits: Mapping[str, float] = field(default_factory=dict)
    ending: Ending | None = None


def parse(section: Section) -> Programme:
    """Read a section that fits SCHEMA. SCHEMA needs its `format`s checked, dates among them."""
    data: Mapping[str, Any] = section.data
    tuples = ("languages", "places", "sign_off_roles", "sources", "escalation")
    plain: dict[str, Any] = {key: tuple(value) if key in tuples else value for key, value in data.items()}
    plain["places_may_change"] = allowances(section)
    plain["purpose_code"], plain["purpose"] = data["purpose"]["code"], data["purpose"]["words"]
    plain["lawful_basis"] = tuple(
        LawfulBasis(one["kind"], one["basis"], dt.date.fromisoformat(one["from"]), dt.date.fromisoformat(one["until"]))
        for one in data["lawful_basis"]
    )
    if "in_force" in data:
        plain["in_force"] = Period(*(dt.date.fromisoformat(data["in_force"][key]) for key in ("from", "until")))
    release = plain.pop("release", None)
    if release:
        plain |= {"review_after_days": release["review_after_days"], "release_limits": release["at_most"]}
    if "ending" in plain:
        ending = plain["ending"]
        plain["ending"] = Ending(ending["last_message"], **ending["hand_over_to"], keep_days=ending["keep_days"])
    return Programme(**plain)


def allowances(section: Section) -> tuple[Allowance, ...]:
    """Read what a place may change. What does not fit SCHEMA is left out: the section may not have been checked yet."""
    listed = section.data.get("places_may_change") if isinstance(section.data, dict) else None
    found = []
    for one in listed if isinstance(listed, list) else ():
        told = {"path": one} if isinstance(one, str) else one
        if isinstance(told, dict) and _is_an_allowance(told):
            found.append(Allowance(**told))
    return tuple(found)


def _is_an_allowance(told: Mapping[str, Any]) -> bool:
    limits = [told[key] for key in ("at_least", "at_most") if key in told]
    return (
        isinstance(told.get("path"), str)
        and set(told) <= set(_ALLOWANCE["properties"])
        and told.get("only", "add") in _ALLOWANCE["properties"]["only"]["enum"]
        and all(isinstance(one, int | float | str) and not isinstance(one, bool) for one in limits)
    )


def problems(programme: Programme, section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: a kind of basis missing, a period that ends first, no English, one signatory."""
    found = []
    kinds = {one.kind for one in programme.lawful_basis}
    for missing in sorted(set(KINDS_OF_BASIS) - kinds):
        what = f"there is no lawful basis of the kind {missing}"
        found.append(Problem(section.path, section.line("lawful_basis"), what, "add it with its dates"))
    for index, one in enumerate(programme.lawful_basis):
        if one.ends_on < one.starts_on:
            line = section.line("lawful_basis", index, "until")
            found.append(Problem(section.path, line, "this basis ends before it begins", "correct its dates"))
    if programme.in_force and not programme.in_force.holds(programme.in_force.starts_on):
        line = section.line("in_force", "until")
        found.append(Problem(section.path, line, "this version ends before it begins", "correct the days of in_force"))
    if "en" not in programme.languages:
        what = "English is not among the languages, and staff read it"
        found.append(Problem(section.path, section.line("languages"), what, "add en"))
    for role in ("clinical_safety", "information_governance"):
        if role not in programme.sign_off_roles:
            what = f"the role {role} does not sign this off"
            found.append(Problem(section.path, section.line("sign_off_roles"), what, f"add {role}"))
    return tuple(found)
