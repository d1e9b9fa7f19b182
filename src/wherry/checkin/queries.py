"""Finding a check-in by its link, and what was answered."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from wherry.checkin.models import Draft, Invitation, Response


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


def draft_answers(*, invitation: Invitation) -> dict[str, object]:
    """Give what was answered so far, to be resumed."""
    draft = Draft.objects.filter(invitation=invitation).first()
    return dict(draft.answers) if draft else {}


def response_of(*, occurrence_id: UUID) -> Response | None:
    """Give the response of an occurrence."""
    return Response.objects.filter(occurrence_id=occurrence_id).first()
