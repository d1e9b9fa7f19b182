"""What people's answers ask of every run: which records stay together, which stay apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from wherry.people.linkage.types import Answer, Bound, Same, Verdict


def standing(*, answers: Iterable[Answer]) -> dict[tuple[str, str], Answer]:
    """Give the answer that stands for each pair: the latest that decides; `unsure` takes nothing back."""
    ordered = sorted(answers, key=lambda one: one.number)
    return {(one.left, one.right): one for one in ordered if one.verdict is not Verdict.UNSURE}


def binding(*, answers: Iterable[Answer]) -> Bound:
    """Give what the answers ask of a run, in whatever order they are handed over."""
    ordered = sorted(answers, key=lambda one: one.number)
    stands = standing(answers=ordered)
    sayers: dict[tuple[str, str], set[str]] = {}
    for one in ordered:
        pair = (one.left, one.right)
        if one.verdict is Verdict.SAME:
            sayers.setdefault(pair, set()).add(one.by)
        elif one.verdict is Verdict.NOT_SAME:
            sayers.pop(pair, None)
    same: list[Same] = []
    proposed: list[Same] = []
    for pair, one in stands.items():
        if one.verdict is Verdict.SAME:
            is_seconded = len(sayers[pair]) > 1
            (same if is_seconded or not one.needs_second else proposed).append(Same(*pair, one.number, is_seconded))
    apart: dict[str, set[str]] = {}
    for (left, right), one in stands.items():
        if one.verdict is Verdict.NOT_SAME:
            apart.setdefault(left, set()).add(right)
            apart.setdefault(right, set()).add(left)
    return Bound(
        same=tuple(sorted(same, key=lambda one: -one.number)),
        proposed=tuple(sorted(proposed, key=lambda one: -one.number)),
        apart={record: frozenset(others) for record, others in apart.items()},
    )
