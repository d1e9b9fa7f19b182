"""
The evidence of a run as it lies in the store: `evidence/<run>/`, layers of people and facts, and how it was made.

A later layer holds everything about the people it names, and what earlier layers say of them no longer counts. A layer
is never changed: a run takes over those of the run before by a second name for the same file, and adds one.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherry.foundation.digests import canonical_json
from wherry.population.store import Store, parquet_sql
from wherry.population.writing import sync_folder
from wherry.programmes.types import ProgrammeFiles

if TYPE_CHECKING:
    import duckdb

FOLDER = "evidence"
TOLD = "made.json"
#: What the run wrote, and its sidecar: kept too, so that no change to the files handed on changes what is built on it.
LIST, SIDECAR = "list.parquet", "run.json"
#: So many layers are read one over another; the next run then writes them as one.
MOST_LAYERS = 24
#: Of each programme and place, evidence of so many runs is kept; a run since an older one looks at everybody.
KEPT_RUNS = 3


@dataclass(frozen=True)
class Evidence:
    """One run's evidence. told: how it was made, see `made.json`."""

    folder: Path
    told: Mapping[str, Any]

    @property
    def list(self) -> Path:
        """Give the kept copy of what the run wrote."""
        return self.folder / LIST

    @property
    def layers(self) -> int:
        """Say how many layers lie one over another."""
        return int(self.told["layers"])

    def codes(self, connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
        """Give the codelists the run read, by name."""
        rows = connection.execute(f"SELECT list, list(code) FROM {self._file('codelists')} GROUP BY 1").fetchall()
        return {name: frozenset(codes) for name, codes in rows}

    def people_sql(self) -> str:
        """Give everybody as their newest layer has them."""
        return self._newest("people")

    def facts_sql(self) -> str:
        """Give every readable fact as the newest layer of its person has it."""
        return self._newest("facts")

    def _file(self, name: str) -> str:
        return parquet_sql([self.folder / f"{name}.parquet"])

    def _newest(self, table: str) -> str:
        selects = []
        for layer in range(self.layers):
            later = [self.folder / f"people-{each}.parquet" for each in range(layer + 1, self.layers)]
            over = f" ANTI JOIN (SELECT person_id FROM {parquet_sql(later)}) USING (person_id)" if later else ""
            selects.append(f"SELECT * FROM {parquet_sql([self.folder / f'{table}-{layer}.parquet'])}{over}")
        return " UNION ALL ".join(selects)


def evidence_of(*, store: Store, run: str) -> Evidence | None:
    """Read a run's evidence; None where none is kept, or not all of it is there."""
    folder = _folder(store, run)
    try:
        told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
        found = Evidence(folder, told)
        sizes = {each: (folder / each).stat().st_size for each in told["sizes"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if sizes == told["sizes"] else None


@contextlib.contextmanager
def draft(*, store: Store, run: str) -> Iterator[Path]:
    """Give an empty folder to gather a run's evidence in; whatever of it is not put in place is gone afterwards."""
    home = store.path / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    _clear_after_the_dead(home)
    folder = home / f".{_folder(store, run).name}.{os.getpid()}.part"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            home.rmdir()


def take_over(*, evidence: Evidence, folder: Path) -> None:
    """Give every layer of a run's evidence a second name in a draft; where the disk cannot, copy it."""
    for name in evidence.told["sizes"]:
        if name == LIST:
            continue
        try:
            os.link(evidence.folder / name, folder / name)
        except OSError:
            shutil.copyfile(evidence.folder / name, folder / name)


def put_in_place(*, draft: Path, store: Store, run: str, told: Mapping[str, Any], written: Path, sidecar: Path) -> None:
    """
    Name a gathered draft as the run's evidence, durably, and clear that of older runs.

    told: how it was made; written and sidecar: what the run wrote, of which a copy is kept.
    """
    shutil.copyfile(written, draft / LIST)
    shutil.copyfile(sidecar, draft / SIDECAR)
    sizes = {file.name: file.stat().st_size for file in sorted(draft.glob("*.parquet"))}
    for name in sizes:
        _sync(draft / name)
    (draft / TOLD).write_text(canonical_json({**told, "sizes": sizes}) + "\n", encoding="utf-8")
    _sync(draft / SIDECAR)
    _sync(draft / TOLD)
    sync_folder(draft)
    target = _folder(store, run)
    # The same run again: between the two steps there is none, and a run since it would look at everybody.
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    sync_folder(target.parent)
    for old in runs_kept(store=store, of=str(told["of"]))[:-KEPT_RUNS]:
        shutil.rmtree(old.folder, ignore_errors=True)


def runs_kept(*, store: Store, of: str) -> list[Evidence]:
    """Give the evidence kept of a programme's runs (with its place, see `made.json`), the oldest first."""
    home = store.path / FOLDER
    names = [each.name for each in home.iterdir() if not each.name.startswith(".")] if home.is_dir() else []
    found = [each for each in (evidence_of(store=store, run=name) for name in names) if each and each.told["of"] == of]
    return sorted(found, key=lambda each: (each.folder / TOLD).stat().st_mtime_ns)


def of_what(files: ProgrammeFiles) -> str:
    """Name what a run is of: the programme, and the place whose overlay it has."""
    return f"{files.name} {files.place or ''}".strip()


def forget(*, store: Store) -> None:
    """Delete all evidence: after a deletion duty nothing of it may stay, and the next run gathers it anew."""
    shutil.rmtree(store.path / FOLDER, ignore_errors=True)


def _folder(store: Store, run: str) -> Path:
    return store.path / FOLDER / run[:32]


def _sync(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _clear_after_the_dead(home: Path) -> None:
    for left in home.glob(".*.part"):
        writer = left.name.split(".")[-2]
        if writer.isdigit() and not Path(f"/proc/{writer}").exists():
            shutil.rmtree(left, ignore_errors=True)
