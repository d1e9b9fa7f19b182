"""`measures.yaml`: how we know whether it works, and for whom."""

from __future__ import annotations

from typing import Any

from wherry.journeys.show_programme.saying import listed, said, spaced, take
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part, Shape

TITLE = "How we know whether it works"


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say each measure, what is hidden, and which looks at people somebody is asked about."""
    about = []
    if "small_numbers_below" in rest:
        words = f"Numbers below {take(rest, 'small_numbers_below')} are never shown"
        about.append(Item("small_numbers_below", "Small numbers", (said("", words),), ("small_numbers_below",)))
    if "by" in rest:
        words = listed(map(_group, take(rest, "by")))
        about.append(Item("by", "Each is shown by", (said("", words),), ("by",)))
    looks = [_looks(take(rest, "unusual_looks"))] if "unusual_looks" in rest else []
    measures = tuple(_measure(at, one) for at, one in enumerate(take(rest, "measures")))
    return (Part("", (*about, *looks)), Part("The measures", measures, Shape.TABLE))


def _group(name: str) -> str:
    return {"imd_decile": "deprivation"}.get(name, spaced(name))


def _looks(one: Any) -> Item:
    told = []
    if "people" in one and "times_the_middle" in one:
        words = (
            f"More than {take(one, 'people')} people, and more than {take(one, 'times_the_middle')} times the middle"
        )
        told.append(said("So many", words))
    if "same_person" in one:
        told.append(said("So often", f"One person {take(one, 'same_person')} times"))
    if "from" in one and "to" in one:
        told.append(said("At night", f"From {take(one, 'from')} to {take(one, 'to')}"))
    return Item("unusual_looks", "Looks at people that are asked about", tuple(told), ("unusual_looks",))


def _measure(at: int, one: Any) -> Item:
    code, words = take(one, "id"), take(one, "words")
    told = (said("Counts", spaced(take(one, "count"))), said("Out of", spaced(take(one, "of"))))
    return Item(f"measures.{code}", words, told, ("measures", at), code=str(code))
