"""What can go wrong in finding people at risk."""

from __future__ import annotations

from wherry.foundation.errors import InputWrong


class DefinitionUnusable(InputWrong):
    """The risk definition has problems; run `wherry programme check` on its folder to see them all."""


class PersonUnknown(InputWrong):
    """No such person is in this store; check the person_id."""
