"""A whole run over a store made by hand, what it leaves behind, and taking in a published codelist."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pytest

from wherry.foundation.errors import InputWrong
from wherry.population import Store, ledger
from wherry.programmes.files import load
from wherry.risk import actions, queries
from wherry.risk.codelists import read_published, take_in
from wherry.risk.errors import DefinitionUnusable, PersonUnknown

ROOT = Path(__file__).parents[3]
FILES = load(ROOT / "programmes" / "covid_protect")
AS_OF = dt.date(2026, 3, 2)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """The least a store may hold: required columns only, no other table."""
    folder = tmp_path / "store"
    folder.mkdir()
    people = "('a', DATE '1940-02-01'), ('b', DATE '1990-01-01'), ('c', DATE '2000-01-01')"
    # Diabetes, heart, kidney and lung disease and dementia, in that order; and a lymphoma.
    several = ("44054006", "53741008", "433144002", "13645005", "52448006")
    facts = ", ".join(f"('a', 'diagnosis', '{code}', DATE '2019-03-03')" for code in several)
    facts += ", ('b', 'diagnosis', '118600007', DATE '2020-01-01')"
    _write(folder / "persons.parquet", f"SELECT * FROM (VALUES {people}) t(person_id, birth_date)")
    _write(folder / "facts.parquet", f"SELECT * FROM (VALUES {facts}) t(person_id, kind, code, date)")
    return Store(folder)


def _write(file: Path, sql: str) -> None:
    duckdb.connect().execute(f"COPY ({sql}) TO '{file}' (FORMAT parquet)")


def _run(store: Store, out: Path, engine: str = "duckdb") -> actions.Stratification:
    return actions.stratify(files=FILES, store=store, as_of=AS_OF, out=out, by="Ada", engine=engine)


def test_a_store_with_only_the_required_columns_is_enough(store: Store, tmp_path: Path) -> None:
    done = _run(store, tmp_path / "out.parquet")
    placed = queries.placed_in(out=done.out)
    assert [(row.person_id, row.category, row.tier) for row in placed] == [("a", "high", "1"), ("b", "shielded", "3")]
    assert "Diabetes recorded on 3 March 2019" in {reason.words for reason in placed[0].reasons}
    assert done.missing["most_deprived_tenth"] == 3


def test_both_engines_write_the_same_file_and_the_same_run(store: Store, tmp_path: Path) -> None:
    one = _run(store, tmp_path / "one.parquet")
    other = _run(store, tmp_path / "other.parquet", "reference")
    assert one.out.read_bytes() == other.out.read_bytes()
    assert one.run == other.run


def test_a_reason_is_as_old_as_the_delivery_it_came_in_not_as_its_own_date(store: Store, tmp_path: Path) -> None:
    facts = "('a', 'diagnosis', '118600007', DATE '2019-03-03', DATE '2019-03-04', 'b1')"
    columns = "person_id, kind, code, date, recorded_on, batch_id"
    _write(store.path / "facts.parquet", f"SELECT * FROM (VALUES {facts}) t({columns})")
    unknown = queries.placed_in(out=_run(store, tmp_path / "one.parquet").out)
    (store.path / "batches" / "b1").mkdir(parents=True)
    manifest = '{"batch_id": "b1", "sequence": 1, "contract": "gp_events", "extracted_on": "2026-02-27"}'
    (store.path / "batches" / "b1" / "manifest.json").write_text(manifest)

    known = queries.placed_in(out=_run(store, tmp_path / "two.parquet").out)
    [explained] = queries.explain(files=FILES, store=store, as_of=AS_OF, person_ids=["a"])

    assert unknown[0].reasons[0].data_as_of == dt.date(2019, 3, 4)
    assert known[0].reasons[0].data_as_of == dt.date(2026, 2, 27)
    assert known[0].reasons[0].date == dt.date(2019, 3, 3)
    assert explained.assessment.placed == known[:1]


def test_what_the_records_did_not_hold_is_named_for_each_person(store: Store) -> None:
    found = queries.missing_of(files=FILES, store=store, as_of=AS_OF, person_ids=["a", "b"])

    criteria = {one.name: one.words for one in queries.usable_definition(FILES).criteria}
    assert criteria["most_deprived_tenth"] in found["a"]
    assert set(found) == {"a", "b"}


def test_the_sidecar_says_how_the_list_was_made(store: Store, tmp_path: Path) -> None:
    done = _run(store, tmp_path / "out.parquet")
    told = queries.run_of(out=done.out)
    assert told["definition"] == FILES.hash
    assert set(told["inputs"]) == {"persons.parquet", "facts.parquet"}
    assert told["counts"]["at_risk"] == 2
    assert told["as_of"] == "2026-03-02"
    assert [entry["did"] for entry in ledger.entries(store)] == ["stratify"]
    assert not [file.name for file in tmp_path.iterdir() if file.name.startswith(".")]


def test_an_explanation_says_what_the_run_says(store: Store, tmp_path: Path) -> None:
    placed = queries.placed_in(out=_run(store, tmp_path / "out.parquet").out)
    told = queries.explain(files=FILES, store=store, as_of=AS_OF, person_ids=["c", "b", "a"])
    assert tuple(row for each in told for row in each.assessment.placed) == placed
    with pytest.raises(PersonUnknown):
        queries.explain(files=FILES, store=store, as_of=AS_OF, person_ids=["nobody"])


def test_a_person_listed_twice_is_refused(store: Store, tmp_path: Path) -> None:
    _write(store.path / "persons.parquet", "SELECT 'a' AS person_id, DATE '1940-01-01' AS birth_date FROM range(2)")
    with pytest.raises(InputWrong, match="twice"):
        _run(store, tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"term\nDiabetes\n", "no column is called code"),
        (b"code,term\n4.40540E+07,Diabetes\n", "spreadsheet has shortened"),
        (b"code,term\n,Diabetes\n", "no code"),
        (b"code,term\n\n", "no codes"),
        (b"PK\x03\x04\x00\x00", "not text"),
        (b"code,term\n44054006,Diab\xe9te\n", "not CSV in UTF-8"),
    ],
)
def test_a_bad_codelist_is_refused_in_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    with pytest.raises(InputWrong, match=said):
        read_published(file=file)


def test_variants_of_a_published_list_are_read(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text('\ufeffid,name,active,notes\n44054006,"Diabetes, type 2",y,direct\n1,Old,n,\n', encoding="utf-8")
    assert read_published(file=file) == {"44054006": "Diabetes, type 2", "1": "Old"}


def test_an_imported_list_is_read_back_by_the_programme(tmp_path: Path) -> None:
    (tmp_path / "codelists").mkdir()
    file = tmp_path / "published.csv"
    file.write_text('code,term\n44054006,"Type 2: ""adult"""\n', encoding="utf-8")
    taken = take_in(file=file, programme=tmp_path, name="diabetes", system="snomed", source='A "list": x', licence="L")
    assert (taken.codes, taken.before) == (1, 0)
    assert read_published(file=taken.path) == {"44054006": 'Type 2: "adult"'}


def test_a_definition_is_checked_once_for_the_same_files_and_anew_for_others(tmp_path: Path) -> None:
    folder = tmp_path / "programme"
    shutil.copytree(ROOT / "programmes" / "covid_protect", folder)
    first = load(folder)
    known = queries.usable_definition(first)
    assert queries.usable_definition(first) is known

    rules = folder / "risk.yaml"
    rules.write_text(rules.read_text().replace("at_least: 80", "at_least: 81"))

    assert queries.usable_definition(load(folder)) != known
    rules.write_text("criteria: {}\n")
    for _ in range(2):
        with pytest.raises(DefinitionUnusable):
            queries.usable_definition(load(folder))
