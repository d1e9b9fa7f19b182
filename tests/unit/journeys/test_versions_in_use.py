"""A programme changes while people are in it: each check-in is of one version, and a stop is heard at once."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection

from tests.support.asking import asked_for_help
from tests.support.county_of_one import County, agreed, county_of_one
from tests.support.in_force import VERSION, put_in_force
from tests.support.reach import MORNING, Provider, intended, one_more, reset_clock, set_clock
from tests.unit.sign_off.people import somebody
from wherry.cases.actions import open_cases, open_occurrence
from wherry.cases.models import Case, Occurrence
from wherry.cases.types import Door, Opening
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER, Actor, Kind
from wherry.foundation.content import content_folder
from wherry.foundation.periods import local_time
from wherry.governance.actions import audience_of
from wherry.governance.models import Agreement, Decision
from wherry.journeys import agree_the_list, go_live, hand_off, programme_in_force, read_texts
from wherry.journeys.look_ahead import look_ahead
from wherry.journeys.programme_in_force import in_force, of_check_in
from wherry.journeys.put_forward import put_forward
from wherry.organisations.actions import register_organisation
from wherry.organisations.types import OrganisationKind, Purpose
from wherry.people.models import Person
from wherry.sign_off.errors import NothingInForce
from wherry.sign_off.models import ProgrammeVersion
from wherry.sign_off.rules import RANKS
from wherry.sign_off.types import VersionState
from wherry.worklist.models import Task

pytestmark = pytest.mark.django_db
NEWER = UUID("00000000-0000-4000-8000-000000000002")
INVITATION = "How are you, and do you need anything?"
REWORDED = {"covid_protect/messages/en.yaml": (f"{INVITATION} Tell us here", "Are you all right? Tell us here")}


@pytest.fixture
def county() -> County:
    set_clock(MORNING)
    made = county_of_one()
    with acting_as(WORKER):
        Occurrence.objects.update(programme_version_id=VERSION)
        made.occurrence.refresh_from_db()
    yield made
    reset_clock()


def newer(*, share: int = 100) -> ProgrammeVersion:
    """Put a second version in force beside the first."""
    with acting_as(WORKER):
        if share == 100:
            ProgrammeVersion.objects.filter(pk=VERSION).update(state=VersionState.SUPERSEDED)
        put_in_force(version=NEWER, number=2, share=share, edits=REWORDED)
        return ProgrammeVersion.objects.get(pk=NEWER)


def several(county: County, ranks: list[int]) -> list[Case]:
    """Open a case for one more person at each rank of a release."""
    people = [one_more(county=county, number=100 + place).case.person_id for place in range(len(ranks))]
    with acting_as(WORKER):
        Occurrence.objects.filter(case__person_id__in=people).delete()
        Case.objects.filter(person_id__in=people).delete()
        openings = [
            Opening(person, "shielded", 1, Door.SIGNED_LIST, None, rank)
            for person, rank in zip(people, ranks, strict=True)
        ]
        return open_cases(by=WORKER, audience=county.audience, openings=openings, owner_team=county.team, now=app_now())


def asked() -> set[int]:
    """Give the ranks of those in whose case a check-in is open."""
    with acting_as(WORKER):
        return set(Occurrence.objects.values_list("case__release_rank", flat=True))


def test_a_check_in_goes_on_in_the_words_it_began_with(county: County, provider: Provider) -> None:
    newer()
    attempt = intended(county.occurrence)
    hand_off.send(attempt_id=attempt.pk)

    assert INVITATION in provider.took[0][2]


def test_the_next_check_in_is_of_the_version_in_force_then(county: County) -> None:
    newer()
    with acting_as(WORKER):
        following = open_occurrence(
            by=WORKER,
            case=county.case,
            number=2,
            now=app_now(),
            version=programme_in_force.version_opened_under(programme="covid_protect", rank=0),
        )

        words = [of_check_in(occurrence=one).messages for one in (county.occurrence, following)]
    assert following.programme_version_id == NEWER
    texts = [next(m for key, m in one.by_key.items() if key[::2] == ("invitation", "en")) for one in words]
    assert INVITATION in texts[0].paragraphs[0]
    assert INVITATION not in texts[1].paragraphs[0]


def test_a_release_reaches_its_share_and_the_next_stage_only_adds(county: County) -> None:
    with acting_as(WORKER):
        ProgrammeVersion.objects.filter(pk=VERSION).update(share=0)
        programme_in_force.look_again()
    several(county, [0, 99, 100, 999, 1_000, RANKS - 1])
    reached = []
    for share in (0, 1, 10, 100):
        with acting_as(WORKER):
            ProgrammeVersion.objects.filter(pk=VERSION).update(share=share)
            programme_in_force.look_again()
        agree_the_list.open_next_check_ins(programmes=["covid_protect"])
        reached.append(asked())

    assert reached == [{0}, {0, 99}, {0, 99, 100, 999}, {0, 99, 100, 999, 1_000, RANKS - 1}]
    with acting_as(WORKER):
        assert {one.number for one in Occurrence.objects.all()} == {1}


def test_while_a_version_is_on_its_way_the_others_are_asked_under_the_one_before(county: County) -> None:
    newer(share=1)
    several(county, [0, 5_000])
    agree_the_list.open_next_check_ins(programmes=["covid_protect"])
    with acting_as(WORKER):
        under = dict(
            Occurrence.objects.exclude(case=county.case).values_list("case__release_rank", "programme_version_id")
        )

    assert under == {0: NEWER, 5_000: VERSION}


def test_after_a_stop_nothing_leaves_that_was_intended_before_it(county: County, provider: Provider) -> None:
    attempt = intended(county.occurrence)
    lead = somebody("programme_lead")
    with acting_as(WORKER):
        version = ProgrammeVersion.objects.get(pk=VERSION)
        go_live.stop(by=lead, version=version, why="A wrong number in the text", now=app_now())

    assert hand_off.send(attempt_id=attempt.pk) is False
    assert hand_off.hand_off_what_was_left() == 0
    assert provider.took == []
    with acting_as(WORKER):
        assert Decision.objects.filter(what__contains="is stopped", decided_by=lead.id).count() == 1
        with pytest.raises(NothingInForce):
            in_force(programme="covid_protect")


def test_after_a_stop_people_go_on_under_the_version_before(county: County, provider: Provider) -> None:
    version = newer(share=10)
    with acting_as(WORKER):
        Occurrence.objects.update(programme_version_id=NEWER)
        moved = go_live.stop(by=somebody("clinical_safety"), version=version, why="A rule is wrong", now=app_now())
    attempt = intended(county.occurrence)

    assert moved == 1
    assert hand_off.send(attempt_id=attempt.pk) is True
    assert INVITATION in provider.took[0][2]


def test_a_release_is_of_what_was_looked_at_and_is_a_decision(county: County) -> None:
    lead = somebody("programme_lead")
    with acting_as(WORKER):
        ProgrammeVersion.objects.filter(pk=VERSION).update(share=1)
        version, now = ProgrammeVersion.objects.get(pk=VERSION), app_now()
        seen = look_ahead(version=version, share=10, now=now)
        with pytest.raises(go_live.ChangedSinceLookedAt):
            go_live.release(by=lead, version=version, share=10, seen="another", why="x", now=now)
        go_live.release(by=lead, version=version, share=10, seen=seen.digest, why="Nothing amiss", now=now)

        assert ProgrammeVersion.objects.get(pk=VERSION).share == 10
        assert Decision.objects.get(what__contains="10 %").evidence == seen.in_words


def test_too_many_dead_among_those_a_release_would_reach_keep_it_back_h_01(county: County) -> None:
    with acting_as(WORKER):
        ProgrammeVersion.objects.filter(pk=VERSION).update(share=0)
        Person.objects.filter(pk=county.person.pk).update(died_on=MORNING.date())
        version, now = ProgrammeVersion.objects.get(pk=VERSION), app_now()
        seen = look_ahead(version=version, share=1, now=now)
        with pytest.raises(go_live.LookAheadFails, match="1 of 1 people are said to have died"):
            go_live.release(by=somebody("programme_lead"), version=version, share=1, seen=seen.digest, why="x", now=now)

        assert ProgrammeVersion.objects.get(pk=VERSION).share == 0


def test_who_oversees_one_place_alone_does_not_release_to_another(county: County) -> None:
    lead = county.staff["programme_lead"]
    here = Actor(
        kind=Kind.STAFF, id=str(lead.pk), organisations=(county.lead.pk,), roles=frozenset({"programme_lead"}),
        purpose="oversight",
    )  # fmt: skip
    with acting_as(WORKER):
        ProgrammeVersion.objects.filter(pk=VERSION).update(share=1)
        other = register_organisation(
            by=WORKER, code="other", name="Another board", kind=OrganisationKind.HEALTH_BOARD, now=app_now()
        )
        Agreement.objects.filter(organisation=county.lead).update(place="norwich")
        agreed(organisation=other, purposes=tuple(Purpose), now=app_now())
        audience_of(programme="covid_protect", place="waveney", lead_organisation=other)
    with acting_as(here):
        version, now = ProgrammeVersion.objects.get(pk=VERSION), app_now()
        seen = look_ahead(version=version, share=10, now=now)
        with pytest.raises(go_live.PlacesOutOfSight, match="waveney"):
            go_live.release(by=here, version=version, share=10, seen=seen.digest, why="x", now=now)


def test_whoever_a_stop_did_not_reach_goes_on_at_the_workers_next_turn(county: County) -> None:
    newer(share=10)
    with acting_as(WORKER):
        Occurrence.objects.update(programme_version_id=NEWER)
        ProgrammeVersion.objects.filter(pk=NEWER).update(
            state=VersionState.STOPPED, ended_by="x", ended_at=app_now(), why_ended="a wrong rule"
        )
        programme_in_force.look_again()

    assert go_live.carry_on_instead() == 1
    assert go_live.carry_on_instead() == 0
    with acting_as(WORKER):
        assert Occurrence.objects.get(pk=county.occurrence.pk).programme_version_id == VERSION


def test_rules_that_only_find_people_come_into_force_without_a_release() -> None:
    lead = somebody("programme_lead")
    with acting_as(WORKER):
        version = put_forward(
            by=lead, directory=content_folder("programmes") / "definitions" / "frailty_index", why="x", now=app_now()
        )
        version.change(state=VersionState.SIGNED)
        go_live.put_in_force(by=lead, version=version, now=app_now())

    assert (version.state, version.share) == (VersionState.IN_FORCE, 100)


def test_a_signed_version_waits_quietly_while_another_is_on_its_way() -> None:
    with acting_as(WORKER):
        put_in_force("heat", version=NEWER, number=2, share=0)
        ProgrammeVersion.objects.filter(pk=NEWER).update(state=VersionState.SIGNED, in_force_at=None)
        put_in_force("heat", version=uuid4(), share=10)
        day = local_time(app_now()).date()
        connection.cursor().execute("alter table sign_off_programmeversion disable trigger keep_content")
        ProgrammeVersion.objects.filter(pk=NEWER).update(starts_on=day, ends_on=day)

    assert go_live.come_into_force() == 0


def test_a_look_ahead_shows_every_message_in_every_language() -> None:
    with acting_as(WORKER):
        version = ProgrammeVersion.objects.get(pk=VERSION)
        ahead = look_ahead(version=version, share=1, now=app_now())
    force = in_force(programme="covid_protect")

    assert {one.rendered.language for one in ahead.samples} == set(force.programme.languages)
    assert len(ahead.samples) == 3 * len(force.programme.languages)
    assert not any("{" in one.rendered.body for one in ahead.samples)


def test_what_was_changed_in_the_database_behind_everybodys_back_decides_nothing_h_10() -> None:
    stranger = uuid4()
    with acting_as(WORKER):
        put_in_force("heat", version=stranger)
        connection.cursor().execute("alter table sign_off_programmeversion disable trigger keep_content")
        files = dict(ProgrammeVersion.objects.get(pk=stranger).files)
        files["heat/cadence.yaml"] = files["heat/cadence.yaml"].replace("patience_hours", "patience_hours ", 1)
        ProgrammeVersion.objects.filter(pk=stranger).update(files=files)
        with pytest.raises(Exception, match="is not what was put forward"):
            in_force(programme="heat")


def test_after_a_stop_what_was_begun_is_finished_with_an_owner_and_a_stop_is_understood(county: County) -> None:
    with acting_as(WORKER):
        version = ProgrammeVersion.objects.get(pk=VERSION)
        go_live.stop(by=somebody("programme_lead"), version=version, why="A wrong number", now=app_now())
    asked_for_help(county, chest_pain="yes", food="none")

    with acting_as(WORKER):
        assert Task.objects.filter(kind="red_flag", case=county.case).count() == 1
        assert programme_in_force.of_case(case=county.case).programme.code == "covid_protect"
    assert agree_the_list.open_next_check_ins(programmes=["covid_protect"]) == 0
    assert "stop" in read_texts._stop_words()[0]
    assert programme_in_force.who_to_ring()
