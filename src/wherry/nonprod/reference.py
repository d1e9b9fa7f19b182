"""
Pages of the reference that the source writes itself: `python -m wherry.nonprod.reference PAGE`.

`make docs` writes them into `docs/reference`; a test fails while they say something else than the source.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping

import click

from wherry.commands.main import wherry
from wherry.feeds.queries import contracts
from wherry.feeds.types import Column, Contract, Part
from wherry.governance.rules import PERMISSIONS, Permission
from wherry.nonprod.risk_reference import risk_definition

_WIDTH = 100
_MADE = "Written by `make docs` from the source; change it there.\n\n"
_READING = """\
A column is found by its own name or by one of its headers, whatever the capitals and the marks between words. One no
contract reads is named and left. What *must* be there: without the column the file is refused, without the value the
row is set aside.
"""
_KINDS = {
    "snapshot": "everything there is, each time",
    "cumulative": "everything so far, each time",
    "delta": "only what is new",
}


def commands() -> str:
    """Write every command with its help, in the order of the door."""
    parts = ["# Commands\n\n", _MADE, "Exit codes: 0 done, 1 the input is wrong, 2 usage, 3 a check found problems, "]
    parts.append("4 the environment is wrong.\n")
    parts += [f"\n## {name}\n\n```\n{said}\n```\n" for name, said in _helps(wherry, "wherry", None)]
    return "".join(parts)


def _helps(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=_WIDTH, help_option_names=["-h", "--help"]
    )
    yield context.command_path, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from _helps(found, inner, context)


def feeds() -> str:
    """Write every contract of incoming files, with its columns."""
    parts = ["# Feeds: what each kind of incoming file means\n\n", _MADE]
    parts.append(_READING)
    return "".join([*parts, *(_contract(one) for one in contracts())])


def _contract(one: Contract) -> str:
    head = f"\n## {one.name}: {one.title}\n\n"
    about = f"From {one.sender}, as {one.format}; {_KINDS.get(one.kind, one.kind)}"
    about += f"; late when older than {one.freshness_days} days"
    by = next((part.sent_by for part in one.parts if part.sent_by), None)
    about += f", each sender by itself as `{by}` tells them apart.\n" if by else ".\n"
    return head + about + "".join(_part(part) for part in one.parts)


def _part(part: Part) -> str:
    title = f"\n### {part.resource}\n" if part.resource else ""
    rows = "".join(_column(column) for column in part.columns)
    who = " or ".join(" with ".join(fields) for fields in part.require_any)
    whom = "which address it is about, and so all who live there," if part.lives_at else "whom it is about"
    needs = f"\nA row says {whom} by {who}.\n" if who else ""
    return f"{title}\n| column | as it is headed | what it holds | must |\n|---|---|---|---|\n{rows}{needs}"


def _column(column: Column) -> str:
    headed = ", ".join((*column.headers, *column.paths)) or (column.pick.list if column.pick else "")
    must = " and ".join(word for word, is_so in (("column", column.required), ("value", column.needed)) if is_so)
    return f"| {column.name} | {headed.replace('|', chr(92) + '|')} | {_holds(column)} | {must} |\n"


def _holds(column: Column) -> str:
    kind = column.type.replace("_", " ")
    if column.formats:
        kind += f": {', '.join(f'`{one}`' for one in column.formats)}"
    if column.choices:
        kind += f": {', '.join(dict.fromkeys(sent for sent, _ in column.choices))}"
    if column.least is not None or column.most is not None:
        kind += f", {column.least} to {column.most}"
    return kind.replace("|", chr(92) + "|")


def permissions() -> str:
    """Write what each role may do. To whom, row security says: see the explanation beside."""
    parts = ["# Permissions: what each role may do\n\n", _MADE]
    parts.append("About whom: [what everyone may see](../explanation/who_may_see_what.md).\n\n")
    roles = list(PERMISSIONS)
    parts.append(f"| | {' | '.join(role.replace('_', ' ') for role in roles)} |\n|---|{'---|' * len(roles)}\n")
    for one in Permission:
        marks = " | ".join("yes" if one in PERMISSIONS[role] else "" for role in roles)
        parts.append(f"| {one.value.replace('_', ' ')} | {marks} |\n")
    return "".join(parts)


PAGES: Mapping[str, Callable[[], str]] = {
    "commands": commands,
    "feeds": feeds,
    "permissions": permissions,
    "risk_definition": lambda: risk_definition(_MADE),
}

if __name__ == "__main__":
    sys.stdout.write(PAGES[sys.argv[1]]())
