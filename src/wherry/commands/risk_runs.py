"""`wherry risk diff` and `verify`: two runs beside each other, and whether one is still what it was."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wherry.commands.progress import step
from wherry.foundation.errors import ExitCode

if TYPE_CHECKING:
    from wherry.risk.difference.types import Difference

#: Counts of a group below this are hidden, as on the pages of the programme office.
SMALL = 5
_HEADS = {"entered": "Entered", "left": "Left", "moved": "In another category or tier"}
_STORE = click.option("--store", type=click.Path(path_type=Path, file_okay=False), help="The population store.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("run_a", type=click.Path(path_type=Path))
@click.argument("run_b", type=click.Path(path_type=Path))
@_STORE
@click.option("--by", help="Who acts; noted in the store's ledger. Needed with --store.")
@click.option("--people", is_flag=True, help="List every person who differs, with the causes.")
@_JSON
def diff(run_a: Path, run_b: Path, store: Path | None, by: str | None, people: bool, as_json: bool) -> None:
    """
    Say who entered, who left and who moved between two runs, and why.

    A run is named by its FILE.parquet or FILE.run.json. With --store, what it keeps of both runs tells causes no list
    tells, and counts by place, deprivation and age; groups of fewer than five are hidden.

    Example: wherry risk diff var/monday.parquet var/tuesday.parquet --store var/store --by "Ada Analyst"
    """
    from wherry.population import Store, ledger
    from wherry.risk.difference.comparing import compare

    if store is not None and not (by or "").strip():
        raise click.UsageError('a store is read: say who acts with --by "YOUR NAME"')
    there = Store(store) if store else None
    with step("Comparing the two runs"):
        found = compare(before=run_a, after=run_b, store=there)
    if there and by:
        about = {"before": found.before, "after": found.after, "people": len(found.people) if people else 0}
        ledger.record(there, by=by, did="compare_runs", about=about, at=dt.datetime.now(dt.UTC))
    click.echo(json.dumps(_told(found, people=people), indent=2) if as_json else _text(found, people=people))


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--store", required=True, type=click.Path(path_type=Path, file_okay=False), help="The population store.")
@click.option("--by", required=True, help="Who acts; noted in the store's ledger.")
@click.option("--programme", type=click.Path(path_type=Path), help="Hold its rules against those of the run too.")
@click.option("--place", help="With --programme: apply this place's overlay.")
@_JSON
def verify(run: Path, store: Path, by: str, programme: Path | None, place: str | None, as_json: bool) -> None:
    """
    Say whether a run's list, inputs and rules are still what they were; exit 3 if anything differs.

    Where all is as it was, making the run again gives the same list.

    Example: wherry risk verify var/at_risk.run.json --store var/store --programme programmes/covid_protect --by "Ada"
    """
    from wherry.population import Store, ledger
    from wherry.programmes.files import load
    from wherry.risk.evidence.earlier import out_of
    from wherry.risk.queries import run_of
    from wherry.risk.verifying import verify as check

    there = Store(store)
    with step("Reading the inputs of the run"):
        found = check(run=run, store=there, files=load(programme, place=place) if programme else None)
    wrong = [each for each in found if each.wrong]
    about = {"run": run_of(out=out_of(run=run))["run"], "checked": len(found), "differ": len(wrong)}
    ledger.record(there, by=by, did="verify_run", about=about, at=dt.datetime.now(dt.UTC))
    if as_json:
        click.echo(
            json.dumps({"as_it_was": not wrong, "checked": [dataclasses.asdict(each) for each in found]}, indent=2)
        )
    else:
        lines = [f"{each.part}: {each.wrong}" for each in wrong]
        click.echo("\n".join(lines) or f"all {len(found)} parts of the run are as they were")
    if wrong:
        raise SystemExit(ExitCode.CHECK_FOUND_PROBLEMS)


def _told(found: Difference, *, people: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "before": {"run": found.before, "as_of": found.before_on},
        "after": {"run": found.after, "as_of": found.after_on},
        "same": found.same,
        **{
            kind: {
                "people": found.count(kind),
                "causes": [
                    {"cause": cause, "criterion": criterion, "people": number}
                    for (cause, criterion), number in found.causes(kind).items()
                ],
            }
            for kind in _HEADS
        },
        "rules": [dataclasses.asdict(rule) for rule in found.rules],
        "groups": {
            by: {part: dict(zip(_HEADS, row, strict=True)) for part, row in rows} for by, rows in _hidden(found)
        },
        "searched": found.searched,
    }
    return told | ({"who": [dataclasses.asdict(each) for each in found.people]} if people else {})


def _text(found: Difference, *, people: bool) -> str:
    from wherry.risk.difference.whys import KIND_WORDS

    same = f"{found.same:,} people are where they were" if found.same != 1 else "1 person is where they were"
    lines = [f"From {found.before_on} to {found.after_on}: {same}"]
    lines += [f"The rule {rule.name} ({rule.words}): {'; '.join(rule.what)}" for rule in found.rules]
    for kind, head in _HEADS.items():
        lines.append(f"{head}: {found.count(kind):,}")
        for (cause, criterion), number in found.causes(kind).items():
            lines.append(f"  {number:>9,}  {criterion or 'the person'}: {KIND_WORDS[cause]}")
    for by, rows in _hidden(found):
        lines.append(f"By {by}: entered, left, moved")
        lines += [f"  {part:<20}" + "".join(f"{_shown(each):>10}" for each in row) for part, row in rows]
    if people:
        lines += [f"{each.person_id} {each.kind}: {'; '.join(why.words for why in each.whys)}" for each in found.people]
    if not found.searched:
        lines.append("Causes are read from the two lists alone; name the --store that keeps both runs for more")
    return "\n".join(lines)


def _hidden(found: Difference) -> list[tuple[str, list[tuple[str, tuple[int | None, ...]]]]]:
    return [(by, hide_small(rows)) for by, rows in found.groups.items()]


def hide_small(rows: Mapping[str, tuple[int, int, int]]) -> list[tuple[str, tuple[int | None, ...]]]:
    """Give each group's counts as they may be shown; None for what is hidden, so that nobody can be told from it."""
    from wherry.evaluation.rules import shown_together

    columns = [shown_together(counts=column, below=SMALL)[0] for column in zip(*rows.values(), strict=True)]
    return list(zip(rows, zip(*columns, strict=True), strict=True))


def _shown(count: int | None) -> str:
    return "hidden" if count is None else f"{count:,}"
