"""The deeds of checkin: how each is done here; and what writes nothing down, with why that is right."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

from tests.support.deeds.kinds import HOUR, Deed, an_alarm
from tests.support.places_and_people import Side
from wherry.checkin.actions import answers, calls, codes, links, replies
from wherry.checkin.models import CodeAsked
from wherry.foundation.actors import WORKER


def _a_code_used(side: Side, now: dt.datetime) -> None:
    asked = codes.ask_for_code(by=WORKER, invitation=side.invitation, now=now)
    asked.change(used_at=now, seen_at=now, proof_sha256="a" * 64)


DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "checkin.invite": lambda s, n: links.invite(
        by=WORKER,
        occurrence=s.occurrence,
        token_sha256="a" * 64,
        definition_hash="sha256:0",
        language="en",
        expires_at=n + HOUR,
        now=n,
    ),
    "checkin.invite_all": lambda s, n: links.invite_all(
        by=WORKER, links=[links.Link(s.occurrence, "a" * 64, "sha256:0", "en", n + HOUR)], now=n
    ),
    "checkin.recognise": lambda s, n: links.recognise(
        by=WORKER, invitation=s.invitation, given=None, known=s.person.birth_date, now=n
    ),
    "checkin.recognise_stopped": lambda s, n: links.recognise_stopped(
        by=WORKER, invitation=s.invitation, given=s.person.birth_date, now=n
    ),
    "checkin.submit": lambda s, n: answers.submit(
        by=WORKER, invitation=s.invitation, answers={"food": "none"}, answered_by="self", now=n
    ),
    "checkin.record_by_phone": (
        lambda s, n: links.revoke_links(by=WORKER, case_id=s.case.pk, now=n),
        lambda s, n: answers.record_by_phone(
            by=WORKER,
            occurrence=s.later,
            answers={"food": "none"},
            language="en",
            definition_hash="sha256:0",
            key=uuid.uuid4(),
            now=n,
        ),
    ),
    "checkin.say_whether_it_helped": lambda s, n: replies.say_whether_it_helped(
        by=WORKER,
        invitation=None,
        case_id=s.case.pk,
        audience_id=s.audience.pk,
        about_id=uuid.uuid4(),
        helped=True,
        channel="phone",
        now=n,
    ),
    "checkin.ask_for_code": lambda s, n: codes.ask_for_code(by=WORKER, invitation=s.invitation, now=n),
    "checkin.enter_code": (
        lambda s, n: codes.ask_for_code(by=WORKER, invitation=s.invitation, now=n),
        lambda s, n: codes.enter_code(
            by=WORKER, asked=CodeAsked.objects.latest("asked_at"), typed="1", key=b"k", proof_sha256="a" * 64, now=n
        ),
    ),
    "checkin.end_proof": (
        lambda s, n: _a_code_used(s, n),
        lambda s, n: codes.end_proof(by=replace(WORKER, proof_sha256="a" * 64), invitation=s.invitation, now=n),
    ),
    "checkin.want_a_call": lambda s, n: calls.want_a_call(by=WORKER, invitation=s.invitation, about="medicines", now=n),
    "checkin.keep_alarms": lambda s, n: an_alarm(s, n),
    "checkin.revoke_links": lambda s, n: links.revoke_links(by=WORKER, case_id=s.case.pk, now=n),
    "checkin.restore_links": (
        lambda s, n: links.revoke_links(by=WORKER, case_id=s.case.pk, now=n),
        lambda s, n: links.restore_links(by=WORKER, occurrence_id=s.later.pk, now=n),
    ),
}
NO_DEED = {
    "checkin.save_draft": "nothing is given before it is sent",
    "checkin.code_heard": "the message it opened is what is written down",
    "checkin.stay_proven": "a sign of life; the look itself is written down by the page",
    "checkin.call_heard": "the task it opened is what is written down",
    "checkin.alarm_heard": "the flag it raised is what is written down",
}
