"""
Bad input to every command: one sentence with the place and the next step, the documented exit code, nothing left behind.

A row: what is typed ({…} is a file or folder made below), the exit code, and what the last line on standard error says.
"""

# ruff: noqa: E501 - a row of the table reads best as one line
from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import duckdb
import pytest

from wherry.foundation.content import content_folder

SOURCE = Path(__file__).resolve().parents[3] / "src"
PROGRAMME = content_folder("programmes") / "covid_protect"
HEADER = "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth\n"
ROW = "D82001,1,9990000018,Kettlewell,Robert,12/03/1950\n"
PERSONAL = ("9990000018", "Kettlewell")
STRATIFY = f"risk stratify {PROGRAMME} --as-of 2026-01-01 --by a --out {{w}}/out.parquet --store"

INPUT, USAGE, PROBLEMS, ENVIRONMENT = 1, 2, 3, 4
ROWS: dict[str, tuple[str, int, str]] = {
    # a file of a feed
    "no such file": ("feeds check gp_register {w}/no.csv", INPUT, "no.csv does not exist; check the name"),
    "a folder": ("feeds check gp_register {w}", INPUT, "is a folder; name the files in it"),
    "a device": ("feeds check gp_register /dev/zero", INPUT, "is a device or a pipe"),
    "an empty file": ("feeds receive gp_register {empty} --store {w}/s --by a", INPUT, "is empty; ask the sender"),
    "a binary": ("feeds receive gp_register {binary} --store {w}/s --by a", INPUT, r"binary.csv:1: .*not text"),
    "a wrong encoding": ("feeds receive gp_register {latin} --store {w}/s --by a", INPUT, "latin.csv:3: .*not UTF-8, nor plainly Windows"),
    "UTF-32": ("feeds receive gp_register {utf32} --store {w}/s --by a", INPUT, "utf32.csv:1: the file is UTF-32"),
    "an open quotation mark": (
        "feeds receive gp_register {quote} --store {w}/s --by a",
        INPUT,
        "quote.csv:3: a quotation mark opened here never closes",
    ),
    "a row cut short": ("feeds check gp_register {cut}", PROBLEMS, None),
    "a file without header": ("feeds check gp_register {headless}", INPUT, "headless.csv:1: this row is no header"),
    "another feed's file": ("feeds check deaths {good}", INPUT, "good.csv:1: the header has no column"),
    "a broken workbook": ("feeds check gp_register {zip}", INPUT, "broken.xlsx: the workbook is damaged"),
    "a table as FHIR": ("feeds check fhir {good}", INPUT, "good.csv:1: no line is a FHIR resource"),
    "an unknown contract": ("feeds check gp_regster {good}", INPUT, r"did you mean gp_register\?"),
    "a folder without contracts": ("feeds check gp_register {good} --contracts {w}", INPUT, "holds none"),
    "a control total that differs": (
        "feeds receive gp_register {good} --store {w}/s --by a --control-total 2",
        INPUT,
        "the sender counts 2 rows, the files hold 1",
    ),
    "extracted tomorrow": (
        "feeds receive gp_register {good} --store {w}/s --by a --extracted-on 2999-01-01",
        INPUT,
        "check --extracted-on",
    ),
    "a day that is none": (
        "feeds receive gp_register {good} --store {w}/s --by a --extracted-on 2026-02-30",
        USAGE,
        "Invalid value for '--extracted-on'",
    ),
    "nobody acting": ("feeds receive gp_register {good} --store {w}/s --by ' '", INPUT, "say who with --by"),
    "a file for a store": (
        "feeds receive gp_register {good} --store {good} --by a",
        ENVIRONMENT,
        "good.csv is there already and is not a folder; choose another name",
    ),
    "a store nobody may make": (
        "feeds receive gp_register {good} --store /proc/no/store --by a",
        ENVIRONMENT,
        "/proc/no does not exist",
    ),
    # a store
    "linking nothing": ("people link --store {w}/none --by a", INPUT, "run wherry feeds receive first"),
    "a torn manifest": ("people link --store {torn_manifest} --by a", INPUT, "manifest.json is not as it was written"),
    "a batch that lost a file": ("people link --store {lost_file} --by a", INPUT, "records.parquet is not there any more"),
    "a batch with junk": ("people link --store {junk} --by a", INPUT, "records.parquet is damaged or is not Parquet"),
    "a ledger with junk": ("people link --store {ledger} --by a", INPUT, r"ledger.ndjson:\d+: not a ledger line"),
    "answering in no store": (
        "people decide a b same --store {w}/none --by a --why w",
        INPUT,
        "no records are linked in the store .*; run wherry people link first",
    ),
    "a record nobody sent": (
        "people unlink a --store {store} --by a --why w",
        INPUT,
        "1 of the records named cannot be found; wherry people review",
    ),
    "no store": (f"{STRATIFY} {{w}}/none", INPUT, "has no table persons; link its records first"),
    "a store without a column": (f"{STRATIFY} {{no_column}}", INPUT, "has no column birth_date in persons; add it"),
    "a store with another type": (f"{STRATIFY} {{wrong_type}}", INPUT, "column birth_date holds a value that cannot"),
    "a store of junk": (f"{STRATIFY} {{junk_table}}", INPUT, "holds a persons file that is not readable Parquet"),
    "tables half replaced": (f"{STRATIFY} {{half}}", INPUT, "are not whole; run wherry people link"),
    # a programme
    "no programme": ("programme check {w}/none", INPUT, "is not a folder; name a programme's folder"),
    "a file for a programme": ("programme show {good}", INPUT, "is not a folder; name a programme's folder"),
    "a folder that is no programme": ("programme diff {w} {w}", INPUT, "holds no programme.yaml"),
    "a typo in a criterion": (
        "programme check {typo}",
        PROBLEMS,
        None,
    ),
    "a typo in a criterion, used": (
        STRATIFY.replace(str(PROGRAMME), "{typo}") + " {store}",
        INPUT,
        r"risk.yaml:\d+: there is no criterion or group any_at_risk_grup; did you mean any_at_risk_group\?",
    ),
    "an unknown place": (f"programme show {PROGRAMME} --place norwitch", INPUT, "its places are norwich, waveney"),
    "an unknown engine": (f"{STRATIFY} {{store}} --engine abacus", INPUT, "choose one of duckdb, reference"),
    "an output nowhere": (
        f"{STRATIFY} {{store}}".replace("{w}/out.parquet", "/proc/no/out.parquet"),
        INPUT,
        "its folder is not there",
    ),
    "triage without a programme": ("triage {w}/none", INPUT, "is not a folder; name a programme's folder"),
    # a codelist
    "no codelist": ("codelists import {w}/no.csv --programme {copy} --name x", INPUT, "name the downloaded CSV file"),
    "a codelist that is a folder": ("codelists import {w} --programme {copy} --name x", INPUT, "or is a folder"),
    "a codelist that is a workbook": ("codelists import {zip} --programme {copy} --name x", INPUT, "not as a workbook"),
    "a codelist that is no list": ("codelists import {good} --programme {copy} --name x", INPUT, "good.csv:1: no column"),
    "a codelist through Excel": (
        "codelists import {shortened} --programme {copy} --name x",
        INPUT,
        "shortened.csv:2: a spreadsheet has shortened this code",
    ),
    "a codelist into nothing": ("codelists import {codes} --programme {w} --name x", INPUT, "not a programme's folder"),
    "a codelist's name outside": ("codelists import {codes} --programme {copy} --name ../x", INPUT, "a list's name is"),
    # an installation
    "audit without a home": ("audit verify --home {w}/none", ENVIRONMENT, "there is no installation in"),
    "audit with a wrong export": ("audit verify --home {w}/none --export {binary}", INPUT, "binary.csv:1: this line is not"),
    "doctor without a home": ("doctor --home {w}/none", ENVIRONMENT, "or make one: wherry migrate"),
    "worker without a home": ("worker --home {w}/none", ENVIRONMENT, "there is no installation in"),
    "serve without a home": ("serve --home {w}/none --site person --port {free}", ENVIRONMENT, "there is no installation"),
    "serve on a port in use": ("serve --home {w}/none --site person --port {taken}", ENVIRONMENT, r"port \d+ on 127.0.0.1 is taken; choose"),
    "serve on a port that is none": ("serve --home {w}/none --site staff --port 70000", USAGE, "is not in the range"),
    "serve nowhere": ("serve --home {w}/none --site staff --host no.invalid", ENVIRONMENT, "choose another with --port or"),
    "serve both on one port": ("serve --home {w}/none --port {free}", USAGE, "is one site's; name it with --site"),
    "a file for a home": ("migrate --home {good}", USAGE, "is a file"),
    "a home nobody may make": ("migrate --home /proc/no/home", ENVIRONMENT, "choose another --home"),
    # the demonstration
    "a demonstration of nobody": ("demo --people 0 --home {w}/d --no-serve", USAGE, "is not in the range"),
    "a demonstration nowhere": ("demo --home /proc/no/home --no-serve", ENVIRONMENT, "/proc/no does not exist"),
    "a demonstration already running": ("demo --home {busy} --no-serve", ENVIRONMENT, "a demonstration is running in"),
    "a result nowhere": ("demo --home {w}/d --no-serve --json {w}/no/result.json", INPUT, "no/result.json cannot be"),
    # the door
    "an unknown command": ("demmo", USAGE, "Did you mean 'demo'"),
    "an unknown command of a group": ("feeds chek", USAGE, "Did you mean 'check'"),
}  # fmt: skip


def wherry(line: str, *, given: bytes = b"", **more: str) -> tuple[int, str, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "wherry", *shlex.split(line)],
        input=given,
        capture_output=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(SOURCE), **more},
        check=False,
    )
    return ran.returncode, ran.stdout.decode(), ran.stderr.decode()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("linked")
    (folder / "good.csv").write_text(HEADER + ROW)
    for line in (
        f"feeds receive gp_register {folder}/good.csv --store {folder}/s --by a",
        f"people link --store {folder}/s --by a",
    ):
        assert wherry(line)[0] == 0
    return folder / "s"


@pytest.fixture(scope="module")
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


class Things(dict[str, object]):
    """Makes what a row names, the first time it is named."""

    def __init__(self, folder: Path, store: Path, taken: int) -> None:
        super().__init__(w=folder / "w", taken=taken, store=store)
        self.folder = folder
        (folder / "w").mkdir()
        self.linked = store
        self.locks: list[IO[str]] = []

    def __missing__(self, name: str) -> object:
        files = {
            "good": ("good.csv", (HEADER + ROW).encode()),
            "empty": ("empty.csv", b""),
            "binary": ("binary.csv", bytes(range(256)) * 20),
            "latin": ("latin.csv", (HEADER + ROW + ROW.replace("Robert", "Andr\u00e9")).encode("cp850")),
            "utf32": ("utf32.csv", (HEADER + ROW).encode("utf-32")),
            "quote": ("quote.csv", (HEADER + ROW + 'D82001,2,"999').encode()),
            "cut": ("cut.csv", (HEADER + ROW + "D82001,2,999").encode()),
            "headless": ("headless.csv", (ROW + ROW).encode()),
            "zip": ("broken.xlsx", b"PK\x03\x04" + bytes(200)),
            "shortened": ("shortened.csv", b"code,term\n1.95967E+15,Asthma\n"),
            "codes": ("codes.csv", b"code,term\n195967001,Asthma\n"),
        }
        if name in files:
            file = self.folder / files[name][0]
            file.write_bytes(files[name][1])
            return file
        made: object = getattr(self, f"_{name}")()
        return made

    def _free(self) -> int:
        with socket.create_server(("127.0.0.1", 0)) as server:
            return int(server.getsockname()[1])

    def _copied_store(self) -> Path:
        return Path(shutil.copytree(self.linked, self.folder / "store"))

    def _batch(self) -> Path:
        return next((self._copied_store() / "batches").iterdir())

    def _torn_manifest(self) -> Path:
        batch = self._batch()
        (batch / "manifest.json").write_text("{")
        return batch.parents[1]

    def _lost_file(self) -> Path:
        batch = self._batch()
        (batch / "records.parquet").unlink()
        return batch.parents[1]

    def _junk(self) -> Path:
        batch = self._batch()
        (batch / "records.parquet").write_bytes(b"junk" * 10)
        return batch.parents[1]

    def _ledger(self) -> Path:
        store = self._copied_store()
        (store / "ledger.ndjson").write_text("junk\n")
        return store

    def _persons(self, select: str) -> Path:
        store = self._copied_store()
        duckdb.connect().execute(f"COPY ({select}) TO '{store}/persons.parquet' (FORMAT parquet)")
        return store

    def _no_column(self) -> Path:
        return self._persons("SELECT 'a' AS person_id")

    def _wrong_type(self) -> Path:
        return self._persons("SELECT 'a' AS person_id, 'Kettlewell' AS birth_date")

    def _junk_table(self) -> Path:
        store = self._copied_store()
        (store / "persons.parquet").write_bytes(b"junk" * 10)
        return store

    def _half(self) -> Path:
        store = self._copied_store()
        (store / ".half-replaced").touch()
        return store

    def _copy(self) -> Path:
        return Path(shutil.copytree(PROGRAMME.parent, self.folder / "programmes")) / "covid_protect"

    def _typo(self) -> Path:
        file = self._copy() / "risk.yaml"
        text = file.read_text()
        assert "[any_at_risk_group," in text
        file.write_text(text.replace("[any_at_risk_group,", "[any_at_risk_grup,", 1))
        return file.parent

    def _busy(self) -> Path:
        home = self.folder / "busy"
        home.mkdir()
        lock = (home / "demo.lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        self.locks.append(lock)
        return home


def _everything_in(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes() if file.is_file() else b""
        for file in folder.rglob("*")
        if file.name not in (".lock", "ledger.ndjson")
    }


@pytest.mark.parametrize("case", ROWS)
def test_bad_input_is_one_sentence_an_exit_code_and_nothing_left_behind(
    store: Path, taken: int, tmp_path: Path, case: str
) -> None:
    line, code, said = ROWS[case]
    things = Things(tmp_path, store, taken)
    typed = line.format_map(things)
    before = _everything_in(tmp_path)

    ended, out, errors = wherry(typed)
    for lock in things.locks:
        lock.close()

    assert ended == code, errors
    assert "Traceback" not in errors
    assert not any(value in errors + out for value in PERSONAL)
    if said is None:
        assert (errors, ended) == ("", PROBLEMS)
    else:
        *usage, last = errors.splitlines()
        assert re.search(said, last)
        assert last.startswith("wherry: ") != bool(usage)
        assert code == USAGE or not usage
    left = {name for name in _everything_in(tmp_path) if name not in before}
    assert left <= {"w/s", "store/.half-replaced"}
    assert {name: content for name, content in _everything_in(tmp_path).items() if name in before} == before


def test_a_typo_in_a_criterion_is_told_with_line_and_the_likely_name(store: Path, taken: int, tmp_path: Path) -> None:
    code, out, _ = wherry("programme check {typo}".format_map(Things(tmp_path, store, taken)))
    assert code == PROBLEMS
    assert re.search(r"risk.yaml:\d+: there is no criterion .*any_at_risk_grup; did you mean any_at_risk_group\?", out)


def test_lines_triage_cannot_read_are_told_one_by_one_and_the_rest_is_decided() -> None:
    good = b'{"id": "1", "answers": {}, "context": {}}\n'
    code, out, errors = wherry(f"triage {PROGRAMME}", given=b"\xff\n" + good + b'{"id": 2}\n{"id":\n')
    assert code == INPUT
    assert [line.count('"error"') for line in out.splitlines()] == [1, 0, 1, 1]
    assert errors == "wherry: 3 of the lines could not be decided; each says why under `error`\n"


def test_a_database_that_does_not_answer_is_told_in_one_sentence(tmp_path: Path) -> None:
    code, _, errors = wherry(f"doctor --home {tmp_path}/h", DATABASE_URL="postgresql://u:secret@127.0.0.1:1/x")
    assert (code, errors.count("\n")) == (ENVIRONMENT, 1)
    assert "see that it runs" in errors
    assert "secret" not in errors


def test_a_full_standard_output_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "wherry", "feeds", "contracts"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (
        ENVIRONMENT,
        "wherry: the disk is full; make room and run the same command again\n",
    )
