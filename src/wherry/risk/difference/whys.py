"""Why one person's place differs, decided from what held in each run. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wherry.risk.difference.sides import Side
from wherry.risk.difference.types import Why
from wherry.risk.rules import FACT_TESTS, bounds, evidence_window
from wherry.risk.types import Age, Demographic, Reason

KIND_WORDS = {
    "died": "recorded as having died",
    "gone": "no longer in the store",
    "new_person": "not in the store before",
    "recorded": "newly recorded",
    "into_window": "now inside the time a rule looks at",
    "expired": "now outside the time a rule looks at",
    "not_recorded": "no longer in the records",
    "overtaken": "ended, or something newer counts instead",
    "counts_no_longer": "no longer counts",
    "aged": "by age",
    "details": "their details differ",
    "rule_new": "a new rule",
    "rule_changed": "a changed rule",
    "rule_gone": "a rule taken out",
    "regrouped": "groups, tiers or categories changed",
}
Recorded = frozenset[tuple[object, ...]]


@dataclass(frozen=True)
class Known:
    """
    What one run knew of one person. fired: the criteria that held, groups not among them; reasons: those told.

    recorded: (code, date, source) of every readable fact, None where no evidence is kept; there, dead: as persons says.
    """

    fired: frozenset[str] = frozenset()
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    recorded: Recorded | None = None
    there: bool = True
    dead: bool = False


def whys_of(*, before: Side, after: Side, was: Known, now: Known, changed_rules: frozenset[str]) -> tuple[Why, ...]:
    """Say why somebody's place differs, in the definitions' order; never nothing."""
    if not now.there:
        return (_why("gone", None, "their record"),)
    if now.dead and not was.dead:
        return (_why("died", None, "the person"),)
    found = [_why("new_person", None, "their record")] if not was.there else []
    found += [
        _came(name, before, after, was, now, changed_rules) for name in after.criteria if name in now.fired - was.fired
    ]
    found += [
        _went(name, before, after, was, now, changed_rules) for name in before.criteria if name in was.fired - now.fired
    ]
    return tuple(found) or (_why("regrouped", None, "the definition"),)


def _came(name: str, before: Side, after: Side, was: Known, now: Known, changed_rules: frozenset[str]) -> Why:
    test, reason = after.criteria[name].test, now.reasons.get(name)
    words = reason.words if reason else after.criteria[name].words
    if name in changed_rules:
        return _why("rule_changed" if name in before.criteria else "rule_new", name, words)
    if isinstance(test, Age):
        return _why("aged", name, words)
    if isinstance(test, Demographic):
        return _why("details", name, words)
    known_before = reason and was.recorded is not None and _mark(reason) in was.recorded
    return _why("into_window" if known_before else "recorded", name, words)


def _went(name: str, before: Side, after: Side, was: Known, now: Known, changed_rules: frozenset[str]) -> Why:
    test, reason = before.criteria[name].test, was.reasons.get(name)
    words = reason.words if reason else before.criteria[name].words
    if name not in after.criteria:
        return _why("rule_gone", name, words)
    if name in changed_rules:
        return _why("rule_changed", name, words)
    if isinstance(test, Age):
        return _why("aged", name, words)
    if isinstance(test, Demographic):
        return _why("details", name, words)
    if reason and reason.date and isinstance(test, FACT_TESTS):
        first, last = bounds(window=evidence_window(test=test), as_of=after.as_of)
        if not first <= reason.date <= last:
            return _why("expired", name, words)
    if now.recorded is None or reason is None:
        return _why("counts_no_longer", name, words)
    return _why("overtaken" if _mark(reason) in now.recorded else "not_recorded", name, words)


def _mark(reason: Reason) -> tuple[object, ...]:
    return (reason.code, reason.date, reason.source)


def _why(kind: str, criterion: str | None, words: str) -> Why:
    return Why(kind, criterion, f"{words}: {KIND_WORDS[kind]}")
