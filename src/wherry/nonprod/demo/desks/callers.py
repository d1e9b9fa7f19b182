"""Callers, supervisors and clinicians take one task after another until nothing waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import connection

from wherry.cases.models import Occurrence
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.nonprod.demo.behaviour import ON_ASKED, ON_CALL, ON_NEED, choose
from wherry.nonprod.demo.browser import Browser, Page
from wherry.nonprod.demo.office import Office, needed
from wherry.nonprod.demo.personas import Persona, personas
from wherry.nonprod.demo.residents import answers_for
from wherry.worklist.models import Task


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
        form = needed(page, page.form(action="/helped"))
        return browser.send(page, form, {"helped": "no" if says == "no" else "yes"})
    if task.kind in ("verify_death", "verify_identity"):
        return browser.send(page, needed(page, page.form(action="/verified")), {"resolution": "confirmed"})
    if task.kind == "red_flag":
        settled = {"now": "help_is_there", "words": "Somebody is with them."}
        return browser.send(page, needed(page, page.form(action="/settled")), settled)
    if task.kind == "need":
        return _find_help(browser, page, task, office, who)
    return _conclude(browser, page, "callback_complete")


def _find_help(browser: Browser, page: Page, task: Task, office: Office, who: str) -> Page:
    ends = choose(seed=office.seed, who=who, step=f"need:{task.tries}", shares=ON_NEED)
    if ends not in ("found", "not_needed"):
        return _conclude(browser, page, ends)
    form = needed(page, page.form(action="/found"))
    return browser.send(page, form, {"came": ends, "words": "A neighbour sees to it, twice a week."})


def _ring(browser: Browser, page: Page, task: Task, office: Office, who: str) -> Page:
    number = _occurrence_number(task)
    ends = choose(seed=office.seed, who=who, step=f"call:{number}:{task.tries}", shares=ON_CALL)
    form = page.form(action="/answers")
    if ends == "spoke" and form is not None:
        said = answers_for(seed=office.seed, who=who, occurrence=number, form=form, shares=office.answers)
        return browser.send(page, form, said | {"keep_in_touch": "yes"})
    if ends == "stop":
        return browser.send(page, needed(page, page.form(action="/stop")))
    return _conclude(browser, page, "callback_complete" if ends == "spoke" else ends)


def _occurrence_number(task: Task) -> int:
    with acting_as(WORKER):
        return int(Occurrence.objects.values_list("number", flat=True).get(pk=task.about_id))


def _conclude(browser: Browser, page: Page, outcome: str) -> Page:
    form = needed(page, page.form(action="/outcome"))
    values = {"outcome": outcome}
    for name, offered in form.choices.items():
        if name != "outcome" and name not in form.fields:
            values[name] = offered[0]
    return browser.send(page, form, values)
