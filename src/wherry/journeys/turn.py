"""
One turn of the worker: everything that is due because of how things stand, never because a clock struck.

Each part finds its own work in the tables, so a lost job, a killed worker or three days' outage lose nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from wherry.audit.actions import seal
from wherry.cases.models import Case, Occurrence
from wherry.checkin.models import Alarm, CallWanted, HelpReply, Response
from wherry.checkin.queries import codes_to_hear
from wherry.database.context import acting_as, app_now, wall_now
from wherry.database.secrets import secret
from wherry.foundation.actors import WORKER
from wherry.foundation.digests import sha256_of
from wherry.journeys import (
    agree_the_list,
    call_to_action,
    close_the_loop,
    follow_calls,
    follow_separations,
    follow_the_store,
    follow_wishes,
    go_live,
    hand_off,
    last_word,
    one_time_code,
    own_red_flags,
    reach_out,
    read_texts,
    restored,
    show_what_is_done,
    take_checkin,
    what_became,
)
from wherry.organisations.tries import forget_old_tries
from wherry.outreach.models import Attempt, InboundText, Receipt
from wherry.outreach.queries import intended_messages
from wherry.referrals.models import CallToAction
from wherry.review.models import AtRiskList
from wherry.triage.models import Decision, Need


def take_turn() -> dict[str, int]:
    """
    Do once all that is due. Returns how much each part did; all zero means that nothing is left to do now.

    A part that fails is raised after the others have done theirs.
    """
    parts: dict[str, Callable[[], int]] = {
        "receipts": what_became.apply_receipts,
        "texts": read_texts.read_texts,
        "stops": follow_wishes.follow_what_was_left,
        "in_force": go_live.come_into_force,
        "carried_on": go_live.carry_on_instead,
        "cases": agree_the_list.open_what_was_left,
        "asked_again": agree_the_list.ask_again_what_expired,
        "separated": follow_separations.follow,
        "people": follow_the_store.bring_people_up_to_date,
        "check_ins": lambda: agree_the_list.open_next_check_ins(programmes=programmes_with_cases()),
        "doubts": what_became.settle_doubts,
        "alarms": take_checkin.hear_what_was_left,
        "codes": one_time_code.send_what_was_left,
        "calls_wanted": show_what_is_done.hear_what_was_left,
        "triage": take_checkin.triage_what_was_left,
        "calls": follow_calls.follow_what_was_left,
        "stood_down": last_word.stand_down_what_was_begun,
        "contacts": reach_out.decide_contacts,
        "hand_offs": hand_off.hand_off_what_was_left,
        "red_flags": own_red_flags.keep_red_flags_owned,
        "lapsed": call_to_action.let_offers_lapse,
        "taken_back": call_to_action.take_back_unhelped_needs,
        "needs": call_to_action.place_needs,
        "asked": close_the_loop.ask_whether_it_helped,
        "heard": close_the_loop.hear_what_was_left,
        "tries": forget_tries,
    }
    done, faults = {}, []
    for name, part in parts.items():
        try:
            done[name] = part()
        except Exception as fault:  # a part that fails must not keep the others from their work
            faults.append(fault)
    seal_audit()
    if faults:
        raise faults[0]
    return done


def forget_tries() -> int:
    """Delete guesses that no longer count, and with them the hashes of where they came from."""
    with acting_as(WORKER):
        return forget_old_tries(now=wall_now())


def programmes_with_cases() -> list[str]:
    """List the programmes that have open cases."""
    with acting_as(WORKER):
        return _programmes_with_cases()


def _programmes_with_cases() -> list[str]:
    return list(
        Case.objects.filter(closed_at__isnull=True).values_list("programme", flat=True).distinct().order_by("programme")
    )


def signing_key() -> Ed25519PrivateKey:
    """Give the installation's key for audit seals, made from its secret."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(sha256_of(secret(Path(settings.HOME), "audit_signing"))))


def seal_audit() -> int:
    """Link and sign what has committed. Returns how many events were linked."""
    with acting_as(WORKER):
        linked = seal(signing_key=signing_key(), now=app_now())
    if linked:
        restored.keep_head()
    return linked


def left_to_do() -> dict[str, int]:
    """
    Count what waits for the worker now, by part. All zero means that time or a person must come first.

    Counted at one moment: what moves from one part to the next meanwhile is in one of them, never in neither.
    """
    with _at_one_moment(), acting_as(WORKER):
        now = app_now()
        due = open_next_due(now)
        return {
            "jobs": ProcrastinateJob.objects.filter(status__in=["todo", "doing"]).count(),
            "receipts": Receipt.objects.filter(applied_at__isnull=True).count(),
            "texts": InboundText.objects.filter(handled_at__isnull=True).count(),
            "stops": len(follow_wishes.to_be_followed(day=now.date())),
            "cases": AtRiskList.objects.filter(state="signed", cases_opened_at__isnull=True).count(),
            "asked_again": len(agree_the_list.decisions_to_ask_again(now=now)),
            "check_ins": due,
            "doubts": Attempt.objects.filter(state__in=["handing_off", "in_doubt"]).count(),
            "codes": len(codes_to_hear(now=now)),
            "calls_wanted": CallWanted.objects.filter(heard_at__isnull=True).count(),
            "alarms": Alarm.objects.filter(heard_at__isnull=True).count(),
            "triage": Response.objects.exclude(pk__in=Decision.objects.values("response_id")).count(),
            "calls": len(follow_calls.calls_to_follow()),
            "stood_down": len(last_word.to_be_stood_down()),
            "contacts": Occurrence.objects.filter(state="in_cadence", look_again_at__lte=now).count(),
            "hand_offs": len(intended_messages(now=now, limit=1_000)),
            "lapsed": CallToAction.objects.filter(state="offered", clock_ends_at__lte=now).count(),
            "taken_back": call_to_action.unhelped_needs().count(),
            "needs": Need.objects.filter(state="open").count(),
            "asked": len(close_the_loop.to_be_asked(now=now)),
            "heard": HelpReply.objects.filter(heard_at__isnull=True).count(),
        }


@contextmanager
def _at_one_moment() -> Iterator[None]:
    # Within somebody's transaction its own view of things holds.
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        if not is_nested:
            connection.cursor().execute("set transaction isolation level repeatable read, read only")
        yield


def open_next_due(now: dt.datetime) -> int:
    """Count the check-ins that have fallen due and are not open."""
    return sum(len(agree_the_list.check_ins_due(programme=code, now=now)) for code in _programmes_with_cases())
