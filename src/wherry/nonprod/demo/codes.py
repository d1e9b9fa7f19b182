"""`wherry code`: what the telephone of an invented member of staff would show now."""

from __future__ import annotations

from pathlib import Path

import click

from wherry.commands.installation import HOME
from wherry.foundation.errors import EnvironmentWrong, InputWrong


@click.command("code")
@click.argument("email", required=False)
@HOME
def command(email: str | None, home: Path) -> None:
    """
    Print the code that EMAIL, or every invented member of staff, signs in with now.

    Example: wherry code maria.lewis@library.example.org --home var
    """
    if not (home / "demo").is_dir():
        raise EnvironmentWrong(f"there is no demonstration in {home}; name its folder with --home")
    # Late: personas read the database's models, which want Django.
    from wherry.commands.installation import wire

    wire(home=home, role="worker")
    from wherry.nonprod.demo.personas import codes_now

    codes, seconds = codes_now(home=home.resolve())
    if email is not None and email not in codes:
        raise InputWrong(f"nobody in the demonstration is {email}; leave it out to see everybody")
    for one, code in codes.items():
        if email in (None, one):
            click.echo(code if email else f"{code}  {one}")
    click.echo(f"for {seconds} more second{'' if seconds == 1 else 's'}; each is taken once", err=True)
