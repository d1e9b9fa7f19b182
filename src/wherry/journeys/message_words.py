"""The words a message leaves with: its slots filled, in the person's language, and a link that leads somewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings

from wherry.checkin.actions.links import Link, invite_all
from wherry.checkin.errors import LinkNotUsable
from wherry.checkin.letter_codes import letter_code
from wherry.checkin.links import code_for, token_for, token_hash
from wherry.checkin.queries import codes_of_use
from wherry.database.secrets import secret
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time
from wherry.journeys.programme_in_force import InForce, of_case, of_check_in
from wherry.outreach.errors import MessageMissing, SlotMissing
from wherry.outreach.models import Attempt
from wherry.outreach.rules.messages import render, slots_of
from wherry.outreach.types import LAST_WORD, ONE_TIME_CODE, Channel, Rendered
from wherry.referrals.queries import asked_for
from wherry.referrals.types import AskedFor

#: A check-in link lives no longer than this, whatever becomes of the message.
LINK_DAYS = 14


def words_of(*, attempts: Sequence[Attempt], now: dt.datetime) -> tuple[dict[UUID, Rendered], dict[UUID, str]]:
    """
    Write the words of many messages and make their links. In the caller's transaction.

    Returns, by the attempt's id, the words; and, for those that can have none, why: what was missing, by its name.
    """
    tokens = _live_links([one for one in attempts if _wants_link(one)], now)
    codes = _live_codes([one for one in attempts if one.message == ONE_TIME_CODE], now)
    written: dict[UUID, Rendered] = {}
    missing: dict[UUID, str] = {}
    for attempt in attempts:
        try:
            written[attempt.pk] = _render(attempt, tokens, codes)
        except (MessageMissing, SlotMissing, LinkNotUsable) as wrong:
            missing[attempt.pk] = type(wrong).__name__
    return written, missing


def force_of(attempt: Attempt) -> InForce:
    """Give the programme an attempt is made by, as its place has it."""
    if attempt.step == LAST_WORD:
        return of_case(case=attempt.case)  # the last version says how the programme ends, for the ones before it too
    return of_check_in(occurrence=attempt.occurrence)


def _wants_link(attempt: Attempt) -> bool:
    message = force_of(attempt).messages.find(
        message_id=attempt.message, channel=Channel(attempt.channel), language=attempt.language
    )
    return message is not None and bool(slots_of(message) & {"link", "code"})


def _render(attempt: Attempt, tokens: Mapping[UUID, str], codes: Mapping[UUID, str]) -> Rendered:
    """Fill a message's slots. Raises MessageMissing, SlotMissing, LinkNotUsable: no message has a dead link or code."""
    force = force_of(attempt)
    slots = {
        "name": attempt.case.person.given_name,
        "sender": force.cadence.sender_name,
        "helpline": force.cadence.helpline,
        "page": f"{settings.PERSON_SITE_URL}/c",
    }
    if attempt.pk in codes:
        slots["one_time"] = codes[attempt.pk]
    if _wants_link(attempt):
        if attempt.pk not in tokens:
            raise LinkNotUsable
        slots |= {"link": f"{settings.PERSON_SITE_URL}/c/{tokens[attempt.pk]}", "code": _letter_code(attempt)}
    return render(
        messages=force.messages,
        message_id=attempt.message,
        channel=Channel(attempt.channel),
        language=attempt.language,
        slots=slots,
    )


def _live_links(attempts: Sequence[Attempt], now: dt.datetime) -> dict[UUID, str]:
    """Make or repeat the links messages carry; gives each attempt's token, where its link is open."""
    key = link_key()
    tokens = {one.pk: token_for(occurrence_id=_link_subject(one), key=key) for one in attempts}
    about = asked_for(call_to_action_ids=[_link_subject(one) for one in attempts if one.message == "did_it_help"])
    links = [_link(one, token_hash(tokens[one.pk]), about.get(_link_subject(one)), now) for one in attempts]
    # Two check-ins whose codes came out alike (record 0015): a link is never somebody else's.
    about_ids = {one.token_sha256: one.about_id or one.occurrence.pk for one in links}
    made = invite_all(by=WORKER, links=links, now=now)
    usable = {one.token_sha256 for one in made if one.state == "open" and one.about_id == about_ids[one.token_sha256]}
    return {pk: token for pk, token in tokens.items() if token_hash(token) in usable}


def _link(attempt: Attempt, token_sha256: str, about: AskedFor | None, now: dt.datetime) -> Link:
    force = force_of(attempt)
    # The text itself stays neutral: a telephone lies about. Hazards: H-15.
    is_named = about is not None and about.kind in force.triage.named_by_link
    return Link(
        occurrence=attempt.occurrence,
        token_sha256=token_sha256,
        definition_hash=force.files.hash,
        language=attempt.language,
        expires_at=now + dt.timedelta(days=LINK_DAYS),
        kind="did_it_help" if attempt.message == "did_it_help" else "check_in",
        about_id=_link_subject(attempt),
        about_need=about.kind if about is not None and is_named else "",
        about_day=local_time(about.at).date() if about is not None else None,
    )


def _live_codes(attempts: Sequence[Attempt], now: dt.datetime) -> dict[UUID, str]:
    """Give each attempt's one-time code, where it can still be typed in: one that comes too late only frightens."""
    if not attempts:
        return {}
    asked = {one.pk: UUID(one.step.removeprefix(f"{ONE_TIME_CODE}:")) for one in attempts}
    usable = codes_of_use(ids=asked.values(), now=now)
    return {pk: code_for(asked_id=one, key=link_key()) for pk, one in asked.items() if one in usable}


def _letter_code(attempt: Attempt) -> str:
    return letter_code(occurrence_id=_link_subject(attempt), key=link_key())


def _link_subject(attempt: Attempt) -> UUID:
    # A check-in's link belongs to its occurrence, so a reminder repeats it; a question about help has its own.
    if attempt.message == "did_it_help":
        return UUID(attempt.step.removeprefix("did_it_help:"))
    return attempt.occurrence_id


def link_key() -> bytes:
    """Give the installation's key for links."""
    return secret(settings.HOME, "link_key").encode()
