from __future__ import annotations

from wherry.foundation.errors import AlreadyDone, InputWrong, NotPermitted, WherryError


class NothingInForce(InputWrong):
    """No version of this programme is in force; put one forward and have it signed."""


class VersionNotReady(WherryError):
    """This version does not stand where that can be done; look at it again."""


class NumberTaken(InputWrong):
    """Another version has this number with other content; raise `version` in programme.yaml."""


class AlreadyPutForward(AlreadyDone):
    """Exactly this content has been put forward already."""


class AlreadySaid(AlreadyDone):
    """You have said exactly this already; it is written down once."""


class ChangedSinceSeen(WherryError):
    """This is not the content you read; read it again before you sign."""


class CommentsUnanswered(WherryError):
    """There are comments nobody has answered; answer each before the draft counts as reviewed."""


class SomebodyElseNeeded(NotPermitted):
    """This needs somebody else: nobody signs twice, or reviews what they put forward themselves."""


class NotYetInDates(WherryError):
    """Today is outside the days this version is meant to hold."""


class AnotherOnItsWay(WherryError):
    """Another version is being released by stages; finish or stop that one first."""
