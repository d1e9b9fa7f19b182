"""The shape of `risk.yaml`: criteria and groups by operator, scores, categories with their tiers."""

from __future__ import annotations

from typing import Any

from wherry.programmes.types import CODE_SYSTEMS

SECTION = "risk"
SYSTEMS = CODE_SYSTEMS
FIELDS = ("sex", "ethnicity", "language", "imd_decile", "place", "communal", "practice_code")
_NAME = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,59}$"}
_WORDS = {
    "type": "string",
    "minLength": 3,
    "maxLength": 200,
    "description": "How it is said to a clinician and to a lay reviewer.",
}
_WHOLE = {"type": "integer", "minimum": -1_000_000, "maximum": 1_000_000}
_DATE = {"type": "string", "format": "date"}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


def _pair(item: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": 2, "maxItems": 2, "description": description}


def _ago(most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "maximum": most}


_DAYS = _pair(_ago(45_000), "Days before the index date, the nearer first; both ends counted.")
_MONTHS = _pair(
    _ago(1_200), "Calendar months before the index date, the nearer first; the day at the far end is not counted."
)
_WINDOW = {
    "days": _DAYS,
    "months": _MONTHS,
    "since": {**_DATE, "description": "From this day to the index date."},
    "between": _pair(_DATE, "From the first day to the second, both counted; never after the index date."),
}
_CODES = {
    "list": {**_NAME, "description": "A file of codelists/, without .csv."},
    "system": {"enum": list(SYSTEMS), "description": "The code system of the list."},
}
_LIMITS = {limit: {"type": "number"} for limit in ("at_least", "at_most", "above", "below")}


def _said(description: str, shape: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, **shape}


OPERATORS: dict[str, Any] = {
    "ever": _said("Any code of the list on or before the index date.", _object("list system", **_CODES)),
    "within": _said(
        "Any code of the list in the window.",
        {
            **_object("list system", **_CODES, **_WINDOW),
            "oneOf": [{"required": [key]} for key in _WINDOW],
        },
    ),
    "latest_after_latest": _said(
        "The newest code of `list` is later than the newest of `than`; no code of `than` at all: true.",
        _object(
            "list than system",
            **_CODES,
            than={**_NAME, "description": "The other list."},
            than_system={"enum": list(SYSTEMS), "description": "Where `than` is of another code system."},
            same_day_counts={"type": "boolean", "description": "Two codes on one day: true. Otherwise: not true."},
        ),
    ),
    "count": _said(
        "At least so many events; one code on one day is one event.",
        _object(
            "list system at_least",
            **_CODES,
            **_WINDOW,
            at_least={"type": "integer", "minimum": 1, "description": "How many."},
            different_codes={"type": "boolean", "description": "Count each code once, on however many days."},
        ),
    ),
    "one_in_each": _said(
        "Each of the windows holds at least one code of the list.",
        {
            **_object(
                "list system",
                **_CODES,
                days={"type": "array", "items": _DAYS, "minItems": 2, "description": "Windows of days."},
                months={"type": "array", "items": _MONTHS, "minItems": 2, "description": "Windows of months."},
            ),
            "oneOf": [{"required": ["days"]}, {"required": ["months"]}],
        },
    ),
    "latest_value": _said(
        "The newest value in this unit lies in the range; no value: missing, never guessed.",
        {
            **_object(
                "list system unit",
                **_CODES,
                **_WINDOW,
                unit={"type": "string", "minLength": 1, "description": "Exactly as the feed gives it, such as kg/m2."},
                **_LIMITS,
            ),
            "anyOf": [{"required": [limit]} for limit in _LIMITS],
        },
    ),
    "active": _said(
        "Begun on or before the index date, not ended before it, not marked as over.", _object("list system", **_CODES)
    ),
    "age": _said(
        "Whole years on the index date, both ends counted.",
        {**_object("", at_least=_WHOLE, at_most=_WHOLE), "minProperties": 1},
    ),
    "demographic": _said(
        "A field of the person is one of these values, or in this range.",
        {
            **_object(
                "field",
                field={"enum": list(FIELDS)},
                among={
                    "type": "array",
                    "items": {"type": ["string", "integer", "boolean"]},
                    "minItems": 1,
                    "description": "Its values, as the store writes them.",
                },
                at_least=_WHOLE,
                at_most=_WHOLE,
            ),
            "minProperties": 2,
        },
    ),
    "score": _said(
        "A score of this file reaches so many points, or lies in one of its bands.",
        {
            **_object(
                "name",
                name={**_NAME, "description": "A score of this file."},
                at_least=_WHOLE,
                at_most=_WHOLE,
                band={"type": "string", "description": "Or the name of one of its bands."},
            ),
            "oneOf": [{"required": ["at_least"]}, {"required": ["band"]}],
        },
    ),
    "all": {
        "type": "array",
        "items": _NAME,
        "minItems": 1,
        "description": "Every one of these criteria or groups is true.",
    },
    "any": {
        "type": "array",
        "items": _NAME,
        "minItems": 1,
        "description": "At least one of these criteria or groups is true.",
    },
    "not": {**_NAME, "description": "This criterion or group is not true. It gives no reason."},
}
_CRITERION = {
    **_object("words", words=_WORDS, why={"type": "string"}, **OPERATORS),
    "oneOf": [{"required": [operator]} for operator in OPERATORS],
}
_NAMED = {"type": "object", "propertyNames": _NAME, "minProperties": 1, "additionalProperties": _CRITERION}
_TIER = _object("tier", tier={"type": ["integer", "string"]}, when=_NAME)
_SCORE = _object(
    "words points",
    words=_WORDS,
    points={
        "type": "object",
        "propertyNames": _NAME,
        "minProperties": 1,
        "additionalProperties": _WHOLE,
        "description": "Whole points by criterion or group; write weights such as 2.46 as hundredths, 246.",
    },
    bands={"type": "array", "items": _object("band at_least", band={"type": "string"}, at_least=_WHOLE)},
)
_CATEGORY = _object(
    "category words when tiers",
    category=_NAME,
    words=_WORDS,
    when=_NAME,
    tiers={
        "type": "array",
        "items": _TIER,
        "minItems": 1,
        "description": "The first that matches is taken; the last has no `when`.",
    },
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Who is at risk",
    **_object(
        "criteria categories",
        words={"type": "string"},
        take={"enum": ["first", "every"], "description": "Whether a person takes the first category or every one."},
        rank_by={**_NAME, "description": "The score shown beside the tier."},
        sources={
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "How the source of a fact is said in a reason.",
        },
        criteria=_NAMED,
        groups=_NAMED,
        scores={"type": "object", "propertyNames": _NAME, "additionalProperties": _SCORE},
        categories={"type": "array", "minItems": 1, "items": _CATEGORY},
    ),
}
