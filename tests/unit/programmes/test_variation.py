"""How places differ, as plain values: every key once, each place's own value, the centre's, and who agreed to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from tests.support.overlays import covid_protect, laid
from wherry.journeys.see_variation import Variation, ago, as_plain, lines_of, variation
from wherry.programmes.types import ProgrammeFiles

ON = dt.date(2026, 3, 1)


def in_place(place: str, changes: dict[str, Any]) -> ProgrammeFiles:
    sections, origins = laid(changes) if changes else (covid_protect().sections, {})
    return replace(covid_protect(), sections=sections, origins=origins, place=place)


def told(**changes: dict[str, Any]) -> Variation:
    return variation(
        centre=covid_protect(), places={place: in_place(place, one) for place, one in changes.items()}, on=ON
    )


def test_one_key_is_told_once_with_what_each_place_has() -> None:
    key = "cadence.steps.second_text.after_hours"

    found = as_plain(told(norwich={key: 5}, waveney={key: 4}, lowestoft={}))

    (one,) = found["differing"]
    assert (one["path"], one["subject"], one["central"]) == (key, "Second text", 6)
    assert {place: each["value"] for place, each in one["places"].items()} == {"norwich": 5, "waveney": 4}
    assert one["places"]["norwich"]["words"] == "after 5 hours instead of 6"
    assert (one["places"]["waveney"]["agreed_by"], one["places"]["waveney"]["age_days"]) == (
        "The board of the place",
        9,
    )
    assert one["as_centrally"] == ["lowestoft"]
    assert found["places"] == {"norwich": 1, "waveney": 1, "lowestoft": 0}


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("programme.red_flag_minutes", 1, "red flag 1 minute instead of 15"),
        ("cadence.contact_hours.opens", "09:00", "opens 09:00 instead of 08:00"),
        ("triage.rules.food_low.urgency", "today", "urgency today instead of soon"),
        ("services.services.food_parcel.shares.food", ["name", "address"], "food name, address"),
        ("triage.named_by_link", ["food"], "named by link food instead of food, medicines, essentials"),
        (
            "triage.rules.chest_pain.say.ro",
            "Call 999",
            "ro Call 999, where the centre has nothing",
        ),
    ],
)
def test_a_difference_reads_as_words(path: str, value: Any, words: str) -> None:
    found = told(norwich={path: value})

    assert found.chapters[0].differing[0].places[0].words == words


def test_what_a_place_adds_is_named_and_told_whole() -> None:
    new = {**covid_protect().sections["services"].data["services"][0], "code": "fridge", "name": {"en": "Fridge"}}

    lines = "\n".join(lines_of(told(norwich={"services.services.fridge": new}, waveney={})))

    assert "  Fridge   [services.services.fridge]" in lines
    assert "Norwich: has this of its own (agreed by The board of the place on 2026-02-20, 9 days ago)" in lines
    assert "Open: Monday to Saturday, 08:00 to 18:00" in lines
    assert "Not there: Waveney" in lines
    assert "Nothing of their own: Waveney" in lines


def test_a_whole_file_of_a_place_is_one_difference() -> None:
    romanian = {**covid_protect().sections["messages/en"].data, "language": "ro"}

    found = told(norwich={"messages/ro": romanian})

    assert [one.path for chapter in found.chapters for one in chapter.differing] == ["messages/ro"]


def test_nobody_differs() -> None:
    found = told(norwich={}, waveney={})

    assert found.chapters == ()
    assert list(lines_of(found)) == ["Nothing of their own: Norwich, Waveney"]


@pytest.mark.parametrize(
    ("days", "said"), [(0, "today"), (1, "yesterday"), (1200, "1,200 days ago"), (-3, "a day still to come")]
)
def test_how_old_an_agreement_is(days: int, said: str) -> None:
    assert ago(days) == said
