"""import-linter's contracts hold, and each is seen to bite in a copy of the tree with one planted line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
PLANTED = (
    ("chain", "foundation/planted.py", "import wherry.audit", "wherry.foundation.planted"),
    ("chain", "referrals/planted.py", "def late():\n    import wherry.journeys", "wherry.referrals.planted"),
    ("chain", "an_undeclared_room/__init__.py", "", "wherry.an_undeclared_room"),
    ("cycles", "foundation/errors.py", "import wherry.foundation.planted", "cycles are allowed in wherry.foundation"),
)


def _lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    command = [str(LINTER), "--no-cache", "--config", str(folder / "pyproject.toml"), *chosen]
    environment = {"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=folder / "src", env=environment, capture_output=True, text=True)


def test_the_layers_hold() -> None:
    said = _lint(ROOT)

    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize(("contract", "where", "line", "expected"), PLANTED)
def test_a_layer_contract_bites(tmp_path: Path, contract: str, where: str, line: str, expected: str) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=_only_python)
    before = _lint(tmp_path, contract).stdout
    planted = tmp_path / "src" / "wherry" / where
    planted.parent.mkdir(exist_ok=True)
    with planted.open("a") as file:
        file.write(f"\n{line}\n")
    if contract == "cycles":
        planted.with_name("planted.py").write_text("def late():\n    from wherry.foundation import errors\n")

    said = _lint(tmp_path, contract)

    assert said.returncode == 1
    assert expected not in before
    assert expected in said.stdout


def _only_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()}
