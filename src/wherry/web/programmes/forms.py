"""What is asked on the pages about programmes, and what is said where an answer is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from wherry.web.components.forms import BoundField, Choice, Field, FieldKind, Value, bound_fields
from wherry.web.programmes.presenters import first_up, role_words, signing_means

COMMENT = (Field("words", FieldKind.TEXTAREA, "What do you want to say or ask?", "Nothing about a resident", rows=3),)
WITHDRAW = (Field("why", FieldKind.TEXTAREA, "Why is it taken back?", rows=2),)
WHY_RELEASED = (
    Field(
        "why_released",
        FieldKind.TEXTAREA,
        "Why may it go on?",
        "Kept in the decision log, with the figures",
        rows=2,
    ),
)
WHY_AT_ONCE = (Field("why_at_once", FieldKind.TEXTAREA, "Why can it not wait for the next check-in?", rows=2),)
WHY_ENDED = (Field("why_ended", FieldKind.TEXTAREA, "Why is it stood down?", rows=2),)
WHY_STOPPED = (Field("why_stopped", FieldKind.TEXTAREA, "Why is it stopped?", rows=2),)
SIGN_NAME = "role"


def sign_fields(roles: Sequence[str]) -> tuple[Field, ...]:
    """Ask in which role somebody signs, each with what they stand for by it."""
    choices = tuple(Choice(one, first_up(role_words(one)), hint=signing_means(one)) for one in roles)
    return (Field(SIGN_NAME, FieldKind.RADIOS, "You sign as", choices=choices),)


def bound(fields: Sequence[Field], values: Mapping[str, Value], errors: Mapping[str, str]) -> tuple[BoundField, ...]:
    """Bind fields for the page; an empty textarea is empty, where the toolkit's macro would write the word None."""
    made = bound_fields(fields=fields, values=values, errors=errors)
    return tuple(
        replace(one, params=one.params | {"value": one.params["value"] or ""}) if one.kind == "textarea" else one
        for one in made
    )
