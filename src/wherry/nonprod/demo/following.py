"""
One resident to follow: the visitor to a demonstration plays the rest of a story themselves, and reads a finished one.

`choose` picks both; `happened` tells, from what is stored, what became of somebody. Only invented people, and only
while the demonstration serves: no site shows anybody's whole way through.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from wherry.cases.models import Case
from wherry.checkin.models import Alarm, HelpReply, Invitation, Response
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time, start_of_day
from wherry.journeys.programme_in_force import in_force
from wherry.nonprod.demo import following_words as words
from wherry.outreach.models import Attempt
from wherry.outreach.types import ONE_TIME_CODE
from wherry.people.models import ContactPointRow
from wherry.referrals.models import CallToAction, CallToActionEvent
from wherry.review.models import Entry
from wherry.worklist.models import Task, TaskEvent

_PROGRAMME = "covid_protect"


@dataclass(frozen=True)
class Followed:
    """Somebody to follow. entry: where they stand on the signed list; mobile: the number their texts go to."""

    case_id: UUID
    person_id: UUID
    entry_id: UUID
    name: str = field(repr=False)
    birth_date: dt.date = field(repr=False)
    nhs_number: str = field(repr=False)
    place: str
    mobile: str = field(repr=False)


def choose(*, kept_in: Path) -> tuple[Followed | None, Followed | None]:
    """
    Choose somebody whose check-in waits for its first answer, and somebody whose help came and is confirmed.

    kept_in: a file with the choice, so that a visitor who comes back finds the same two. Either may be None: a county
    of a hundred for a day need have nobody fitting.
    """
    kept = json.loads(kept_in.read_text()) if kept_in.exists() else {}
    with acting_as(WORKER):
        yours = _still(kept.get("yours")) or _first(_waiting())
        told = _still(kept.get("told")) or _first(_helped())
    kept_in.write_text(json.dumps({"yours": _id(yours), "told": _id(told)}))
    return yours, told


def _id(one: Followed | None) -> str | None:
    return str(one.case_id) if one else None


def _still(case_id: str | None) -> Followed | None:
    return _first(Case.objects.filter(pk=case_id).exclude(state__in=["declined", "excluded"])) if case_id else None


def _alone_on_their_mobile() -> QuerySet[ContactPointRow]:
    # Two people on one telephone are asked for more than this story tells.
    mobiles = ContactPointRow.objects.filter(kind="mobile", wrong_since__isnull=True)
    shared = mobiles.values("value").annotate(people=Count("person", distinct=True)).filter(people__gt=1)
    return mobiles.exclude(value__in=shared.values("value"))


def _found_by_rules() -> QuerySet[Case]:
    """Give the open cases of English speakers whom the rules found and one text reaches, in a steady order."""
    found = Entry.objects.filter(population_id=OuterRef("person__population_id"), origin="stratified", verdict="kept")
    mobile = _alone_on_their_mobile().filter(person_id=OuterRef("person_id"))
    cases = Case.objects.filter(Exists(found), Exists(mobile), person__language="en", person__is_communal=False)
    return cases.exclude(state__in=["declined", "excluded"]).order_by("tier", "person__population_id")


def _waiting() -> QuerySet[Case]:
    text = Attempt.objects.filter(occurrence_id=OuterRef("occurrence_id"), channel="sms", state="delivered")
    answer = Response.objects.filter(occurrence_id=OuterRef("occurrence_id"))
    links = Invitation.objects.filter(kind="check_in", state="open", opened_at__isnull=True, expires_at__gt=app_now())
    usable = links.filter(Exists(text), ~Exists(answer), case_id=OuterRef("pk"))
    called = Task.objects.filter(case_id=OuterRef("pk"), state__in=["open", "claimed"])
    before = Response.objects.filter(case_id=OuterRef("pk"))
    cases = _found_by_rules().filter(Exists(usable), ~Exists(called), ~Exists(_not_asked_today()), state="in_cadence")
    return cases.annotate(has_answered=Exists(before)).order_by("has_answered", "tier", "person__population_id")


def _not_asked_today() -> QuerySet[Case]:
    """Give the case if "did it help?" would not reach them today: asked about other help already, or written enough."""
    pending = Invitation.objects.filter(case_id=OuterRef("pk"), kind="did_it_help", state="open")
    morning = start_of_day(local_time(app_now()).date())
    most = in_force(programme=_PROGRAMME).cadence.caps.per_person
    today = Attempt.objects.filter(case_id=OuterRef("pk"), attempted_at__gte=morning).exclude(message=ONE_TIME_CODE)
    enough = today.values("case_id").annotate(contacts=Count("pk")).filter(contacts__gte=most)
    return Case.objects.filter(Exists(pending) | Exists(enough), pk=OuterRef("pk"))


def _helped() -> QuerySet[Case]:
    confirmed = CallToAction.objects.filter(case_id=OuterRef("pk"), state="confirmed")
    online = Response.objects.filter(case_id=OuterRef("pk"), channel="web")
    flag = Alarm.objects.filter(case_id=OuterRef("pk"))
    cases = _found_by_rules().filter(Exists(confirmed), Exists(online))
    return cases.annotate(is_flagged=Exists(flag)).order_by("-is_flagged", "tier", "person__population_id")


def _first(cases: QuerySet[Case]) -> Followed | None:
    case = cases.select_related("person").first()
    if case is None:
        return None
    person = case.person
    entry = Entry.objects.filter(population_id=person.population_id).order_by("-at_risk_list__made_at").first()
    mobile = _alone_on_their_mobile().filter(person=person).order_by("-recorded_on").first()
    if entry is None or mobile is None:
        return None
    return Followed(
        case_id=case.pk,
        person_id=person.pk,
        entry_id=entry.pk,
        name=f"{person.given_name} {person.family_name}",
        birth_date=person.birth_date,
        nhs_number=person.nhs_number,
        place=case.place,
        mobile=mobile.value,
    )


def happened(*, to: Followed) -> list[tuple[dt.datetime, str]]:
    """Tell what became of somebody, oldest first: the moment (UTC) and what happened, in words."""
    with acting_as(WORKER):
        case, force = to.case_id, in_force(programme=_PROGRAMME)
        told = [(one.opened_at, "A clinician signs the list they are on") for one in Case.objects.filter(pk=case)]
        for sent in Attempt.objects.filter(case=case, attempted_at__isnull=False).exclude(channel="call"):
            became = words.message(channel=sent.channel, message=sent.message, state=sent.state)
            told.append((sent.attempted_at or sent.intended_at, became))
        for given in Response.objects.filter(case=case):
            told.append((given.submitted_at, words.answers(channel=given.channel)))
        for alarm in Alarm.objects.filter(case=case):
            told.append((alarm.said_at, words.red_flag(flag=alarm.flag, force=force)))
        for rung in TaskEvent.objects.filter(case=case).select_related("task"):
            told.append((rung.at, words.call(kind=rung.task.kind, verb=rung.verb, outcome=rung.outcome)))
        for move in CallToActionEvent.objects.filter(case=case).select_related("call_to_action__need"):
            about = move.call_to_action
            asked = "" if move.from_state else "; ".join((*about.need.words.splitlines(), about.urgency))
            told.append((move.at, words.offer(service=about.service, state=move.to_state, asked=asked, force=force)))
        for said in HelpReply.objects.filter(case=case):
            told.append((said.said_at, "They say it helped" if said.helped else "They say it did not help"))
    # By the moment alone: of one moment, cause before effect, as they were gathered.
    return sorted(told, key=lambda one: one[0])
