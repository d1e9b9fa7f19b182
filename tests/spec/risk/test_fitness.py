"""A list is made from data young enough, or somebody answers for it; with every canary on it, or nobody signs."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from wherry.feeds import actions as feeds
from wherry.feeds import queries
from wherry.feeds.errors import ContractWrong
from wherry.foundation.content import content_folder
from wherry.foundation.errors import ExitCode, InputWrong
from wherry.people.linkage.actions import link
from wherry.population import Store, ledger
from wherry.programmes.files import load
from wherry.risk.actions import Stratification, stratify
from wherry.risk.difference.comparing import compare
from wherry.risk.errors import FeedsTooOld
from wherry.risk.fitness import Acceptance, feeds_behind
from wherry.risk.queries import placed_in
from wherry.risk.versions import between

PROGRAMME = load(content_folder("programmes") / "covid_protect")
REGISTER = "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth\n"
EVENTS = "Practice Code,Patient ID,Event Date,SNOMED Code\n"
KETT, CANARY = "D82001,1,9990000026,Kett,Robert,12/03/1950\n", "D82001,9,9990000018,Canary,Register,01/01/1950\n"
LYMPHOMA = "D82001,{},01/02/2020,118600007\n"
AS_OF = dt.date(2026, 3, 2)
CANARY_NUMBER = "9990000018"


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """The two contracts of a practice; its register has a canary."""
    folder = tmp_path / "feeds"
    folder.mkdir()
    for name, more in (("gp_register", {"canary": CANARY_NUMBER}), ("gp_events", {})):
        shipped = yaml.safe_load((content_folder("feeds") / f"{name}.yaml").read_text())
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({**shipped, **more}))
    return folder


def _receive(tmp_path: Path, name: str, content: str, *, days_old: int, directory: Path | None = None) -> str:
    file = tmp_path / f"{name}-{days_old}.csv"
    file.write_text(content)
    return feeds.receive(
        contract=queries.contract(name=name, directory=directory), files=[file], store=Store(tmp_path / "store"),
        by="a", received_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC), extracted_on=AS_OF - dt.timedelta(days=days_old),
    ).batch_id  # fmt: skip


def _stratify(tmp_path: Path, accepted: Acceptance | None = None, engine: str = "duckdb") -> Stratification:
    link(store=Store(tmp_path / "store"), by="a")
    return stratify(
        files=PROGRAMME, store=Store(tmp_path / "store"), as_of=AS_OF, out=tmp_path / "out.parquet", by="a",
        accepted=accepted, engine=engine,
    )  # fmt: skip


def _record(tmp_path: Path) -> dict[str, object]:
    return dict(json.loads((tmp_path / "out.run.json").read_text()))


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (14, False), (15, True), (49, True), (-3, False)])
def test_a_feed_is_too_old_from_the_day_after_its_limit(tmp_path: Path, days: int, is_late: bool) -> None:
    if days < 0:
        day = AS_OF - dt.timedelta(days=1)
        _receive(tmp_path, "gp_register", REGISTER + KETT, days_old=1)
        [feed] = feeds_behind(store=Store(tmp_path / "store"), as_of=day + dt.timedelta(days=days))
    else:
        _receive(tmp_path, "gp_register", REGISTER + KETT, days_old=days)
        [feed] = feeds_behind(store=Store(tmp_path / "store"), as_of=AS_OF)
    assert (feed.contract, feed.is_late) == ("gp_register", is_late)


def test_an_old_feed_stops_the_list_and_says_which_and_what_to_do(tmp_path: Path) -> None:
    _receive(tmp_path, "gp_register", REGISTER + KETT, days_old=2)
    _receive(tmp_path, "gp_events", EVENTS + LYMPHOMA.format(1), days_old=49)

    with pytest.raises(FeedsTooOld) as stopped:
        _stratify(tmp_path)

    said = str(stopped.value)
    assert "gp_events from general practices (D82001) is 49 days old on 2026-03-02 and may be 14" in said
    assert "gp_register" not in said
    assert "--stale-accepted-by" in said
    assert stopped.value.exit_code == ExitCode.CHECK_FOUND_PROBLEMS
    assert not list(tmp_path.glob("out.*"))


def test_what_a_clinical_lead_accepts_is_made_and_recorded(tmp_path: Path) -> None:
    _receive(tmp_path, "gp_register", REGISTER + KETT, days_old=49)

    done = _stratify(tmp_path, Acceptance("Dr Ada Lead", "the practice's system is down until Friday"))

    assert done.late == ("gp_register",)
    record = _record(tmp_path)
    assert record["late_accepted"] == {"by": "Dr Ada Lead", "why": "the practice's system is down until Friday"}
    assert record["feeds"] == [
        {
            "contract": "gp_register", "extracted_on": "2026-01-12", "age_days": 49, "freshness_days": 14, "late": True,
            "late_from": ["D82001"],
        }
    ]  # fmt: skip
    about = ledger.entries(Store(tmp_path / "store"))[-1]["about"]
    assert isinstance(about, dict)
    assert (about["late"], about["late_accepted_by"]) == (["gp_register"], "Dr Ada Lead")


@pytest.mark.parametrize(("by", "why"), [("", "why"), ("who", " ")])
def test_nobody_and_no_reason_accept_nothing(by: str, why: str) -> None:
    with pytest.raises(InputWrong, match="give both"):
        Acceptance(by, why)


def test_one_practice_that_still_sends_hides_no_other_that_stopped(tmp_path: Path) -> None:
    _receive(tmp_path, "gp_register", REGISTER + KETT.replace("D82001", "D82002"), days_old=49)
    _receive(tmp_path, "gp_register", REGISTER + KETT, days_old=1)

    with pytest.raises(FeedsTooOld, match=r"general practices \(D82002\) is 49 days old"):
        _stratify(tmp_path)


def test_a_newer_delivery_of_which_every_row_was_set_aside_makes_nothing_younger(tmp_path: Path) -> None:
    _receive(tmp_path, "gp_register", REGISTER + KETT, days_old=49)
    _receive(tmp_path, "gp_register", REGISTER + "D82001,,,,,\n", days_old=1)
    [feed] = feeds_behind(store=Store(tmp_path / "store"), as_of=AS_OF)
    assert (feed.age_days, feed.is_late) == (49, True)


def test_a_withdrawn_delivery_makes_nothing_younger(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    _receive(tmp_path, "gp_register", REGISTER + KETT, days_old=49)
    newer = _receive(tmp_path, "gp_register", REGISTER + KETT + CANARY, days_old=1)
    feeds.withdraw(store=store, batch_id=newer, by="a", why="wrong", at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    assert [one.is_late for one in feeds_behind(store=store, as_of=AS_OF)] == [True]


def test_a_directory_of_partners_stops_no_list(tmp_path: Path) -> None:
    _receive(tmp_path, "partner_directory", "organisation_code,name,kind\nA1,Hub,charity\n", days_old=300)
    assert feeds_behind(store=Store(tmp_path / "store"), as_of=AS_OF) == ()


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_a_canary_is_on_the_list_and_in_no_figure(tmp_path: Path, contracts: Path, engine: str) -> None:
    events = EVENTS + LYMPHOMA.format(1) + LYMPHOMA.format(9)
    _receive(tmp_path, "gp_register", REGISTER + KETT + CANARY, days_old=2, directory=contracts)
    _receive(tmp_path, "gp_events", events, days_old=2, directory=contracts)

    done = _stratify(tmp_path, engine=engine)

    placed = placed_in(out=done.out)
    record = _record(tmp_path)
    [canary] = record["canaries"]  # type: ignore[misc]
    assert (canary["contract"], canary["found"], record["may_be_signed"]) == ("gp_register", True, True)
    assert canary["person_id"] in {one.person_id for one in placed}
    assert len(placed) == 2
    assert (done.people, done.living, done.placed, done.canaries_missing) == (1, 1, {"shielded": {"3": 1}}, ())
    assert set(done.fired.values()) <= {0, 1}
    assert set(done.missing.values()) <= {0, 1}


def test_a_canary_is_nobody_who_entered_or_left(tmp_path: Path, contracts: Path) -> None:
    _receive(tmp_path, "gp_register", REGISTER + KETT, days_old=3, directory=contracts)
    _receive(tmp_path, "gp_events", EVENTS + LYMPHOMA.format(1), days_old=3, directory=contracts)
    before = _stratify(tmp_path).out.rename(tmp_path / "before.parquet")
    (tmp_path / "out.run.json").rename(tmp_path / "before.run.json")
    _receive(tmp_path, "gp_register", REGISTER + KETT + CANARY, days_old=2, directory=contracts)
    _receive(tmp_path, "gp_events", EVENTS + LYMPHOMA.format(9), days_old=2, directory=contracts)
    after = _stratify(tmp_path).out

    found = compare(before=before, after=after, store=Store(tmp_path / "store"))

    assert ([one.kind for one in found.people], found.same) == ([], 1)
    assert len(placed_in(out=after)) == len(placed_in(out=before)) + 1


def test_a_canary_is_in_no_figure_of_two_versions(tmp_path: Path, contracts: Path) -> None:
    _receive(tmp_path, "gp_register", REGISTER + KETT + CANARY, days_old=40, directory=contracts)
    _receive(tmp_path, "gp_events", EVENTS + LYMPHOMA.format(1) + LYMPHOMA.format(9), days_old=1, directory=contracts)
    link(store=Store(tmp_path / "store"), by="a")
    lists = {**PROGRAMME.codelists}
    lists["haematological_cancer"] = replace(lists["haematological_cancer"], pairs={"93143009": "Leukaemia"})

    found = between(
        before=replace(PROGRAMME, codelists=lists), after=PROGRAMME, store=Store(tmp_path / "store"), as_of=AS_OF
    )

    assert (found.living, found.balances[0].entered, found.balances[0].after) == (1, 1, 1)
    assert [one.contract for one in found.late] == ["gp_register"]


def test_a_canary_that_is_not_on_the_list_keeps_it_from_being_signed(tmp_path: Path, contracts: Path) -> None:
    _receive(tmp_path, "gp_register", REGISTER + KETT + CANARY, days_old=2, directory=contracts)
    # The file with the events was cut short before its last row.
    _receive(tmp_path, "gp_events", EVENTS + LYMPHOMA.format(1), days_old=2, directory=contracts)

    done = _stratify(tmp_path)

    assert done.canaries_missing == ("gp_register",)
    assert _record(tmp_path)["may_be_signed"] is False
    assert (done.people, done.living) == (1, 1)


def test_a_canary_nobody_sent_is_missing_too(tmp_path: Path, contracts: Path) -> None:
    _receive(tmp_path, "gp_register", REGISTER + KETT, days_old=2, directory=contracts)
    _receive(tmp_path, "gp_events", EVENTS + LYMPHOMA.format(1), days_old=2, directory=contracts)
    assert _stratify(tmp_path).canaries_missing == ("gp_register",)


def test_somebody_real_is_never_a_canary(contracts: Path) -> None:
    file = contracts / "gp_register.yaml"
    file.write_text(file.read_text().replace(CANARY_NUMBER, "9434765919"))
    with pytest.raises(ContractWrong, match="one that begins 999"):
        queries.contract(name="gp_register", directory=contracts)
