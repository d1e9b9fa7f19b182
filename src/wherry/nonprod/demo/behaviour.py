"""
How invented people behave: every choice from the seed, the person and the step, so that a run can be repeated.

The shares are drawn from what one county published of its programme (about six in ten invited took part, one in
twenty interactions raised a call to action); small counties would show nothing at those rates, so needs are likelier
here, and that is why no figure of the demonstration is evidence of anything.
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
    "invitation": {"answer": 0.52, "stop_by_text": 0.015, "not_me": 0.01, "died": 0.01, "silent": 0.455},
    "reminder": {"answer": 0.25, "stop_by_link": 0.02, "silent": 0.73},
    "letter_invitation": {"answer": 0.5, "silent": 0.5},
}

#: How a call ends. `spoke` answers the questions.
ON_CALL = {
    "spoke": 0.62,
    "no_answer_machine": 0.18,
    "voicemail": 0.1,
    "wrong_number": 0.04,
    "refused_to_engage": 0.025,
    "died": 0.015,
    "stop": 0.02,
}

#: Answers to each question, from best to worst.
ANSWERS: dict[str, dict[str, float]] = {
    "answering_for": {"self": 0.93, "someone_else": 0.07},
    "breathless": {"no": 0.82, "a_little": 0.14, "at_rest": 0.04},
    "chest_pain": {"no": 0.98, "yes": 0.02},
    "feeling": {"same": 0.7, "better": 0.15, "worse": 0.15},
    "food": {"enough": 0.88, "two_days_or_less": 0.09, "none": 0.03},
    "medicines": {"enough": 0.91, "under_a_week": 0.06, "none": 0.03},
    "essentials": {"fine": 0.93, "need_help": 0.07},
    "lonely": {"hardly_ever": 0.7, "some_of_the_time": 0.22, "often": 0.08},
    "safe_at_home": {"yes": 0.96, "not_sure": 0.03, "no": 0.01},
}

#: What a partner does with an offer, and what comes of one accepted.
ON_OFFER = {"accept": 0.8, "decline": 0.13, "ignore": 0.07}
ON_ACCEPTED = {"helped": 0.86, "partly_helped": 0.08, "could_not_reach": 0.06}

#: What the person says when asked whether it helped.
ON_ASKED = {"yes": 0.78, "no": 0.1, "silent": 0.12}

#: What a clinician does with an entry of the list.
ON_ENTRY = {"keep": 0.955, "remove": 0.045}

#: The share of mobile numbers in partners' files that reach nobody.
WRONG_NUMBERS = 0.04
