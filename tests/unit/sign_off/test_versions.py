"""A version's way: forward, discussed, signed by different people, in force, released by stages, stopped."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection

from tests.unit.sign_off.people import NOW, ROLES, in_force, put_forward, signed, somebody
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.foundation.errors import NotPermitted
from wherry.sign_off import actions, errors
from wherry.sign_off.models import ProgrammeVersion, Signature
from wherry.sign_off.types import VersionState

pytestmark = pytest.mark.django_db


def test_four_different_people_sign_and_only_then_is_it_signed() -> None:
    version = put_forward(somebody("programme_lead"))
    with acting_as(WORKER):
        actions.note_review(by=somebody("clinician"), version=version, seen_hash=version.hash, now=NOW)
        for role in ROLES:
            version.refresh_from_db()
            assert version.state == VersionState.REVIEWED
            actions.sign_version(by=somebody(role), version=version, role=role, seen_hash=version.hash, now=NOW)
        version.refresh_from_db()

    assert version.state == VersionState.SIGNED


def test_one_person_in_two_roles_signs_for_one_of_them_alone_h_10() -> None:
    version, both = put_forward(somebody("programme_lead")), somebody("clinical_safety", "information_governance")
    with acting_as(WORKER):
        actions.note_review(by=somebody("clinician"), version=version, seen_hash=version.hash, now=NOW)
        actions.sign_version(by=both, version=version, role="clinical_safety", seen_hash=version.hash, now=NOW)

        with pytest.raises(errors.SomebodyElseNeeded):
            actions.sign_version(
                by=both, version=version, role="information_governance", seen_hash=version.hash, now=NOW
            )


@pytest.mark.parametrize(("held", "role"), [("clinician", "clinical_safety"), ("clinician", "caller")])
def test_nobody_signs_for_a_role_they_do_not_hold_or_it_does_not_name(held: str, role: str) -> None:
    version = put_forward(somebody("programme_lead"))
    with acting_as(WORKER):
        actions.note_review(by=somebody("clinician"), version=version, seen_hash=version.hash, now=NOW)

        with pytest.raises(errors.SomebodyElseNeeded):
            actions.sign_version(by=somebody(held), version=version, role=role, seen_hash=version.hash, now=NOW)


@pytest.mark.parametrize("role", ["caller", "partner", "analyst", "supervisor"])
def test_who_takes_part_may_comment_and_neither_sign_nor_release(role: str) -> None:
    version, one = put_forward(somebody("programme_lead")), somebody(role)
    with acting_as(WORKER):
        actions.comment(by=one, version=version, words="Why at nine?", said_for="A library", now=NOW)

        for forbidden in (
            lambda: actions.sign_version(by=one, version=version, role=role, seen_hash=version.hash, now=NOW),
            lambda: actions.put_in_force(by=one, version=version, now=NOW),
            lambda: actions.release(by=one, version=version, share=1, now=NOW),
            lambda: actions.note_review(by=one, version=version, seen_hash=version.hash, now=NOW),
        ):
            with pytest.raises(NotPermitted):
                forbidden()


def test_a_draft_counts_as_reviewed_when_somebody_else_read_it_and_every_comment_is_answered() -> None:
    lead = somebody("programme_lead")
    version = put_forward(lead)
    with acting_as(WORKER):
        said = actions.comment(by=somebody("partner"), version=version, words="Why?", said_for="A charity", now=NOW)
        with pytest.raises(errors.SomebodyElseNeeded):
            actions.note_review(by=lead, version=version, seen_hash=version.hash, now=NOW)
        with pytest.raises(errors.CommentsUnanswered):
            actions.note_review(by=somebody("clinician"), version=version, seen_hash=version.hash, now=NOW)
        actions.answer_comment(by=lead, said=said, answer="Because nobody is awake before.", now=NOW)
        actions.note_review(by=somebody("clinician"), version=version, seen_hash=version.hash, now=NOW)

        assert version.state == VersionState.REVIEWED
        with pytest.raises(errors.VersionNotReady):
            actions.answer_comment(by=lead, said=said, answer="On second thoughts.", now=NOW)


def test_a_word_said_after_the_review_is_read_before_anybody_signs() -> None:
    version = put_forward(somebody("programme_lead"))
    with acting_as(WORKER):
        actions.note_review(by=somebody("clinician"), version=version, seen_hash=version.hash, now=NOW)
        actions.comment(by=somebody("partner"), version=version, words="Stop: a wrong number", said_for="A", now=NOW)

        with pytest.raises(errors.VersionNotReady):
            actions.sign_version(
                by=somebody("clinician"), version=version, role="clinician", seen_hash=version.hash, now=NOW
            )


def test_what_was_read_is_what_is_signed_h_10() -> None:
    version = put_forward(somebody("programme_lead"))
    with acting_as(WORKER), pytest.raises(errors.ChangedSinceSeen):
        actions.note_review(by=somebody("clinician"), version=version, seen_hash="sha256:other", now=NOW)


def test_the_same_content_and_a_number_that_is_taken_are_refused() -> None:
    put_forward(somebody("programme_lead"), number=2)
    with pytest.raises(errors.AlreadyPutForward):
        put_forward(somebody("programme_lead"), number=3, hash="sha256:2")
    with pytest.raises(errors.NumberTaken):
        put_forward(somebody("programme_lead"), number=2, hash="sha256:other")


def test_one_that_was_withdrawn_gives_its_number_back() -> None:
    version = put_forward(somebody("programme_lead"))
    with acting_as(WORKER):
        actions.withdraw_version(by=somebody("clinician"), version=version, why="too soon", now=NOW)

    assert put_forward(somebody("programme_lead")).state == VersionState.DRAFT


@pytest.mark.parametrize("day", [dt.datetime(2026, 5, 31, 12, tzinfo=dt.UTC), dt.datetime(2026, 10, 1, tzinfo=dt.UTC)])
def test_nothing_is_in_force_outside_the_days_it_is_meant_to_hold(day: dt.datetime) -> None:
    with acting_as(WORKER), pytest.raises(errors.NotYetInDates):
        actions.put_in_force(by=somebody("programme_lead"), version=signed(), now=day)


def test_its_first_day_begins_at_midnight_on_peoples_clocks() -> None:
    with acting_as(WORKER):
        version = signed()
        actions.put_in_force(
            by=somebody("programme_lead"), version=version, now=dt.datetime(2026, 5, 31, 23, tzinfo=dt.UTC)
        )

    assert (version.state, version.share) == (VersionState.IN_FORCE, 0)


def test_no_stage_of_a_release_is_skipped_or_taken_twice() -> None:
    version, lead = in_force(share=0), somebody("programme_lead")
    with acting_as(WORKER):
        for share in (10, 100, 2):
            with pytest.raises(errors.VersionNotReady):
                actions.release(by=lead, version=version, share=share, now=NOW)
        actions.release(by=lead, version=version, share=1, now=NOW)
        with pytest.raises(errors.VersionNotReady):
            actions.release(by=lead, version=version, share=1, now=NOW)


def test_released_to_everybody_it_takes_the_place_of_the_one_before() -> None:
    first = in_force(number=1)
    second = in_force(number=2, share=10)
    with acting_as(WORKER):
        first.refresh_from_db()
        assert first.state == VersionState.IN_FORCE
        actions.release(by=somebody("programme_lead"), version=second, share=100, now=NOW)
        first.refresh_from_db()

    assert first.state == VersionState.SUPERSEDED


def test_of_two_on_their_way_the_second_waits() -> None:
    in_force(number=1, share=10)
    waiting = signed(number=2)
    with acting_as(WORKER), pytest.raises(errors.AnotherOnItsWay):
        actions.put_in_force(by=somebody("programme_lead"), version=waiting, now=NOW)


def test_what_is_stopped_is_not_released_further() -> None:
    version = in_force(share=1)
    with acting_as(WORKER):
        actions.stop_version(by=somebody("information_governance"), version=version, why="a wrong text", now=NOW)
        with pytest.raises(errors.VersionNotReady):
            actions.release(by=somebody("programme_lead"), version=version, share=10, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        "update sign_off_programmeversion set files = '{}'",
        "update sign_off_programmeversion set hash = 'sha256:other'",
        "update sign_off_programmeversion set roles = '{}'",
        "update sign_off_programmeversion set ends_on = '2099-01-01'",
        "delete from sign_off_programmeversion",
    ],
)
def test_what_was_put_forward_is_never_changed_in_the_database_either_h_10(change: str) -> None:
    put_forward(somebody("programme_lead"))
    with pytest.raises(DatabaseError, match="put forward"), acting_as(WORKER):
        connection.cursor().execute(change)


def test_a_signature_is_of_the_content_beside_it() -> None:
    version = put_forward(somebody("programme_lead"))
    with pytest.raises(DatabaseError), acting_as(WORKER):
        Signature.objects.create(
            programme_version=version, role="clinician", hash="sha256:other", signed_by="x", signed_at=NOW
        )
        connection.cursor().execute("set constraints all immediate")
    assert ProgrammeVersion.objects.filter(pk=version.pk, signatures__isnull=False).count() == 0
