"""NHS numbers that were replaced by another, from the newest list a sender gave; followed to the number in use."""

from __future__ import annotations

from collections.abc import Mapping

from wherry.feeds.queries import entries
from wherry.population.store import Store

_CONTRACT = "nhs_number_changes"


def numbers_in_use(*, store: Store) -> dict[str, str]:
    """Give old number → the number in use, for every number that was replaced, whatever came between."""
    rows = entries(store=store, contract=_CONTRACT)
    return followed(changes={row["old_nhs_number"]: row["new_nhs_number"] for row in rows})


def followed(*, changes: Mapping[str, str]) -> dict[str, str]:
    """
    Follow each change to its end. Pure.

    Numbers that lead back to themselves lead nowhere and are left as they are: a list at odds with itself joins nobody.
    """
    found: dict[str, str] = {}
    for old in changes:
        seen, now = {old}, changes[old]
        while now in changes and now not in seen:
            seen.add(now)
            now = changes[now]
        if now not in seen:
            found[old] = now
    return found
