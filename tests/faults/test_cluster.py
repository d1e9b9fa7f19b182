"""The database server's life: crashes, closed folders, long paths, many users, and nothing left behind."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.processes import forget_home, kill_server, processes_working_in, wait_until
from wherry.database.account import Account
from wherry.database.binaries import candidates, find_binaries
from wherry.database.cluster import Cluster, connection_parameters, durability_problems
from wherry.database.logins import LOGINS
from wherry.foundation.errors import EnvironmentWrong

ROOT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become another account")


@pytest.fixture
def home() -> Iterator[Path]:
    """A new home any account may pass through. Whatever happens, its server stops and its folders go."""
    folder = Path(tempfile.mkdtemp(prefix="wherry-fault-"))
    folder.chmod(0o711)
    yield from _and_clear(folder, folder / "home")


def _and_clear(folder: Path, home: Path) -> Iterator[Path]:
    yield home
    if home.exists():
        Cluster(home).stop()
        forget_home(home)
    shutil.rmtree(folder)


def _who(home: Path, role: str) -> str:
    with psycopg.connect(**connection_parameters(home, role)) as connection:
        row = connection.execute("select current_user").fetchone()
    assert row is not None
    return str(row[0])


def _user(home: Path) -> subprocess.Popen[str]:
    """Start another process that uses the server until its standard input closes."""
    program = (
        "import sys; from pathlib import Path; from wherry.database.cluster import Cluster\n"
        "with Cluster(Path(sys.argv[1]), durable=False).using(): print('using', flush=True); sys.stdin.read()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", program, str(home)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "using\n"
    return process


def _leave(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_a_server_starts_serves_every_role_and_leaves_nothing_running(home: Path) -> None:
    with Cluster(home).using() as cluster:
        data = cluster.place.data
        assert [_who(home, role) for role in LOGINS] == list(LOGINS)
        with psycopg.connect(**connection_parameters(home, "owner")) as connection:
            assert durability_problems(connection) == ()

    assert processes_working_in(data) == ()
    assert list(cluster.place.socket.iterdir()) == []


def test_no_role_of_the_application_is_above_row_security(home: Path) -> None:
    with (
        Cluster(home, durable=False).using(),
        psycopg.connect(**connection_parameters(home, "owner")) as connection,
    ):
        rows = connection.execute("select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles")
        found = {row[0]: row[1:] for row in rows if row[0] in LOGINS}

    assert found == {
        "owner": (False, False, True, False),
        "migrator": (False, True, False, False),
        "backup": (False, True, False, False),
        "web": (False, False, False, False),
        "web_person": (False, False, False, False),
        "worker": (False, False, False, False),
    }


def test_a_server_is_reached_by_password_and_socket_alone(home: Path) -> None:
    with Cluster(home, durable=False).using() as cluster:
        parameters = connection_parameters(home, "owner")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(**{**parameters, "password": "wrong"})
        with psycopg.connect(**parameters) as connection:
            addresses = connection.execute("show listen_addresses").fetchone()

        assert addresses == ("",)
        for folder in (cluster.place.data, cluster.place.socket):
            assert folder.stat().st_mode & 0o777 == 0o700


def test_settings_that_could_lose_an_answer_are_named(home: Path) -> None:
    with (
        Cluster(home, durable=False).using(),
        psycopg.connect(**connection_parameters(home, "owner")) as connection,
    ):
        problems = durability_problems(connection)

    assert [problem.split(" ")[0] for problem in problems] == ["fsync", "synchronous_commit", "full_page_writes"]


def test_the_servers_log_keeps_no_words_of_a_statement(home: Path) -> None:
    with Cluster(home, durable=False).using() as cluster:
        with (
            psycopg.connect(**connection_parameters(home, "owner")) as connection,
            pytest.raises(psycopg.errors.InvalidTextRepresentation),
        ):
            connection.execute("select 'Canary-Surname'::integer")
        logs = list(cluster.place.log.glob("*.log"))

    assert logs
    assert not [log for log in logs if "Canary-Surname" in log.read_text()]


def test_what_was_acknowledged_outlives_a_killed_server(home: Path) -> None:
    with Cluster(home).using() as cluster:
        with psycopg.connect(**connection_parameters(home, "owner"), autocommit=True) as connection:
            connection.execute("create table answers (n integer)")
        for n in range(3):
            connection = psycopg.connect(**connection_parameters(home, "owner"), autocommit=True)
            connection.execute("insert into answers values (%s)", (n,))
            kill_server(cluster.place.data)
            cluster.ensure_running()
            connection.close()

        with psycopg.connect(**connection_parameters(home, "owner")) as connection:
            assert connection.execute("select n from answers order by n").fetchall() == [(0,), (1,), (2,)]


def test_a_pid_file_naming_another_program_does_not_keep_the_server_down(home: Path) -> None:
    with Cluster(home, durable=False).using() as cluster:
        data = cluster.place.data
        kept = (data / "postmaster.pid").read_text().split("\n")
    # This very process is alive, and is not a database.
    (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *kept[1:]]))

    with Cluster(home, durable=False).using():
        assert _who(home, "web") == "web"


def test_users_share_a_server_and_the_last_one_stops_it(home: Path) -> None:
    first, second = _user(home), _user(home)
    data = Cluster(home).place.data
    server = (data / "postmaster.pid").read_text().split("\n")[0]

    _leave(first)
    assert (data / "postmaster.pid").read_text().split("\n")[0] == server
    assert _who(home, "web") == "web"

    _leave(second)
    assert processes_working_in(data) == ()


def test_a_killed_users_server_is_adopted_and_then_stopped(home: Path) -> None:
    killed = _user(home)
    data = Cluster(home).place.data
    server = (data / "postmaster.pid").read_text().split("\n")[0]
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert _who(home, "web") == "web"

    _leave(_user_with(home, server))

    assert processes_working_in(data) == ()


def _user_with(home: Path, server: str) -> subprocess.Popen[str]:
    process = _user(home)
    assert (Cluster(home).place.data / "postmaster.pid").read_text().split("\n")[0] == server
    return process


def test_users_who_arrive_together_make_one_server(home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from wherry.database.cluster import Cluster\n"
        "with Cluster(Path(sys.argv[1]), durable=False).using() as c: "
        "print((c.place.data / 'postmaster.pid').read_text().split()[0], flush=True); sys.stdin.read()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", program, str(home)]
    users = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(4)
    ]
    servers = {user.stdout.readline() for user in users if user.stdout}
    for user in users:
        _leave(user)

    assert len(servers) == 1
    assert processes_working_in(Cluster(home).place.data) == ()


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(home: Path) -> None:
    user = _user(home)
    data = Cluster(home).place.data
    server = int((data / "postmaster.pid").read_text().split("\n")[0])

    assert os.getpgid(server) != os.getpgid(user.pid)
    assert os.getsid(server) != os.getsid(user.pid)
    _leave(user)


def test_a_half_made_database_is_made_again(home: Path) -> None:
    draft = Cluster(home).place.folder / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("15\n")

    with Cluster(home, durable=False).using():
        assert _who(home, "owner") == "owner"


@as_root
def test_root_serves_a_home_under_a_closed_folder_and_removes_what_it_needed() -> None:
    closed = Path(tempfile.mkdtemp(prefix="wherry-closed-"))
    assert closed.stat().st_mode & 0o777 == 0o700
    for home in _and_clear(closed, closed / "home"):
        with Cluster(home, durable=False).using() as cluster:
            private = cluster.place.private
            assert private is not None
            assert _who(home, "web") == "web"
            assert cluster.place.data.stat().st_uid != 0
        assert processes_working_in(cluster.place.data) == ()
    assert private is not None
    assert not private.exists()


def test_a_home_too_deep_for_a_socket_keeps_its_data_and_moves_the_socket(home: Path) -> None:
    deep = home.joinpath(*["a-folder-with-a-long-name"] * 5)
    with Cluster(deep, durable=False).using() as cluster:
        assert _who(deep, "web") == "web"
        assert cluster.place.data.is_relative_to(deep)
        assert not cluster.place.socket.is_relative_to(deep)
    forget_home(deep)


def test_a_home_with_an_awkward_name_is_served(home: Path) -> None:
    awkward = home / 'O\'Neill, "Ann" $HOME & co'
    with Cluster(awkward, durable=False).using():
        assert _who(awkward, "web") == "web"
    forget_home(awkward)


@as_root
def test_programs_another_account_cannot_read_are_copied(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = next(binaries for binaries in candidates() if binaries.trees)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for tree in wheel.trees:
        shutil.copytree(wheel.root / tree, closed / tree, symlinks=True)
    hidden = type(wheel)(
        folder=closed / wheel.folder.relative_to(wheel.root), source=wheel.source, root=closed, trees=wheel.trees
    )
    monkeypatch.setattr("wherry.database.binaries.candidates", lambda: iter([hidden]))

    with Cluster(home, durable=False).using() as cluster:
        assert _who(home, "web") == "web"
        assert (cluster.place.folder / wheel.source).exists()


@as_root
def test_a_plain_account_runs_its_own_server_and_is_refused_anothers(home: Path) -> None:
    home.mkdir(mode=0o711)
    theirs = home / "theirs"
    theirs.mkdir()
    shutil.chown(theirs, "nobody")
    said = _as_nobody(theirs)
    assert said.returncode == 0, said.stderr
    assert int(said.stdout) == theirs.stat().st_uid

    # Root may help in another's home, and leaves it usable by its owner.
    with Cluster(theirs).using():
        assert _who(theirs, "web") == "web"
    assert _as_nobody(theirs).returncode == 0

    ours = home / "ours"
    with Cluster(ours, durable=False).using():
        refused = _as_nobody(ours)
    assert "EnvironmentWrong" in refused.stderr
    assert "choose another --home" in refused.stderr


def _as_nobody(home: Path) -> subprocess.CompletedProcess[str]:
    """Use a home's server as an account without rights, by an interpreter that account can run."""
    program = (
        "import sys; from pathlib import Path; from wherry.database.cluster import Cluster\n"
        "with Cluster(Path(sys.argv[1])).using() as c: print(c.place.data.stat().st_uid)"
    )
    nobody = pwd.getpwnam("nobody")
    account = Account(uid=nobody.pw_uid, gid=nobody.pw_gid, switch=True)
    version = f"python3.{sys.version_info.minor}"
    paths = os.pathsep.join([str(ROOT / "src"), *(path for path in sys.path if path.endswith("site-packages"))])
    for interpreter in (sys.executable, f"/usr/bin/{version}"):
        command = ["/usr/bin/env", f"PYTHONPATH={paths}", interpreter, "-c"]
        if account.run([*command, "import wherry.database.cluster"], timeout_seconds=60).returncode == 0:
            return account.run([*command, program, home], timeout_seconds=120)
    pytest.skip(f"no {version} here can be run by another account")


def test_data_of_a_version_that_is_not_installed_is_refused_by_number(home: Path) -> None:
    with Cluster(home, durable=False).using() as cluster:
        pass
    version = cluster.place.data / "PG_VERSION"
    real = version.read_text()
    version.write_text("12\n")

    with pytest.raises(EnvironmentWrong, match="made by PostgreSQL 12"):
        cluster.ensure_running()
    version.write_text(real)


def test_missing_programs_are_an_error_with_a_next_step(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHERRY_POSTGRES_BIN", str(tmp_path))

    with pytest.raises(EnvironmentWrong, match="make run"):
        Cluster(home).ensure_running()


def test_a_home_that_cannot_be_written_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EnvironmentWrong, match="choose another --home"):
        Cluster(tmp_path / "file" / "home").ensure_running()


@as_root
def test_a_full_disk_is_named_and_leaves_no_half_made_database(home: Path) -> None:
    home.mkdir(mode=0o711)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=0711", "tmpfs", home], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        with pytest.raises(EnvironmentWrong, match="disk is full"):
            Cluster(home).ensure_running()
        assert not Cluster(home).place.data.exists()
    finally:
        subprocess.run(["umount", home], check=True)


def test_a_server_given_by_its_address_is_prepared_and_left_running(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Cluster(home, durable=False).using() as cluster:
        parameters = connection_parameters(home, "postgres")
        with psycopg.connect(**parameters, autocommit=True) as connection:
            connection.execute("create database given")
        address = f"postgresql://postgres:{parameters['password']}@{parameters['host'].replace('/', '%2F')}/given"
        other = tmp_path / "other"
        shutil.copytree(home / "secrets", other / "secrets")
        with monkeypatch.context() as patched:
            patched.setenv("DATABASE_URL", address)
            with Cluster(other).using():
                assert _who(other, "web") == "web"
        assert wait_until(lambda: bool(processes_working_in(cluster.place.data)), seconds=1)


@pytest.mark.slow
def test_the_systems_own_postgres_serves_as_well_as_the_wheels(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = [binaries for binaries in candidates() if binaries.source.startswith("system")]
    if not system:
        pytest.skip("no PostgreSQL of the system's own under /usr/lib/postgresql")
    monkeypatch.setenv("WHERRY_POSTGRES_BIN", str(system[0].folder))

    with Cluster(home, durable=False).using():
        assert _who(home, "web") == "web"

    monkeypatch.delenv("WHERRY_POSTGRES_BIN")
    version = int((Cluster(home).place.data / "PG_VERSION").read_text())
    assert find_binaries(major=version).major() == version
