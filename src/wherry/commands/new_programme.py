"""`wherry programme new`: a folder to begin from."""

from __future__ import annotations

from pathlib import Path

import click

from wherry.programmes.beginning import MARK, begin


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def new(directory: Path) -> None:
    """
    Begin a programme: write the smallest one that passes every check, its places to fill marked.

    \b
    Example: wherry programme new build/programmes/flood
    """
    written = begin(directory=directory)
    places = sum(file.read_text(encoding="utf-8").count(MARK) for file in written)
    click.echo(f"{len(written)} files written to {directory}; {places} places to fill are marked {MARK}")
    click.echo(f"Next: wherry programme check {directory}")
