"""What life brought in a demonstration: each thing that goes otherwise than planned, and how often it did."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from wherry.cases.models import Case
from wherry.checkin.models import Answered
from wherry.outreach.models import Attempt
from wherry.people.models import ContactPointRow, Report, WishRow
from wherry.people.types import ContactKind, WishKind
from wherry.referrals.models import CallToAction
from wherry.referrals.types import DeclineReason, State
from wherry.worklist.models import Task, TaskEvent
from wherry.worklist.types import Outcome


def what_life_brought(*, red_flags: Mapping[str, int]) -> dict[str, int]:
    """
    Count each behaviour of life once a case, a call or an offer, as the words say. Runs as the worker.

    red_flags: how many by channel.
    """
    return {
        "silence, then a call": _rung_after_silence(),
        "voicemail": _calls(Outcome.VOICEMAIL),
        "wrong number": _calls(Outcome.WRONG_NUMBER),
        "somebody says they died": Report.objects.filter(kind=Report.Kind.DIED).count(),
        "somebody says it is not them": Report.objects.filter(kind=Report.Kind.NOT_ME).count(),
        "stop": WishRow.objects.filter(kind=WishKind.STOP, source__in=["link", "text", "telephone"]).count(),
        "red flag online": red_flags.get("web", 0),
        "red flag on the phone": red_flags.get("phone", 0),
        "two on one telephone": _shared_numbers(),
        "somebody moved": _moved(),
        "partner declines": CallToAction.objects.filter(state=State.DECLINED).count(),
        "partner has no capacity": CallToAction.objects.filter(decline_reason=DeclineReason.NO_CAPACITY).count(),
        "partner lets it lapse": CallToAction.objects.filter(state=State.LAPSED).count(),
        "help disputed": CallToAction.objects.filter(state=State.DISPUTED).count(),
        "no service for a need": Task.objects.filter(kind="need").values("about_id").distinct().count(),
    }


def beside_what_was_published(*, agreed: int, living: int, contacted: int, silent: int) -> dict[str, str]:
    """Set the run's own shares beside those one county published; living: residents of the county."""
    answered = Answered.objects.count()
    asked = CallToAction.objects.values("need__decision__response").distinct().count()
    return {
        "on the list": f"{_share(agreed, living)} (published: 3.8 %)",
        "of those contacted, answered": f"{_share(contacted - silent, contacted)} (published: 55 to 59 %)",
        "of check-ins, called to action": f"{_share(asked, answered)} (published: 4.8 %)",
    }


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}, {100 * part / whole:.1f} %" if whole else f"{part} of {whole}"


def _rung_after_silence() -> int:
    sent = Attempt.objects.filter(occurrence=OuterRef("occurrence"), state__in=["sent", "delivered"])
    rung = Attempt.objects.filter(Exists(sent.exclude(channel="call")), channel="call")
    return rung.values("occurrence").distinct().count()


def _calls(outcome: Outcome) -> int:
    return TaskEvent.objects.filter(outcome=outcome, verb__in=["tried", "finished"]).count()


def _contact_points(*kinds: ContactKind) -> QuerySet[ContactPointRow]:
    with_case = Case.objects.filter(closed_at__isnull=True).values("person")
    return ContactPointRow.objects.filter(kind__in=[str(kind) for kind in kinds], person__in=with_case)


def _shared_numbers() -> int:
    numbers = _contact_points(ContactKind.MOBILE, ContactKind.LANDLINE).values("value")
    return numbers.annotate(people=Count("person", distinct=True)).filter(people__gt=1).count()


def _moved() -> int:
    newer = ContactPointRow.objects.filter(person=OuterRef("person"), kind="address").exclude(value=OuterRef("value"))
    return (
        _contact_points(ContactKind.ADDRESS)
        .filter(Exists(newer.filter(recorded_on__gt=OuterRef("recorded_on"))))
        .exclude(person__address=F("value"))
        .values("person")
        .distinct()
        .count()
    )
