"""Records joined one pair at a time, each join asked first whether it may be: by the rules, and by people's answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from wherry.people.linkage.rules import conflict
from wherry.people.linkage.types import Bound, ForReview, Pair, Record, Same

SAID_APART = "somebody said they are not the same"
ONE_WORD = "somebody said they are the same, and they conflict: a second person must say so too"


class Joining:
    """
    The clusters so far.

    Records that two people said are one, though they conflict, count as one record with several versions: a further
    record conflicts with them only when it conflicts with every version. Their NHS numbers count as one number.
    """

    def __init__(self, *, records: Mapping[str, Record], bound: Bound) -> None:
        self.members = {record_id: [record_id] for record_id in records}
        self.joined_by: dict[str, Pair] = {}
        self.refused: list[ForReview] = []
        self._records = dict(records)
        self._apart = bound.apart
        self._bearing: dict[str, list[str]] | None = None
        self._versions: dict[str, tuple[str, ...]] = {record_id: (record_id,) for record_id in records}
        here = [one for one in bound.same if one.left in records and one.right in records]
        for one in sorted(here, key=lambda one: (not one.is_seconded, -one.number)):
            self._follow(one)
        for one in bound.proposed:
            if one.left in records and one.right in records:
                self.refused.append(ForReview(_said(one), ONE_WORD))

    def join(self, pair: Pair) -> bool:
        """Join the clusters of two records, or say why not. False when they stay apart."""
        return self._join(pair, why=self._why_not(pair))

    def are_together(self, pair: Pair) -> bool:
        """Say whether two records are in one cluster."""
        return self.members[pair.left] is self.members[pair.right]

    def are_said_apart(self, pair: Pair) -> bool:
        """Say whether somebody said that a record of the one's cluster is not a record of the other's."""
        left, right = self.members[pair.left], self.members[pair.right]
        return bool(self._apart) and any(not self._apart.get(one, frozenset()).isdisjoint(right) for one in left)

    def _follow(self, said: Same) -> None:
        pair = _said(said)
        if not said.is_seconded:
            why = self._why_not(pair)
            self._join(pair, why=why if why in (None, SAID_APART) else ONE_WORD)
        elif self._join(pair, why=self._why_not(pair, but_for=self._around(pair))):
            self._make_versions(pair)

    def _around(self, pair: Pair) -> frozenset[str]:
        return frozenset({*self._versions[pair.left], *self._versions[pair.right]})

    def _join(self, pair: Pair, *, why: str | None) -> bool:
        left, right = self.members[pair.left], self.members[pair.right]
        if left is right:
            return True
        if why:
            self.refused.append(ForReview(pair, why))
            return False
        left.extend(right)
        for record_id in right:
            self.members[record_id] = left
        for record_id in (pair.left, pair.right):
            self.joined_by.setdefault(record_id, pair)
        return True

    def _why_not(self, pair: Pair, *, but_for: frozenset[str] = frozenset()) -> str | None:
        left, right = self.members[pair.left], self.members[pair.right]
        if left is right:
            return None
        if self.are_said_apart(pair):
            return SAID_APART
        for one in self._by_versions(left):
            for other in self._by_versions(right):
                if one[0] in but_for and other[0] in but_for:
                    continue
                found = self._conflict_of(one, other)
                if found:
                    return found
        return None

    def _by_versions(self, members: Iterable[str]) -> Iterable[tuple[str, ...]]:
        return dict.fromkeys(self._versions[record_id] for record_id in members)

    def _conflict_of(self, one: Iterable[str], other: Iterable[str]) -> str | None:
        found = ""
        for left in one:
            for right in other:
                why = conflict(left=self._records[left], right=self._records[right])
                if why is None:
                    return None
                found = found or str(why)
        return found

    def _make_versions(self, pair: Pair) -> None:
        versions = tuple(sorted(self._around(pair)))
        for record_id in versions:
            self._versions[record_id] = versions
        numbers = sorted({number for each in versions if (number := self._records[each].nhs_number)})
        for number in numbers[1:]:
            self._count_as(number, numbers[0])

    def _count_as(self, number: str, first: str) -> None:
        """Compare whatever bears the one number as if it bore the other."""
        if self._bearing is None:
            self._bearing = {}
            for record_id, record in self._records.items():
                if record.nhs_number:
                    self._bearing.setdefault(record.nhs_number, []).append(record_id)
        moved = self._bearing.pop(number, [])
        self._bearing.setdefault(first, []).extend(moved)
        for record_id in moved:
            self._records[record_id] = dataclasses.replace(self._records[record_id], nhs_number=first)


def _said(said: Same) -> Pair:
    return Pair(said.left, said.right, 1.0, "person", f"a person's word, decision {said.number}")
