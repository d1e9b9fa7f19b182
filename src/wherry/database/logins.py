"""The database's login roles, its database and its extensions: made once, found thereafter."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import psycopg
from psycopg import sql

from wherry.foundation.errors import EnvironmentWrong

DATABASE = "wherry"
# Only `migrator` and `backup` pass row security, and the application never uses either.
LOGINS: Mapping[str, str] = {
    "owner": "NOSUPERUSER CREATEDB NOBYPASSRLS",
    "migrator": "NOSUPERUSER NOCREATEDB BYPASSRLS",
    "backup": "NOSUPERUSER NOCREATEDB BYPASSRLS",
    "web": "NOSUPERUSER NOCREATEDB NOBYPASSRLS",
    "web_person": "NOSUPERUSER NOCREATEDB NOBYPASSRLS",
    "worker": "NOSUPERUSER NOCREATEDB NOBYPASSRLS",
}
# The owner may become the application's roles (tests and checks do); a data migration needs the owner's rights.
_MEMBERSHIPS = (
    ("web", "owner"),
    ("web_person", "owner"),
    ("worker", "owner"),
    ("owner", "migrator"),
    ("pg_read_all_data", "backup"),
)
EXTENSIONS = ("pg_trgm", "unaccent")
Connection = psycopg.Connection[tuple[object, ...]]


def make_logins(connection: Connection, *, password_of: Callable[[str], str]) -> None:
    """
    Make the login roles that are missing, all or none. Runs as a role that may create roles.

    Passwords travel as SCRAM verifiers, so the server and its log never see them.
    Raises EnvironmentWrong when the connected role may not create one that is missing.
    """
    present = {str(row[0]) for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
    missing = [name for name in LOGINS if name not in present]
    for name in missing:
        verifier = connection.pgconn.encrypt_password(password_of(name).encode(), name.encode(), b"scram-sha-256")
        statement = sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(
            sql.Identifier(name), sql.SQL(LOGINS[name]), sql.Literal(verifier.decode())
        )
        _execute(
            connection, statement, f"the role {name} is missing and this account may not make it; make it, or let it"
        )
    for group, member in _MEMBERSHIPS if missing else ():
        grant = sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(member))
        _execute(connection, grant, f"the role {member} must be a member of {group}; grant it")


def make_database(connection: Connection) -> None:
    """Make the application's database, owned by `owner` and closed to everybody unnamed. Runs in autocommit."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
        return
    database = sql.Identifier(DATABASE)
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER owner").format(database))
    names = sql.SQL(", ").join(sql.Identifier(name) for name in LOGINS)
    with connection.transaction():
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, names))


def make_extensions(connection: Connection) -> None:
    """Make the extensions the application uses, in the connected database."""
    for name in EXTENSIONS:
        statement = sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name))
        _execute(connection, statement, f"the extension {name} cannot be made; install PostgreSQL's contrib package")


def _execute(connection: Connection, statement: sql.Composed, otherwise: str) -> None:
    try:
        connection.execute(statement)
    except (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.UndefinedFile,
        psycopg.errors.FeatureNotSupported,
    ) as error:
        raise EnvironmentWrong(f"The database server is not ready: {otherwise}") from error
