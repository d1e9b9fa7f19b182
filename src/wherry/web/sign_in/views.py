"""The first step: an e-mail address and a password. And the last: signing out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from wherry.audit.actions import record
from wherry.database.context import acting_as, app_now
from wherry.organisations.credentials import password_is_right
from wherry.organisations.models import Staff
from wherry.organisations.queries import staff_by_email
from wherry.organisations.types import Guess
from wherry.web.components.forms import Field, FieldKind
from wherry.web.components.limits import OneTry, one_try
from wherry.web.sign_in.frame import form_page
from wherry.web.sign_in.sessions import SIGN_IN, go_halfway, leave, own_path

_FIELDS = (
    Field("email", FieldKind.TEXT, "E-mail address", type="email", autocomplete="username"),
    Field("password", FieldKind.TEXT, "Password", type="password", autocomplete="current-password"),
    Field("next", FieldKind.HIDDEN),
)
_LONGEST = 254


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for an e-mail address and a password. An unknown address and a wrong password are answered alike."""
    going_to = own_path(request.POST.get("next") or request.GET.get("next", ""))
    email = request.POST.get("email", "").replace("\0", "").strip()[:_LONGEST]
    errors: dict[str, str] = {}
    has_left = request.method != "POST" and request.GET.get("why") == "out"
    if request.method == "POST":
        with one_try(request=request, by=SIGN_IN, guess=Guess.PASSWORD, account=email) as attempt:
            staff = _recognised(email=email, password=request.POST.get("password", ""), attempt=attempt)
        if staff is not None:
            attempt.right()
            go_halfway(request=request, staff=staff, going_to=going_to)
            return HttpResponseRedirect(reverse("sign_in_code"))
        errors = {"email": "The e-mail address or the password is not right"}
    return form_page(
        request,
        template="sign_in",
        title="You have signed out" if has_left else "Sign in",
        fields=_FIELDS,
        values={"email": email, "next": going_to},
        errors=errors,
        was_away=request.GET.get("why") == "away",
        has_left=has_left,
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and this browser's sign-in."""
    leave(request=request)
    return HttpResponseRedirect(f"{reverse('sign_in')}?why=out")


def _recognised(*, email: str, password: str, attempt: OneTry) -> Staff | None:
    with acting_as(SIGN_IN):
        staff = staff_by_email(email=email)
        is_right = password_is_right(staff_id=staff.pk if staff else None, password=password)
        if not is_right:
            note_failure(staff_id=staff.pk if staff else None, step="password", attempt=attempt)
    return staff if is_right else None


def note_failure(*, staff_id: object, step: str, attempt: OneTry) -> None:
    """Write down a wrong try, and that the next one has to wait if it was the last."""
    named, now = [staff_id] if staff_id else [], app_now()
    record(by=SIGN_IN, did="sign_in.failed", subject="staff", subject_ids=named, now=now, detail={"step": step})
    if attempt.is_last:
        record(by=SIGN_IN, did="sign_in.held_back", subject="staff", subject_ids=named, now=now, detail={"step": step})
