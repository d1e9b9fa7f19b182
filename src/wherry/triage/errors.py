"""What can go wrong when answers are triaged."""

from __future__ import annotations

from wherry.foundation.errors import InputWrong


class AnswersOutsideDefinition(InputWrong):
    """The answers hold one that the programme's questionnaire does not offer."""


class ContextOutsideDefinition(InputWrong):
    """What is said about the person is not of the kind the triage table knows."""
