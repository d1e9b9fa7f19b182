"""Put a name to whoever decided or signed what somebody may read: the name, and nothing else of their account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

from wherry.database.context import acting_as
from wherry.foundation.actors import Actor, Kind
from wherry.organisations.queries import staff_names

_READS_NAMES = Actor(kind=Kind.SIGN_IN, id="names")
_STAFF_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def names_of_staff(*, ids: Iterable[str]) -> Mapping[str, str]:
    """
    Give the names of staff by the ids a decision was kept with; leavers keep theirs, what is no staff id is left out.

    For ids that stand in what the asker may see already: accounts are hidden from everybody else, so names are read as
    the sign-in reads them. No query where there is no id.
    """
    wanted = {UUID(one) for one in ids if _STAFF_ID.fullmatch(one)}
    if not wanted:
        return {}
    with acting_as(_READS_NAMES):
        return {str(one): name for one, name in staff_names(ids=wanted).items()}
