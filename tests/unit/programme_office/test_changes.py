"""Who entered and who left, on a page: counts by cause and group, for the places one oversees, and nobody's name."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.lists import County, county
from wherry.audit.models import Event
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.foundation.content import content_folder
from wherry.population import Store, connect, ledger
from wherry.programmes.files import load
from wherry.risk.actions import stratify

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


@pytest.fixture
def here() -> County:
    return county()


@pytest.fixture
def store() -> Iterator[Store]:
    """The installation's own population store, empty before and after."""
    found = Store(Path(settings.HOME) / "store")
    shutil.rmtree(found.path, ignore_errors=True)
    found.path.mkdir(parents=True)
    yield found
    shutil.rmtree(found.path, ignore_errors=True)


def a_run(store: Store, *, ill: int, as_of: dt.date, everybody: int = 30) -> None:
    """Place a population of whom the first `ill` have a lymphoma; every third lives in Waveney."""
    people = f"""SELECT 'p' || i AS person_id, DATE '1990-01-01' AS birth_date, (1 + i % 2)::TINYINT AS imd_decile,
        CASE WHEN i % 3 = 2 THEN 'waveney' ELSE 'norwich' END AS place FROM range({everybody}) t(i)"""
    facts = f"""SELECT 'p' || i AS person_id, 'diagnosis' AS kind, 'snomed' AS system, '118600007' AS code,
        DATE '2020-01-01' AS date FROM range({ill}) t(i)"""
    with connect() as connection:
        for name, sql in {"persons": people, "facts": facts}.items():
            connection.execute(f"COPY ({sql}) TO '{store.path / name}.parquet' (FORMAT parquet)")
    files = load(content_folder("programmes") / "covid_protect", place="norwich")
    stratify(files=files, store=store, as_of=as_of, out=store.path.parent / "run.parquet", by="Ada")


def _page(here: County, who: str = "lead") -> str:
    answer = here.signed_in(who).get("/office/changes")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_before_there_are_two_runs_the_page_says_so(here: County, store: Store) -> None:
    assert "Nothing to compare yet" in _page(here)
    a_run(store, ill=1, as_of=DAY)
    assert "Nothing to compare yet" in _page(here)


def test_the_page_counts_those_who_live_there_by_cause_and_hides_small_groups(here: County, store: Store) -> None:
    a_run(store, ill=12, as_of=DAY)
    a_run(store, ill=30, as_of=DAY + dt.timedelta(days=7))

    page = _page(here)

    assert "12 entered" in page
    assert "0 left" in page
    assert "8 where they were" in page
    assert "2 March 2026 and 9 March 2026" in page
    assert "newly recorded" in page
    assert "p29" not in page


def test_a_second_look_is_read_from_what_the_first_worked_out(
    here: County, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_run(store, ill=2, as_of=DAY)
    a_run(store, ill=12, as_of=DAY + dt.timedelta(days=7))
    first = _page(here)
    monkeypatch.setattr("wherry.risk.difference.latest.compare_sides", lambda **_: pytest.fail("worked out again"))

    assert _page(here).split("<main")[1] == first.split("<main")[1]
    assert "not shown" in first


def test_each_look_is_in_the_record_and_in_the_store_s_ledger(here: County, store: Store) -> None:
    a_run(store, ill=2, as_of=DAY)
    a_run(store, ill=3, as_of=DAY + dt.timedelta(days=7))

    _page(here)

    with acting_as(WORKER):
        [event] = Event.objects.filter(did="run.looked_at")
    line = ledger.entries(store)[-1]
    assert (line["did"], line["by"]) == ("compare_runs", event.actor_id)
    assert event.subject_ids == line["about"]["after"]  # type: ignore[index]


def test_whoever_oversees_another_place_does_not_see_this_one(here: County, store: Store) -> None:
    a_run(store, ill=2, as_of=DAY)
    a_run(store, ill=12, as_of=DAY + dt.timedelta(days=7))

    page = _page(here, "other_lead")

    assert "Norwich" not in page
    assert "Waveney" in page
