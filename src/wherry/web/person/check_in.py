"""The check-in: a few short pages, what to do now where it cannot wait, a look at the answers, one press."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wherry.checkin.models import Invitation
from wherry.checkin.queries import draft_answers
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
from wherry.journeys.own_red_flags import raised_by, rung_by
from wherry.journeys.programme_in_force import InForce, of_check_in
from wherry.journeys.take_checkin import flags_so_far, save_answers, take_answers
from wherry.web.components.forms import Field, FieldKind, bound_fields, error_summary
from wherry.web.person.forms import problem_words, question_field, shown_values
from wherry.web.person.frame import CAME_BY_LINK_KEY, SENT_KEY, show, words
from wherry.web.person.links import recognised
from wherry.web.person.presenters import is_news, listed, named_pages, said_now, summary_rows, when_rung

#: Who presses "send" again this soon pressed it twice: of two answers to one browser either may be the last.
_PRESSED_TWICE = dt.timedelta(minutes=1)


def force_of(*, invitation: Invitation) -> InForce:
    """Give the programme the invitation's case lives under, as its place has it."""
    return of_check_in(occurrence=invitation.occurrence)


@require_GET
@recognised(kind="")
def start(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    """Go where somebody left off: the first page nothing was said on, the look at the answers, or the end."""
    if invitation.kind == "did_it_help":
        return HttpResponseRedirect(reverse("person_help"))
    if invitation.state == "used":
        return HttpResponseRedirect(reverse("person_done"))
    force = force_of(invitation=invitation)
    has_come_back = bool(request.session.pop(CAME_BY_LINK_KEY, False))
    if has_come_back and do_now_so_far(by=by, invitation=invitation, force=force, language="en", now=now):
        # They may have left at the words that matter most: these come first again, in whatever browser.
        return HttpResponseRedirect(reverse("person_now") + "?resumed")
    return _where_left_off(invitation=invitation, force=force, has_come_back=has_come_back)


def _where_left_off(*, invitation: Invitation, force: InForce, has_come_back: bool) -> HttpResponse:
    """Lead to the first page nothing was said on, greeting whoever has come back, or to the look at the answers."""
    draft = draft_answers(invitation=invitation)
    pages = pages_to_show(questionnaire=force.questionnaire, answers=_said(draft))
    left = next((page for page in pages if not any(question.link_id in draft for question in page.questions)), None)
    if left is None:
        return HttpResponseRedirect(reverse("person_send"))
    resumed = "?resumed" if has_come_back and left is not pages[0] else ""
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
    if invitation.state == "used":
        return HttpResponseRedirect(reverse("person_done"))
    force = force_of(invitation=invitation)
    language: str = request.language  # type: ignore[attr-defined]
    do_now = do_now_so_far(by=by, invitation=invitation, force=force, language=language, now=now)
    if request.method == "POST" or not do_now:
        return _where_left_off(invitation=invitation, force=force, has_come_back="resumed" in request.GET)
    return show(
        request=request,
        template="now",
        title=words(language, "done.flag_heading"),
        do_now=do_now,
        contact=(force.cadence.sender_name, force.cadence.helpline),
        by_when=when_rung(rung_by(invitation=invitation, force=force, now=now), now=now, language=language),
        is_invented=invitation.case.person.is_synthetic,
    )


def do_now_so_far(
    *, by: Actor, invitation: Invitation, force: InForce, language: str, now: dt.datetime
) -> tuple[tuple[str, str], ...]:
    """Give the words of what cannot wait in the answers not sent yet, until somebody has seen to it."""
    over = {one.flag for one in raised_by(invitation=invitation) if one.is_seen_to}
    flags = flags_so_far(by=by, invitation=invitation, now=now)
    standing = (one for one in flags if one.flag not in over)
    return said_now(flags=standing, definition=force.triage, language=language)


@require_http_methods(["GET", "HEAD", "POST"])
@recognised(kind="check_in")
def send(request: HttpRequest, *, by: Actor, invitation: Invitation, now: dt.datetime) -> HttpResponse:
    """Show the answers once more, and store them. Sent twice, they are stored once."""
    draft = draft_answers(invitation=invitation)
    if request.method == "POST" and not draft:
        invitation.refresh_from_db(fields=["state", "used_at"])  # sent while this page was on its way
    if invitation.state == "used":
        if request.method == "POST" and invitation.used_at and now - invitation.used_at < _PRESSED_TWICE:
            request.session[SENT_KEY] = True
        return HttpResponseRedirect(reverse("person_done"))
    force = force_of(invitation=invitation)
    answers = validate_answers(questionnaire=force.questionnaire, answers=draft).accepted
    pages = pages_to_show(questionnaire=force.questionnaire, answers=answers)
    if request.method == "POST" and answers:
        asked = {question.link_id for each in pages for question in each.questions}
        given = {link_id: answer for link_id, answer in answers.items() if link_id in asked}
        request.session[SENT_KEY] = True  # first: whoever loses the race against their own other press sent them too
        take_answers(
            by=by, invitation=invitation, answers=given, answered_by=str(given.get("answering_for", "self")), now=now
        )
        return HttpResponseRedirect(reverse("person_done"))
    if not answers:
        return HttpResponseRedirect(reverse("person_page", args=[pages[0].link_id]))
    language: str = request.language  # type: ignore[attr-defined]
    do_now = do_now_so_far(by=by, invitation=invitation, force=force, language=language, now=now)
    raised = raised_by(invitation=invitation)
    return show(
        request=request,
        template="send",
        title=words(language, "send.heading"),
        do_now=do_now,
        by_when=when_rung(rung_by(invitation=invitation, force=force, now=now), now=now, language=language)
        if do_now
        else "",
        passed_on=named_pages(pages=pages, raised=raised, definition=force.triage, language=language),
        rows=summary_rows(pages=pages, answers=answers, language=language),
        back=reverse("person_page", args=[pages[-1].link_id]),
        is_invented=invitation.case.person.is_synthetic,
    )


def _so_far(found: _Found, answers: Mapping[str, object], language: str) -> str:
    said = [page for page in found.earlier if any(answers.get(question.link_id) for question in page.questions)]
    return listed((words_in(texts=page.text, language=language)[0] for page in said), language=language)


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
