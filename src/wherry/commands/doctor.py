"""`wherry doctor`: say what is wrong with this installation."""

from __future__ import annotations

import json
from pathlib import Path

import click

from wherry.commands.installation import HOME, database, wire
from wherry.foundation.errors import EnvironmentWrong, ExitCode

#: Tables that hold no person: everything else the application owns must have FORCE row security.
_NO_PERSON = {
    "app_clock",
    "audit_link",
    "audit_seal",
    "governance_agreement",
    "governance_audience",
    "governance_decision",
    "organisations_organisation",
    "organisations_team",
    "outreach_sendingpause",
    "sign_off_comment",
    "sign_off_programmeversion",
    "sign_off_signature",
}


def is_up_to_date() -> bool:
    """Say whether every migration has been applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def refuse_unmigrated() -> None:
    """Raise EnvironmentWrong where the schema is behind the code. Call once this process is wired."""
    if not is_up_to_date():
        raise EnvironmentWrong("the database is not up to date; run wherry migrate")


def problems() -> list[str]:
    """
    Say in plain words what makes this process unfit: its role, the tables' guard, migrations, durability.

    Asked by the sites and the worker before they start.
    """
    from django.db import connection

    found: list[str] = []
    if not is_up_to_date():
        return ["the database is not up to date: run wherry migrate"]
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        if cursor.fetchone()[0]:
            found.append("the application's role may bypass row security")
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"show {name}")
            if cursor.fetchone()[0] == "off":
                found.append(f"the database runs with {name} off and may lose what it acknowledged")
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
            " and not (relrowsecurity and relforcerowsecurity) order by 1"
        )
        found += [
            f"table {name} is not guarded by row security"
            for (name,) in cursor.fetchall()
            if name not in _NO_PERSON and not name.startswith(("django_", "auth_", "procrastinate_"))
        ]
    return found


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@HOME
def command(as_json: bool, home: Path) -> None:
    """
    Say what is wrong with this installation; exit 4 if anything is.

    Example: wherry doctor --home var
    """
    with database(home=home, must_exist=True):
        wire(home=home, role="worker")
        found = problems()
        waiting = {} if found else _left_to_do()
    if as_json:
        click.echo(json.dumps({"problems": found, "left_to_do": waiting}))
    else:
        for problem in found:
            click.echo(problem)
        for name, number in waiting.items():
            click.echo(f"waiting for the worker: {name} {number}")
        if not found:
            click.echo("Nothing is wrong with this installation.")
    if found:
        raise SystemExit(ExitCode.ENVIRONMENT_WRONG)


def _left_to_do() -> dict[str, int]:
    from wherry.journeys.turn import left_to_do

    return {name: number for name, number in left_to_do().items() if number}
