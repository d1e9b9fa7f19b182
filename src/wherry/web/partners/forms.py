"""The partners' forms, in plain words for every reason and outcome the referrals room knows."""

from __future__ import annotations

from wherry.referrals.types import DeclineReason, Outcome
from wherry.web.components.forms import Choice, Field, FieldKind

DECLINE_WORDS = {
    DeclineReason.NO_CAPACITY: "We have no capacity just now",
    DeclineReason.WRONG_AREA: "They live outside our area",
    DeclineReason.NOT_OUR_SERVICE: "This is not what our service does",
    DeclineReason.NOT_ENOUGH_INFORMATION: "We were not told enough to help",
    DeclineReason.OTHER: "Another reason",
}
OUTCOME_WORDS = {
    Outcome.HELPED: "Helped",
    Outcome.PARTLY_HELPED: "Helped in part",
    Outcome.NOT_NEEDED: "Not needed after all",
    Outcome.COULD_NOT_REACH: "We could not reach them",
    Outcome.UNABLE: "We were unable to help",
}
VERSION = Field("version", FieldKind.HIDDEN)
DECLINE_FIELDS = (
    VERSION,
    Field(
        "decline_reason",
        FieldKind.RADIOS,
        "Why can you not take it?",
        choices=tuple(Choice(str(code), words) for code, words in DECLINE_WORDS.items()),
    ),
)
DONE_FIELDS = (
    VERSION,
    Field(
        "outcome",
        FieldKind.RADIOS,
        "What came of it?",
        hint="We then ask the person whether it helped",
        choices=tuple(Choice(str(code), words) for code, words in OUTCOME_WORDS.items()),
    ),
)
