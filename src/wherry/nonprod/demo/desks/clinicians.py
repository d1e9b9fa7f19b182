"""A clinician goes through the lists and signs them."""

from __future__ import annotations

from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.nonprod.demo.behaviour import ON_ENTRY, choose
from wherry.nonprod.demo.browser import Browser
from wherry.nonprod.demo.office import Office, needed
from wherry.nonprod.demo.personas import personas
from wherry.nonprod.demo.world import World
from wherry.review.models import AtRiskList, Entry

#: How many clinicians' additions there are to a list; the county's own people decide who.
_ADDITIONS = 1
#: The longest page of a list there is.
_ON_A_PAGE = 100


def review_lists(*, office: Office, world: World) -> None:
    """Let a clinician go through every list: take some off, add somebody, sign."""
    with acting_as(WORKER):
        lists = list(AtRiskList.objects.filter(state="in_review").order_by("place"))
    with office.signed_in(personas(role="clinician")[0]) as browser:
        for at_risk_list in lists:
            _take_off(browser, office.seed, at_risk_list)
            _add(browser, at_risk_list, world)
            page = browser.open(f"/clinicians/lists/{at_risk_list.pk}/sign")
            browser.send(page, needed(page, page.form(holding="seen_hash")))


def _take_off(browser: Browser, seed: int, at_risk_list: AtRiskList) -> None:
    """Go through the list page by page, tick those to take off, and give one reason for a page's."""
    with acting_as(WORKER):
        entries = Entry.objects.filter(at_risk_list=at_risk_list)
        pages = -(-entries.count() // _ON_A_PAGE)
        kept = dict(entries.filter(origin="stratified", verdict="kept").values_list("pk", "population_id"))
    going = {
        str(pk) for pk, who in kept.items() if choose(seed=seed, who=who, step="review", shares=ON_ENTRY) == "remove"
    }
    for number in range(1, pages + 1):
        page = browser.open(f"/clinicians/lists/{at_risk_list.pk}?size={_ON_A_PAGE}&page={number}")
        form = needed(page, page.form(holding="entry"))
        ticked = [value for value in form.choices["entry"] if value.split(":")[0] in going]
        if ticked:
            page = browser.send(page, form, {"entry": ticked, "do": "remove_ticked"})
            form = needed(page, page.form(holding="picked"))
            browser.send(page, form, {"reason": form.choices["reason"][0]})


def _add(browser: Browser, at_risk_list: AtRiskList, world: World) -> None:
    with acting_as(WORKER):
        known = set(Entry.objects.filter(at_risk_list=at_risk_list).values_list("nhs_number", flat=True))
        added = Entry.objects.filter(at_risk_list=at_risk_list, origin="added").count()
    for number in world.might_be_added(place=at_risk_list.place, but_not=known):
        if added >= _ADDITIONS:
            return
        page = browser.open(f"/clinicians/lists/{at_risk_list.pk}/add")
        form = needed(page, page.form(holding="nhs_number"))
        choices = {name: form.choices[name][0] for name in ("category", "reason")}
        page = browser.send(page, form, {"nhs_number": number, "tier": "1", **choices})
        # Somebody whose number the records have wrong cannot be found by it; the next one is tried.
        added += not page.path.endswith("/add")
