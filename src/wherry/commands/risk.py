"""`wherry risk`: find the people at risk in a population store, and explain one of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherry.commands import risk_runs
from wherry.commands.progress import step
from wherry.foundation.digests import canonical_json
from wherry.foundation.errors import ExitCode

if TYPE_CHECKING:
    from wherry.risk.actions import Stratification
    from wherry.risk.queries import Explanation

_DATE = click.DateTime(formats=["%Y-%m-%d"])
_STORE = click.option(
    "--store", required=True, type=click.Path(path_type=Path, file_okay=False), help="The population store."
)
_AS_OF = click.option("--as-of", required=True, type=_DATE, help="The index date, YYYY-MM-DD.")
_BY = click.option("--by", required=True, help="Who acts; noted in the store's ledger.")
_PLACE = click.option("--place", help="Apply this place's overlay.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def group() -> None:
    """Find the people at risk, with reasons."""


group.add_command(risk_runs.diff)
group.add_command(risk_runs.verify)


@group.command()
@click.argument("programme", type=click.Path(path_type=Path))
@_STORE
@_AS_OF
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The Parquet file to write.")
@_BY
@_PLACE
@click.option(
    "--engine",
    default="duckdb",
    show_default=True,
    help="duckdb, spark (an extra: wherry[spark]) or reference (slow and plain).",
)
@click.option(
    "--changed-since",
    type=click.Path(path_type=Path),
    help="An earlier run's FILE.run.json or FILE.parquet: look again only at people of whom something differs.",
)
@click.option("--stale-accepted-by", help="Who accepts feeds that are older than they may be: a clinical lead.")
@click.option("--stale-because", help="Why they accept it; kept in the list's record.")
@_JSON
@click.pass_context
def stratify(
    context: click.Context,
    *,
    programme: Path,
    store: Path,
    as_of: dt.datetime,
    out: Path,
    by: str,
    place: str | None,
    engine: str,
    changed_since: Path | None,
    stale_accepted_by: str | None,
    stale_because: str | None,
    as_json: bool,
) -> None:
    """
    Place everybody in a store in the programme's risk categories. Exit 3 where a feed is too old or a canary missing.

    Example: wherry risk stratify programmes/covid_protect --store var/store --as-of 2026-03-02
    --out var/at_risk.parquet --by "Ada Analyst"
    """
    from wherry.population import Store
    from wherry.programmes.files import load
    from wherry.risk import actions
    from wherry.risk.fitness import Acceptance

    if (stale_accepted_by is None) != (stale_because is None):
        raise click.UsageError("--stale-accepted-by and --stale-because go together; give both")
    accepted = Acceptance(stale_accepted_by, stale_because) if stale_accepted_by and stale_because else None
    files = load(programme, place=place)
    with step("Finding the people at risk"):
        done = actions.stratify(
            files=files,
            store=Store(store),
            as_of=as_of.date(),
            out=out,
            by=by,
            engine=engine,
            at=dt.datetime.now(dt.UTC),
            changed_since=changed_since,
            accepted=accepted,
        )
    click.echo(_as_json(done) if as_json else _as_text(done))
    if done.canaries_missing:
        context.exit(ExitCode.CHECK_FOUND_PROBLEMS)


@group.command()
@click.argument("programme", type=click.Path(path_type=Path))
@click.argument("person_id", nargs=-1, required=True)
@_STORE
@_AS_OF
@_BY
@_PLACE
@_JSON
def explain(
    programme: Path,
    person_id: tuple[str, ...],
    store: Path,
    as_of: dt.datetime,
    by: str,
    place: str | None,
    as_json: bool,
) -> None:
    """
    Say why people are, or are not, in a risk category. The look is noted in the store's ledger.

    Example: wherry risk explain programmes/covid_protect PERSON_ID --store var/store --as-of 2026-03-02 --by "Dr Gray"
    """
    from wherry.population import Store, ledger
    from wherry.programmes.files import load
    from wherry.risk import queries

    there = Store(store)
    found = queries.explain(files=load(programme, place=place), store=there, as_of=as_of.date(), person_ids=person_id)
    about = {"people": [each.person_id for each in found]}
    ledger.record(there, by=by, did="explain_risk", about=about, at=dt.datetime.now(dt.UTC))
    for each in found:
        click.echo(_explained_json(each) if as_json else _explained_text(each))


def _as_json(done: Stratification) -> str:
    told = dataclasses.asdict(done)
    return json.dumps({**told, "out": str(done.out), "sidecar": str(done.sidecar)}, indent=2, sort_keys=True)


def _as_text(done: Stratification) -> str:
    lines = [f"{done.people:,} of {done.living:,} people at risk ({done.dead:,} who have died are left out)"]
    lines += [
        f"  {category:<20} tier {tier:<4} {number:>9,}"
        for category, tiers in done.placed.items()
        for tier, number in tiers.items()
    ]
    lines += [f"  no input for {name}: {number:,} people" for name, number in done.missing.items() if number]
    if done.since:
        lines.append(f"{done.looked_at:,} people looked at again; of the others nothing differs since that run")
    elif done.why:
        lines.append(f"everybody looked at: {done.why}")
    lines += [f"  {name} is older than it may be, which was accepted" for name in done.late]
    lines += [
        f"  NOT TO BE SIGNED: the canary of {name} is not on this list, so people of that feed may be missing;"
        " look at its deliveries (wherry feeds deliveries) and at the links, then run again"
        for name in done.canaries_missing
    ]
    return "\n".join([*lines, f"{done.out} and {done.sidecar} written"])


def _explained_json(each: Explanation) -> str:
    told = dataclasses.asdict(each.assessment)
    return canonical_json(
        {
            "person_id": each.person_id,
            "dead": each.assessment.dead,
            "placed": [{key: value for key, value in row.items() if key != "person_id"} for row in told["placed"]],
            "missing": sorted(each.assessment.missing),
        }
    )


def _explained_text(each: Explanation) -> str:
    if each.assessment.dead:
        return f"{each.person_id}: recorded as having died; placed nowhere"
    lines = [f"{each.person_id}:" + ("" if each.assessment.placed else " in no risk category")]
    for row in each.assessment.placed:
        lines.append(f"  {row.category}, tier {row.tier}" + (f", score {row.score}" if row.score is not None else ""))
        lines += [f"    - {reason.words}" for reason in row.reasons]
    lines += [f"  nothing recorded for: {name}" for name in sorted(each.assessment.missing)]
    return "\n".join(lines)
