"""Finding a check-in by its link, and what was answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from wherry.cases.models import Occurrence
from wherry.checkin.models import Alarm, Answered, CallWanted, CodeAsked, Draft, Invitation, Response
from wherry.checkin.rules import said_by
from wherry.checkin.types import Said


def invitation_of_link(*, token_sha256: str) -> Invitation | None:
    """Give the invitation a link finds, in the link's own context; its case and person come along."""
    return (
        Invitation.objects.select_related("case", "case__person", "occurrence")
        .filter(token_sha256=token_sha256)
        .first()
    )


def person_of_link() -> UUID | None:
    """Give the person a link was made for, whatever has become of it: enough to stop contact, and for nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("select app_token_person()")
        (found,) = cursor.fetchone()
    return UUID(str(found)) if found else None


def language_of_link(*, token_sha256: str) -> str:
    """Give the language of a link, whatever has become of it; empty for none of ours. In the link's own context."""
    return Invitation.objects.filter(token_sha256=token_sha256).values_list("language", flat=True).first() or ""


def ended_link(*, token_sha256: str) -> Invitation | None:
    """Give the invitation of a link that was revoked; its case and person are out of its sight."""
    return Invitation.objects.filter(token_sha256=token_sha256, state="revoked").first()


def is_stopped(*, born: dt.date) -> bool:
    """Say whether a link was ended because its person, born that day, asked us to stop; in the link's own context."""
    with connection.cursor() as cursor:
        cursor.execute("select app_token_stopped(%s)", [born])
        (found,) = cursor.fetchone()
    return bool(found)


def draft_answers(*, invitation: Invitation) -> dict[str, object]:
    """Give what was answered so far, to be resumed."""
    draft = Draft.objects.filter(invitation=invitation).first()
    return dict(draft.answers) if draft else {}


def check_ins_begun(*, programme: str) -> set[UUID]:
    """
    Give the ids of a programme's check-ins somebody has begun to answer by link, or has answered whatever way.

    Some were settled long ago: for whoever asks of those that are not.
    """
    links = Invitation.objects.filter(case__programme=programme, kind="check_in")
    begun = links.filter(Exists(Draft.objects.filter(invitation=OuterRef("pk")).values("id")))
    sent = Answered.objects.filter(case_id=OuterRef("case_id"), submitted_at__gte=OuterRef("opened_at"))
    answered = Occurrence.objects.filter(Exists(sent), case__programme=programme)
    return {
        *begun.values_list("occurrence_id", flat=True),
        *links.filter(state="used").values_list("occurrence_id", flat=True),
        *answered.values_list("pk", flat=True),
    }


def response_of(*, occurrence_id: UUID) -> Response | None:
    """Give the response of an occurrence."""
    return Response.objects.filter(occurrence_id=occurrence_id).first()


def first_alarm(*, occurrence_id: UUID) -> dt.datetime | None:
    """Give when the first red flag that stands was said in a check-in; where none stands, the first taken back."""
    alarms = alarms_of(occurrence_id=occurrence_id)
    standing = [one.said_at for one in alarms if one.taken_back_at is None]
    return min(standing or [one.said_at for one in alarms], default=None)


def alarms_of(*, occurrence_id: UUID) -> list[Alarm]:
    """List the red flags said in a check-in, those taken back too, in the order said."""
    return list(Alarm.objects.filter(occurrence_id=occurrence_id).order_by("said_at", "flag"))


def newest_code(*, invitation: Invitation) -> CodeAsked | None:
    """Give the newest one-time code asked for by a link."""
    return CodeAsked.objects.filter(invitation=invitation).order_by("-asked_at", "id").first()


def shares_mobile() -> bool:
    """Say whether somebody else is recorded with the mobile number of the link's holder, in the link's own context."""
    with connection.cursor() as cursor:
        cursor.execute("select app_link_shares_mobile()")
        (is_shared,) = cursor.fetchone()
    return bool(is_shared)


def codes_to_hear(*, now: dt.datetime) -> list[UUID]:
    """List the codes asked for that the worker has not looked at and that are still of use."""
    waiting = CodeAsked.objects.filter(heard_at__isnull=True, expires_at__gt=now)
    return list(waiting.order_by("asked_at", "id").values_list("pk", flat=True)[:1_000])


def codes_of_use(*, ids: Iterable[UUID], now: dt.datetime) -> set[UUID]:
    """Say which of these codes can still be typed in: not run out, not used."""
    return set(
        CodeAsked.objects.filter(pk__in=ids, expires_at__gt=now, used_at__isnull=True).values_list("pk", flat=True)
    )


def calls_wanted_about(*, case_id: UUID, since: dt.datetime) -> tuple[str, ...]:
    """List what the calls heard since a moment were wanted about, oldest first, each once; anything else left out."""
    heard = CallWanted.objects.filter(case_id=case_id, heard_at__gte=since).exclude(about="")
    return tuple(dict.fromkeys(heard.order_by("asked_at", "id").values_list("about", flat=True)))


def left_unfinished(*, occurrence_id: UUID) -> dt.datetime | None:
    """Give when a page of a check-in nobody has sent was last saved; what was answered is for the resident alone."""
    drafts = Draft.objects.filter(invitation__occurrence_id=occurrence_id)
    return drafts.order_by("-saved_at").values_list("saved_at", flat=True).first()


def newest_response(*, case_id: UUID) -> Response | None:
    """Give the newest whole check-in of a case."""
    return Response.objects.filter(case_id=case_id).order_by("-submitted_at", "id").first()


def said_in(*, response: Response) -> Said:
    """Give when, how and by whom a check-in was answered."""
    at, channel, language = response.submitted_at, response.channel, response.language
    return said_by(answers=response.answers, at=at, channel=channel, language=language)


def alarms_said(*, case_id: UUID) -> dict[tuple[UUID, str], Said]:
    """Give when, how and by whom each red flag of a case was said, by (occurrence, flag); oldest first."""
    return {
        (one.occurrence_id, one.flag): Said(
            one.said_at, one.channel, one.language, one.answered_by, one.they_agree, one.relation
        )
        for one in Alarm.objects.filter(case_id=case_id).order_by("said_at", "id")
    }
