"""No tracked file names a package registry or a folder of somebody's machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Written in pieces, so that this file passes its own test.
_HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npm" + "js.org", "registry.yarn" + "pkg.com")
_MACHINE = re.compile(
    "(?<![\\w.])/(?:" + "ho" + r"me/\w+|Us" + r"ers/\w+|ro" + r"ot/|wo" + "rk/|opt/wh" + "eels|tmp/br" + "ief)"
)


def _problems(name: str, text: str) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if any(host in line for host in _HOSTS) or _MACHINE.search(line)
    ]


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout: nothing says which files are tracked")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_tracked_file_names_a_registry_or_a_machines_folder() -> None:
    problems = []
    for path in _tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        problems += _problems(str(path.relative_to(ROOT)), text)

    assert problems == []


@pytest.mark.parametrize(
    "line", ["see https://" + _HOSTS[0] + "/simple", "open('/" + "work/main/x')", "cd /ho" + "me/ann"]
)
def test_a_planted_place_is_found(line: str) -> None:
    assert _problems("file", line) != []


@pytest.mark.parametrize("line", ["/network/x", "a/work/b", "the /homework page"])
def test_an_innocent_line_is_let_be(line: str) -> None:
    assert _problems("file", line) == []
