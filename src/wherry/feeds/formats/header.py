"""The header row of a table: which of its columns the contract reads, and what to say when one is missing."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wherry.feeds.definition import header_key, header_keys
from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.types import Column, Contract, Part

WIDEST = 1_000
REFERENCE = "wherry_row"
"""The column by which a row that was handed out to be mended says which it is."""
_OURS = "wherry"
_MOST_SHOWN = 8
_LONGEST_SHOWN = 60
_MOST_DIGITS = 4


@dataclass(frozen=True)
class Header:
    """
    Where each column of the contract is in the file.

    positions: contract column → 0-based column of the file; width: columns of the file; line: of the header itself;
    unread: the file's headers no contract column answers to.
    """

    positions: dict[str, int]
    width: int
    unread: tuple[str, ...]
    line: int = 1


def header_of(*, names: Sequence[str], file: Path, contract: Contract, part: Part, line: int = 1) -> Header:
    """
    Match a file's header with a contract.

    Raises DeliveryRefused for a column twice, a required one missing, or more columns than any table has.
    """
    if len(names) > WIDEST:
        raise DeliveryRefused(f"{file}:{line}: over {WIDEST:,} columns are named; send the table alone")
    keys = [header_key(name) for name in names]
    _refuse_twice(keys, file, part, line)
    positions = _positions(keys, part)
    read = set(positions.values())
    others = [name for at, name in enumerate(names) if at not in read and keys[at]]
    unread = _shown([name for name in others if not header_key(name).startswith(_OURS)])
    missing = _first_missing(positions, part)
    if missing:
        raise DeliveryRefused(_missing(missing, unread, is_header=bool(positions), at=f"{file}:{line}", in_=contract))
    return Header(positions, len(names), unread, line)


def fit(*, names: Sequence[str], part: Part) -> tuple[bool, int]:
    """Say whether every required column is named, and how many of the contract's are."""
    positions = _positions([header_key(name) for name in names[: WIDEST + 1]], part)
    return bool(positions) and _first_missing(positions, part) is None, len(positions)


def _positions(keys: Sequence[str], part: Part) -> dict[str, int]:
    first = {key: at for at, key in reversed(list(enumerate(keys)))}
    found = {column.name: [key for key in header_keys(column) if key in first] for column in part.columns}
    positions = {name: first[named[0]] for name, named in found.items() if named}
    if positions and header_key(REFERENCE) in first:
        positions[REFERENCE] = first[header_key(REFERENCE)]
    return positions


def _first_missing(positions: dict[str, int], part: Part) -> Column | None:
    return next((column for column in part.columns if column.required and column.name not in positions), None)


def _shown(unread: Sequence[str]) -> tuple[str, ...]:
    # A row that was joined to the header must not be repeated in messages: dates, numbers and addresses betray it.
    if any(sum(map(str.isdigit, name)) > _MOST_DIGITS or "@" in name or len(name) > _LONGEST_SHOWN for name in unread):
        return (f"{len(unread)} columns that look like a row",)
    return tuple(unread)


def _refuse_twice(keys: Sequence[str], file: Path, part: Part, line: int) -> None:
    counts = Counter(key for key in keys if key)
    twice = next((key for key, times in counts.items() if times > 1), None)
    if twice is None:
        return
    known = next((column.name for column in part.columns if twice in header_keys(column)), "one name")
    at = " and ".join(str(number) for number, key in enumerate(keys, 1) if key == twice)
    raise DeliveryRefused(f"{file}:{line}: the header names {known} twice (columns {at}); remove one of the two")


def _missing(column: Column, unread: Sequence[str], *, is_header: bool, at: str, in_: Contract) -> str:
    accepted = ", ".join((column.name, *column.headers))
    if not is_header:
        # A file without a header begins with somebody's row: nothing of it may be repeated here.
        return (
            f"{at}: this row is no header of the feed {in_.name}, not one of its columns is named; begin the file with"
            f" its header, or name the contract that fits (wherry feeds contracts)"
        )
    said = f"{at}: the header has no column {column.name}; accepted spellings: {accepted}"
    if not unread:
        return f"{said}; ask the sender for the column"
    likest = difflib.get_close_matches(column.name, [header_key(name) for name in unread], n=1, cutoff=0.6)
    first = [name for name in unread if header_key(name) in likest]
    shown = ", ".join(dict.fromkeys([*first, *unread][:_MOST_SHOWN]))
    return (
        f"{said}; if it is one of those not read ({shown}), add that under headers of {column.name} in the contract"
        f" {in_.name}.yaml"
    )
