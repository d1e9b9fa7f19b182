"""
Kill the demonstration, its worker and its database without warning, run again, and compare what comes out.

    python -m tests.faults.kills --each 10 --people 500 --days 3 --seed 7 --json report.json

`--together` strikes all three in each run, one after another, which takes a third of the runs and is harder to survive.

Passes when every run that was cut short ends, run again, with the very result of a run nobody touched, nobody was
messaged twice for one step, and the audit chain holds. The control breaks a result on purpose and must be seen.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

#: What is killed, and the part of a run in which it is alive: the worker starts when the lists are made.
TARGETS = {"demo": (0.05, 0.9), "worker": (0.45, 0.85), "postgres": (0.1, 0.85)}
_DRAWS = 4
_LONGEST_SECONDS = 900


@dataclass
class Report:
    """What came of the kills. different: runs whose result was not the untouched run's."""

    kills: dict[str, int] = field(default_factory=dict)
    missed: int = 0
    twice: int = 0
    different: int = 0
    broken_audits: int = 0
    runs_to_finish: list[int] = field(default_factory=list)
    control_different: int = 0
    seed: int = 0
    people: int = 0
    days: int = 0
    untouched_seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether every promise held and the control was seen."""
        held = not (self.twice or self.different or self.broken_audits or self.missed)
        return held and self.control_different == 1


def _command(*words: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "wherry", *words]


def _demo(home: Path, people: int, days: int, out: Path) -> list[str]:
    size = ["--people", str(people), "--days", str(days), "--seed", "1"]
    return _command("demo", *size, "--home", str(home), "--no-serve", "--json", str(out))


def _start(home: Path, people: int, days: int, out: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        _demo(home, people, days, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )


def _finish(home: Path, people: int, days: int, out: Path) -> int:
    """Run again until it ends well. Returns how many runs that took."""
    said = b""
    for runs in range(1, 6):
        done = subprocess.run(
            _demo(home, people, days, out), capture_output=True, timeout=_LONGEST_SECONDS, check=False
        )
        if done.returncode == 0:
            return runs
        said = said or done.stderr
    raise RuntimeError(f"the demonstration does not end: {said.decode()[-800:]}")


def _pids(home: Path, target: str, demo: subprocess.Popen[bytes]) -> list[int]:
    if target == "demo":
        return [demo.pid]
    if target == "postgres":
        return [int(file.read_text().split()[0]) for file in _postmasters(home) if file.exists()]
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if "worker" in words and str(home) in words and "wherry" in words:
            found.append(int(folder.name))
    return found


def _alive(home: Path, target: str, demo: subprocess.Popen[bytes]) -> list[int]:
    """Find what is to be killed; where it was not started yet, as soon as it is. Empty once the run has ended."""
    while demo.poll() is None:
        if pids := _pids(home, target, demo):
            return pids
        time.sleep(0.1)
    return []


def _postmasters(home: Path) -> list[Path]:
    from wherry.database.placement import placement

    return [placement(home).data / "postmaster.pid"]


def _kill(moments: Sequence[tuple[float, str]], report: Report, folder: Path) -> bool:
    """
    Start a run, kill each target in it at its moment (seconds of the run), and wait for whatever that leaves.

    A run that was killed itself is begun again for the next. Says whether there was one to kill every time.
    """
    home, out, before = folder / "home", folder / "result.json", 0.0
    demo, hit = _start(home, report.people, report.days, out), True
    for moment, target in moments:
        if demo.poll() is not None:
            demo = _start(home, report.people, report.days, out)
        time.sleep(moment - before)
        before = moment
        pids = _alive(home, target, demo)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        if target == "demo" and pids:
            demo.wait()
        hit = hit and bool(pids)
    try:
        demo.wait(timeout=_LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        demo.kill()
        demo.wait()
    return hit


def _one(targets: Sequence[str], chance: random.Random, expected: str, report: Report, folder: Path) -> str:
    for _ in range(_DRAWS):
        # A machine under load moves the moments: a draw that found nothing to kill is drawn again, on a new home.
        _clear(folder)
        moments = sorted((chance.uniform(*TARGETS[one]) * report.untouched_seconds, one) for one in targets)
        if _kill(moments, report, folder):
            report.kills |= {one: report.kills.get(one, 0) + 1 for one in targets}
            break
    else:
        report.missed += 1
    home, out = folder / "home", folder / "result.json"
    report.runs_to_finish.append(_finish(home, report.people, report.days, out))
    result = json.loads(out.read_text())
    report.twice += int(result["messaged_twice_for_one_step"])
    report.different += json.dumps(result, sort_keys=True) != expected
    audit = subprocess.run(_command("audit", "verify", "--home", str(home)), capture_output=True, check=False)
    report.broken_audits += audit.returncode != 0
    return ", ".join(f"{target} after {moment:.1f} s" for moment, target in moments)


def _clear(folder: Path) -> None:
    from wherry.database.cluster import Cluster

    if (folder / "home" / "postgres.json").exists():
        Cluster(folder / "home").erase()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def run(*, each: int, people: int, days: int, seed: int, say: Callable[[str], None], together: bool = False) -> Report:
    """Kill every target `each` times at random moments of a run, and report. together: all of them in every run."""
    report = Report(seed=seed, people=people, days=days)
    chance = random.Random(seed)
    root = Path(tempfile.mkdtemp(prefix="wherry-kills-"))
    root.chmod(0o755)
    try:
        began = time.monotonic()
        _finish(root / "untouched", people, days, root / "untouched.json")
        report.untouched_seconds = round(time.monotonic() - began, 1)
        expected = json.dumps(json.loads((root / "untouched.json").read_text()), sort_keys=True)
        report.control_different = int(expected.replace('"persons":', '"people":') != expected)
        for number in range(each):
            for targets in [tuple(TARGETS)] if together else [(one,) for one in TARGETS]:
                folder = root / f"{'-'.join(targets)}-{number}"
                struck = _one(targets, chance, expected, report, folder)
                say(f"{number + 1}/{each} {struck}: different {report.different}, twice {report.twice}")
                _clear(folder)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return report


def main() -> int:
    """Read the arguments, kill, print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--together", action="store_true", help="All three in every run, one after another.")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    sizes = {"each": given.each, "people": given.people, "days": given.days, "seed": given.seed}
    report = run(**sizes, together=given.together, say=lambda words: print(words, flush=True))
    text = json.dumps(asdict(report), indent=1)
    print(text)
    if given.json:
        given.json.write_text(text + "\n")
    return 0 if report.passed else 1


if __name__ == "__main__":
    sys.exit(main())
