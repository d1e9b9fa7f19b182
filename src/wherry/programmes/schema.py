"""Hold a section against its room's JSON Schema, and say what is wrong in words, at the line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from wherry.foundation.problems import Problem
from wherry.programmes.types import Section

_KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "keys with values",
    "string": "text",
}
_A_TIME = 'write a time in quotation marks, such as "08:30"'
_A_CODE = "write small letters, digits and _, beginning with a letter"
#: What a pattern asks for, in words; one that is not here is shown as it is.
_FORMS = {
    "^([01][0-9]|2[0-3]):[0-5][0-9]$": _A_TIME,
    "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$": f'{_A_TIME} or "24:00"',
    "^[a-z][a-z0-9_]*$": _A_CODE,
    "^[a-z0-9_]{1,40}$": "write at most 40 small letters, digits and _",
    "^[a-z][a-z0-9_]{0,59}$": f"{_A_CODE}, at most 60",
    "^[A-Za-z][A-Za-z0-9_]*$": "write letters, digits and _, beginning with a letter",
    "^[a-z]{2}$": "write the two letters of a language, such as pl",
    "^[a-z]{2,3}$": "write the two or three letters of a language, such as pl",
    "^H-[0-9]{2}$": "write H- and two digits, such as H-07",
    "^0[0-9 ]{9,13}$": "write a telephone number, such as 01632 960 999",
    "^(https?://|urn:)[^ ]+$": "write an address that begins with https://",
    "^(any answer|is [a-z0-9_]+|at least [a-z0-9_.]+)$": "write `at least` or `is` and a code, or `any answer`",
}
_FORMATS = FormatChecker(formats=["date"])


def schema_problems(*, section: Section, schema: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Give each place where a section does not fit its schema, in file order. Empty: `parse` may read it."""
    validator = Draft202012Validator(schema, format_checker=_FORMATS)
    errors = list(validator.iter_errors(section.data))
    # A misspelt key is one mistake: that the right one is missing need not be said as well.
    misspelt = {tuple(one.absolute_path) for one in errors if one.validator == "additionalProperties"}
    told = [error for whole in errors for error in _leaves(whole)]
    said = (one for one in told if not (_is_a_choice(one) and _is_said_already(one, misspelt)))
    return tuple(sorted({_problem(section, one) for one in said}))


def _is_said_already(error: ValidationError, misspelt: set[tuple[str | int, ...]]) -> bool:
    # What has no keys at all is not of the kind wanted, which is said too.
    return not isinstance(error.instance, dict) or tuple(error.absolute_path) in misspelt


def _is_a_choice(error: ValidationError) -> bool:
    """Say whether the shapes wanted differ only in the key they must hold."""
    wanted: Any = error.validator_value
    return error.validator in ("oneOf", "anyOf") and all(set(shape) == {"required"} for shape in wanted)


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Where one of several shapes was wanted, tell of the shape that came nearest, not of "none of them"."""
    if not error.context or _is_a_choice(error):
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
    forbidden = _forbidden_key(section, error)
    what, mend = (f"{forbidden} does not belong here", "remove it") if forbidden else _in_words(error)
    unknown = forbidden or _unknown_key(error)
    line = section.line(*where, unknown) if unknown else section.line(*where)
    name = ".".join(map(str, where)) or "the file"
    return Problem(section.path, line, f"{name}: {what}", mend)


def _forbidden_key(section: Section, error: ValidationError) -> str | None:
    """Give the key that a schema forbids beside another: a schema of `false` says neither its name nor where it is."""
    if error.validator is not None:
        return None
    node = section.data
    for step in error.absolute_path:
        node = node[step]
    return (
        next((key for key, value in node.items() if value == error.instance), None) if isinstance(node, dict) else None
    )


def _unknown_key(error: ValidationError) -> str | None:
    if error.validator != "additionalProperties" or not isinstance(error.instance, dict):
        return None
    known = _known_keys(error)
    return next((key for key in error.instance if key not in known), None)


def _known_keys(error: ValidationError) -> list[str]:
    return list(error.schema.get("properties", ())) if isinstance(error.schema, dict) else []


def _keys_in_words(error: ValidationError) -> str:
    known = _known_keys(error)
    alike = difflib.get_close_matches(str(_unknown_key(error)), known, n=1)
    meant = f"did you mean {alike[0]}? " if alike else ""
    return f"{meant}use one of {', '.join(known)}" if known else "remove it"


def _choice_in_words(error: ValidationError) -> tuple[str, str]:
    wanted: Any = error.validator_value
    there_is: Any = error.instance
    choices = [shape["required"] for shape in wanted]
    whole = [keys for keys in choices if all(key in there_is for key in keys)]
    if whole:
        there = " and ".join(key for keys in whole for key in keys)
        return f"{there} stand together, and only one of them may", "keep one of them"
    return f"one of {', '.join(' with '.join(keys) for keys in choices)} missing", "add one of them"


def _in_words(error: ValidationError) -> tuple[str, str]:
    wanted: Any = error.validator_value
    instance: Any = error.instance
    match error.validator:
        case "required":
            missing = [key for key in wanted if key not in instance]
            return f"{', '.join(missing)} missing", "add it"
        case "additionalProperties":
            return f'"{_unknown_key(error)}" is not a key here', _keys_in_words(error)
        case "enum":
            return "not one of the values allowed", f"use one of {', '.join(map(str, wanted))}"
        case "const":
            return "not the value allowed", f"write {str(wanted).lower() if wanted is True else wanted}"
        case "type":
            kinds = wanted if isinstance(wanted, str) else " or ".join(wanted)
            plain = " or ".join(_KINDS[kind] for kind in kinds.split(" or "))
            return f"not of the kind {kinds}", f"write {plain}"
        case "pattern":
            return "not written in the form wanted", _FORMS.get(wanted, f"use the form {wanted}")
        case "format":
            return "not a day of the calendar", "write YYYY-MM-DD"
        case "minItems" | "minLength" | "minProperties":
            return "too little here", f"write at least {wanted}"
        case "maxItems" | "maxLength" | "maxProperties":
            return "too much here", f"write at most {wanted}"
        case "minimum":
            return "too small a number", f"write {wanted} or more"
        case "maximum":
            return "too large a number", f"write {wanted} or less"
        case "oneOf" | "anyOf" if _is_a_choice(error):
            return _choice_in_words(error)
        case "not":
            return "not a value allowed", "write another"
        case "dependentRequired":
            return "something that goes with a key here is missing", f"add it: {wanted}"
        case _:
            return error.message[:160], "see the schema of this file"
