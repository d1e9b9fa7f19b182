"""The check-in: a few short pages, a look at the answers, one press of a button, and what to do now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wherry.checkin.models import Invitation
from wherry.checkin.queries import draft_answers, response_of
from wherry.checkin.rules import (
    ANSWERING_FOR,
    SOMEONE_ELSE,
    page_problems,
    pages_to_show,
    read_form,
    validate_answers,
    words_in,
)
from wherry.checkin.types import Answer, Answers, Page
from wherry.foundation.actors import Actor
from wherry.foundation.periods import local_time
from wherry.journeys.own_red_flags import rung_by
from wherry.journeys.programme_in_force import InForce, in_force
from wherry.journeys.take_checkin import decided_for, flags_so_far, save_answers, take_answers
from wherry.web.components.forms import Field, FieldKind, bound_fields, error_summary
from wherry.web.person.forms import problem_words, question_field, shown_values
from wherry.web.person.frame import show, words
from wherry.web.person.links import recognised
from wherry.web.person.presenters import is_news, said_now, summary_rows, what_follows, when_rung


def force_of(*, invitation: Invitation) -> InForce:
    """Give the programme the invitation's case lives under, as its place has it."""
    return in_force(programme=invitation.case.programme, place=invitation.case.place)


@require_GET
@recognised(kind="")
def start(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    """Go where somebody left off: the first page nothing was said on, the look at the answers, or the end."""
    if invitation.kind == "did_it_help":
        return HttpResponseRedirect(reverse("person_help"))
    if invitation.state == "used":
        return HttpResponseRedirect(reverse("person_done" if _is_fresh(invitation, now) else "person_answered"))
    draft = draft_answers(invitation=invitation)
    pages = pages_to_show(questionnaire=force_of(invitation=invitation).questionnaire, answers=_said(draft))
    left = next((page for page in pages if not any(question.link_id in draft for question in page.questions)), None)
    if left is None:
        return HttpResponseRedirect(reverse("person_send"))
    resumed = "?resumed" if left is not pages[0] else ""
    return HttpResponseRedirect(reverse("person_page", args=[left.link_id]) + resumed)


@require_http_methods(["GET", "HEAD", "POST"])
@recognised(kind="check_in")
def page(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime, link_id: str) -> HttpResponse:
    """Ask one page of the questionnaire, and keep what is answered before going on."""
    if invitation.state == "used":
        return HttpResponseRedirect(reverse("person_done"))
    force = force_of(invitation=invitation)
    draft = draft_answers(invitation=invitation)
    if getattr(request, "is_not_trusted", False):
        return _ask_again(request, draft=draft, force=force, invitation=invitation, link_id=link_id)
    found = _find(pages_to_show(questionnaire=force.questionnaire, answers=_said(draft)), link_id)
    if found is None:
        return HttpResponseRedirect(reverse("person_start"))
    if request.method != "POST":
        return _show_page(request, found, answers=draft, errors={}, invitation=invitation)
    answers = _typed(request, found.page)
    problems = page_problems(page=found.page, answers=answers)
    asked = set(request.POST.get("asked", "").split())
    wrong = [one for one in problems if one.link_id in answers or one.link_id not in asked]
    # Taking an answer back is a change like any other: what this page asks and nobody answered is kept as blank. An
    # answer that cannot be taken leaves what was kept before.
    refused = {one.link_id for one in wrong if one.link_id in answers}
    kept = {q.link_id: answers.get(q.link_id, "") for q in found.page.questions if q.link_id not in refused}
    flags = save_answers(by=by, invitation=invitation, answers=kept, now=now)
    if is_news(flags=flags, questions=found.page.questions, force=force):
        return HttpResponseRedirect(reverse("person_now"))
    if wrong:
        errors = problem_words(problems=wrong, questions=force.questionnaire.questions, language=request.language)  # type: ignore[attr-defined]
        return _show_page(request, found, answers={**draft, **answers}, errors=errors, invitation=invitation)
    pages = pages_to_show(questionnaire=force.questionnaire, answers=_said({**draft, **kept}))
    following = _find(pages, link_id)
    if request.GET.get("from") == "send" or following is None or following.after is None:
        return HttpResponseRedirect(reverse("person_send"))
    return HttpResponseRedirect(reverse("person_page", args=[following.after.link_id]))


def _typed(request: HttpRequest, page: Page) -> Mapping[str, Answer]:
    # The database holds no NUL in a text; a browser never sends one.
    typed = {name: str(text).replace("\0", "") for name, text in request.POST.items()}
    return read_form(page=page, fields=typed)


def _ask_again(
    request: HttpRequest, *, draft: Mapping[str, object], force: InForce, invitation: Invitation, link_id: str
) -> HttpResponse:
    """Show a form that came without its proof once more, with what was typed in it; nothing is kept yet."""
    found = _find(pages_to_show(questionnaire=force.questionnaire, answers=_said(draft)), link_id)
    if found is None:
        return HttpResponseRedirect(reverse("person_start"))
    language: str = request.language  # type: ignore[attr-defined]
    errors = {found.page.questions[0].link_id: words(language, "check_in.again")}
    answers = {**draft, **_typed(request, found.page)}
    return _show_page(request, found, answers=answers, errors=errors, invitation=invitation)


@require_http_methods(["GET", "HEAD", "POST"])
@recognised(kind="check_in")
def now_page(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    """Say what to do now, big and alone, the moment an answer asks for it; then let them go on."""
    if invitation.state == "used" or request.method == "POST":
        return HttpResponseRedirect(reverse("person_start"))
    force = force_of(invitation=invitation)
    language: str = request.language  # type: ignore[attr-defined]
    flags = flags_so_far(by=by, invitation=invitation, now=now)
    do_now = said_now(flags=flags, definition=force.triage, language=language)
    if not do_now:
        return HttpResponseRedirect(reverse("person_start"))
    return show(
        request=request,
        template="now",
        title=words(language, "done.flag_heading"),
        do_now=do_now,
        contact=(force.cadence.sender_name, force.cadence.helpline),
        by_when=when_rung(rung_by(invitation=invitation, force=force, now=now), now=now, language=language),
        is_invented=invitation.case.person.is_synthetic,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recognised(kind="check_in")
def send(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    """Show the answers once more, and store them. Sent twice, they are stored once."""
    if invitation.state == "used":
        return HttpResponseRedirect(reverse("person_done"))
    questionnaire = force_of(invitation=invitation).questionnaire
    answers = validate_answers(questionnaire=questionnaire, answers=draft_answers(invitation=invitation)).accepted
    pages = pages_to_show(questionnaire=questionnaire, answers=answers)
    if request.method == "POST" and answers:
        asked = {question.link_id for each in pages for question in each.questions}
        given = {link_id: answer for link_id, answer in answers.items() if link_id in asked}
        take_answers(
            by=by, invitation=invitation, answers=given, answered_by=str(given.get("answering_for", "self")), now=now
        )
        return HttpResponseRedirect(reverse("person_done"))
    if not answers:
        return HttpResponseRedirect(reverse("person_page", args=[pages[0].link_id]))
    language: str = request.language  # type: ignore[attr-defined]
    return show(
        request=request,
        template="send",
        title=words(language, "send.heading"),
        rows=summary_rows(pages=pages, answers=answers, language=language),
        back=reverse("person_page", args=[pages[-1].link_id]),
        is_invented=invitation.case.person.is_synthetic,
    )


@require_GET
@recognised(kind="check_in")
def done(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    """Say what to do now, before anything else; then that the answers are stored and what happens next."""
    response = response_of(occurrence_id=invitation.occurrence_id)
    if response is None or not _is_fresh(invitation, now):
        return HttpResponseRedirect(reverse("person_start"))
    force = force_of(invitation=invitation)
    language: str = request.language  # type: ignore[attr-defined]
    decided = decided_for(response=response, now=now)
    follows = what_follows(decided=decided, definition=force.triage, language=language)
    title = words(language, "done.flag_heading" if follows.do_now else "done.heading")
    by_when = words(language, f"done.by.{decided.urgency}") if follows.needs else ""
    if decided.red_flags:
        by_when = when_rung(rung_by(invitation=invitation, force=force, now=now), now=now, language=language)
    return show(
        request=request,
        template="done",
        title=title,
        follows=follows,
        by_when=by_when,
        next_day=_next_day(invitation, force, now),
        contact=(force.cadence.sender_name, force.cadence.helpline),
        is_invented=invitation.case.person.is_synthetic,
    )


@require_GET
@recognised(kind="check_in")
def answered(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    """Tell somebody who opens a used link again that nothing more is to be done, and none of what was answered."""
    if invitation.state != "used":
        return HttpResponseRedirect(reverse("person_start"))
    force = force_of(invitation=invitation)
    return show(
        request=request,
        template="answered",
        title=words(request.language, "answered.heading"),  # type: ignore[attr-defined]
        next_day=_next_day(invitation, force, now),
        contact=(force.cadence.sender_name, force.cadence.helpline),
        is_invented=invitation.case.person.is_synthetic,
    )


def _is_fresh(invitation: Invitation, now: dt.datetime) -> bool:
    """Say whether the link was used minutes ago: later, somebody else may hold the telephone."""
    return invitation.used_at is not None and invitation.used_at > now - dt.timedelta(minutes=30)


def _next_day(invitation: Invitation, force: InForce, now: dt.datetime) -> dt.date:
    every = dt.timedelta(days=force.programme.check_in_every_days)
    tomorrow = local_time(now).date() + dt.timedelta(days=1)
    return max(local_time(invitation.occurrence.opened_at).date() + every, tomorrow)


def _so_far(found: _Found, answers: Mapping[str, object], language: str) -> str:
    said = [page for page in found.earlier if any(answers.get(question.link_id) for question in page.questions)]
    return ", ".join(words_in(texts=page.text, language=language)[0] for page in said)


@dataclass(frozen=True)
class _Found:
    page: Page
    number: int
    count: int
    before: Page | None
    after: Page | None
    earlier: tuple[Page, ...]


def _find(pages: tuple[Page, ...], link_id: str) -> _Found | None:
    for number, each in enumerate(pages):
        if each.link_id == link_id:
            after = pages[number + 1] if number + 1 < len(pages) else None
            before = pages[number - 1] if number else None
            return _Found(each, number + 1, len(pages), before, after, pages[:number])
    return None


def _said(draft: Mapping[str, object]) -> Answers:
    return {link_id: answer for link_id, answer in draft.items() if isinstance(answer, str | bool) and answer != ""}


def _show_page(
    request: HttpRequest,
    found: _Found,
    *,
    answers: Mapping[str, object],
    errors: Mapping[str, str],
    invitation: Invitation,
) -> HttpResponse:
    language: str = request.language  # type: ignore[attr-defined]
    fields = [question_field(question=question, language=language) for question in found.page.questions]
    values = shown_values(questions=found.page.questions, answers=answers)
    bound = bound_fields(
        fields=[*fields, Field("asked", FieldKind.HIDDEN)],
        values={**values, "asked": " ".join(errors)},
        errors=errors,
        language=language,
    )
    for each in bound:
        if each.kind is FieldKind.TEXTAREA:
            each.params["value"] = each.params["value"] or ""  # the toolkit's macro writes None out as a word
    title, spoken = words_in(texts=found.page.text, language=language)
    back = reverse("person_page", args=[found.before.link_id]) if found.before else ""
    return show(
        request=request,
        template="page",
        title=title,
        title_language=spoken,
        errors=errors,
        bound=bound,
        summary=error_summary(fields=fields, errors=errors, language=language),
        number=found.number,
        count=found.count,
        so_far=_so_far(found, answers, language) if "resumed" in request.GET else "",
        is_for_another=answers.get(ANSWERING_FOR) == SOMEONE_ELSE and found.number == 2,
        back=reverse("person_send") if request.GET.get("from") == "send" else back,
        is_invented=invitation.case.person.is_synthetic,
    )
