"""Signing in, signing out, and the way to the sites somebody's roles serve."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wherry.audit.actions import record
from wherry.database.context import acting_as, app_now
from wherry.organisations.models import Membership, Staff
from wherry.organisations.queries import live_memberships, staff_by_email
from wherry.organisations.types import PURPOSE_OF_ROLE, Purpose, Role
from wherry.web.components.forms import Field, FieldKind, bound_fields, error_summary
from wherry.web.components.pieces import TaskCard
from wherry.web.sign_in.acting import SIGN_IN, STAFF_KEY

NAME_KEY = "staff_name"
_FIELDS = (
    Field("email", FieldKind.TEXT, "E-mail address", type="email", autocomplete="username"),
    Field("password", FieldKind.TEXT, "Password", type="password", autocomplete="current-password"),
    Field("next", FieldKind.HIDDEN),
)
#: Where each purpose is served, and what is done there.
_SITES = {
    Purpose.SUPPORT: ("Support team", "/support/", "Ring people, write down what they say, see that help follows."),
    Purpose.CARE: ("Clinicians", "/clinicians/", "Look at the list and its reasons, add, remove, sign."),
    Purpose.DELIVERY: ("Partners", "/partners/", "Take or decline what your organisation is asked to do."),
    Purpose.OVERSIGHT: ("Programme office", "/office/", "See how far people have come, and what was decided."),
}

#: Clinicians take the red flags that climb to them on the support team's pages.
_ALSO_SERVES = {Purpose.SUPPORT: (Purpose.CARE,)}


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for an e-mail address and a password. An unknown address and a wrong password are answered alike."""
    going_to = _own_path(request.POST.get("next") or request.GET.get("next", ""))
    email = request.POST.get("email", "").replace("\0", "").strip()
    errors: dict[str, str] = {}
    if request.method == "POST":
        staff = _recognised(email=email, password=request.POST.get("password", ""))
        if staff is not None:
            request.session.flush()
            request.session.cycle_key()
            request.session[STAFF_KEY], request.session[NAME_KEY] = str(staff.pk), staff.name
            return HttpResponseRedirect(going_to or reverse("home"))
        errors = {"email": "The e-mail address or the password is not right"}
    context = {
        "language": "en",
        "title": "Sign in",
        "errors": errors,
        "summary": error_summary(fields=_FIELDS, errors=errors),
        "bound": bound_fields(fields=_FIELDS, values={"email": email, "next": going_to}, errors=errors),
    }
    return render(request, "sign_in/sign_in.jinja", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    request.session.flush()
    return HttpResponseRedirect(reverse("sign_in"))


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the way to each site a role of this person serves now."""
    staff_id = request.session.get(STAFF_KEY)
    if not staff_id:
        return HttpResponseRedirect(reverse("sign_in"))
    with acting_as(SIGN_IN):
        memberships = live_memberships(staff_id=UUID(staff_id), now=app_now())
    served = {PURPOSE_OF_ROLE[Role(one.role)] for one in memberships}
    cards = [
        TaskCard(name, address, details=(what, _as_whom(purpose, memberships)))
        for purpose, (name, address, what) in _SITES.items()
        if served & {purpose, *_ALSO_SERVES.get(purpose, ())}
    ]
    context = {
        "language": "en",
        "title": "Where to go",
        "cards": cards,
        "signed_in_name": request.session.get(NAME_KEY),
        "sign_out": reverse("sign_out"),
    }
    return render(request, "sign_in/home.jinja", context)


def _as_whom(purpose: Purpose, memberships: list[Membership]) -> str:
    held = [
        f"{one.role.replace('_', ' ')} for {one.organisation.name}"
        for one in memberships
        if PURPOSE_OF_ROLE[Role(one.role)] in (purpose, *_ALSO_SERVES.get(purpose, ()))
    ]
    return f"You are {', '.join(held)}."


def _recognised(*, email: str, password: str) -> Staff | None:
    with acting_as(SIGN_IN):
        staff, now = staff_by_email(email=email), app_now()
        if staff is None:
            make_password(password)  # as much work as for a known address, so that the time taken tells nothing
        is_right = staff is not None and staff.check_password(password)
        record(
            by=SIGN_IN,
            did="sign_in.done" if is_right else "sign_in.failed",
            subject="staff",
            subject_ids=[staff.pk] if staff else [],
            now=now,
        )
        return staff if is_right else None


def _own_path(address: str) -> str:
    is_own = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_own else ""
