"""Where a list stands, how somebody came onto it, and what a clinician decided."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass


class ListState(enum.StrEnum):
    """in_review → signed → superseded. A signed list never changes; a new run makes a new one."""

    IN_REVIEW = "in_review"
    SIGNED = "signed"
    SUPERSEDED = "superseded"


class Origin(enum.StrEnum):
    STRATIFIED = "stratified"
    ADDED = "added"


class Verdict(enum.StrEnum):
    """What a clinician decided of an entry. `kept` is the run's own proposal, standing until somebody objects."""

    KEPT = "kept"
    REMOVED = "removed"


class SinceLast(enum.StrEnum):
    """How somebody stands against the list in force when a new one is made; empty where there was none."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class AskedAgain(enum.StrEnum):
    """Why a clinician's decision no longer stands and the question is put again. Only a person answers it."""

    EXPIRED = "expired"
    NEW_EVIDENCE = "new_evidence"


@dataclass(frozen=True)
class Decided:
    """A decision as it was made: on whom, what, why, by whom, until when, and on which criteria it rested."""

    population_id: str
    origin: Origin
    verdict: Verdict
    reason: str
    decided_by: str
    decided_at: dt.datetime
    expires_on: dt.date | None
    criteria: frozenset[str]


@dataclass(frozen=True)
class Standing:
    """Where somebody stood on the list in force."""

    category: str
    tier: int
    criteria: frozenset[str]
