"""The newest run a store keeps of a programme and place, beside the one before it, in counts."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wherry.population import Store
from wherry.population.writing import together
from wherry.risk.difference.comparing import compare_sides
from wherry.risk.difference.sides import Side, side_kept
from wherry.risk.difference.types import KINDS, Difference
from wherry.risk.evidence.kept import runs_kept


@dataclass(frozen=True)
class Cause:
    """So many people of a kind (entered, left, moved) by one cause; criterion in words, empty for none."""

    kind: str
    cause: str
    criterion: str
    people: int


@dataclass(frozen=True)
class Latest:
    """
    Two runs in counts, nobody's name or id: raw numbers, so hide small ones before showing.

    before, after: run ids, with their index dates; groups: by `deprivation` and `age`, (group, entered, left, moved);
    rules: (words, what changed).
    """

    before: str
    after: str
    before_on: str
    after_on: str
    entered: int
    left: int
    moved: int
    same: int
    causes: tuple[Cause, ...]
    rules: tuple[tuple[str, tuple[str, ...]], ...]
    groups: tuple[tuple[str, tuple[tuple[str, int, int, int], ...]], ...]


def latest(*, store: Store, of: str, place: str) -> Latest | None:
    """
    Compare the newest run with the one before, for people who live in a place; None before there are two.

    of: see `kept.of_what`. Worked out once and kept beside the evidence, since a page may be asked for again and again.
    """
    runs = runs_kept(store=store, of=of)
    if len(runs) < 2:
        return None
    before, after = runs[-2:]
    file = after.folder / "since.json"
    read = _read(file)
    if read is not None and (read.before, read.after) == (before.told["run"], after.told["run"]):
        return read
    one, other = side_kept(before), side_kept(after)
    found = _in_counts(compare_sides(one=one, other=other, place=place), one, other)
    with together(file) as (new,):
        new.write_text(json.dumps(dataclasses.asdict(found)), encoding="utf-8")
    return found


def _in_counts(found: Difference, one: Side, other: Side) -> Latest:
    def words(name: str | None) -> str:
        known = (other.criteria.get(name) or one.criteria.get(name)) if name else None
        return known.words if known else ""

    return Latest(
        before=found.before,
        after=found.after,
        before_on=found.before_on,
        after_on=found.after_on,
        **{kind: found.count(kind) for kind in KINDS},
        same=found.same,
        causes=tuple(
            Cause(kind, cause, words(name), number)
            for kind in KINDS
            for (cause, name), number in found.causes(kind).items()
        ),
        rules=tuple((rule.words, rule.what) for rule in found.rules),
        groups=tuple(
            (by, tuple((part, *row) for part, row in rows.items()))
            for by, rows in found.groups.items()
            if by != "place"
        ),
    )


def _read(file: Path) -> Latest | None:
    try:
        told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        causes = tuple(Cause(**each) for each in told.pop("causes"))
        rules = tuple((words, tuple(what)) for words, what in told.pop("rules"))
        groups = tuple((by, tuple(tuple(row) for row in rows)) for by, rows in told.pop("groups"))
        return Latest(causes=causes, rules=rules, groups=groups, **told)
    except (OSError, ValueError, KeyError, TypeError):
        return None
