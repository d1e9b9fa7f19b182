"""
Who enters and who leaves by a new version, fit to be shown: small numbers hidden, sums that balance, shares by group.

In the whole, by category and by rule it is counts; by group anything small is hidden with what would give it away.
Nobody is named, not by an id either: whoever may see people makes both lists, and asks `wherry risk diff --people`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wherry.evaluation.rules import share, shown_together, suppressed
from wherry.population import Store, ledger
from wherry.programmes.types import ProgrammeFiles
from wherry.risk.versions import Balance, Between, Cause, InGroup, between

_LEAST = 5
#: A share counts as moved against the whole from this much of itself on.
_AGAINST = 0.02


@dataclass(frozen=True)
class ShownCause:
    """A cause with its number of people, None where it is hidden."""

    cause: Cause
    people: int | None


@dataclass(frozen=True)
class ShownGroup:
    """
    One group of people. Every number None where any of them is hidden; shares: of the group's people on the list.

    remark: what a reader should look at, empty where nothing: the group moves against the whole.
    """

    name: str
    population: int | None
    before: int | None
    entered: int | None
    left: int | None
    after: int | None
    share_before: float | None
    share_after: float | None
    remark: str = ""


@dataclass(frozen=True)
class Population:
    """Two versions over a store, as they may be shown. hidden_below: the first number shown by group; late: feeds."""

    as_of: dt.date
    living: int
    balances: tuple[Balance, ...]
    moved: int
    causes: tuple[ShownCause, ...]
    groups: Mapping[str, tuple[ShownGroup, ...]]
    hidden_below: int
    late: tuple[str, ...]


def over_a_store(
    *, before: ProgrammeFiles, after: ProgrammeFiles, store: Store, as_of: dt.date, by: str, at: dt.datetime
) -> Population:
    """
    Place everybody by both versions and say who enters and leaves. The look is noted in the store's ledger.

    by: who acts; at: when. Raises DefinitionUnusable, InputWrong.
    """
    found = between(before=before, after=after, store=store, as_of=as_of)
    whole = found.balances[0]
    about = {"before": before.hash, "after": after.hash, "as_of": as_of, "entered": whole.entered, "left": whole.left}
    ledger.record(store, by=by, did="compare_versions", about=about, at=at)
    return shown(found=found, below=_below(after))


def _below(files: ProgrammeFiles) -> int:
    section = files.section("measures")
    said = section.data.get("small_numbers_below") if section and isinstance(section.data, dict) else None
    return said if isinstance(said, int) and said > _LEAST else _LEAST


def shown(*, found: Between, below: int) -> Population:
    """Hide what is small. Pure."""
    whole = found.balances[0]
    rise = _rise(share(part=whole.before, whole=found.living), share(part=whole.after, whole=found.living))
    return Population(
        as_of=found.as_of,
        living=found.living,
        balances=found.balances,
        moved=found.moved,
        causes=tuple(ShownCause(one, suppressed(count=one.people, below=below)) for one in found.causes),
        groups={by: _shown_groups(several, below, rise) for by, several in found.groups.items()},
        hidden_below=below,
        late=tuple(one.contract for one in found.late),
    )


def _shown_groups(several: Sequence[InGroup], below: int, rise: float) -> tuple[ShownGroup, ...]:
    """
    Hide a group whole where any of its numbers is hidden.

    Three of the four numbers give the fourth, and a share gives a number back, so a row is shown whole or not at all.
    Column by column what is small is hidden with the smallest that is not, as in every table that leaves a programme.
    """
    columns = [[getattr(one, name) for one in several] for name in ("population", "before", "entered", "left", "after")]
    shown_columns = [shown_together(counts=column, below=below)[0] for column in columns]
    return tuple(
        _hidden(one.name) if None in row else _plain(one, rise)
        for one, row in zip(several, zip(*shown_columns, strict=True), strict=True)
    )


def _hidden(name: str) -> ShownGroup:
    return ShownGroup(name, None, None, None, None, None, None, None)


def _plain(one: InGroup, rise: float) -> ShownGroup:
    was, now = (share(part=part, whole=one.population) for part in (one.before, one.after))
    own = _rise(was, now)
    against = own < -_AGAINST <= _AGAINST < rise or own > _AGAINST >= -_AGAINST > rise
    whole = "grows" if rise > 0 else "shrinks"
    remark = f"{'fewer' if own < 0 else 'more'} of them, while the list {whole}" if against else ""
    return ShownGroup(one.name, one.population, one.before, one.entered, one.left, one.after, was, now, remark)


def _rise(was: float | None, now: float | None) -> float:
    if not was:
        return 1.0 if now else 0.0
    return (now or 0.0) / was - 1
