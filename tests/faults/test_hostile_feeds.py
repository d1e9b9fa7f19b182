"""A bomb, a line of a gigabyte, a million columns: refused within seconds and 1.5 GB, at their real size."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import hostile

MOST_SECONDS, MOST_MEGABYTES = 60, 1_536


def _check(contract: str, file: Path) -> tuple[int, float, int, str]:
    began = time.monotonic()
    command = [sys.executable, "-m", "wherry.commands.main", "feeds", "check", contract, str(file)]
    with (file.parent / "said").open("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, "PYTHONPATH": "src"})
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        return process.returncode, time.monotonic() - began, used.ru_maxrss >> 10, said.read()


REAL = {
    **{name: (contract, make, (size,), 1) for name, (contract, make, _, size, _) in hostile.CASES.items()},
    "one text of a megabyte, a million times": ("gp_register", hostile.one_text_many_times, (1_000_000, 1 << 20), 1),
    "lists within ten million lists": ("fhir", hostile.deep, (10_000_000,), 3),
}


@pytest.mark.slow
@pytest.mark.skipif("WHERRY_REAL_SIZES" not in os.environ, reason="real sizes take minutes: make fuzz")
@pytest.mark.parametrize("case", REAL)
def test_at_its_real_size_it_is_refused_in_bounded_time_and_memory(tmp_path: Path, case: str) -> None:
    contract, make, sizes, expected = REAL[case]
    file = tmp_path / "hostile.dat"
    make(file, *sizes)
    code, seconds, megabytes, said = _check(contract, file)
    file.unlink()
    assert (code, "Traceback" in said) == (expected, False), said[-500:]
    assert seconds < MOST_SECONDS
    assert megabytes < MOST_MEGABYTES
