"""One's own account: where one is signed in, another password, new recovery codes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import Actor, Kind
from wherry.organisations import credentials, sign_ins
from wherry.organisations.sign_ins import Present
from wherry.organisations.types import Guess
from wherry.web.components.forms import Field, FieldKind
from wherry.web.components.limits import one_try
from wherry.web.sign_in.acting import signed_in_page
from wherry.web.sign_in.frame import form_page, page
from wherry.web.sign_in.passwords import NEW_PASSWORD, problem_with
from wherry.web.sign_in.people import may_reset
from wherry.web.sign_in.sessions import SIGN_IN, factor_key
from wherry.web.sign_in.views import note_failure

_OLD = Field("password", FieldKind.TEXT, "Password you have now", type="password", autocomplete="current-password")


def _oneself(at_work: Present) -> Actor:
    return Actor(kind=Kind.STAFF, id=str(at_work.staff_id))


@require_GET
@signed_in_page
def account(request: HttpRequest, *, at_work: Present) -> HttpResponse:
    """Show where one is signed in and what one can change."""
    here = UUID(request.session["sign_in_id"])
    with acting_as(SIGN_IN):
        running = sign_ins.live_sign_ins(staff_id=at_work.staff_id)
        standing = credentials.standing(staff_id=at_work.staff_id)
    return page(
        request,
        template="account",
        title="Your account",
        running=[(one, one.pk == here) for one in running],
        codes_left=standing.recovery_codes,
        may_reset=may_reset(at_work),
    )


@require_POST
@signed_in_page
def sign_out_elsewhere(request: HttpRequest, *, at_work: Present) -> HttpResponse:
    """End every other sign-in of one's own at once."""
    with acting_as(SIGN_IN):
        sign_ins.end(
            by=_oneself(at_work),
            staff_id=at_work.staff_id,
            now=app_now(),
            but=UUID(request.session["sign_in_id"]),
        )
    return HttpResponseRedirect(reverse("sign_in_account"))


@require_POST
@signed_in_page
def renew_codes(request: HttpRequest, *, at_work: Present) -> HttpResponse:
    """Make new recovery codes and show them, once."""
    with acting_as(SIGN_IN):
        codes = credentials.renew_recovery_codes(
            by=_oneself(at_work), staff_id=at_work.staff_id, key=factor_key(), now=app_now()
        )
    return page(request, template="codes", title="Keep these codes", codes=codes, onward=reverse("sign_in_account"))


@sensitive_post_parameters("password", "new_password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def password(request: HttpRequest, *, at_work: Present) -> HttpResponse:
    """Change one's password; every other browser is signed out, and this one goes on under a new identifier."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = problem_with(request) or _wrong_old(request, at_work)
        if not errors:
            with acting_as(SIGN_IN):
                by, now = _oneself(at_work), app_now()
                new = request.POST["new_password"]
                credentials.choose_password(by=by, staff_id=at_work.staff_id, password=new, now=now)
                here = UUID(request.session["sign_in_id"])
                sign_ins.end(by=by, staff_id=at_work.staff_id, now=now, but=here)
            request.session.cycle_key()
            return HttpResponseRedirect(reverse("sign_in_account"))
    return form_page(
        request, template="new_password", title="Change your password", fields=(_OLD, *NEW_PASSWORD), errors=errors
    )


def _wrong_old(request: HttpRequest, at_work: Present) -> dict[str, str]:
    with one_try(request=request, by=SIGN_IN, guess=Guess.PASSWORD, account=str(at_work.staff_id)) as attempt:
        with acting_as(SIGN_IN):
            old = request.POST.get("password", "")
            is_right = credentials.password_is_right(staff_id=at_work.staff_id, password=old)
            if not is_right:
                note_failure(staff_id=at_work.staff_id, step="change_password", attempt=attempt)
    if is_right:
        attempt.right()
    return {} if is_right else {"password": "That is not the password you have now"}
