"""Contacts: the channels, the states of an attempt, a programme's cadence and messages, and what comes next."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from wherry.people.types import ContactPoint

#: The message with a one-time code, which its reader asked for a moment ago; its step names the request.
ONE_TIME_CODE = "one_time_code"
#: The step by which a programme that is stood down says so, once.
LAST_WORD = "last_word"


class Channel(enum.StrEnum):
    """The ways a contact can be made. A call is made by a person, from the worklist."""

    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    CALL = "call"


class AttemptState(enum.StrEnum):
    """
    Where one attempt stands. Letters as in the drawing of `advance` in `rules/attempts.py`.

    I intended: written down, nothing left yet · H handing_off: the provider is being called · Q in_doubt: it may or
    may not have left · R refused: nothing left, by our gate or with certainty by the provider · S sent: the provider
    has it · F failed: it did not arrive · D delivered.
    """

    INTENDED = "intended"
    HANDING_OFF = "handing_off"
    IN_DOUBT = "in_doubt"
    REFUSED = "refused"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"


class AttemptEvent(enum.StrEnum):
    """
    What happened to an attempt.

    Ours: hand_off, accepted, not_accepted (certain), doubt (or a hand-off whose worker died), held_back (rate limit:
    certainly not taken), found and not_found (the look-up by reference after the quarantine), gate_refused.
    The provider's, in any order and any number of times: receipt_sent, receipt_failed, receipt_delivered.
    """

    HAND_OFF = "hand_off"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    DOUBT = "doubt"
    HELD_BACK = "held_back"
    FOUND = "found"
    NOT_FOUND = "not_found"
    GATE_REFUSED = "gate_refused"
    RECEIPT_SENT = "receipt_sent"
    RECEIPT_FAILED = "receipt_failed"
    RECEIPT_DELIVERED = "receipt_delivered"


class RefusalReason(enum.StrEnum):
    """Why something may not leave. The plain words are in `rules/refusals.py`."""

    DIED = "died"
    STOP = "stop"
    OPTED_OUT = "opted_out"
    SENSITIVE_ADDRESS = "sensitive_address"
    ADDRESS_HELD = "address_held"
    UNSAFE_CONTACT = "unsafe_contact"
    FORMAT_NEEDED = "format_needed"
    NO_CONTACT_POINT = "no_contact_point"
    NOT_SYNTHETIC_CHANNEL = "not_synthetic_channel"
    STALE = "stale"
    OUTSIDE_HOURS = "outside_hours"
    CAP_PERSON = "cap_person"
    CAP_NUMBER = "cap_number"
    CAP_HOUSEHOLD = "cap_household"
    PAUSED = "paused"
    PROGRAMME_STOPPED = "programme_stopped"


MOMENTARY = frozenset(
    {
        RefusalReason.OUTSIDE_HOURS,
        RefusalReason.CAP_PERSON,
        RefusalReason.CAP_NUMBER,
        RefusalReason.CAP_HOUSEHOLD,
        RefusalReason.PAUSED,
        RefusalReason.PROGRAMME_STOPPED,
    }
)


@dataclass(frozen=True)
class Refusal:
    """Why something may not leave now. `momentary`: the attempt stays intended and is asked again later."""

    reason: RefusalReason
    words: str

    @property
    def momentary(self) -> bool:
        """Whether time alone will lift it."""
        return self.reason in MOMENTARY


@dataclass(frozen=True)
class Hours:
    """A daily window on people's clocks: from `opens` until just before `closes`, same day."""

    opens: dt.time
    closes: dt.time


@dataclass(frozen=True)
class Step:
    """
    One step of a cadence. `id` is stable across versions of the programme.

    message: the id of the message sent; empty for a call. after: earliest, counted from the opening of the
    occurrence. hours: narrower than the programme's contact hours, or None. patience: how long an attempt is given
    before the next step. stale_after: counted from the opening; not begun by then, the step is passed over.
    fallback: used only when no earlier step could leave.
    """

    id: str
    channel: Channel
    message: str
    after: dt.timedelta
    patience: dt.timedelta
    hours: Hours | None = None
    stale_after: dt.timedelta | None = None
    fallback: bool = False


@dataclass(frozen=True)
class Owner:
    """Who holds the people no step could reach."""

    team: str
    role: str


@dataclass(frozen=True)
class Caps:
    """The most contacts a day (local calendar day), across programmes and organisations."""

    per_person: int
    per_number: int
    per_household: int


@dataclass(frozen=True)
class Cadence:
    """
    How a programme reaches people.

    contact_hours: nothing that rings or beeps leaves outside them. quarantine_seconds: how long a doubtful hand-off
    waits before it is looked up.
    most_text_parts: the most parts one text may be sent in. sender_name and helpline: slots every message may use.
    """

    steps: tuple[Step, ...]
    exhausted_owner: Owner
    caps: Caps
    contact_hours: Hours
    quarantine_seconds: int
    sender_name: str
    helpline: str
    most_text_parts: int = 4

    def step(self, step_id: str) -> Step | None:
        """Find a step by its id; None when the version in hand has no such step."""
        return next((step for step in self.steps if step.id == step_id), None)


@dataclass(frozen=True)
class LastContact:
    """The newest message that left us for somebody, and what became of it. at carries its time zone."""

    channel: Channel
    state: AttemptState
    at: dt.datetime


@dataclass(frozen=True)
class Attempted:
    """
    One attempt of this occurrence, as stored.

    A call counts too: intended while its task is open, delivered when somebody was spoken to, failed when the tries
    are used up. intended_at carries its time zone. to: where it went (kept out of `repr`).
    """

    step_id: str
    channel: Channel
    state: AttemptState
    intended_at: dt.datetime
    to: str = field(default="", repr=False)


@dataclass(frozen=True)
class RecentContacts:
    """Contacts already made today (local calendar day), over all programmes: to this person, number, household."""

    person: int = 0
    number: int = 0
    household: int = 0


@dataclass(frozen=True)
class Skipped:
    """A step passed over, and why."""

    step_id: str
    reason: RefusalReason


@dataclass(frozen=True)
class Send:
    """Intend a message now."""

    step: Step
    channel: Channel
    contact_point: ContactPoint
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class Call:
    """Make a call task now."""

    step: Step
    contact_point: ContactPoint
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class Wait:
    """Nothing to do before this moment (UTC)."""

    until: dt.datetime


@dataclass(frozen=True)
class Exhausted:
    """Every step was tried or impossible: the owner takes the person over."""

    owner: Owner
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class Forbidden:
    """Nobody may contact this person from here, on any channel."""

    reason: RefusalReason
    words: str


NextContact = Send | Call | Wait | Exhausted | Forbidden


@dataclass(frozen=True)
class Message:
    """
    One message in one language for one channel, with `{placeholders}`.

    heading: of a letter, or the subject of an e-mail; empty for a text. paragraphs: a text has one.
    """

    id: str
    channel: Channel
    language: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Messages:
    """A programme's messages, keyed by (message id, channel, language)."""

    by_key: Mapping[tuple[str, Channel, str], Message]
    first_language: str = "en"

    def find(self, *, message_id: str, channel: Channel, language: str) -> Message | None:
        """Find a message in a language, else in the first language; the result says which language it is in."""
        wanted = self.by_key.get((message_id, channel, language))
        return wanted or self.by_key.get((message_id, channel, self.first_language))


@dataclass(frozen=True)
class Rendered:
    """
    A message with its slots filled. Holds a link or a name: kept out of `repr`.

    parts: how many text messages it is billed and split as; 1 for anything but a text.
    """

    language: str
    heading: str = field(repr=False)
    body: str = field(repr=False)
    parts: int
