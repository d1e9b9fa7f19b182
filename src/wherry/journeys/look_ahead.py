"""
Look ahead before a release: whom it would reach, what is amiss with what we know of them, and what they would read.

Blasts went wrong elsewhere by one code list (10,924 letters to people long dead) and one mistaken text to 8,000.
Hazards: H-01 (contact after death), H-10 (a wrong version is used).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from wherry.cases.models import Case
from wherry.cases.queries import open_cases_between_ranks
from wherry.foundation.digests import sha256_of
from wherry.foundation.periods import age_on, local_time
from wherry.journeys.programme_in_force import InForce, of_version
from wherry.outreach.rules.messages import render
from wherry.outreach.types import Channel, Rendered
from wherry.people.queries import reachable_people
from wherry.people.types import Reachable
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.rules import ranks_released

_OLDEST = 110
#: What is looked for, as a programme's `release` limits it and as people say it.
AMISS: Mapping[str, str] = {
    "died": "said to have died",
    "over_110": f"over {_OLDEST} years old",
    "duplicates": "there twice by name, birth date and postcode",
    "no_contact_point": "without any number or address",
}


@dataclass(frozen=True)
class Sample:
    """One message as somebody invented would read it. length: of the message's words with their slots filled."""

    message: str
    channel: str
    rendered: Rendered


@dataclass(frozen=True)
class LookAhead:
    """
    What a release to a share would do.

    people: how many it reaches for the first time; amiss: of those, how many by what is amiss; limits: the most of
    each in per cent; samples: every message of the cadence in every language.
    """

    share: int
    people: int
    amiss: Mapping[str, int]
    limits: Mapping[str, float]
    languages: Mapping[str, int]
    samples: tuple[Sample, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """Say in words what is beyond its limit."""
        return tuple(
            f"{count} of {self.people} people are {AMISS[name]}, and the programme allows {self.limits[name]:g} %"
            for name, count in self.amiss.items()
            if self.people and 100 * count / self.people > self.limits[name]
        )

    @property
    def digest(self) -> str:
        """Tell one look ahead from another, so that what was shown is what is released."""
        return sha256_of([self.share, self.people, dict(self.amiss), dict(self.languages)])

    @property
    def in_words(self) -> str:
        """Say the figures, for the decision log."""
        told = ", ".join(f"{count} {AMISS[name]}" for name, count in self.amiss.items())
        return f"Looked ahead: {self.people} people reached for the first time; {told}"


def look_ahead(*, version: ProgrammeVersion, share: int, now: dt.datetime) -> LookAhead:
    """Look at what releasing a version to a share would do. Reads people's details; writes nothing."""
    force = of_version(version=version)
    cases = open_cases_between_ranks(
        programme=version.programme,
        ranks_from=ranks_released(share=version.share),
        ranks_below=ranks_released(share=share),
    )
    day = local_time(now).date()
    known = reachable_people(people=[case.person for case in cases], day=day)
    return LookAhead(
        share=share,
        people=len(cases),
        amiss=_amiss(cases, known, day),
        limits=force.programme.release_limits,
        languages=Counter(sorted(one.language for one in known.values())),
        samples=samples(force=force),
    )


def _amiss(cases: Sequence[Case], known: Mapping[UUID, Reachable], day: dt.date) -> dict[str, int]:
    people = [case.person for case in cases]
    same = Counter((one.given_name, one.family_name, one.birth_date, one.postcode) for one in people)
    return {
        "died": sum(known[one.pk].died_on is not None for one in people),
        "over_110": sum(age_on(birth_date=one.birth_date, day=day) > _OLDEST for one in people),
        "duplicates": sum(count - 1 for count in same.values()),
        "no_contact_point": sum(not known[one.pk].contact_points for one in people),
    }


def samples(*, force: InForce, only: str = "") -> tuple[Sample, ...]:
    """
    Write every message of a cadence, in every language, as somebody invented would read it.

    only: another message instead, as a text and as a letter.
    """
    slots = {
        "name": "Ada",
        "sender": force.cadence.sender_name,
        "helpline": force.cadence.helpline,
        "link": "https://example.org/c/EXAMPLE-EXAMPLE-EXAMPLE",
        "page": "https://example.org/c",
        "code": "ABCD-EFGH-JK",
        "one_time": "123456",
        "service": "the service",
    }
    steps = {(step.message, step.channel) for step in force.cadence.steps if step.message}
    if only:
        steps = {(only, Channel.SMS), (only, Channel.LETTER)}
    return tuple(
        Sample(
            message,
            str(channel),
            render(messages=force.messages, message_id=message, channel=channel, language=language, slots=slots),
        )
        for message, channel in sorted(steps)
        for language in force.programme.languages
        if channel is not Channel.CALL
    )
