"""What arrived: every kind of feed with its newest delivery, how fresh it is, what was set aside and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from wherry.feeds.queries import contracts, manifests
from wherry.feeds.types import Contract
from wherry.foundation.actors import Actor
from wherry.governance.rules import Permission
from wherry.journeys.agree_the_list import store
from wherry.organisations.types import Purpose
from wherry.population import ledger
from wherry.web.components.pieces import Status
from wherry.web.programme_office.frame import frame, programme_of
from wherry.web.programme_office.presenters import words
from wherry.web.sign_in.acting import staff_page

_LEDGER_LINES = 20


@dataclass(frozen=True)
class Feed:
    """
    One kind of feed and its deliveries so far, summed.

    statuses: how fresh the newest is, and whether the rows add up; aside: rule in words and rows, never a value.
    """

    title: str
    sender: str
    statuses: tuple[Status, ...]
    newest: str
    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicate: int = 0
    deliveries: int = 0
    aside: tuple[tuple[str, str], ...] = ()


@require_http_methods(["GET"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.SEE_FUNNEL)
def feeds(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show every feed, fresh or not, and who last read or wrote the population store."""
    force = programme_of(request, by=by, now=now)
    landed = manifests(store=store())
    shown = [feed_of(one, landed=landed, today=now.date()) for one in contracts()]
    lines = [
        [str(line.get("at") or "–")[:16].replace("T", " "), words(str(line["did"])), str(line["by"])]
        for line in reversed(ledger.entries(store())[-_LEDGER_LINES:])
    ]
    return render(
        request,
        "programme_office/feeds.jinja",
        frame(request, title="What arrived", force=force, current="office_feeds") | {"feeds": shown, "lines": lines},
    )


def feed_of(contract: Contract, *, landed: tuple[Mapping[str, Any], ...], today: dt.date) -> Feed:
    """Sum a feed's deliveries; the newest by its day of extraction says how fresh it is."""
    mine = [one for one in landed if one["contract"] == contract.name]
    if not mine:
        return Feed(contract.title, contract.sender, (Status("Never arrived", "grey"),), "")
    totals = {
        name: sum(one["counts"][name] for one in mine) for name in ("rows_in", "accepted", "quarantined", "duplicate")
    }
    extracted = max(dt.date.fromisoformat(one["extracted_on"]) for one in mine)
    aside: dict[str, int] = {}
    for finding in (finding for one in mine for finding in one["quarantine"]):
        aside[finding["words"]] = aside.get(finding["words"], 0) + finding["rows"]
    return Feed(
        title=contract.title,
        sender=contract.sender,
        statuses=_statuses(contract, totals, (today - extracted).days),
        newest=extracted.isoformat(),
        deliveries=len(mine),
        **totals,
        aside=tuple((reason, f"{rows:,}") for reason, rows in sorted(aside.items(), key=lambda one: -one[1])),
    )


def _statuses(contract: Contract, totals: Mapping[str, int], age: int) -> tuple[Status, ...]:
    fresh = Status("Fresh", "green")
    if age > contract.freshness_days:
        fresh = Status(f"Stale: {age} days old, fresh is {contract.freshness_days}", "red")
    parts = totals["accepted"] + totals["quarantined"] + totals["duplicate"]
    sums = Status("Adds up", "green") if parts == totals["rows_in"] else Status("Does NOT add up", "red")
    return (fresh, sums)
