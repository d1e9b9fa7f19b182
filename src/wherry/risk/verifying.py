"""Whether a run is still what it was: its list, every input, and the rules, each against the hash in its sidecar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wherry.feeds.queries import manifests
from wherry.foundation.errors import InputWrong
from wherry.population import Store
from wherry.population.store import sha256_of_file
from wherry.programmes.types import ProgrammeFiles
from wherry.risk.evidence.earlier import out_of
from wherry.risk.queries import run_of


@dataclass(frozen=True)
class Checked:
    """One part of a run held against its sidecar. wrong: in words; empty where it is what it was."""

    part: str
    wrong: str = ""


def verify(*, run: Path, store: Store, files: ProgrammeFiles | None) -> tuple[Checked, ...]:
    """
    Hold a run against what it was made from; all as it was means that making it again gives the same list.

    run: its output or sidecar; files: the programme it was made with, None to leave the rules unchecked. Raises
    InputWrong where there is no such run. Reads every input once.
    """
    out = out_of(run=run)
    told = run_of(out=out)
    try:
        return tuple(_all(out, told, store, files))
    except (KeyError, TypeError) as error:
        raise InputWrong(f"the sidecar of {out} is not as a run writes it; restore it from a copy") from error


def _all(out: Path, told: Mapping[str, Any], store: Store, files: ProgrammeFiles | None) -> Iterator[Checked]:
    if not out.is_file():
        yield Checked(out.name, "is gone")
    else:
        same = sha256_of_file(out) == told["output_sha256"]
        yield Checked(out.name, "" if same else "is not as the run wrote it")
    yield from _inputs(told["inputs"], store)
    yield from _batches(told.get("batches", {}), store)
    if files is not None:
        yield Checked("definition", "" if files.hash == told["definition"] else f"is another now: {files.hash}")
        overlay = "" if files.overlay_hash == told["overlay"] else "is another now, or another place was named"
        yield Checked("overlay", overlay)


def _inputs(told: Mapping[str, str], store: Store) -> Iterator[Checked]:
    for name, before in told.items():
        file = store.path / name
        if not file.is_file():
            yield Checked(name, "is not in this store any more")
        else:
            yield Checked(name, "" if sha256_of_file(file) == before else "has changed since")
    tables = {name.replace(".", "/").split("/")[0] for name in told}
    for file in (file for table in sorted(tables) for file in store.files(table)):
        name = str(file.relative_to(store.path))
        if name not in told:
            yield Checked(name, "has come since")


def _batches(told: Mapping[str, Any], store: Store) -> Iterator[Checked]:
    there = {each["batch_id"] for each in manifests(store=store)}
    for batch, of in told.items():
        what = f"batch {batch[:12]} ({of['contract']})"
        yield Checked(what, "" if batch in there else "was withdrawn or is gone")
    for batch in sorted(there - set(told)):
        yield Checked(f"batch {batch[:12]}", "has come since")
