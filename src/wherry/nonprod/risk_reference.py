"""The page of the reference on risk definitions: what each operator says and takes, read off the schema itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wherry.risk.definition import OPERATORS, SCHEMA, SYSTEMS

_HEAD = """\
# Risk definitions: what may stand in one

{made}How to write one: [step by step](../how-to/write_a_risk_definition.md). For editors: `schemas/risk.schema.json`,
and `schemas/risk_cases.schema.json` for cases. Keys in *italics* may be left out. A fact of a day after the index date
is not known yet, and one entered in error or refuted never counts; one that names no code system may be SNOMED CT or
dm+d.

## Criteria and groups

Each has `words`, may have a `why`, and names exactly one of these:

| operator | true when | takes |
|---|---|---|
"""
_SHARED_HEAD = "\n## Lists and windows\n\nA test takes one window at most.\n\n| key | what it holds |\n|---|---|\n"
_FILE_HEAD = "\n## The whole file\n\n| key | what it holds |\n|---|---|\n"
_SECTIONS = {
    "words": "What the definition is for, in words.",
    "criteria": "Single tests by name.",
    "groups": "Tests by name that put criteria, scores and other groups together.",
    "scores": "Sums of whole points by criterion or group, with bands.",
    "categories": "Whom to list: `when` names a criterion or group.",
}


def risk_definition(made: str) -> str:
    """Write the page. made: how every page says that it is written by the source."""
    rows = "".join(_operator(name, shape) for name, shape in OPERATORS.items())
    shared = "".join(f"| `{key}` | {_cell(value['description'])} |\n" for key, value in _shared().items())
    systems = ", ".join(f"`{each}`" for each in SYSTEMS)
    shared = shared.replace("The code system of the list.", f"The code system of the list: {systems}.")
    return _HEAD.format(made=made) + rows + _SHARED_HEAD + shared + _FILE_HEAD + "".join(_sections())


def _shared() -> Mapping[str, Any]:
    """Give the keys that mean the same wherever they stand."""
    return dict(OPERATORS["within"]["properties"])


def _operator(name: str, shape: Mapping[str, Any]) -> str:
    return f"| `{name}` | {_cell(shape['description'])} | {'; '.join(_taken(shape))} |\n"


def _taken(shape: Mapping[str, Any]) -> Iterator[str]:
    if "properties" not in shape:
        yield "names of criteria or groups" if shape["type"] == "array" else "the name of a criterion or group"
    for key, value in shape.get("properties", {}).items():
        shown = f"`{key}`" if key in shape["required"] else f"*`{key}`*"
        told = "" if value == _shared().get(key) else value.get("description") or _kind(value)
        yield f"{shown} {_cell(told)}".strip().rstrip(".")


def _kind(value: Mapping[str, Any]) -> str:
    if "enum" in value:
        return "one of " + ", ".join(f"`{each}`" for each in value["enum"])
    return {"array": "several", "integer": "a whole number", "number": "a number"}.get(str(value.get("type")), "")


def _sections() -> Iterator[str]:
    for key, value in SCHEMA["properties"].items():
        told = value.get("description") or _SECTIONS[key]
        shown = f"`{key}`" if key in SCHEMA["required"] else f"*`{key}`*"
        yield f"| {shown} | {_cell(told)} |\n"
    for name, part in (("scores", _score()), ("categories", _category())):
        for key, value in part["properties"].items():
            if "description" in value:
                yield f"| `{key}` of {name} | {_cell(value['description'])} |\n"


def _score() -> Mapping[str, Any]:
    return dict(SCHEMA["properties"]["scores"]["additionalProperties"])


def _category() -> Mapping[str, Any]:
    return dict(SCHEMA["properties"]["categories"]["items"])


def _cell(text: str) -> str:
    return text.replace("|", chr(92) + "|")
