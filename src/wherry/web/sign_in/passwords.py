"""What a new password must be: long, not a common one, typed the same twice. Nothing about capitals or digits."""

from __future__ import annotations

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from wherry.web.components.forms import Field, FieldKind

_SHORTEST, _LONGEST = 12, 200
NEW_PASSWORD = (
    Field(
        "new_password",
        FieldKind.TEXT,
        "New password",
        hint=f"At least {_SHORTEST} letters or more: three words of your own are good.",
        type="password",
        autocomplete="new-password",
    ),
    Field("again", FieldKind.TEXT, "New password, once more", type="password", autocomplete="new-password"),
)


def problem_with(request: HttpRequest) -> dict[str, str]:
    """Say what is wrong with a posted new password, by field; empty where nothing is."""
    password = request.POST.get("new_password", "")
    if not _SHORTEST <= len(password) <= _LONGEST:
        return {"new_password": f"Use at least {_SHORTEST} letters, and at most {_LONGEST}"}
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return {"new_password": "Many people use this one; choose one that is yours alone"}
    if password != request.POST.get("again", ""):
        return {"again": "The two are not the same; type it once more"}
    return {}
