"""The demonstration, its worker and its database killed without warning, then run again: nothing may show for it."""

from __future__ import annotations

import os

import pytest

from tests.faults.kills import TARGETS, run


@pytest.fixture
def an_environment_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the tests' home, role and settings from the programs that are started."""
    for name in list(os.environ):
        if name.startswith("WHERRY_") or name == "DJANGO_SETTINGS_MODULE":
            monkeypatch.delenv(name)


@pytest.mark.slow
def test_whatever_is_killed_a_run_begun_again_ends_as_if_nothing_had_happened_h_05(
    an_environment_of_its_own: None,
) -> None:
    # All three in one run, one after another: harder to survive than each alone, which `make faults` tries too.
    report = run(each=1, people=500, days=1, seed=7, together=True, say=print)

    assert report.passed, report
    assert set(report.kills) == set(TARGETS)
