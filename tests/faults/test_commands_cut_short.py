"""
A command killed at any boundary, or out of room at any size, leaves the old state or the new, and works when run again.

Boundaries are the calls that make something durable or visible; the full disk is a limit on the size of files, which
needs no rights, and once a real one where this user may mount it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.cut_short import DIED, Runner, runner
from wherry.foundation.content import content_folder
from wherry.population import Store, ledger

pytestmark = pytest.mark.faults

# At least so many kills of each command where it has as many boundaries; `make faults` takes every one.
KILLS = int(os.environ.get("WHERRY_KILLS", "8"))
PROGRAMME = content_folder("programmes") / "covid_protect"
HEADER = "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth,Telephone\n"
ROWS = "".join(f"D82001,{number},,Kett{number},Robert,12/03/1950,0770090{number:04d}\n" for number in range(40))
TABLES = ("persons", "contact_points", "wishes", "facts")
COMMANDS = {
    "receive": "feeds receive gp_register {f}/b.csv --store {f}/s --by a --extracted-on 2026-02-20",
    "link": "people link --store {f}/s --by a",
    "stratify": f"risk stratify {PROGRAMME} --store {{f}}/s --as-of 2026-03-01 --by a --out {{f}}/out.parquet",
    "withdraw": "feeds withdraw {batch} --store {f}/s --by a --why wrong",
    "codelist": "codelists import {f}/codes.csv --programme {f}/programme --name asthma",
}


@pytest.fixture(scope="module")
def wherry() -> Iterator[Runner]:
    with runner() as process:
        yield process


@pytest.fixture(scope="module")
def before(wherry: Runner, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """What is there before each command: a store with one delivery, then two, then linked; a programme."""
    folder = tmp_path_factory.mktemp("before")
    (folder / "a.csv").write_text(HEADER + ROWS[: len(ROWS) // 2].rsplit("\n", 1)[0] + "\n")
    (folder / "b.csv").write_text(HEADER + ROWS)
    (folder / "codes.csv").write_text("code,term\n195967001,Asthma\n")
    (folder / "programme" / "codelists").mkdir(parents=True)
    (folder / "programme" / "programme.yaml").touch()
    _do(wherry, "feeds receive gp_register {f}/a.csv --store {f}/s --by a --extracted-on 2026-01-01", folder)
    _do(wherry, COMMANDS["link"], folder)
    found = {}
    for name in COMMANDS:
        found[name] = Path(shutil.copytree(folder, folder.parent / f"before-{name}"))
        _do(wherry, COMMANDS[name], folder)
    return {**found, "after": folder}


def _words(line: str, folder: Path) -> list[str]:
    [*_, batch] = sorted((folder / "s" / "batches").glob("*")) or [folder]
    return line.format(f=folder, batch=batch.name).split()


def _do(wherry: Runner, line: str, folder: Path) -> None:
    ended = wherry.run(*_words(line, folder))
    assert ended.code == 0, ended.said


def _state(folder: Path) -> dict[str, object]:
    """Everything a reader sees, save how long a run took."""
    state: dict[str, object] = dict(Store(folder / "s").hashes())
    for file in (folder / "out.parquet", *sorted((folder / "programme" / "codelists").iterdir())):
        state[file.name] = file.read_bytes() if file.is_file() else None
    sidecar = folder / "out.run.json"
    state["sidecar"] = {**json.loads(sidecar.read_text()), "wall_seconds": 0} if sidecar.exists() else None
    return state


def _left_over(folder: Path) -> list[str]:
    found = [str(file.relative_to(folder)) for file in folder.rglob(".*") if file.name != ".lock"]
    return [*found, *(str(file) for file in folder.rglob("*.part"))]


def _is_in_the_way(left: str) -> bool:
    return ".half-replaced" not in left and ".before" not in left


def _tables(folder: Path) -> list[object]:
    state = _state(folder)
    return [state.get(f"{table}.parquet") for table in TABLES]


@pytest.fixture(scope="module")
def after(wherry: Runner, before: Mapping[str, Path]) -> Mapping[str, dict[str, object]]:
    """What each command comes to when nothing disturbs it."""
    found = {}
    for name in COMMANDS:
        folder = Path(shutil.copytree(before[name], before["after"].parent / f"undisturbed-{name}"))
        _do(wherry, COMMANDS[name], folder)
        found[name] = _state(folder)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_killed_at_any_boundary_works_when_run_again(
    wherry: Runner, before: Mapping[str, Path], after: Mapping[str, dict[str, object]], tmp_path: Path, name: str
) -> None:
    counted = Path(shutil.copytree(before[name], tmp_path / "counted"))
    boundaries = wherry.run(*_words(COMMANDS[name], counted)).boundaries
    assert boundaries > 3
    for boundary in range(0, boundaries, max(1, boundaries // KILLS)):
        folder = Path(shutil.copytree(before[name], tmp_path / str(boundary)))
        ended = wherry.run(*_words(COMMANDS[name], folder), die_at=boundary)
        assert ended.code == DIED
        if (folder / "out.parquet").exists():
            assert (folder / "out.run.json").exists()
        if _tables(folder) not in (_tables(before[name]), [after[name].get(f"{table}.parquet") for table in TABLES]):
            reads = wherry.run(*_words(COMMANDS["stratify"], folder))
            assert "are not whole; run wherry people link" in reads.said

        _do(wherry, COMMANDS[name], folder)

        assert _state(folder) == after[name], boundary
        assert _left_over(folder) == []
        assert ledger.verify(Store(folder / "s")) == ()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_out_of_room_says_so_changes_nothing_and_works_when_there_is_room(
    wherry: Runner, before: Mapping[str, Path], after: Mapping[str, dict[str, object]], tmp_path: Path, name: str
) -> None:
    full = 0
    for room_bytes in (0, 100, 400, 700, 1_000, 1_500, 2_000, 3_000, 5_000, 9_000):
        folder = Path(shutil.copytree(before[name], tmp_path / str(room_bytes)))
        ended = wherry.run(*_words(COMMANDS[name], folder), room_bytes=room_bytes)
        if ended.code:
            full += 1
            assert re.fullmatch(r"wherry: the disk is full( \(.*\))?; make room and run the same .*\n", ended.said)
            assert ended.code == 4
            old_or_new = (_tables(before[name]), [after[name].get(f"{table}.parquet") for table in TABLES])
            assert _tables(folder) in old_or_new
            # A withdrawal that counts and is not linked yet keeps its mark, and what was before to be compared with.
            assert [one for one in _left_over(folder) if name != "withdraw" or _is_in_the_way(one)] == []

        _do(wherry, COMMANDS[name], folder)

        assert _state(folder) == after[name], room_bytes
        assert _left_over(folder) == []
    assert full > 1


def test_on_a_disk_really_full_a_delivery_is_told_and_lands_when_there_is_room(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (tmp_path / "b.csv").write_text(HEADER + ROWS)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("this user may not mount a small disk")
    try:
        line = f"feeds receive gp_register {tmp_path}/b.csv --store {disk}/s --by a".split()
        command = [sys.executable, "-m", "wherry", *line]
        environment = {**os.environ, "PYTHONPATH": "src"}
        first = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert (first.returncode, first.stderr.count("\n")) == (4, 1)
        assert "the disk is full" in first.stderr
        assert not (disk / "s" / "batches").exists()

        subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
        again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

        assert (again.returncode, again.stderr) == (0, "")
        assert _left_over(disk) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)
