"""`wherry programme new|check|show|diff`: begin one, is a definition right, what does it say, and what changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import click

from wherry.commands.new_programme import new
from wherry.foundation.errors import ExitCode, InputWrong
from wherry.foundation.periods import LONDON
from wherry.foundation.problems import Problem
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.files import load
from wherry.programmes.types import ProgrammeFiles

if TYPE_CHECKING:
    from wherry.journeys import check_programme

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
@click.option("--store", metavar="DIR", help="Say who enters and leaves (not available yet).")
@click.option("--as-of", metavar="DATE", help="The day to decide for, with --store.")
def diff(old: str, new: str, place: str | None, as_json: bool, store: str | None, as_of: str | None) -> None:
    """
    Print what changed from one definition to another, value by value.

    \b
    Example: wherry programme diff programmes/covid_protect ../next/covid_protect
    """
    if store or as_of:
        raise InputWrong("--store and --as-of are not available yet; leave them out to see what changed in the files")
    before, after = load(old, place=place), load(new, place=place)
    changes = _changes(before, after)
    if as_json:
        click.echo(json.dumps({"from": before.hash, "to": after.hash, "changes": changes}, ensure_ascii=False))
        return
    for one in changes:
        old_words, new_words = _apart(_in_words(one["from"]), _in_words(one["to"]))
        click.echo(f"{one['path']}: {old_words} → {new_words}")
    many = f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
    click.echo(f"{many}; {before.hash} → {after.hash}" if changes else f"no changes; {after.hash}")


def _changes(before: ProgrammeFiles, after: ProgrammeFiles) -> list[dict[str, Any]]:
    old, new = _whole(before), _whole(after)
    found: list[dict[str, Any]] = []
    _compare("", old, new, found)
    return found


def _whole(files: ProgrammeFiles) -> dict[str, Any]:
    """Give every value under one root, list items by their name where they have one."""
    lists = {f"codelists/{name}": dict(one.pairs) for name, one in files.codelists.items()}
    sections = {name: _named(one.data) for name, one in {**files.sections, **files.cases}.items()}
    return {**sections, **lists}


def _named(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _named(one) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    names = [
        next((one[key] for key in ("id", "code", "linkId") if key in one), None) if isinstance(one, dict) else None
        for one in value
    ]
    if names and None not in names and len(set(names)) == len(names):
        return {str(name): _named(one) for name, one in zip(names, value, strict=True)}
    return [_named(one) for one in value]


def _compare(path: str, old: Any, new: Any, found: list[dict[str, Any]]) -> None:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            _compare(f"{path}.{key}" if path else key, old.get(key), new.get(key), found)
    elif old != new:
        found.append({"path": path, "from": old, "to": new})


#: Letters of a value that are printed, and of those before its first change.
_LONGEST, _BEFORE = 100, 30


def _in_words(value: Any) -> str:
    if value is None:
        return "(nothing)"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _apart(old: str, new: str) -> tuple[str, str]:
    """Give two values as they are printed: long ones from a few words before the first letter in which they differ."""
    if len(old) <= _LONGEST and len(new) <= _LONGEST:
        return old, new
    alike = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    begin = max(alike - _BEFORE, 0)
    begin = old.rfind(" ", 0, begin) + 1 if begin else 0
    return _from(old, begin), _from(new, begin)


def _from(text: str, begin: int) -> str:
    rest = f"…{text[begin:]}" if begin else text
    return rest if len(rest) <= _LONGEST else f"{rest[: _LONGEST - 1]}…"
