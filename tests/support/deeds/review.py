"""The deeds of review: how each is done here; and what writes nothing down, with why that is right."""

from __future__ import annotations

import datetime as dt

from tests.support.deeds.kinds import Deed
from tests.support.places_and_people import Side
from wherry.foundation.actors import WORKER
from wherry.review import actions as review
from wherry.review.queries import hash_of_list
from wherry.review.types import Verdict


def removed(side: Side, now: dt.datetime) -> None:
    review.remove_entry(by=side.actor("clinician"), entry=side.entry, reason="not at risk", now=now)


DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "review.make_list": lambda s, n: review.make_list(
        by=WORKER,
        audience=s.audience,
        definition_hash="sha256:0",
        run_hash="another",
        as_of=n.date(),
        entries=[],
        now=n,
    ),
    "review.remove_entry": removed,
    "review.put_back": (
        removed,
        lambda s, n: review.put_back(by=s.actor("clinician"), entry=s.entry, reason="on second thoughts", now=n),
    ),
    "review.decide_together": lambda s, n: review.decide_together(
        by=s.actor("clinician"),
        at_risk_list=s.at_risk_list,
        seen={s.entry.pk: s.entry.version},
        verdict=Verdict.REMOVED,
        reason="not at risk",
        expires_on=None,
        now=n,
    ),
    "review.put_question_again": (
        removed,
        lambda s, n: review.put_question_again(
            by=WORKER, at_risk_list=s.at_risk_list, entries=[s.entry], now=n + dt.timedelta(days=99)
        ),
    ),
    "review.add_entry": lambda s, n: review.add_entry(
        by=s.actor("clinician"),
        at_risk_list=s.at_risk_list,
        reason="known to us",
        now=n,
        columns={"population_id": "p9", "birth_date": dt.date(1940, 1, 1), "category": "high", "tier": 1},
    ),
    "review.sign_list": lambda s, n: review.sign_list(
        by=s.actor("clinician"), at_risk_list=s.at_risk_list, seen_hash=hash_of_list(list_id=s.at_risk_list.pk), now=n
    ),
    "review.note_cases_opened": lambda s, n: review.note_cases_opened(
        by=WORKER, list_id=s.at_risk_list.pk, opened=1, now=n
    ),
}
NO_DEED = {
    "review.note_look": "the look itself is written down by the page",
}
