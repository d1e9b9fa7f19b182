"""What changed, as text: first what must not be overlooked, then chapter by chapter."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from wherry.journeys.compare_programmes.types import Change, Compared, Kind, Line, Outcomes
from wherry.journeys.compare_programmes.values import apart, in_words
from wherry.journeys.show_programme.saying import language, listed, many

#: Lines told of one thing: a list of codes may have thousands.
_MOST_LINES = 40
_KINDS = {
    Kind.NEW: "New",
    Kind.TAKEN_OUT: "Taken out",
    Kind.CHANGED: "Changed",
    Kind.RENAMED: "Renamed",
    Kind.REORDERED: "In another order",
}


def lines_of(found: Compared) -> Iterator[str]:
    """Write it line by line."""
    yield from _first(found)
    keys = {one.key for one in found.groups}
    for group in found.groups:
        yield from (group.title, "-" * len(group.title))
        for one in group.changes:
            yield from _change(one)
        if group.key == "triage" and found.outcomes:
            yield from _outcomes(found.outcomes)
        yield ""
    if found.outcomes and (found.outcomes.listed or found.outcomes.why_not) and "triage" not in keys:
        yield from (*_outcomes(found.outcomes), "")
    yield from found.notes
    yield counted(found)


def value_lines(found: Compared) -> Iterator[str]:
    """Write every value that differs by its path, then how many there are."""
    for one in found.values:
        old, new = apart(in_words(one["from"]), in_words(one["to"]))
        yield f"{one['path']}: {old} → {new}"
    yield counted(found)


def counted(found: Compared) -> str:
    """Say in one line how many changes there are, and from which version to which."""
    if not found.values and not found.groups:
        if found.before == found.after:
            return f"no changes; {found.after}"
        return f"no changes in any value, only in files or remarks no rule reads; {found.before} → {found.after}"
    number = len(found.values) or sum(len(group.changes) for group in found.groups)
    if found.before == found.after:
        return f"{many(number, 'change')}, in the places' own files; {found.after}"
    return f"{many(number, 'change')}; {found.before} → {found.after}"


def as_plain(found: Compared) -> dict[str, Any]:
    """Write what changed in plain values, for JSON: `words` by chapter, `outcomes` of the triage table."""
    return {
        "words": [
            {"chapter": group.key, "title": group.title, "changes": [_plain_change(one) for one in group.changes]}
            for group in found.groups
        ],
        "outcomes": dataclasses.asdict(found.outcomes) if found.outcomes else None,
        "notes": list(found.notes),
    }


def _plain_change(one: Change) -> dict[str, Any]:
    lines = [{"label": line.label, "from": line.before, "to": line.after, "lang": line.lang} for line in one.lines]
    return {
        "kind": one.kind.value,
        "title": one.title,
        "code": one.code,
        "red_flag": one.is_grave,
        "remark": one.remark,
        "lines": lines,
    }


def _first(found: Compared) -> Iterator[str]:
    """Say what a clinician must look at before anything else."""
    lines = []
    outcomes = found.outcomes
    if outcomes and outcomes.red_flags_lost:
        lines.append(f"  RED FLAG LOST: some answers no longer raise {listed(outcomes.red_flags_lost)}")
    if outcomes and outcomes.less_urgent:
        lines.append("  LESS URGENT: some answers are less urgent than before")
    lines += [
        f"  RED FLAG {_KINDS[one.kind].lower()}: {one.title} ({group.title.lower()})" for group, one in found.grave
    ]
    if lines:
        yield from ("Look at these first", "-------------------", *lines, "")


def _change(one: Change) -> Iterator[str]:
    code = f" ({one.code})" if one.code and one.code != one.title else ""
    flag = "RED FLAG: " if one.is_grave else ""
    yield f"  {flag}{_KINDS[one.kind]}: {one.title}{code}"
    yield from (f"      {_line(line, one.kind)}" for line in one.lines[:_MOST_LINES])
    if len(one.lines) > _MOST_LINES:
        yield f"      and {len(one.lines) - _MOST_LINES:,} more; --values lists every one"
    if one.remark:
        yield f"      ! {one.remark}"


def _line(line: Line, kind: Kind) -> str:
    label = ", ".join(part for part in (line.label, f"in {language(line.lang)}" if line.lang else "") if part)
    begin = f"{label}: " if label else ""
    if kind in (Kind.NEW, Kind.TAKEN_OUT):
        return f"{begin}{line.before or line.after}"
    if not line.before or not line.after:
        return f"{'Taken out' if line.before else 'Added'}: {begin}{line.before or line.after}"
    shared = _shared(line.before, line.after)
    before, after = apart(line.before.removeprefix(shared), line.after.removeprefix(shared))
    return f"{begin}{shared}{before} → {after}"


def _shared(before: str, after: str) -> str:
    """Give what both begin with, up to a colon, so that it is said once."""
    head, colon, _ = before.partition(": ")
    return f"{head}{colon}" if colon and after.startswith(f"{head}{colon}") else ""


def _outcomes(found: Outcomes) -> Iterator[str]:
    if found.why_not:
        yield f"  What answers come to could not be compared: {found.why_not}"
        return
    yield f"  What answers come to: {found.told}."
    for one in found.listed:
        marks = "".join(f"{mark}: " for mark in one.marks)
        yield f"    {marks}{one.answers}: {'; '.join(one.comes_to)} [{many(one.combinations, 'combination')}]"
