"""Polish readers are spoken to in one way: by "you" as a friend would, never half by "Sir or Madam"."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wherry.foundation.content import content_folder
from wherry.web.components import words

FORMAL = re.compile(r"\b(?:Pan|Pani|Pana|Panu|Panią)\b|\b[Pp]roszę\b|\bprosimy (?:dzwonić|zadzwonić)")
PROGRAMME = content_folder("programmes") / "covid_protect"
READ = [
    Path(words.__file__).parent / "words" / "pl.yaml",
    PROGRAMME / "messages" / "pl.yaml",
    PROGRAMME / "questionnaire.yaml",
    PROGRAMME / "triage.yaml",
]


@pytest.mark.parametrize("file", READ, ids=lambda file: file.name)
def test_no_polish_words_mix_two_ways_of_speaking_to_somebody(file: Path) -> None:
    lines = [line for line in file.read_text().splitlines() if not line.startswith("stop_words")]
    assert [line.strip() for line in lines if FORMAL.search(line)] == []
