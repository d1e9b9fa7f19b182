"""`wherry programme propose|versions`: put a programme forward as a draft, and say where its versions stand."""

from __future__ import annotations

import json
from pathlib import Path

import click

from wherry.commands.doctor import refuse_unmigrated
from wherry.commands.installation import HOME, database, wire
from wherry.foundation.errors import ExitCode


@click.command()
@click.argument("directory", metavar="DIR")
@click.option("--by", "by", required=True, metavar="WHO", help="Who puts it forward, for the record.")
@click.option("--why", required=True, metavar="TEXT", help="What changed and why, for whoever reads and signs it.")
@HOME
def propose(directory: str, by: str, why: str, home: Path) -> None:
    """
    Put a programme forward as a draft: everybody taking part may read it and comment. Exit 3 if a check finds problems.

    It is kept as one whole with every place's overlay, and never changed. Reading, signing and releasing it is done by
    people, signed in as themselves, on the programme office's pages; nothing signs from a terminal.

    \b
    Example: wherry programme propose programmes/heat --by "Grace Okafor" --why "First version, for June"
    """
    with database(home=home, must_exist=True):
        wire(home=home, role="worker")
        refuse_unmigrated()
        from wherry.database.context import acting_as, app_now
        from wherry.foundation.actors import Actor, Kind
        from wherry.journeys.put_forward import ProgrammeUnsound, put_forward

        console = Actor(kind=Kind.CONSOLE, id=by)
        try:
            with acting_as(console):
                version = put_forward(by=console, directory=directory, why=why, now=app_now())
        except ProgrammeUnsound as unsound:
            for problem in unsound.problems:
                click.echo(str(problem))
            click.echo(f"{directory}: {len(unsound.problems)} problems; nothing was put forward")
            click.get_current_context().exit(ExitCode.CHECK_FOUND_PROBLEMS)
    click.echo(f"{version.name}, version {version.number}, is a draft now; {version.hash}")
    click.echo(f"To sign it, on the programme office's pages: {', '.join(version.roles)}")


@click.command()
@click.option("--programme", default="", metavar="CODE", help="Only of this programme.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@HOME
def versions(programme: str, as_json: bool, home: Path) -> None:
    """
    Say where every version of every programme stands: draft, reviewed, signed, in force and released to how many.

    \b
    Example: wherry programme versions --programme covid_protect --json
    """
    with database(home=home, must_exist=True):
        wire(home=home, role="worker")
        refuse_unmigrated()
        from wherry.database.context import acting_as
        from wherry.foundation.actors import WORKER
        from wherry.sign_off.queries import versions_of

        with acting_as(WORKER):
            rows = [
                {
                    "programme": one.programme,
                    "version": one.number,
                    "state": one.state,
                    "share": one.share,
                    "signed": sorted(signature.role for signature in one.signatures.all()),
                    "to_sign": [role for role in one.roles if role not in {s.role for s in one.signatures.all()}],
                    "hash": one.hash,
                }
                for one in versions_of(asked_by=WORKER, programme=programme)
            ]
    if as_json:
        click.echo(json.dumps({"versions": rows}, ensure_ascii=False))
        return
    for row in rows:
        released = f", released to {row['share']} %" if row["state"] == "in_force" else ""
        click.echo(
            f"{row['programme']} {row['version']}: {str(row['state']).replace('_', ' ')}{released}; {row['hash']}"
        )
    if not rows:
        click.echo("Nothing has been put forward yet: wherry programme propose DIR --by WHO --why TEXT")
