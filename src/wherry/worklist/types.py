"""Tasks for people to do: their kinds, the outcomes of a call, what follows, and the caller's script."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


class TaskKind(enum.StrEnum):
    """
    Why a person is needed.

    red_flag: an answer that cannot wait · check_in_call: silent, or cannot use the other channels · call_back: asked
    to be rung · need: a need no service can take · verify_death: told that somebody died · exhausted: nobody could
    reach them · read_words: free text to be read by a person · did_it_help: whether help came · verify_identity:
    told that a message reached somebody else.
    """

    RED_FLAG = "red_flag"
    CHECK_IN_CALL = "check_in_call"
    CALL_BACK = "call_back"
    NEED = "need"
    VERIFY_DEATH = "verify_death"
    EXHAUSTED = "exhausted"
    READ_WORDS = "read_words"
    DID_IT_HELP = "did_it_help"
    VERIFY_IDENTITY = "verify_identity"


class Outcome(enum.StrEnum):
    """How a call ended. Source of the list: the call outcomes of LBHackney-IT/cv-19-res-support-v3 (MIT)."""

    SPOKE = "callback_complete"
    REFUSED = "refused_to_engage"
    CALL_BACK = "call_rescheduled"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong_number"
    NO_ANSWER = "no_answer_machine"
    INTERPRETER_NEEDED = "interpreter_needed"
    DIED = "died"


@dataclass(frozen=True)
class CallPolicy:
    """How often and how soon a call is tried again. retry_after: one wait for each try after the first."""

    retry_after: tuple[dt.timedelta, ...]
    call_back_after: dt.timedelta
    lease_seconds: int

    @property
    def most_tries(self) -> int:
        """Tries in all before the person counts as not reached by telephone."""
        return len(self.retry_after) + 1


@dataclass(frozen=True)
class Done:
    """The task is finished. declined: the person does not want to be rung again for this."""

    declined: bool = False


@dataclass(frozen=True)
class Retry:
    """The task goes back to the list, hidden until `after` has passed. other_number: not this number again."""

    after: dt.timedelta
    other_number: bool = False
    skill: str = ""


@dataclass(frozen=True)
class TriesUsedUp:
    """The telephone did not reach them: the outreach attempt failed, its next step follows."""


@dataclass(frozen=True)
class VerifyDeath:
    """All contact stops now and a verification task is opened; only a person closes the case."""


AfterOutcome = Done | Retry | TriesUsedUp | VerifyDeath


@dataclass(frozen=True)
class Waiting:
    """
    Calls that wait and are alike. is_free: nobody is on them; is_asked: of the one who looks.

    shows: "now", later "today" or "later"; many: how many; oldest: when the first of them was opened; soonest: when the
    first of them shows. A red flag of somebody who is being rung about another is not free.
    """

    kind: str
    is_free: bool
    is_asked: bool
    is_urgent: bool
    is_overdue: bool
    shows: str
    many: int
    oldest: dt.datetime
    soonest: dt.datetime


@dataclass(frozen=True)
class OfKind:
    """What waits of one kind, whoever may be asked: now, later, of both overdue, and since when."""

    kind: str
    now: int
    later: int
    overdue: int
    oldest: dt.datetime


@dataclass(frozen=True)
class ListNow:
    """A team's list as one caller may work it."""

    waiting: tuple[Waiting, ...]

    @property
    def now(self) -> int:
        """How many are to be rung at once."""
        return sum(one.many for one in self._to_ring)

    @property
    def urgent(self) -> int:
        """Of those, how many cannot wait."""
        return sum(one.many for one in self._to_ring if one.is_urgent)

    @property
    def overdue(self) -> int:
        """Of those, how many are late."""
        return sum(one.many for one in self._to_ring if one.is_overdue)

    @property
    def red_flags(self) -> int:
        """How many red flags are to be taken at once: the next call is one of them."""
        return sum(one.many for one in self._to_ring if one.kind == "red_flag")

    @property
    def red_flags_rung(self) -> int:
        """How many red flags somebody is ringing about."""
        return sum(one.many for one in self.waiting if not one.is_free and one.kind == "red_flag")

    @property
    def red_flags_put_off(self) -> int:
        """How many red flags wait a few minutes after a try that reached nobody."""
        return sum(one.many for one in self._put_off)

    @property
    def red_flag_back_at(self) -> dt.datetime | None:
        """When the first of those comes back."""
        return min((one.soonest for one in self._put_off), default=None)

    @property
    def today(self) -> int:
        """How many show again later today."""
        return sum(one.many for one in self.waiting if one.is_asked and one.shows == "today")

    @property
    def later(self) -> int:
        """How many show again after today."""
        return sum(one.many for one in self.waiting if one.is_asked and one.shows == "later")

    @property
    def in_hand(self) -> int:
        """How many somebody is on."""
        return sum(one.many for one in self.waiting if not one.is_free)

    def by_kind(self) -> tuple[OfKind, ...]:
        """Sum all that waits by kind."""
        alike = {kind: [one for one in self.waiting if one.kind == kind] for kind in {one.kind for one in self.waiting}}
        return tuple(
            OfKind(
                kind,
                sum(one.many for one in these if one.shows == "now"),
                sum(one.many for one in these if one.shows != "now"),
                sum(one.many for one in these if one.is_overdue),
                min(one.oldest for one in these),
            )
            for kind, these in alike.items()
        )

    @property
    def _put_off(self) -> tuple[Waiting, ...]:
        return tuple(one for one in self.waiting if one.is_free and one.kind == "red_flag" and one.shows != "now")

    @property
    def _to_ring(self) -> tuple[Waiting, ...]:
        return tuple(one for one in self.waiting if one.is_free and one.is_asked and one.shows == "now")


@dataclass(frozen=True)
class Held:
    """Somebody at work: who, on which task, of which kind, since when."""

    by: str
    task_id: UUID
    kind: str
    since: dt.datetime


@dataclass(frozen=True)
class Pace:
    """Calls ended in the last hour by how many people, against how many are due today; done_at: None when not today."""

    people: int
    an_hour: int
    due_today: int
    done_at: dt.datetime | None


@dataclass(frozen=True)
class Hop:
    """Who holds an escalating task at a moment. number: 0 for the first; next_at: None for the last (it stays)."""

    number: int
    role: str
    since: dt.datetime
    next_at: dt.datetime | None


@dataclass(frozen=True)
class RedFlagEnding:
    """One way a call about a red flag ends well. then: what that means; must_say: not without a word on why."""

    code: str
    words: str
    then: str
    must_say: bool = False


@dataclass(frozen=True)
class RedFlagScript:
    """
    What a caller says about a red flag. Its opening and its message are heard by whoever is there.

    because, because_of_another: why we ring, {told} filled in, where they or somebody else told us; no_message_about:
    the red flags of which no message is left, whoever may listen.
    """

    opening: tuple[str, ...]
    because: str
    because_of_another: str
    ask: tuple[str, ...]
    voicemail: str
    no_message_about: frozenset[str]
    endings: tuple[RedFlagEnding, ...]

    def ending(self, code: str) -> RedFlagEnding | None:
        """Give the ending of a code, or None."""
        return next((one for one in self.endings if one.code == code), None)


@dataclass(frozen=True)
class CallScript:
    """
    What a caller says, in order. English is what the caller reads; the questions come from the questionnaire.

    opening, identity, is_it_a_scam, red_flag_stop, closing: lines to read out; interpreter: what the caller does first
    ({language} is filled in); why_we_ring: the kind of need, by task; outcomes: the words on the buttons, by outcome;
    spoke_about: those of having spoken, by the kind of task, where no questions are asked; red_flag: a call of its own.
    """

    opening: tuple[str, ...]
    identity: tuple[str, ...]
    is_it_a_scam: tuple[str, ...]
    interpreter: tuple[str, ...]
    why_we_ring: Mapping[TaskKind, str]
    red_flag_stop: tuple[str, ...]
    closing: tuple[str, ...]
    voicemail: str
    outcomes: Mapping[Outcome, str]
    spoke_about: Mapping[TaskKind, str]
    red_flag: RedFlagScript
    policy: CallPolicy
