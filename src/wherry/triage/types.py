"""A triage table and what it decides."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from wherry.checkin.types import Answer, Questionnaire, Texts


class Urgency(enum.StrEnum):
    """
    How soon somebody must act, least first. Compare by `rank`: as text the order would be the alphabet's.

    emergency: within minutes, always with what to say now · today · soon: within two days · routine: within the week.
    """

    NONE = "none"
    ROUTINE = "routine"
    SOON = "soon"
    TODAY = "today"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """Give 0 for none up to 4 for emergency."""
        return _RANKS[self]


_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}


@dataclass(frozen=True)
class AnswerIn:
    """Fulfilled by any of these answers. One written "at least X" holds X and every worse answer."""

    question: str
    answers: frozenset[Answer]


@dataclass(frozen=True)
class Answered:
    """Fulfilled by any answer at all."""

    question: str


@dataclass(frozen=True)
class ContextIn:
    """Fulfilled by these values of what is known about the person, and when it is not known."""

    name: str
    values: frozenset[str]


@dataclass(frozen=True)
class ContextAtLeast:
    """Fulfilled by a number this high, and when it is not known."""

    name: str
    number: float


Condition = AnswerIn | Answered | ContextIn | ContextAtLeast


@dataclass(frozen=True)
class Rule:
    """
    One row of the table: it fires when every condition holds, and one of the alternatives, if there are any.

    say: fixed words for the resident by language, for a red flag; words: for staff.
    """

    id: str
    when: tuple[Condition, ...]
    any_of: tuple[tuple[Condition, ...], ...]
    urgency: Urgency
    words: str
    need: str | None = None
    red_flag: str | None = None
    say: Texts = field(default_factory=dict)
    service: str | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Give every condition, those of the alternatives too."""
        return self.when + tuple(one for several in self.any_of for one in several)

    @property
    def questions(self) -> frozenset[str]:
        """Give the linkIds of the questions it looks at."""
        return frozenset(one.question for one in self.conditions if isinstance(one, AnswerIn | Answered))


@dataclass(frozen=True)
class ContextKind:
    """What may be said about the person: one of `scale`, least at risk first, or a number when `scale` is empty."""

    name: str
    scale: tuple[str, ...] = ()


@dataclass(frozen=True)
class Incomplete:
    """What is done when a red-flag question was not answered. words holds the place `{questions}`: as asked."""

    need: str
    urgency: Urgency
    words: str


@dataclass(frozen=True)
class TriageDefinition:
    """
    A triage table joined to its questionnaire. hash: of the whole programme; needs: name → words by language.

    named_by_link: the needs that may be named to whoever holds a link and knows the date of birth, without a code;
    declines: sets of conditions, one of which makes the answers a "no, thank you".
    """

    rules: tuple[Rule, ...]
    needs: Mapping[str, Texts]
    context: Mapping[str, ContextKind]
    incomplete: Incomplete
    questionnaire: Questionnaire
    hash: str = ""
    named_by_link: frozenset[str] = frozenset()
    declines: tuple[tuple[Condition, ...], ...] = ()

    @cached_property
    def red_flags(self) -> tuple[str, ...]:
        """Give the names of the red flags, in table order, once each."""
        return tuple(dict.fromkeys(rule.red_flag for rule in self.rules if rule.red_flag))

    @cached_property
    def red_flag_questions(self) -> tuple[str, ...]:
        """Give the questions a red flag looks at, in the order asked: `none` needs every one answered."""
        asked = {question for rule in self.rules if rule.red_flag for question in rule.questions}
        return tuple(link_id for link_id in self.questionnaire.questions if link_id in asked)


@dataclass(frozen=True)
class NeedFound:
    """
    One need one rule found. words: for staff; service: a hint to routing, None for any that fits.

    heard: what the rule says of the answers, one condition for each question it was fulfilled by.
    """

    need: str
    urgency: Urgency
    rule: str
    words: str
    service: str | None = None
    heard: tuple[AnswerIn, ...] = ()


@dataclass(frozen=True)
class RedFlagFound:
    """One red flag one rule raised. say: fixed words in English; says: the same by language."""

    flag: str
    rule: str
    say: str
    says: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class OpenRedFlag:
    """A red flag nobody has settled. say: what they were told at once; note: what whoever rings should know of it."""

    id: UUID
    occurrence_id: UUID
    flag: str
    rule: str
    say: str
    note: str
    raised_at: dt.datetime


@dataclass(frozen=True)
class SettledRedFlag:
    """A red flag somebody settled, without whose it is. by: who settled it, by staff id, in whose words."""

    programme: str
    place: str
    rule: str
    raised_at: dt.datetime
    closed_at: dt.datetime
    by: str
    outcome: str
    what_was_done: str


@dataclass(frozen=True)
class Decision:
    """
    What the answers come to.

    needs: most urgent first, then by need and rule; red_flags: by flag and rule; incomplete: red-flag questions not
    answered; definition: the hash of the programme that decided; declined: they said no to all of it, and nothing they
    answered needs anybody.
    """

    needs: tuple[NeedFound, ...]
    red_flags: tuple[RedFlagFound, ...]
    urgency: Urgency
    incomplete: tuple[str, ...]
    definition: str
    declined: bool = False
