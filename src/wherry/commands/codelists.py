"""`wherry codelists`: take a published list into a programme, checked, with its source beside it."""

from __future__ import annotations

from pathlib import Path

import click

from wherry.risk.definition import SYSTEMS


@click.group()
def group() -> None:
    """Take published codelists into a programme."""


@group.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--programme", required=True, type=click.Path(path_type=Path), help="The programme's folder.")
@click.option("--name", required=True, help="What the programme calls the list, such as diabetes.")
@click.option("--system", default="snomed", show_default=True, type=click.Choice(SYSTEMS), help="Its code system.")
@click.option("--source", help="Where it was published; the file's own name by default.")
@click.option("--licence", default="not stated by the person who imported it", help="What its licence says.")
def import_list(file: Path, programme: Path, name: str, system: str, source: str | None, licence: str) -> None:
    """
    Take a published list as downloaded (`code,term` and its variants) in place of a programme's list.

    Example: wherry codelists import ~/Downloads/primis-diab.csv --programme programmes/covid_protect --name diabetes
    """
    from wherry.risk.codelists import take_in

    taken = take_in(file=file, programme=programme, name=name, system=system, source=source, licence=licence)
    click.echo(
        f"{taken.codes:,} codes written to {taken.path}" + (f" (before: {taken.before:,})" if taken.before else "")
    )
