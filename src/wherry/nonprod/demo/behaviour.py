"""
How invented people behave: every choice from the seed, the person and the step, so that a run can be repeated.

The shares are drawn from what one county published of its programme: 55 to 59 in a hundred of those invited took part,
and about 5 in a hundred interactions raised a call to action (12,000 of some 250,000). In a small county that would
show nothing, so there what can go badly is likelier: see `answer_shares`. No figure of the demonstration is evidence
of anything.
"""

from __future__ import annotations

import hashlib


def draw(*, seed: int, who: str, step: str) -> float:
    """Draw a number from 0 up to 1: the same for the same seed, person and step."""
    digest = hashlib.sha256(f"{seed}|{who}|{step}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def choose(*, seed: int, who: str, step: str, shares: dict[str, float]) -> str:
    """Choose one of several by their shares; what the shares leave over falls to the last."""
    drawn, total = draw(seed=seed, who=who, step=step), 0.0
    for name, share in shares.items():
        total += share
        if drawn < total:
            return name
    return name


#: What a resident does with a message: by the step of the cadence that brought it.
ON_MESSAGE = {
    "invitation": {"answer": 0.34, "stop_by_text": 0.008, "not_me": 0.004, "died": 0.004, "silent": 0.644},
    "reminder": {"answer": 0.1, "stop_by_link": 0.01, "silent": 0.89},
    "letter_invitation": {"answer": 0.3, "silent": 0.7},
}

#: How a call ends. `spoke` answers the questions.
ON_CALL = {
    "spoke": 0.21,
    "no_answer_machine": 0.42,
    "voicemail": 0.3,
    "wrong_number": 0.03,
    "refused_to_engage": 0.018,
    "died": 0.004,
    "stop": 0.018,
}

#: What comes of a need no service took, for whoever rings about it.
ON_NEED = {"found": 0.65, "not_needed": 0.1, "no_answer_machine": 0.25}

#: The answers that are not the best one, to each question, and how many people in a hundred give them at a check-in.
#: Together they raise a need in about five check-ins in a hundred.
_WORSE: dict[str, tuple[str, dict[str, float]]] = {
    "breathless": ("no", {"a_little": 0.8, "at_rest": 0.25}),
    "chest_pain": ("no", {"yes": 0.1}),
    "feeling": ("same", {"worse": 0.9}),
    "food": ("enough", {"two_days_or_less": 0.6, "none": 0.2}),
    "medicines": ("enough", {"under_a_week": 0.5, "none": 0.2}),
    "essentials": ("fine", {"need_help": 0.5}),
    "lonely": ("hardly_ever", {"some_of_the_time": 0.7, "often": 0.4}),
    "safe_at_home": ("yes", {"not_sure": 0.15, "no": 0.07}),
}
#: The size of county the shares are for, and how much likelier what can go badly may be in a smaller one.
_SHARES_ARE_FOR, _LIKELIER_AT_MOST = 20_000, 15.0


def answer_shares(*, people: int) -> dict[str, dict[str, float]]:
    """
    Give the share of each answer to each question, from best to worst, in a county of so many.

    In a county smaller than the shares are for, worse answers are likelier, up to fifteen times, so that each
    behaviour of life is still to be seen.
    """
    likelier = min(max(_SHARES_ARE_FOR / people, 1.0), _LIKELIER_AT_MOST)
    shares = {"answering_for": {"self": 0.93, "someone_else": 0.07}}
    for question, (best, worse) in _WORSE.items():
        given = {answer: hundredths / 100 * likelier for answer, hundredths in worse.items()}
        shares[question] = {best: 1 - sum(given.values()), **given}
    return shares


#: What a partner does with an offer, and what comes of one accepted.
ON_OFFER = {"accept": 0.8, "decline": 0.13, "ignore": 0.07}
ON_DECLINED = {"no_capacity": 0.6, "wrong_area": 0.25, "not_enough_information": 0.15}
ON_ACCEPTED = {"helped": 0.86, "partly_helped": 0.08, "could_not_reach": 0.06}

#: What the person says when asked whether it helped.
ON_ASKED = {"yes": 0.78, "no": 0.1, "silent": 0.12}

#: What a clinician does with an entry of the list.
ON_ENTRY = {"keep": 0.955, "remove": 0.045}

#: The share of mobile numbers in partners' files that reach nobody.
WRONG_NUMBERS = 0.04
