"""One program run as a process of its own: its wall seconds, its processor seconds, its largest memory; and on what."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One run. wall and cpu: seconds, the program and all it waited for; megabytes: its largest resident memory."""

    wall: float
    cpu: float
    megabytes: int
    said: str


def run(command: Sequence[str], *, environment: dict[str, str], folder: Path) -> Run:
    """Run a program to its end. Raises RuntimeError with the end of what it complained of when it fails."""
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    with (folder / "said").open("w+") as said, (folder / "complained").open("w+") as complained:
        process = subprocess.Popen(command, stdout=said, stderr=complained, env={**os.environ, **environment})
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        said.seek(0)
        complained.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command[:4])} … ended {process.returncode}: {complained.read()[-2000:]}")
        return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, said.read())


def summary(runs: Sequence[Run]) -> dict[str, float]:
    """Give least and median of wall and processor seconds, and the largest memory."""
    walls, cpus = [each.wall for each in runs], [each.cpu for each in runs]
    return {
        "wall_min": round(min(walls), 2),
        "wall_median": round(statistics.median(walls), 2),
        "cpu_min": round(min(cpus), 2),
        "cpu_median": round(statistics.median(cpus), 2),
        "megabytes": max(each.megabytes for each in runs),
        "runs": len(runs),
    }


def machine(*packages: str) -> dict[str, object]:
    """Say what the figures were taken on, and with which versions."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    pages, page = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gb": round(pages * page / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in packages},
        "load_at_start": round(os.getloadavg()[0], 1),
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
