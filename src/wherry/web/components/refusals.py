"""
The pages for 400, 403, 404, 409, 429 and 500, and the middleware that turns a room's refusal into one of them.

Name the functions as a site's `handler400` … `handler500` and `CSRF_FAILURE_VIEW`. What does not exist and what row
security hides are the same 404. The setting `SITE` picks the layout; `request.language`, where set, the language.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from wherry.foundation.errors import AlreadyDone, InputWrong, NotPermitted, StaleVersion, WherryError
from wherry.organisations.errors import TooManyTries
from wherry.web.components.spoken import language_of, other_languages

STATUS_OF: tuple[tuple[type[Exception], int], ...] = (
    (NotPermitted, 403),
    (ObjectDoesNotExist, 404),
    (StaleVersion, 409),
    (AlreadyDone, 409),
    (InputWrong, 400),
    # Anything else anticipated: what was asked cannot be done as things stand.
    (WherryError, 409),
)


#: What staff are told, in English, with what to do next. Residents are told in their own language, by `words`.
FOR_STAFF: dict[int, tuple[str, str]] = {
    400: ("We could not use what was sent", "Go back, look at what you chose, and send it once more."),
    403: (
        "This page belongs to another role",
        "Ask your supervisor if your work needs it. That you asked is recorded.",
    ),
    404: ("There is no such page for you", "It may have been finished, handed to somebody else, or never been yours."),
    409: ("That cannot be done as things stand now", "Somebody was first, or it has moved on. Open it again and look."),
    429: (
        "Too many tries",
        "Wait {minutes} before the next one, or ring your supervisor. Nothing is wrong with your account.",
    ),
    500: (
        "Something went wrong at our end",
        "Nothing you sent was kept half-way. Try again, and tell your supervisor.",
    ),
}


def refusal(*, request: HttpRequest, status: int, wait_minutes: int = 0) -> HttpResponse:
    """Show the page for a status, on the site's own layout and in the resident's language."""
    layout = "wherry/staff.jinja" if getattr(settings, "SITE", "person") == "staff" else "wherry/person.jinja"
    context: dict[str, object] = {"status": str(status), "layout": layout, "wait_minutes": wait_minutes}
    if layout == "wherry/staff.jinja":
        heading, text = FOR_STAFF.get(status, FOR_STAFF[400])
        minutes = f"{wait_minutes} minutes" if wait_minutes > 1 else "a minute"
        context |= {"for_staff": (heading, text.format(minutes=minutes)), "language": "en"}
    else:
        context["language"] = language = getattr(request, "language", "") or language_of(request=request)
        context["other_languages"] = other_languages(request=request, language=language)
    return render(request, "wherry/refusal.jinja", context, status=status)


class PlainRefusals:
    """
    Middleware: an anticipated refusal raised in a view becomes its page.

    Anything unanticipated passes on, to be logged as a fault and answered by `server_error`. No message of an exception
    is shown: a view that has something better to say than the page catches the error itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for the exceptions of `STATUS_OF`; None leaves the exception to Django."""
        if isinstance(exception, TooManyTries):
            return too_many(request, retry_after_seconds=math.ceil(exception.wait.total_seconds()))
        statuses = (status for kind, status in STATUS_OF if isinstance(exception, kind))
        status = next(statuses, None)
        return refusal(request=request, status=status) if status else None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: what was sent cannot be read."""
    return refusal(request=request, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Answer 403; also fit for CSRF_FAILURE_VIEW."""
    return refusal(request=request, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404, for what does not exist and for another organisation's ids alike."""
    return refusal(request=request, status=404)


def too_many(request: HttpRequest, *, retry_after_seconds: int) -> HttpResponse:
    """Answer 429 and say when to come back."""
    response = refusal(request=request, status=429, wait_minutes=math.ceil(retry_after_seconds / 60))
    response["Retry-After"] = str(retry_after_seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without saying what broke."""
    return refusal(request=request, status=500)
