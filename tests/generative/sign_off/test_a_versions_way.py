"""Whatever people do to a programme's versions in whatever order, nobody decides alone and nothing begins unsigned."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.unit.sign_off.people import NOW, somebody
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER, Actor
from wherry.foundation.errors import WherryError
from wherry.journeys import programme_in_force
from wherry.sign_off import actions
from wherry.sign_off.models import Comment, ProgrammeVersion
from wherry.sign_off.rules import RANKS, STAGES, ranks_released
from wherry.sign_off.types import VersionState

ROLES = ("programme_lead", "clinical_safety", "information_governance")
PEOPLE = [
    somebody("programme_lead"),
    somebody("programme_lead", "clinical_safety"),
    somebody("clinical_safety"),
    somebody("information_governance"),
    somebody("information_governance", "clinician"),
    somebody("partner"),
]
WHO, WHICH = st.sampled_from(PEOPLE), st.integers(0, 2)
#: Mostly those who may, so that a run comes far.
LEADS = st.sampled_from([*PEOPLE[:2], PEOPLE[0], PEOPLE[3]])
#: A state once reached cannot become one that is earlier.
AFTER_FORCE = {VersionState.IN_FORCE, VersionState.SUPERSEDED, VersionState.STOPPED, VersionState.ENDED}


class Lifecycle(RuleBasedStateMachine):
    """Several people at a programme's versions at once. An action that is refused changes nothing."""

    @initialize()
    def begin(self) -> None:
        """Begin each run with no version, in a transaction that is taken back."""
        self.scope = transaction.atomic()
        self.scope.__enter__()
        self.context = acting_as(WORKER)
        self.context.__enter__()
        self.shares: dict[object, list[int]] = {}
        self.numbers = 0

    def teardown(self) -> None:
        """Take the run back."""
        if hasattr(self, "scope"):
            self.context.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.scope.__exit__(None, None, None)

    def versions(self) -> list[ProgrammeVersion]:
        """List the versions there are."""
        return list(ProgrammeVersion.objects.filter(programme="heat").order_by("put_forward_at", "number"))

    def attempt(self, do: object) -> None:
        """Do something that may be refused."""
        try:
            with transaction.atomic():
                do()  # type: ignore[operator]
        except WherryError:
            pass
        programme_in_force.look_again()

    @precondition(lambda self: getattr(self, "numbers", 0) < 3)
    @rule(by=WHO)
    def put_forward(self, by: Actor) -> None:
        """Put one more version forward."""
        self.numbers += 1
        number = self.numbers
        self.attempt(
            lambda: actions.put_forward(
                by=by,
                programme="heat",
                number=number,
                name="Hot weather",
                hash=f"sha256:{number}",
                files={},
                roles=ROLES,
                why="x",
                proved=[],
                now=NOW + dt.timedelta(seconds=number),
            )
        )

    def at(self, which: int) -> ProgrammeVersion | None:
        """Give one of the versions."""
        found = self.versions()
        return found[which % len(found)] if found else None

    @rule(by=WHO, which=WHICH)
    def comment(self, by: Actor, which: int) -> None:
        """Say something about one."""
        if version := self.at(which):
            self.attempt(lambda: actions.comment(by=by, version=version, words="Why?", said_for="A", now=NOW))

    @rule(by=WHO)
    def answer(self, by: Actor) -> None:
        """Answer the first comment nobody answered."""
        if said := Comment.objects.filter(answer="").order_by("id").first():
            self.attempt(lambda: actions.answer_comment(by=by, said=said, answer="So.", now=NOW))

    @rule(by=WHO, which=WHICH)
    def review(self, by: Actor, which: int) -> None:
        """Say that one was read."""
        if version := self.at(which):
            self.attempt(lambda: actions.note_review(by=by, version=version, seen_hash=version.hash, now=NOW))

    @rule(which=WHICH, signs=st.lists(st.tuples(WHO, st.sampled_from(ROLES)), min_size=1, max_size=6))
    def sign(self, which: int, signs: list[tuple[Actor, str]]) -> None:
        """Sign one, some people for some roles, theirs or not."""
        for by, role in signs:
            if version := self.at(which):
                seen = version.hash
                self.attempt(
                    lambda v=version, b=by, r=role, s=seen: actions.sign_version(
                        by=b, version=v, role=r, seen_hash=s, now=NOW
                    )
                )

    @rule(which=WHICH, share=st.sampled_from((*STAGES, 50)))
    def all_goes_well(self, which: int, share: int) -> None:
        """Let the ones who should review, sign and release do so, or skip a stage, that a run comes far."""
        for said in Comment.objects.filter(answer=""):
            self.attempt(lambda one=said: actions.answer_comment(by=PEOPLE[0], said=one, answer="So.", now=NOW))
        for by, role in ((PEOPLE[0], ROLES[0]), (PEOPLE[2], ROLES[1]), (PEOPLE[3], ROLES[2])):
            if version := self.at(which):
                self.attempt(lambda v=version: actions.note_review(by=PEOPLE[2], version=v, seen_hash=v.hash, now=NOW))
                version = self.at(which)
                self.attempt(
                    lambda v=version, b=by, r=role: actions.sign_version(
                        by=b, version=v, role=r, seen_hash=v.hash, now=NOW
                    )
                )
        self.put_in_force(PEOPLE[0], which)
        self.release(PEOPLE[0], which, share)

    @rule(by=LEADS, which=WHICH)
    def put_in_force(self, by: Actor, which: int) -> None:
        """Let one be decided by."""
        if version := self.at(which):
            self.attempt(lambda: actions.put_in_force(by=by, version=version, now=NOW))

    @rule(by=LEADS, which=WHICH, share=st.sampled_from((*STAGES, 50)))
    def release(self, by: Actor, which: int, share: int) -> None:
        """Release one further, or try to skip a stage."""
        if version := self.at(which):
            self.attempt(lambda: actions.release(by=by, version=version, share=share, now=NOW))

    @rule(by=WHO, which=WHICH, end=st.sampled_from(("stop_version", "end_version", "withdraw_version")))
    def end(self, by: Actor, which: int, end: str) -> None:
        """Stop, end or withdraw one."""
        if version := self.at(which):
            self.attempt(lambda: getattr(actions, end)(by=by, version=version, why="x", now=NOW))

    @rule(rank=st.integers(0, RANKS - 1))
    def open_check_in(self, rank: int) -> None:
        """Ask under which version somebody's next check-in opens: one in force, and released to them."""
        opened = programme_in_force.version_opened_under(programme="heat", rank=rank)
        if opened is not None:
            version = ProgrammeVersion.objects.get(pk=opened)
            assert version.state == VersionState.IN_FORCE
            assert rank < ranks_released(share=version.share)

    @invariant()
    def whatever_came_into_force_was_signed_by_different_people_for_every_role(self) -> None:
        """Hold what H-10 asks: the same content, every role, as many people."""
        if not hasattr(self, "scope"):
            return
        for version in self.versions():
            if version.in_force_at is None:
                assert version.state not in AFTER_FORCE
                assert version.share == 0
                continue
            signed = list(version.signatures.values_list("role", "signed_by", "hash"))
            assert {role for role, _, _ in signed} == set(ROLES)
            assert len({who for _, who, _ in signed}) == len(ROLES)
            assert {hashed for _, _, hashed in signed} == {version.hash}
            assert version.reviewed_by not in ("", version.put_forward_by)
            assert not version.comments.filter(answer="").exists()

    @invariant()
    def one_is_for_everybody_and_one_on_its_way_at_most(self) -> None:
        """Nobody can be under two."""
        if hasattr(self, "scope"):
            shares = [one.share for one in self.versions() if one.state == VersionState.IN_FORCE]
            assert sum(share == 100 for share in shares) <= 1
            assert sum(share < 100 for share in shares) <= 1

    @invariant()
    def a_share_grows_stage_by_stage(self) -> None:
        """No stage is skipped, and none is taken back."""
        if hasattr(self, "scope"):
            for version in self.versions():
                known = self.shares.setdefault(version.pk, [0])
                if version.share != known[-1]:
                    known.append(version.share)
                assert known == [0, *STAGES][: len(known)]


@pytest.mark.django_db
def test_a_versions_way_whoever_does_what_when_h_10() -> None:
    run_state_machine_as_test(Lifecycle, settings=settings(max_examples=12, stateful_step_count=20, deadline=None))
