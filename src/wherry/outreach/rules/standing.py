"""What stands against a contact however long one waits: a death, a wish, a need, no number."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from wherry.outreach.rules.refusals import refusal_for
from wherry.outreach.types import Channel, Refusal, RefusalReason
from wherry.people.rules import wish_values
from wherry.people.types import ContactKind, ContactPoint, Reachable, WishKind

KINDS: Mapping[Channel, tuple[ContactKind, ...]] = {
    Channel.SMS: (ContactKind.MOBILE,),
    Channel.EMAIL: (ContactKind.EMAIL,),
    Channel.LETTER: (ContactKind.ADDRESS,),
    Channel.CALL: (ContactKind.LANDLINE, ContactKind.MOBILE),
}

_WRITTEN = frozenset({Channel.SMS, Channel.EMAIL, Channel.LETTER})

# Accessible Information Standard (DAPB1605): the channels a recorded need rules out. A value not listed here rules
# out everything written, so that a person speaks to the resident and finds out.
UNUSABLE: Mapping[str, frozenset[Channel]] = {
    "braille": _WRITTEN,
    "audio": _WRITTEN,
    "large_print": frozenset({Channel.SMS, Channel.EMAIL}),
    "easy_read": frozenset(),
    "letter": frozenset({Channel.SMS, Channel.EMAIL}),
    "email": frozenset({Channel.SMS}),
    "bsl": frozenset({Channel.CALL}),
    "deaf": frozenset({Channel.CALL}),
    "text_only": frozenset({Channel.CALL}),
    "hearing_loss": frozenset({Channel.CALL}),
    "hard_of_hearing": frozenset({Channel.CALL}),
    "sign_language": frozenset({Channel.CALL}),
    "interpreter": frozenset(),
    "cannot_read": _WRITTEN,
    "sight_loss": _WRITTEN,
    "speak_slowly": frozenset(),
}

# The National Data Opt-Out and the GP's type 1 opt-out are about uses beyond a person's own care: they take people
# out of stratification where they must, and never keep help from somebody. The national one arrives as bare NHS
# numbers, so an opt-out that names nothing is that one; not wanting to be contacted is the wish `stop`.
BEYOND_CARE = frozenset(
    {
        "",
        "national",
        "national_data_opt_out",
        "type_1",
        "type_1_opt_out",
        "research_and_planning",
    }
)

_EVERYTHING = frozenset({"", "all", "everything"})


def _code(words: str) -> str:
    # "National data opt-out" and "national_data_opt_out" are one wish.
    return "_".join(re.findall(r"[a-z0-9]+", words.lower()))


def forbidden(*, reachable: Reachable, day: dt.date) -> Refusal | None:
    """Say why nobody may contact this person on any channel, or None. Any known death forbids, whatever its date."""
    if reachable.died_on is not None:
        return refusal_for(RefusalReason.DIED)
    if _EVERYTHING.intersection(wish_values(wishes=reachable.wishes, kind=WishKind.STOP, day=day)):
        return refusal_for(RefusalReason.STOP)
    opt_outs = {_code(one) for one in wish_values(wishes=reachable.wishes, kind=WishKind.OPT_OUT, day=day)}
    return refusal_for(RefusalReason.OPTED_OUT) if opt_outs - BEYOND_CARE else None


def _is_unusable(*, channel: Channel, reachable: Reachable, day: dt.date) -> bool:
    needs = (
        value
        for kind in (WishKind.FORMAT, WishKind.COMMUNICATION_NEED)
        for value in wish_values(wishes=reachable.wishes, kind=kind, day=day)
    )
    return any(channel in UNUSABLE.get(_code(need), _WRITTEN) for need in needs)


def _is_unsafe(*, channel: Channel, reachable: Reachable, contact_point: ContactPoint | None, day: dt.date) -> bool:
    safe = set(wish_values(wishes=reachable.wishes, kind=WishKind.SAFE_CONTACT, day=day))
    if not safe:
        return False
    names = {channel.value}
    if contact_point is not None:
        names |= {contact_point.kind.value, contact_point.value.strip().lower()}
    return not names & safe


def standing_refusal(
    *, channel: Channel, reachable: Reachable, contact_point: ContactPoint | None, day: dt.date
) -> Refusal | None:
    """Say why this channel cannot be used for this person however long one waits, or None."""
    barred = forbidden(reachable=reachable, day=day)
    if barred is not None:
        return barred
    if channel.value in wish_values(wishes=reachable.wishes, kind=WishKind.STOP, day=day):
        return refusal_for(RefusalReason.STOP)
    if channel is Channel.LETTER and wish_values(wishes=reachable.wishes, kind=WishKind.SENSITIVE_ADDRESS, day=day):
        return refusal_for(RefusalReason.SENSITIVE_ADDRESS)
    if channel is Channel.LETTER and reachable.address_held:
        return refusal_for(RefusalReason.ADDRESS_HELD)
    if _is_unusable(channel=channel, reachable=reachable, day=day):
        return refusal_for(RefusalReason.FORMAT_NEEDED)
    if contact_point is None or contact_point.kind not in KINDS[channel]:
        return refusal_for(RefusalReason.NO_CONTACT_POINT)
    if _is_unsafe(channel=channel, reachable=reachable, contact_point=contact_point, day=day):
        return refusal_for(RefusalReason.UNSAFE_CONTACT)
    return None
