"""The shape of `risk.yaml`: criteria and groups by operator, scores, categories with their tiers."""

from __future__ import annotations

from typing import Any

SECTION = "risk"
SYSTEMS = ("snomed", "dmd", "icd10", "opcs4", "bnf", "rxnorm", "read", "local")
FIELDS = ("sex", "ethnicity", "language", "imd_decile", "place", "communal", "practice_code")
_NAME = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,59}$"}
_WORDS = {"type": "string", "minLength": 3, "maxLength": 200}
_DAYS = {
    "type": "array",
    "prefixItems": [{"type": "integer", "minimum": 0, "maximum": 45000}] * 2,
    "minItems": 2,
    "maxItems": 2,
}
_DATE = {"pattern": r"^\d{4}-\d{2}-\d{2}$"}
_WINDOW = {
    "days": _DAYS,
    "since": _DATE,
    "between": {"type": "array", "items": _DATE, "minItems": 2, "maxItems": 2},
}
_CODES = {"list": _NAME, "system": {"enum": list(SYSTEMS)}}
_WHOLE = {"type": "integer"}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


OPERATORS: dict[str, Any] = {
    "ever": _object("list system", **_CODES),
    "within": {
        **_object("list system", **_CODES, **_WINDOW),
        "oneOf": [{"required": [key]} for key in _WINDOW],
    },
    "latest_after_latest": _object("list than system", **_CODES, than=_NAME, same_day_counts={"type": "boolean"}),
    "count": _object("list system at_least", **_CODES, **_WINDOW, at_least={"type": "integer", "minimum": 1}),
    "one_in_each": _object("list system days", **_CODES, days={"type": "array", "items": _DAYS, "minItems": 2}),
    "latest_value": {
        **_object(
            "list system unit",
            **_CODES,
            **_WINDOW,
            unit={"type": "string", "minLength": 1},
            **{limit: {"type": "number"} for limit in ("at_least", "at_most", "above", "below")},
        ),
        "anyOf": [{"required": [limit]} for limit in ("at_least", "at_most", "above", "below")],
    },
    "active": _object("list system", **_CODES),
    "age": {**_object("", at_least=_WHOLE, at_most=_WHOLE), "minProperties": 1},
    "demographic": {
        **_object(
            "field",
            field={"enum": list(FIELDS)},
            among={"type": "array", "items": {"type": ["string", "integer", "boolean"]}, "minItems": 1},
            at_least=_WHOLE,
            at_most=_WHOLE,
        ),
        "minProperties": 2,
    },
    "score": _object("name at_least", name=_NAME, at_least=_WHOLE),
    "all": {"type": "array", "items": _NAME, "minItems": 1},
    "any": {"type": "array", "items": _NAME, "minItems": 1},
    "not": _NAME,
}
_CRITERION = {
    **_object("words", words=_WORDS, why={"type": "string"}, **OPERATORS),
    "oneOf": [{"required": [operator]} for operator in OPERATORS],
}
_NAMED = {"type": "object", "propertyNames": _NAME, "minProperties": 1, "additionalProperties": _CRITERION}
_TIER = _object("tier", tier={"type": ["integer", "string"]}, when=_NAME)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Who is at risk",
    **_object(
        "criteria categories",
        words={"type": "string"},
        take={"enum": ["first", "every"]},
        rank_by=_NAME,
        sources={"type": "object", "additionalProperties": {"type": "string"}},
        criteria=_NAMED,
        groups=_NAMED,
        scores={
            "type": "object",
            "propertyNames": _NAME,
            "additionalProperties": _object(
                "words points",
                words=_WORDS,
                points={"type": "object", "minProperties": 1, "additionalProperties": _WHOLE},
                bands={"type": "array", "items": _object("band at_least", band={"type": "string"}, at_least=_WHOLE)},
            ),
        },
        categories={
            "type": "array",
            "minItems": 1,
            "items": _object(
                "category words when tiers",
                category=_NAME,
                words=_WORDS,
                when=_NAME,
                tiers={"type": "array", "items": _TIER, "minItems": 1},
            ),
        },
    ),
}
