"""Every kind of dirt is there, and the steps that take the files in cope with it: sums balance, nobody is mistaken."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.unit.county.conftest import PEOPLE, START, Received
from wherry.feeds import queries
from wherry.nonprod.county import CountyFiles, write_county
from wherry.risk.queries import placed_in

KINDS = """
ambulance_called_to_somewhere_else
birth_date_missing byte_order_mark changed_since_the_older_extract date_as_excel_serial date_formats
date_that_never_was dead_on_one_feed_only entry_of_a_patient_never_sent excel_file exported_twice father_and_son
file_sent_again free_text_only header_renamed landline_shared_by_a_couple lost_leading_zero married_name
moved_with_two_addresses names_changed_about nhs_number_missing nhs_number_mistyped nhs_number_mistyped_by_the_person
nhs_number_of_somebody_else nobody_can_be_meant older_extract_sent_later opt_out_with_a_mistyped_number
property_number_with_a_zero_before_it registered_again_with_other_answers registration_repeated_in_one_file twins
two_people_on_one_mobile two_phones_in_one_field
""".split()


@pytest.mark.parametrize("people", [2_000, 6_100])
def test_every_kind_of_dirt_is_there_and_counted(people: int, tmp_path: Path) -> None:
    written = write_county(people=people, seed=3, start_on=START, into=tmp_path)
    dirt = json.loads(written.truth.read_text(encoding="utf-8"))["dirt"]

    assert sorted(dirt) == sorted(KINDS)
    assert min(dirt.values()) >= 1


def test_every_delivery_is_received_and_its_sums_balance(received: Received) -> None:
    # Nobody's number is replaced in the county, and its power and warmth are of other programmes.
    others = {"nhs_number_changes", "power_cut", "priority_services", "warm_homes"}
    contracts = {one.name for one in queries.contracts()} - others
    assert {receipt.contract for receipt in received.receipts} == contracts
    for one in received.receipts:
        assert one.rows_in == one.accepted + one.quarantined + one.duplicate
        assert not one.unread_columns
    registered = sum(one.records for one in received.receipts if one.contract in ("gp_register", "fhir"))
    assert PEOPLE <= registered <= PEOPLE * 1.03


def test_what_cannot_be_used_is_set_aside_and_what_is_doubtful_is_said(
    received: Received, truth: dict[str, Any]
) -> None:
    dirt = truth["dirt"]
    aside = Counter(
        {(one.contract, found.rule, found.column): 0 for one in received.receipts for found in one.quarantine}
    )
    for one in received.receipts:
        aside.update({(one.contract, found.rule, found.column): found.rows for found in one.quarantine})

    assert aside["gp_register", "nobody", None] == dirt["nobody_can_be_meant"]
    assert aside["gp_events", "wrong", "event_date"] == dirt["date_that_never_was"]
    assert aside["gp_events", "missing", "code"] == dirt["free_text_only"]
    assert aside["opt_outs", "wrong", "nhs_number"] == dirt["opt_out_with_a_mistyped_number"]
    assert sum(aside.values()) == sum(one.quarantined for one in received.receipts)
    warned = {(found.rule, found.column) for one in received.receipts for found in one.warnings}
    assert ("wrong", "nhs_number") in warned


def test_a_file_sent_again_is_wholly_duplicate_and_an_older_one_brings_only_what_differed(
    received: Received, truth: dict[str, Any]
) -> None:
    again, older = received.receipts[-2:]

    assert again.already_landed
    assert again.duplicate == again.rows_in
    assert older.accepted <= truth["dirt"]["changed_since_the_older_extract"]
    assert older.accepted > 0


def test_an_older_extract_that_comes_later_does_not_win(received: Received) -> None:
    old = duckdb.sql(
        f"SELECT count(DISTINCT person_id) FROM '{received.store.path}/contact_points.parquet'"
        " WHERE kind = 'address' AND value LIKE '1 Yesterday Road%'"
    ).fetchall()[0][0]
    latest = duckdb.sql(
        f"SELECT arg_max(value, recorded_on) FROM '{received.store.path}/contact_points.parquet'"
        " WHERE kind = 'address' AND source = 'gp_register' GROUP BY person_id"
        " HAVING bool_or(value LIKE '1 Yesterday%')"
    ).fetchall()

    assert old > 0
    assert not [value for (value,) in latest if value.startswith("1 Yesterday")]


def test_telephones_and_birth_dates_of_the_excel_file_arrive_whole(
    received: Received, county: CountyFiles, people: list[dict[str, Any]]
) -> None:
    truly = {person["nhs_number"]: person for person in people if person["practice"] == "D82005"}
    [batch] = [
        manifest["batch_id"]
        for manifest in queries.manifests(store=received.store)
        if any(name.endswith(".xlsx") for name in manifest["files"])
    ]
    folder = received.store.path / "batches" / batch
    rows = duckdb.sql(f"SELECT record_id, nhs_number, birth_date FROM '{folder}/records.parquet'").fetchall()
    points = duckdb.sql(f"SELECT record_id, value FROM '{folder}/contact_points.parquet'").fetchall()
    numbers = {value.replace("+44", "0") for _, value in points if value.startswith("+44")}
    sent = {
        person[kind].replace(" ", "") for person in truly.values() for kind in ("mobile", "landline") if person[kind]
    }

    assert len(rows) >= len(truly)
    assert {number: str(born) for _, number, born in rows if number in truly} == {
        number: truly[number]["birth_date"] for _, number, _ in rows if number in truly
    }
    assert numbers
    assert numbers <= sent | {person["mobile"].replace(" ", "") for person in people if person["mobile"]}


def test_about_one_in_twenty_five_is_at_risk_and_most_of_them_are_on_the_national_list(received: Received) -> None:
    at_risk = received.at_risk
    share = at_risk.people / at_risk.living
    shielded = sum(at_risk.placed["shielded"].values()) / at_risk.living

    # 30,000 on the national list and 12,000 found beside it, of 1.1 million: 2.7 and 1.1 %. At 4,000 people three
    # standard errors are a percentage point.
    assert share == pytest.approx(0.043, abs=0.012)
    assert shielded == pytest.approx(0.028, abs=0.009)
    assert share - shielded == pytest.approx(0.0145, abs=0.007)


def test_every_rule_of_the_programme_finds_somebody_or_is_named_here(received: Received) -> None:
    rare = {"sickle_cell", "cystic_fibrosis", "dialysis", "alone_and_called_for_an_ambulance", "very_frail"}
    nobody = {name for name, people in received.at_risk.fired.items() if people == 0}

    assert nobody <= rare


def test_nobody_dead_on_any_feed_is_at_risk(received: Received, people: list[dict[str, Any]]) -> None:
    dead = {person["nhs_number"] for person in people if person["died_on"]}
    numbers = dict(duckdb.sql(f"SELECT person_id, nhs_number FROM '{received.store.path}/persons.parquet'").fetchall())
    found = {numbers[row.person_id] for row in placed_in(out=received.at_risk.out)}

    assert dead
    assert not dead & found


def test_nobody_is_taken_for_somebody_else_and_nearly_every_record_finds_its_person(received: Received) -> None:
    found = received.linkage

    assert found.wrong_links == 0
    assert found.recall >= 0.975
    assert found.recall_with_review >= found.recall
    assert found.split <= 0.01 * PEOPLE


def test_people_in_a_care_home_or_hostel_are_no_household(received: Received, people: list[dict[str, Any]]) -> None:
    households = dict(
        duckdb.sql(f"SELECT nhs_number, household_id FROM '{received.store.path}/persons.parquet'").fetchall()
    )
    together = [
        household
        for person in people
        if person["communal"] and (household := households.get(person["nhs_number"])) is not None
    ]

    assert len(together) > 30
    assert len(set(together)) == len(together)


def test_twins_fathers_and_sons_and_people_on_one_mobile_stay_apart(
    received: Received, people: list[dict[str, Any]]
) -> None:
    persons = duckdb.sql(
        f"SELECT nhs_number, count(*) FROM '{received.store.path}/persons.parquet' WHERE nhs_number IS NOT NULL"
        " GROUP BY nhs_number"
    ).fetchall()
    alike = {
        person["nhs_number"]
        for person in people
        if {"twins", "father_and_son", "two_people_on_one_mobile"} & set(person["dirt"])
    }

    assert len(alike & {number for number, _ in persons}) >= len(alike) * 0.9


def test_where_an_ambulance_was_called_to_is_nobodys_address(received: Received, people: list[dict[str, Any]]) -> None:
    truly = {person["nhs_number"]: person["postcode"] for person in people}
    found = duckdb.sql(f"SELECT nhs_number, postcode FROM '{received.store.path}/persons.parquet'").fetchall()
    told = duckdb.sql(
        f"SELECT count(*) FROM '{received.store.path}/contact_points.parquet' WHERE source = 'ambulance'"
    ).fetchall()

    assert told == [(0,)]
    assert not [number for number, postcode in found if number in truly and postcode == "NR1 9AA"]
