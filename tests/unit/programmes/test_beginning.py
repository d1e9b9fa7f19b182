"""A new programme is begun from the smallest one, which passes every check in each of its places."""

from __future__ import annotations

from pathlib import Path

import pytest

from wherry.foundation.content import content_folder
from wherry.journeys.check_programme import check
from wherry.programmes.beginning import MARK, begin
from wherry.programmes.errors import CannotBeginHere
from wherry.programmes.files import load

TEMPLATE = content_folder("programmes") / "templates" / "smallest"


@pytest.mark.parametrize("place", [None, "norwich", "waveney"])
def test_what_is_begun_passes_every_check_under_its_own_name(tmp_path: Path, place: str | None) -> None:
    begin(directory=tmp_path / "flood_small")

    files = load(tmp_path / "flood_small", place=place)

    assert [str(problem) for problem in check(files=files).problems] == []
    assert files.sections["programme"].data["code"] == "flood_small"
    assert files.sections["programme"].data["name"] == "Flood small"
    assert files.sections["questionnaire"].data["url"].endswith("/flood_small")


def test_every_file_is_written_and_its_places_to_fill_are_marked(tmp_path: Path) -> None:
    written = begin(directory=tmp_path / "flood")

    assert len(written) == sum(1 for file in TEMPLATE.rglob("*") if file.is_file())
    assert sum(file.read_text().count(MARK) for file in written) > 10


def test_nothing_that_stands_there_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "flood").mkdir()
    (tmp_path / "flood" / "mine.yaml").write_text("a: 1\n")

    with pytest.raises(CannotBeginHere, match="is not empty"):
        begin(directory=tmp_path / "flood")

    assert [file.name for file in (tmp_path / "flood").iterdir()] == ["mine.yaml"]


@pytest.mark.parametrize("name", ["Flood", "2026_flood", "flood-small", "f" * 61])
def test_a_name_that_is_no_code_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotBeginHere, match="cannot be a programme's code"):
        begin(directory=tmp_path / name)
