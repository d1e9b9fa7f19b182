"""A new list brings along what clinicians decided; the turn asks again what has run out."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from tests.support.lists import County, a_list, county
from tests.support.places_and_people import set_clock_ahead
from wherry.audit.models import Event
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.foundation.errors import StaleVersion
from wherry.journeys.agree_the_list import ask_again_what_expired
from wherry.review.actions import add_entry, decide_together, make_list, sign_list
from wherry.review.models import AtRiskList, Entry
from wherry.review.queries import hash_of_list
from wherry.review.types import Verdict

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def here() -> County:
    return county()


def clinician(here: County) -> Actor:
    board = here.organisations["icb"].pk
    return Actor(Kind.STAFF, str(here.staff["clinician"].pk), (board,), frozenset({"clinician"}), "care")


def decide(here: County, of: AtRiskList, who: str, verdict: Verdict, *, days: int = 30) -> None:
    by = clinician(here)
    with acting_as(by):
        now, entry = app_now(), Entry.objects.get(at_risk_list=of, population_id=who)
        decide_together(
            by=by,
            at_risk_list=of,
            seen={entry.pk: entry.version},
            verdict=verdict,
            reason="In other care",
            expires_on=now.date() + days * DAY,
            now=now,
        )


def add(here: County, to: AtRiskList, who: str, *, days: int = 30) -> None:
    by = clinician(here)
    columns = {"population_id": who, "birth_date": dt.date(1940, 1, 1), "category": "high", "tier": 1}
    with acting_as(by):
        until = app_now().date() + days * DAY
        add_entry(by=by, at_risk_list=to, columns=columns, reason="Known to us", expires_on=until, now=app_now())


def signed(here: County, one: AtRiskList) -> AtRiskList:
    by = clinician(here)
    with acting_as(by):
        one.refresh_from_db()
        sign_list(by=by, at_risk_list=one, seen_hash=hash_of_list(list_id=one.pk), now=app_now())
    return one


def entries(of: AtRiskList) -> dict[str, Entry]:
    with acting_as(WORKER):
        return {one.population_id: one for one in Entry.objects.filter(at_risk_list=of)}


def test_a_new_list_keeps_what_clinicians_decided_on_the_last_h_11(here: County) -> None:
    first = a_list(here)
    decide(here, first, "p0000", Verdict.REMOVED)
    add(here, first, "known")
    signed(here, first)

    found = entries(a_list(here))

    assert found["p0000"].verdict == "removed"
    assert found["p0000"].verdict_reason == "In other care"
    assert found["p0001"].verdict == "kept"
    assert (found["known"].origin, found["known"].verdict_reason) == ("added", "Known to us")


def test_work_on_a_list_nobody_signed_is_not_lost_when_a_new_run_comes(here: County) -> None:
    first = a_list(here)
    decide(here, first, "p0000", Verdict.REMOVED)
    add(here, first, "known")

    found = entries(a_list(here))

    assert found["p0000"].verdict == "removed"
    assert found["known"].origin == "added"
    with acting_as(WORKER):
        assert not AtRiskList.objects.filter(pk=first.pk).exists()


def test_a_removal_is_remembered_though_somebody_was_off_a_list_in_between(here: County) -> None:
    first = a_list(here)
    decide(here, first, "p0002", Verdict.REMOVED)
    signed(here, first)
    signed(here, a_list(here, people=2))

    assert entries(a_list(here))["p0002"].verdict == "removed"


def test_new_evidence_puts_the_question_again_and_only_a_person_answers_it_h_11(here: County) -> None:
    first = a_list(here)
    decide(here, first, "p0000", Verdict.REMOVED)
    signed(here, first)
    columns = {"population_id": "p0000", "birth_date": dt.date(1940, 1, 1), "category": "shielded", "tier": 1}
    why = [{"criterion": name, "words": name} for name in ("severe_copd", "aged_80", "dialysis")]
    with acting_as(WORKER):
        again = make_list(
            by=WORKER,
            audience=here.audience,
            definition_hash="sha256:0",
            run_hash=uuid.uuid4().hex,
            as_of=dt.date(2026, 3, 2),
            entries=[(columns, why)],
            now=app_now(),
        )

    entry = entries(again)["p0000"]
    assert (entry.verdict, entry.asked_again, entry.since_last) == ("kept", "new_evidence", "changed")
    assert entry.earlier.startswith("Taken off on")


def test_everybody_is_marked_new_or_as_before_against_the_list_in_force(here: County) -> None:
    assert {one.since_last for one in entries(a_list(here)).values()} == {""}
    signed(here, a_list(here, people=2))

    found = entries(a_list(here, people=3))

    assert [found[who].since_last for who in ("p0000", "p0001", "p0002")] == ["same", "same", "new"]


def test_a_removal_that_ran_out_brings_the_list_back_to_be_reviewed_h_11(here: County) -> None:
    first = a_list(here)
    decide(here, first, "p0000", Verdict.REMOVED, days=10)
    decide(here, first, "p0001", Verdict.REMOVED, days=11)
    signed(here, first)

    set_clock_ahead(9 * DAY)
    early = ask_again_what_expired()
    set_clock_ahead(10 * DAY)
    on_its_day, afterwards = ask_again_what_expired(), ask_again_what_expired()

    assert (early, on_its_day, afterwards) == (0, 1, 0)
    with acting_as(WORKER):
        again = AtRiskList.objects.get(state="in_review")
        assert AtRiskList.objects.get(pk=first.pk).state == "signed"
    found = entries(again)
    assert (found["p0000"].verdict, found["p0000"].asked_again) == ("kept", "expired")
    assert (found["p0001"].verdict, found["p0001"].asked_again) == ("removed", "")
    with acting_as(WORKER):
        assert found["p0000"].reasons.count() == 2


def test_a_list_under_review_is_marked_where_a_decision_on_it_runs_out(here: County) -> None:
    first = a_list(here)
    decide(here, first, "p0000", Verdict.REMOVED, days=1)
    decide(here, first, "p0001", Verdict.KEPT, days=1)
    add(here, first, "known", days=1)

    set_clock_ahead(DAY)
    asked, again = ask_again_what_expired(), ask_again_what_expired()

    assert (asked, again) == (3, 0)
    found = entries(first)
    assert {who: (one.verdict, one.asked_again) for who, one in found.items() if one.asked_again} == {
        "p0000": ("kept", "expired"),
        "p0001": ("kept", "expired"),
        "known": ("kept", "expired"),
    }
    with acting_as(WORKER):
        assert Event.objects.filter(did="entry.asked_again").count() == 1


def test_a_decision_about_several_is_all_or_nothing(here: County) -> None:
    one = a_list(here)
    first, second = list(entries(one).values())[:2]
    by = clinician(here)

    with pytest.raises(StaleVersion), acting_as(by):
        decide_together(
            by=by,
            at_risk_list=one,
            seen={first.pk: 1, second.pk: 2},
            verdict=Verdict.REMOVED,
            reason="In other care",
            expires_on=None,
            now=here.now,
        )

    assert {entry.verdict for entry in entries(one).values()} == {"kept"}
