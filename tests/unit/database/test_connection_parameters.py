from __future__ import annotations

from pathlib import Path

import pytest

from wherry.database.cluster import connection_parameters
from wherry.database.secrets import secret
from wherry.foundation.errors import EnvironmentWrong


def test_a_role_connects_through_the_homes_socket_with_its_own_secret(tmp_path: Path) -> None:
    parameters = connection_parameters(tmp_path, "web")

    assert parameters["user"] == "web"
    assert parameters["dbname"] == "wherry"
    assert parameters["password"] == secret(tmp_path, "database_web")
    assert Path(parameters["host"]).name == "socket"


def test_an_unknown_role_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentWrong, match="no database role called root"):
        connection_parameters(tmp_path, "root")


def test_a_given_server_is_used_with_our_roles_and_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://admin:p%40ss@db.example:6432/care")

    assert connection_parameters(tmp_path, "postgres") == {
        "host": "db.example",
        "port": 6432,
        "user": "admin",
        "password": "p@ss",
        "dbname": "care",
    }
    worker = connection_parameters(tmp_path, "worker")
    assert (worker["user"], worker["dbname"], worker["host"]) == ("worker", "care", "db.example")
    assert worker["password"] == secret(tmp_path, "database_worker")


@pytest.mark.parametrize("url", ["mysql://u:hush@h/d", "postgresql://u:hush@h", "postgresql://u:hush@h:port/d", "hush"])
def test_a_damaged_address_is_refused_without_quoting_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(EnvironmentWrong) as refused:
        connection_parameters(tmp_path, "web")

    assert "hush" not in str(refused.value)


def test_a_damaged_record_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "postgres.json").write_text("{")

    with pytest.raises(EnvironmentWrong, match="damaged"):
        connection_parameters(tmp_path, "web")
