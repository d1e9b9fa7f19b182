"""A programme that is needed no more: shown, decided, each person told exactly once, nothing left without an owner."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.support.asking import asked_for_help
from tests.support.county_of_one import County, a_task, county_of_one
from tests.support.in_force import VERSION, put_in_force
from tests.support.reach import MORNING, Provider, intended, one_more, reset_clock, set_clock
from tests.unit.journeys.test_plan_of_change import begin
from tests.unit.sign_off.people import somebody
from wherry.cases.actions import open_cases
from wherry.cases.models import Case, Occurrence
from wherry.cases.types import PROGRAMME_ENDED, Door, Opening, State
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.errors import NotPermitted
from wherry.governance.models import Decision
from wherry.journeys import agree_the_list, go_live, hand_off, last_word, stop_contact
from wherry.journeys.stand_down import RedFlagsOpen, StandDown, stand_down, stand_down_plan
from wherry.outreach.models import Attempt
from wherry.outreach.types import LAST_WORD
from wherry.people.models import ContactPointRow, Person
from wherry.sign_off.errors import VersionNotReady
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.types import VersionState
from wherry.triage.models import Need, RedFlag
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
NEXT_SEASON = UUID("00000000-0000-4000-8000-000000000004")
LEAD = somebody("programme_lead")


@pytest.fixture
def county() -> Iterator[County]:
    set_clock(MORNING)
    made = county_of_one()
    for number in (1, 2):
        one_more(county=made, number=number)
    with acting_as(WORKER):
        Occurrence.objects.update(programme_version_id=VERSION)
        made.invitation.refresh_from_db()
    yield made
    reset_clock()


def plan() -> StandDown:
    with acting_as(WORKER):
        return stand_down_plan(asked_by=LEAD, version=ProgrammeVersion.objects.get(pk=VERSION), now=app_now())


def decide() -> StandDown:
    seen = plan().digest
    with acting_as(WORKER):
        version = ProgrammeVersion.objects.get(pk=VERSION)
        return stand_down(by=LEAD, version=version, seen=seen, why="The alert is over", now=app_now())


def last_words(provider: Provider) -> list[str]:
    return [to for to, _, body in provider.took if "We will not text you again" in body]


def states() -> Counter[tuple[str, str]]:
    with acting_as(WORKER):
        return Counter(Occurrence.objects.values_list("state", "state_reason"))


def test_what_would_happen_is_shown_before_it_does(county: County) -> None:
    begin(county)
    shown = plan()

    assert shown.told == {"sms": 3, "letter": 0, "call": 0, "": 0}
    assert (shown.check_ins, shown.begun, shown.never_asked) == (3, 1, 0)
    assert dict(shown.deleted)["messages"] == MORNING.date() + dt.timedelta(days=365)
    assert "Nothing is deleted by itself: on that day somebody has to see to it." in shown.sentences
    assert {one.rendered.language for one in shown.samples} == {"en", "pl", "lt", "pt", "ar"}
    assert states() == {("in_cadence", ""): 3}


def test_everybody_in_contact_is_told_exactly_once_however_often_the_worker_turns(
    county: County, provider: Provider
) -> None:
    decide()
    for _ in range(3):
        last_word.stand_down_what_was_begun()
        hand_off.hand_off_what_was_left()

    assert len(last_words(provider)) == len(set(last_words(provider))) == 3
    assert states() == {("excluded", PROGRAMME_ENDED): 3}
    with acting_as(WORKER):
        assert last_word.to_be_stood_down() == []
        assert ProgrammeVersion.objects.get(pk=VERSION).state == VersionState.ENDED
        logged = Decision.objects.get(what__endswith="is stood down")
    assert not logged.is_reversible
    assert "Told by text: 3." in logged.evidence


def test_killed_half_way_it_is_finished_and_nobody_is_told_twice(
    county: County, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide()
    monkeypatch.setattr(last_word, "_LOT", 1)
    really, lots = last_word._tell, []

    def killed(ends: list[object], now: dt.datetime) -> None:
        lots.append(ends)
        if len(lots) > 1:
            raise KeyboardInterrupt
        really(ends, now)  # type: ignore[arg-type]

    monkeypatch.setattr(last_word, "_tell", killed)
    with pytest.raises(KeyboardInterrupt):
        last_word.stand_down_what_was_begun()
    hand_off.hand_off_what_was_left()
    assert len(last_words(provider)) == 1
    monkeypatch.setattr(last_word, "_tell", really)
    last_word.stand_down_what_was_begun()
    hand_off.hand_off_what_was_left()

    assert len(last_words(provider)) == len(set(last_words(provider))) == 3


def test_nothing_goes_to_the_dead_or_to_whoever_stopped_us_h_01(county: County, provider: Provider) -> None:
    with acting_as(WORKER):
        dead, stopped, _ = Person.objects.order_by("population_id")
        Person.objects.filter(pk=dead.pk).update(died_on=MORNING.date())
        stop_contact.stop(by=WORKER, person_id=stopped.pk, source="text", now=app_now())
    assert plan().told == {"sms": 1, "letter": 0, "call": 0, "": 2}
    decide()
    last_word.stand_down_what_was_begun()
    hand_off.hand_off_what_was_left()

    assert len(last_words(provider)) == 1
    with acting_as(WORKER):
        assert set(Attempt.objects.filter(state="refused").values_list("why", flat=True)) == {"died", "stop"}


def test_a_death_said_after_it_was_written_down_wins_h_01(county: County, provider: Provider) -> None:
    decide()
    last_word.stand_down_what_was_begun()
    with acting_as(WORKER):
        Person.objects.update(died_on=MORNING.date())
    hand_off.hand_off_what_was_left()

    assert provider.took == []


def test_no_invitation_written_down_before_leaves_after_the_end(county: County, provider: Provider) -> None:
    intended(county.occurrence)
    decide()
    last_word.stand_down_what_was_begun()
    for _ in range(2):
        hand_off.hand_off_what_was_left()

    assert len(provider.took) == len(last_words(provider)) == 3


def test_whoever_has_begun_to_answer_is_rung_and_may_finish(county: County, provider: Provider) -> None:
    begin(county)
    decide()
    last_word.stand_down_what_was_begun()

    assert states() == {("excluded", PROGRAMME_ENDED): 2, ("exhausted", PROGRAMME_ENDED): 1}
    with acting_as(WORKER):
        task = Task.objects.get(kind="exhausted")
        assert (task.case_id, task.for_role, task.team_id) == (county.case.pk, "supervisor", county.team.pk)
        county.invitation.refresh_from_db()
    asked_for_help(county, chest_pain="yes")
    with acting_as(WORKER):
        assert RedFlag.objects.filter(case=county.case).count() == 1
        assert Task.objects.filter(kind="red_flag", state="open").count() == 1


def test_whom_neither_text_nor_letter_reaches_a_person_rings(county: County, provider: Provider) -> None:
    with acting_as(WORKER):
        ContactPointRow.objects.filter(person=county.person).delete()
    decide()
    last_word.stand_down_what_was_begun()
    hand_off.hand_off_what_was_left()

    assert len(last_words(provider)) == 2
    with acting_as(WORKER):
        assert Task.objects.get(kind="exhausted").case_id == county.case.pk
        assert Attempt.objects.get(case=county.case, step=LAST_WORD).state == "refused"


def test_it_waits_until_every_red_flag_is_closed_h_02(county: County) -> None:
    asked_for_help(county, chest_pain="yes")

    assert plan().faults == ("a red flag is open: each must be seen to and closed first",)
    with pytest.raises(RedFlagsOpen):
        decide()


def test_help_that_was_asked_for_stays_with_an_owner_and_is_still_looked_for(county: County) -> None:
    asked_for_help(county, food="none")
    a_task(county=county, kind="call_back")
    shown = decide()
    last_word.stand_down_what_was_begun()

    assert ("needs nobody has taken on", "the supervisor of icb_outreach", 1) in [
        (one.what, one.owner, one.count) for one in shown.left
    ]
    with acting_as(WORKER):
        assert Need.objects.filter(state="open").count() == 1
        assert Task.objects.filter(kind="call_back", state="open").count() == 1
        assert Occurrence.objects.get(case=county.case).state == State.REACHED


def test_whoever_was_never_asked_is_told_nothing_and_their_case_closes(county: County, provider: Provider) -> None:
    with acting_as(WORKER):
        Occurrence.objects.exclude(case=county.case).delete()
    assert plan().never_asked == 2
    decide()
    last_word.stand_down_what_was_begun()
    hand_off.hand_off_what_was_left()

    assert len(last_words(provider)) == 1
    with acting_as(WORKER):
        assert Case.objects.filter(closed_at__isnull=False, state_reason=PROGRAMME_ENDED).count() == 2


def test_next_season_nobody_is_asked_by_last_seasons_list_and_a_new_list_opens_a_new_case(county: County) -> None:
    asked_for_help(county, food="enough")
    decide()
    last_word.stand_down_what_was_begun()
    with acting_as(WORKER):
        put_in_force(version=NEXT_SEASON, number=2)
    set_clock(MORNING + dt.timedelta(days=200))

    assert agree_the_list.open_next_check_ins(programmes=["covid_protect"]) == 0
    with acting_as(WORKER):
        opening = Opening(county.person.pk, "shielded", 1, Door.SIGNED_LIST)
        [again] = open_cases(
            by=WORKER, audience=county.audience, openings=[opening], owner_team=county.team, now=app_now()
        )
    assert again.pk != county.case.pk
    assert agree_the_list.open_next_check_ins(programmes=["covid_protect"]) == 1


@pytest.mark.parametrize("role", ["caller", "clinician", "information_governance", "partner"])
def test_who_may_not_release_may_not_stand_down(county: County, role: str) -> None:
    with acting_as(WORKER), pytest.raises(NotPermitted):
        version = ProgrammeVersion.objects.get(pk=VERSION)
        stand_down(by=somebody(role), version=version, seen=plan().digest, why="x", now=app_now())


def test_it_is_of_what_was_shown_and_is_not_done_twice(county: County) -> None:
    with acting_as(WORKER):
        version, now = ProgrammeVersion.objects.get(pk=VERSION), app_now()
        with pytest.raises(go_live.ChangedSinceLookedAt):
            stand_down(by=LEAD, version=version, seen="another", why="x", now=now)
    decide()
    with pytest.raises(VersionNotReady):
        decide()
