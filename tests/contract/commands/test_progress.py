"""A long step shows that it goes on, on a terminal; where nobody looks, nothing is drawn."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

from wherry.commands.progress import Bar, step

SOURCE = Path(__file__).resolve().parents[3] / "src"
_EAGER = "import wherry.commands.progress as p; p._QUIET_SECONDS = 0.01; from wherry.commands.main import main; main()"


def _receive(store: Path, to: int) -> subprocess.Popen[bytes]:
    file = store.parent / "events.csv"
    file.write_text("Practice Code,Patient ID,Event Date,SNOMED Code\nD82001,1,01/02/2020,195967001\n")
    command = ["feeds", "receive", "gp_events", str(file), "--store", str(store), "--by", "a.analyst"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(
        [sys.executable, "-c", _EAGER, *command], env=environment, stdout=subprocess.PIPE, stderr=to
    )


def test_on_a_terminal_a_bar_is_drawn_and_gone_when_the_step_ends(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    running = _receive(tmp_path / "store", theirs)
    said, _ = running.communicate(timeout=120)
    os.close(theirs)
    drawn = b""
    try:
        while chunk := os.read(ours, 65536):
            drawn += chunk
    except OSError:
        pass
    os.close(ours)
    assert running.returncode == 0
    assert b"rows in 1 = accepted 1" in said
    assert "Landing" in drawn.decode()
    assert "█" in drawn.decode()
    assert drawn.decode().endswith("\r\x1b[K")


def test_without_a_terminal_nothing_is_drawn(tmp_path: Path) -> None:
    running = _receive(tmp_path / "store", subprocess.PIPE)
    said, drawn = running.communicate(timeout=120)
    assert (running.returncode, drawn) == (0, b"")
    assert b"rows in 1 = accepted 1" in said


def test_a_step_into_a_file_writes_nothing() -> None:
    stream = io.StringIO()
    with step("Working", total=2, to=stream) as bar:
        bar.update(1)
        time.sleep(0.01)
    assert stream.getvalue() == ""


def test_a_line_says_the_share_done_and_the_time_and_fits_its_terminal() -> None:
    bar = Bar("Landing rows", 200)
    bar.update(50)
    assert bar.line(seconds=75, columns=80) == "Landing rows  " + "█" * 6 + "░" * 18 + "  25 %  1:15"
    bar.say("Writing")
    bar.update(1_000)
    assert bar.line(seconds=75, columns=80) == "Writing  " + "█" * 24 + " 100 %  1:15"
    assert len(bar.line(seconds=75, columns=20)) == 19


def test_a_step_of_unknown_length_still_moves() -> None:
    bar = Bar("Linking", None, ("#", "."))
    lines = {bar.line(seconds=tenths / 10, columns=80) for tenths in range(0, 40, 4)}
    assert len(lines) == 10
    assert all("%" not in line and line.count("#") == 1 for line in lines)
