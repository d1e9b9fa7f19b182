"""How the sandbox gateway misbehaves when told to: by seed and reference, so that a run can be repeated."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Fault(enum.StrEnum):
    """
    What goes wrong with one post.

    error_before, reset_before, busy: not taken · error_after, reset_after: taken, but the answer says otherwise ·
    late: taken only after `late_seconds`, when the client has long given up.
    """

    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    BUSY = "busy"
    LATE = "late"


@dataclass(frozen=True)
class Profile:
    """
    shares: fault → share of posts (0 to 1, in all at most 1); receipts_twice, receipts_reversed: for every message;
    receipt_seconds: how long after acceptance a receipt goes; header_allowed: `X-Sandbox-Fault` picks a fault.
    """

    seed: int = 0
    shares: Mapping[Fault, float] = field(default_factory=dict)
    late_seconds: float = 1.0
    receipt_seconds: float = 0.05
    receipts_twice: bool = False
    receipts_reversed: bool = False
    lookup_fails_share: float = 0.0

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Profile:
        """Read a profile from plain values. Raises ValueError, KeyError or TypeError when it is none."""
        shares = {Fault(name): float(share) for name, share in content.get("shares", {}).items()}
        if any(share < 0 for share in shares.values()) or sum(shares.values()) > 1:
            raise ValueError("shares lie between 0 and 1, in all")
        return cls(**{**content, "shares": shares})

    def _draw(self, *parts: object) -> float:
        text = ":".join(map(str, (self.seed, *parts)))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64

    def fault_for(self, *, reference: str, tries_before: int) -> Fault | None:
        """Choose what goes wrong with this try, the same for the same seed, reference and try."""
        draw = self._draw("post", reference, tries_before)
        for fault in Fault:
            share = self.shares.get(fault, 0.0)
            if draw < share:
                return fault
            draw -= share
        return None

    def lookup_fails(self, *, reference: str, moment: int) -> bool:
        """Say whether a look-up fails; `moment` varies from call to call, so it fails some time and not for ever."""
        return self._draw("find", reference, moment) < self.lookup_fails_share

    def receipts(self, *, arrives: bool) -> list[tuple[str, float]]:
        """List the receipts of a message: (status, seconds after acceptance), the final status last in the list."""
        final = "delivered" if arrives else "failed"
        early, late = self.receipt_seconds, self.receipt_seconds * 2
        order = (late, early) if self.receipts_reversed else (early, late)
        return [("sent", order[0]), (final, order[1])]
