"""What people say of two records, in a store: it binds later runs, is taken back openly, and is never half kept."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.linking import land, people_of
from wherry.foundation.errors import InputWrong
from wherry.people import link_review
from wherry.people.linkage import actions, answers
from wherry.people.linkage.types import Verdict
from wherry.population import Store, ledger

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
JANE, JAKE, ALIKE, ODD = "s1|1", "s1|2", "s2|7", "s2|8"


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Jane and Jake of one address; an ambulance's record that is Jane's, and one of somebody else under her number."""
    tmp_path = tmp_path_factory.mktemp("linked")
    land(
        tmp_path,
        1,
        [
            ("1", "9990000131", "Jane", "Woodrow", "1950-03-07"),
            ("2", "9990079323", "Jake", "Woodrow", "1950-03-07"),
        ],
    )
    land(
        tmp_path,
        2,
        [
            ("7", "9990000131", "Jane", "Woodrow", "1950-03-07"),
            ("8", "9990000131", "June", "Rix", "1975-11-30"),
        ],
    )
    actions.link(store=Store(tmp_path), by="Ada", decided_on=AT.date())
    return tmp_path


@pytest.fixture
def store(linked: Path, tmp_path: Path) -> Store:
    return Store(shutil.copytree(linked, tmp_path / "store"))


def _say(store: Store, left: str, right: str, verdict: Verdict, by: str = "Ada") -> object:
    return actions.answer(store=store, left=left, right=right, verdict=verdict, why="looked", by=by, at=AT)


def _relinked(store: Store) -> dict[str, str]:
    actions.link(store=store, by="Ada", decided_on=AT.date())
    return people_of(store)


def test_the_queue_says_what_waits_why_and_since_when(store: Store) -> None:
    (one,) = link_review.waiting(store=store)
    assert {one.left, one.right} <= {JANE, ALIKE, ODD} and ODD in (one.left, one.right)
    assert one.since == AT.date() and one.why and not one.stops_contact
    before = store.hashes()
    actions.link(store=store, by="Ada", decided_on=AT.date() + dt.timedelta(days=9))
    assert store.hashes() == before, "a pair that waits still waits since the day it first did"


def test_same_and_not_the_same_bind_every_later_run(store: Store) -> None:
    first = people_of(store)
    assert first[JANE] == first[ALIKE] != first[ODD]
    _say(store, ODD, ALIKE, Verdict.SAME)
    assert _relinked(store)[ODD] == first[JANE]
    assert link_review.waiting(store=store) == ()
    decided = _say(store, ALIKE, ODD, Verdict.NOT_SAME, by="Ben")
    assert decided.takes_back == (1,)  # type: ignore[attr-defined]
    after = _relinked(store)
    assert after == first, "taking a link back gives everybody the id they had"
    assert link_review.waiting(store=store) == (), "what was answered is not asked again"


def test_a_second_same_is_no_second_answer_and_another_person_s_is(store: Store) -> None:
    assert _say(store, ODD, JANE, Verdict.SAME).is_new  # type: ignore[attr-defined]
    assert not _say(store, JANE, ODD, Verdict.SAME).is_new  # type: ignore[attr-defined]
    assert _say(store, JANE, ODD, Verdict.SAME, by="Ben").is_new  # type: ignore[attr-defined]
    assert [one.by for one in answers.answers(store=store)] == ["Ada", "Ben"]


def test_same_over_a_hard_conflict_binds_when_two_people_have_said_it(store: Store) -> None:
    first = people_of(store)
    said = _say(store, JANE, JAKE, Verdict.SAME)
    assert said.waits_for_another == "two different NHS numbers"  # type: ignore[attr-defined]
    assert _relinked(store)[JANE] == first[JANE] != people_of(store)[JAKE]
    assert any("second person" in one.why for one in link_review.waiting(store=store))
    assert not _say(store, JANE, JAKE, Verdict.SAME, by="Ben").waits_for_another  # type: ignore[attr-defined]
    after = _relinked(store)
    assert len({after[one] for one in (JANE, JAKE, ALIKE)}) == 1


def test_unsure_binds_nothing_and_puts_the_pair_behind_the_others(store: Store) -> None:
    (before,) = link_review.waiting(store=store)
    _say(store, before.left, before.right, Verdict.UNSURE)
    (after,) = link_review.waiting(store=store)
    assert after.is_passed_on and after.said[0].by == "Ada"


def test_unlink_separates_keeps_the_ids_and_holds_both_until_confirmed(store: Store) -> None:
    first = people_of(store)
    decided = actions.unlink(store=store, records=[ALIKE], why="her daughter", by="Ada", at=AT)
    assert link_review.held_people(store=store) == {first[JANE]}, "held at once, before any run"
    after = _relinked(store)
    assert after[JANE] == first[JANE] != after[ALIKE]
    assert link_review.held_people(store=store) == {after[JANE], after[ALIKE]}
    going, staying = link_review.sides(store=store, going=[ALIKE], staying=[JANE])
    assert (going.records, going.facts, going.sources) == (1, 1, ("s2",)) and staying.facts == 1
    assert decided.is_held
    actions.confirm(store=store, act=decided.act, why="asked the practice", by="Ben", at=AT)
    assert link_review.held_people(store=store) == frozenset()
    assert _relinked(store) == after


def test_not_the_same_of_one_person_s_records_holds_them_as_an_unlink_does(store: Store) -> None:
    assert _say(store, JANE, ALIKE, Verdict.NOT_SAME).is_held  # type: ignore[attr-defined]
    _relinked(store)
    _say(store, JANE, ALIKE, Verdict.NOT_SAME, by="Ben")
    assert len(link_review.held_people(store=store)) == 2, "to say it again is not to confirm it"


def test_same_takes_back_all_an_unlink_said(store: Store) -> None:
    _say(store, ODD, JANE, Verdict.SAME)
    _relinked(store)
    actions.unlink(store=store, records=[ODD], why="wrong", by="Ada", at=AT)
    assert _relinked(store)[ODD] != people_of(store)[JANE] == people_of(store)[ALIKE]
    _say(store, ODD, ALIKE, Verdict.SAME)
    after = _relinked(store)
    assert after[JANE] == after[ALIKE] == after[ODD]
    assert link_review.held_people(store=store) == frozenset()


def test_answers_at_odds_by_way_of_others_are_refused_and_say_which(store: Store) -> None:
    _say(store, JANE, ODD, Verdict.SAME)
    _say(store, ALIKE, ODD, Verdict.SAME)
    with pytest.raises(InputWrong, match="decisions 1, 2"):
        _say(store, JANE, ALIKE, Verdict.NOT_SAME)
    assert len(answers.answers(store=store)) == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda store: _say(store, JANE, JANE, Verdict.SAME), "one and the same"),
        (lambda store: _say(store, JANE, "s1|nobody", Verdict.SAME), "1 of the records"),
        (lambda store: _say(store, JANE, JAKE, Verdict.SAME, by=" "), "--by"),
        (lambda store: actions.unlink(store=store, records=[JANE, JAKE], why="x", by="A", at=AT), "several people"),
        (lambda store: actions.unlink(store=store, records=[JAKE], why="x", by="A", at=AT), "all the records"),
        (lambda store: actions.unlink(store=store, records=[ALIKE], why=" ", by="A", at=AT), "--why"),
        (lambda store: actions.confirm(store=store, act=3, why="x", by="A", at=AT), "numbered 3"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(
    store: Store, wrong: Callable[[Store], object], words: str
) -> None:
    before, lines = store.hashes(), len(ledger.entries(store))
    with pytest.raises(InputWrong, match=words) as refused:
        wrong(store)
    assert "nobody|" not in str(refused.value) and "s1|" not in str(refused.value)
    assert (store.hashes(), len(ledger.entries(store))) == (before, lines)


def test_each_answer_has_one_line_in_the_ledger_even_after_a_kill_between_the_two(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(answers, "_note", lambda *_: None)
        _say(store, ODD, JANE, Verdict.SAME)
    _say(store, ALIKE, ODD, Verdict.UNSURE, by="Ben")
    lines = [entry for entry in ledger.entries(store) if entry["did"] == "decide_link"]
    assert [(line["by"], line["about"]["act"]) for line in lines] == [("Ada", 1), ("Ben", 2)]  # type: ignore[index]
    assert ledger.verify(store) == ()
    text = (store.path / ledger.FILE_NAME).read_text()
    assert "looked" not in text and "s1|" not in text, "neither a reason nor a sender's number of a person"
