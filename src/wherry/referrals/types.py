"""Calls to action: the services that take them, their states, and where one was routed."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from wherry.checkin.types import Texts


class State(enum.StrEnum):
    """
    Where one offer of a need to one service stands. Letters as in the drawing of `rules.move`.

    O offered · A accepted · N declined · L lapsed (the clock ran out) · D done · C confirmed (the resident says it
    helped) · X disputed (the resident says it did not) · W withdrawn.
    """

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    DONE = "done"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"


OPEN_STATES = frozenset({State.OFFERED, State.ACCEPTED, State.DONE})
CLOSED_STATES = frozenset({State.CONFIRMED, State.DISPUTED, State.DECLINED, State.LAPSED, State.WITHDRAWN})
# Closed without help given: the need is offered again, or a person takes it over.
UNHELPED_STATES = frozenset({State.DISPUTED, State.DECLINED, State.LAPSED})
# Done, and not yet said to have helped: the partner may be asked where it went, for this long.
NAMED_AFTER_DONE = dt.timedelta(days=14)


#: The end of the day as a desk's closing time, written 24:00: one that opens at 00:00 every day never shuts.
MIDNIGHT = dt.time.max


class Verb(enum.StrEnum):
    """What can be done to a call to action."""

    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    FINISH = "finish"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    WITHDRAW = "withdraw"


class Outcome(enum.StrEnum):
    """What a partner says came of what they did. Needed to finish; what could not be done is given back instead."""

    HELPED = "helped"
    PARTLY_HELPED = "partly_helped"
    NOT_NEEDED = "not_needed"


class DeclineReason(enum.StrEnum):
    """Why a partner declines, or gives back what was accepted. Needed to do either."""

    NO_CAPACITY = "no_capacity"
    WRONG_AREA = "wrong_area"
    NOT_OUR_SERVICE = "not_our_service"
    NOT_ENOUGH_INFORMATION = "not_enough_information"
    COULD_NOT_REACH = "could_not_reach"
    UNABLE = "unable"
    OTHER = "other"


@dataclass(frozen=True)
class Service:
    """
    One service of one organisation. name: for staff; names: by language, for its residents.

    needs and places: what it takes, from where. opens, closes: wall-clock, `MIDNIGHT` for 24:00; days: 0 Monday to 6.
    clock_hours: hours to accept, by urgency; open_hours_count_for: the urgencies whose hours are hours at its desk.
    how: `inbox`. capacity_per_day: new calls to action a local day. shares: need → fields of the person shared, the
    minimum data. fallback: code of the service tried next.
    """

    code: str
    name: str
    organisation: str
    needs: tuple[str, ...]
    places: tuple[str, ...]
    opens: dt.time
    closes: dt.time
    days: frozenset[int]
    clock_hours: Mapping[str, int]
    how: str
    capacity_per_day: int
    shares: Mapping[str, tuple[str, ...]]
    fallback: str | None = None
    open_hours_count_for: frozenset[str] = frozenset()
    names: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class OutsideHours:
    """
    Who has what cannot wait while every service that takes it is shut, and within how many hours at the latest.

    answered_by: a post, in words; within_hours: by urgency, hours that pass.
    """

    answered_by: str
    within_hours: Mapping[str, int]


@dataclass(frozen=True)
class Services:
    """
    A programme's services, in the order of its file, which is the order of preference.

    outside_hours: None where some service is open at every hour of the week.
    """

    listed: tuple[Service, ...]
    outside_hours: OutsideHours | None = None

    def by_code(self, code: str) -> Service | None:
        """Find a service; None when there is none of that code."""
        return next((service for service in self.listed if service.code == code), None)


@dataclass(frozen=True)
class AskedFor:
    """What a call to action is about, as its person knows it: the kind of need, and when they told us of it."""

    kind: str
    at: dt.datetime


@dataclass(frozen=True)
class Dial:
    """
    What a partner last said of a service's room.

    takes: how many more on `day` from `said_at` on, None for as many as the programme says; closed_until: the first day
    on which they take again.
    """

    said_at: dt.datetime
    day: dt.date
    takes: int | None = None
    closed_until: dt.date | None = None


class NoServiceReason(enum.StrEnum):
    """Why nothing could take a call to action."""

    NONE_FOR_NEED = "none_for_need"
    NONE_IN_PLACE = "none_in_place"
    ALL_FULL = "all_full"
    ALL_DECLINED = "all_declined"


@dataclass(frozen=True)
class NoService:
    """No service can take it: a supervisor owns it. `words` is fit to show."""

    reason: NoServiceReason
    words: str
