"""Read what residents texted: a word that means stop is followed and answered; anything else a person reads."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from wherry.cases.models import Occurrence
from wherry.cases.queries import open_cases_of
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.identifiers import parse_phone
from wherry.journeys.one_by_one import one_by_one
from wherry.journeys.programme_in_force import worked_by
from wherry.journeys.stop_contact import stop
from wherry.journeys.text_somebody import text_somebody
from wherry.outreach.definition import stop_words
from wherry.outreach.models import InboundText
from wherry.outreach.queries import unhandled_texts
from wherry.outreach.rules.replies import is_stop
from wherry.people.models import Person
from wherry.people.queries import people_with_number, reachable
from wherry.people.rules import best_contact_point
from wherry.people.types import ContactKind
from wherry.sign_off.queries import programmes_once_in_force
from wherry.worklist.actions.opening import open_task
from wherry.worklist.rules import rank


def read_texts() -> int:
    """Read what residents texted: STOP stops everybody on that number, anything else goes to a person."""
    with acting_as(WORKER):
        waiting = unhandled_texts()
    return one_by_one(waiting, _read)


def _read(text: InboundText) -> int:
    with acting_as(WORKER):
        now = app_now()
        number = parse_phone(text.number) or text.number
        people = list(Person.objects.filter(pk__in=people_with_number(number=number)).order_by("population_id"))
        text.outcome = _hear(words=text.text, people=people, number=number, text_id=text.pk, now=now)
        text.handled_at = now
        text.save(update_fields=["handled_at", "outcome"])
    return 1


def _hear(*, words: str, people: list[Person], number: str, text_id: UUID, now: dt.datetime) -> str:
    if not people:
        return "unknown number"
    if any(is_stop(words, words=spoken) for spoken in _stop_words()):
        for person in people:
            stop(by=WORKER, person_id=person.pk, source="text", now=now)
            _say_goodbye(person=person, number=number, now=now)
        return "stopped"
    for person in people:
        for case in open_cases_of(person_id=person.pk):
            open_task(
                by=WORKER,
                case=case,
                kind="read_words",
                about_id=text_id,
                team=case.owner_team,
                priority=rank(red_flag=False, urgency="today", tier=case.tier),
                due_at=now + dt.timedelta(hours=1),
                now=now,
            )
    return "for a person to read"


def _stop_words() -> list[frozenset[str]]:
    """Give the words that mean stop, of every programme and language: nobody must guess which is theirs."""
    return [frozenset(stop_words(worked_by(programme=code).files.sections)) for code in programmes_once_in_force()]


def _say_goodbye(*, person: Person, number: str, now: dt.datetime) -> None:
    # One last text says that it worked; the gate lets it past the stop it confirms, and past nothing else.
    found = reachable(person=person, day=now.date())
    point = best_contact_point(contact_points=found.contact_points, kind=ContactKind.MOBILE)
    cases = open_cases_of(person_id=person.pk)
    occurrence = Occurrence.objects.filter(case__in=cases).order_by("-opened_at").first()
    if point is None or point.value != number or occurrence is None:
        return
    text_somebody(
        occurrence=occurrence,
        point=point,
        message="goodbye",
        step="goodbye",
        language=found.language,
        now=now,
    )
