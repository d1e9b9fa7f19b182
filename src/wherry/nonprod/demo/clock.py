"""The demonstration's simulated days: the application's clock is moved ahead, as only the schema's owner may."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import psycopg

from wherry.database.cluster import connection_parameters

#: A run begun again within this long of a moment goes on from where the clock stands.
_STILL_NOW = dt.timedelta(hours=1)


def move_to(*, home: Path, moment: dt.datetime) -> None:
    """
    Put the application's clock at a moment (with its time zone), unless it stands there or just after already.

    Time never runs backwards through a decision: a run that was cut short goes on from the clock as it stands.
    """
    with psycopg.connect(**connection_parameters(home, "owner"), autocommit=True) as connection:
        (now,) = connection.execute("select app_now()").fetchone() or (None,)
        if now is not None and moment <= now < moment + _STILL_NOW:
            return
        connection.execute("update app_clock set ahead = %s::timestamptz - transaction_timestamp()", [moment])
