"""One of two runs compared: its list, how it was made, its rules, and what the store still knows of it."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wherry.foundation.digests import sha256_of
from wherry.foundation.errors import InputWrong
from wherry.population.store import Store
from wherry.programmes.types import ProgrammeFiles, Section
from wherry.risk import definition as risk_definition
from wherry.risk.definition import SECTION, codes_in
from wherry.risk.evidence.earlier import SIDECAR, out_of
from wherry.risk.evidence.kept import SIDECAR as KEPT_SIDECAR
from wherry.risk.evidence.kept import Evidence, evidence_of
from wherry.risk.types import Criterion, Definition


@dataclass(frozen=True)
class Side:
    """One run. told: its sidecar; evidence: None where the store keeps none, or no store was named."""

    out: Path
    told: Mapping[str, Any]
    evidence: Evidence | None = None

    @property
    def as_of(self) -> dt.date:
        """Give the index date."""
        return dt.date.fromisoformat(self.told["as_of"])

    @functools.cached_property
    def definition(self) -> Definition:
        """Give the rules as they stood, the place's overlay applied."""
        return risk_definition.parse(Section(SECTION, self.told["rules"]["section"]))

    @functools.cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """Give criteria and groups by name, in the definition's order."""
        return {each.name: each for each in self.definition.criteria}

    @property
    def canaries(self) -> frozenset[str]:
        """Give the person ids of invented people who are on the list for a test of it, and in no figure."""
        return frozenset(one["person_id"] for one in self.told.get("canaries", ()) if one["person_id"])

    def entry(self, name: str) -> Mapping[str, Any]:
        """Give a criterion or group as its file has it, with the hashes of the lists it reads."""
        section = self.told["rules"]["section"]
        written = section["criteria"].get(name) or section.get("groups", {}).get(name, {})
        lists = {each.list for each in codes_in(self.criteria[name].test)}
        return {**written, "lists": {each: self.told["rules"]["codelists"].get(each) for each in sorted(lists)}}


def side_of(*, run: Path, store: Store | None) -> Side:
    """
    Read one of the two runs by its output or its sidecar.

    Raises InputWrong where one of the two is not there, or was written before sidecars told the rules.
    """
    out = out_of(run=run)
    sidecar = out.with_suffix(SIDECAR)
    try:
        told = json.loads(sidecar.read_text(encoding="utf-8"))
        known = told["run"] and told["rules"]["section"]["criteria"] and told["as_of"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"{sidecar} is not there, or does not tell the rules of its run"
        raise InputWrong(f"{what}; name a run of this version, or make it anew with wherry risk stratify") from error
    if not known or not out.is_file():
        raise InputWrong(f"{out} is not there; keep it beside its sidecar")
    return Side(out, told, evidence_of(store=store, run=told["run"]) if store else None)


def rules_told(files: ProgrammeFiles) -> dict[str, Any]:
    """Give what a sidecar keeps of the rules: the section as resolved, and a hash of every codelist it may read."""
    section = files.section(SECTION)
    lists = {name: sha256_of(sorted(each.codes)) for name, each in sorted(files.codelists.items())}
    return {"section": section.data if section else {}, "codelists": lists}


def side_kept(evidence: Evidence) -> Side:
    """Take a side from what the store keeps of a run."""
    return Side(evidence.list, json.loads((evidence.folder / KEPT_SIDECAR).read_text(encoding="utf-8")), evidence)
