"""The shape of `triage.yaml`."""

from __future__ import annotations

from typing import Any

from wherry.triage.types import Urgency

SECTION = "triage"
_TEXT = {"type": "string", "minLength": 1}
_CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_URGENCY = {"enum": [one.value for one in Urgency if one is not Urgency.NONE]}
_TEXTS = {
    "type": "object",
    "required": ["en"],
    "propertyNames": {"pattern": "^[a-z]{2}$"},
    "additionalProperties": _TEXT,
}
_CONDITIONS = {
    "type": "object",
    "minProperties": 1,
    "propertyNames": _CODE,
    "properties": {"any": False},
    "additionalProperties": {
        "type": ["string", "boolean"],
        "pattern": "^(any answer|is [a-z0-9_]+|at least [a-z0-9_.]+)$",
        "not": {"const": False},
    },
}
_WHEN = {
    **_CONDITIONS,
    "properties": {"any": {"type": "array", "minItems": 2, "items": _CONDITIONS}},
}
_RULE = {
    "type": "object",
    "required": ["id", "when", "urgency", "words"],
    "properties": {
        "id": _CODE,
        "when": _WHEN,
        "need": _CODE,
        "urgency": _URGENCY,
        "red_flag": _CODE,
        "say": _TEXTS,
        "words": _TEXT,
        "service": _CODE,
    },
    "anyOf": [{"required": ["need"]}, {"required": ["red_flag"]}],
    "dependentRequired": {"red_flag": ["say"]},
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "triage.yaml",
    "type": "object",
    "required": ["needs", "context", "incomplete", "rules"],
    "properties": {
        "needs": {"type": "object", "minProperties": 1, "propertyNames": _CODE, "additionalProperties": _TEXTS},
        "named_by_link": {"type": "array", "uniqueItems": True, "items": _CODE},
        "context": {
            "type": "object",
            "propertyNames": _CODE,
            "additionalProperties": {
                "oneOf": [
                    {
                        "type": "object",
                        "required": ["scale"],
                        "properties": {
                            "scale": {"type": "array", "minItems": 2, "items": {"type": ["string", "integer"]}}
                        },
                        "additionalProperties": False,
                    },
                    {
                        "type": "object",
                        "required": ["number"],
                        "properties": {"number": _TEXT},
                        "additionalProperties": False,
                    },
                ]
            },
        },
        "incomplete": {
            "type": "object",
            "required": ["need", "urgency", "words"],
            "properties": {"need": _CODE, "urgency": _URGENCY, "words": _TEXT},
            "additionalProperties": False,
        },
        "rules": {"type": "array", "minItems": 1, "items": _RULE},
        "declines": {
            "type": "array",
            "minItems": 1,
            "items": _CONDITIONS,
            "description": "Answers that say no to all of it: nobody is asked again, where nothing else needs anybody.",
        },
    },
    "additionalProperties": False,
}
