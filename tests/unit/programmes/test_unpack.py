"""What was put forward, written out to be read: whole, once, and never what somebody changed on the disk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.whole import unpack, whole_hash

FILES = {f"heat/{name}.yaml": f"{name}: 1\n" for name in ("programme", "risk", "triage")}
FILES["places/norwich/heat.yaml"] = "agreed_by: a post\n"
HASH = whole_hash(FILES)


def unpacked(into: Path) -> Path:
    return unpack(files=FILES, code="heat", hash=HASH, into=into)


@pytest.mark.parametrize("change", ["edit", "add", "remove", "not text"])
def test_what_somebody_changed_on_the_disk_is_noticed_and_written_anew_h_10(tmp_path: Path, change: str) -> None:
    folder = unpacked(tmp_path)
    if change == "edit":
        (folder / "triage.yaml").write_text("triage: 2\n")
    elif change == "add":
        (folder / "cadence.yaml").write_text("steps: []\n")
    elif change == "remove":
        (folder / "risk.yaml").unlink()
    else:
        (folder / "risk.yaml").write_bytes(b"\xff\xfe")

    assert {one.name: one.read_text() for one in unpacked(tmp_path).iterdir()} == {
        name.removeprefix("heat/"): text for name, text in FILES.items() if name.startswith("heat/")
    }


def test_several_at_once_all_find_it_whole_and_leave_nothing_behind(tmp_path: Path) -> None:
    def read(_: int) -> list[str]:
        folder = unpacked(tmp_path)
        return sorted(one.read_text() for one in folder.iterdir())

    with ThreadPoolExecutor(8) as several:
        found = list(several.map(read, range(40)))

    assert found == [["programme: 1\n", "risk: 1\n", "triage: 1\n"]] * 40
    assert [one.name for one in tmp_path.iterdir() if one.is_dir()] == [HASH.removeprefix("sha256:")[:32]]


def test_content_that_is_not_what_its_hash_says_is_refused_h_10(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeUnreadable, match="restore the database"):
        unpack(files={**FILES, "heat/risk.yaml": "risk: 2\n"}, code="heat", hash=HASH, into=tmp_path)
