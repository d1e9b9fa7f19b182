"""`wherry people`: link the records of a population store to persons."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import click

from wherry.commands.progress import step
from wherry.foundation.digests import canonical_json


@click.group()
def group() -> None:
    """Link records to persons."""


@group.command()
@click.option("--store", required=True, type=click.Path(path_type=Path, file_okay=False), help="The population store.")
@click.option("--by", required=True, help="Who acts; noted in the store's ledger.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def link(store: Path, by: str, as_json: bool) -> None:
    """
    Link every received record to a person, and write the store's tables. Safe to run again.

    Example: wherry people link --store var/store --by "Ada Analyst"
    """
    from wherry.people.linkage import actions
    from wherry.population import Store

    now = dt.datetime.now(dt.UTC)
    with step("Linking records to persons"):
        report = actions.link(store=Store(store), by=by, decided_on=now.date(), at=now)
    if as_json:
        click.echo(canonical_json(dataclasses.asdict(report)))
        return
    click.echo(f"{report.records:,} records are {report.persons:,} persons")
    for found_by, pairs in report.pairs.items():
        click.echo(f"  linked by {found_by.replace('_', ' '):<12} {pairs:>9,} pairs")
    click.echo(f"  refused for a conflict {report.conflicts_refused:>9,} pairs")
    click.echo(f"  waiting for review     {report.review:>9,} pairs")
    click.echo(
        f"{report.facts:,} facts; {report.orphan_facts:,} of a person nobody sent; {report.new_links:,} new links"
    )
