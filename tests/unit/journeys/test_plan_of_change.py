"""An urgent change in the midst of check-ins: who moves, who finishes what they began, and that the worse counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tests.support.asking import asked_for_help
from tests.support.county_of_one import County, a_task, county_of_one
from tests.support.in_force import VERSION, put_in_force
from tests.support.reach import MORNING, one_more, reset_clock, set_clock
from tests.unit.sign_off.people import somebody
from wherry.cases.models import Case, Occurrence
from wherry.cases.types import Moved
from wherry.checkin.actions.answers import save_draft
from wherry.checkin.models import Invitation
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.errors import NotPermitted
from wherry.governance.models import Decision
from wherry.journeys import take_checkin
from wherry.journeys.plan_of_change import Amid, change_at_once, plan_of_change
from wherry.sign_off.errors import VersionNotReady
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.types import VersionState
from wherry.triage.models import Decision as Decided
from wherry.triage.models import RedFlag
from wherry.web.person.links import holder_of
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
NEWER = UUID("00000000-0000-4000-8000-000000000003")
LEAD = somebody("programme_lead")
#: The newer version hears a red flag in what the older one took for a need.
FOOD = "    need: food\n    urgency: today\n    words: No food left"
FLAG = "red_flag: no_food\n    say: {en: Ring us, pl: Ring, lt: Ring, pt: Ring, ar: Ring}"
MISSING_FLAG = {"covid_protect/triage.yaml": (FOOD, f"{FOOD}\n    {FLAG}")}
HUNGRY = {"breathless": "no", "chest_pain": "no", "safe_at_home": "yes", "food": "none"}


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


def newer(*, share: int = 100) -> ProgrammeVersion:
    with acting_as(WORKER):
        if share == 100:
            ProgrammeVersion.objects.filter(pk=VERSION).update(state=VersionState.SUPERSEDED)
        put_in_force(version=NEWER, number=2, share=share, edits=MISSING_FLAG)
        return ProgrammeVersion.objects.get(pk=NEWER)


def begin(county: County) -> None:
    by = holder_of(token=county.token)
    with acting_as(by):
        save_draft(by=by, invitation=county.invitation, answers={"food": "none"}, now=app_now())


def at_once(version: ProgrammeVersion) -> Moved:
    with acting_as(WORKER):
        return change_at_once(by=LEAD, version=version, why="A red flag was missing", now=app_now())


def under() -> list[tuple[UUID, UUID | None]]:
    with acting_as(WORKER):
        rows = Occurrence.objects.order_by("case__person__population_id")
        return list(rows.values_list("programme_version_id", "also_decided_by_id"))


def test_the_plan_says_who_is_amid_what_and_what_becomes_of_them(county: County) -> None:
    begin(county)
    version = newer()
    with acting_as(WORKER):
        plan = plan_of_change(asked_by=LEAD, version=version)

    assert plan.amid == (Amid(1, 3, 1),)
    assert plan.at_once == Moved(2, 1)
    assert plan.sentences[0] == (
        "3 people are amid a check-in of version 1; 1 of them has begun to answer it. They finish it as they began it: "
        "the same questions, words and rules. Their next one is under version 2."
    )
    assert plan.sentences[1] == "No red flag is open."
    assert under() == [(VERSION, None)] * 3


def test_left_alone_nothing_moves_and_at_once_moves_whoever_has_not_begun(county: County) -> None:
    begin(county)
    version = newer()

    assert at_once(version) == Moved(2, 1)
    assert under() == [(VERSION, NEWER), (NEWER, None), (NEWER, None)]
    assert at_once(version) == Moved(0, 0)
    with acting_as(WORKER):
        assert Decision.objects.filter(what__contains="holds at once").count() == 2


def test_a_form_begun_before_is_heard_by_both_tables_and_the_worse_counts_h_02(county: County) -> None:
    begin(county)
    at_once(newer())
    with acting_as(WORKER):
        county.invitation.refresh_from_db()
    response = asked_for_help(county, **HUNGRY)

    with acting_as(WORKER):
        assert RedFlag.objects.get().flag == "no_food"
        decided = Decided.objects.get(response=response)
    assert len(decided.definition_hash.split()) == 2


def test_a_red_flag_the_newer_version_hears_is_raised_from_the_page_at_once_h_02(county: County) -> None:
    begin(county)
    at_once(newer())
    by = holder_of(token=county.token)
    with acting_as(by):
        invitation = Invitation.objects.select_related("occurrence__case__person").get(pk=county.invitation.pk)
        found = take_checkin.save_answers(by=by, invitation=invitation, answers={"food": "none"}, now=app_now())

    assert [one.flag for one in found] == ["no_food"]


def test_an_answer_sent_and_not_yet_triaged_is_triaged_by_both(county: County) -> None:
    by = holder_of(token=county.token)
    with acting_as(by):
        take_checkin.take_answers(
            by=by, invitation=county.invitation, answers=HUNGRY, answered_by="self", now=app_now()
        )
    assert at_once(newer()) == Moved(2, 1)
    take_checkin.triage_what_was_left()

    with acting_as(WORKER):
        assert RedFlag.objects.filter(flag="no_food").count() == 1


def test_somebody_being_rung_is_asked_the_questions_on_the_callers_screen_to_the_end(county: County) -> None:
    task = a_task(county=county)
    with acting_as(WORKER):
        Task.objects.filter(pk=task.pk).update(state="claimed", claimed_by="x", leased_until=MORNING)
    assert at_once(newer()) == Moved(2, 1)


def test_a_stage_of_a_release_moves_whom_it_has_reached(county: County) -> None:
    with acting_as(WORKER):
        Case.objects.exclude(pk=county.case.pk).update(release_rank=5_000)

    assert at_once(newer(share=1)) == Moved(1, 0)


@pytest.mark.parametrize(("role", "share", "error"), [("analyst", 100, NotPermitted), ("clinician", 0, NotPermitted)])
def test_who_may_not_release_may_not_change_at_once(county: County, role: str, share: int, error: type) -> None:
    with acting_as(WORKER), pytest.raises(error):
        change_at_once(by=somebody(role), version=newer(share=share), why="x", now=app_now())


def test_nothing_moves_to_a_version_released_to_nobody(county: County) -> None:
    with pytest.raises(VersionNotReady):
        at_once(newer(share=0))


def test_the_programme_lead_counts_what_they_oversee_and_nobody_elses(county: County) -> None:
    begin(county)
    version = newer()
    for organisations, expected in (((county.lead.pk,), Moved(2, 1)), ((uuid4(),), Moved(0, 0))):
        lead = replace(LEAD, organisations=organisations)
        with acting_as(lead):
            assert plan_of_change(asked_by=lead, version=version).at_once == expected
