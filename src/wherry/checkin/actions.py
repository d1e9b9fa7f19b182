"""Inviting, recognising, keeping answers: what a resident may do with a link, and what a caller records for them."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from wherry.audit.actions import Deed, record, record_all
from wherry.cases.models import Occurrence
from wherry.checkin.errors import AlreadyAnswered, LinkNotUsable, TooManyCodes
from wherry.checkin.links import code_for
from wherry.checkin.models import Alarm, CallWanted, CodeAsked, Draft, HelpReply, Invitation, Response
from wherry.checkin.types import AlarmRaised, Answers
from wherry.foundation.actors import Actor

TRIES = 5


@dataclass(frozen=True)
class Link:
    """
    A link to be made. Only the token's hash is known here, and kept.

    kind: check_in, about the occurrence; or did_it_help, about_id being the call to action, with the day that help
    was asked for and its need, empty where whoever holds the link must not read it.
    """

    occurrence: Occurrence
    token_sha256: str
    definition_hash: str
    language: str
    expires_at: dt.datetime
    kind: str = "check_in"
    about_id: UUID | None = None
    about_need: str = ""
    about_day: dt.date | None = None


def invite(
    *,
    by: Actor,
    occurrence: Occurrence,
    token_sha256: str,
    definition_hash: str,
    language: str,
    expires_at: dt.datetime,
    now: dt.datetime,
    kind: str = "check_in",
    about_id: UUID | None = None,
    about_need: str = "",
    about_day: dt.date | None = None,
) -> Invitation:
    """Make one link, or give the one there is. What each part holds: see Link."""
    link = Link(occurrence, token_sha256, definition_hash, language, expires_at, kind, about_id, about_need, about_day)
    return invite_all(by=by, links=[link], now=now)[0]


def invite_all(*, by: Actor, links: Sequence[Link], now: dt.datetime) -> list[Invitation]:
    """Make links in a few statements; gives those and the ones there were, open or not, in no order."""
    wanted = {link.token_sha256: link for link in links}
    known = set(Invitation.objects.filter(token_sha256__in=wanted).values_list("token_sha256", flat=True))
    made = [_invitation(link, now) for token, link in wanted.items() if token not in known]
    Invitation.objects.bulk_create(made, ignore_conflicts=True)
    found = list(Invitation.objects.filter(token_sha256__in=wanted))
    ours = {one.pk for one in made}
    deeds = [Deed("invitation.made", "invitation", (one.id, one.case_id)) for one in found if one.pk in ours]
    record_all(by=by, deeds=deeds, now=now)
    return found


def _invitation(link: Link, now: dt.datetime) -> Invitation:
    occurrence = link.occurrence
    return Invitation(
        case_id=occurrence.case_id,
        audience_id=occurrence.audience_id,
        occurrence=occurrence,
        kind=link.kind,
        about_id=link.about_id or occurrence.pk,
        person_id=occurrence.case.person_id,
        about_need=link.about_need,
        about_day=link.about_day,
        token_sha256=link.token_sha256,
        definition_hash=link.definition_hash,
        language=link.language,
        made_at=now,
        expires_at=link.expires_at,
    )


def recognise(*, by: Actor, invitation: Invitation, given: dt.date | None, known: dt.date, now: dt.datetime) -> bool:
    """
    Compare a birth date; five wrong ones lock the link. Returns whether it was right.

    The try is counted before the answer is known to the caller, and a locked link answers like an unknown one. A used
    link is recognised too, to say that it was used; five wrong dates close it without a word to anybody.
    Hazards: H-15 (a link in the wrong hands).
    """
    if invitation.state not in ("open", "used") or invitation.expires_at <= now:
        return False
    if invitation.state == "used" and invitation.tries >= TRIES:
        return False
    tries = invitation.tries + 1
    is_right = given == known
    locked = not is_right and tries >= TRIES and invitation.state == "open"
    invitation.change(
        tries=0 if is_right else tries,
        state="locked" if locked else invitation.state,
        opened_at=invitation.opened_at or (now if is_right else None),
    )
    record(
        by=by,
        did="link.recognised" if is_right else "link.locked" if locked else "link.not_recognised",
        subject="invitation",
        subject_ids=[invitation.id],
        now=now,
    )
    return is_right


def save_draft(*, by: Actor, invitation: Invitation, answers: Answers, now: dt.datetime) -> None:
    """Keep the answers of a page, added to those of the pages before. Raises LinkNotUsable once it is spent."""
    if invitation.state != "open" or invitation.expires_at <= now:
        raise LinkNotUsable
    draft, is_new = Draft.objects.get_or_create(
        invitation=invitation,
        defaults={
            "case_id": invitation.case_id,
            "audience_id": invitation.audience_id,
            "answers": dict(answers),
            "begun_at": now,
            "saved_at": now,
        },
    )
    if not is_new:
        draft.change(answers={**draft.answers, **answers}, saved_at=now)


#: A one-time code works this long; what it opens closes when nobody looked at it for so long.
CODE_LIVES, PROOF_IDLES = dt.timedelta(minutes=10), dt.timedelta(minutes=15)
CODES_A_DAY = 3


def ask_for_code(*, by: Actor, invitation: Invitation, now: dt.datetime) -> CodeAsked:
    """Note that somebody asks for a one-time code. Raises TooManyCodes after three of one case within 24 hours."""
    since = now - dt.timedelta(days=1)
    if CodeAsked.objects.filter(case_id=invitation.case_id, asked_at__gt=since).count() >= CODES_A_DAY:
        raise TooManyCodes
    asked = CodeAsked.objects.create(
        case_id=invitation.case_id,
        audience_id=invitation.audience_id,
        invitation=invitation,
        asked_at=now,
        expires_at=now + CODE_LIVES,
    )
    record(by=by, did="code.asked", subject="invitation", subject_ids=[invitation.id, invitation.case_id], now=now)
    return asked


def code_heard(*, asked: CodeAsked, now: dt.datetime) -> None:
    """Note that the worker looked where a code could be sent, and wrote the message down if there was a place."""
    asked.change(heard_at=now)


def enter_code(*, by: Actor, asked: CodeAsked, typed: str, key: bytes, proof_sha256: str, now: dt.datetime) -> bool:
    """
    Compare a typed code with the one that was sent: five tries, ten minutes, once. Returns whether it was right.

    proof_sha256: the hash of what this browser keeps if it was. Raises StaleVersion when two tries come at once: the
    second learns nothing. Hazards: H-15 (a link in the wrong hands).
    """
    if asked.used_at is not None or asked.tries >= TRIES or asked.expires_at <= now:
        return False
    is_right = hmac.compare_digest(typed.encode(), code_for(asked_id=asked.pk, key=key).encode())
    opened = {"used_at": now, "seen_at": now, "proof_sha256": proof_sha256} if is_right else {}
    asked.change(tries=asked.tries + 1, **opened)
    did = "code.right" if is_right else "code.wrong"
    record(by=by, did=did, subject="invitation", subject_ids=[asked.invitation_id, asked.case_id], now=now)
    return is_right


def stay_proven(*, by: Actor, invitation: Invitation, now: dt.datetime) -> bool:
    """Renew what a code opened for this browser (`by.proof_sha256`). False when there is nothing, or it has closed."""
    return _proven(by=by, invitation=invitation, now=now).update(seen_at=now) == 1


def end_proof(*, by: Actor, invitation: Invitation, now: dt.datetime) -> bool:
    """Close what a code opened: somebody signs out. False when it was closed already."""
    if _proven(by=by, invitation=invitation, now=now).update(ended_at=now) != 1:
        return False
    record(by=by, did="code.signed_out", subject="invitation", subject_ids=[invitation.id, invitation.case_id], now=now)
    return True


def _proven(*, by: Actor, invitation: Invitation, now: dt.datetime) -> QuerySet[CodeAsked]:
    opened = CodeAsked.objects.filter(invitation=invitation, ended_at__isnull=True, seen_at__gt=now - PROOF_IDLES)
    return opened.filter(proof_sha256=by.proof_sha256) if by.proof_sha256 else opened.none()


def want_a_call(*, by: Actor, invitation: Invitation, about: str, now: dt.datetime) -> CallWanted | None:
    """Note that somebody asks to be rung. None when they asked already and nobody has heard it yet."""
    try:
        with transaction.atomic():
            wanted = CallWanted.objects.create(
                case_id=invitation.case_id, audience_id=invitation.audience_id, about=about, asked_at=now
            )
    except IntegrityError:
        return None
    record(by=by, did="call.wanted", subject="case", subject_ids=[invitation.case_id], now=now)
    return wanted


def call_heard(*, wanted: CallWanted, now: dt.datetime) -> None:
    """Note that the worker put the call on somebody's list."""
    wanted.change(heard_at=now)


def keep_alarms(
    *, by: Actor, occurrence: Occurrence, flags: Iterable[AlarmRaised], channel: str, now: dt.datetime
) -> list[Alarm]:
    """
    Keep the red flags of the answers so far, once each; one whose answer was changed is marked, never taken away.

    flags: every red flag of all the answers so far. Returns the alarms there is news of, for the worker to hear.
    Hazards: H-02 (a danger typed and never sent).
    """
    kept = {one.flag: one for one in Alarm.objects.filter(occurrence=occurrence)}
    raised = {one.flag: one for one in flags}
    news = [
        _sound(by=by, occurrence=occurrence, kept=kept.get(flag), raised=one, channel=channel, now=now)
        for flag, one in raised.items()
        if flag not in kept or kept[flag].taken_back_at is not None
    ]
    for flag, alarm in kept.items():
        if flag not in raised and alarm.taken_back_at is None:
            alarm.change(taken_back_at=now, heard_at=None)
            news.append(alarm)
            record(by=by, did="alarm.taken_back", subject="alarm", subject_ids=[alarm.id, alarm.case_id], now=now)
    return news


def _sound(
    *, by: Actor, occurrence: Occurrence, kept: Alarm | None, raised: AlarmRaised, channel: str, now: dt.datetime
) -> Alarm:
    if kept is not None:
        kept.change(said_at=now, taken_back_at=None, heard_at=None)
        alarm = kept
    else:
        alarm = Alarm.objects.create(
            case_id=occurrence.case_id,
            audience_id=occurrence.audience_id,
            occurrence=occurrence,
            flag=raised.flag,
            rule=raised.rule,
            say=raised.say,
            channel=channel,
            said_at=now,
        )
    record(by=by, did="alarm.kept", subject="alarm", subject_ids=[alarm.id, alarm.case_id], now=now)
    return alarm


def alarm_heard(*, alarm: Alarm, now: dt.datetime) -> None:
    """Note that the worker acted on an alarm."""
    alarm.change(heard_at=now)


def submit(
    *,
    by: Actor,
    invitation: Invitation,
    answers: Answers,
    answered_by: str,
    now: dt.datetime,
) -> Response:
    """
    Store a whole check-in and spend its link. Posted twice, it is stored once: the second gives the first.

    The invitation's own id is the idempotency key. Raises AlreadyAnswered when it was answered another way,
    LinkNotUsable when the link is locked, revoked or too old.
    """
    found = Response.objects.filter(idempotency_key=invitation.id).first()
    if found:
        return found
    if invitation.state != "open" or invitation.expires_at <= now:
        raise LinkNotUsable
    response = _store(
        by=by,
        occurrence=invitation.occurrence,
        invitation=invitation,
        channel="web",
        answers=answers,
        language=invitation.language,
        answered_by=answered_by,
        definition_hash=invitation.definition_hash,
        key=invitation.id,
        now=now,
    )
    invitation.change(state="used", used_at=now)
    Draft.objects.filter(invitation=invitation).delete()
    return response


def record_by_phone(
    *,
    by: Actor,
    occurrence: Occurrence,
    answers: Answers,
    language: str,
    definition_hash: str,
    key: UUID,
    now: dt.datetime,
) -> Response:
    """
    Store a check-in a caller took by telephone, and revoke the link that is no longer needed.

    key: made with the caller's form, so that a form sent twice is stored once. Raises AlreadyAnswered.
    """
    found = Response.objects.filter(idempotency_key=key).first()
    if found:
        return found
    response = _store(
        by=by,
        occurrence=occurrence,
        invitation=None,
        channel="phone",
        answers=answers,
        language=language,
        answered_by="self",
        definition_hash=definition_hash,
        key=key,
        now=now,
    )
    revoke_links(by=by, case_id=occurrence.case_id, now=now, kinds=("check_in",))
    return response


def say_whether_it_helped(
    *,
    by: Actor,
    invitation: Invitation | None,
    case_id: UUID,
    audience_id: UUID,
    about_id: UUID,
    helped: bool,
    channel: str,
    now: dt.datetime,
) -> HelpReply:
    """Keep the person's word on a call to action; said twice, the first stands. Spends the link it came by."""
    found = HelpReply.objects.filter(about_id=about_id).first()
    if found:
        return found
    if invitation is not None and (invitation.state != "open" or invitation.expires_at <= now):
        raise LinkNotUsable
    reply = HelpReply.objects.create(
        case_id=case_id,
        audience_id=audience_id,
        invitation=invitation,
        about_id=about_id,
        helped=helped,
        channel=channel,
        said_at=now,
    )
    if invitation is not None:
        invitation.change(state="used", used_at=now)
    record(by=by, did="help.judged", subject="call_to_action", subject_ids=[about_id, case_id], now=now)
    return reply


def _store(
    *,
    by: Actor,
    occurrence: Occurrence,
    invitation: Invitation | None,
    channel: str,
    answers: Mapping[str, object],
    language: str,
    answered_by: str,
    definition_hash: str,
    key: UUID,
    now: dt.datetime,
) -> Response:
    try:
        with transaction.atomic():
            response = Response.objects.create(
                case_id=occurrence.case_id,
                audience_id=occurrence.audience_id,
                occurrence=occurrence,
                invitation=invitation,
                channel=channel,
                answers=dict(answers),
                language=language,
                answered_by=answered_by,
                submitted_at=now,
                definition_hash=definition_hash,
                idempotency_key=key,
            )
    except IntegrityError as error:
        raise AlreadyAnswered from error
    record(
        by=by,
        did="checkin.answered",
        subject="response",
        subject_ids=[response.id, occurrence.case_id],
        now=now,
        detail={"channel": channel, "answered": len(answers)},
    )
    return response


def revoke_links(
    *, by: Actor, case_id: UUID, now: dt.datetime, kinds: tuple[str, ...] = ("check_in", "did_it_help")
) -> int:
    """Make every open link of a case dead: answered another way, stopped, died, number changed. Returns how many."""
    revoked = Invitation.objects.filter(case_id=case_id, kind__in=kinds, state__in=["open", "locked"]).update(
        state="revoked"
    )
    if revoked:
        record(by=by, did="links.revoked", subject="case", subject_ids=[case_id], now=now, detail={"links": revoked})
    return revoked


def restore_links(*, by: Actor, occurrence_id: UUID, now: dt.datetime) -> None:
    """Let the revoked link of a check-in open again: what stopped it was a mistake. Its tries are not forgiven."""
    restored = Invitation.objects.filter(occurrence_id=occurrence_id, kind="check_in", state="revoked").update(
        state="open"
    )
    if restored:
        record(by=by, did="links.restored", subject="occurrence", subject_ids=[occurrence_id], now=now)
