"""A file being filled: rows, and whose row each is, so that `truth.json` can say where a person appears."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wherry.nonprod.county.people import Resident


@dataclass
class Sheet:
    """One CSV file. Row numbers are those a feed counts: the first row under the header is 1."""

    name: str
    header: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)

    def add(self, values: Mapping[str, str | None], *, resident: Resident | None = None) -> None:
        """Add a row by column name; what is not named stays empty."""
        unknown = set(values) - set(self.header)
        if unknown:
            raise KeyError(f"{self.name} has no column {sorted(unknown)[0]}")
        self.rows.append([values.get(name) or "" for name in self.header])
        self.note(resident)

    def repeat(self, row_number: int) -> None:
        """Add a row again, as a sender's system does that exports a page twice."""
        self.rows.append(self.rows[row_number - 1])

    def note(self, resident: Resident | None) -> None:
        """Remember that the last row is this resident's."""
        if resident is not None:
            resident.rows.setdefault(self.name, []).append(len(self.rows))

    def write(self, folder: Path) -> Path:
        """Write the file as CSV in UTF-8."""
        file = folder / self.name
        with file.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\r\n")
            writer.writerow(self.header)
            writer.writerows(self.rows)
        return file


@dataclass
class Lines:
    """One NDJSON file of FHIR resources; a row is a line."""

    name: str
    resources: list[str] = field(default_factory=list)

    def add(self, resource: Mapping[str, object], *, resident: Resident) -> None:
        """Add one resource about a resident."""
        self.resources.append(json.dumps(resource, ensure_ascii=False))
        resident.rows.setdefault(self.name, []).append(len(self.resources))

    def write(self, folder: Path) -> Path:
        """Write the file, one resource a line."""
        file = folder / self.name
        file.write_text("".join(f"{resource}\n" for resource in self.resources), encoding="utf-8")
        return file
