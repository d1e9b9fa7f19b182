"""What arrived: every kind of feed with its newest delivery, how fresh it is, what was set aside and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wherry.feeds.freshness import FeedState, Newest
from wherry.feeds.set_aside import OpenRows
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.journeys.name_staff import names_of_staff
from wherry.journeys.see_the_feeds import (
    Withdrawn,
    feeds_as_they_stand,
    still_set_aside,
    title_of,
    who_touched_the_store,
    withdrawn_deliveries,
)
from wherry.organisations.queries import names_of
from wherry.organisations.types import Purpose
from wherry.web.components.pieces import Status
from wherry.web.programme_office.frame import frame, programme_of
from wherry.web.programme_office.presenters import words
from wherry.web.sign_in.acting import staff_page

_LEDGER_LINES = 20
_COUNT_WORDS = {
    "rows_in": "rows",
    "accepted": "accepted",
    "quarantined": "set aside",
    "duplicate": "repeated",
    "people": "people",
}
_DID = {
    "receive_feed": "A delivery was received",
    "list_deliveries": "The deliveries were listed",
    "count_quarantine": "What is set aside was counted",
    "hand_out_quarantine": "Rows set aside were handed out, to be mended",
    "try_withdrawal": "What withdrawing a delivery would change was tried",
    "withdraw_delivery": "A delivery was withdrawn",
    "link_people": "Records were linked to people",
    "review_links": "Links that wait were looked at",
    "look_at_links": "Somebody's records were looked at",
    "decide_link": "An answer about two records was kept",
    "stratify": "People at risk were found",
    "compare_runs": "Two runs were compared",
    "verify_run": "A run was checked against its inputs",
    "explain_risk": "One person's reasons were read",
    "look_up_person": "One person was looked up, to be added to a list",
    "open_cases": "Cases were opened for a signed list",
}


_ORDER = {"late": 0, "never": 1, "fresh": 2}


@dataclass(frozen=True)
class Feed:
    """
    One kind of feed and its deliveries so far, summed.

    stands: late, never or fresh; statuses: how fresh the newest is, and whether the rows add up; age: in words, of the
    sender longest silent; silent: the senders who are late; senders: each with its newest data, where several send;
    counts: of rows; waiting: rows still set aside; aside: rule, rows and since when, never a value.
    """

    name: str
    title: str
    sender: str
    stands: str
    statuses: tuple[Status, ...]
    age: str = ""
    silent: tuple[str, ...] = ()
    senders: tuple[tuple[str, str, str], ...] = ()
    received: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    deliveries: int = 0
    waiting: int = 0
    aside: tuple[tuple[str, str, str], ...] = ()

    @property
    def is_late(self) -> bool:
        """Say whether data of any sender is older than the contract allows."""
        return self.stands == "late"


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_FUNNEL)
def feeds(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show every feed: fresh or not, what is still set aside, what was withdrawn; and who touched the store."""
    force = programme_of(request, by=by, now=now)
    shown = feeds_now(today=local_time(now).date(), aside=still_set_aside())
    entries, gone = who_touched_the_store(at_most=_LEDGER_LINES), withdrawn_deliveries()
    names = names_of_staff(ids={str(line["by"]) for line in entries} | {one.by for one in gone})
    lines = [_line(line, names=names) for line in entries]
    return render(
        request,
        "programme_office/feeds.jinja",
        frame(request, by=by, title="What arrived", force=force, current="office_feeds")
        | {
            "feeds": shown,
            "lines": lines,
            "log": [line[:5] for line in lines],
            "late": [one for one in shown if one.is_late],
            "waiting": sum(one.waiting for one in shown),
            "withdrawn": [_withdrawn(one, names=names) for one in gone],
        },
    )


def feeds_now(*, today: dt.date, aside: Mapping[str, Sequence[OpenRows]]) -> list[Feed]:
    """Say how every feed stands, those that are late first. aside: what is still set aside, where it is to be shown."""
    states = feeds_as_they_stand(today=today)
    codes = {one.sent_by for state in states for one in state.newest if one.sent_by}
    names = names_of(codes=codes) if codes else {}
    shown = (feed_of(one, names=names, aside=aside.get(one.contract.name, ())) for one in states)
    return sorted(shown, key=lambda one: _ORDER[one.stands])


def feed_of(state: FeedState, *, names: Mapping[str, str], aside: Sequence[OpenRows] = ()) -> Feed:
    """Say how one feed stands. names: of senders, by code."""
    name, title, sender = state.contract.name, state.contract.title, state.contract.sender
    if not state.newest:
        return Feed(name, title, sender, "never", (Status("Never arrived", "grey"),))
    counts = state.counts
    parts = counts["accepted"] + counts["quarantined"] + counts["duplicate"]
    adds_up = Status("Rows add up", "green") if parts == counts["rows_in"] else Status("Rows do NOT add up", "red")
    return Feed(
        name=name,
        title=title,
        sender=sender,
        stands="late" if state.late else "fresh",
        statuses=(Status("Late", "red") if state.late else Status("Fresh", "green"), adds_up),
        age=_age(state, state.newest[0]),
        silent=tuple(_named(one, names) for one in state.late if one.sent_by),
        senders=tuple(_sender(state, one, names) for one in state.newest) if len(state.newest) > 1 else (),
        received=_local(state.received_at),
        counts=counts,
        deliveries=state.deliveries,
        waiting=sum(one.rows for one in aside),
        aside=tuple((one.words, f"{one.rows:,}", f"{one.since:%-d %B %Y}") for one in aside),
    )


def _named(one: Newest, names: Mapping[str, str]) -> str:
    return f"{names[one.sent_by]} {one.sent_by}" if one.sent_by in names else one.sent_by


def _sender(state: FeedState, one: Newest, names: Mapping[str, str]) -> tuple[str, str, str]:
    stands = "Late" if one in state.late else "Fresh"
    return _named(one, names), f"{one.extracted_on:%-d %B %Y}, {_ago(state.age_days(one))}", stands


def _age(state: FeedState, one: Newest) -> str:
    begun = "The newest data of whoever is longest silent was taken" if len(state.newest) > 1 else "Taken"
    limit = f"it may be {state.contract.freshness_days} days old"
    return f"{begun} from its source {_ago(state.age_days(one))}, on {one.extracted_on:%-d %B %Y}; {limit}"


def _ago(days: int) -> str:
    return "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"


def _withdrawn(one: Withdrawn, *, names: Mapping[str, str]) -> dict[str, object]:
    """Say of a withdrawn delivery what it was, by whom and why it was taken out, and which lists it had been in."""
    return {
        "title": title_of(contract=one.contract),
        "day": f"{one.extracted_on:%-d %B %Y}",
        "rows": f"{one.rows:,}",
        "by": names.get(one.by, one.by),
        "at": _local(one.at),
        "why": one.why,
        "lists": [f"{dt.date.fromisoformat(each.as_of):%-d %B %Y}, {each.people:,} people" for each in one.lists],
    }


def _line(line: Mapping[str, Any], *, names: Mapping[str, str]) -> list[str]:
    """Say one line of the ledger as people would: when, what, of which source, counts, by whom; last, its ids."""
    about = line.get("about") or {}
    contract = str(about.get("contract", ""))
    counts = ", ".join(f"{about[name]:,} {_COUNT_WORDS[name]}" for name in _COUNT_WORDS if name in about)
    ids = "; ".join(f"{name} {value}" for name, value in about.items() if name not in (*_COUNT_WORDS, "contract"))
    return [
        _local(line.get("at")) or "Time not kept",
        _DID.get(str(line["did"]), words(str(line["did"]))),
        title_of(contract=contract),
        counts,
        names.get(str(line["by"]), str(line["by"])),
        ids,
    ]


def _local(moment: object) -> str:
    """Say a moment kept as text as clocks here show it; nothing for none."""
    if not moment:
        return ""
    at = dt.datetime.fromisoformat(str(moment))
    return f"{local_time(at if at.tzinfo else at.replace(tzinfo=dt.UTC)):%-d %B %Y, %H:%M}"
