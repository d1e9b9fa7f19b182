"""`review.yaml`: who may change the list, and why."""

from __future__ import annotations

from typing import Any

from wherry.journeys.show_programme.saying import first_up, listed, many, said, spaced, take
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part, Said

TITLE = "Who may change the list, and why"
_KINDS = {
    "add": "Somebody may be added",
    "remove": "Somebody may be taken off",
    "keep": "Somebody may be kept on",
}


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say each kind of decision: by whom, for which reasons, and for how long it stands."""
    items = [_decision(kind, title, take(rest, kind)) for kind, title in _KINDS.items() if kind in rest]
    if "sign" in rest:
        roles = first_up(listed(map(spaced, take(rest["sign"], "roles"))))
        items.append(Item("sign", "The list is signed", (said("By", roles),), ("sign",)))
    return (Part("", tuple(items)),)


def _decision(kind: str, title: str, one: Any) -> Item:
    told = [said("By", first_up(listed(map(spaced, take(one, "roles")))))]
    told += [_reason(reason) for reason in take(one, "reasons")]
    return Item(kind, title, tuple(told), (kind,))


def _reason(one: Any) -> Said:
    code, words, days = (take(one, key) for key in ("code", "words", "expires_after_days"))
    return said(f"Reason ({code})", f"{words}. Asked about again after {many(days, 'day')}")
