from __future__ import annotations

import dataclasses

from wherry.web.support_team.presenters import Called, Number


def test_a_caller_has_no_place_to_see_a_condition() -> None:
    """H-14: what a caller may know of a person is this list and nothing more."""
    assert {field.name for field in dataclasses.fields(Called)} == {
        "name",
        "age_band",
        "birth_date",
        "place",
        "practice",
        "language",
        "needs_interpreter",
        "speak",
        "safe_contact",
        "may_speak_for_them",
        "numbers",
        "do_not_ring",
    }
    assert {field.name for field in dataclasses.fields(Number)} == {"id", "value", "kind", "verified", "told"}
