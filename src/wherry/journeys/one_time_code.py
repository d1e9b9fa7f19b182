"""
A one-time code: asked for on a page, sent to a number they have used with us, typed in, and closed again.

It leaves through the send protocol and the gate like every message. Because its reader asked for it minutes ago and
waits with the telephone in their hand, hours, caps and a pause do not hold it back. A stop, a death, an unsafe number
do, and a code that has run out does not leave at all.
Whether there is a number is decided by the worker: the page and the time it takes are the same either way.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from wherry.checkin.actions import calls, codes
from wherry.checkin.links import token_hash
from wherry.checkin.models import CodeAsked, Invitation
from wherry.checkin.queries import codes_to_hear, newest_code, shares_mobile
from wherry.checkin.rules import TRIES
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor
from wherry.foundation.periods import local_time
from wherry.journeys.deferring import Job, defer
from wherry.journeys.message_words import link_key
from wherry.journeys.one_by_one import one_by_one
from wherry.journeys.text_somebody import text_somebody
from wherry.outreach.models import Attempt
from wherry.outreach.rules.next_contact import contact_point_for
from wherry.outreach.types import ONE_TIME_CODE, AttemptState, Channel
from wherry.people.models import Person
from wherry.people.queries import reachable

_ARRIVED = (AttemptState.SENT, AttemptState.DELIVERED)


def must_say_name() -> bool:
    """Say whether a first name is asked for too, because two people share the mobile number. In the link's context."""
    return shares_mobile()


def is_first_name(*, given: str, invitation: Invitation) -> bool:
    """Compare a typed first name with the one on record, however it is written; one of several names is enough."""
    known = _plain(invitation.case.person.given_name)
    return bool(given.strip()) and (_plain(given) == known or _plain(given)[0] in known)


def _plain(name: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l"))
    return "".join(one if one.isalnum() else " " for one in letters if not unicodedata.combining(one)).split() or [""]


def ask_for_code(*, by: Actor, invitation: Invitation, now: dt.datetime) -> None:
    """Have a code sent to a number they have used with us. Raises TooManyCodes."""
    asked = codes.ask_for_code(by=by, invitation=invitation, now=now)
    defer(Job.SEND_CODE, about=asked.pk)


def send_code(*, asked_id: UUID) -> bool:
    """Write down the text with a code, where there is a number. Safe to repeat; False when it was heard before."""
    with acting_as(WORKER):
        now = app_now()
        rows = CodeAsked.objects.select_related("case__person", "invitation__occurrence")
        asked = rows.select_for_update(of=("self",)).get(pk=asked_id)
        if asked.heard_at is not None:
            return False
        codes.code_heard(asked=asked, now=now)
        if asked.expires_at > now:
            _intend(asked=asked, now=now)
    return True


def send_what_was_left() -> int:
    """Hear every code asked for that no job carried out and that is still of use. Returns how many."""
    with acting_as(WORKER):
        waiting = codes_to_hear(now=app_now())
    return one_by_one(waiting, lambda pk: int(send_code(asked_id=pk)))


def _intend(*, asked: CodeAsked, now: dt.datetime) -> None:
    person, day = asked.case.person, local_time(now).date()
    found = reachable(person=person, day=day)
    used = _numbers_used_with_us(person=person)
    verified = tuple(one for one in found.contact_points if one.verified_on is not None or one.value in used)
    point, _ = contact_point_for(channel=Channel.SMS, reachable=replace(found, contact_points=verified), day=day)
    if point is not None:
        text_somebody(
            occurrence=asked.invitation.occurrence,
            point=point,
            message=ONE_TIME_CODE,
            step=f"{ONE_TIME_CODE}:{asked.pk}",
            language=found.language,
            now=now,
        )


def _numbers_used_with_us(*, person: Person) -> set[str]:
    """
    List the numbers from which somebody came to us and knew the date of birth: a text to it brought them.

    A link that also went out by letter before it was opened shows nothing about the number.
    """
    sent = Attempt.objects.filter(case__person_id=person.pk, attempted_at__isnull=False)
    sent = sent.exclude(channel=Channel.CALL).exclude(message=ONE_TIME_CODE).select_related("contact_point")
    messages = list(sent.order_by("attempted_at"))
    opened = Invitation.objects.filter(case__person_id=person.pk, opened_at__isnull=False)
    return {number for link in opened for number in _brought_by(link=link, messages=messages)}


def _brought_by(*, link: Invitation, messages: Sequence[Attempt]) -> set[str]:
    carried = [
        one
        for one in messages
        if one.occurrence_id == link.occurrence_id
        and (one.message == "did_it_help") == (link.kind == "did_it_help")
        and one.attempted_at is not None
        and link.opened_at is not None
        and one.attempted_at <= link.opened_at
    ]
    if any(one.channel != Channel.SMS for one in carried):
        return set()
    return {one.contact_point.value for one in carried if one.contact_point and one.state in _ARRIVED}


def enter_code(*, by: Actor, invitation: Invitation, typed: str, proof: str, now: dt.datetime) -> bool:
    """
    Compare a typed code with the newest that was asked for; right, it opens what is kept for the holder of `proof`.

    The fifth wrong one ends the code, and somebody rings.
    """
    asked = newest_code(invitation=invitation)
    if asked is None:
        return False
    digits = "".join(letter for letter in typed if letter.isdecimal() and letter.isascii())
    before = asked.tries
    is_right = codes.enter_code(
        by=by, asked=asked, typed=digits, key=link_key(), proof_sha256=token_hash(proof), now=now
    )
    if not is_right and before < asked.tries == TRIES:
        want_a_call(by=by, invitation=invitation, about=ONE_TIME_CODE, now=now)
    return is_right


def is_spent(*, invitation: Invitation, now: dt.datetime) -> tuple[bool, bool]:
    """Say of the newest code whether it still waits to be typed in, and whether its tries are used up."""
    asked = newest_code(invitation=invitation)
    if asked is None or asked.expires_at <= now or asked.used_at is not None:
        return False, False
    return asked.tries < TRIES, asked.tries >= TRIES


def proven(*, by: Actor, proof: str) -> Actor:
    """Give the link's holder with what their browser was given when a code was right."""
    return replace(by, proof_sha256=token_hash(proof)) if proof else by


def want_a_call(*, by: Actor, invitation: Invitation, about: str, now: dt.datetime) -> None:
    """Have somebody ring, because they asked. Asked twice before anybody heard, it is asked once."""
    wanted = calls.want_a_call(by=by, invitation=invitation, about=about, now=now)
    if wanted is not None:
        defer(Job.HEAR_CALL_WANTED, about=wanted.pk)
