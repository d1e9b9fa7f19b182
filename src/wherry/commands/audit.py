"""`wherry audit`: verify the chain of who did and saw what."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click

from wherry.commands.doctor import refuse_unmigrated
from wherry.commands.installation import HOME, database, wire
from wherry.foundation.errors import ExitCode, InputWrong


@click.group()
def group() -> None:
    """Verify the audit chain."""


@group.command()
@click.option(
    "--export",
    "export",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file of heads kept elsewhere: each is checked against the chain, then the newest is added.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@HOME
def verify(export: Path | None, as_json: bool, home: Path) -> None:
    """
    Recompute every hash, head and signature; exit 3 on any break.

    Events of the last moments may not be linked yet: they are counted as unsealed.

    Example: wherry audit verify --home var --export /mnt/elsewhere/heads.ndjson
    """
    exported = _read(export) if export and export.exists() else {}
    with database(home=home, must_exist=True):
        wire(home=home, role="worker")
        refuse_unmigrated()
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        from wherry.audit.queries import verify as walk
        from wherry.database.context import acting_as
        from wherry.foundation.actors import WORKER
        from wherry.journeys.turn import signing_key

        public = signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        with acting_as(WORKER):
            found = walk(public_key=public, exported=exported)
    if export and not found.breaks and found.position:
        with export.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"position": found.position, "head": found.head}) + "\n")
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(found)))
    else:
        _print(found)
    if found.breaks:
        raise SystemExit(ExitCode.CHECK_FOUND_PROBLEMS)


def _read(file: Path) -> dict[int, str]:
    heads: dict[int, str] = {}
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            kept = json.loads(line)
            heads[int(kept["position"])] = str(kept["head"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputWrong(
                f"{file}:{number}: this line is not an exported head; restore the file as it was"
            ) from error
    return heads


def _print(found: object) -> None:
    facts = dataclasses.asdict(found)  # type: ignore[call-overload]
    click.echo(
        f"{facts['events']} events, {facts['linked']} linked, {facts['unsealed']} not yet; {facts['seals']} seals."
    )
    for broken in facts["breaks"]:
        click.echo(broken)
    click.echo("The chain holds." if not facts["breaks"] else "THE CHAIN IS BROKEN.")
