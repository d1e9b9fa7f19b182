"""The tutorial that writes a small programme says what happens: every step done, every command run, in seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.walkthrough import Ran, follow, fresh_copy
from wherry.journeys.check_programme import check
from wherry.programmes.files import load

TUTORIAL = Path(__file__).resolve().parents[3] / "docs" / "tutorial_small_programme.md"
MEND = "python -m tests.support.walkthrough docs/tutorial_small_programme.md"


def test_every_step_does_what_the_tutorial_says_and_ends_with_a_programme_without_a_problem() -> None:
    with fresh_copy() as folder:
        ran = list(follow(TUTORIAL.read_text()))
        wrong = [f"line {one.line} prints:\n{one.printed}" for one in ran if not one.is_as_said]
        made = folder / "programmes" / "flood_small"
        left = [
            str(one) for place in (None, "norwich", "waveney") for one in check(files=load(made, place=place)).problems
        ]

    assert not wrong, "\n".join([*wrong, MEND])
    assert len(ran) > 10
    assert left == []


@pytest.mark.parametrize(
    ("said", "printed", "is_as_said"),
    [
        ("a\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("a …\n", "a long tail\n", True),
        ("a …\n", "a long\ntail\n", False),
        ("…\nz\n", "a\nb\nz\n", True),
        ("…\nz\n", "z\n", True),
        ("…\nz\n", "a\n", False),
        (None, "anything\n", True),
    ],
)
def test_an_ellipsis_stands_for_the_rest_of_a_line_or_for_lines(
    said: str | None, printed: str, is_as_said: bool
) -> None:
    assert Ran(1, said, printed).is_as_said is is_as_said


def test_a_change_that_finds_nothing_is_no_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("a: 1\n")

    with pytest.raises(AssertionError, match="holds `b: 1` 0 times"):
        list(follow("In `a.yaml`, change `b: 1` to `b: 2`."))
