"""A link from its making to its end: invited, recognised by a date of birth, revoked, restored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from wherry.audit.actions import Deed, record, record_all
from wherry.cases.models import Occurrence
from wherry.checkin.models import Invitation
from wherry.checkin.queries import is_stopped
from wherry.checkin.rules import TRIES
from wherry.foundation.actors import Actor


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


def recognise_stopped(*, by: Actor, invitation: Invitation, given: dt.date, now: dt.datetime) -> bool:
    """
    Say whether whoever holds a revoked link knows the birth date of somebody who asked us to stop: nothing opens.

    Its tries are counted like those of any link; after five wrong ones it is not asked any more.
    """
    is_right = is_stopped(born=given)
    invitation.change(tries=0 if is_right else invitation.tries + 1)
    did = "link.stopped_before" if is_right else "link.not_recognised"
    record(by=by, did=did, subject="invitation", subject_ids=[invitation.id], now=now)
    return is_right


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
