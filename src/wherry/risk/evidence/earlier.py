"""The run a new one is built on: its list, its evidence, and whether they are still what they were."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wherry.foundation.digests import sha256_of, sha256_of_bytes
from wherry.foundation.errors import InputWrong
from wherry.population.store import Store, sha256_of_file
from wherry.risk.definition import codes_in
from wherry.risk.evidence.kept import Evidence, evidence_of
from wherry.risk.types import Definition

SIDECAR = ".run.json"


@dataclass(frozen=True)
class Earlier:
    """
    What is left of an earlier run. out: its list, None where it is gone or altered; evidence: None where none is kept.

    why: what to say when it cannot be built on.
    """

    out: Path | None = None
    evidence: Evidence | None = None
    why: str = "no earlier run was named"


def earlier_of(*, changed_since: Path | None, store: Store) -> Earlier:
    """
    Find what is left of the run whose output or sidecar this is.

    Raises InputWrong when there is no such run at all; that its evidence was cleared is no error.
    """
    if changed_since is None:
        return Earlier()
    out = out_of(run=changed_since)
    sidecar = out.with_suffix(SIDECAR)
    try:
        run = str(json.loads(sidecar.read_text(encoding="utf-8"))["run"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputWrong(
            f"{sidecar} is not the sidecar of a run; name a FILE{SIDECAR} or the FILE.parquet beside it"
        ) from error
    evidence = evidence_of(store=store, run=run)
    if evidence is None:
        return Earlier(why="this store keeps no evidence of that run")
    if not out.is_file() or sha256_of_file(out) != evidence.told["out"]:
        return Earlier(evidence=evidence, why=f"{out.name} is gone or not as that run wrote it")
    return Earlier(out, evidence, "")


def out_of(*, run: Path) -> Path:
    """Give the Parquet file of a run named by that file or by its sidecar."""
    return run.with_name(run.name.removesuffix(SIDECAR) + ".parquet") if run.name.endswith(SIDECAR) else run


def meaning_of(*, definition: Definition, codes: Mapping[str, frozenset[str]]) -> str:
    """Hash what decides an answer besides the data: criteria with their words, the codes they read, the program."""
    read = sorted({each.list for criterion in definition.criteria for each in codes_in(criterion.test)})
    lists = {name: sorted(codes[name]) for name in read}
    return sha256_of({"definition": repr(definition), "codes": lists, "program": _program()})


@functools.cache
def _program() -> str:
    import duckdb

    room = Path(__file__).parents[1]
    parts = {str(file.relative_to(room)): sha256_of_bytes(file.read_bytes()) for file in sorted(room.rglob("*.py"))}
    return sha256_of({"duckdb": duckdb.__version__, **parts})
