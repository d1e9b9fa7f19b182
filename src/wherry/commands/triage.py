"""`wherry triage`: answers in, decisions out, line by line. Pure: no database, no network, nothing kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from wherry.foundation.errors import ExitCode, WherryError
from wherry.journeys.read_programme import triage_table
from wherry.programmes.files import load
from wherry.triage import rules
from wherry.triage.types import TriageDefinition


class _LineWrong(Exception):
    """One line cannot be decided; `identity` is its id, where it could be read."""

    def __init__(self, what: str, identity: str | int | None = None) -> None:
        super().__init__(what)
        self.identity = identity


@click.command("triage")
@click.argument("programme_dir")
@click.option("--place", metavar="NAME", help="Apply this place's overlay.")
def command(programme_dir: str, place: str | None) -> None:
    """
    Decide needs and red flags for answers on standard input (one JSON object a line), to standard output.

    A line that cannot be decided gives {"id": …, "error": "…"}; the others are decided, and the exit code is 1.

    \b
    Example:
      echo '{"id": "1", "answers": {"breathless": "at_rest"}, "context": {"tier": "1", "age": 84}}' \\
        | wherry triage programmes/covid_protect
    """
    definition = triage_table(files=load(programme_dir, place=place))
    failed = 0
    for written, is_right in decide_lines(definition=definition, lines=sys.stdin.buffer):
        sys.stdout.buffer.write(written)
        failed += not is_right
        # Whoever feeds us one line and waits for its decision must get it at once.
        sys.stdout.buffer.flush()
    if failed:
        click.echo(f"wherry: {failed} of the lines could not be decided; each says why under `error`", err=True)
        click.get_current_context().exit(ExitCode.INPUT_WRONG)


def decide_lines(*, definition: TriageDefinition, lines: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Give for each line that is not blank its decision or error as one JSON line, and whether it was decided."""
    for number, line in enumerate(lines):
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line
        if not content.strip():
            continue
        try:
            yield _as_line(_decided(definition, content)), True
        except _LineWrong as error:
            yield _as_line({"id": error.identity, "error": str(error)}), False


def _decided(definition: TriageDefinition, line: bytes) -> dict[str, Any]:
    asked = _read(line)
    identity = asked.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int):
        raise _LineWrong("there is no id, or it is neither text nor a whole number")
    answers, context = asked.get("answers"), asked.get("context", {})
    if not isinstance(answers, dict):
        raise _LineWrong("there are no answers, or they are not an object of linkId and answer", identity)
    if context is not None and not isinstance(context, dict):
        raise _LineWrong("the context is not an object", identity)
    try:
        decision = rules.decide(definition=definition, answers=answers, context=context or {})
    except WherryError as error:
        raise _LineWrong(str(error), identity) from error
    return {"id": identity, **rules.as_plain(decision)}


def _read(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line.decode("utf-8"), object_pairs_hook=_no_repeats, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _LineWrong("the line is not one JSON object in UTF-8, with each name written once") from error
    if not isinstance(asked, dict):
        raise _LineWrong("the line is not a JSON object")
    return asked


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # A question answered twice in one line has no one answer; JSON readers would quietly keep the last.
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("repeated name")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _as_line(value: dict[str, Any]) -> bytes:
    # A lone surrogate in an id cannot be UTF-8; written back as its JSON escape it is the same id.
    return (json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
