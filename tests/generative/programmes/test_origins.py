"""Every value of a place knows who decided it, and where that is written."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.support.drawn_overlays import a_change
from tests.support.overlays import covid_protect, laid, written
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.rules.paths import name_of, named, value_at
from wherry.programmes.types import KeyPath, Layer, Origin, ProgrammeFiles


def leaves(value: Any, where: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, dict | list):
        yield where, value
    for key, one in pairs:
        yield from leaves(one, (*where, key))


def in_place(changes: dict[str, Any]) -> ProgrammeFiles:
    sections, origins = laid(changes)
    return replace(covid_protect(), sections=sections, origins=origins, place="norwich")


def said(origin: Origin, overlay: list[str]) -> str:
    lines = overlay if origin.layer is Layer.PLACE else Path(origin.file).read_text().splitlines()
    return lines[origin.line - 1]


def test_every_value_of_a_place_knows_who_decided_it_and_where_it_is_written() -> None:
    chance, seen = random.Random(11), Counter[Layer]()
    for _ in range(60):
        change = a_change(chance, covid_protect().sections)
        try:
            files = in_place(change)
        except ProgrammeUnreadable:
            continue
        section = next(iter(change)).split(".")[0]
        overlay = written(change).splitlines()
        central = covid_protect().sections[section].data
        for where, leaf in leaves(files.sections[section].data):
            origin = files.origin(section, *where)
            seen[origin.layer] += 1
            names = named(data=files.sections[section].data, where=where)
            if origin.layer is Layer.CENTRAL:
                assert value_at(data=central, keys=names) == leaf or leaf in plain_values(central), names
            else:
                assert (origin.place, origin.agreed_by) == ("norwich", "The board of the place")
                assert origin.path == ".".join((section, *map(str, names_as_written(files, section, where))))
                key = where[-1]
                assert str(key if isinstance(key, str) else leaf) in said(origin, overlay), (origin, overlay)
    assert seen[Layer.PLACE] > 20
    assert seen[Layer.CENTRAL] > 1000


def plain_values(value: Any) -> list[Any]:
    return [one for _, one in leaves(value)]


def names_as_written(files: ProgrammeFiles, section: str, where: KeyPath) -> tuple[str, ...]:
    return named(data=files.sections[section].data, where=where)


def test_a_value_below_an_added_item_has_its_own_line_and_the_places_name() -> None:
    new = {**covid_protect().sections["services"].data["services"][0], "code": "fridge", "capacity_per_day": 3}
    changes = {"services.services.fridge": new}

    files = in_place(changes)
    at = [name_of(one) for one in files.sections["services"].data["services"]].index("fridge")
    origin = files.origin("services", "services", at, "capacity_per_day")

    assert (origin.layer, origin.path) == (Layer.PLACE, "services.services.fridge.capacity_per_day")
    assert said(origin, written(changes).splitlines()).strip() == "capacity_per_day: 3"
    assert files.origin("services", "services", 0, "capacity_per_day").layer is Layer.CENTRAL


def test_what_the_centre_wrote_stays_the_centres_when_a_place_writes_it_out_again() -> None:
    before = covid_protect().sections["risk"].data["groups"]["at_social_risk"]["any"]
    files = in_place({"risk.groups.at_social_risk.any": [*before, "severe_obesity"]})

    origins = [files.origin("risk", "groups", "at_social_risk", "any", at) for at in range(len(before) + 1)]

    assert [one.layer for one in origins] == [Layer.CENTRAL] * len(before) + [Layer.PLACE]
    assert origins[0].file.endswith("covid_protect/risk.yaml")
    assert before[0] in Path(origins[0].file).read_text().splitlines()[origins[0].line - 1]
    assert origins[-1].central_value is None


def test_a_whole_file_a_place_adds_is_the_places() -> None:
    romanian = {**covid_protect().sections["messages/en"].data, "language": "ro"}

    files = in_place({"messages/ro": romanian})

    assert files.origin("messages/ro", "language").layer is Layer.PLACE
    assert files.origin("messages/en", "language").layer is Layer.CENTRAL
