"""Whatever arrives, a line is decided or says why, and a broken programme is named and never crashes the check."""

from __future__ import annotations

import copy
import dataclasses
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wherry.commands.triage import decide_lines
from wherry.foundation.content import content_folder
from wherry.journeys.check_programme import check, checking
from wherry.journeys.read_programme import triage_table
from wherry.programmes.files import load
from wherry.programmes.types import KeyPath, ProgrammeFiles, Section
from wherry.triage import proof

FILES = load(content_folder("programmes") / "covid_protect")
TABLE = triage_table(files=FILES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON,
        "answers": JSON | st.dictionaries(st.sampled_from(list(TABLE.questionnaire.questions)), JSON, max_size=3),
        "context": JSON | st.dictionaries(st.sampled_from(["tier", "age"]), JSON, max_size=2),
    },
)
LINES = st.lists(NEARLY.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=30), max_size=6)


@given(lines=LINES)
@settings(max_examples=300, deadline=None)
def test_every_line_that_is_not_blank_gets_one_answer(lines: list[bytes]) -> None:
    written = list(decide_lines(definition=TABLE, lines=lines))

    blank = sum(not (line.removeprefix(b"\xef\xbb\xbf") if at == 0 else line).strip() for at, line in enumerate(lines))
    assert len(written) == len(lines) - blank
    for content, is_right in written:
        assert ("error" in json.loads(content)) is not is_right
        assert content.count(b"\n") == 1


VALUES = (None, 0, -1, 3.5, "", "x", "no", True, False, [], {}, ["a"], {"a": 1}, "at least at_rest", "2026-02-30")


def _paths(value: Any, where: KeyPath = ()) -> list[KeyPath]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [where, *(path for key, one in pairs for path in _paths(one, (*where, key)))]


def _damaged(section: Section, chance: random.Random) -> Section:
    data = copy.deepcopy(section.data)
    path = chance.choice(_paths(data)[1:])
    here = data
    for key in path[:-1]:
        here = here[key]
    if chance.random() < 0.3:
        del here[path[-1]]
    else:
        here[path[-1]] = copy.deepcopy(chance.choice(VALUES))
    return dataclasses.replace(section, data=data)


def _once(work: Callable[..., Any], *reads: str) -> Callable[..., Any]:
    """Do a costly piece of a check once for each damage to what it reads. Keeps what it saw, so that ids stay apart."""
    done: dict[tuple[int, ...], tuple[Any, Any]] = {}

    def remembered(files: ProgrammeFiles, *more: Any) -> Any:
        key = tuple(id(files.sections.get(name)) for name in reads)
        if key not in done:
            done[key] = (work(files, *more), files)
        return done[key][0]

    return remembered


WHO_IS_FOUND = _once(checking.risk_case_problems, "risk")
WHERE_NEEDS_GO = _once(checking.routing_problems, "programme", "services", "triage", "questionnaire")


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_programme_is_named_and_never_crashes_the_check(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "MOST_ENUMERATED", 50)
    monkeypatch.setattr(proof, "_SAMPLE", 20)
    monkeypatch.setattr(checking, "risk_case_problems", WHO_IS_FOUND)
    monkeypatch.setattr(checking, "routing_problems", WHERE_NEEDS_GO)
    chance = random.Random(seed)
    for _ in range(12):
        name = chance.choice(sorted(FILES.sections))
        sections = {**FILES.sections, name: _damaged(FILES.sections[name], chance)}

        found = check(files=dataclasses.replace(FILES, sections=sections)).problems

        assert all(problem.what and problem.mend and problem.line >= 0 for problem in found)
