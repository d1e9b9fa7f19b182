"""`wherry feeds deliveries`, `withdraw`: what has landed in a store, and taking a wrong delivery out again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherry.commands.progress import step
from wherry.foundation.actors import Actor, Kind
from wherry.foundation.digests import canonical_json

if TYPE_CHECKING:
    from wherry.journeys.withdraw_delivery import Consequences

STORE = click.option("--store", required=True, type=click.Path(path_type=Path), help="The population store's folder.")
BY = click.option("--by", required=True, help="Who acts; kept in the store's ledger.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
_WORDS = {"contact_points": "contact points"}


@click.command(name="deliveries")
@STORE
@BY
@JSON
def list_deliveries(*, store: Path, by: str, as_json: bool) -> None:
    """
    List every delivery a store has landed, with its id, and those withdrawn with the reason.

    Example: wherry feeds deliveries --store var/store --by a.analyst
    """
    from wherry.feeds import queries
    from wherry.population import Store, ledger

    there = Store(store)
    gone = queries.withdrawals(store=there)
    rows = [
        {
            **{name: one[name] for name in ("batch_id", "contract", "extracted_on", "received_at", "counts")},
            "withdrawn": {name: gone[one["batch_id"]][name] for name in ("by", "why", "at")}
            if one["batch_id"] in gone
            else None,
        }
        for one in queries.deliveries(store=there)
    ]
    ledger.record(there, by=by, did="list_deliveries", about={"deliveries": len(rows)}, at=dt.datetime.now(dt.UTC))
    if as_json:
        click.echo(canonical_json(rows))
        return
    for one in rows:
        counts, withdrawn = one["counts"], one["withdrawn"]
        ended = f"  WITHDRAWN by {withdrawn['by']}: {withdrawn['why']}" if withdrawn else ""
        click.echo(
            f"{one['batch_id']}  {one['contract']:<20} {one['extracted_on']}  {counts['rows_in']:>9,} rows,"
            f" {counts['quarantined']:,} set aside{ended}"
        )


@click.command()
@click.argument("batch")
@STORE
@BY
@click.option("--why", help="The reason; kept in the store beside the delivery.")
@click.option("--try", "is_trial", is_flag=True, help="Say what it would change, on a copy; the store stays as it is.")
@click.option("--purge", is_flag=True, help="Remove the delivery's files too; a certificate stays.")
@JSON
def withdraw(*, batch: str, store: Path, by: str, why: str | None, is_trial: bool, purge: bool, as_json: bool) -> None:
    """
    Take a wrong delivery out: its rows no longer count, and what others said is true again. Links people anew.

    BATCH is an id of `wherry feeds deliveries`, or its first eight characters or more.

    Example: wherry feeds withdraw 3f9a1c02 --store var/store --by a.analyst --why "wrong practice"
    """
    from wherry.journeys import withdraw_delivery
    from wherry.population import Store

    if not is_trial and not (why or "").strip():
        raise click.UsageError("say why with --why, or try it first with --try")
    actor, now = Actor(Kind.CONSOLE, by), dt.datetime.now(dt.UTC)
    with step("Trying what a withdrawal changes" if is_trial else "Withdrawing a delivery"):
        if is_trial:
            told = withdraw_delivery.try_withdrawal(by=actor, store=Store(store), batch_id=batch, at=now)
        else:
            told = withdraw_delivery.withdraw(
                by=actor, store=Store(store), batch_id=batch, why=why or "", at=now, purge=purge
            )
    click.echo(canonical_json(dataclasses.asdict(told)) if as_json else _as_text(told, is_trial=is_trial))


def _as_text(told: Consequences, *, is_trial: bool) -> str:
    done = told.delivery
    began = "would be withdrawn" if is_trial else "was withdrawn before" if done.already_withdrawn else "is withdrawn"
    lines = [
        f"{done.contract}: batch {done.batch_id} {began}",
        f"  {done.accepted:,} rows had counted; {done.handed_on:,} of them another delivery says too, so they still do",
        (
            f"  {told.people_gone:,} people nobody else knows of are gone; {told.people_changed:,} others are said"
            f" differently; {told.people_new:,} are people of their own again"
        ),
    ]
    lines += [f"    {name.replace('_', ' ')}: {count:,} people" for name, count in told.fields_changed]
    if told.alive_again:
        lines.append(
            f"  {told.alive_again:,} people are no longer recorded as having died: look at each before contact"
        )
    lines += [f"  {count:,} {_WORDS.get(table, table)} gone" for table, count in told.gone]
    lines += [f"  {count:,} {_WORDS.get(table, table)} true again" for table, count in told.true_again]
    lines += [
        f"  to be made anew: the list as of {one.as_of}, {one.people:,} people, by {one.by} (run {one.run[:12]})"
        for one in told.lists
    ]
    if not told.lists:
        lines.append("  no list was made from it")
    if done.certificate:
        lines.append(f"  its files are removed; certificate: {done.certificate}")
    return "\n".join(lines)
