"""Values that many people bear (a number typed to fill a box, a birth date nobody knew) neither join nor overwhelm."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.linking import land
from wherry.people.linkage import actions, pairing
from wherry.population import Store

_GIVEN = ("Ada", "Bela", "Cora", "Dora", "Elsa", "Fern", "Gwen", "Hope", "Iris", "June")
_FAMILY = ("Rix", "Woodrow", "Gurney", "Paston", "Kett", "Browne", "Fenn", "Blake", "Crome", "Opie", "Sharp", "Utting")


def _people(number: str | None, born: str = "") -> list[tuple[str, str | None, str, str, str]]:
    everybody = [(given, family) for family in _FAMILY for given in _GIVEN]
    return [
        (str(place), number, given, family, born or f"{1930 + place // 2}-03-{place % 28 + 1:02d}")
        for place, (given, family) in enumerate(everybody)
    ]


def test_a_number_on_everybody_s_record_joins_nobody_and_is_counted(tmp_path: Path) -> None:
    land(tmp_path, 1, _people("9990000131"))
    land(tmp_path, 2, _people("9990000131"))
    report = actions.link(store=Store(tmp_path), by="Ada")
    assert (report.persons, report.review, report.nobodys_numbers) == (120, 0, 1)


def test_one_person_s_many_records_are_one_person(tmp_path: Path) -> None:
    visits = [(str(place), "9990000131", "Jane", "Woodrow", "1950-03-07") for place in range(150)]
    land(tmp_path, 1, [*visits, ("150", "9990000131", "Jane", "Rix", "1950-03-07")])
    report = actions.link(store=Store(tmp_path), by="Ada")
    assert (report.records, report.persons, report.nobodys_numbers) == (151, 1, 0)


def test_a_birth_date_nobody_knew_is_not_what_pairs_are_looked_for_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    block = pairing._block
    monkeypatch.setattr(pairing, "_block", lambda connection: tried.append(block(connection)) or tried[-1])
    land(tmp_path, 1, _people(None, born="1900-01-01"))
    actions.link(store=Store(tmp_path), by="Ada")
    monkeypatch.setattr(pairing, "CROWDED", 9)
    actions.link(store=Store(tmp_path), by="Ada")
    assert tried[0] > 7_000 and tried[1] == 0
