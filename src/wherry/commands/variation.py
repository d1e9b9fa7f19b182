"""`wherry programme variation`: how the places differ, and who agreed to it."""

from __future__ import annotations

import datetime as dt
import json

import click

from wherry.foundation.periods import LONDON
from wherry.programmes.files import load


@click.command()
@click.argument("directory", metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def variation(directory: str, as_json: bool) -> None:
    """
    Say where the places differ from the centre: each key, each place's value, who agreed it, when, how long ago.

    \b
    Example: wherry programme variation programmes/covid_protect
    """
    from wherry.journeys import see_variation
    from wherry.journeys.read_programme import as_places_have_it

    files = load(directory)
    today = dt.datetime.now(LONDON).date()
    found = see_variation.variation(centre=files, places=as_places_have_it(files=files), on=today)
    if as_json:
        click.echo(json.dumps(see_variation.as_plain(found), ensure_ascii=False))
    else:
        click.echo("\n".join(see_variation.lines_of(found)))
        many = sum(len(one.differing) for one in found.chapters)
        click.echo(f"{many} difference{'' if many == 1 else 's'}; {found.definition}")
