"""The run a new one is built on, and what decides whether its answers still hold."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wherry.foundation.digests import sha256_of, sha256_of_bytes
from wherry.foundation.errors import InputWrong
from wherry.population.store import Store
from wherry.risk.definition import codes_in
from wherry.risk.evidence.kept import Evidence, evidence_of
from wherry.risk.types import Definition

SIDECAR = ".run.json"


@dataclass(frozen=True)
class Earlier:
    """What the store keeps of an earlier run. evidence: None where it keeps none; why: what to say then."""

    evidence: Evidence | None = None
    why: str = "no earlier run was named"


def earlier_of(*, changed_since: Path | None, store: Store) -> Earlier:
    """
    Find what the store keeps of the run whose output or sidecar this is.

    Raises InputWrong when there is no such run at all; that its evidence was cleared is no error.
    """
    if changed_since is None:
        return Earlier()
    sidecar = out_of(run=changed_since).with_suffix(SIDECAR)
    try:
        run = str(json.loads(sidecar.read_text(encoding="utf-8"))["run"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"{sidecar} is not the sidecar of a run"
        raise InputWrong(f"{what}; name a FILE{SIDECAR} or the FILE.parquet beside it") from error
    evidence = evidence_of(store=store, run=run)
    return Earlier(evidence, "") if evidence else Earlier(why="this store keeps no evidence of that run")


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
