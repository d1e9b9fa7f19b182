"""`wherry programme join|find`: once a version is in force, who takes part in it, and whom its rules find."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from wherry.commands.doctor import refuse_unmigrated
from wherry.commands.installation import HOME, database, wire
from wherry.foundation.errors import InputWrong

_BY = click.option("--by", "by", required=True, metavar="WHO", help="Who does it, for the record.")


@click.command()
@click.argument("programme", metavar="CODE")
@_BY
@HOME
def join(programme: str, by: str, home: Path) -> None:
    """
    Enter the agreements of the version in force: its organisations see what each agreed to. Safe to repeat.

    \b
    Example: wherry programme join heat --by "Ian Mercer"
    """
    with database(home=home, must_exist=True):
        wire(home=home, role="worker")
        refuse_unmigrated()
        from wherry.database.context import acting_as, app_now
        from wherry.foundation.actors import Actor, Kind
        from wherry.journeys.join_partners import enter_agreements
        from wherry.journeys.programme_in_force import in_force
        from wherry.journeys.read_programme import agreements

        console = Actor(kind=Kind.CONSOLE, id=by)
        with acting_as(console):
            force = in_force(programme=programme)
            agreed = agreements(files=force.files)
            enter_agreements(by=console, programme=programme, agreements=agreed, now=app_now())
    taking_part = sorted({one.organisation for one in agreed if one.takes_part})
    click.echo(f"Taking part in {force.programme.name}: {', '.join(taking_part)}")


@click.command()
@click.argument("programme", metavar="CODE")
@click.option("--place", required=True, metavar="NAME", help="The place whose list is made.")
@click.option("--as-of", "as_of", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The index date.")
@_BY
@HOME
def find(programme: str, place: str, as_of: dt.datetime, by: str, home: Path) -> None:
    """
    Find people by the version in force, and put the list of a place before its clinicians, who remove, add and sign.

    \b
    Example: wherry programme find heat --place norwich --as-of 2026-06-01 --by "Grace Okafor"
    """
    with database(home=home, must_exist=True):
        wire(home=home, role="worker")
        refuse_unmigrated()
        from wherry.database.context import acting_as, app_now
        from wherry.foundation.actors import Actor, Kind
        from wherry.governance.queries import live_agreements
        from wherry.journeys.find_people_at_risk import find as find_people
        from wherry.population.store import Store

        console, day = Actor(kind=Kind.CONSOLE, id=by), as_of.date()
        with acting_as(console):
            if not live_agreements(programme=programme, now=app_now()).exists():
                raise InputWrong(f"nobody takes part in {programme} now; run wherry programme join {programme} first")
        runs = home / "runs"
        runs.mkdir(exist_ok=True)
        made = find_people(
            by=console,
            programme=programme,
            place=place,
            store=Store(home / "store"),
            as_of=day,
            out=runs / f"{programme}_{place}_{day.isoformat()}.parquet",
        )
        with acting_as(console):
            many = made.entries.count()
    click.echo(
        f"{many} {'person' if many == 1 else 'people'} on the list of {place}, for its clinicians to agree and sign"
    )
