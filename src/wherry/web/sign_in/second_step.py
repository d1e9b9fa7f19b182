"""
The second step: a code from a telephone, once; at the first sign-in a new password if one is due, and the telephone set
up; on a bad day a code from paper.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wherry.database.context import acting_as, app_now, wall_now
from wherry.organisations import credentials
from wherry.organisations.credentials import Standing
from wherry.organisations.models import Staff
from wherry.organisations.second_factor import (
    CodeVerdict,
    enrolment_address,
    new_secret,
    seal,
    try_code,
    unseal,
)
from wherry.organisations.types import Guess
from wherry.web.components.forms import Field, FieldKind
from wherry.web.components.limits import OneTry, one_try
from wherry.web.sign_in.frame import form_page, page, square_picture
from wherry.web.sign_in.passwords import NEW_PASSWORD, problem_with
from wherry.web.sign_in.sessions import SIGN_IN, begin, factor_key, halfway
from wherry.web.sign_in.views import note_failure

View = Callable[..., HttpResponse]
_CODE = Field(
    "code",
    FieldKind.TEXT,
    "6-digit code",
    hint="From the authenticator app on your telephone. It changes every half minute.",
    width=10,
    input_mode="numeric",
    autocomplete="one-time-code",
)
_PAPER = Field("recovery_code", FieldKind.TEXT, "One of your recovery codes", hint="For example ab3cd-ef4gh.", width=20)
_SAID = {
    CodeVerdict.WRONG: "That is not the code. Type the 6 digits your app shows now",
    CodeVerdict.USED: "That code has been used. Wait until your app shows the next one, then type that",
}


def halfway_page(view: View) -> View:
    """Make a view a page for somebody whose password was right: `view(request, *, staff_id, standing)`."""

    @wraps(view)
    def decorated(request: HttpRequest) -> HttpResponse:
        staff_id = halfway(request=request)
        if staff_id is None:
            return HttpResponseRedirect(reverse("sign_in"))
        with acting_as(SIGN_IN):
            standing = credentials.standing(staff_id=staff_id)
        where = _next_step(standing)
        if request.resolver_match and request.resolver_match.url_name not in where:
            return HttpResponseRedirect(reverse(where[0]))
        return view(request, staff_id=staff_id, standing=standing)

    return decorated


def _next_step(standing: Standing) -> tuple[str, ...]:
    if standing.must_choose_password:
        return ("sign_in_new_password",)
    return ("sign_in_code", "sign_in_recovery") if standing.has_second_factor else ("sign_in_set_up",)


@require_http_methods(["GET", "HEAD", "POST"])
@halfway_page
def code(request: HttpRequest, *, staff_id: UUID, standing: Standing) -> HttpResponse:
    """Ask for the code. None is taken twice, whoever sends it."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = request.POST.get("code", "")
        with one_try(request=request, by=SIGN_IN, guess=Guess.CODE, account=str(staff_id)) as attempt:
            verdict = _spend(staff_id=staff_id, typed=typed, attempt=attempt)
        if verdict is CodeVerdict.RIGHT:
            attempt.right()
            return HttpResponseRedirect(begin(request=request, staff_id=staff_id) or reverse("home"))
        errors = {"code": _SAID[verdict]}
    return form_page(request, template="code", title="Your code", fields=[_CODE], errors=errors)


def _spend(*, staff_id: UUID, typed: str, attempt: OneTry) -> CodeVerdict:
    with acting_as(SIGN_IN):
        verdict = credentials.spend_code(staff_id=staff_id, code=typed, key=factor_key(), now=wall_now())
        if verdict is not CodeVerdict.RIGHT:
            note_failure(staff_id=staff_id, step="code", attempt=attempt)
    return verdict


@require_http_methods(["GET", "HEAD", "POST"])
@halfway_page
def recovery(request: HttpRequest, *, staff_id: UUID, standing: Standing) -> HttpResponse:
    """Ask for a code from paper instead. Each is good once."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = request.POST.get("recovery_code", "")
        with one_try(request=request, by=SIGN_IN, guess=Guess.CODE, account=str(staff_id)) as attempt:
            with acting_as(SIGN_IN):
                is_right = credentials.spend_recovery_code(staff_id=staff_id, code=typed, key=factor_key())
                if not is_right:
                    note_failure(staff_id=staff_id, step="recovery_code", attempt=attempt)
        if is_right:
            attempt.right()
            begin(request=request, staff_id=staff_id, did="sign_in.by_recovery_code")
            return HttpResponseRedirect(reverse("sign_in_account"))
        errors = {"recovery_code": "That is not one of your recovery codes, or it has been used"}
    return form_page(
        request, template="recovery", title="Sign in without your telephone", fields=[_PAPER], errors=errors
    )


@require_http_methods(["GET", "HEAD", "POST"])
@halfway_page
def set_up(request: HttpRequest, *, staff_id: UUID, standing: Standing) -> HttpResponse:
    """Show the secret as a picture and as text, and take a code as proof that the telephone has it."""
    key, half = factor_key(), request.session["half"]
    if "sealed" not in half:
        half["sealed"] = seal(secret=new_secret(), key=key, staff_id=staff_id)
        request.session["half"] = half
    secret = unseal(sealed=half["sealed"], key=key, staff_id=staff_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        with one_try(request=request, by=SIGN_IN, guess=Guess.CODE, account=str(staff_id)) as attempt:
            codes = _enrolled(staff_id=staff_id, secret=secret, typed=request.POST.get("code", ""), attempt=attempt)
        if codes:
            attempt.right()
            onward = begin(request=request, staff_id=staff_id) or reverse("home")
            return page(request, template="codes", title="Keep these codes", codes=codes, onward=onward)
        errors = {"code": _SAID[CodeVerdict.WRONG]}
    with acting_as(SIGN_IN):
        email = Staff.objects.values_list("email", flat=True).get(pk=staff_id)
    return form_page(
        request,
        template="set_up",
        title="Set up your telephone",
        fields=[_CODE],
        errors=errors,
        picture=square_picture(enrolment_address(secret=secret, email=email)),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )


def _enrolled(*, staff_id: UUID, secret: str, typed: str, attempt: OneTry) -> list[str]:
    """Give the recovery codes of somebody whose telephone showed the right code; none for a wrong one."""
    with acting_as(SIGN_IN):
        verdict, step = try_code(secret=secret, code=typed, now=wall_now(), last_step=0)
        if verdict is CodeVerdict.RIGHT:
            now, key = app_now(), factor_key()
            return credentials.enrol(by=SIGN_IN, staff_id=staff_id, secret=secret, step=step, key=key, now=now)
        note_failure(staff_id=staff_id, step="set_up", attempt=attempt)
        return []


@sensitive_post_parameters("new_password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@halfway_page
def new_password(request: HttpRequest, *, staff_id: UUID, standing: Standing) -> HttpResponse:
    """Take a password of their own from somebody who came with one that was given to them."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = problem_with(request)
        if not errors:
            with acting_as(SIGN_IN):
                credentials.choose_password(
                    by=SIGN_IN, staff_id=staff_id, password=request.POST["new_password"], now=app_now()
                )
            return HttpResponseRedirect(reverse("sign_in_code"))
    return form_page(
        request, template="new_password", title="Choose a new password", fields=NEW_PASSWORD, errors=errors
    )
