"""
Declared fields → the dictionaries the NHS.UK macros take, with what was typed kept and errors linked to their fields.

A field's `name` is also its HTML id; a date is three inputs `name-day`, `name-month`, `name-year`. Labels and errors
come already in the page's language. Nothing here decides whether an answer is acceptable: the view does, and hands in
the errors.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wherry.web.components.words import catalogues, direction, say

Value = str | tuple[str, ...] | Mapping[str, str]
Params = dict[str, Any]
_PARTS = (("day", 2), ("month", 2), ("year", 4))


class FieldKind(enum.StrEnum):
    """What a field is on the page; `radios` and `checkboxes` carry choices."""

    TEXT = "text"
    TEXTAREA = "textarea"
    RADIOS = "radios"
    CHECKBOXES = "checkboxes"
    DATE = "date"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Choice:
    """One thing to choose. `alone`: choosing it clears the others ("none of these"), where JavaScript runs."""

    value: str
    text: str
    hint: str = ""
    alone: bool = False


@dataclass(frozen=True)
class Field:
    """
    One question or input.

    heading: the label is the page's one `h1`; language: of the words, where it differs from the page's; width:
    characters; input_mode, autocomplete, type: the HTML attributes ("numeric", "bday", "tel").
    """

    name: str
    kind: FieldKind
    label: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    heading: bool = False
    language: str = ""
    width: int | None = None
    rows: int = 4
    input_mode: str = ""
    autocomplete: str = ""
    type: str = "text"


@dataclass(frozen=True)
class BoundField:
    """
    A field ready for its macro: `wherry/form.jinja` picks the macro by `kind` and hands it `params`.

    is_blank: nothing is typed and nothing wrong, so it looks the same for everybody.
    """

    kind: FieldKind
    params: Params = field(default_factory=dict)
    is_blank: bool = False


def posted_values(*, fields: Sequence[Field], posted: Mapping[str, Any]) -> dict[str, Value]:
    """
    Read a form's values by field; `posted` is a QueryDict or any mapping of names to text or lists.

    An unanswered field is absent, never an empty answer; checkboxes give a tuple; a date gives its typed parts.
    """
    read = {each.name: _posted(each, posted) for each in fields}
    return {name: value for name, value in read.items() if value}


def _posted(each: Field, posted: Mapping[str, Any]) -> Value:
    if each.kind is FieldKind.CHECKBOXES:
        many = posted.getlist(each.name) if hasattr(posted, "getlist") else posted.get(each.name, ())
        return tuple(str(one) for one in many)
    if each.kind is FieldKind.DATE:
        parts = {part: str(posted.get(f"{each.name}-{part}", "")).strip() for part, _ in _PARTS}
        return parts if any(parts.values()) else {}
    return str(posted.get(each.name, "")).strip()


def typed_date(value: Value | None) -> dt.date | None:
    """Read the three typed parts of a date; None where they name no day or the year has not four digits."""
    if not isinstance(value, Mapping) or len(value.get("year", "")) != 4:
        return None
    try:
        return dt.date(int(value["year"]), int(value["month"]), int(value["day"]))
    except (KeyError, ValueError):
        return None


def bound_fields(
    *,
    fields: Sequence[Field],
    values: Mapping[str, Value] | None = None,
    errors: Mapping[str, str] | None = None,
    language: str = "en",
) -> tuple[BoundField, ...]:
    """Join fields with what was typed and what was wrong with it, in order, for `form.fields(...)` in a template."""
    values, errors = values or {}, errors or {}
    return tuple(_bound(each, values.get(each.name), errors.get(each.name), language) for each in fields)


def _bound(each: Field, value: Value | None, error: str | None, language: str) -> BoundField:
    return BoundField(each.kind, _params(each, value, error, language), is_blank=not value and not error)


def error_summary(*, fields: Sequence[Field], errors: Mapping[str, str], language: str = "en") -> Params | None:
    """Build the summary at the top of the page, each error a link to its input; None where nothing is wrong."""
    if not errors:
        return None
    kinds = {each.name: each.kind for each in fields}
    links = [
        {"text": words, "href": f"#{name}-day" if kinds.get(name) is FieldKind.DATE else f"#{name}"}
        for name, words in errors.items()
    ]
    return {"heading": say(words=catalogues(), language=language, key="form.problem"), "errorList": links}


def _params(each: Field, value: Value | None, error: str | None, language: str) -> Params:
    if each.kind is FieldKind.HIDDEN:
        return {"name": each.name, "value": value or ""}
    params: Params = {"name": each.name, "idPrefix": each.name, "id": each.name, "hint": each.hint or None}
    if error:
        hidden = say(words=catalogues(), language=language, key="form.error")
        params["errorMessage"] = {"text": error, "visuallyHiddenText": hidden}
    if each.language:
        params["formGroup"] = {"attributes": {"lang": each.language, "dir": direction(language=each.language)}}
    if each.kind in (FieldKind.TEXT, FieldKind.TEXTAREA):
        return params | _typed(each, value)
    legend = {"text": each.label, "size": "l" if each.heading else "m", "isPageHeading": each.heading}
    params["fieldset"] = {"legend": legend}
    if each.kind is FieldKind.DATE:
        return params | {"items": _date_inputs(each, value, bool(error), language)}
    del params["id"]  # else the group and its first choice would share one id
    return params | _chosen(each, value)


def _typed(each: Field, value: Value | None) -> Params:
    return {
        "label": {"text": each.label, "size": "l" if each.heading else "s", "isPageHeading": each.heading},
        "value": value or "",
        "width": each.width,
        "rows": each.rows,
        "inputmode": each.input_mode or None,
        "autocomplete": each.autocomplete or None,
        "type": each.type,
    }


def _chosen(each: Field, value: Value | None) -> Params:
    items = [
        {
            "value": choice.value,
            "text": choice.text,
            "hint": choice.hint or None,
            "behaviour": "exclusive" if choice.alone else None,
        }
        for choice in each.choices
    ]
    return {"items": items, "values" if each.kind is FieldKind.CHECKBOXES else "value": value or None}


def _date_inputs(each: Field, value: Value | None, wrong: bool, language: str) -> list[Params]:
    typed = value if isinstance(value, Mapping) else {}
    return [
        {
            "id": f"{each.name}-{part}",
            "name": f"{each.name}-{part}",
            "label": say(words=catalogues(), language=language, key=f"form.{part}"),
            "value": typed.get(part) or None,
            "width": width,
            "error": wrong,
            "autocomplete": f"bday-{part}" if each.autocomplete == "bday" else None,
        }
        for part, width in _PARTS
    ]
