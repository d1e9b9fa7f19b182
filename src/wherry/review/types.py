"""Where a list stands, how somebody came onto it, and what a clinician decided."""

from __future__ import annotations

import enum


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
