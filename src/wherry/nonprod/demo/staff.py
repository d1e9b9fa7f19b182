"""Invented staff: they sign in and work through the same pages as anybody."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.db import connection
from django.db.models import Q

from wherry.cases.models import Occurrence
from wherry.database.context import acting_as, app_now
from wherry.database.secrets import secret
from wherry.foundation.actors import WORKER
from wherry.nonprod.demo.behaviour import (
    ON_ACCEPTED,
    ON_ASKED,
    ON_CALL,
    ON_DECLINED,
    ON_ENTRY,
    ON_NEED,
    ON_OFFER,
    choose,
)
from wherry.nonprod.demo.browser import Browser, Form, Page
from wherry.nonprod.demo.personas import Persona, authenticator, personas
from wherry.nonprod.demo.residents import answers_for
from wherry.nonprod.demo.world import World
from wherry.organisations.second_factor import STEP_SECONDS, code_at, step_at
from wherry.referrals.models import CallToAction
from wherry.review.models import AtRiskList, Entry
from wherry.worklist.models import Task

#: How many clinicians' additions there are to a list; the county's own people decide who.
_ADDITIONS = 1
#: The longest page of a list there is.
_ON_A_PAGE = 100


class PageNotAsExpected(AssertionError):
    """A page did not show what somebody needs to go on."""


def password(home: Path) -> str:
    """Give the one password every persona signs in with; made anew for each home."""
    return secret(home, "persona_password")[:16]


@dataclass(frozen=True)
class Office:
    """What every member of staff shares: the site, the password's home, the seed, and how residents answer."""

    site: str
    home: Path
    seed: int
    answers: Mapping[str, dict[str, float]]

    _browsers: dict[str, Browser] = field(default_factory=dict)

    @contextmanager
    def signed_in(self, who: Persona) -> Iterator[Browser]:
        """
        Give somebody their browser, signed in; it stays so, as a working day's does.

        A browser that lost its site is thrown away: whoever comes next signs in anew.
        """
        browser = self._browsers.pop(who.email, None) or Browser(site=self.site)
        page = browser.open("/account")
        if page.form(holding="password") is not None:
            self._sign_in(browser, who)
        yield browser
        self._browsers[who.email] = browser

    def _sign_in(self, browser: Browser, who: Persona) -> None:
        page = browser.open("/sign-in")
        form = _needed(page, page.form(holding="password"))
        page = browser.send(page, form, {"email": who.email, "password": password(self.home)})
        shared = authenticator(home=self.home, email=who.email)
        _enter_code(browser, page, shared, self.home / "demo" / f"code-{who.email}")


def _enter_code(browser: Browser, page: Page, shared: str, spent: Path) -> None:
    """
    Enter a code as somebody with a telephone would: by the wall clock, and the next one where this one is spent.

    The application's clock may be days ahead; a code knows nothing of it. The site takes the half minute before and
    after too, so three sign-ins fit into one before anybody has to wait.

    spent: a file with the newest half minute whose code was tried, so that none is tried twice, whichever run tried
    it: a spent code counts as a guess, and guesses lock an account.
    """
    deadline = time.monotonic() + 5 * STEP_SECONDS
    while (form := page.form(holding="code")) is not None:
        if time.monotonic() > deadline:
            raise PageNotAsExpected("no code was taken")
        here, newest = step_at(now=dt.datetime.now(dt.UTC)), _number_in(spent)
        step = max(here - 1, newest + 1)
        if step > here + 1:
            time.sleep(1)
            continue
        spent.write_text(str(step))
        page = browser.send(page, form, {"code": code_at(secret=shared, step=step)})
    if page.form(holding="password") or page.status != 200:
        raise PageNotAsExpected(f"nobody could sign in (status {page.status})")


def _number_in(file: Path) -> int:
    try:
        return int(file.read_text())
    except (FileNotFoundError, ValueError):
        return 0


def _needed(page: Page, form: Form | None) -> Form:
    if form is None:
        raise PageNotAsExpected(f"no such form on {page.path} (status {page.status})")
    return form


# ---- clinicians ---------------------------------------------------------------------------------------------------


def review_lists(*, office: Office, world: World) -> None:
    """Let a clinician go through every list: take some off, add somebody, sign."""
    with acting_as(WORKER):
        lists = list(AtRiskList.objects.filter(state="in_review").order_by("place"))
    with office.signed_in(personas(role="clinician")[0]) as browser:
        for at_risk_list in lists:
            _take_off(browser, office.seed, at_risk_list)
            _add(browser, at_risk_list, world)
            page = browser.open(f"/clinicians/lists/{at_risk_list.pk}/sign")
            browser.send(page, _needed(page, page.form(holding="seen_hash")))


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
        form = _needed(page, page.form(holding="entry"))
        ticked = [value for value in form.choices["entry"] if value.split(":")[0] in going]
        if ticked:
            page = browser.send(page, form, {"entry": ticked, "do": "remove_ticked"})
            form = _needed(page, page.form(holding="picked"))
            browser.send(page, form, {"reason": form.choices["reason"][0]})


def _add(browser: Browser, at_risk_list: AtRiskList, world: World) -> None:
    with acting_as(WORKER):
        known = set(Entry.objects.filter(at_risk_list=at_risk_list).values_list("nhs_number", flat=True))
        added = Entry.objects.filter(at_risk_list=at_risk_list, origin="added").count()
    for number in world.might_be_added(place=at_risk_list.place, but_not=known):
        if added >= _ADDITIONS:
            return
        page = browser.open(f"/clinicians/lists/{at_risk_list.pk}/add")
        form = _needed(page, page.form(holding="nhs_number"))
        choices = {name: form.choices[name][0] for name in ("category", "reason")}
        page = browser.send(page, form, {"nhs_number": number, "tier": "1", **choices})
        # Somebody whose number the records have wrong cannot be found by it; the next one is tried.
        added += not page.path.endswith("/add")


# ---- callers ------------------------------------------------------------------------------------------------------


def tasks_waiting() -> int:
    """Count the tasks somebody could be asked to do by now."""
    with acting_as(WORKER):
        return Task.objects.filter(state="open", not_before__lte=app_now()).count()


def work_the_list(*, office: Office, each: Callable[[int], None]) -> int:
    """
    Let callers, the supervisor and the clinician claim one task after another. Returns how many they worked.

    each: told of each task done.
    """
    worked = 0
    for role in ("caller", "supervisor", "clinician"):
        who = personas(role=role)
        # Those of one role ring at the same time, as in life. Who rings whom is chance; how a call ends is not.
        stopped = threading.Event()
        with ThreadPoolExecutor(len(who)) as desks:
            try:
                worked += sum(desks.map(partial(_at_a_desk, office, each=each, stopped=stopped), who))
            except BaseException:
                stopped.set()  # Ctrl-C, say: nobody takes another call
                raise
    return worked


def _at_a_desk(office: Office, who: Persona, *, each: Callable[[int], None], stopped: threading.Event) -> int:
    worked = 0
    try:
        with office.signed_in(who) as browser:
            page = browser.open("/support/")
            while not stopped.is_set() and (ended := _one_task(browser, page, office)) is not None:
                page = ended if ended.form(action="/next") else browser.open("/support/")
                worked += 1
                each(1)
    finally:
        connection.close()  # this thread's own
    return worked


def _one_task(browser: Browser, page: Page, office: Office) -> Page | None:
    """Claim the next task from a page that offers it, and do it. Returns the page after; None when there is none."""
    form = page.form(action="/next")
    if form is None:
        return None
    page = browser.send(page, form)
    if "/support/task/" not in page.path:
        return None
    task_id = page.path.split("/support/task/")[1].split("/")[0]
    with acting_as(WORKER):
        task = Task.objects.select_related("case", "case__person").get(pk=task_id)
    return _do(browser, page, task, office)


def _do(browser: Browser, page: Page, task: Task, office: Office) -> Page:
    who = task.case.person.population_id
    if task.kind == "check_in_call":
        return _ring(browser, page, task, office, who)
    if task.kind == "did_it_help":
        says = choose(seed=office.seed, who=who, step="did_it_help:call", shares=ON_ASKED)
        form = _needed(page, page.form(action="/helped"))
        return browser.send(page, form, {"helped": "no" if says == "no" else "yes"})
    if task.kind in ("verify_death", "verify_identity"):
        return browser.send(page, _needed(page, page.form(action="/verified")), {"resolution": "confirmed"})
    if task.kind == "need":
        return _find_help(browser, page, task, office, who)
    return _conclude(browser, page, "callback_complete")


def _find_help(browser: Browser, page: Page, task: Task, office: Office, who: str) -> Page:
    ends = choose(seed=office.seed, who=who, step=f"need:{task.tries}", shares=ON_NEED)
    if ends not in ("found", "not_needed"):
        return _conclude(browser, page, ends)
    form = _needed(page, page.form(action="/found"))
    return browser.send(page, form, {"came": ends, "words": "A neighbour sees to it, twice a week."})


def _ring(browser: Browser, page: Page, task: Task, office: Office, who: str) -> Page:
    number = _occurrence_number(task)
    ends = choose(seed=office.seed, who=who, step=f"call:{number}:{task.tries}", shares=ON_CALL)
    form = page.form(action="/answers")
    if ends == "spoke" and form is not None:
        said = answers_for(seed=office.seed, who=who, occurrence=number, form=form, shares=office.answers)
        return browser.send(page, form, said | {"keep_in_touch": "yes"})
    if ends == "stop":
        return browser.send(page, _needed(page, page.form(action="/stop")))
    return _conclude(browser, page, "callback_complete" if ends == "spoke" else ends)


def _occurrence_number(task: Task) -> int:
    with acting_as(WORKER):
        return int(Occurrence.objects.values_list("number", flat=True).get(pk=task.about_id))


def _conclude(browser: Browser, page: Page, outcome: str) -> Page:
    form = _needed(page, page.form(action="/outcome"))
    values = {"outcome": outcome}
    for name, offered in form.choices.items():
        if name != "outcome" and name not in form.fields:
            values[name] = offered[0]
    return browser.send(page, form, values)


# ---- partners -----------------------------------------------------------------------------------------------------


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
            browser.send(page, _needed(page, page.form(button="accept")), {"answer": "accept"})
        elif does == "decline":
            form = _needed(page, page.form(holding="decline_reason"))
            reason = choose(seed=seed, who=who, step=f"why:{step}", shares=ON_DECLINED)
            browser.send(page, form, {"answer": "decline", "decline_reason": reason})
        return
    outcome = choose(seed=seed, who=who, step=f"accepted:{step}", shares=ON_ACCEPTED)
    if outcome == "could_not_reach":
        form = _needed(page, page.form(holding="decline_reason"))
        browser.send(page, form, {"answer": "decline", "decline_reason": outcome})
        return
    form = _needed(page, page.form(holding="outcome"))
    browser.send(page, form, {"answer": "done", "outcome": outcome})
