"""
What a caller's screen says of a task and a person. Hazard H-14: nothing here reads a category, a reason or a tier.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from wherry.checkin.queries import calls_wanted_about
from wherry.foundation.periods import age_on, local_time
from wherry.journeys.programme_in_force import InForce
from wherry.organisations.queries import names_of
from wherry.outreach.queries import words_of_text
from wherry.outreach.rules.standing import forbidden
from wherry.outreach.types import ONE_TIME_CODE, LastContact, RefusalReason
from wherry.people.models import Person
from wherry.people.queries import reachable
from wherry.people.rules import wish_values
from wherry.people.types import ContactKind, ContactPoint, WishKind
from wherry.referrals.queries import asked_for, call_to_action_by_id
from wherry.referrals.rules import WORDS as NO_SERVICE_WORDS
from wherry.triage.queries import needs_of_case
from wherry.web.components.languages import LANGUAGES
from wherry.web.components.pieces import Status
from wherry.worklist.models import Task, TaskEvent
from wherry.worklist.types import OfKind, Outcome

KIND_WORDS = {
    "red_flag": "Red flag",
    "check_in_call": "Check-in by telephone",
    "exhausted": "Could not be reached",
    "need": "A need with no service",
    "verify_death": "Told that somebody died",
    "verify_identity": "Wrong person reached",
    "read_words": "Words to read",
    "did_it_help": "Did the help come?",
    "call_back": "Asked to be rung",
}
FIVE_WRONG_CODES = "Five wrong codes were typed to open their page. Ask whether it was them, and help them with it."
_NO_SERVICE = {str(reason): why for reason, why in NO_SERVICE_WORDS.items()}
_NO_SERVICE["could_not_reach"] = "A service took it, and could not reach them."
VERIFIES = frozenset({"verify_death", "verify_identity"})
#: Whose word a number is, where to name them tells a caller nothing of anybody's health.
_SOURCES = {"gp_register": "the GP practice", "self_registrations": "themselves"}
#: A day nobody knows is written as one of that year.
_LONG_AGO = 1900
_CHANNELS = {"sms": "a text", "letter": "a letter", "email": "an e-mail"}
_ARRIVED = {"delivered": "it arrived", "sent": "we do not know whether it arrived", "failed": "it did not arrive"}


@dataclass(frozen=True)
class Number:
    """A number to ring; id: the contact point, so that a wrong one can be named; told: whose word, and of when."""

    id: UUID | None
    value: str = field(repr=False)
    kind: str = ""
    verified: bool = False
    told: str = ""


@dataclass(frozen=True)
class Called:
    """Who a call is with, as a caller may know them: no condition, no diagnosis, no NHS number has a place here."""

    name: str = field(repr=False)
    age_band: str
    birth_date: dt.date = field(repr=False)
    place: str
    practice: str
    language: str
    needs_interpreter: bool
    speak: tuple[str, ...]
    safe_contact: tuple[str, ...]
    may_speak_for_them: tuple[str, ...]
    numbers: tuple[Number, ...]
    do_not_ring: str


def age_band(*, birth_date: dt.date, day: dt.date) -> str:
    """Give ten years a person's age falls in: enough to know who is on the line, too little to answer for them."""
    age = age_on(birth_date=birth_date, day=day)
    if age < 18:
        return "under 18"
    return "90 or over" if age >= 90 else f"{age // 10 * 10} to {age // 10 * 10 + 9}"


def called(*, person: Person, now: dt.datetime, for_red_flag: bool = False) -> Called:
    """
    Gather who a call is with. Where contact is forbidden no number is shown, and the reason is.

    for_red_flag: somebody who said stop and something that cannot wait may still be rung about that.
    """
    day = local_time(now).date()
    found = reachable(person=person, day=day)
    barred = forbidden(reachable=found, day=day)
    if for_red_flag and barred is not None and barred.reason is RefusalReason.STOP:
        barred = None

    def wished(kind: WishKind) -> tuple[str, ...]:
        values = wish_values(wishes=found.wishes, kind=kind, day=day)
        return tuple(dict.fromkeys(value.replace("_", " ").capitalize() for value in values if value))

    return Called(
        name=f"{person.given_name} {person.family_name}",
        age_band=age_band(birth_date=person.birth_date, day=day),
        birth_date=person.birth_date,
        place=person.place.capitalize(),
        practice=names_of(codes=[person.practice_code]).get(person.practice_code, person.practice_code),
        language=LANGUAGES.get(found.language, found.language),
        needs_interpreter=found.language != "en",
        speak=wished(WishKind.COMMUNICATION_NEED) + wished(WishKind.FORMAT),
        safe_contact=wished(WishKind.SAFE_CONTACT),
        may_speak_for_them=wished(WishKind.PROXY),
        numbers=() if barred else _numbers(person, found.contact_points),
        do_not_ring=str(barred.reason).replace("_", " ") if barred else "",
    )


def _numbers(person: Person, points: tuple[ContactPoint, ...]) -> tuple[Number, ...]:
    dialled = [one for one in points if one.kind in (ContactKind.MOBILE, ContactKind.LANDLINE)]
    newest_last = sorted(dialled, key=lambda one: (one.verified_on or dt.date.min, one.recorded_on, one.value))
    once = {one.value: one for one in newest_last}
    return tuple(
        Number(
            one.id,
            one.value,
            str(one.kind),
            one.verified_on is not None,
            told_by(point=one),
        )
        for one in reversed(once.values())
    )


def told_by(*, point: ContactPoint) -> str:
    """
    Say whose word a number is, and of when, so that a caller knows which to try and what to say of it.

    A hospital, an ambulance or a national list is "another organisation": its name would tell why. Hazards: H-14.
    """
    day = f", {point.recorded_on:%-d %B %Y}" if point.recorded_on.year > _LONG_AGO else ""
    return f"from {_SOURCES.get(point.source, 'another organisation')}{day}"


def about_lines(*, task: Task, force: InForce) -> tuple[str, ...]:
    """Say what a task is about: the need's own words, which a person told us. Red flags: see `flag_call`."""
    if task.kind == "need":
        needs = [one for one in needs_of_case(case_id=task.case_id) if one.pk == task.about_id]
        asked = tuple(
            f"{force.triage.needs[one.kind]['en']}: {line}" for one in needs for line in one.words.splitlines()
        )
        return asked + tuple(_NO_SERVICE[one.why] for one in needs if one.why in _NO_SERVICE)
    if task.kind == "read_words":
        # What came with a check-in is shown with it: see `own_words`.
        texted = words_of_text(text_id=task.about_id)
        return (f"They wrote: “{texted}”",) if texted else ()
    if task.kind == "did_it_help":
        return _help_that_came(call_to_action_id=task.about_id, force=force)
    if task.kind == "call_back":
        return tuple(
            FIVE_WRONG_CODES
            if about == ONE_TIME_CODE
            else f"Wrong, or still needed, they say on their page: {force.triage.needs[about]['en']}"
            for about in calls_wanted_about(case_id=task.case_id, since=task.opened_at)
            if about == ONE_TIME_CODE or about in force.triage.needs
        )
    return ()


def _help_that_came(*, call_to_action_id: UUID, force: InForce) -> tuple[str, ...]:
    """Say which help somebody is rung about: they may have asked for two things, and a service may have several."""
    about = asked_for(call_to_action_ids=[call_to_action_id]).get(call_to_action_id)
    call = call_to_action_by_id(call_to_action_id=call_to_action_id)
    if about is None or call is None:
        return ()
    need, service = force.triage.needs[about.kind]["en"], force.services.by_code(call.service)
    asked = f"The help: {need}. They told us on {local_time(about.at):%-d %B}."
    if call.done_at is None:
        return (asked,)
    return (
        asked,
        f"{service.name if service else 'The service'} said on {local_time(call.done_at):%-d %B} that it is done.",
    )


def before_you_dial(
    *,
    events: Sequence[TaskEvent],
    tries: Sequence[TaskEvent],
    outcomes: Mapping[Outcome, str],
    contact: LastContact | None,
    last_word: str = "",
) -> tuple[tuple[str, str], ...]:
    """
    Say in a few lines what came before this call: their last word, our last contact, the tries, what was handed on.

    last_word: when, how and by whom the check-in was last answered; empty for never.
    """
    lines = [("Last answered", last_word)] if last_word else []
    if contact is not None:
        day = local_time(contact.at)
        sent, fate = _CHANNELS.get(contact.channel, contact.channel), _ARRIVED.get(contact.state, "it is on its way")
        lines.append(("We last wrote", f"{sent.capitalize()} on {day:%-d %B}; {fate}"))
    if tries:
        lines.append(("Rung before", "; ".join(_of_try(one, outcomes) for one in tries[-4:])))
    asked = [one.note for one in tries if one.outcome == Outcome.CALL_BACK and one.note]
    if asked:
        lines.append(("They asked for", f"“{asked[-1]}”"))
    noted = [one.note for one in events if one.verb in ("handed_over", "handed_back", "reassigned") and one.note]
    if noted:
        lines.append(("A colleague notes", f"“{noted[-1]}”"))
    return tuple(lines)


def _of_try(event: TaskEvent, outcomes: Mapping[Outcome, str]) -> str:
    ended = outcomes[Outcome(event.outcome)]
    ended = ended if ended.startswith("I ") else ended[:1].lower() + ended[1:]
    return f"{local_time(event.at):%-d %B, %H:%M}: {ended}"


def statuses(*, task: Task, now: dt.datetime) -> tuple[Status, ...]:
    """Show what presses: a red flag, a due time that has passed, tries made."""
    shown = [Status("Red flag", "red")] if task.kind == "red_flag" else []
    shown += [Status("Overdue", "orange")] if task.due_at < now else []
    shown += [Status(f"Tried {task.tries} times" if task.tries > 1 else "Tried once", "grey")] if task.tries else []
    return tuple(shown)


def waiting_rows(*, kinds: Sequence[OfKind]) -> list[tuple[str, str, str, str, str]]:
    """Give the rows of what waits: kind, how many now, how many later, how many overdue, since when."""
    place = {kind: number for number, kind in enumerate(KIND_WORDS)}
    return [
        (
            KIND_WORDS.get(one.kind, one.kind),
            str(one.now),
            str(one.later),
            str(one.overdue),
            local_time(one.oldest).strftime("%-d %B, %H:%M"),
        )
        for one in sorted(kinds, key=lambda one: place.get(one.kind, len(place)))
    ]
