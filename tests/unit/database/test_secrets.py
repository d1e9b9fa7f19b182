from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from wherry.database.secrets import SecretExposed, secret
from wherry.foundation.errors import EnvironmentWrong


def test_a_secret_is_made_once_and_then_kept(tmp_path: Path) -> None:
    first = secret(tmp_path, "site_key")

    assert secret(tmp_path, "site_key") == first
    assert secret(tmp_path, "another") != first
    assert len(first) == 43


def test_only_the_owner_may_read_a_secret(tmp_path: Path) -> None:
    secret(tmp_path, "site_key")

    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "secrets" / "site_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("what", "mode"), [("secrets/site_key", 0o640), ("secrets/site_key", 0o604), ("secrets", 0o750)]
)
def test_a_secret_others_can_read_is_refused(tmp_path: Path, what: str, mode: int) -> None:
    value = secret(tmp_path, "site_key")
    (tmp_path / what).chmod(mode)

    with pytest.raises(SecretExposed) as refused:
        secret(tmp_path, "site_key")

    assert "chmod" in str(refused.value)
    assert value not in str(refused.value)


def test_a_link_in_a_secrets_place_is_refused(tmp_path: Path) -> None:
    secret(tmp_path, "site_key")
    (tmp_path / "secrets" / "other").symlink_to(tmp_path / "secrets" / "site_key")

    with pytest.raises(SecretExposed):
        secret(tmp_path, "other")


def test_an_emptied_secret_is_an_error_and_not_an_empty_key(tmp_path: Path) -> None:
    secret(tmp_path, "site_key")
    (tmp_path / "secrets" / "site_key").write_text("")

    with pytest.raises(EnvironmentWrong):
        secret(tmp_path, "site_key")


@pytest.mark.parametrize("name", ["../escape", "", "Upper", "a/b", "a.b"])
def test_a_secrets_name_cannot_leave_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        secret(tmp_path, name)


def _ask(home: str) -> str:
    return secret(Path(home), "site_key")


def test_processes_that_ask_at_once_agree(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        answers = pool.map(_ask, [str(tmp_path)] * 16)

    assert len(set(answers)) == 1
    assert os.listdir(tmp_path / "secrets") == ["site_key"]
