"""`wherry programme …`: begin one, is it right, what does it say, what changed, where; put it forward."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherry.commands.going_live import find, join
from wherry.commands.new_programme import new
from wherry.commands.proposals import propose, versions
from wherry.commands.variation import variation
from wherry.foundation.errors import ExitCode
from wherry.foundation.periods import LONDON
from wherry.foundation.problems import Problem
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.files import load

if TYPE_CHECKING:
    from wherry.journeys import check_programme
    from wherry.journeys.compare_programmes import Population
    from wherry.programmes.types import ProgrammeFiles

_PLACE = click.option("--place", metavar="NAME", help="Apply this place's overlay.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def group() -> None:
    """
    Check, show and compare programmes.

    \b
    Example: wherry programme check programmes/covid_protect --place norwich
    """


group.add_command(new)
group.add_command(variation)
group.add_command(propose)
group.add_command(versions)
group.add_command(join)
group.add_command(find)


@group.command()
@click.argument("directory", metavar="DIR")
@_PLACE
@_JSON
def check(directory: str, place: str | None, as_json: bool) -> None:
    """
    Run every check; each problem as `file:line: what is wrong; the mend`. Exit 3 if there are any.

    Without --place the centre is checked, and every place as its overlay makes it.

    \b
    Example: wherry programme check programmes/covid_protect
    """
    # Loaded late: a check joins every room, which `--help` need not wait for.
    from wherry.journeys import check_programme

    found = check_programme.check_everywhere(directory=directory) if place is None else _check_one(directory, place)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(found), ensure_ascii=False))
    else:
        _print_check(directory, found.problems, found.told, found.definition)
    if found.problems:
        click.get_current_context().exit(ExitCode.CHECK_FOUND_PROBLEMS)


def _check_one(directory: str, place: str) -> check_programme.Everywhere:
    from wherry.journeys import check_programme

    try:
        files = load(directory, place=place)
    except ProgrammeUnreadable as error:
        return check_programme.Everywhere(error.problems)
    checked = check_programme.check(files=files)
    return check_programme.Everywhere(checked.problems, checked.told, files.hash)


def _print_check(directory: str, problems: tuple[Problem, ...], told: tuple[str, ...], version: str) -> None:
    for problem in problems:
        click.echo(str(problem))
    for sentence in told:
        click.echo(sentence)
    if problems:
        click.echo(f"{directory}: {len(problems)} problem{'s' if len(problems) > 1 else ''}")
    else:
        click.echo(f"{directory}: no problems; {version}")


@group.command()
@click.argument("directory", metavar="DIR")
@_PLACE
@click.option("--format", "form", type=click.Choice(["text", "html"]), default="text", show_default=True)
def show(directory: str, place: str | None, form: str) -> None:
    """
    Print the definition in plain words a lay reviewer can read, with its hash.

    Every value of every file is told, and what each place changed with who agreed it. As html: one page that needs
    nothing else, for a telephone, a desk or a printer.

    \b
    Example: wherry programme show programmes/covid_protect --place norwich --format html > covid_protect.html
    """
    from wherry.journeys import show_programme
    from wherry.journeys.read_programme import as_places_have_it

    files = load(directory, place=place)
    resolved = as_places_have_it(files=files) if place is None else {place: files}
    told = show_programme.in_words(files=files, resolved=resolved, on=dt.datetime.now(LONDON).date())
    click.echo(show_programme.as_html(told) if form == "html" else show_programme.as_text(told), nl=False)


@group.command()
@click.argument("old", metavar="DIR_A")
@click.argument("new", metavar="DIR_B")
@_PLACE
@_JSON
@click.option("--values", is_flag=True, help="Print each value by its path instead of words.")
@click.option(
    "--store",
    type=click.Path(path_type=Path, file_okay=False),
    help="A population store: say who enters and who leaves, in counts.",
)
@click.option("--as-of", type=click.DateTime(formats=["%Y-%m-%d"]), help="The index date, YYYY-MM-DD; with --store.")
@click.option("--by", help="Who acts; noted in the store's ledger. Needed with --store.")
def diff(
    old: str,
    new: str,
    place: str | None,
    as_json: bool,
    values: bool,
    store: Path | None,
    as_of: dt.datetime | None,
    by: str | None,
) -> None:
    """
    Say what changed from one definition to another, in words, and which answers come to something else.

    What became less urgent, and every red flag touched, comes first. With --store everybody in it is placed by both:
    who enters, who leaves, by which rule, and by place, deprivation, ethnicity, age and sex; small groups are hidden.

    \b
    Example: wherry programme diff programmes/covid_protect ../next/covid_protect
    --store var/store --as-of 2026-03-02 --by "Ada Analyst"
    """
    from wherry.journeys import compare_programmes

    if (store is None) != (as_of is None):
        raise click.UsageError("--store and --as-of go together; give both")
    if store is not None and not (by or "").strip():
        raise click.UsageError('a store is read: say who acts with --by "YOUR NAME"')
    before, after = load(old, place=place), load(new, place=place)
    found = compare_programmes.compare(before=before, after=after)
    people = _people(before, after, store, as_of, by) if store and as_of and by else None
    if as_json:
        told = {"from": found.before, "to": found.after, "changes": found.values, **compare_programmes.as_plain(found)}
        told["people"] = compare_programmes.population_plain(people) if people else None
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    lines = [*(compare_programmes.value_lines(found) if values else compare_programmes.lines_of(found))]
    if people:
        lines = [*lines[:-1], *compare_programmes.population_lines(people), "", lines[-1]]
    click.echo("\n".join(lines))


def _people(before: ProgrammeFiles, after: ProgrammeFiles, store: Path, as_of: dt.datetime, by: str) -> Population:
    from wherry.commands.progress import step
    from wherry.journeys.compare_programmes import over_a_store
    from wherry.population import Store

    with step("Placing everybody by both versions"):
        return over_a_store(
            before=before, after=after, store=Store(store), as_of=as_of.date(), by=by, at=dt.datetime.now(dt.UTC)
        )
