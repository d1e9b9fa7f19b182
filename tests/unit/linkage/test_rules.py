"""When two records are one person, may be, or can never be, drawn as a table."""

from __future__ import annotations

import datetime as dt

import pytest

from wherry.people.linkage.clusters import cluster, new_person_id, person_ids
from wherry.people.linkage.names import are_close, likeness
from wherry.people.linkage.rules import CLOSE, conflict, decide, is_confirmed, is_slip
from wherry.people.linkage.types import Conflict, Decision, Pair, Record

BORN = dt.date(1950, 3, 7)
JANE = {"given": "jane", "family": "woodrow", "birth_date": BORN, "sex": "female", "postcode": "NR11AA", "home": "here"}


def _two(**changes: object) -> tuple[Record, Record]:
    return Record("a", **JANE), Record("b", **{**JANE, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Decision.LINK),
        ({"family": "rix"}, Decision.LINK),
        ({"family": "rix", "home": "there", "postcode": "NR22BB"}, Decision.REVIEW),
        ({"given": "woodrow", "family": "jane"}, Decision.LINK),
        ({"given": "w", "family": "jane", "home": None}, Decision.LINK),
        ({"birth_date": dt.date(1950, 7, 3)}, Decision.LINK),
        ({"birth_date": dt.date(1950, 3, 1)}, Decision.LINK),
        ({"birth_date": dt.date(1975, 11, 30)}, Decision.REVIEW),
        ({"birth_date": dt.date(1975, 11, 30), "home": "there", "postcode": "NR22BB"}, Decision.LEAVE),
        ({"birth_date": None}, Decision.REVIEW),
        ({"given": "peter", "home": "there"}, Decision.REVIEW),
        ({"given": "peter"}, Decision.REVIEW),
        ({"given": "peter", "family": "rix"}, Decision.LEAVE),
        ({"birth_date": dt.date(1975, 11, 30), "sex": "male"}, Decision.LEAVE),
    ],
    ids=[
        "the same",
        "a married name at the same home",
        "another surname elsewhere",
        "names changed about",
        "names changed about, one an initial",
        "day and month changed about",
        "one digit of the birth date",
        "father and son by name: another birth date at the same home",
        "the same names elsewhere with another birth date",
        "no birth date",
        "another given name elsewhere",
        "perhaps twins",
        "two strangers at one address",
        "sex and birth date both differ",
    ],
)
def test_a_high_score_links_only_what_agrees(changes: dict[str, object], expected: Decision) -> None:
    left, right = _two(**changes)
    assert decide(left=left, right=right, score=0.999) is expected
    assert decide(left=right, right=left, score=0.999) is expected


@pytest.mark.parametrize(
    ("changes", "alone", "expected"),
    [
        ({"birth_date": None}, True, Decision.LINK),
        ({"birth_date": None}, False, Decision.REVIEW),
        ({"birth_date": None, "given": "j"}, True, Decision.REVIEW),
        ({"birth_date": None, "sex": "male"}, True, Decision.REVIEW),
        ({"birth_date": None, "postcode": "NR22BB"}, True, Decision.REVIEW),
        ({"birth_date": dt.date(1975, 11, 30)}, True, Decision.REVIEW),
    ],
    ids=["nobody else of that name", "a namesake there", "an initial", "another sex", "elsewhere", "both dates known"],
)
def test_without_a_birth_date_a_name_links_only_where_nobody_shares_it(
    changes: dict[str, object], alone: bool, expected: Decision
) -> None:
    left, right = _two(**changes)
    for score in (0.999, 0.6):
        assert decide(left=left, right=right, score=score, alone_of_that_name=alone) is expected
        assert decide(left=right, right=left, score=score, alone_of_that_name=alone) is expected
    assert decide(left=left, right=right, score=0.4, alone_of_that_name=alone) is Decision.LEAVE


def test_two_calls_from_one_street_are_not_linked_by_name() -> None:
    undated = Record("b", **{**JANE, "birth_date": None, "home": None})  # type: ignore[arg-type]
    called = Record("a", **{**JANE, "home": None})  # type: ignore[arg-type]
    neither = Record("c", **{**JANE, "birth_date": None})  # type: ignore[arg-type]

    assert decide(left=undated, right=called, score=0.999, alone_of_that_name=True) is Decision.REVIEW
    assert decide(left=undated, right=neither, score=0.999, alone_of_that_name=True) is Decision.REVIEW


def test_a_low_score_never_links() -> None:
    left, right = _two()
    assert decide(left=left, right=right, score=0.6) is Decision.REVIEW
    assert decide(left=left, right=right, score=0.4) is Decision.LEAVE


def test_two_different_nhs_numbers_always_conflict() -> None:
    left, right = Record("a", nhs_number="1", **JANE), Record("b", nhs_number="2", **JANE)  # type: ignore[arg-type]
    assert conflict(left=left, right=right) is Conflict.NHS_NUMBERS_DIFFER


def test_twins_conflict_but_a_short_form_or_a_slip_does_not() -> None:
    maria, marta = _two(given="marta")[0], Record("b", **{**JANE, "given": "jake"})  # type: ignore[arg-type]
    assert conflict(left=maria, right=marta) is Conflict.TWINS
    margaret, peggy = (Record(name, **{**JANE, "given": name}) for name in ("margaret", "peggy"))  # type: ignore[arg-type]
    assert conflict(left=margaret, right=peggy) is None


def test_a_shared_number_must_be_borne_out() -> None:
    left, right = _two(birth_date=dt.date(1980, 1, 1), given="peter")
    assert not is_confirmed(left=left, right=right)
    assert is_confirmed(left=left, right=_two(birth_date=dt.date(1980, 1, 1))[1])


@pytest.mark.parametrize(
    ("left", "right", "close"),
    [
        ("michael", "micheal", True),
        ("j", "jean", True),
        ("kat", "katherine", True),
        ("bob", "robert", True),
        ("jean", "peter", False),
        ("", "peter", False),
    ],
)
def test_given_names_are_close(left: str, right: str, close: bool) -> None:
    assert are_close(left=left, right=right, least=CLOSE) is close


def test_likeness_is_as_published() -> None:
    assert round(likeness("martha", "marhta"), 4) == 0.9611
    assert round(likeness("dwayne", "duane"), 2) == 0.84
    assert likeness("abc", "xyz") == 0


def test_a_slip_is_one_digit_or_day_and_month() -> None:
    assert is_slip(left=dt.date(1950, 3, 7), right=dt.date(1950, 7, 3))
    assert is_slip(left=dt.date(1950, 3, 7), right=dt.date(1905, 3, 7))
    assert not is_slip(left=dt.date(1950, 3, 7), right=dt.date(1961, 3, 8))


def test_a_join_that_would_bring_a_conflict_into_a_cluster_is_refused() -> None:
    records = {
        "a": Record("a", nhs_number="1", **JANE),  # type: ignore[arg-type]
        "b": Record("b", **JANE),  # type: ignore[arg-type]
        "c": Record("c", nhs_number="2", **JANE),  # type: ignore[arg-type]
    }
    pairs = [Pair("a", "b", 0.99, "similarity", ""), Pair("b", "c", 0.98, "similarity", "")]
    found = cluster(records=records, pairs=pairs)
    assert found.clusters == (("a", "b"), ("c",))
    assert found.refused == 1
    assert [each.why for each in found.review] == ["two different NHS numbers"]


def test_a_person_keeps_their_id_when_records_come_and_when_two_turn_out_one() -> None:
    first = person_ids(clusters=[("b",), ("c",)], known={})
    assert first == {"b": new_person_id(seed="b"), "c": new_person_id(seed="c")}
    later = person_ids(clusters=[("a", "b", "c")], known=first)
    assert set(later.values()) == {min(first.values())}


def test_when_one_person_turns_out_two_the_seed_keeps_the_id_and_no_id_is_used_twice() -> None:
    known = dict.fromkeys("ab", new_person_id(seed="b"))
    apart = person_ids(clusters=[("a",), ("b",)], known=known)
    assert apart["b"] == known["b"]
    assert apart["a"] != known["a"]
