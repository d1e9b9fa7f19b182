"""The hazard log of the software, in the first programme: what comments name is there, by the published matrix."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wherry.foundation.content import content_folder
from wherry.governance.definition import hazards
from wherry.governance.definition.hazards import Likelihood, Severity, risk_level
from wherry.programmes.files import load

SHIPPED = content_folder("programmes") / "covid_protect"
ROOT = Path(__file__).resolve().parents[3]


def test_every_hazard_a_comment_names_is_in_the_log() -> None:
    known = {hazard.id for hazard in hazards.parse(load(SHIPPED).sections["hazards"])}
    named = {found for file in (ROOT / "src").rglob("*.py") for found in re.findall(r"\bH-\d\d\b", file.read_text())}

    assert named <= known


MATRIX = """
very_high 3 4 4 5 5
high      2 3 3 4 5
medium    2 2 3 3 4
low       1 2 2 3 4
very_low  1 1 2 2 3
"""


@pytest.mark.parametrize("row", [line.split() for line in MATRIX.strip().splitlines()], ids=lambda row: row[0])
def test_the_risk_matrix_is_the_published_one(row: list[str]) -> None:
    levels = [risk_level(severity=severity, likelihood=Likelihood(row[0])) for severity in Severity]

    assert levels == [int(level) for level in row[1:]]
