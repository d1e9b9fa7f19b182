"""`hazards.yaml`: what could go wrong, and what is done against it."""

from __future__ import annotations

from typing import Any

from wherry.journeys.show_programme.saying import first_up, listed, said, spaced, take
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part, Said, Words

TITLE = "What could go wrong, and what is done against it"
_TEXTS = {"hazard": "Hazard", "effect": "What would happen", "harm": "Harm"}


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say every hazard of the log."""
    return (Part("", tuple(_hazard(at, one) for at, one in enumerate(take(rest, "hazards")))),)


def _hazard(at: int, one: Any) -> Item:
    code, description = str(take(one, "id")), take(one, "description")
    flags = take(one, "red_flags", ())
    told = [said(title, take(one, key)) for key, title in _TEXTS.items() if key in one]
    told += [said("Causes", *take(one, "causes"))] if "causes" in one else []
    told += [said("The red flags it is about", listed(map(spaced, flags)))] if flags else []
    told += [_rating("Before controls", take(one, "initial"))] if "initial" in one else []
    if "existing_controls" in one:
        told.append(said("What was done already", *(take(one, "existing_controls") or ["nothing"])))
    told += [_control(number, control) for number, control in enumerate(take(one, "added_controls", ()), start=1)]
    told += [_rating("With controls", take(one, "residual"))] if "residual" in one else []
    for key, title in (
        ("owner", "Owner"),
        ("status", "Status"),
        ("evidence", "Evidence"),
        ("signed_off_by", "Signed off by"),
    ):
        told += [said(title, take(one, key))] if key in one else []
    return Item(f"hazards.{code}", f"{code}: {description}", tuple(told), ("hazards", at), is_grave=bool(flags))


def _rating(label: str, one: Any) -> Said:
    return said(label, f"Severity {spaced(take(one, 'severity'))}, likelihood {spaced(take(one, 'likelihood'))}")


def _control(number: int, one: Any) -> Said:
    tests = take(one, "tests", ())
    words = (Words(f"{first_up(str(take(one, 'kind')))}: {take(one, 'words')}"),)
    return Said(f"Control {number}", (*words, *(Words(f"Shown by {name}") for name in tests)))
