"""Whatever role a programme names exists and may do what it is named for: nothing waits for a role nobody has."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from wherry.foundation.problems import Problem
from wherry.governance.rules import PERMISSIONS, Permission
from wherry.organisations.types import Role
from wherry.outreach import definition as outreach
from wherry.programmes import definition as programmes
from wherry.programmes.types import KeyPath, ProgrammeFiles
from wherry.review import definition as review

_ROLES = [one.value for one in Role]
_REVIEWED = ("add", "remove", "keep", "sign")


def role_problems(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> list[Problem]:
    """Find roles that do not exist, and those that are to take over work that they may not take."""
    return [problem for section in _named(files, parsed) for problem in _wrong(files, *section)]


def _named(files: ProgrammeFiles, parsed: Mapping[str, Any]) -> Iterator[tuple[str, KeyPath, str, Permission | None]]:
    """Give each role that is named, where, and what it must be allowed to do there."""
    if programmes.SECTION in parsed:
        data = files.sections[programmes.SECTION].data
        for at, role in enumerate(data["sign_off_roles"]):
            yield programmes.SECTION, ("sign_off_roles", at), role, None
        for at, role in enumerate(data.get("escalation", ())):
            yield programmes.SECTION, ("escalation", at), role, Permission.CLAIM_TASK
        if "ending" in data:
            role = data["ending"]["hand_over_to"]["role"]
            yield programmes.SECTION, ("ending", "hand_over_to", "role"), role, Permission.CLAIM_TASK
    if outreach.SECTION in parsed:
        role = files.sections[outreach.SECTION].data["exhausted"]["role"]
        yield outreach.SECTION, ("exhausted", "role"), role, Permission.CLAIM_TASK
    if review.SECTION in parsed:
        data = files.sections[review.SECTION].data
        for kind in _REVIEWED:
            for at, role in enumerate(data[kind]["roles"]):
                yield review.SECTION, (kind, "roles", at), role, Permission.REVIEW_LIST


def _wrong(files: ProgrammeFiles, section: str, path: KeyPath, role: str, must: Permission | None) -> Iterator[Problem]:
    origin = files.origin(section, *path)
    if role not in _ROLES:
        alike = difflib.get_close_matches(role, _ROLES, n=1)
        meant = f"did you mean {alike[0]}? " if alike else ""
        mend = f"{meant}use one of {', '.join(_ROLES)}"
        yield Problem(origin.file, origin.line, f"there is no role {role}", mend)
    elif must and must not in PERMISSIONS.get(role, frozenset()):
        able = [one for one in _ROLES if must in PERMISSIONS[one]]
        what = f"the role {role} does not include {must.value.replace('_', ' ')}, which is wanted here"
        yield Problem(origin.file, origin.line, what, f"use one of {', '.join(able)}")
