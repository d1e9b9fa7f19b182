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
from wherry.checkin.rules import page_problems, pages_to_show, read_form, validate_answers, words_in
from wherry.checkin.types import Answers, Page
from wherry.foundation.actors import Actor
from wherry.journeys.programme_in_force import InForce, in_force
from wherry.journeys.take_checkin import decided_for, flags_so_far, save_answers, take_answers
from wherry.web.components.forms import Field, FieldKind, bound_fields, error_summary
from wherry.web.person.forms import problem_words, question_field, shown_values
from wherry.web.person.frame import show, words
from wherry.web.person.links import recognised
from wherry.web.person.presenters import is_news, said_now, summary_rows, what_follows


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
        return HttpResponseRedirect(reverse("person_done"))
    draft = draft_answers(invitation=invitation)
    pages = pages_to_show(questionnaire=force_of(invitation=invitation).questionnaire, answers=_said(draft))
    left = next((page for page in pages if not any(question.link_id in draft for question in page.questions)), None)
    return HttpResponseRedirect(reverse("person_page", args=[left.link_id]) if left else reverse("person_send"))


@require_http_methods(["GET", "HEAD", "POST"])
@recognised(kind="check_in")
def page(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime, link_id: str) -> HttpResponse:
    """Ask one page of the questionnaire, and keep what is answered before going on."""
    if invitation.state == "used":
        return HttpResponseRedirect(reverse("person_done"))
    force = force_of(invitation=invitation)
    draft = draft_answers(invitation=invitation)
    found = _find(pages_to_show(questionnaire=force.questionnaire, answers=_said(draft)), link_id)
    if found is None:
        return HttpResponseRedirect(reverse("person_start"))
    if request.method != "POST":
        return _show_page(request, found, answers=draft, errors={}, invitation=invitation)
    # The database holds no NUL in a text; a browser never sends one.
    typed = {name: str(text).replace("\0", "") for name, text in request.POST.items()}
    answers = read_form(page=found.page, fields=typed)
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
        helpline=force.cadence.helpline,
        minutes=force.programme.red_flag_minutes,
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
    if response is None:
        return HttpResponseRedirect(reverse("person_start"))
    force = force_of(invitation=invitation)
    language: str = request.language  # type: ignore[attr-defined]
    follows = what_follows(decided=decided_for(response=response, now=now), definition=force.triage, language=language)
    title = words(language, "done.flag_heading" if follows.do_now else "done.heading")
    return show(
        request=request,
        template="done",
        title=title,
        follows=follows,
        helpline=force.cadence.helpline,
        is_invented=invitation.case.person.is_synthetic,
    )


@dataclass(frozen=True)
class _Found:
    page: Page
    number: int
    count: int
    before: Page | None
    after: Page | None


def _find(pages: tuple[Page, ...], link_id: str) -> _Found | None:
    for number, each in enumerate(pages):
        if each.link_id == link_id:
            after = pages[number + 1] if number + 1 < len(pages) else None
            return _Found(each, number + 1, len(pages), pages[number - 1] if number else None, after)
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
        back=reverse("person_send") if request.GET.get("from") == "send" else back,
        is_invented=invitation.case.person.is_synthetic,
    )
