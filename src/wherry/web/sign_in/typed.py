"""What somebody typed when their sign-in had ended: given back to their own browser, to send once they are back."""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from wherry.organisations.sign_ins import Present
from wherry.web.sign_in.frame import page
from wherry.web.sign_in.sessions import last_here

#: Who typed it, signed, in a field of the page that is sent again.
TYPED_BY = "typed_by"
_SALT = "wherry.typed_by"


def can_be_kept(request: HttpRequest) -> bool:
    """Say whether a page holds what was typed: for somebody who was signed in here, and never a password."""
    return bool(last_here(request=request)) and not any("password" in name for name in request.POST)


def kept(request: HttpRequest) -> HttpResponse:
    """Give back what was typed, in a page that can be sent again once they have signed in: nothing is lost."""
    left_out = ("csrfmiddlewaretoken", TYPED_BY)
    typed = [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]
    typed.append((TYPED_BY, signing.dumps(last_here(request=request), salt=_SALT)))
    return page(
        request,
        template="kept",
        title="Sign in again to send this",
        status=403,
        typed=typed,
        action=request.get_full_path(),
        sign_in=reverse("sign_in"),
    )


def is_somebody_elses(request: HttpRequest, *, at_work: Present) -> bool:
    """Say whether what is sent was typed by another person, whose words must not go out under this one's name."""
    mark = request.POST.get(TYPED_BY)
    if mark is None:
        return False
    try:
        return bool(signing.loads(mark, salt=_SALT) != str(at_work.staff_id))
    except signing.BadSignature:
        return True


def not_sent(request: HttpRequest) -> HttpResponse:
    """Say that it was not sent, and how whoever typed it can send it."""
    return page(request, template="not_sent", title="Somebody else typed this", status=403)


def without_the_mark(request: HttpRequest) -> None:
    """Leave a view what was typed and nothing else."""
    if TYPED_BY in request.POST:
        sent = request.POST.copy()
        del sent[TYPED_BY]
        request.POST = sent  # type: ignore[misc,assignment]
