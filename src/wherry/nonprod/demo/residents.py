"""Invented residents: they read what their telephone shows, open the real pages, answer, or do not."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from wherry.cases.models import Case
from wherry.checkin.models import HelpReply, Response
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.nonprod.demo.behaviour import ANSWERS, ON_ASKED, ON_MESSAGE, choose
from wherry.nonprod.demo.browser import Browser, Form, Page
from wherry.nonprod.demo.world import Resident, World
from wherry.outreach.models import Attempt

_LINK = re.compile(r"https?://\S*?/c/([A-Za-z0-9_-]{22})")


@dataclass(frozen=True)
class Received:
    """One message a resident can read now."""

    body: str
    step: str
    message: str
    occurrence: int
    about: str = ""


@dataclass
class Residents:
    """Everybody who has a case, acting once."""

    site: str
    gateway: str
    token: str
    seed: int
    world: World
    _http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(
            base_url=self.gateway, headers={"Authorization": f"Bearer {self.token}"}, timeout=30, trust_env=False
        )

    def act(self, *, before: dt.datetime) -> None:
        """Let everybody who had something to read before a moment read it, and do what they would."""
        for resident in self.world.residents():
            for received in self._unanswered(resident, before):
                self._react(resident, received)

    def _unanswered(self, resident: Resident, before: dt.datetime) -> list[Received]:
        # Which of the messages on the telephone belong to something still open; a person would know that.
        with acting_as(WORKER):
            cases = list(Case.objects.filter(person_id=resident.person_id).exclude(state__in=["declined", "excluded"]))
            attempts = list(
                Attempt.objects.filter(case__in=cases, state__in=["sent", "delivered"], intended_at__lt=before)
                .exclude(channel="call")
                .select_related("occurrence", "contact_point")
                .order_by("occurrence__number", "intended_at", "step")
            )
            answered = set(Response.objects.filter(case__in=cases).values_list("occurrence_id", flat=True))
            judged = {str(one) for one in HelpReply.objects.filter(case__in=cases).values_list("about_id", flat=True)}
        newest = max((one.occurrence.number for one in attempts), default=0)
        found = []
        for one in attempts:
            about = one.step.removeprefix("did_it_help:") if one.message == "did_it_help" else ""
            is_open = (
                about not in judged
                if about
                else (one.occurrence_id not in answered and one.occurrence.number == newest)
            )
            if is_open and one.message != "goodbye":
                body = self._read(one.contact_point.value if one.contact_point else "", str(one.reference))
                found.append(Received(body, one.step, one.message, one.occurrence.number, about))
        return found

    def _read(self, to: str, reference: str) -> str:
        # A telephone shows every message it got; the one meant is found among them.
        messages = self._http.get("/inbox", params={"to": to}).json()["messages"]
        return next((str(one["body"]) for one in messages if one["reference"] == reference), "")

    def _react(self, resident: Resident, received: Received) -> None:
        if received.message == "did_it_help":
            self._judge_help(resident, received)
            return
        step = f"{received.message}:{received.occurrence}"
        does = choose(
            seed=self.seed, who=resident.who, step=step, shares=ON_MESSAGE.get(received.message, {"silent": 1})
        )
        if does == "stop_by_text" and resident.mobiles:
            self._text_back(resident, "STOP")
        elif does in ("not_me", "died", "stop_by_link"):
            self._leave(resident, received, {"stop_by_link": "stop", "not_me": "not_me", "died": "died"}[does])
        elif does == "answer":
            self._answer(resident, received)

    def _text_back(self, resident: Resident, words: str) -> None:
        self._http.post("/inbound", json={"from": resident.mobiles[0], "text": words})

    def _leave(self, resident: Resident, received: Received, how: str) -> None:
        token = _token(received.body)
        with Browser(site=self.site) as browser:
            page = browser.open(f"/c/{token}/{how}")
            form = _posting(page)
            if form is not None:
                browser.send(page, form)

    def _recognised(self, browser: Browser, resident: Resident, received: Received) -> Page:
        page = browser.open(f"/c/{_token(received.body)}")
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

    def _answer(self, resident: Resident, received: Received) -> None:
        with Browser(site=self.site) as browser:
            page = self._recognised(browser, resident, received)
            for _ in range(12):
                form = _posting(page)
                if form is None or "/check-in/" not in page.path or page.path.endswith("/done"):
                    return
                page = browser.send(page, form, answers_for(self.seed, resident.who, received.occurrence, form))

    def _judge_help(self, resident: Resident, received: Received) -> None:
        step = f"did_it_help:{received.occurrence}"
        says = choose(seed=self.seed, who=resident.who, step=step, shares=ON_ASKED)
        if says == "silent":
            return
        with Browser(site=self.site) as browser:
            page = self._recognised(browser, resident, received)
            form = _posting(page)
            if form is None:
                return
            name = next((one for one in form.choices), "")
            browser.send(page, form, {name: says} if name else {})


def answers_for(seed: int, who: str, occurrence: int, form: Form) -> dict[str, str]:
    """Answer whatever questions a form asks, as this resident would at this check-in."""
    given: dict[str, str] = {}
    for name, offered in form.choices.items():
        shares = ANSWERS.get(name)
        if shares:
            answer = choose(seed=seed, who=who, step=f"{name}:{occurrence}", shares=shares)
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
