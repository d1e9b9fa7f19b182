"""Over random records, pairs and answers: people's answers bind, whatever the order; and an un-link undoes a link."""

from __future__ import annotations

import datetime as dt
import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from tests.support.linking import RECORDS, numbered, pairs_of
from wherry.people.linkage.binding import binding, standing
from wherry.people.linkage.clusters import cluster, person_ids
from wherry.people.linkage.rules import conflict
from wherry.people.linkage.types import Answer, Record, Verdict

_AT = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
SAID = st.lists(
    st.tuples(
        st.integers(0, 8),
        st.integers(0, 8),
        st.sampled_from([Verdict.SAME, Verdict.SAME, Verdict.NOT_SAME, Verdict.UNSURE]),
        st.sampled_from(["ada", "ben"]),
        st.booleans(),
    ),
    max_size=12,
)


def answers_of(drawn: list[tuple[int, int, Verdict, str, bool]], records: dict[str, Record]) -> list[Answer]:
    """Number what was drawn; an answer of `same` over a conflict needs a second, as the action writes it."""
    found = []
    for number, (one, other, verdict, by, _) in enumerate(drawn, start=1):
        left, right = sorted((f"r{one}", f"r{other}"))
        if left != right and {left, right} <= records.keys():
            needs = verdict is Verdict.SAME and bool(conflict(left=records[left], right=records[right]))
            found.append(Answer(number, number, left, right, verdict, "why", by, _AT, needs_second=needs))
    return found


def _answer(number: int, pair: tuple[str, str], verdict: Verdict, by: str) -> Answer:
    left, right = sorted(pair)
    return Answer(number, number, left, right, verdict, "why", by, _AT, needs_second=verdict is Verdict.SAME)


def _together(clusters: tuple[tuple[str, ...], ...], left: str, right: str) -> bool:
    return any({left, right} <= set(members) for members in clusters)


@given(RECORDS, SAID, st.integers(0, 9999))
def test_answers_bind_whatever_the_order_of_pairs_and_answers(
    drawn: list[Record], said: list[tuple[int, int, Verdict, str, bool]], seed: int
) -> None:
    records = numbered(drawn)
    pairs, answers = pairs_of(records, seed), answers_of(said, records)
    bound = binding(answers=answers)
    found = cluster(records=records, pairs=pairs, bound=bound)

    shuffled = random.Random(seed).sample(answers, len(answers))
    again = cluster(records=records, pairs=list(reversed(pairs)), bound=binding(answers=shuffled))
    assert again.clusters == found.clusters and again.review == found.review

    asked = {(each.pair.left, each.pair.right) for each in found.review}
    for (left, right), one in standing(answers=answers).items():
        if one.verdict is Verdict.NOT_SAME:
            assert not _together(found.clusters, left, right)
            assert (left, right) not in asked
        else:
            assert _together(found.clusters, left, right) or (left, right) in asked, "said to be one, and forgotten"


@given(RECORDS, SAID, st.integers(0, 9999))
def test_every_same_that_nothing_speaks_against_is_together(
    drawn: list[Record], said: list[tuple[int, int, Verdict, str, bool]], seed: int
) -> None:
    records = numbered(drawn)
    answers = answers_of(said, records)
    bound = binding(answers=answers)
    found = cluster(records=records, pairs=pairs_of(records, seed), bound=bound).clusters
    for one in bound.same:
        group = _said_to_be_one(one.left, answers)
        if all(
            conflict(left=records[a], right=records[b]) is None and b not in bound.apart.get(a, ())
            for a, b in itertools.combinations(group, 2)
        ):
            assert _together(found, one.left, one.right)


def _said_to_be_one(start: str, answers: list[Answer]) -> list[str]:
    """Give every record that answers of `same` lead to from one."""
    same = [{one.left, one.right} for one in standing(answers=answers).values() if one.verdict is Verdict.SAME]
    group = {start}
    for _ in same:
        group = group.union(*(pair for pair in same if pair & group))
    return sorted(group)


@given(RECORDS, SAID, st.integers(0, 9999))
def test_a_conflict_is_inside_a_cluster_only_where_two_people_said_so(
    drawn: list[Record], said: list[tuple[int, int, Verdict, str, bool]], seed: int
) -> None:
    records = numbered(drawn)
    bound = binding(answers=answers_of(said, records))
    found = cluster(records=records, pairs=pairs_of(records, seed), bound=bound)
    seconded = [{one.left, one.right} for one in bound.same if one.is_seconded]
    for members in found.clusters:
        if not any(pair <= set(members) for pair in seconded):
            for left, right in itertools.combinations(members, 2):
                assert conflict(left=records[left], right=records[right]) is None


@given(RECORDS, st.integers(0, 9999), st.integers(0, 8))
def test_taking_back_a_link_gives_everybody_the_id_they_had_i7(drawn: list[Record], seed: int, which: int) -> None:
    records = numbered(drawn)
    pairs = pairs_of(records, seed)
    before = cluster(records=records, pairs=pairs).clusters
    first = person_ids(clusters=before, known={})
    one, other = before[0], before[which % len(before)]
    left, right = min(one), min(other)
    if left == right:
        return
    said = [
        _answer(number, pair, Verdict.SAME, by)
        for number, (pair, by) in enumerate(itertools.product(itertools.product(one, other), ("ada", "ben")), start=1)
    ]
    joined = cluster(records=records, pairs=pairs, bound=binding(answers=said)).clusters
    second = person_ids(clusters=joined, known=first)
    moved = {each: tuple(dict.fromkeys((second[each], first[each]))) for each in records if second[each] != first[each]}
    denied = [
        _answer(100 + number, pair, Verdict.NOT_SAME, "ada")
        for number, pair in enumerate(itertools.product(one, other))
    ]
    apart = cluster(records=records, pairs=pairs, bound=binding(answers=[*said, *denied])).clusters
    assert apart == before
    assert person_ids(clusters=apart, known=second, former=moved) == first
