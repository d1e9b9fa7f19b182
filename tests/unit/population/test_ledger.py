"""The store's ledger: a changed, dropped or moved line is found; a torn one does no harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from wherry.foundation.errors import InputWrong
from wherry.population import Store, ledger


def _three_lines(path: Path) -> tuple[Store, Path]:
    store = Store(path)
    for number in range(3):
        ledger.record(store, by="a.analyst", did="receive_feed", about={"rows_in": number})
    return store, path / ledger.FILE_NAME


def test_an_untouched_ledger_verifies(tmp_path: Path) -> None:
    store, _ = _three_lines(tmp_path)
    assert ledger.verify(store) == ()
    assert [entry["about"] for entry in ledger.entries(store)] == [{"rows_in": n} for n in range(3)]


@pytest.mark.parametrize("harm", ["flip", "drop", "swap"])
def test_a_changed_dropped_or_moved_line_is_found(tmp_path: Path, harm: str) -> None:
    store, file = _three_lines(tmp_path)
    first, second, third = file.read_text().splitlines(keepends=True)
    harmed = {
        "flip": first + second.replace('"rows_in":1', '"rows_in":9') + third,
        "drop": first + third,
        "swap": second + first + third,
    }
    file.write_text(harmed[harm])
    assert ledger.verify(store)


def test_a_line_torn_by_a_crash_is_reported_and_the_next_entry_replaces_it(tmp_path: Path) -> None:
    store, file = _three_lines(tmp_path)
    with file.open("a") as handle:
        handle.write('{"by":"half')
    assert ledger.verify(store) == ("ledger.ndjson:4: the last line is torn; the next entry replaces it",)
    ledger.record(store, by="a.analyst", did="link", about={})
    assert ledger.verify(store) == ()


def test_nobody_is_refused_as_an_actor(tmp_path: Path) -> None:
    with pytest.raises(InputWrong):
        ledger.record(Store(tmp_path), by=" ", did="link", about={})


@pytest.mark.parametrize("line", ["not json", "[]", "{}", '{"head": 7}', '{"head": null}', "null", '"head"'])
def test_a_line_that_is_none_is_said_in_one_sentence_by_whoever_reads_or_writes(tmp_path: Path, line: str) -> None:
    store, file = _three_lines(tmp_path)
    file.write_text(file.read_text() + line + "\n")

    assert ledger.verify(store) == ("ledger.ndjson:4: not a ledger line; restore the file from a copy",)
    with pytest.raises(InputWrong, match=r"ledger\.ndjson:4: not a ledger line; restore"):
        ledger.entries(store)
    with pytest.raises(InputWrong, match="not a ledger line; restore"):
        ledger.record(store, by="a.analyst", did="receive_feed", about={})
