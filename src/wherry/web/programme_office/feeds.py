"""What arrived: every kind of feed with its newest delivery, how fresh it is, what was set aside and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wherry.feeds.queries import contracts, manifests, newest_day
from wherry.feeds.types import Contract
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.journeys.agree_the_list import store
from wherry.journeys.name_staff import names_of_staff
from wherry.organisations.types import Purpose
from wherry.population import ledger
from wherry.web.components.pieces import Status
from wherry.web.programme_office.frame import frame, programme_of
from wherry.web.programme_office.presenters import words
from wherry.web.sign_in.acting import staff_page

_LEDGER_LINES = 20
_COUNTS = ("rows_in", "accepted", "quarantined", "duplicate")
_COUNT_WORDS = {
    "rows_in": "rows",
    "accepted": "accepted",
    "quarantined": "set aside",
    "duplicate": "repeated",
    "people": "people",
}
_DID = {
    "receive_feed": "A delivery was received",
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


@dataclass(frozen=True)
class Feed:
    """
    One kind of feed and its deliveries so far, summed.

    order: late before missing before fresh; statuses: how fresh the newest is, and whether the rows add up; age: both
    in words; aside: a rule's words and rows, never a value.
    """

    title: str
    sender: str
    order: int
    statuses: tuple[Status, ...]
    age: str = ""
    received: str = ""
    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicate: int = 0
    deliveries: int = 0
    aside: tuple[tuple[str, str], ...] = ()

    @property
    def is_late(self) -> bool:
        """Say whether the newest delivery is older than its contract allows."""
        return self.order == 0


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_FUNNEL)
def feeds(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show every feed, fresh or not, and who last read or wrote the population store."""
    force = programme_of(request, by=by, now=now)
    shown = feeds_now(today=local_time(now).date())
    entries = ledger.entries(store())[-_LEDGER_LINES:]
    names = names_of_staff(ids={str(line["by"]) for line in entries})
    lines = [_line(line, names=names) for line in reversed(entries)]
    return render(
        request,
        "programme_office/feeds.jinja",
        frame(request, by=by, title="What arrived", force=force, current="office_feeds")
        | {
            "feeds": shown,
            "lines": lines,
            "log": [line[:5] for line in lines],
            "late": [one for one in shown if one.is_late],
        },
    )


def feeds_now(*, today: dt.date) -> list[Feed]:
    """Sum up every feed as it stands, those that are late first."""
    landed = manifests(store=store())
    return sorted((feed_of(one, landed=landed, today=today) for one in _contracts()), key=lambda one: one.order)


def feed_of(contract: Contract, *, landed: Sequence[Mapping[str, Any]], today: dt.date) -> Feed:
    """Sum a feed's deliveries; the newest data that was taken in says how fresh it is."""
    mine = [one for one in landed if one["contract"] == contract.name]
    if not mine:
        return Feed(contract.title, contract.sender, 1, (Status("Never arrived", "grey"),))
    totals = {name: sum(one["counts"][name] for one in mine) for name in _COUNTS}
    newest = max(mine, key=lambda one: str(one["extracted_on"]))
    extracted = newest_day(deliveries=mine)
    late = (today - extracted).days > contract.freshness_days
    parts = totals["accepted"] + totals["quarantined"] + totals["duplicate"]
    adds_up = Status("Rows add up", "green") if parts == totals["rows_in"] else Status("Rows do NOT add up", "red")
    return Feed(
        title=contract.title,
        sender=contract.sender,
        order=0 if late else 2,
        statuses=(Status("Late", "red") if late else Status("Fresh", "green"), adds_up),
        age=_age(extracted, contract.freshness_days, today),
        received=_local(newest.get("received_at")),
        deliveries=len(mine),
        **totals,
        aside=_aside(mine),
    )


@cache
def _contracts() -> tuple[Contract, ...]:
    """Read the contracts once a process, as the programme is: reading and checking them all takes a while."""
    return contracts()


def _age(extracted: dt.date, limit: int, today: dt.date) -> str:
    days = (today - extracted).days
    old = "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"
    return f"Taken from its source {old}, on {extracted:%-d %B %Y}; it may be {limit} days old"


def _aside(deliveries: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    reasons: dict[str, int] = {}
    for finding in (finding for one in deliveries for finding in one["quarantine"]):
        reasons[finding["words"]] = reasons.get(finding["words"], 0) + finding["rows"]
    return tuple((reason, f"{rows:,}") for reason, rows in sorted(reasons.items(), key=lambda one: -one[1]))


def _line(line: Mapping[str, Any], *, names: Mapping[str, str]) -> list[str]:
    """Say one line of the ledger as people would: when, what, of which source, counts, by whom; last, its ids."""
    about = line.get("about") or {}
    contract = next((one for one in _contracts() if one.name == about.get("contract")), None)
    counts = ", ".join(f"{about[name]:,} {_COUNT_WORDS[name]}" for name in _COUNT_WORDS if name in about)
    ids = "; ".join(f"{name} {value}" for name, value in about.items() if name not in (*_COUNT_WORDS, "contract"))
    return [
        _local(line.get("at")) or "Time not kept",
        _DID.get(str(line["did"]), words(str(line["did"]))),
        contract.title if contract else str(about.get("contract", "")),
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
