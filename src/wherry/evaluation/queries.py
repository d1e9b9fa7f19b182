"""Everything counted afresh from the rows one may see. Aggregates only: no row of a person leaves this file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Q, QuerySet, Sum

from wherry.cases.models import Case
from wherry.cases.types import State
from wherry.checkin.models import Answered, Invitation
from wherry.evaluation.types import ContactCount, FlagCount, Funnel, GroupCount, NeedCount
from wherry.foundation.actors import Actor
from wherry.governance.models import Agreement, Audience
from wherry.governance.rules import Permission, require
from wherry.outreach.models import Attempt
from wherry.outreach.types import ONE_TIME_CODE
from wherry.referrals.models import CallToAction
from wherry.review.models import AtRiskList
from wherry.review.types import ListState
from wherry.triage.models import Need, RedFlag
from wherry.worklist.models import Task

#: A contact was made: the provider has the message, it arrived, or somebody was spoken to.
MADE = ("sent", "delivered")
_NEED_STATES = ("open", "referred", "met", "not_met", "withdrawn")
_CALL_STATES = ("offered", "accepted", "declined", "lapsed", "done", "confirmed", "disputed", "withdrawn")
#: How a group of people is read from their case, for equity.
_GROUPS = {
    "place": "place",
    "imd_decile": "person__imd_decile",
    "language": "person__language",
    "sex": "person__sex",
    "category": "category",
}
_STEPS = ("people", "contacted", "answered", "asked", "reached")


def _has(model: type, **conditions: object) -> Q:
    # A list the database makes once and looks each case up in; EXISTS would ask the other table's guard case by case.
    return Q(pk__in=model.objects.filter(**conditions).values("case_id"))  # type: ignore[attr-defined]


#: Conditions on a case. Helped: the person's own word, not the partner's.
CONTACTED = _has(Attempt, state__in=MADE)
OPENED = _has(Invitation, kind="check_in", opened_at__isnull=False)
ANSWERED = _has(Answered)
ASKED = _has(Need) | _has(RedFlag)
HELPED = _has(CallToAction, state="confirmed")


def programmes_overseen(*, asked_by: Actor, now: dt.datetime) -> list[str]:
    """List the programmes whose oversight an actor's organisations have agreed to, by code."""
    live = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    return list(
        Agreement.objects.filter(
            live, organisation_id__in=asked_by.organisations, purposes__contains=[asked_by.purpose], starts_at__lte=now
        )
        .order_by("programme")
        .values_list("programme", flat=True)
        .distinct()
    )


def places_overseen(*, asked_by: Actor, programme: str, places: Sequence[str], now: dt.datetime) -> list[str]:
    """List those of these places whose oversight an actor's organisations have agreed to, in the given order."""
    require(asked_by, Permission.SEE_FUNNEL)
    live = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    agreed = set(
        Agreement.objects.filter(
            live,
            organisation_id__in=asked_by.organisations,
            programme=programme,
            purposes__contains=[asked_by.purpose],
            starts_at__lte=now,
        ).values_list("place", flat=True)
    )
    # An agreement that names no place is for every place.
    return [place for place in places if "" in agreed or place in agreed]


def funnel(*, asked_by: Actor, programme: str, red_flag_minutes: int = 15, by_channel: bool = True) -> Funnel:
    """
    Count a programme from end to end, as far as the actor's row security sees.

    red_flag_minutes: within which somebody must have taken a red flag; by_channel: False spares three of the about
    fifteen aggregate queries and leaves what is counted by channel empty.
    """
    require(asked_by, Permission.SEE_FUNNEL)
    cases = _open_cases(programme)
    return Funnel(
        programme=programme,
        **_lists(programme),
        with_case=cases.count(),
        by_state=_by(cases, "state", tuple(str(state) for state in State)),
        **_steps(cases),
        silent=cases.filter(CONTACTED).exclude(ANSWERED).count(),
        **_channels(programme, counted=by_channel),
        needs=_needs(programme),
        needs_by_state=_by(about(Need, programme), "state", _NEED_STATES),
        needs_in_all=about(Need, programme).count(),
        flags=_flags(programme, dt.timedelta(minutes=red_flag_minutes)),
        offered=about(CallToAction, programme).count(),
        calls_to_action=_by(about(CallToAction, programme), "state", _CALL_STATES),
        outcomes=_by(about(CallToAction, programme).exclude(outcome=""), "outcome"),
    )


def equity(*, asked_by: Actor, programme: str) -> tuple[GroupCount, ...]:
    """
    Count, for each place, deprivation decile, language and sex, the people and how far they came. Unknown is a group.

    True counts: whoever shows or sends them on hides the small ones. One query, whatever the number of groups.
    """
    require(asked_by, Permission.SEE_FUNNEL)
    rows = list(
        _open_cases(programme)
        .annotate(was_contacted=CONTACTED, has_answered=ANSWERED, has_asked=ASKED)
        .values(*_GROUPS.values())
        .annotate(
            people=Count("id"),
            contacted=Count("id", filter=Q(was_contacted=True)),
            answered=Count("id", filter=Q(has_answered=True)),
            asked=Count("id", filter=Q(has_asked=True)),
            reached=Count("id", filter=Q(state=State.REACHED)),
        )
    )
    return tuple(one for by, column in _GROUPS.items() for one in _folded(by, column, rows))


def red_flags_by_channel(*, asked_by: Actor, programme: str) -> dict[str, int]:
    """Count the red flags of whole check-ins by how these were given."""
    require(asked_by, Permission.SEE_FUNNEL)
    flags = about(RedFlag, programme).filter(decision__isnull=False)
    return _by(flags, "decision__response__channel")


def summary(*, asked_by: Actor, programme: str) -> dict[str, object]:
    """
    Give the whole as one plain dictionary: no time, no id, nothing random, keys in order.

    Equal runs give equal summaries. Tasks are seen by those who work them and by the worker, so ask as one of those.
    """
    whole = funnel(asked_by=asked_by, programme=programme)
    calls = about(CallToAction, programme)
    return {
        "lists": {name: getattr(whole, name) for name in ("identified", "added", "removed", "agreed")},
        "persons": whole.with_case,
        "persons_by_state": dict(whole.by_state),
        "persons_by_category": _by(_open_cases(programme), "category"),
        "contacted": whole.contacted,
        "contacted_by_channel": dict(whole.contacted_by_channel),
        "contacts": _nested((one.channel, one.state, one.attempts) for one in whole.contacts),
        "answered": whole.answered,
        "answered_by_channel": dict(whole.answered_by_channel),
        "silent": whole.silent,
        "needs": _nested((one.kind, one.urgency, one.count) for one in whole.needs),
        "needs_by_state": dict(whole.needs_by_state),
        "red_flags": {one.flag: {"raised": one.raised, "owned": one.owned} for one in whole.flags},
        "tasks": _nested(_pairs(about(Task, programme), "kind", "state")),
        "calls_to_action": _nested(_pairs(calls, "service", "state")),
        "calls_to_action_by_partner": _by(calls, "partner__code"),
        "calls_to_action_outcomes": dict(whole.outcomes),
    }


# ---- the counts ---------------------------------------------------------------------------------------------------


def _open_cases(programme: str) -> QuerySet[Case]:
    return Case.objects.filter(programme=programme, closed_at__isnull=True)


def about(model: type, programme: str) -> QuerySet:
    """Rows of a programme, found by their own audience: a join to the case would ask its row security again."""
    audiences = Audience.objects.filter(programme=programme).values("id")
    return model.objects.filter(audience_id__in=audiences)  # type: ignore[attr-defined]


def _steps(cases: QuerySet[Case]) -> dict[str, Any]:
    """Count how many came to each step; those who answered without being contacted (they rang us) are counted apart."""
    marked = cases.annotate(
        was_contacted=CONTACTED, has_opened=OPENED, has_answered=ANSWERED, has_asked=ASKED, was_helped=HELPED
    )
    return marked.aggregate(
        contacted=Count("id", filter=Q(was_contacted=True)),
        opened=Count("id", filter=Q(has_opened=True)),
        answered=Count("id", filter=Q(has_answered=True)),
        answered_of_contacted=Count("id", filter=Q(has_answered=True, was_contacted=True)),
        asked=Count("id", filter=Q(has_asked=True)),
        helped=Count("id", filter=Q(was_helped=True)),
    )


def _folded(by: str, column: str, rows: list[dict[str, Any]]) -> list[GroupCount]:
    """Sum the cells of every combination of groups over one of them."""
    folded: dict[tuple[bool, object], list[int]] = {}
    for row in rows:
        known = row[column] not in (None, "")
        counts = folded.setdefault((not known, row[column] if known else "unknown"), [0] * len(_STEPS))
        folded[(not known, row[column] if known else "unknown")] = [
            had + row[step] for had, step in zip(counts, _STEPS, strict=True)
        ]
    return [GroupCount(by, str(group), *counts) for (_, group), counts in sorted(folded.items())]


def _by(rows: QuerySet, column: str, names: tuple[str, ...] = ()) -> dict[str, int]:
    counted = dict(rows.values_list(column).annotate(Count("id")).order_by(column))
    unnamed = {str(name): count for name, count in counted.items() if name not in names}
    return {name: counted.get(name, 0) for name in names} | unnamed


def _pairs(rows: QuerySet, first: str, second: str) -> list[tuple[str, str, int]]:
    return list(rows.values_list(first, second).annotate(Count("id")).order_by(first, second))


def _nested(triples: object) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = {}
    for outer, inner, count in sorted(triples):  # type: ignore[call-overload]
        nested.setdefault(outer, {})[inner] = count
    return nested


def _lists(programme: str) -> dict[str, Any]:
    lists = AtRiskList.objects.filter(programme=programme)
    signed = lists.filter(state=ListState.SIGNED).aggregate(
        identified=Sum("proposed"), added=Sum("added"), removed=Sum("removed")
    )
    counted = {name: count or 0 for name, count in signed.items()}
    return counted | {"lists_in_review": lists.filter(state=ListState.IN_REVIEW).count()}


def _people_by_channel(rows: QuerySet, programme: str) -> dict[str, int]:
    audiences = Audience.objects.filter(programme=programme).values("id")
    people = rows.filter(audience_id__in=audiences, case__closed_at__isnull=True)
    return dict(people.values_list("channel").annotate(Count("case_id", distinct=True)).order_by("channel"))


def _channels(programme: str, *, counted: bool) -> dict[str, Any]:
    if not counted:
        return {"contacted_by_channel": {}, "answered_by_channel": {}, "contacts": ()}
    return {
        "contacted_by_channel": _people_by_channel(
            # A code somebody asked for is no contact of ours.
            Attempt.objects.filter(state__in=MADE).exclude(message=ONE_TIME_CODE),
            programme,
        ),
        "answered_by_channel": _people_by_channel(Answered.objects.all(), programme),
        "contacts": _contacts(programme),
    }


def _contacts(programme: str) -> tuple[ContactCount, ...]:
    rows = (
        about(Attempt, programme)
        .values_list("channel", "state")
        .annotate(Count("id"), Count("case_id", distinct=True))
        .order_by("channel", "state")
    )
    return tuple(ContactCount(*row) for row in rows)


def _needs(programme: str) -> tuple[NeedCount, ...]:
    return tuple(NeedCount(*row) for row in _pairs(about(Need, programme), "kind", "urgency"))


def _flags(programme: str, in_time: dt.timedelta) -> tuple[FlagCount, ...]:
    wait = ExpressionWrapper(F("acknowledged_at") - F("raised_at"), output_field=DurationField())
    rows = (
        about(RedFlag, programme)
        .annotate(wait=wait)
        .values("flag")
        .annotate(
            raised=Count("id"),
            owned=Count("id", filter=Q(acknowledged_at__isnull=False)),
            in_time=Count("id", filter=Q(wait__lte=in_time)),
            open=Count("id", filter=Q(closed_at__isnull=True)),
            mean_wait=Avg("wait"),
            slowest=Max("wait"),
        )
        .order_by("flag")
    )
    return tuple(FlagCount(**row) for row in rows)
