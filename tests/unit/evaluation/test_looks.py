"""A look somebody had a task for is work; a look without one is asked about, whoever looked."""

from __future__ import annotations

import datetime as dt

import pytest

from wherry.audit.queries import Look
from wherry.evaluation.looks import Behind, by_who, work_looked_at
from wherry.evaluation.types import Usual

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
USUAL = Usual(people=20, times_the_middle=3, same_person=8, night_from=dt.time(21), night_to=dt.time(7))


def look(who: str, *ids: str, subject: str = "person", at: dt.datetime = NOON, did: str = "person.seen") -> Look:
    return Look(at, who, (), "support", did, subject, ids)


def remarks(looks: list[Look], behind: Behind | None = None) -> dict[str, tuple[str, ...]]:
    return {one.actor_id: one.unusual for one in by_who(looks=looks, usual=USUAL, behind=behind or Behind())}


def calls(who: str, many: int) -> tuple[list[Look], dict[tuple[str, str], dt.datetime]]:
    looks = [look(who, f"person {number}", f"task {number}") for number in range(many)]
    return looks, {(who, f"task {number}"): NOON - HOUR for number in range(many)}


def test_the_busiest_caller_is_not_unusual_for_working() -> None:
    many, taken = calls("busy", 60)
    few, others = calls("new", 2)
    assert remarks(many + few, Behind(claimed=taken | others)) == {"busy": (), "new": ()}


def test_as_many_looks_without_a_task_are_asked_about() -> None:
    looks, _ = calls("nosy", 60)
    (said,) = remarks([*looks, look("new", "a", "b")])["nosy"]
    assert said.startswith("Opened 60 people's pages with no task of theirs")


def test_a_task_somebody_else_took_or_taken_only_afterwards_is_none_of_theirs() -> None:
    looks, taken = calls("nosy", 20)
    anothers = {("another", task): at for (_, task), at in taken.items()}
    later = {key: NOON + HOUR for key in taken}
    for claimed in (anothers, later):
        assert remarks([*looks, look("new", "a", "b")], Behind(claimed=claimed))["nosy"]
    assert not remarks([*looks, look("new", "a", "b")], Behind(claimed=taken))["nosy"]


@pytest.mark.parametrize("subject", ["entry", "call_to_action"])
def test_work_that_is_over_is_no_reason_to_look(subject: str) -> None:
    ids = [("e", "list") if subject == "entry" else ("call", "case")] * 8
    looks = [look("them", *one, subject=subject) for one in ids]
    work = "list" if subject == "entry" else "call"
    assert work_looked_at(looks=looks) == {work}
    assert remarks(looks)["them"] == ()
    assert remarks(looks, Behind(ended={work: NOON + HOUR}))["them"] == ()
    assert "8 times or more" in remarks(looks, Behind(ended={work: NOON - HOUR}))["them"][0]


def test_one_person_opened_again_and_again_is_work_in_a_call_and_asked_about_without() -> None:
    looks = [look("them", "person", "task")] * 9
    assert remarks(looks, Behind(claimed={("them", "task"): NOON}))["them"] == ()
    assert "(1 of them)" in remarks(looks)["them"][0]


@pytest.mark.parametrize(("hour", "said"), [(20, 0), (21, 1), (3, 1), (6, 1), (7, 0)])
def test_the_night_is_the_programme_s_and_counts_what_no_task_explains(hour: int, said: int) -> None:
    at = NOON.replace(hour=hour)
    night = [look("them", "person", "task", at=at)]
    assert len(remarks(night)["them"]) == said
    assert remarks(night, Behind(claimed={("them", "task"): at}))["them"] == ()


def test_a_night_within_one_day_is_read_too() -> None:
    usual = Usual(20, 3, 8, dt.time(1), dt.time(5))
    assert [usual.is_night(dt.time(hour)) for hour in (0, 1, 4, 5)] == [False, True, True, False]


def test_a_refusal_is_asked_about_whatever_the_task() -> None:
    refused = look("", "them", subject="staff", did="page.refused")
    assert remarks([refused])["them"] == ("Asked for a page of another role 1 times",)
