"""
Stop contact: "stop", "they have died", "this is not me", from a link, a text, a call or a feed.

The wish or report is written in the transaction it is said in, and the gate reads it from then on; following it
through the cases, the links and the worklist may take the worker a moment more.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from wherry.cases.actions import look_again, move_occurrence
from wherry.cases.models import Case, Occurrence
from wherry.cases.queries import latest_occurrence, open_cases_of
from wherry.cases.types import MOVES, State
from wherry.checkin.actions import revoke_links
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor
from wherry.foundation.identifiers import parse_phone
from wherry.journeys.deferring import Job, defer
from wherry.journeys.programme_in_force import in_force
from wherry.outreach.actions import intend
from wherry.outreach.definition import stop_words
from wherry.outreach.queries import unhandled_texts
from wherry.outreach.rules import forbidden, is_stop
from wherry.outreach.types import Channel, RefusalReason
from wherry.people.actions import note_wish, report
from wherry.people.models import Person, Report
from wherry.people.queries import contact_point_id, people_with_number, reachable
from wherry.people.rules import best_contact_point
from wherry.people.types import ContactKind, WishKind
from wherry.worklist.actions import cancel_tasks, open_task

_REPORTED = "reported"
_CONTACT_TASKS = ["check_in_call", "call_back", "exhausted", "did_it_help", "read_words"]


def stop(*, by: Actor, person_id: UUID, source: str, now: dt.datetime) -> None:
    """Stop every contact with somebody, because they said so."""
    note_wish(by=by, person_id=person_id, kind=WishKind.STOP, value="", source=source, now=now)
    defer(Job.FOLLOW_PERSON, about=person_id)


def report_death(*, by: Actor, person_id: UUID, source: str, now: dt.datetime) -> None:
    """Take a word that somebody died: all contact stops, and a person verifies."""
    report(by=by, person_id=person_id, kind=Report.Kind.DIED, source=source, now=now)
    defer(Job.FOLLOW_PERSON, about=person_id)


def report_not_me(*, by: Actor, person_id: UUID, source: str, now: dt.datetime) -> None:
    """Take a word that a link reached the wrong person: all contact stops, and a person verifies."""
    report(by=by, person_id=person_id, kind=Report.Kind.NOT_ME, source=source, now=now)
    defer(Job.FOLLOW_PERSON, about=person_id)


def follow(*, person_id: UUID) -> None:
    """Carry out in every open case what forbids contact with somebody. Safe to repeat; nothing to do is no error."""
    with acting_as(WORKER):
        now = app_now()
        person = Person.objects.select_for_update().get(pk=person_id)
        said = Report.objects.filter(person=person, resolved_at__isnull=True).order_by("kind").first()
        barred = forbidden(reachable=reachable(person=person, day=now.date()), day=now.date())
        if barred is None:
            for case in open_cases_of(person_id=person_id):
                _begin_again(case=case, now=now)
            return
        for case in open_cases_of(person_id=person_id):
            _close_doors(case=case, said=said, reason=barred.reason, now=now)


def _close_doors(*, case: Case, said: Report | None, reason: RefusalReason, now: dt.datetime) -> None:
    revoke_links(by=WORKER, case_id=case.pk, now=now)
    cancel_tasks(by=WORKER, case_id=case.pk, kinds=_CONTACT_TASKS, why=str(reason), now=now)
    occurrence = latest_occurrence(case_id=case.pk)
    excluded = said is not None or reason is not RefusalReason.STOP
    why = f"{_REPORTED} {said.kind}" if said else str(reason)
    to = State.EXCLUDED if excluded else State.DECLINED
    if occurrence is not None and to in MOVES[State(occurrence.state)]:
        move_occurrence(by=WORKER, occurrence=occurrence, to=to, why=why, now=now)
    if said is not None:
        open_task(
            by=WORKER,
            case=case,
            kind="verify_death" if said.kind == Report.Kind.DIED else "verify_identity",
            about_id=said.pk,
            team=case.owner_team,
            priority=15,
            due_at=now + dt.timedelta(days=1),
            now=now,
            for_role="supervisor",
        )


def _begin_again(*, case: Case, now: dt.datetime) -> None:
    # A report that proved mistaken must not cost somebody the help the list promised them.
    occurrence = latest_occurrence(case_id=case.pk)
    if occurrence is not None and occurrence.state == State.EXCLUDED and occurrence.state_reason.startswith(_REPORTED):
        move_occurrence(by=WORKER, occurrence=occurrence, to=State.IN_CADENCE, why="the report was mistaken", now=now)
        look_again(occurrence=occurrence, at=now)


def read_texts() -> int:
    """Read what residents texted: STOP stops everybody on that number, anything else goes to a person."""
    with acting_as(WORKER):
        waiting = unhandled_texts()
    for text in waiting:
        with acting_as(WORKER):
            now = app_now()
            number = parse_phone(text.number) or text.number
            people = list(Person.objects.filter(pk__in=people_with_number(number=number)).order_by("population_id"))
            text.outcome = _hear(words=text.text, people=people, number=number, text_id=text.pk, now=now)
            text.handled_at = now
            text.save(update_fields=["handled_at", "outcome"])
    return len(waiting)


def _hear(*, words: str, people: list[Person], number: str, text_id: UUID, now: dt.datetime) -> str:
    if not people:
        return "unknown number"
    if any(is_stop(words, words=spoken) for spoken in _stop_words(people)):
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
                priority=112,
                due_at=now + dt.timedelta(days=1),
                now=now,
            )
    return "for a person to read"


def _stop_words(people: list[Person]) -> list[frozenset[str]]:
    """Give the words that mean stop in the programmes these people are in, in every language of theirs."""
    codes = {(case.programme, case.place) for person in people for case in open_cases_of(person_id=person.pk)}
    spoken = [in_force(programme=code, place=place).files.sections for code, place in sorted(codes)]
    return [frozenset(stop_words(sections)) for sections in spoken] or [frozenset()]


def _say_goodbye(*, person: Person, number: str, now: dt.datetime) -> None:
    # One last text says that it worked; the gate lets it past the stop it confirms, and past nothing else.
    found = reachable(person=person, day=now.date())
    point = best_contact_point(contact_points=found.contact_points, kind=ContactKind.MOBILE)
    cases = open_cases_of(person_id=person.pk)
    occurrence = Occurrence.objects.filter(case__in=cases).order_by("-opened_at").first()
    if point is None or point.value != number or occurrence is None:
        return
    attempt = intend(
        by=WORKER,
        occurrence=occurrence,
        step="goodbye",
        channel=Channel.SMS,
        message="goodbye",
        language=found.language,
        contact_point_id=contact_point_id(person_id=person.pk, point=point),
        to=point.value,
        household_key="",
        now=now,
    )
    if attempt is not None:
        defer(Job.SEND_MESSAGE, about=attempt.pk)
