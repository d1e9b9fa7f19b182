"""An installation that could leak or lose does not serve: it says why in one sentence, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from wherry.commands import doctor, serve
from wherry.commands.main import run
from wherry.database.cluster import connection_parameters
from wherry.foundation.errors import EnvironmentWrong, ExitCode

pytestmark = pytest.mark.django_db
#: The tests' own server gives up crash safety for speed, which the doctor rightly says each time.
OF_TESTS = {
    f"the database runs with {name} off and may lose what it acknowledged"
    for name in ("fsync", "synchronous_commit", "full_page_writes")
}


def change(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def found() -> set[str]:
    return set(doctor.problems()) - OF_TESTS


def test_nothing_is_wrong_but_what_tests_give_up_for_speed() -> None:
    assert set(doctor.problems()) == OF_TESTS


def test_each_setting_that_loses_what_was_acknowledged_is_said() -> None:
    change("set local synchronous_commit = on")
    assert set(doctor.problems()) == {one for one in OF_TESTS if "synchronous_commit" not in one}


@pytest.mark.parametrize("table", ["cases_case", "people_person", "audit_event", "review_entryreason"])
@pytest.mark.parametrize("lifted", ["no force row level security", "disable row level security"])
def test_a_table_whose_guard_is_lifted_is_named(table: str, lifted: str) -> None:
    change(f"alter table {table} {lifted}")
    assert found() == {f"table {table} is not guarded by row security"}


def test_a_migration_not_applied_is_said_before_anything_else() -> None:
    change("delete from django_migrations where app = 'referrals'")
    assert doctor.problems() == ["the database is not up to date: run wherry migrate"]


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    """Go on over a connection of another login role, as a process started with its password would."""
    ours, given = connections["default"], connection_parameters(Path(settings.HOME), role)
    other = DatabaseWrapper({**ours.settings_dict, "USER": given["user"], "PASSWORD": given["password"]}, "default")
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = ours


@pytest.mark.parametrize("role", ["postgres", "migrator"])
def test_a_role_that_passes_row_security_is_refused(role: str) -> None:
    with connected_as(role):
        assert found() == {"the application's role may bypass row security"}


@pytest.mark.parametrize("role", ["owner", "worker", "web", "web_person"])
def test_the_applications_own_roles_are_fit(role: str) -> None:
    with connected_as(role):
        assert found() == set()


def test_an_unfit_installation_does_not_serve_and_says_so_in_one_sentence() -> None:
    change("alter table cases_case no force row level security")
    with pytest.raises(EnvironmentWrong) as refused:
        serve._refuse_unfit()
    assert refused.value.exit_code == ExitCode.ENVIRONMENT_WRONG == 4
    assert str(refused.value).count("\n") == 0
    assert str(refused.value).endswith("run wherry doctor")


def test_a_fit_installation_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "problems", list)
    serve._refuse_unfit()


def test_the_command_line_ends_with_4_and_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(serve, "database", lambda home, must_exist: nullcontext())
    monkeypatch.setattr(serve, "wire", lambda home, role, site: None)
    monkeypatch.setattr(serve, "_listen", lambda host, port: pytest.fail("it served"))
    monkeypatch.setattr(serve, "_refuse_taken", lambda host, port: None)
    change("delete from django_migrations where app = 'referrals'")
    assert run(["serve", "--site", "staff", "--home", str(tmp_path)]) == 4
    said = capsys.readouterr().err.strip()
    assert "the database is not up to date: run wherry migrate" in said
    assert said.count("\n") == 0
