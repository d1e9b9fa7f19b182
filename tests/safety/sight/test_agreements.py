"""Who sees a whole case: while an agreement holds, for its programme, place and purpose, and not a second longer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.support.places_and_people import Side, set_clock_ahead, two_sides
from tests.support.roles import as_role
from tests.support.sight import CLINICAL, DAY, OF_A_CASE, WHOLE_CASE_ROLES, change, seen_by
from wherry.cases.models import Case, Occurrence
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.governance.models import Agreement
from wherry.outreach.models import Attempt
from wherry.people.models import Person
from wherry.review.models import AtRiskList
from wherry.triage.models import Need, RedFlag
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", WHOLE_CASE_ROLES)
def test_an_agreement_in_force_shows_the_cases_of_its_place(role: str, side: Side) -> None:
    assert set(seen_by(side.actor(role), *OF_A_CASE)) == {kind.__name__ for kind in OF_A_CASE}


@pytest.mark.parametrize("role", WHOLE_CASE_ROLES)
def test_when_an_agreement_runs_out_the_next_statement_sees_nothing(role: str, side: Side) -> None:
    actor = side.actor(role)
    with as_role("web"), acting_as(actor):
        assert Person.objects.count() == 1
    set_clock_ahead(30 * DAY)
    assert seen_by(actor, *OF_A_CASE, *CLINICAL, AtRiskList, Task) == {}


def test_the_last_second_of_an_agreement_counts_and_its_end_does_not(side: Side) -> None:
    with acting_as(WORKER):
        now = app_now()
    change(Agreement, side.agreements["lead"].pk, ends_at=now + dt.timedelta(microseconds=1))
    assert seen_by(side.actor("supervisor"), Person)
    change(Agreement, side.agreements["lead"].pk, ends_at=now)
    assert seen_by(side.actor("supervisor"), Person) == {}


def test_when_the_leads_own_agreement_runs_out_even_the_worker_touches_nobody(side: Side) -> None:
    set_clock_ahead(30 * DAY)
    with as_role("worker"), acting_as(WORKER):
        assert [kind.__name__ for kind in (Case, Occurrence, Attempt, Need, Task) if kind._base_manager.exists()] == []


def test_an_agreement_that_has_not_begun_shows_nothing(side: Side) -> None:
    with acting_as(WORKER):
        begins = app_now() + DAY
    change(Agreement, side.agreements["lead"].pk, starts_at=begins)
    for role in WHOLE_CASE_ROLES:
        assert seen_by(side.actor(role), *OF_A_CASE, *CLINICAL) == {}, role


def test_an_agreement_for_another_purpose_shows_nothing(side: Side) -> None:
    change(Agreement, side.agreements["lead"].pk, purposes=["care"])
    for role in WHOLE_CASE_ROLES:
        assert bool(seen_by(side.actor(role), *OF_A_CASE)) is (role == "clinician"), role


def test_somebody_who_names_no_purpose_sees_nobody(side: Side) -> None:
    for role in side.staff:
        assert seen_by(replace(side.actor(role), purpose=""), *OF_A_CASE, *CLINICAL, Task) == {}, role


def test_an_agreement_for_another_place_shows_nothing(side: Side) -> None:
    change(Agreement, side.agreements["lead"].pk, place="waveney")
    for role in WHOLE_CASE_ROLES:
        assert seen_by(side.actor(role), *OF_A_CASE, *CLINICAL) == {}, role


def test_an_agreement_for_another_programme_shows_nothing(side: Side) -> None:
    change(Agreement, side.agreements["lead"].pk, programme="another")
    assert seen_by(side.actor("supervisor"), *OF_A_CASE) == {}


def test_another_organisations_staff_see_nothing_in_any_role() -> None:
    ours, theirs = two_sides()
    for role in theirs.staff:
        with as_role("web"), acting_as(theirs.actor(role)):
            for kind in (*OF_A_CASE, *CLINICAL, AtRiskList, Task):
                pks = {getattr(one, "pk", None) for one in vars(ours).values() if isinstance(one, kind)}
                assert not kind._base_manager.filter(pk__in=pks).exists(), f"{role} sees {kind.__name__}"
            assert not Person.objects.exclude(pk=theirs.person.pk).exists(), role


def test_a_case_that_moves_to_another_place_changes_hands_with_all_that_hangs_on_it() -> None:
    ours, theirs = two_sides()
    change(Case, ours.case.pk, audience_id=theirs.audience.pk)
    assert seen_by(ours.actor("supervisor"), *OF_A_CASE) == {}
    assert seen_by(theirs.actor("supervisor"), Person, Need, RedFlag) == {"Person": 2, "Need": 2, "RedFlag": 2}


def test_somebody_without_a_role_sees_nobody(side: Side) -> None:
    actor = replace(side.actor("supervisor"), roles=frozenset())
    assert seen_by(actor, *OF_A_CASE, *CLINICAL, Task) == {}


def test_a_role_is_of_no_use_without_the_organisation_it_is_held_in(side: Side) -> None:
    actor = replace(side.actor("clinician"), organisations=())
    assert seen_by(actor, *OF_A_CASE, *CLINICAL, Task) == {}
