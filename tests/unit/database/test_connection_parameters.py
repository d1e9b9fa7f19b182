from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import forget_home
from wherry.database.cluster import connection_parameters
from wherry.database.secrets import secret
from wherry.foundation.errors import EnvironmentWrong


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home without a server. As root, pytest's closed folders make it keep a private one, which must go again."""
    yield tmp_path
    forget_home(tmp_path)


def test_a_role_connects_through_the_homes_socket_with_its_own_secret(home: Path) -> None:
    parameters = connection_parameters(home, "web")

    assert parameters["user"] == "web"
    assert parameters["dbname"] == "wherry"
    assert parameters["password"] == secret(home, "database_web")
    assert Path(parameters["host"]).name == "socket"


def test_an_unknown_role_is_refused_by_name(home: Path) -> None:
    with pytest.raises(EnvironmentWrong, match="no database role called root"):
        connection_parameters(home, "root")


def test_a_given_server_is_used_with_our_roles_and_secrets(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://admin:p%40ss@db.example:6432/care")

    assert connection_parameters(home, "postgres") == {
        "host": "db.example",
        "port": 6432,
        "user": "admin",
        "password": "p@ss",
        "dbname": "care",
    }
    worker = connection_parameters(home, "worker")
    assert (worker["user"], worker["dbname"], worker["host"]) == ("worker", "care", "db.example")
    assert worker["password"] == secret(home, "database_worker")


@pytest.mark.parametrize("url", ["mysql://u:hush@h/d", "postgresql://u:hush@h", "postgresql://u:hush@h:port/d", "hush"])
def test_a_damaged_address_is_refused_without_quoting_its_password(
    home: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(EnvironmentWrong) as refused:
        connection_parameters(home, "web")

    assert "hush" not in str(refused.value)


def test_a_damaged_record_is_an_error_in_words(home: Path) -> None:
    (home / "postgres.json").write_text("{")

    with pytest.raises(EnvironmentWrong, match="damaged"):
        connection_parameters(home, "web")
    (home / "postgres.json").unlink()
