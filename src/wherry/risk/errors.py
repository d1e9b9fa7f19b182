"""What can go wrong in finding people at risk."""

from __future__ import annotations

from wherry.foundation.errors import ExitCode, InputWrong


class DefinitionUnusable(InputWrong):
    """The risk definition has problems; run `wherry programme check` on its folder to see them all."""


class PersonUnknown(InputWrong):
    """No such person is in this store; check the person_id."""


class FeedsTooOld(InputWrong):
    """A feed is older than its contract allows, and nobody has accepted that."""

    exit_code = ExitCode.CHECK_FOUND_PROBLEMS


class NotToBeSigned(InputWrong):
    """A canary is not on the list: somebody's data did not come through; find out where before anybody signs."""

    exit_code = ExitCode.CHECK_FOUND_PROBLEMS
