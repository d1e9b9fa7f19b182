"""Pieces of SQL that several statements share: columns made beside the sender's, several SELECTs as one, none."""

from __future__ import annotations

from collections.abc import Iterable

from wherry.feeds.expressions import identifier
from wherry.feeds.types import Column, Delivery, Part
from wherry.population.store import sql_text


def may_lose_zero(part: Part, column: Column) -> bool:
    """Say whether a column may have been through a spreadsheet, which drops the zero telephone numbers begin with."""
    return column.type == "phones" and not part.resource


def all_of(selects: Iterable[str]) -> str:
    """Give several SELECTs as one; empty when there is none."""
    return " UNION ALL BY NAME ".join(f"({one})" for one in selects)


def has(name: str) -> str:
    """Name the column that says whether anything was sent in another."""
    return identifier(f"has {name}")


def lost(name: str) -> str:
    """Name the column that says whether a telephone number in another lost its first zero."""
    return identifier(f"lost zero {name}")


def refused_as(name: str) -> str:
    """Name the column that says whether another holds what its contract refuses."""
    return identifier(f"refused {name}")


def nothing(**columns: str) -> str:
    """Give a SELECT of no rows. columns: name to type."""
    return "SELECT " + ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns.items()) + " WHERE false"


def file_name_sql(delivery: Delivery) -> str:
    """Give the name of the file a row came in."""
    return f"[{', '.join(sql_text(name) for name in delivery.files)}][file_no + 1]"
