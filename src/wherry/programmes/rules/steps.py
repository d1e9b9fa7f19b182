"""Times of contact: a place may reach people sooner and more often, never later or less often."""

from __future__ import annotations

from typing import Any

from wherry.programmes.rules.directions import ordered


def no_later(central: Any, resolved: Any) -> bool:
    """A step of the cadence comes as soon after the opening as the centre's, days and hours together."""
    if not isinstance(central, dict) or not isinstance(resolved, dict):
        return True
    return _hours(resolved) <= _hours(central)


def _hours(step: dict[str, Any]) -> float:
    return (ordered(step.get("after_days")) or 0) * 24 + (ordered(step.get("after_hours")) or 0)


def tried_as_often(central: Any, resolved: Any) -> bool:
    """There are as many waits between tries as centrally, and none is longer. Waits in hours."""
    if not isinstance(central, list) or not isinstance(resolved, list) or len(resolved) < len(central):
        return False
    waits = [(ordered(before), ordered(after)) for before, after in zip(central, resolved, strict=False)]
    return all(before is not None and after is not None and after <= before for before, after in waits)
