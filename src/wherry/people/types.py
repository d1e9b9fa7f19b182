"""What the rooms after people may know of a person: how to reach them and what they wished."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field
from uuid import UUID


class ContactKind(enum.StrEnum):
    """The kinds of contact point a feed may bring."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    ADDRESS = "address"


class WishKind(enum.StrEnum):
    """
    What a person, or somebody for them, asked of us.

    opt_out: of sharing beyond care, or of a named programme · stop: of being contacted, on one channel or all ·
    language · format and communication_need: the Accessible Information Standard · safe_contact: the only safe way ·
    sensitive_address: never shown or written to · proxy: somebody who acts for them · pause: no contact until it ends.
    """

    OPT_OUT = "opt_out"
    STOP = "stop"
    LANGUAGE = "language"
    FORMAT = "format"
    COMMUNICATION_NEED = "communication_need"
    SAFE_CONTACT = "safe_contact"
    SENSITIVE_ADDRESS = "sensitive_address"
    PROXY = "proxy"
    PAUSE = "pause"


@dataclass(frozen=True)
class ContactPoint:
    """
    One way to reach a person, as one source gave it.

    value: `+44…` for telephones, as `foundation.identifiers.parse_phone` writes them; an address is one line whose
    last part is the postcode. The value stays out of `repr`, so that a traceback cannot print it.
    id: the row it is kept in, None before it is; two points of two rows may say the same.
    """

    kind: ContactKind
    value: str = field(repr=False)
    source: str
    recorded_on: dt.date
    verified_on: dt.date | None = None
    id: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Wish:
    """
    One wish, from the day it was recorded until `ends_on` (that day counted; None = no end).

    value: by kind; for `stop` a channel name, or empty for every channel. Kept out of `repr`.
    """

    kind: WishKind
    value: str = field(repr=False)
    source: str
    recorded_on: dt.date
    ends_on: dt.date | None = None


@dataclass(frozen=True)
class Reachable:
    """
    Everything a decision about contacting one person needs, and nothing clinical.

    died_on: the newest death date any source knows; address_held: two sources disagree where the person lives, so
    no letter goes until somebody has looked; synthetic: an invented person.
    """

    died_on: dt.date | None
    wishes: tuple[Wish, ...]
    contact_points: tuple[ContactPoint, ...]
    language: str
    address_held: bool
    synthetic: bool
