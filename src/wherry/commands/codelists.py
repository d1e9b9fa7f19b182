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
@click.option(
    "--system",
    type=click.Choice(SYSTEMS),
    help="Its code system; else that of the programme's list of this name, or what header and codes say.",
)
@click.option("--column", help="The column of the codes, where its name is not one of the usual.")
@click.option("--only", multiple=True, metavar="COLUMN=VALUE", help="Take only rows with this value; may be repeated.")
@click.option("--source", help="Where it was published; the file's own name by default.")
@click.option("--version", help="The version or date it was published as; else what the file's name ends with.")
@click.option("--licence", default="not stated by the person who imported it", help="What its licence says.")
def import_list(
    file: Path,
    programme: Path,
    name: str,
    system: str | None,
    column: str | None,
    only: tuple[str, ...],
    source: str | None,
    version: str | None,
    licence: str,
) -> None:
    """
    Take a published list as downloaded (`code,term` and its variants) in place of a programme's list.

    Every code must be one of the list's system, check digits included; one that is not is named at its line, and
    nothing is written.

    Example: wherry codelists import ~/Downloads/primis-diab.csv --programme programmes/covid_protect --name diabetes
    """
    from wherry.risk.codelists import take_in

    taken = take_in(
        file=file,
        programme=programme,
        name=name,
        system=system,
        column=column,
        only=dict(map(_pair, only)),
        source=source,
        version=version,
        licence=licence,
    )
    told = f"{taken.codes:,} {taken.system} codes written to {taken.path}"
    told += f" (before: {taken.before:,})" if taken.before else ""
    told += f"; {taken.repeated:,} rows repeated a code" if taken.repeated else ""
    click.echo(told + (f"; {taken.left:,} rows left out by --only" if taken.left else ""))


def _pair(text: str) -> tuple[str, str]:
    column, equals, value = text.partition("=")
    if not (column.strip() and equals):
        raise click.BadParameter(f"write COLUMN=VALUE; {text!r} is not so", param_hint="--only")
    return column.strip(), value.strip()
