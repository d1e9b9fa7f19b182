"""Partners look at their inbox: accept, decline, leave it, or say what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import Q

from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.nonprod.demo.behaviour import ON_ACCEPTED, ON_DECLINED, ON_OFFER, choose
from wherry.nonprod.demo.browser import Browser
from wherry.nonprod.demo.office import Office, needed
from wherry.nonprod.demo.personas import personas
from wherry.referrals.models import CallToAction


def answer_calls_to_action(*, office: Office, before: dt.datetime, each: Callable[[int], None]) -> None:
    """
    Let every partner look at their inbox: accept, decline, leave it, or say what came of it.

    before: what was offered or accepted since then waits for the next time they look; each: told of each looked at.
    """
    for who in personas(role="partner"):
        with acting_as(WORKER):
            waiting = list(
                CallToAction.objects.filter(partner__code=who.organisation)
                .filter(Q(state="offered", offered_at__lt=before) | Q(state="accepted", accepted_at__lt=before))
                .select_related("need", "case", "case__person")
                .order_by("case__person__population_id", "offered_at", "service")
            )
        if not waiting:
            continue
        with office.signed_in(who) as browser:
            for one in waiting:
                _answer(browser, one, office.seed)
                each(1)


def _answer(browser: Browser, one: CallToAction, seed: int) -> None:
    who, step = one.case.person.population_id, f"{one.need.kind}:{one.need.rule}:{one.service}"
    page = browser.open(f"/partners/calls/{one.pk}")
    if one.state == "offered":
        does = choose(seed=seed, who=who, step=f"offer:{step}", shares=ON_OFFER)
        if does == "accept":
            browser.send(page, needed(page, page.form(button="accept")), {"answer": "accept"})
        elif does == "decline":
            form = needed(page, page.form(holding="decline_reason"))
            reason = choose(seed=seed, who=who, step=f"why:{step}", shares=ON_DECLINED)
            browser.send(page, form, {"answer": "decline", "decline_reason": reason})
        return
    outcome = choose(seed=seed, who=who, step=f"accepted:{step}", shares=ON_ACCEPTED)
    if outcome == "could_not_reach":
        form = needed(page, page.form(holding="decline_reason"))
        browser.send(page, form, {"answer": "decline", "decline_reason": outcome})
        return
    form = needed(page, page.form(holding="outcome"))
    browser.send(page, form, {"answer": "done", "outcome": outcome})
