"""
Whatever a place writes, either it is refused or nobody is worse off for it.

The law is stated in `tests/support/place_law.py` by what comes of a programme, not by how overlays are bound.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.support.drawn_overlays import a_change, a_programme
from tests.support.overlays import covid_protect, laid
from tests.support.place_law import Invalid, weaker
from wherry.programmes import overlay
from wherry.programmes.errors import ProgrammeUnreadable

LOST = (
    "a red flag is not seen",
    "soon becomes",
    "a need is not found",
    "is no longer spoken",
    "no longer found",
    "a lower tier",
    "is told more",
    "takes longer",
    "comes later",
    "at night",
)


def tried(many: int, *, shipped_too: bool) -> tuple[Counter[str], list[str]]:
    """Lay changes over small programmes and the shipped one; count what became of them, and gather what was lost."""
    became, lost = Counter[str](), list[str]()
    for number in range(many):
        chance = random.Random(number)  # each by itself: another word in the shipped programme changes no other draw
        shipped = shipped_too and number % 8 == 0
        sections = covid_protect().sections if shipped else a_programme(chance)
        change = a_change(chance, sections)
        try:
            resolved, _ = laid(change, sections=sections)
            worse = weaker(sections, resolved, chance, covid_protect().codelists if shipped else {})
        except ProgrammeUnreadable:
            became["refused"] += 1
        except Invalid:
            became["invalid"] += 1
        else:
            became["taken"] += 1
            lost += [f"{change}: {one}" for one in worse]
    return became, lost


def test_a_change_is_refused_or_makes_nobody_worse_off() -> None:
    became, lost = tried(200, shipped_too=True)

    assert lost == []
    assert became["taken"] > 40
    assert became["refused"] > 80


def test_the_law_sees_what_is_lost_where_nothing_is_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "bounds_broken", lambda **_: ())

    _, lost = tried(250, shipped_too=False)

    said = " ".join(lost)
    assert [worse for worse in LOST if worse not in said] == []
