"""Which contact point is the best one, which wishes hold today, and when an address must be held."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable

from wherry.foundation.identifiers import parse_postcode
from wherry.people.types import ContactKind, ContactPoint, Wish, WishKind

_LONG_AGO = dt.date.min


def active_wishes(*, wishes: Iterable[Wish], day: dt.date) -> tuple[Wish, ...]:
    """
    Keep the wishes that hold on a day: recorded by then and not ended before it.

    A wish recorded for a later day does not hold yet, save `stop`: somebody who said stop is stopped at once,
    whatever a feed's clock says.
    """
    return tuple(
        wish
        for wish in wishes
        if (wish.recorded_on <= day or wish.kind is WishKind.STOP) and (wish.ends_on is None or day <= wish.ends_on)
    )


def wish_values(*, wishes: Iterable[Wish], kind: WishKind, day: dt.date) -> tuple[str, ...]:
    """Give the values of the active wishes of one kind, trimmed and in lower case, newest first."""
    held = [wish for wish in active_wishes(wishes=wishes, day=day) if wish.kind is kind]
    return tuple(wish.value.strip().lower() for wish in sorted(held, key=lambda wish: wish.recorded_on, reverse=True))


def paused_until(*, wishes: Iterable[Wish], day: dt.date) -> dt.date | None:
    """Give the last day of the longest pause somebody asked for, or None. A pause without an end is none: see stop."""
    held = [one.ends_on for one in active_wishes(wishes=wishes, day=day) if one.kind is WishKind.PAUSE and one.ends_on]
    return max(held, default=None)


def preferred_language(*, wishes: Iterable[Wish], language: str, day: dt.date) -> str:
    """Give the language to use: the newest active wish, else what the record says. Two-letter codes as recorded."""
    return next((value for value in wish_values(wishes=wishes, kind=WishKind.LANGUAGE, day=day) if value), language)


def _newness(point: ContactPoint) -> tuple[bool, dt.date, dt.date, str, str]:
    # Source and value only break ties, so that the same points always give the same answer.
    verified = point.verified_on or _LONG_AGO
    return (point.verified_on is not None, verified, point.recorded_on, point.source, point.value)


def best_contact_point(
    *, contact_points: Iterable[ContactPoint], kind: ContactKind, but_not: Collection[str] = ()
) -> ContactPoint | None:
    """
    Choose the newest verified contact point of a kind, else the newest recorded, else None.

    but_not: values already known not to work.
    """
    usable = [p for p in contact_points if p.kind is kind and p.value.strip() and p.value not in but_not]
    return max(usable, key=_newness, default=None)


def _postcode_and_numbers(address: str) -> tuple[str, tuple[str, ...], str]:
    words = re.findall(r"[a-z0-9]+", address.lower())
    # A postcode is the last two words, or one where it is written without its space; numbers of doors stand before it.
    held = next((count for count in (2, 1) if parse_postcode("".join(words[-count:]))), 0)
    postcode = "".join(words[-held:]) if held else ""
    before = words[: len(words) - held]
    return postcode, tuple(word for word in before if any(letter.isdigit() for letter in word)), "".join(words)


def same_address(one: str, other: str) -> bool:
    """
    Say whether two one-line addresses are the same door: same words, or same postcode and same numbers.

    "12 High Street, NR1 1AA" is "12 High St., NR1 1AA"; two named houses on one postcode are not the same.
    """
    first_postcode, first_numbers, first_words = _postcode_and_numbers(one)
    other_postcode, other_numbers, other_words = _postcode_and_numbers(other)
    if first_words == other_words:
        return True
    return bool(first_postcode and first_numbers) and (first_postcode, first_numbers) == (other_postcode, other_numbers)


def is_address_held(*, contact_points: Iterable[ContactPoint]) -> bool:
    """
    Say whether sources disagree where a person lives, so that no letter may go.

    Each source speaks through its newest address. A verified address settles every disagreement recorded up to the
    day it was verified; a different address recorded later opens it again.
    Hazards: H-04 (an address shown or written to by mistake).
    """
    newest: dict[str, ContactPoint] = {}
    for point in contact_points:
        if point.kind is ContactKind.ADDRESS and point.value.strip():
            newest[point.source] = max(
                newest.get(point.source, point), point, key=lambda p: (p.recorded_on, _newness(p))
            )
    settled = best_contact_point(contact_points=newest.values(), kind=ContactKind.ADDRESS)
    if settled is None:
        return False
    others = (point for point in newest.values() if not same_address(point.value, settled.value))
    return any(settled.verified_on is None or point.recorded_on > settled.verified_on for point in others)
