"""`wherry feeds`: which contracts there are, check a delivery, land a delivery."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherry.commands import deliveries, set_aside
from wherry.commands.progress import step
from wherry.foundation.digests import canonical_json
from wherry.foundation.errors import ExitCode

if TYPE_CHECKING:
    from wherry.feeds.types import Finding, Receipt

_DATE = click.DateTime(formats=["%Y-%m-%d"])
_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
_CONTRACTS = click.option(
    "--contracts",
    "directory",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of contracts; default: feeds/ of this installation.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


@click.group(name="feeds")
def group() -> None:
    """Read the files partners send. Example: wherry feeds check gp_register register.csv"""


group.add_command(deliveries.list_deliveries)
group.add_command(deliveries.withdraw)
group.add_command(set_aside.quarantine)


@group.command(name="contracts")
@_CONTRACTS
@_JSON
def list_contracts(*, directory: Path | None, as_json: bool) -> None:
    """List the contracts: what each kind of file means. Example: wherry feeds contracts"""
    from wherry.feeds import queries

    found = queries.contracts(directory=directory)
    if as_json:
        names = ("name", "title", "sender", "kind", "format", "freshness_days")
        click.echo(canonical_json([{name: getattr(one, name) for name in names} for one in found]))
        return
    for one in found:
        click.echo(f"{one.name:<20} {one.format:<5} {one.kind:<11} {one.title}")


@group.command()
@click.argument("contract")
@_FILES
@_CONTRACTS
@_JSON
@click.pass_context
def check(
    context: click.Context, *, contract: str, files: Sequence[Path], directory: Path | None, as_json: bool
) -> None:
    """
    Say what receiving FILES would come to; nothing is landed. Exit 3 if any row fails.

    Example: wherry feeds check gp_register register.csv
    """
    from wherry.feeds import queries

    found = queries.contract(name=contract, directory=directory)
    with step(f"Checking {found.title}"):
        receipt = queries.check(contract=found, files=files, today=dt.datetime.now(dt.UTC).date())
    _show(receipt, as_json=as_json)
    if receipt.quarantined:
        context.exit(ExitCode.CHECK_FOUND_PROBLEMS)


@group.command()
@click.argument("contract")
@_FILES
@click.option("--store", required=True, type=click.Path(path_type=Path), help="The population store's folder.")
@click.option("--by", required=True, help="Who acts; kept in the store's ledger.")
@click.option("--extracted-on", type=_DATE, help="The day the sender drew the data (YYYY-MM-DD).")
@click.option("--control-total", type=click.IntRange(min=0), help="How many rows the sender says there are.")
@click.option("--sent-by", help="The code of who sent FILES, where many send under one contract and no row says it.")
@click.option("--again", is_flag=True, help="Land the files though this very delivery was withdrawn before.")
@click.option("--synthetic", is_flag=True, help="The people are invented; they can only be sent to the sandbox.")
@_CONTRACTS
@_JSON
def receive(
    *,
    contract: str,
    files: Sequence[Path],
    store: Path,
    by: str,
    extracted_on: dt.datetime | None,
    control_total: int | None,
    sent_by: str | None,
    synthetic: bool,
    again: bool,
    directory: Path | None,
    as_json: bool,
) -> None:
    """
    Land accepted rows of FILES in a store and set the rest aside with reasons. Several files are one delivery.

    Example: wherry feeds receive fhir export/*.ndjson --store var/store --by a.analyst
    """
    from wherry.feeds import actions, queries
    from wherry.population.store import Store

    found = queries.contract(name=contract, directory=directory)
    with step(f"Landing {found.title}"):
        receipt = actions.receive(
            contract=found,
            files=files,
            store=Store(store),
            by=by,
            received_at=dt.datetime.now(dt.UTC),
            extracted_on=extracted_on.date() if extracted_on else None,
            control_total=control_total,
            synthetic=synthetic,
            again=again,
            sent_by=sent_by,
        )
    _show(receipt, as_json=as_json)


def _show(receipt: Receipt, *, as_json: bool) -> None:
    if as_json:
        click.echo(canonical_json(dataclasses.asdict(receipt)))
        return
    again = " (this very delivery was landed before)" if receipt.already_landed else ""
    click.echo(f"{receipt.contract}: batch {receipt.batch_id}{again}")
    click.echo(
        f"rows in {receipt.rows_in} = accepted {receipt.accepted} + quarantined {receipt.quarantined}"
        f" + duplicate {receipt.duplicate}"
    )
    if receipt.accepted and (receipt.records or receipt.facts or receipt.contact_points or receipt.wishes):
        click.echo(
            f"landed: {receipt.records} records, {receipt.facts} facts, {receipt.contact_points} contact points,"
            f" {receipt.wishes} wishes"
        )
    if receipt.put_right:
        click.echo(f"put right: {receipt.put_right} rows set aside before")
    if receipt.still_open > receipt.quarantined:
        click.echo(f"still set aside, with those of earlier deliveries: {receipt.still_open} rows (feeds quarantine)")
    _show_findings("quarantined", receipt.quarantine)
    _show_findings("kept, with a warning", receipt.warnings)
    for note in receipt.notes:
        click.echo(note)
    if receipt.unread_columns:
        click.echo(f"columns no contract reads: {', '.join(receipt.unread_columns)}")


def _show_findings(title: str, findings: Sequence[Finding]) -> None:
    for one in findings:
        click.echo(f"  {title}: {one.rows} x {one.words} (first at {one.example})")
