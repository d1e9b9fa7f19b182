"""Pieces of SQL that several statements share: columns made beside the sender's, several SELECTs as one, none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wherry.feeds.definition import ADDRESS_FIELDS
from wherry.feeds.expressions import identifier
from wherry.feeds.types import Delivery
from wherry.population.store import sql_text


def all_of(selects: Iterable[str]) -> str:
    """Give several SELECTs as one; empty when there is none."""
    return " UNION ALL BY NAME ".join(f"({one})" for one in selects)


def sent_as(name: str) -> str:
    """Name the column that keeps another's text as it was sent."""
    return identifier(f"sent {name}")


def record_id_sql(delivery: Delivery) -> str:
    """Give the id of the record a row is about: the same for one subject of one source in every delivery."""
    return f"left(sha256({sql_text(delivery.contract.source + '|')} || subject_id), 32)"


def address_sql(lives_at: Mapping[str, str], subject: Sequence[str]) -> str:
    """
    Name the address and the event a row is about, as `people.linkage` reads them again.

    lives_at: uprn, postcode → the column; subject: the columns that tell one event from another.
    """
    told = [f"'{name} ' || {identifier(lives_at[name])}" for name in ADDRESS_FIELDS if name in lives_at]
    told += [f"'event ' || CAST({identifier(name)} AS VARCHAR)" for name in subject]
    return f"nullif(concat_ws(' ', {', '.join(told)}), '')"


def nothing(**columns: str) -> str:
    """Give a SELECT of no rows. columns: name to type."""
    return "SELECT " + ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns.items()) + " WHERE false"


def file_name_sql(delivery: Delivery) -> str:
    """Give the name of the file a row came in."""
    return f"[{', '.join(sql_text(name) for name in delivery.files)}][file_no + 1]"
