"""
Who said it, when and how, as a caller reads it: never what was said, except of a red flag the call is about.

Somebody may answer for another, in another language and without their knowing: whoever rings must know that before they
say a word, or they tell the wrong person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from wherry.checkin.rules import SELF
from wherry.checkin.types import Answers, QuestionKind, Said
from wherry.foundation.periods import local_time
from wherry.journeys.programme_in_force import InForce
from wherry.triage.types import OpenRedFlag
from wherry.web.components.languages import LANGUAGES
from wherry.worklist.types import CallScript

_CHANNELS = {"web": "on their page", "phone": "on the telephone"}
_RELATIONS = {"family": "family", "friend": "a friend or neighbour", "paid_carer": "a paid carer"}
_KNOWS = {
    "yes": "who says they agree",
    "cannot_say": "who says they are too ill to say whether they agree",
    "no": "without their knowing",
}
_NOT_SAID = "who did not say whether they know"
#: A whole check-in is triaged this soon after it was sent, or its red flags are not told apart from another's.
_TOGETHER = dt.timedelta(hours=1)


@dataclass(frozen=True)
class FlagShown:
    """One red flag the call is about. told: by whom, when and how it was said; say: what they were told at once."""

    id: UUID
    words: str
    told: str
    note: str
    say: str


@dataclass(frozen=True)
class FlagCall:
    """A call about red flags, worst first. ask: why we ring, what to ask; voicemail: empty where none is left."""

    flags: tuple[FlagShown, ...]
    ask: tuple[str, ...]
    voicemail: str


def newest(*, said: Sequence[Said | None]) -> Said | None:
    """Give what was said last, of whatever there is."""
    return max((one for one in said if one is not None), key=lambda one: one.at, default=None)


def who_answered(*, said: Said, now: dt.datetime) -> str:
    """Say who answered last, when, how and in which language: "Today at 17:43, on their page, by themselves"."""
    line = f"{when(moment=said.at, now=now)}, {_CHANNELS.get(said.channel, said.channel)}"
    if said.language != "en":
        line += f", in {LANGUAGES.get(said.language, said.language)}"
    return f"{line[0].upper()}{line[1:]}, by {_whom(said)}"


def _whom(said: Said) -> str:
    if said.answered_by == SELF:
        return "themselves"
    relation = _RELATIONS.get(said.relation)
    who = f"somebody else ({relation})" if relation else "somebody else"
    return f"{who} {_KNOWS.get(said.they_agree, _NOT_SAID)}"


def own_words(*, answers: Answers, said: Said, force: InForce, now: dt.datetime) -> tuple[str, ...]:
    """
    Give what was written in somebody's own words in a check-in: they were promised that a person reads it.

    said: when the check-in was sent, and by whom.
    """
    texts = [one for one in force.questionnaire.questions.values() if one.kind is QuestionKind.TEXT]
    written = [str(answers[one.link_id]) for one in texts if answers.get(one.link_id)]
    who = "They" if said.answered_by == SELF else "Somebody else"
    return tuple(f"{who} wrote {when(moment=said.at, now=now)}: “{words}”" for words in written)


def speak_alone(*, said: Sequence[Said]) -> bool:
    """Say whether any of it came from somebody who may not have told the person, or may not wish them to talk."""
    return any(one.answered_by != SELF and one.they_agree in ("no", "") for one in said)


def flag_call(
    *,
    flags: Sequence[OpenRedFlag],
    said: Mapping[tuple[UUID, str], Said],
    answered: Said | None,
    force: InForce,
    now: dt.datetime,
) -> FlagCall:
    """
    Gather what a call about red flags must know: worst first, in the order of the triage table.

    said: who gave each answer, by (occurrence, flag); answered: who sent the last check-in, for one given with it.
    """
    rules = {rule.id: (place, rule.words) for place, rule in enumerate(force.triage.rules)}
    worst_first = sorted(flags, key=lambda one: (rules.get(one.rule, (len(rules), ""))[0], one.raised_at))
    told = {one.id: said.get((one.occurrence_id, one.flag)) or _with(one, answered) for one in worst_first}
    shown = tuple(
        FlagShown(one.id, rules.get(one.rule, (0, one.flag))[1], _told(told[one.id], now), one.note, one.say)
        for one in worst_first
    )
    script, first = force.script.red_flag, min(told.values(), key=lambda one: one.at)
    by_another = any(one.answered_by != SELF for one in told.values())
    because = script.because_of_another if by_another else script.because
    ask = (because.replace("{told}", when(moment=first.at, now=now)), *script.ask)
    return FlagCall(shown, ask, _voicemail(force.script, flags))


def _with(flag: OpenRedFlag, answered: Said | None) -> Said:
    # One raised with a whole check-in comes within moments of it.
    if answered is not None and abs(flag.raised_at - answered.at) < _TOGETHER:
        return answered
    return Said(flag.raised_at, "", "en", SELF)


def _voicemail(script: CallScript, flags: Sequence[OpenRedFlag]) -> str:
    silent = any(one.flag in script.red_flag.no_message_about for one in flags)
    return "" if silent else script.red_flag.voicemail


def _told(said: Said, now: dt.datetime) -> str:
    how = f", {_CHANNELS.get(said.channel, said.channel)}" if said.channel else ""
    who = "They" if said.answered_by == SELF else _whom(said)
    return f"{who[0].upper()}{who[1:]} told us {when(moment=said.at, now=now)}{how}."


def when(*, moment: dt.datetime, now: dt.datetime) -> str:
    """Write a moment that has passed as people say it: "today at 17:43", "yesterday at 9:05", "on 4 March at 17:43"."""
    there, here = local_time(moment), local_time(now)
    days = (here.date() - there.date()).days
    if days == 0:
        return f"today at {there:%H:%M}"
    return f"yesterday at {there:%H:%M}" if days == 1 else f"on {there:%-d %B} at {there:%H:%M}"
