"""Invented residents: they read what their telephone shows, open the real pages, answer, or do not."""

from __future__ import annotations

import datetime as dt
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from wherry.cases.models import Case
from wherry.checkin.models import HelpReply, Response
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.nonprod.demo.behaviour import ON_ASKED, ON_MESSAGE, choose
from wherry.nonprod.demo.browser import Browser, Form, Page
from wherry.nonprod.demo.world import Resident, World
from wherry.outreach.models import Attempt

#: How many residents write at the same moment.
_SIDE_BY_SIDE = 6
#: Which page somebody goes to who wants no more of it.
_WAYS_OUT = {"stop_by_link": "stop", "not_me": "not_me", "died": "died"}
_LINK = re.compile(r"https?://\S*?/c/([A-Za-z0-9_-]{22})")


@dataclass(frozen=True)
class Received:
    """One message a resident can read now. to, reference: where on the gateway it is to be read."""

    to: str = field(repr=False)
    reference: str
    message: str
    occurrence: int
    about: str = ""


#: Somebody, and a message of theirs that is not answered yet.
Open = tuple[Resident, Received]


@dataclass(frozen=True)
class Written:
    """What somebody has filled in and not yet sent."""

    browser: Browser
    page: Page
    form: Form
    values: dict[str, str]


@dataclass
class Residents:
    """Everybody who has a case. answers: the share of each answer to each question."""

    site: str
    gateway: str
    token: str
    seed: int
    world: World
    answers: Mapping[str, dict[str, float]]
    _http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(
            base_url=self.gateway, headers={"Authorization": f"Bearer {self.token}"}, timeout=30, trust_env=False
        )

    def leave(self, *, before: dt.datetime) -> None:
        """Let everybody who, of what they read before a moment, wants no more of it say so: before anybody answers."""
        for resident, received in self._unanswered(before):
            does = self._does(resident, received)
            if does == "stop_by_text" and resident.mobiles:
                self._http.post("/inbound", json={"from": resident.mobiles[0], "text": "STOP"})
            elif does in _WAYS_OUT:
                self._leave(received, _WAYS_OUT[does])

    def answer(self, *, before: dt.datetime, counted: Callable[[Sequence[Open]], Iterable[Open]] = iter) -> None:
        """
        Let everybody who answers what they read before a moment do so.

        Several fill in their pages side by side, as in life; they press "send" in an order that is the same in every
        run, since whoever is first gets the partner who has room for one more. counted: told of what there is to do.
        """
        writing: deque[Future[Written | None]] = deque()
        begun = set()
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            for resident, received in counted(self._unanswered(before)):
                asked = (resident.who, received.occurrence, received.about)
                if asked in begun or self._does(resident, received) != "answer":
                    continue
                begun.add(asked)
                writing.append(pool.submit(self._write, resident, received))
                if len(writing) > _SIDE_BY_SIDE:
                    _press_send(writing.popleft().result())
            while writing:
                _press_send(writing.popleft().result())

    def _unanswered(self, before: dt.datetime) -> list[Open]:
        # Which of the messages on each telephone belong to something still open; a person would know that.
        with acting_as(WORKER):
            cases = Case.objects.exclude(state__in=["declined", "excluded"])
            attempts = list(
                Attempt.objects.filter(case__in=cases, state__in=["sent", "delivered"], intended_at__lt=before)
                .exclude(channel="call")
                .exclude(message="goodbye")
                .select_related("occurrence", "contact_point", "case")
                .order_by("case__person__population_id", "occurrence__number", "intended_at", "step")
            )
            answered = set(Response.objects.filter(case__in=cases).values_list("occurrence_id", flat=True))
            judged = {str(one) for one in HelpReply.objects.filter(case__in=cases).values_list("about_id", flat=True)}
        residents = {one.person_id: one for one in self.world.residents()}
        newest: dict[object, int] = {}
        for one in attempts:
            newest[one.case_id] = max(newest.get(one.case_id, 0), one.occurrence.number)
        found = []
        for one in attempts:
            about = one.step.removeprefix("did_it_help:") if one.message == "did_it_help" else ""
            is_newest = one.occurrence.number == newest[one.case_id]
            if about not in judged if about else is_newest and one.occurrence_id not in answered:
                to = one.contact_point.value if one.contact_point else ""
                received = Received(to, str(one.reference), one.message, one.occurrence.number, about)
                found.append((residents[str(one.case.person_id)], received))
        return found

    def _does(self, resident: Resident, received: Received) -> str:
        step = f"{received.message}:{received.occurrence}"
        if received.message == "did_it_help":
            return "silent" if self._says_of_help(resident, received) == "silent" else "answer"
        shares = ON_MESSAGE.get(received.message, {"silent": 1})
        return choose(seed=self.seed, who=resident.who, step=step, shares=shares)

    def _says_of_help(self, resident: Resident, received: Received) -> str:
        step = f"did_it_help:{received.occurrence}"
        return choose(seed=self.seed, who=resident.who, step=step, shares=ON_ASKED)

    def _read(self, received: Received) -> str:
        # A telephone shows every message it got; the one meant is found among them.
        messages = self._http.get("/inbox", params={"to": received.to}).json()["messages"]
        return next((str(one["body"]) for one in messages if one["reference"] == received.reference), "")

    def _leave(self, received: Received, how: str) -> None:
        with Browser(site=self.site) as browser:
            page = browser.open(f"/c/{_token(self._read(received))}/{how}")
            form = _posting(page)
            if form is not None:
                browser.send(page, form)

    def _recognised(self, browser: Browser, resident: Resident, received: Received) -> Page:
        page = browser.open(f"/c/{_token(self._read(received))}")
        form = _posting(page)
        if form is None:
            return page
        year, month, day = resident.birth_date.split("-")
        values = {}
        for name in form.fields:
            for part, value in (("day", day), ("month", month), ("year", year)):
                if name.endswith(part):
                    values[name] = str(int(value))
        return browser.send(page, form, values)

    def _write(self, resident: Resident, received: Received) -> Written | None:
        """Open the link and fill in all there is, up to the last button. None when there is nothing to fill in."""
        browser = Browser(site=self.site)
        page = self._recognised(browser, resident, received)
        for _ in range(12):
            form = _posting(page)
            if form is None:
                break
            if received.message == "did_it_help":
                name = next(iter(form.choices), "")
                says = {name: self._says_of_help(resident, received)} if name else {}
                return Written(browser, page, form, says)
            if "/check-in/" not in page.path or page.path.endswith("/done"):
                break
            if page.path.endswith("/send"):
                return Written(browser, page, form, {})
            page = browser.send(page, form, self._answers(resident, received, form))
        browser.close()
        return None

    def _answers(self, resident: Resident, received: Received, form: Form) -> dict[str, str]:
        return answers_for(
            seed=self.seed, who=resident.who, occurrence=received.occurrence, form=form, shares=self.answers
        )


def _press_send(written: Written | None) -> None:
    if written is not None:
        with written.browser as browser:
            browser.send(written.page, written.form, written.values)


def answers_for(
    *, seed: int, who: str, occurrence: int, form: Form, shares: Mapping[str, dict[str, float]]
) -> dict[str, str]:
    """Answer whatever questions a form asks, as this resident would at this check-in; shares: of each answer."""
    given: dict[str, str] = {}
    for name, offered in form.choices.items():
        if name in shares:
            answer = choose(seed=seed, who=who, step=f"{name}:{occurrence}", shares=shares[name])
            given[name] = answer if answer in offered else offered[0]
    return given


def _token(body: str) -> str:
    found = _LINK.search(body)
    return found.group(1) if found else urlsplit(body).path


def _posting(page: Page) -> Form | None:
    """Find the page's own form: the first that posts and is not about signing out or languages."""
    for form in page.forms:
        if form.method == "post" and not any(part in form.action for part in ("language", "sign-out")):
            return form
    return None
