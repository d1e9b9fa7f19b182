"""What happened to somebody, in the words a visitor would use; what is stored is in codes."""

from __future__ import annotations

from collections.abc import Mapping

from wherry.journeys.programme_in_force import InForce
from wherry.referrals.types import State
from wherry.worklist.types import Outcome, TaskKind

_CHANNELS = {"sms": "text", "letter": "letter", "email": "e-mail"}
_MESSAGES = {
    "invitation": "asking how they are",
    "reminder": "asking once more how they are",
    "letter_invitation": "asking how they are",
    "did_it_help": "asking whether the help came",
    "one_time_code": "with a code to open their page",
    "goodbye": "saying goodbye",
}
_ATTEMPTS = {
    "intended": "it is about to leave",
    "handing_off": "it is leaving",
    "in_doubt": "it may or may not have left",
    "refused": "it was refused",
    "sent": "it was sent",
    "failed": "it could not be delivered",
    "delivered": "it arrived",
}
_ANSWERED = {"web": "online", "phone": "on the telephone", "letter": "on paper"}
_CALLS: Mapping[str, str] = {
    TaskKind.RED_FLAG: "the red flag",
    TaskKind.CHECK_IN_CALL: "the check-in",
    TaskKind.CALL_BACK: "the call they asked for",
    TaskKind.NEED: "a need no service took",
    TaskKind.VERIFY_DEATH: "a reported death",
    TaskKind.EXHAUSTED: "somebody nobody could reach",
    TaskKind.READ_WORDS: "what they wrote",
    TaskKind.DID_IT_HELP: "whether the help came",
    TaskKind.VERIFY_IDENTITY: "who they are",
}
_OUTCOMES: Mapping[str, str] = {
    Outcome.SPOKE: "they spoke",
    Outcome.REFUSED: "they do not want this call",
    Outcome.CALL_BACK: "they asked for another time",
    Outcome.VOICEMAIL: "a message was left",
    Outcome.WRONG_NUMBER: "it was the wrong number",
    Outcome.NO_ANSWER: "nobody answered",
    Outcome.INTERPRETER_NEEDED: "they need an interpreter",
    Outcome.DIED: "they were said to have died",
}
_DEEDS = {
    "opened": "waits for somebody",
    "claimed": "somebody takes it",
    "handed_back": "given back",
    "handed_over": "handed to somebody else",
    "reassigned": "given to somebody else",
    "taken_back": "taken up again",
    "climbed": "passed on, as nobody took it",
    "cancelled": "no longer needed",
}
_OFFERS: Mapping[str, str] = {
    State.OFFERED: "asked to help",
    State.ACCEPTED: "they will do it",
    State.DECLINED: "they cannot do it",
    State.LAPSED: "no answer in time",
    State.DONE: "they say it is done",
    State.CONFIRMED: "closed, since it helped",
    State.DISPUTED: "closed, since it did not help",
    State.WITHDRAWN: "no longer asked",
}


def message(*, channel: str, message: str, state: str) -> str:
    """Say what became of one message."""
    about = _MESSAGES.get(message, plain(message))
    return f"A {_CHANNELS.get(channel, channel)} {about}: {_ATTEMPTS.get(state, plain(state))}"


def answers(*, channel: str) -> str:
    """Say how a check-in was answered."""
    return f"They answer the check-in {_ANSWERED.get(channel, plain(channel))}"


def red_flag(*, flag: str, force: InForce) -> str:
    """Say a red flag as the programme does to staff."""
    words = next((rule.words for rule in force.triage.rules if rule.red_flag == flag), plain(flag))
    return f"Red flag: {words.split('.')[0].lower()}"


def call(*, kind: str, verb: str, outcome: str) -> str:
    """Say one step of a call."""
    what = _OUTCOMES.get(outcome, plain(outcome)) or _DEEDS.get(verb, plain(verb))
    return f"A call about {_CALLS.get(kind, plain(kind))}: {what}"


def offer(*, service: str, state: str, asked: str, force: InForce) -> str:
    """Say one step of a call to action. asked: the need and how urgent, where it is first asked."""
    known = force.services.by_code(service)
    name = known.name if known else plain(service).capitalize()
    return f"{name}: {_OFFERS.get(state, plain(state))}{f' ({asked})' if asked else ''}"


def plain(code: str) -> str:
    """Say a code that has no words of its own as best one can."""
    return code.replace("_", " ")
