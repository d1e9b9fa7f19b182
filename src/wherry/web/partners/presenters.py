"""How calls to action are said to a partner: shared fields, clocks, states."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from markupsafe import Markup

from wherry.foundation.periods import local_time
from wherry.referrals.models import CallToAction
from wherry.referrals.rules import knows_who
from wherry.referrals.types import DeclineReason, Outcome, State
from wherry.web.components.environment import phone
from wherry.web.components.languages import LANGUAGES
from wherry.web.components.pieces import NavigationItem, Status
from wherry.web.partners.forms import DECLINE_WORDS, OUTCOME_WORDS

TRAY_WORDS = {"to_answer": "To answer", "in_hand": "In hand", "finished": "Finished"}
_URGENCY = {
    "emergency": Status("Within the hour", "red"),
    "today": Status("Today", "orange"),
    "soon": Status("Soon", "yellow"),
    "routine": Status("Routine", "blue"),
}
_STATES = {
    State.OFFERED: Status("To answer", "yellow"),
    State.ACCEPTED: Status("In hand", "blue"),
    State.DECLINED: Status("Not taken, or given back", "grey"),
    State.LAPSED: Status("Time ran out", "orange"),
    State.DONE: Status("Done, the person is being asked", "aqua-green"),
    State.CONFIRMED: Status("The person says it helped", "green"),
    State.DISPUTED: Status("The person says it did not help", "red"),
    State.WITHDRAWN: Status("Taken back", "grey"),
}
#: How a call ended that nobody here ended; why we took one back is not for a partner to know.
_ENDED_BY_US = {
    State.LAPSED: "The time to answer ran out, so we asked somebody else",
    State.WITHDRAWN: "We took this back: it is no longer needed from you",
}
#: The order in which shared fields are read; what a programme shares besides follows.
_FIELDS = {
    "need_words": "What they need",
    "name": "Name",
    "telephone": "Telephone",
    "address": "Address",
    "language": "Language",
    "household_size": "People at home",
    "communication_needs": "How to speak with them",
    "safe_times": "Safe times to ring",
}
#: What is said of somebody before a partner accepts, beside the need and roughly where.
_BEFORE_A_NAME = ("need_words", "language")


def frame(request: HttpRequest, *, title: str, sizes: dict[str, int], tray: str = "") -> dict[str, object]:
    """Give what the staff layout asks of every page of this site: its menu is the three trays."""
    inbox = reverse("partners_inbox")
    return {
        "title": title,
        "site_name": "Partners",
        "language": "en",
        "sign_out": "/sign-out",
        "signed_in_name": request.session.get("staff_name", "Signed in"),
        "synthetic": settings.IS_DEMO,
        "navigation": [
            *(
                NavigationItem(f"{words} ({sizes[name]})", f"{inbox}?state={name}", current=name == tray)
                for name, words in TRAY_WORDS.items()
            ),
            NavigationItem("Capacity", reverse("partners_capacity"), current=tray == "capacity"),
            NavigationItem("What is coming", reverse("partners_demand"), current=tray == "demand"),
            NavigationItem("Programmes", reverse("programmes")),
        ],
    }


@dataclass(frozen=True)
class CallRow:
    """One call in a tray: the need and the area; who it is only once somebody here has accepted."""

    title: str
    href: str
    area: str
    statuses: tuple[Status, ...]
    clock: str
    reference: str


def call_row(call: CallToAction, *, now: dt.datetime) -> CallRow:
    """Present one call in a tray."""
    return CallRow(
        title=call_title(call, now=now),
        href=reverse("partners_call", args=[call.pk]),
        area=call.area,
        statuses=statuses(call, now=now),
        clock=clock_words(call, now=now) or _since_words(call),
        reference=reference_of(call),
    )


def call_title(call: CallToAction, *, now: dt.datetime) -> str:
    """Name a call: by its need, and by the person's name while this partner may know it."""
    who = call.shared.get("name", "name not shared") if is_named(call, now=now) else reference_of(call)
    return f"{need_words(call.kind) if call.kind else service_name(call)}: {who}"


def reference_of(call: CallToAction) -> str:
    """Give the few letters a call can be spoken of by, without a name."""
    return f"ref {str(call.pk)[:6].upper()}"


def is_named(call: CallToAction, *, now: dt.datetime) -> bool:
    """Say whether this partner may know who it is."""
    return knows_who(state=State(call.state), done_at=call.done_at, now=now)


def need_words(kind: str) -> str:
    """Say a need in a word or two."""
    return kind.replace("_", " ").capitalize()


def service_name(call: CallToAction) -> str:
    """Name a service as its programme does, whatever place it is for."""
    return call.service.replace("_", " ").capitalize()


def _since_words(call: CallToAction) -> str:
    if call.state == State.ACCEPTED and call.accepted_at:
        return f"Accepted {local_time(call.accepted_at):%H:%M on %-d %B}"
    over = call.done_at or call.closed_at
    return f"{local_time(over):%H:%M on %-d %B}" if over else ""


def statuses(call: CallToAction, *, now: dt.datetime) -> tuple[Status, ...]:
    """Say how urgent a call is and where it stands, and when it is late."""
    found = [_STATES[State(call.state)]]
    if call.state in (State.OFFERED, State.ACCEPTED):
        found.insert(0, _URGENCY.get(call.urgency, Status(call.urgency.capitalize(), "blue")))
    if call.state == State.OFFERED and call.clock_ends_at <= now:
        found.append(Status("Past its time", "red"))
    return tuple(found)


def clock_words(call: CallToAction, *, now: dt.datetime) -> str:
    """Say until when an answer is asked for, as a person reads a clock."""
    if call.state != State.OFFERED:
        return ""
    left = call.clock_ends_at - now
    if left <= dt.timedelta():
        return "The time to answer has run out; it may go to another service at any moment."
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    at = local_time(call.clock_ends_at).strftime("%H:%M on %-d %B")
    spoken = " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)
    return f"Answer by {at} ({spoken or 'less than a minute'} left)."


def shared_rows(call: CallToAction, *, now: dt.datetime) -> list[dict[str, object]]:
    """Give the rows of what this partner may know as the call stands, and nothing else of the person."""
    if is_named(call, now=now):
        names = [*(one for one in _FIELDS if one in call.shared), *(one for one in call.shared if one not in _FIELDS)]
        told = [(_label(name), _value(name, call.shared[name])) for name in names]
    else:
        told = [("Need", {"text": need_words(call.kind)}), ("Area", {"text": call.area}), *_without_a_name(call)]
    return [{"key": {"text": label}, "value": value} for label, value in told if any(value.values())]


def _without_a_name(call: CallToAction) -> list[tuple[str, dict[str, object]]]:
    """Give what is to be known before it is accepted; of what was done, the initials; of what was given up, nothing."""
    if call.state == State.OFFERED:
        return [(_label(name), _value(name, call.shared[name])) for name in _BEFORE_A_NAME if call.shared.get(name)]
    if call.done_at is None:
        return []
    initials = " ".join(f"{part[0]}." for part in str(call.shared.get("name", "")).split())
    return [("Initials", {"text": initials})]


def changed_words(call: CallToAction) -> str:
    """Say that what this partner was told is no longer what it was, while help is still to come; else nothing."""
    if call.told_anew_at is None or call.state not in (State.OFFERED, State.ACCEPTED):
        return ""
    since = f"{local_time(call.told_anew_at):%-d %B, %H:%M}"
    if call.state == State.OFFERED:
        return f"Something about them changed on {since}. What you see is the newest."
    return f"Their address, number or way of speaking changed on {since}. What you see is the newest: use only this."


def ending(call: CallToAction) -> str:
    """Say how a call ended, or nothing while it has not."""
    if call.decline_reason:
        return DECLINE_WORDS[DeclineReason(call.decline_reason)]
    return OUTCOME_WORDS[Outcome(call.outcome)] if call.outcome else _ENDED_BY_US.get(State(call.state), "")


def _label(name: str) -> str:
    return _FIELDS.get(name, name.replace("_", " ").capitalize())


def _value(name: str, value: object) -> dict[str, object]:
    if name == "telephone":
        return {"html": f'<a class="nhsuk-link" href="tel:{_dialled(str(value))}">{phone(str(value))}</a>'}
    if name == "language":
        return {"text": LANGUAGES.get(str(value), str(value))}
    if name == "need_words":
        return {"html": Markup("<br>").join(str(value).splitlines())}
    return {"text": str(value)}


def _dialled(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")
