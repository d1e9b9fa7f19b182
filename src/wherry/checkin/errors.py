"""What can go wrong with a check-in."""

from __future__ import annotations

from wherry.foundation.errors import AlreadyDone, InputWrong, WherryError


class AnswersOutsideQuestionnaire(InputWrong):
    """An answer is not one the questionnaire offers."""


class LinkNotUsable(WherryError):
    """This link cannot be used any more."""


class AlreadyAnswered(AlreadyDone):
    """This check-in has been answered already; nothing was changed."""


class TooManyCodes(AlreadyDone):
    """Three codes were asked for within a day: wait until tomorrow, or ring."""
