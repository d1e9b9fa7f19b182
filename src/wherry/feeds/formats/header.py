"""The header row of a table: which of its columns the contract reads, and what to say when one is missing."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wherry.feeds.definition import header_key, header_keys
from wherry.feeds.errors import DeliveryRefused
from wherry.feeds.types import Column, Contract, Part

_MOST_SHOWN = 8


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
    """Match a file's header with a contract. Raises DeliveryRefused for a column twice, or a required one missing."""
    keys = [header_key(name) for name in names]
    _refuse_twice(keys, file, part, line)
    positions = {}
    for column in part.columns:
        found = [key for key in header_keys(column) if key in keys]
        if found:
            positions[column.name] = keys.index(found[0])
    unread = tuple(name for at, name in enumerate(names) if at not in positions.values() and keys[at])
    missing = [column for column in part.columns if column.required and column.name not in positions]
    if missing:
        raise DeliveryRefused(
            _missing(missing[0], unread, is_header=bool(positions), at=f"{file}:{line}", in_=contract)
        )
    return Header(positions, len(names), unread, line)


def _refuse_twice(keys: Sequence[str], file: Path, part: Part, line: int) -> None:
    twice = next((key for key in keys if key and keys.count(key) > 1), None)
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
