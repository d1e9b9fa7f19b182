"""The FHIR reader lands real Synthea files: 120 people, 13 of them sent twice, with their conditions and medicines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from wherry.commands.feeds import group
from wherry.population import Store, connect

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "fhir"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared Synthea files are not beside the project")


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], Path]:
    store = tmp_path_factory.mktemp("synthea") / "store"
    files = sorted(str(file) for file in DATA.glob("*.ndjson"))
    result = CliRunner().invoke(group, ["receive", "fhir", *files, "--store", str(store), "--by", "me", "--json"])
    assert result.exit_code == 0, result.output
    receipt = json.loads(result.output)
    return receipt, store / "batches" / receipt["batch_id"]


def _rows(batch: Path, sql: str) -> list[tuple[object, ...]]:
    with connect() as connection:
        connection.execute(sql.replace("@", f"{batch}/"))
        return connection.fetchall()


def test_the_sums_balance_and_types_not_read_here_are_named(landed: tuple[dict[str, object], Path]) -> None:
    receipt, batch = landed
    counts = [receipt[name] for name in ("rows_in", "accepted", "quarantined", "duplicate", "records")]
    assert counts == [5876, 5691, 172, 13, 120]
    reasons = _rows(batch, "SELECT words, count(*) FROM '@quarantine.parquet' GROUP BY 1 ORDER BY 2")
    assert reasons == [
        ("not read here: rows of type AllergyIntolerance", 11),
        ("not read here: rows of type Immunization", 161),
    ]


def test_facts_carry_system_dates_and_status(landed: tuple[dict[str, object], Path]) -> None:
    sql = "SELECT kind, system, status, count(*), count(date), count(end_date) FROM '@facts.parquet'"
    sql += " GROUP BY 1, 2, 3 ORDER BY 1, 3"
    assert _rows(landed[1], sql) == [
        ("admission", "snomed", "finished", 49, 49, 49),
        ("contact", "snomed", "finished", 1166, 1166, 1166),
        ("diagnosis", "snomed", "active", 107, 107, 0),
        ("diagnosis", "snomed", "resolved", 448, 448, 448),
        ("medicine", "rxnorm", "active", 23, 23, 0),
        ("medicine", "rxnorm", "stopped", 1722, 1722, 0),
        ("procedure", "snomed", "completed", 2056, 2056, 2056),
    ]


def test_every_fact_belongs_to_one_of_the_thirteen(landed: tuple[dict[str, object], Path]) -> None:
    sql = "SELECT count(DISTINCT f.subject_id), count(*) - count(r.subject_id) FROM '@facts.parquet' f"
    sql += " LEFT JOIN '@records.parquet' r USING (source, subject_id)"
    assert _rows(landed[1], sql) == [(13, 0)]


def test_people_keep_names_birth_and_death_dates_and_addresses(landed: tuple[dict[str, object], Path]) -> None:
    sources = [json.loads(line) for line in (DATA / "synthea-100-Patient.ndjson").read_text().splitlines()]
    expected = sorted(
        (one["id"], one["name"][0]["family"], one["birthDate"], one.get("deceasedDateTime", "")[:10] or None)
        for one in sources
    )
    columns = "subject_id, family_name, CAST(birth_date AS VARCHAR), CAST(death_date AS VARCHAR)"
    assert _rows(landed[1], f"SELECT {columns} FROM '@records.parquet' ORDER BY 1") == expected
    assert _rows(landed[1], "SELECT count(*) FROM '@contact_points.parquet' WHERE kind = 'address'") == [(120,)]


def test_the_same_files_again_are_all_duplicates(landed: tuple[dict[str, object], Path]) -> None:
    store = Store(landed[1].parents[1])
    files = sorted((str(file) for file in DATA.glob("*.ndjson")), reverse=True)
    before = store.hashes()
    result = CliRunner().invoke(group, ["receive", "fhir", *files, "--store", str(store.path), "--by", "me"])
    assert "rows in 5876 = accepted 0 + quarantined 0 + duplicate 5876" in result.output
    assert store.hashes() == before


def test_a_withdrawn_record_is_quarantined_not_landed(tmp_path: Path) -> None:
    name = [{"family": "Rix", "given": ["Ann"]}]
    coding = {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}
    lines: list[dict[str, object]] = [
        {"resourceType": "Patient", "id": "p1", "name": name, "birthDate": "1940-01-01"},
        {
            "resourceType": "Condition",
            "id": "c1",
            "subject": {"reference": "Patient/p1"},
            "onsetDateTime": "2020-01-01",
            "code": coding,
            "verificationStatus": {"coding": [{"code": "entered-in-error"}]},
        },
    ]
    file = tmp_path / "a.ndjson"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines) + "not json\n")
    result = CliRunner().invoke(group, ["check", "fhir", str(file), "--json"])
    assert result.exit_code == 3
    assert {one["rule"] for one in json.loads(result.output)["quarantine"]} == {"refused", "not_json"}
