"""Link review: the pairs that wait, two records side by side, one person's links, and taking them apart."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wherry.foundation.actors import Actor
from wherry.foundation.errors import InputWrong
from wherry.foundation.periods import local_time
from wherry.governance.rules import Permission
from wherry.journeys import review_links
from wherry.journeys.name_staff import names_of_staff
from wherry.organisations.types import Purpose
from wherry.people.linkage.types import Verdict
from wherry.web.components.forms import Choice, Field, FieldKind, Value, error_summary, posted_values
from wherry.web.programme_office import link_words
from wherry.web.programme_office.frame import bound, frame, programme_of
from wherry.web.sign_in.acting import staff_page

_LISTED = 25
_WHY = Field("why", FieldKind.TEXTAREA, "Why?", hint="Kept with the answer. Whoever looks next reads it", rows=2)
ANSWER = (
    Field(
        "verdict",
        FieldKind.RADIOS,
        "Are these two records one person?",
        choices=(
            Choice("same", "The same person"),
            Choice("not_same", "Not the same person"),
            Choice("unsure", "I am not sure: ask somebody else"),
        ),
    ),
    _WHY,
)
FIND = (Field("nhs_number", FieldKind.TEXT, "NHS number", hint="10 digits. The look is recorded"),)
WHY = (_WHY,)


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.REVIEW_LINKS)
def queue(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show what waits for an answer, without anybody's name; find a person's links by their NHS number."""
    force = programme_of(request, by=by, now=now)
    errors: dict[str, str] = {}
    found: list[str] = []
    if request.method == "POST":
        number = str(posted_values(fields=FIND, posted=request.POST).get("nhs_number", ""))
        people = review_links.find_people(by=by, nhs_number=number, now=now)
        found = [_address(request, "office_person_links", person=one) for one in people]
        if len(found) == 1:
            return HttpResponseRedirect(found[0])
        errors = {} if found else {"nhs_number": "Nobody in the linked data has this NHS number; check it"}
    pairs, held = review_links.queue(by=by, now=now)
    names = names_of_staff(ids={one.by for one in held} | {said.by for one in pairs for said in one.said})
    today = local_time(now).date()
    return render(
        request,
        "programme_office/links.jinja",
        frame(request, by=by, title="Links to look at", force=force, current="office_links")
        | {
            "done": link_words.DONE.get(request.GET.get("done", ""), ""),
            "cards": [
                link_words.card(one, names=names, today=today, to=_pair_address(request, one))
                for one in pairs[:_LISTED]
            ],
            "total": len(pairs),
            "found": found,
            "stopping": sum(one.stops_contact for one in pairs),
            "held": [
                {"to": _address(request, "office_separation", act=one.act), **link_words.separation(one, names=names)}
                for one in held
            ],
            "bound": bound(fields=FIND, values={}, errors=errors),
            "errors": errors,
            "summary": error_summary(fields=FIND, errors=errors),
        },
    )


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.REVIEW_LINKS)
def pair(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show two records side by side and take the answer; then the next pair comes."""
    force = programme_of(request, by=by, now=now)
    key = request.GET.get("pair", "")
    values: dict[str, Value] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = posted_values(fields=ANSWER, posted=request.POST)
        errors = {name: words for name, words in link_words.NEEDED.items() if not values.get(name)}
        if not errors:
            try:
                return _answered(request, by=by, key=key, values=values, now=now)
            except InputWrong as refused:
                errors = {"verdict": link_words.sentence(refused)}
    shown = review_links.look_at(by=by, key=key, now=now)
    if shown is None:
        return _to(request, "office_links")
    names = names_of_staff(ids={said.by for said in shown.waiting.said})
    return render(
        request,
        "programme_office/link_pair.jinja",
        frame(request, by=by, title="Are these one person?", force=force, current="office_links")
        | {
            "done": link_words.DONE.get(request.GET.get("done", ""), ""),
            "errors": errors,
            "pair": shown,
            "card": link_words.card(shown.waiting, names=names, today=local_time(now).date(), to=""),
            "sides": link_words.sides(shown),
            "rows": link_words.compared_rows(shown),
            "others": link_words.others(shown),
            "said": [link_words.said(one, names=names) for one in shown.waiting.said],
            "people": [_address(request, "office_person_links", person=one) for one in shown.people if one],
            "back": _address(request, "office_links"),
            "bound": bound(fields=ANSWER, values=values, errors=errors),
            "summary": error_summary(fields=ANSWER, errors=errors),
        },
    )


def _answered(request: HttpRequest, *, by: Actor, key: str, values: dict[str, Value], now: dt.datetime) -> HttpResponse:
    verdict = Verdict(str(values["verdict"]))
    decided = review_links.say(by=by, key=key, verdict=verdict, why=str(values["why"]), now=now)
    if decided is None:
        return _to(request, "office_links")
    following, done = review_links.next_after(key=key), link_words.done(decided)
    if not following:
        return _to(request, "office_links", done=done)
    return _to(request, "office_link_pair", pair=following, done=done)


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.REVIEW_LINKS)
def person(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show one person's records and why each is theirs; take some out, consequences first."""
    force = programme_of(request, by=by, now=now)
    person_id = request.GET.get("person", "")
    records, chosen = review_links.links_of(by=by, person_id=person_id, now=now), request.POST.getlist("record")
    if not records:
        return _to(request, "office_links")
    values: dict[str, Value] = {}
    errors: dict[str, str] = {}
    comes_to = None
    if request.method == "POST":
        values = posted_values(fields=WHY, posted=request.POST)
        try:
            comes_to = review_links.consequences(by=by, person_id=person_id, records=chosen)
            if "sure" in request.POST and values.get("why"):
                return _taken_apart(request, by=by, person_id=person_id, chosen=chosen, why=str(values["why"]), now=now)
            errors = {"why": "Say why, for whoever confirms it"} if "sure" in request.POST else {}
        except InputWrong as refused:
            errors = {"record": link_words.sentence(refused)}
    return render(
        request,
        "programme_office/person_links.jinja",
        frame(request, by=by, title="One person's links", force=force, current="office_links")
        | {
            "done": link_words.DONE.get(request.GET.get("done", ""), ""),
            "records": [link_words.linked(one) for one in records],
            "chosen": chosen,
            "comes_to": link_words.consequences(comes_to) if comes_to else None,
            "errors": errors,
            "back": _address(request, "office_links"),
            "bound": bound(fields=WHY, values=values, errors=errors),
            "summary": link_words.summary_of(errors),
        },
    )


def _taken_apart(
    request: HttpRequest, *, by: Actor, person_id: str, chosen: list[str], why: str, now: dt.datetime
) -> HttpResponse:
    decided = review_links.take_apart(by=by, person_id=person_id, records=chosen, why=why, now=now)
    return _to(request, "office_separation", act=decided.act, done=link_words.done(decided))


@require_http_methods(["GET", "POST"])
@staff_page(purpose=Purpose.OVERSIGHT, permission=Permission.REVIEW_LINKS)
def separation(request: HttpRequest, *, by: Actor, now: dt.datetime) -> HttpResponse:
    """Show what a separation came to, and let somebody confirm it: then both people may be written to again."""
    force = programme_of(request, by=by, now=now)
    _, held = review_links.queue(by=by, now=now)
    found = next((one for one in held if str(one.act) == request.GET.get("act", "")), None)
    if found is None:
        return _to(request, "office_links")
    values: dict[str, Value] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = posted_values(fields=WHY, posted=request.POST)
        try:
            if values.get("why"):
                review_links.confirm(by=by, act=found.act, why=str(values["why"]), now=now)
                return _to(request, "office_links", done="confirmed")
            errors = {"why": "Say what you looked at"}
        except InputWrong as refused:
            errors = {"why": link_words.sentence(refused)}
    return render(
        request,
        "programme_office/separation.jinja",
        frame(request, by=by, title="Records taken apart", force=force, current="office_links")
        | {
            "done": link_words.DONE.get(request.GET.get("done", ""), ""),
            "found": link_words.separation(found, names=names_of_staff(ids=[found.by])),
            "told": link_words.told(review_links.told_of(people=found.people)),
            "errors": errors,
            "people": [_address(request, "office_person_links", person=one) for one in found.people],
            "is_done": len(found.people) > 1,
            "back": _address(request, "office_links"),
            "bound": bound(fields=WHY, values=values, errors=errors),
            "summary": error_summary(fields=WHY, errors=errors),
        },
    )


def _pair_address(request: HttpRequest, one: review_links.Waiting) -> str:
    return _address(request, "office_link_pair", pair=review_links.pair_key(left=one.left, right=one.right))


def _address(request: HttpRequest, name: str, **query: object) -> str:
    asked = {"programme": request.GET["programme"]} if "programme" in request.GET else {}
    return f"{reverse(name)}?{urlencode(asked | query)}" if asked or query else reverse(name)


def _to(request: HttpRequest, name: str, **query: object) -> HttpResponse:
    return HttpResponseRedirect(_address(request, name, **query))
