"""What people say of two records, checked against what was said before and kept for every later run."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence

from wherry.foundation.errors import InputWrong
from wherry.people.linkage import answers, links
from wherry.people.linkage.binding import binding, standing
from wherry.people.linkage.reading import load_records, records_named
from wherry.people.linkage.rules import conflict
from wherry.people.linkage.types import Answer, Conflict, Decided, Record, Verdict
from wherry.population import Store, connect

_Pairs = Sequence[tuple[str, str]]


class AnswersAtOdds(InputWrong):
    """Earlier answers say otherwise by way of other records; answer those again, or un-link, first."""


def answer(*, store: Store, left: str, right: str, verdict: Verdict, why: str, by: str, at: dt.datetime) -> Decided:
    """
    Keep what somebody said of two records; it binds every later run, and stands instead of what was said before.

    `same` over a hard conflict binds once a second person has said it. `not_same` of two records that are one person
    now holds back what is sent to them, as an un-link does. Raises InputWrong for records the store does not know, and
    AnswersAtOdds when standing answers about other records say the opposite.
    """
    pair = _named(left, right)
    _check(store, why=why, by=by)
    with store.lock():
        answers.note_what_was_cut(store=store)
        said, people = answers.answers(store=store), _people(store, pair)
        saying = Saying(store, said, verdict, why.strip(), by, at)
        if verdict is Verdict.UNSURE:
            return saying.of([pair])
        if verdict is Verdict.NOT_SAME:
            _refuse_joined_by_others(said, pair)
            before = standing(answers=said).get(pair)
            is_held = before.is_held if before and before.verdict is verdict else people[pair[0]] == people[pair[1]]
            return saying.of([pair], is_held=is_held)
        pairs, found = _pairs_for_same(store, said, pair, people)
        decided = saying.of(pairs, needs_second=found is not None)
        waiting = {(one.left, one.right) for one in binding(answers=answers.answers(store=store)).proposed}
        return dataclasses.replace(decided, waits_for_another=str(found) if found and pair in waiting else "")


def unlink(*, store: Store, records: Collection[str], why: str, by: str, at: dt.datetime) -> Decided:
    """
    Say that these records of one person are not the person the rest is: every pair across is answered `not_same`.

    Both people are held: nobody writes to either until somebody has confirmed it. The next run separates them. Raises
    InputWrong unless the records are some, not all, of one person's.
    """
    _check(store, why=why, by=by)
    with store.lock():
        answers.note_what_was_cut(store=store)
        people = _people(store, sorted(set(records)))
        if len(set(people.values())) != 1:
            raise InputWrong("the records named belong to several people; name records of one person")
        with connect() as connection:
            (members,) = links.members_of(connection=connection, store=store, person_ids=set(people.values())).values()
        rest = [one for one in members if one not in people]
        if not rest:
            raise InputWrong("these are all the records the person has; name those that belong to somebody else")
        pairs = [_ordered(one, other) for one in people for other in rest]
        saying = Saying(store, answers.answers(store=store), Verdict.NOT_SAME, why.strip(), by, at)
        return saying.of(sorted(pairs), is_held=True)


def confirm(*, store: Store, act: int, why: str, by: str, at: dt.datetime) -> Decided:
    """
    Say that a separation was looked into and is right, so that both people may be written to again.

    Raises InputWrong before a run has separated them: until then what is sent to the one may reach the other.
    """
    _check(store, why=why, by=by)
    with store.lock():
        answers.note_what_was_cut(store=store)
        said = answers.answers(store=store)
        held = [pair for pair, one in standing(answers=said).items() if one.act == act and one.is_held]
        if not held:
            raise InputWrong(f"no separation numbered {act} waits to be confirmed; wherry people review lists them")
        people = _people(store, sorted({each for pair in held for each in pair}))
        if any(people[one] == people[other] for one, other in held):
            raise InputWrong(f"separation {act} is not carried out yet; run wherry people link, then confirm it")
        return Saying(store, said, Verdict.NOT_SAME, why.strip(), by, at).of(sorted(held))


def _named(left: str, right: str) -> tuple[str, str]:
    if left == right:
        raise InputWrong("the two records named are one and the same; name two")
    return _ordered(left, right)


def _check(store: Store, *, why: str, by: str) -> None:
    # Before anything is written: an answer nobody gave, or for no reason, is no answer.
    if not by.strip():
        raise InputWrong("nobody is named as acting on this store; say who with --by")
    if not why.strip():
        raise InputWrong("no reason is given; say why with --why")
    links.require(store=store)


def _ordered(left: str, right: str) -> tuple[str, str]:
    return (left, right) if left < right else (right, left)


def _people(store: Store, record_ids: Sequence[str]) -> dict[str, str]:
    with connect() as connection:
        people = links.people_of(connection=connection, store=store, record_ids=record_ids)
    unknown = sum(1 for one in record_ids if one not in people)
    if unknown or not record_ids:
        # Not repeated: a sender's own number of a person may be in it.
        raise InputWrong(
            f"{unknown or 'none'} of the records named cannot be found; wherry people review shows records"
            " as they are written, and wherry people link takes new ones in"
        )
    return people


def _refuse_joined_by_others(said: Iterable[Answer], pair: tuple[str, str]) -> None:
    same = [one for one in standing(answers=said).values() if one.verdict is Verdict.SAME]
    others = [one for one in same if (one.left, one.right) != pair]
    if pair[1] in _reached(pair[0], others):
        acts = ", ".join(str(act) for act in sorted({one.act for one in others}))
        raise AnswersAtOdds(
            f"people said these two are the same by way of other records (decisions {acts} hold such answers);"
            " un-link one of the records, or answer those again first"
        )


def _reached(start: str, same: Sequence[Answer]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for one in same:
            for near, far in ((one.left, one.right), (one.right, one.left)):
                if near == here and far not in found:
                    found.add(far)
                    waiting.append(far)
    return found


def _pairs_for_same(
    store: Store, said: Sequence[Answer], pair: tuple[str, str], people: Mapping[str, str]
) -> tuple[_Pairs, Conflict | None]:
    """
    Give every pair a `same` answers for: the one named, what an un-link said of it, and the pairs that conflict.

    Also the first conflict found. Raises AnswersAtOdds when other answers keep the two people apart.
    """
    with connect() as connection:
        members = links.members_of(connection=connection, store=store, person_ids=set(people.values()))
        sides = [members[people[one]] for one in pair]
        load_records(connection=connection, store=store, only={*sides[0], *sides[1]})
        records = records_named(connection=connection, record_ids={*sides[0], *sides[1]})
    across = {_ordered(one, other) for one, other in itertools.product(*sides) if one != other}
    stands = standing(answers=said)
    said_of_them = {each: stands[each] for each in across | {pair} if each in stands}
    denied = {each: one for each, one in said_of_them.items() if one.verdict is Verdict.NOT_SAME}
    taken_back = {each for each, one in denied.items() if pair in denied and one.act == denied[pair].act}
    if set(denied) - taken_back:
        acts = ", ".join(str(act) for act in sorted({denied[each].act for each in set(denied) - taken_back}))
        raise AnswersAtOdds(
            f"people said that other records of these two are not the same (decisions {acts}); answer those again first"
        )
    conflicts = {} if people[pair[0]] == people[pair[1]] else _conflicts(records, across)
    return sorted({pair, *taken_back, *conflicts}), next(iter(conflicts.values()), None)


def _conflicts(records: Mapping[str, Record], pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Conflict]:
    found = {}
    for left, right in sorted(pairs):
        if left in records and right in records:
            why = conflict(left=records[left], right=records[right])
            if why is not None:
                found[left, right] = why
    return found


@dataclasses.dataclass(frozen=True)
class Saying:
    """Somebody about to say one thing of some pairs, and what was said before."""

    store: Store
    said: Sequence[Answer]
    verdict: Verdict
    why: str
    by: str
    at: dt.datetime

    def of(self, pairs: _Pairs, *, is_held: bool = False, needs_second: bool = False) -> Decided:
        """Keep it, unless this person said just that before."""
        stands = standing(answers=self.said)
        if all(self._is_said(stands.get(pair), is_held) for pair in pairs):
            before = stands[pairs[0]]
            return Decided(before.act, self.verdict, len(pairs), is_new=False, is_held=before.is_held)
        first = max((one.number for one in self.said), default=0) + 1
        new = [
            Answer(first + place, first, *pair, self.verdict, self.why, self.by, self.at, is_held, needs_second)
            for place, pair in enumerate(pairs)
        ]
        answers.append(store=self.store, new=new)
        other = {stands[pair].act for pair in pairs if pair in stands and stands[pair].verdict is not self.verdict}
        takes_back = () if self.verdict is Verdict.UNSURE else tuple(sorted(other))
        return Decided(first, self.verdict, len(new), takes_back=takes_back, is_held=is_held)

    def _is_said(self, stands: Answer | None, is_held: bool) -> bool:
        if stands is None or stands.verdict is not self.verdict:
            return False
        if self.verdict is Verdict.NOT_SAME:
            return stands.is_held == is_held
        # A second person's word counts of itself; the same person's does not count twice.
        pair = (stands.left, stands.right)
        latest = [one for one in self.said if (one.left, one.right) == pair and one.verdict is not Verdict.UNSURE]
        since = itertools.takewhile(lambda one: one.verdict is Verdict.SAME, reversed(latest))
        return self.by in {one.by for one in since}
