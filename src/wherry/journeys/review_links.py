"""
Review links: an analyst looks at two records, says what they are, takes a person apart, and confirms it.

Each look is in the record and in the store's ledger, by opaque ids; answers are kept in the store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from wherry.audit.actions import record
from wherry.cases.models import Case
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER, Actor
from wherry.foundation.digests import sha256_of
from wherry.foundation.errors import InputWrong
from wherry.foundation.identifiers import parse_nhs_number
from wherry.governance.rules import Permission, require
from wherry.journeys.agree_the_list import store
from wherry.organisations.queries import organisation_names
from wherry.outreach.models import Attempt
from wherry.people import link_review
from wherry.people.link_review import Separation, Side, Waiting
from wherry.people.linkage import actions
from wherry.people.linkage.types import Decided, Verdict
from wherry.people.records import Compared, Shown, compare
from wherry.population import ledger
from wherry.referrals.models import CallToAction
from wherry.worklist.models import Task

_GONE = ["sent", "delivered", "in_doubt"]


@dataclass(frozen=True)
class Pair:
    """Two records side by side. others: how many more records each one's person has; people: their opaque ids."""

    key: str
    waiting: Waiting
    left: Shown
    right: Shown
    compared: tuple[Compared, ...]
    people: tuple[str, str]
    others: tuple[int, int]


@dataclass(frozen=True)
class Linked:
    """One of a person's records, and why it is theirs. score: None where it came first."""

    shown: Shown
    score: float | None
    evidence: str


@dataclass(frozen=True)
class Told:
    """
    What was done for a person so far. messages: sent, by the source of the number or address; tasks: calls and other
    work done by people; partners: those who were told of them.
    """

    cases: int
    messages: tuple[tuple[str, int], ...]
    tasks: int
    partners: tuple[str, ...]


@dataclass(frozen=True)
class Consequences:
    """What taking records out of a person comes to: what goes, what stays, and what was done for the one so far."""

    going: Side
    staying: Side
    told: Told


def pair_key(*, left: str, right: str) -> str:
    """Name a pair where a sender's own number of a person must not stand, such as an address. 32 characters."""
    return sha256_of([left, right])[:32]


def queue(*, by: Actor, now: dt.datetime) -> tuple[tuple[Waiting, ...], tuple[Separation, ...]]:
    """List the pairs that wait for an answer, and the separations that wait to be confirmed."""
    require(by, Permission.REVIEW_LINKS)
    pairs, held = link_review.waiting(store=store()), link_review.separations(store=store())
    if store().path.is_dir():
        about = {"pairs": len(pairs), "separations": len(held)}
        ledger.record(store(), by=by.id, did="review_links", about=about, at=now)
    return pairs, held


def look_at(*, by: Actor, key: str, now: dt.datetime) -> Pair | None:
    """Show the two records of a pair that waits; None when somebody has answered it meanwhile, or there is none."""
    require(by, Permission.REVIEW_LINKS)
    found = _waiting(key)
    if found is None:
        return None
    records = link_review.shown(store=store(), record_ids=[found.left, found.right])
    people = [link_review.person_of(store=store(), record_id=one) or "" for one in (found.left, found.right)]
    members = link_review.records_of(store=store(), person_ids=people)
    _seen(by=by, people=people, now=now)
    left, right = records[found.left], records[found.right]
    others = [len(members.get(one, ())) - 1 for one in people]
    compared = compare(left=left, right=right)
    return Pair(key, found, left, right, compared, (people[0], people[1]), (others[0], others[1]))


def say(*, by: Actor, key: str, verdict: Verdict, why: str, now: dt.datetime) -> Decided | None:
    """Keep what an analyst said of a pair. None when it does not wait any more."""
    require(by, Permission.REVIEW_LINKS)
    found = _waiting(key)
    if found is None:
        return None
    decided = actions.answer(
        store=store(), left=found.left, right=found.right, verdict=verdict, why=why, by=by.id, at=now
    )
    _decided(by=by, decided=decided, now=now)
    return decided


def next_after(*, key: str) -> str:
    """Give the key of the first pair that waits and is not this one; empty when none does."""
    keys = (pair_key(left=one.left, right=one.right) for one in link_review.waiting(store=store()))
    return next((one for one in keys if one != key), "")


def find_people(*, by: Actor, nhs_number: str, now: dt.datetime) -> tuple[str, ...]:
    """Find whose links to look at by their NHS number: two, where two people bear it. In the store's ledger."""
    require(by, Permission.REVIEW_LINKS)
    number = parse_nhs_number(nhs_number)
    if not number or not store().has("persons"):
        return ()
    ledger.record(store(), by=by.id, did="look_up_person", about={"links": True}, at=now)
    return link_review.people_bearing(store=store(), nhs_number=number)


def links_of(*, by: Actor, person_id: str, now: dt.datetime) -> tuple[Linked, ...]:
    """Show every record of a person and why it is theirs; empty when the store knows nobody of this id."""
    require(by, Permission.REVIEW_LINKS)
    why = link_review.links_of(store=store(), person_id=person_id)
    if not why:
        return ()
    records = link_review.shown(store=store(), record_ids=list(why))
    _seen(by=by, people=[person_id], now=now)
    return tuple(Linked(records[one], *why[one]) for one in why if one in records)


def consequences(*, by: Actor, person_id: str, records: Collection[str]) -> Consequences:
    """Say what taking records out of a person comes to. Raises InputWrong unless some, not all, are theirs."""
    require(by, Permission.REVIEW_LINKS)
    members = link_review.records_of(store=store(), person_ids=[person_id]).get(person_id, ())
    going = [one for one in members if one in set(records)]
    staying = [one for one in members if one not in set(records)]
    if not going or not staying:
        raise InputWrong("Choose the records that belong to somebody else: at least one, and not all")
    out, left = link_review.sides(store=store(), going=going, staying=staying)
    return Consequences(out, left, told_of(people=[person_id]))


def told_of(*, people: Sequence[str]) -> Told:
    """Count what was done for people so far, whoever's case it was."""
    with acting_as(WORKER):
        cases = list(Case.objects.filter(person__population_id__in=people).values_list("pk", flat=True))
        sent = Attempt.objects.filter(case_id__in=cases, state__in=_GONE).select_related("contact_point")
        by_source: dict[str, int] = {}
        for one in sent:
            source = one.contact_point.source if one.contact_point else "a number no longer kept"
            by_source[source] = by_source.get(source, 0) + 1
        tasks = Task.objects.filter(case_id__in=cases, state="done").count()
        partners = CallToAction.objects.filter(case_id__in=cases).values_list("partner_id", flat=True)
        names: Mapping[UUID, str] = dict(organisation_names())
        told = sorted({names.get(one, "a partner") for one in partners})
    return Told(len(cases), tuple(sorted(by_source.items())), tasks, tuple(told))


def take_apart(*, by: Actor, person_id: str, records: Collection[str], why: str, now: dt.datetime) -> Decided:
    """Take records out of a person; nobody writes to either until somebody confirms it."""
    consequences(by=by, person_id=person_id, records=records)
    decided = actions.unlink(store=store(), records=records, why=why, by=by.id, at=now)
    _decided(by=by, decided=decided, now=now)
    return decided


def confirm(*, by: Actor, act: int, why: str, now: dt.datetime) -> Decided:
    """Say that a separation was looked into, so that both people may be written to again."""
    require(by, Permission.REVIEW_LINKS)
    decided = actions.confirm(store=store(), act=act, why=why, by=by.id, at=now)
    _decided(by=by, decided=decided, now=now)
    return decided


def _waiting(key: str) -> Waiting | None:
    found = link_review.waiting(store=store())
    return next((one for one in found if pair_key(left=one.left, right=one.right) == key), None)


def _seen(*, by: Actor, people: Sequence[str], now: dt.datetime) -> None:
    ledger.record(store(), by=by.id, did="look_at_links", about={"people": sorted(set(people))}, at=now)
    record(by=by, did="person.seen", subject="person", subject_ids=sorted(set(people)), now=now)


def _decided(*, by: Actor, decided: Decided, now: dt.datetime) -> None:
    detail = {"act": decided.act, "pairs": decided.pairs, "held": decided.is_held, "new": decided.is_new}
    record(by=by, did=f"link.{decided.verdict}", subject="link", subject_ids=[], now=now, detail=detail)
