"""What can go wrong on the shared call list, in words a user can act on."""

from __future__ import annotations

from wherry.foundation.errors import AlreadyDone, InputWrong, WherryError


class NothingToClaim(WherryError):
    """There is no call waiting for you now."""


class LeaseEnded(WherryError):
    """Your time on this call ran out and it went back to the list; claim the next one."""


class AnswerNeeded(InputWrong):
    """You spoke to them: say first what came of it, so that the matter is not lost."""


class WhyNeeded(InputWrong):
    """Say in a few words why, or what you agreed: whoever reads this later was not on the line."""


class ClaimedByAnother(WherryError):
    """Somebody else holds this call; claim the next one."""


class NothingToUndo(AlreadyDone):
    """It can no longer be taken back: somebody went on from it, or it was too long ago; ask your supervisor."""


class TaskClosed(AlreadyDone):
    """This task is closed already; nothing was changed."""
