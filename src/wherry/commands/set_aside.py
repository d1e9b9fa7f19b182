"""`wherry feeds quarantine`: what is still set aside, and the file its sender can mend."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherry.commands.deliveries import BY, JSON, STORE
from wherry.foundation.digests import canonical_json

if TYPE_CHECKING:
    from wherry.feeds.set_aside import OpenRows


@click.command()
@STORE
@BY
@click.option("--contract", help="Only this kind of file.")
@click.option("--batch", help="Only this delivery: an id of `wherry feeds deliveries`.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the rows to this .csv or .xlsx, to be mended.")
@click.option(
    "--contracts",
    "directory",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of contracts; default: feeds/ of this installation.",
)
@JSON
def quarantine(
    *,
    store: Path,
    by: str,
    contract: str | None,
    batch: str | None,
    out: Path | None,
    directory: Path | None,
    as_json: bool,
) -> None:
    """
    Say what is still set aside, for which reasons and since when; with --out, write the rows to a file to be mended.

    That file holds people's data: send it only to whoever sent the rows. Mended, it is received like any other file of
    its contract (wherry feeds receive), and what is right then is no longer set aside.

    Example: wherry feeds quarantine --store var/store --contract gp_register --out mend.xlsx --by a.analyst
    """
    from wherry.feeds import queries, set_aside
    from wherry.population import Store, ledger

    there, now = Store(store), dt.datetime.now(dt.UTC)
    batch_id = None
    if batch:
        delivery = queries.delivery_named(store=there, batch_id=batch)
        batch_id, contract = delivery["batch_id"], contract or delivery["contract"]
    if out is None:
        found = set_aside.open_by_rule(store=there, contract=contract, batch_id=batch_id)
        rows = sum(one.rows for one in found)
        ledger.record(there, by=by, did="count_quarantine", about={"contract": contract, "rows": rows}, at=now)
        _show(found, as_json=as_json)
        return
    if contract is None:
        raise click.UsageError("say which rows with --contract or --batch")
    meant = queries.contract(name=contract, directory=directory)
    # Noted before anybody has them: a file of people's data never leaves a store unaccounted for.
    ledger.record(there, by=by, did="hand_out_quarantine", about={"contract": contract, "batch_id": batch_id}, at=now)
    written = set_aside.hand_out(store=there, contract=meant, out=out, batch_id=batch_id)
    told = {"contract": contract, "rows": written, "file": str(out)}
    click.echo(canonical_json(told) if as_json else f"{written:,} rows to mend written to {out}")


def _show(found: tuple[OpenRows, ...], *, as_json: bool) -> None:
    if as_json:
        click.echo(canonical_json([dataclasses.asdict(one) for one in found]))
        return
    if not found:
        click.echo("nothing is set aside")
    for one in found:
        click.echo(f"{one.contract}: {one.rows:,} x {one.words} (since {one.since}; first at {one.example})")
