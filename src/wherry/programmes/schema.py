"""Hold a section against its room's JSON Schema, and say what is wrong in words, at the line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from wherry.foundation.problems import Problem
from wherry.programmes.types import Section

_FORMATS = FormatChecker(formats=["date"])


def schema_problems(*, section: Section, schema: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Give each place where a section does not fit its schema, in file order. Empty: `parse` may read it."""
    validator = Draft202012Validator(schema, format_checker=_FORMATS)
    found = {_problem(section, error) for whole in validator.iter_errors(section.data) for error in _leaves(whole)}
    return tuple(sorted(found))


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Where one of several shapes was wanted, tell of the shape that came nearest, not of "none of them"."""
    if not error.context:
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for child in error.context:
        branches.setdefault(child.schema_path[0], []).append(child)
    nearest = max(
        branches.values(), key=lambda several: (max(len(one.absolute_path) for one in several), -len(several))
    )
    for child in nearest:
        yield from _leaves(child)


def _problem(section: Section, error: ValidationError) -> Problem:
    where = tuple(error.absolute_path)
    what, mend = _in_words(error)
    unknown = _unknown_key(error)
    line = section.line(*where, unknown) if unknown else section.line(*where)
    name = ".".join(map(str, where)) or "the file"
    return Problem(section.path, line, f"{name}: {what}", mend)


def _unknown_key(error: ValidationError) -> str | None:
    if error.validator != "additionalProperties" or not isinstance(error.instance, dict):
        return None
    known = _known_keys(error)
    return next((key for key in error.instance if key not in known), None)


def _known_keys(error: ValidationError) -> list[str]:
    return list(error.schema.get("properties", ())) if isinstance(error.schema, dict) else []


def _in_words(error: ValidationError) -> tuple[str, str]:
    wanted: Any = error.validator_value
    instance: Any = error.instance
    match error.validator:
        case "required":
            missing = [key for key in wanted if key not in instance]
            return f"{', '.join(missing)} missing", "add it"
        case "additionalProperties":
            known = ", ".join(_known_keys(error))
            return f'"{_unknown_key(error)}" is not a key here', f"use one of {known}" if known else "remove it"
        case "enum":
            return "not one of the values allowed", f"use one of {', '.join(map(str, wanted))}"
        case "const":
            return "not the value allowed", f"write {str(wanted).lower() if wanted is True else wanted}"
        case "type":
            kinds = wanted if isinstance(wanted, str) else " or ".join(wanted)
            return f"not of the kind {kinds}", f"write a value of the kind {kinds}"
        case "pattern":
            return "not written in the form wanted", f"use the form {wanted}"
        case "format":
            return "not a day of the calendar", "write YYYY-MM-DD"
        case "minItems" | "minLength" | "minProperties":
            return "too little here", f"write at least {wanted}"
        case "maxItems" | "maxLength" | "maxProperties":
            return "too much here", f"write at most {wanted}"
        case "not":
            return "not a value allowed", "write another"
        case "dependentRequired":
            return "something that goes with a key here is missing", f"add it: {wanted}"
        case _:
            return error.message[:160], "see the schema of this file"
