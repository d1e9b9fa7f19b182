"""Every deed is written down once: every action there is, tried against the real tables."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import wherry
from tests.support.deeds import (
    cases,
    checkin,
    governance,
    organisations,
    outreach,
    people,
    referrals,
    review,
    sign_off,
    triage,
    worklist,
)
from tests.support.deeds.kinds import Deed
from tests.support.places_and_people import QUICK_HASHES, Side, a_side
from wherry.audit.models import Event
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER

pytestmark = pytest.mark.django_db
_ROOMS = (cases, checkin, governance, organisations, outreach, people, referrals, review, sign_off, triage, worklist)
#: One line per action: how it is done here. What must have happened before is done by the first of a pair.
DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {name: deed for room in _ROOMS for name, deed in room.DEEDS.items()}
#: What writes nothing down, and why that is right.
NO_DEED: dict[str, str] = {
    "audit.record": "is the record",
    "audit.record_all": "is the record",
    "audit.seal": "links the record",
    "feeds.receive": "the population store keeps a ledger",
    "feeds.withdraw": "the population store keeps a ledger",
    "risk.forget_evidence": "part of a withdrawal, which the store's ledger has",
    "risk.stratify": "the population store keeps a ledger",
} | {name: why for room in _ROOMS for name, why in getattr(room, "NO_DEED", {}).items()}


def actions() -> dict[str, object]:
    """Every public function of every room's `actions`, a file or a folder of files, as `room.function`."""
    found = {}
    for module in pkgutil.walk_packages(wherry.__path__, "wherry."):
        room, _, rest = module.name.removeprefix("wherry.").partition(".")
        if rest.split(".")[0] != "actions":
            continue
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == loaded.__name__ and not name.startswith("_"):
                found[f"{room}.{name}"] = function
    return found


def test_every_action_is_tried_here_or_said_to_be_no_deed() -> None:
    assert set(actions()) == set(DEEDS) | set(NO_DEED)
    assert not set(DEEDS) & set(NO_DEED)


@pytest.fixture
def side() -> Side:
    return a_side(code="icb", place="norwich")


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_a_deed_is_written_down_exactly_once(name: str, side: Side) -> None:
    deed = DEEDS[name]
    with acting_as(WORKER), QUICK_HASHES:
        now = app_now()
        if isinstance(deed, tuple):
            deed[0](side, now)
            deed = deed[1]
        before = set(Event.objects.values_list("pk", flat=True))
        deed(side, now)
        written = Event.objects.exclude(pk__in=before)
        deeds = [event.did for event in written]
    assert len(deeds) == 1, deeds


@pytest.mark.parametrize(
    "name", ["cases.open_case", "people.report", "review.sign_list", "worklist.claim_next", "referrals.accept"]
)
def test_a_deed_taken_back_is_not_written_down(name: str, side: Side) -> None:
    deed = DEEDS[name]
    with acting_as(WORKER):
        before = Event.objects.count()
        with pytest.raises(ZeroDivisionError), acting_as(WORKER):
            deed(side, app_now())  # type: ignore[operator]
            raise ZeroDivisionError
        assert Event.objects.count() == before
