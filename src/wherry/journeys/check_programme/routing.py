"""
What becomes of a need that cannot wait, whatever the hour: the rules of routing themselves, walked through a week.

A need is offered as `referrals.rules.route` offers it. A service at its desk has it; one that is shut has it when it
opens, if its clock still runs then; otherwise it goes on to the next, and after the last to a supervisor. Hazards: H-02
(a red flag waits), H-13 (help asked for and never given).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wherry.foundation.periods import LONDON, local_time
from wherry.foundation.problems import Problem
from wherry.programmes import definition as programmes
from wherry.programmes.types import ProgrammeFiles
from wherry.referrals import definition as referrals
from wherry.referrals.definition import CANNOT_WAIT
from wherry.referrals.rules import clock_ends_at, is_open_now, opens_next, route
from wherry.referrals.types import MIDNIGHT, Service, Services
from wherry.triage import definition as triage

#: A Monday of winter, of the week that is walked: openings are by people's clocks, so any week is like any other.
_MONDAY = dt.datetime(2026, 1, 5, tzinfo=LONDON)
_HOURS = 24 * 7


@dataclass(frozen=True)
class _Wait:
    """The longest that something waits until somebody has it: from when, how long, and whom it reached."""

    begins: dt.datetime
    waits: dt.timedelta
    has_it: str

    @property
    def hours(self) -> float:
        return self.waits.total_seconds() / 3600


def routing_problems(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> tuple[list[Problem], tuple[str, ...]]:
    """Find needs with no live service, fallbacks that lead nowhere, hours at which nobody takes what cannot wait."""
    programme, table, services = (parsed.get(name) for name in (programmes.SECTION, triage.SECTION, referrals.SECTION))
    if not programme or not table or not services or any(one.opens >= one.closes for one in services.listed):
        return [], ()  # a service that never opens is told of by its own room
    places = [files.place] if files.place else programme.places
    found = [
        *_places_unknown(files, services, programme.places),
        *_empty_fallbacks(files, services, programme.places),
        *_without_room(files, services, tuple(table.needs), places),
    ]
    worst = _worst(services, tuple(table.needs), places)
    found += _unanswered(files, services, worst)
    return found, _told(services, worst)


def _line(files: ProgrammeFiles, *path: str | int) -> tuple[str, int]:
    origin = files.origin(referrals.SECTION, *path)
    return origin.file, origin.line


def _places_unknown(files: ProgrammeFiles, services: Services, places: Sequence[str]) -> Iterator[Problem]:
    for at, one in enumerate(services.listed):
        for place in one.places:
            if place not in places:
                what, mend = f"{place} is no place of this programme", f"use one of {', '.join(places)}"
                yield Problem(*_line(files, "services", at, "places"), what, mend)


def _empty_fallbacks(files: ProgrammeFiles, services: Services, places: Sequence[str]) -> Iterator[Problem]:
    """Find a fallback that takes nothing of all that can come to it, nor does any that follows it."""
    for at, one in enumerate(services.listed):
        coming = {pair for each in _leading_to(one, services) for pair in _takes(each, places)}
        after = {pair for each in _after(one, services) for pair in _takes(each, places)}
        if one.fallback and services.by_code(one.fallback) and not coming & after:
            what = f"the fallback {one.fallback} takes no need that {one.code} could pass on, in no place of theirs"
            yield Problem(
                *_line(files, "services", at, "fallback"), what, "name a service that takes the same needs there"
            )


def _takes(service: Service, places: Sequence[str]) -> set[tuple[str, str]]:
    return {(need, place) for need in service.needs for place in service.places if place in places}


def _after(service: Service, services: Services) -> list[Service]:
    chain: list[Service] = []
    after = services.by_code(service.fallback or "")
    while after is not None and after not in chain:
        chain.append(after)
        after = services.by_code(after.fallback or "")
    return chain


def _leading_to(service: Service, services: Services) -> list[Service]:
    return [service, *(one for one in services.listed if service in _after(one, services))]


def _without_room(
    files: ProgrammeFiles, services: Services, needs: Sequence[str], places: Sequence[str]
) -> Iterator[Problem]:
    for need in needs:
        for place in places:
            taking = _taking(services, need, place)
            if taking and not any(one.capacity_per_day for one in taking):
                at = services.listed.index(taking[0])
                what = f"no service that takes {need} in {place} takes one a day: all have capacity_per_day 0"
                yield Problem(*_line(files, "services", at, "capacity_per_day"), what, "give one of them room")


def _taking(services: Services, need: str, place: str) -> list[Service]:
    return [one for one in services.listed if need in one.needs and place in one.places]


def _worst(services: Services, needs: Sequence[str], places: Sequence[str]) -> dict[tuple[str, str, str], _Wait]:
    """Give the longest wait for each need, place and urgency. Needs that the same services take are walked once."""
    walked: dict[tuple[tuple[str, ...], str, str], _Wait] = {}
    found: dict[tuple[str, str, str], _Wait] = {}
    for need in needs:
        for place in places:
            codes = tuple(one.code for one in _taking(services, need, place))
            for urgency in CANNOT_WAIT if codes else ():
                key = (codes, place, urgency)
                if key not in walked:
                    walked[key] = _longest(services, need, place, urgency)
                found[need, place, urgency] = walked[key]
    return found


def _longest(services: Services, need: str, place: str, urgency: str) -> _Wait:
    taking = _taking(services, need, place)
    moments = {_MONDAY + dt.timedelta(hours=hour) for hour in range(_HOURS)}
    # A wait begins where a desk shuts.
    moments |= {
        dt.datetime.combine(_MONDAY.date() + dt.timedelta(days=day), one.closes, LONDON)
        for one in taking
        if one.closes != MIDNIGHT
        for day in one.days
    }
    shut = [now for now in sorted(moments) if not any(is_open_now(service=one, now=now) for one in taking)]
    waits = (_wait(services, need, place, urgency, now) for now in shut)
    return max(waits, key=lambda one: one.waits, default=_Wait(_MONDAY, dt.timedelta(0), taking[0].code))


def _wait(services: Services, need: str, place: str, urgency: str, begins: dt.datetime) -> _Wait:
    tried: list[str] = []
    now = begins
    while True:
        # Each has room: what somebody full passes on comes sooner to the next.
        found = route(need=need, urgency=urgency, place=place, services=services, room={}, now=now, tried=tried)
        if not isinstance(found, Service):
            return _Wait(begins, now - begins, "a supervisor")
        at_the_desk = opens_next(service=found, since=now)
        lapses = clock_ends_at(service=found, urgency=urgency, offered_at=now)
        if at_the_desk < lapses:
            return _Wait(begins, at_the_desk - begins, found.code)
        tried.append(found.code)
        now = lapses


def _unanswered(
    files: ProgrammeFiles, services: Services, worst: Mapping[tuple[str, str, str], _Wait]
) -> Iterator[Problem]:
    said: set[tuple[str, str]] = set()
    for (need, place, urgency), wait in sorted(worst.items(), key=lambda one: (-one[1].waits, one[0])):
        if not wait.waits:
            continue
        when = f"{local_time(wait.begins):%A at %H:%M}"
        if services.outside_hours is None:
            if not said:
                what = (
                    f"nobody who takes {need} in {place} is at their desk on {when}, and nothing says who answers then"
                )
                yield Problem(*_line(files, "services"), what, "add outside_hours, or a service that is open then")
            said.add(("", ""))
        elif wait.hours > services.outside_hours.within_hours[urgency] and (urgency, place) not in said:
            limit = services.outside_hours.within_hours[urgency]
            what = (
                f"{need} in {place} on {when}: {_in_words(urgency)} waits {wait.hours:g} hours until "
                f"{wait.has_it} has it, and outside_hours promises {limit}"
            )
            mend = "shorten the clocks of the services before it, add one that is open, or promise less"
            yield Problem(*_line(files, "outside_hours", "within_hours", urgency), what, mend)
            said.add((urgency, place))


def _told(services: Services, worst: Mapping[tuple[str, str, str], _Wait]) -> tuple[str, ...]:
    told = []
    for urgency in CANNOT_WAIT:
        longest = max(
            (wait for (*_, one), wait in worst.items() if one == urgency), key=lambda one: one.waits, default=None
        )
        if longest:
            told.append(
                f"{_in_words(urgency)} at most {longest.hours:g} hours ({local_time(longest.begins):%A at %H:%M})"
            )
    if not told:
        return ()
    return (f"routing: somebody has {' and '.join(told)}, walked through every hour of a week for each need and place",)


def _in_words(urgency: str) -> str:
    return "an emergency" if urgency == "emergency" else "what is for today"
