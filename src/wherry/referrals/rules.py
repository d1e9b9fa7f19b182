"""Which service takes a need, what may be done to a call to action, and when its clock ends. All pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from wherry.foundation.periods import LONDON, local_time
from wherry.referrals.errors import MoveNotAllowed
from wherry.referrals.types import (
    CLOSED_STATES,
    MIDNIGHT,
    NAMED_AFTER_DONE,
    UNHELPED_STATES,
    Dial,
    NoService,
    NoServiceReason,
    Service,
    Services,
    State,
    Verb,
)

WORDS: Mapping[NoServiceReason, str] = {
    NoServiceReason.NONE_FOR_NEED: "No service takes this need.",
    NoServiceReason.NONE_IN_PLACE: "No service takes this need in this place.",
    NoServiceReason.ALL_FULL: "Every service that takes this need is full today.",
    NoServiceReason.ALL_DECLINED: "Every service that takes this need has declined or let the time run out.",
}

_MOVES: Mapping[tuple[State, Verb], State] = {
    (State.OFFERED, Verb.ACCEPT): State.ACCEPTED,
    (State.OFFERED, Verb.DECLINE): State.DECLINED,
    (State.OFFERED, Verb.LAPSE): State.LAPSED,
    (State.OFFERED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.ACCEPTED, Verb.FINISH): State.DONE,
    (State.ACCEPTED, Verb.DECLINE): State.DECLINED,
    (State.ACCEPTED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.DONE, Verb.CONFIRM): State.CONFIRMED,
    (State.DONE, Verb.DISPUTE): State.DISPUTED,
}


def move(state: State, verb: Verb) -> State:
    """
    Give the state after a verb; raise MoveNotAllowed for any move not drawn here.

        O ──accept──> A ──finish──> D ──confirm──> C
        │             │             └──dispute───> X ─ ─> a new offer
        │             ├─decline──> N ─ ─> a new offer, to the fallback
        │             └─withdraw─> W
        ├─decline──> N
        ├─lapse────> L ─ ─> a new offer, to the fallback
        └─withdraw─> W

    An accepted call to action may still be declined: a partner who cannot after all says so, and it moves on.
    D stays open: what a partner calls done is closed by the resident's word.
    Hazards: H-13 (help asked for and never given).
    """
    after = _MOVES.get((state, verb))
    if after is None:
        raise MoveNotAllowed(f"A call to action that is {state.value} cannot take {verb.value}; reload the page.")
    return after


def is_to_be_offered_again(state: State) -> bool:
    """Say whether an offer ended without help, so that `route` is asked again with its service among `tried`."""
    return state in UNHELPED_STATES


def verbs_for(state: State) -> tuple[Verb, ...]:
    """List what may be done to a call to action as it stands, in a fixed order."""
    return tuple(verb for verb in Verb if (state, verb) in _MOVES)


def is_open(state: State) -> bool:
    """Say whether somebody still has to do something."""
    return state not in CLOSED_STATES


def is_open_now(*, service: Service, now: dt.datetime) -> bool:
    """Say whether a service is at its desk at a moment, by people's clocks."""
    local = local_time(now)
    closes = service.closes
    return (
        local.weekday() in service.days
        and service.opens <= local.time()
        and (closes == MIDNIGHT or local.time() < closes)
    )


def opens_next(*, service: Service, since: dt.datetime) -> dt.datetime:
    """Give the first moment (UTC) from then on at which a service is at its desk; it opens on some day of a week."""
    start = since.astimezone(dt.UTC)
    day = local_time(start).date()
    while True:
        opens, closes = _desk_on(day, service)
        if day.weekday() in service.days and max(start, opens) < closes:
            return max(start, opens)
        day += dt.timedelta(days=1)


def clock_ends_at(*, service: Service, urgency: str, offered_at: dt.datetime) -> dt.datetime:
    """
    Give the moment (UTC) by which a service must accept: after so many hours at its desk where its programme counts
    those for the urgency, else after so many hours that pass.

    An urgency the service does not list gets its shortest clock. Hazards: H-13 (help asked for and never given).
    """
    hours = dt.timedelta(hours=service.clock_hours.get(urgency, min(service.clock_hours.values())))
    start = offered_at.astimezone(dt.UTC)
    counts = urgency in service.open_hours_count_for and open_in_a_week(service=service) > 0
    return _after_open(service, start, hours) if counts else start + hours


def _after_open(service: Service, start: dt.datetime, left: dt.timedelta) -> dt.datetime:
    day = local_time(start).date()
    while True:
        opens, closes = _desk_on(day, service)
        begins = max(start, opens)
        if day.weekday() in service.days and begins < closes:
            if closes - begins >= left:
                return begins + left
            left -= closes - begins
        day += dt.timedelta(days=1)


def _desk_on(day: dt.date, service: Service) -> tuple[dt.datetime, dt.datetime]:
    if service.closes == MIDNIGHT:
        return _moment(day, service.opens), _moment(day + dt.timedelta(days=1), dt.time.min)
    return _moment(day, service.opens), _moment(day, service.closes)


def _moment(day: dt.date, clock: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, clock, LONDON).astimezone(dt.UTC)


def open_in_a_week(*, service: Service) -> float:
    """Count the hours a service is at its desk in a week."""
    closes = 24 if service.closes == MIDNIGHT else service.closes.hour + service.closes.minute / 60
    return (closes - service.opens.hour - service.opens.minute / 60) * len(service.days)


def is_lapsed(*, state: State, clock_ends: dt.datetime, now: dt.datetime) -> bool:
    """Say whether an offer's clock has run out unanswered."""
    return state is State.OFFERED and now >= clock_ends


def room_left(*, service: Service, offered_today: int, dial: Dial | None, offered_since: int, day: dt.date) -> int:
    """
    Count how many more a service takes today.

    dial: what the partner last said; offered_since: what was offered since then. A dial of another day has run down:
    then, as where nothing was said, the programme's number for a day holds. Closed until a day is closed before it.
    """
    if dial is not None and dial.closed_until is not None and day < dial.closed_until:
        return 0
    if dial is not None and dial.takes is not None and dial.day == day:
        return max(dial.takes - offered_since, 0)
    return max(service.capacity_per_day - offered_today, 0)


def _none(reason: NoServiceReason) -> NoService:
    return NoService(reason=reason, words=WORDS[reason])


def _in_order_of_fallback(*, services: Services, fitting: Sequence[Service], tried: Sequence[str]) -> list[Service]:
    # The fallback of the service tried last comes first, and so on along its chain; then the order of the file.
    chain: list[str] = []
    last = services.by_code(tried[-1]) if tried else None
    while last is not None and last.fallback and last.fallback not in chain:
        chain.append(last.fallback)
        last = services.by_code(last.fallback)
    return sorted(fitting, key=lambda service: chain.index(service.code) if service.code in chain else len(chain))


def route(
    *,
    need: str,
    urgency: str,
    place: str,
    services: Services,
    room: Mapping[str, int],
    now: dt.datetime,
    tried: Sequence[str] = (),
    organisations: Collection[str] | None = None,
) -> Service | NoService:
    """
    Choose the service a need is offered to, or say why there is none.

    room: how many more each service takes today, by code; one that is not named takes any
    number; tried: codes that declined or lapsed, oldest first, not offered again; organisations: those allowed to
    receive (an agreement in force), None = all.
    What cannot wait (`emergency`, `today`) prefers a service at its desk now; the rest keep the file's order.
    """
    taking = [service for service in services.listed if need in service.needs]
    if not taking:
        return _none(NoServiceReason.NONE_FOR_NEED)
    here = [s for s in taking if place in s.places and (organisations is None or s.organisation in organisations)]
    if not here:
        return _none(NoServiceReason.NONE_IN_PLACE)
    fitting = [service for service in here if service.code not in tried]
    if not fitting:
        return _none(NoServiceReason.ALL_DECLINED)
    ordered = _in_order_of_fallback(services=services, fitting=fitting, tried=tried)
    free = [service for service in ordered if room.get(service.code, 1) > 0]
    if not free:
        return _none(NoServiceReason.ALL_FULL)
    if urgency in ("emergency", "today"):
        return next((service for service in free if is_open_now(service=service, now=now)), free[0])
    return free[0]


def shared_fields(*, service: Service, need: str) -> tuple[str, ...]:
    """List the fields of a person this service sees for this need; a need it does not list shares nothing."""
    return service.shares.get(need, ())


def knows_who(*, state: State, done_at: dt.datetime | None, now: dt.datetime) -> bool:
    """
    Say whether the partner still needs to know who somebody is: from accepting on, until it is given up or known to
    have come. "It did not come" can be answered for `NAMED_AFTER_DONE` after it was called done.

    Hazards: H-04 (an address given away).
    """
    if state in (State.DONE, State.DISPUTED):
        return done_at is not None and now - done_at < NAMED_AFTER_DONE
    return state is State.ACCEPTED
