"""The floor: read the columns any engine must read, and do nothing with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wherry.population import connect

COLUMNS = ("person_id", "code", "system", "date", "end_date", "status", "value", "unit", "source", "recorded_on")


def run(*, store: Path, out: Path, spill: Path) -> dict[str, Any]:
    """Read; there are no counts to compare. out: is not written."""
    counted = ", ".join(f"count({name})" for name in COLUMNS)
    with connect(spill=spill, preserve_insertion_order=False) as connection:
        connection.execute(f"SELECT {counted} FROM read_parquet('{store}/facts/*.parquet')").fetchall()
    return {}
