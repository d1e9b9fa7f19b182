"""What a feed contract says, and what became of a delivery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pick:
    """Chosen elements of a JSON list: those where every `where` path equals its value; `take` is read from each."""

    list: str
    take: str
    where: tuple[tuple[str, str], ...] = ()
    every: bool = False


@dataclass(frozen=True)
class Column:
    """
    One column as the sender writes it.

    headers: spellings accepted for it (CSV); paths, pick: where it is in a resource (FHIR); required: the column must
    be there; needed: each row must have a value; if_wrong: quarantine the row, blank the value with a warning, or keep
    the text as sent; refused: values that withdraw the row.
    """

    name: str
    type: str = "text"
    headers: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    pick: Pick | None = None
    required: bool = False
    needed: bool = False
    formats: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()
    if_wrong: str = "blank"
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class When:
    """A condition on one column: it has one of these values, or is merely there or not there."""

    column: str
    values: tuple[str, ...] = ()
    present: bool | None = None


@dataclass(frozen=True)
class Value:
    """Where a field's value comes from: one of a column, several joined, a constant, or the day of recording."""

    column: str | None = None
    join: tuple[str, ...] = ()
    constant: str | None = None
    recorded_on: bool = False
    when: tuple[When, ...] = ()


Values = tuple[Value, ...]
"""Alternatives: the first that is there counts."""


@dataclass(frozen=True)
class Emission:
    """A fact, contact point or wish each accepted row may give. codings: a column holding a list of codings."""

    fields: Mapping[str, Values]
    when: tuple[When, ...] = ()
    codings: str | None = None
    phones: str | None = None


@dataclass(frozen=True)
class Part:
    """
    One kind of row in a delivery: the whole of a CSV file (resource empty), or one FHIR resource type.

    entries: the rows are about organisations, not people, and are kept as they are in `entries.parquet`; sent_by: the
    column that names who sent a row, where many send under one contract; lives_at: `uprn`, `postcode` or both → the
    column that holds it, where the rows are about addresses and their facts are those of whoever lives there; `subject`
    then tells one event there from another.
    """

    columns: tuple[Column, ...]
    resource: str = ""
    subject: tuple[str, ...] = ()
    require_any: tuple[tuple[str, ...], ...] = ()
    recorded_on: str | None = None
    record: Mapping[str, Values] | None = None
    facts: tuple[Emission, ...] = ()
    contact_points: tuple[Emission, ...] = ()
    wishes: tuple[Emission, ...] = ()
    entries: bool = False
    sent_by: str | None = None
    lives_at: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """Find a column by name; raises KeyError."""
        return {column.name: column for column in self.columns}[name]


@dataclass(frozen=True)
class Contract:
    """
    What one kind of incoming file means. kind: snapshot, cumulative or delta; synthetic: invented data only.

    canary: the NHS number, from the invented range, of a person whom the sender puts into every delivery.
    """

    name: str
    title: str
    sender: str
    source: str
    kind: str
    format: str
    freshness_days: int
    parts: tuple[Part, ...]
    delimiter: str = ","
    synthetic: bool = False
    systems: tuple[tuple[str, str], ...] = ()
    canary: str | None = None


@dataclass(frozen=True)
class Finding:
    """Rows of one delivery that fail one rule. example: `file:line` of the first, never its content."""

    rule: str
    column: str
    words: str
    rows: int
    example: str


@dataclass(frozen=True)
class Receipt:
    """
    What became of a delivery: rows_in = accepted + quarantined + duplicate, always.

    batch_id: by content, so the same files give the same one; already_landed: this very delivery was landed before;
    put_right: rows set aside before that are right now; still_open: rows of the contract still set aside, these too.
    notes: what was decided in reading a file, such as its encoding.
    """

    contract: str
    batch_id: str
    rows_in: int
    accepted: int
    quarantined: int
    duplicate: int
    records: int = 0
    facts: int = 0
    contact_points: int = 0
    wishes: int = 0
    already_landed: bool = False
    put_right: int = 0
    still_open: int = 0
    quarantine: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    unread_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    extracted_on: dt.date | None = None

    def __post_init__(self) -> None:
        if self.rows_in != self.accepted + self.quarantined + self.duplicate:
            raise AssertionError("a delivery's rows do not add up")


@dataclass(frozen=True)
class Withdrawal:
    """
    A delivery that no longer counts.

    accepted: rows it had landed; handed_on: those of them that a later delivery holds too, and which stand as that
    one's now; already_withdrawn: it had been before, by whom and why is of the first time; certificate: of a purge.
    """

    batch_id: str
    contract: str
    accepted: int
    handed_on: int
    by: str
    why: str = field(repr=False)
    at: dt.datetime
    already_withdrawn: bool = False
    certificate: str | None = None


@dataclass(frozen=True)
class Delivery:
    """
    What is the same for every row. recorded_on: the day the sender drew the data, for rows that name none.

    sent_by: the code of who sent it, where somebody said; else the rows may tell.
    """

    contract: Contract
    batch_id: str
    sequence: int
    recorded_on: dt.date
    synthetic: bool
    files: tuple[str, ...]
    sent_by: str | None = None
