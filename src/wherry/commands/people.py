"""`wherry people`: link the records of a population store to persons, and answer for the pairs a rule cannot."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherry.commands.progress import step
from wherry.foundation.digests import canonical_json

if TYPE_CHECKING:
    from wherry.people.link_review import Separation, Side, Waiting
    from wherry.people.linkage.types import Decided, LinkReport

_STORE = click.option(
    "--store", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="The population store."
)
_BY = click.option("--by", required=True, help="Who acts; noted in the store's ledger.")
_WHY = click.option("--why", required=True, help="Why; kept with the answer, and nowhere else.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_VERDICTS = {"same": "same", "not-same": "not_same", "unsure": "unsure"}


@click.group()
def group() -> None:
    """Link records to persons, and answer for the pairs a rule cannot."""


@group.command()
@_STORE
@_BY
@_JSON
def link(*, folder: Path, by: str, as_json: bool) -> None:
    """
    Link every received record to a person, and write the store's tables. Safe to run again.

    Example: wherry people link --store var/store --by "Ada Analyst"
    """
    report = _link(folder, by=by)
    if as_json:
        click.echo(canonical_json(dataclasses.asdict(report)))
        return
    _show_report(report)


@group.command()
@_STORE
@_BY
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many pairs to list.")
@_JSON
def review(*, folder: Path, by: str, limit: int, as_json: bool) -> None:
    """
    List the pairs of records that wait for somebody's answer, and the separations that wait to be confirmed.

    Pairs that keep somebody from being written to come first, then those that wait longest. Values of a person are
    shown on the programme office's page, never here.

    Example: wherry people review --store var/store --by "Ada Analyst"
    """
    from wherry.people.link_review import require_linked, separations, waiting
    from wherry.population import Store, ledger

    store = Store(folder)
    require_linked(store=store)
    pairs, held = waiting(store=store), separations(store=store)
    about = {"pairs": len(pairs), "separations": len(held)}
    ledger.record(store, by=by, did="review_links", about=about, at=dt.datetime.now(dt.UTC))
    if as_json:
        shown = {"waiting": len(pairs), "pairs": [_pair(one) for one in pairs[:limit]], "separations": _plain(held)}
        click.echo(canonical_json(shown))
        return
    click.echo(f"{len(pairs):,} pairs wait for an answer; {len(held):,} separations wait to be confirmed")
    for one in pairs[:limit]:
        since = f"since {one.since}" if one.since else "since a day nobody noted"
        stops = "; NOBODY IS WRITTEN TO until it is answered" if one.stops_contact else ""
        click.echo(f"  {one.left}  {one.right}  {one.score:.3f}  {one.why}; {one.evidence}; {since}{stops}")
    for apart in held:
        click.echo(
            f"  separation {apart.act} by {apart.by} on {apart.at:%Y-%m-%d}: {len(apart.people)} people held;"
            f" wherry people confirm {apart.act} lets them be written to"
        )


@group.command()
@click.argument("left")
@click.argument("right")
@click.argument("answer", type=click.Choice(list(_VERDICTS)))
@_STORE
@_BY
@_WHY
@_JSON
def decide(*, left: str, right: str, answer: str, folder: Path, by: str, why: str, as_json: bool) -> None:
    """
    Answer for two records: the same person, not the same, or unsure (somebody else is asked).

    LEFT and RIGHT are records as `wherry people review` writes them. An answer binds every later run until a later
    answer about the same pair stands instead. "same" over a hard conflict binds once a second person has said it too.

    Example: wherry people decide "gp_register|D82001|41" "hospital|7" not-same --store var/store --by Ada --why "twins"
    """
    from wherry.people.linkage import actions
    from wherry.people.linkage.types import Verdict
    from wherry.population import Store

    now = dt.datetime.now(dt.UTC)
    decided = actions.answer(
        store=Store(folder), left=left, right=right, verdict=Verdict(_VERDICTS[answer]), why=why, by=by, at=now
    )
    if as_json:
        click.echo(canonical_json(dataclasses.asdict(decided)))
        return
    _show_decided(decided)
    if decided.is_new and decided.verdict is not Verdict.UNSURE and not decided.waits_for_another:
        click.echo("the next wherry people link follows it")


@group.command()
@click.argument("records", nargs=-1, required=True)
@_STORE
@_BY
@_WHY
@click.option("--later", is_flag=True, help="Keep the answer; leave the linking to the next wherry people link.")
@_JSON
def unlink(*, records: tuple[str, ...], folder: Path, by: str, why: str, later: bool, as_json: bool) -> None:
    """
    Take RECORDS out of the person they were linked to by mistake: two people again, each with what came from their own.

    Lists what goes and what stays, before and after. Nobody writes to either until `wherry people confirm`.

    Example: wherry people unlink "hospital|7" --store var/store --by "Ada Analyst" --why "father and son"
    """
    from wherry.people.link_review import person_of, records_of, require_linked, sides
    from wherry.people.linkage import actions
    from wherry.population import Store

    store, now = Store(folder), dt.datetime.now(dt.UTC)
    require_linked(store=store)
    person = person_of(store=store, record_id=records[0])
    members = records_of(store=store, person_ids=[person]).get(person, ()) if person else ()
    decided = actions.unlink(store=store, records=records, why=why, by=by, at=now)
    going, staying = sides(store=store, going=records, staying=[one for one in members if one not in records])
    if not as_json:
        _show_decided(decided)
        click.echo("one person was linked from both of these; they become two:")
        _show_side("taken out", going)
        _show_side("staying", staying)
    report = None if later else _link(folder, by=by)
    after = {one: person_of(store=store, record_id=one) for one in sorted({*records, *members})}
    if as_json:
        shown = {"decided": _plain(decided), "taken_out": _plain(going), "staying": _plain(staying)}
        click.echo(canonical_json({**shown, "people": after, "linked": report and _plain(report)}))
        return
    if report is None:
        click.echo("the next wherry people link separates them")
    else:
        click.echo(f"linked again: {len(set(after.values())):,} people where there was one")
    click.echo(f"nobody is written to until: wherry people confirm {decided.act}")


@group.command()
@click.argument("act", type=click.IntRange(min=1))
@_STORE
@_BY
@_WHY
@_JSON
def confirm(*, act: int, folder: Path, by: str, why: str, as_json: bool) -> None:
    """
    Say that separation number ACT was looked into and is right, so that both people may be written to again.

    Example: wherry people confirm 7 --store var/store --by "Ben Analyst" --why "checked with the practice"
    """
    from wherry.people.linkage import actions
    from wherry.population import Store

    decided = actions.confirm(store=Store(folder), act=act, why=why, by=by, at=dt.datetime.now(dt.UTC))
    if as_json:
        click.echo(canonical_json(dataclasses.asdict(decided)))
        return
    _show_decided(decided)
    click.echo("the next wherry people link lets them be written to")


def _link(folder: Path, *, by: str) -> LinkReport:
    from wherry.people.linkage import actions
    from wherry.population import Store

    now = dt.datetime.now(dt.UTC)
    with step("Linking records to persons"):
        return actions.link(store=Store(folder), by=by, decided_on=now.date(), at=now)


def _show_report(report: LinkReport) -> None:
    click.echo(f"{report.records:,} records are {report.persons:,} persons")
    for found_by, pairs in report.pairs.items():
        click.echo(f"  linked by {found_by.replace('_', ' '):<12} {pairs:>9,} pairs")
    click.echo(f"  refused for a conflict {report.conflicts_refused:>9,} pairs")
    click.echo(f"  waiting for review     {report.review:>9,} pairs")
    if report.nobodys_numbers:
        click.echo(f"  NHS numbers of nobody  {report.nobodys_numbers:>9,}: on too many people's records to say whose")
    click.echo(
        f"{report.facts:,} facts; {report.orphan_facts:,} of a person nobody sent; {report.new_links:,} new links"
    )
    if report.ended_facts:
        click.echo(f"{report.ended_facts:,} facts have ended: the newest of their feed says them no more")


def _show_decided(decided: Decided) -> None:
    words = f"decision {decided.act}: {decided.verdict.replace('_', ' ')}, for {decided.pairs} pairs of records"
    click.echo(words if decided.is_new else f"{words}; said before, nothing was changed")
    if decided.takes_back:
        click.echo(f"it stands instead of decision {', '.join(map(str, decided.takes_back))}")
    if decided.waits_for_another:
        click.echo(
            f"the records conflict ({decided.waits_for_another}): it binds once a second person has said the same"
        )


def _show_side(title: str, side: Side) -> None:
    click.echo(
        f"  {title}: {side.records} records of {', '.join(side.sources)}; {side.facts:,} facts,"
        f" {side.contact_points:,} contact points, {side.wishes:,} wishes"
    )


def _pair(one: Waiting) -> dict[str, object]:
    names = ("left", "right", "score", "evidence", "why", "since", "stops_contact")
    said = [{"verdict": str(each.verdict), "by": each.by, "at": each.at} for each in one.said]
    return {**{name: getattr(one, name) for name in names}, "said": said}


def _plain(value: Side | Decided | LinkReport | tuple[Separation, ...]) -> object:
    if isinstance(value, tuple):
        return [dataclasses.asdict(one) for one in value]
    return dataclasses.asdict(value)
