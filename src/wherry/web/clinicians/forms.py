"""The clinicians' forms: why somebody is taken off or put on, and until when that stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wherry.review.definition import Change
from wherry.web.clinicians.choices import Choices
from wherry.web.components.forms import BoundField, Choice, Field, FieldKind, Value, bound_fields, typed_date

_LONGEST_DAYS = 366
VERSION = Field("version", FieldKind.HIDDEN)


@dataclass(frozen=True)
class Why:
    """A reason as it is kept: in the programme's words and the clinician's own, until a day."""

    words: str
    expires_on: dt.date


def bound(
    *, fields: Sequence[Field], values: Mapping[str, Value] | None = None, errors: Mapping[str, str] | None = None
) -> tuple[BoundField, ...]:
    """Bind fields for the page; an empty textarea is empty, where the toolkit's macro would write the word None."""
    made = bound_fields(fields=fields, values=values, errors=errors)
    return tuple(
        replace(one, params=one.params | {"value": one.params["value"] or ""}) if one.kind == "textarea" else one
        for one in made
    )


def reason_fields(*, change: Change, legend: str) -> tuple[Field, ...]:
    """Ask for a reason of the programme's, words of one's own, and when to ask again."""
    reasons = tuple(
        Choice(one.code, one.words, hint=f"Asked about again after {one.expires_after_days} days")
        for one in change.reasons
    )
    return (
        Field("reason", FieldKind.RADIOS, legend, choices=reasons),
        Field("words", FieldKind.TEXTAREA, "In your own words (optional)", rows=2),
        Field(
            "expires_on",
            FieldKind.DATE,
            "Ask again on another day (optional)",
            hint="Leave it empty for the number of days the reason says",
        ),
    )


def read_reason(*, change: Change, values: Mapping[str, Value], today: dt.date) -> tuple[Why | None, dict[str, str]]:
    """Read why and until when, or what is wrong with it, by field."""
    errors: dict[str, str] = {}
    reason = change.reason(str(values.get("reason", "")))
    if reason is None:
        errors["reason"] = "Choose a reason: a change to the list needs one"
    typed = values.get("expires_on")
    until = typed_date(typed)
    if typed and (until is None or not today < until <= today + dt.timedelta(days=_LONGEST_DAYS)):
        errors["expires_on"] = "Enter a day after today and within a year, for example 27 3 2027"
    if reason is None or errors:
        return None, errors
    own = str(values.get("words", ""))
    words = f"{reason.words}: {own}" if own else reason.words
    return Why(words, until or today + dt.timedelta(days=reason.expires_after_days)), {}


BACK_FIELDS = (
    VERSION,
    Field("words", FieldKind.TEXTAREA, "Why should they be on the list after all?", rows=2),
)


def add_fields(choices: Choices) -> tuple[Field, ...]:
    """Ask who, in which category and tier, and why."""
    tiers = sorted({tier.tier for one in choices.categories for tier in one.tiers})
    return (
        Field(
            "nhs_number",
            FieldKind.TEXT,
            "NHS number",
            hint="10 digits, for example 999 000 0018",
            width=20,
            input_mode="numeric",
            autocomplete="off",
        ),
        Field(
            "category",
            FieldKind.RADIOS,
            "Category",
            choices=tuple(
                Choice(one.name, one.words, hint=f"Tier {' or '.join(tier.tier for tier in one.tiers)}")
                for one in choices.categories
            ),
        ),
        Field(
            "tier",
            FieldKind.RADIOS,
            "Tier",
            hint="1 is the most pressing",
            choices=tuple(Choice(tier, f"Tier {tier}") for tier in tiers),
        ),
        *reason_fields(change=choices.policy.add, legend="Why should they be on the list?"),
    )


def read_placing(*, choices: Choices, values: Mapping[str, Value]) -> dict[str, str]:
    """Say what is wrong with the number, category and tier, by field; empty when nothing is."""
    errors: dict[str, str] = {}
    if not values.get("nhs_number"):
        errors["nhs_number"] = "Enter an NHS number"
    tiers = choices.tiers_of(str(values.get("category", "")))
    if not tiers:
        errors["category"] = "Choose a category"
    elif values.get("tier") not in tiers:
        errors["tier"] = f"Choose a tier this category has: {' or '.join(tiers)}"
    return errors
