"""What can go wrong with a check-in."""

from __future__ import annotations

from wherry.foundation.errors import InputWrong


class AnswersOutsideQuestionnaire(InputWrong):
    """An answer is not one the questionnaire offers."""
