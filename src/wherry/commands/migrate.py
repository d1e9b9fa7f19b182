"""`wherry migrate`: bring the database up to date."""

from __future__ import annotations

from pathlib import Path

import click

from wherry.commands.installation import HOME, database
from wherry.commands.installation import migrate as bring_up_to_date


@click.command("migrate")
@HOME
def command(home: Path) -> None:
    """
    Bring the database up to date.

    Example: wherry migrate --home var
    """
    with database(home=home):
        bring_up_to_date(home=home)
    click.echo("The database is up to date.")
