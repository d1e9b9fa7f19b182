"""`review.yaml`: who may change a list, for which reasons, and how long a change stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wherry.foundation.problems import Problem
from wherry.programmes.types import Section

SECTION = "review"
_TEXT = {"type": "string", "minLength": 1}
_CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_ROLES = {"type": "array", "minItems": 1, "uniqueItems": True, "items": _CODE}
_DAYS = {"type": "integer", "minimum": 1, "maximum": 366}


def _object(needed: list[str], /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": needed, "properties": properties, "additionalProperties": False}


_REASON = _object(["code", "words", "expires_after_days"], code=_CODE, words=_TEXT, expires_after_days=_DAYS)
_CHANGE = _object(["roles", "reasons"], roles=_ROLES, reasons={"type": "array", "minItems": 1, "items": _REASON})
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "review.yaml",
    **_object(
        ["add", "remove", "keep", "sign"],
        add=_CHANGE,
        remove=_CHANGE,
        keep=_CHANGE,
        sign=_object(["roles"], roles=_ROLES),
    ),
}


@dataclass(frozen=True)
class Reason:
    """A reason to choose. expires_after_days: the change is asked about again after that; nothing stands for ever."""

    code: str
    words: str
    expires_after_days: int


@dataclass(frozen=True)
class Change:
    """One kind of decision (add, remove, keep): which roles may make it, for which reasons."""

    roles: frozenset[str]
    reasons: tuple[Reason, ...]

    def reason(self, code: str) -> Reason | None:
        """Give a reason by its code, or None when it is not one of these."""
        return next((one for one in self.reasons if one.code == code), None)


@dataclass(frozen=True)
class ReviewPolicy:
    """Who may add, remove, keep and sign."""

    add: Change
    remove: Change
    keep: Change
    sign_roles: frozenset[str]


def parse(section: Section) -> ReviewPolicy:
    """Read a section that fits SCHEMA."""
    data = section.data
    return ReviewPolicy(
        _change(data["add"]), _change(data["remove"]), _change(data["keep"]), frozenset(data["sign"]["roles"])
    )


def _change(data: dict[str, Any]) -> Change:
    return Change(frozenset(data["roles"]), tuple(Reason(**reason) for reason in data["reasons"]))


def problems(policy: ReviewPolicy, section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: a reason named twice; a list that nobody clinical signs or may take people off."""
    found = []
    for kind, change in (("add", policy.add), ("remove", policy.remove), ("keep", policy.keep)):
        codes = [reason.code for reason in change.reasons]
        for at, code in enumerate(codes):
            if code in codes[:at]:
                line = section.line(kind, "reasons", at)
                found.append(Problem(section.path, line, f"the reason {code} is named twice", "rename one of them"))
    for kind, roles in (("remove", policy.remove.roles), ("sign", policy.sign_roles)):
        if roles != {"clinician"}:
            what = f"somebody other than a clinician may {kind}"
            found.append(Problem(section.path, section.line(kind, "roles"), what, "leave clinician alone there"))
    return tuple(found)
