"""Random rules, people, changes and days passing: a run since another writes what a whole run writes, byte for byte."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.generative.risk.test_engines_agree import AS_OF, LISTS, a_definition, a_population
from tests.support.risk_populations import FACTS, PEOPLE, given
from wherry.population import Store
from wherry.programmes.types import Codelist, ProgrammeFiles
from wherry.risk import actions
from wherry.risk.types import Age, Definition

# A case is eight runs, so few are drawn here; WHERRY_GENERATED_CASES draws more.
CASES = max(3, int(os.environ.get("WHERRY_GENERATED_CASES", "200")) // 66)
CODELISTS = {name: Codelist(name, "", "", dict.fromkeys(codes, "")) for name, codes in LISTS.items()}
Rows = list[dict[str, object]]


class County:
    """A store whose facts lie in files, and what may become of it between two runs."""

    def __init__(self, chance: random.Random, store: Store) -> None:
        self.chance, self.store = chance, store
        people, facts = a_population(chance)
        self.people = people
        self.files: dict[str, Rows] = {"a": facts}
        self.days: dict[str, str] = {}
        for person in people:
            # Some turn seventy, or one year older, within the days that pass.
            person["birth_date"] = chance.choice([person["birth_date"], dt.date(1954, 3, chance.randrange(1, 9))])
        for fact in facts:
            fact["batch_id"] = chance.choice([None, "b1", "b2"])

    def write(self, store: Store) -> None:
        (store.path / "facts").mkdir(parents=True, exist_ok=True)
        for name, rows in {
            "persons": self.people,
            **{f"facts/{name}": rows for name, rows in self.files.items()},
        }.items():
            kind = PEOPLE if name == "persons" else FACTS
            with given(people=rows if kind == PEOPLE else [], facts=rows if kind == FACTS else []) as connection:
                connection.execute(f"COPY (SELECT * FROM {kind}) TO '{store.path / name}.parquet' (FORMAT parquet)")
        for number, (batch, day) in enumerate(self.days.items()):
            folder = store.path / "batches" / batch
            folder.mkdir(parents=True, exist_ok=True)
            told = {"batch_id": batch, "sequence": number, "contract": "gp", "extracted_on": day}
            (folder / "manifest.json").write_text(json.dumps(told))

    def _anybody(self) -> dict[str, object]:
        return self.chance.choice(self.people)

    def _more_facts(self, number: int) -> Rows:
        _, facts = a_population(self.chance)
        ids = [each["person_id"] for each in self.people] or ["p0"]
        return [{**fact, "person_id": self.chance.choice([*ids, "nobody"])} for fact in facts[:number]]

    def nothing(self) -> None: ...

    def facts_added_in_a_file(self) -> None:
        self.files[f"f{len(self.files)}"] = self._more_facts(3)

    def facts_added_in_the_same_file(self) -> None:
        self.files["a"] = self.files["a"] + self._more_facts(2)

    def a_batch_withdrawn(self) -> None:
        self.files = {n: [fact for fact in rows if fact.get("batch_id") != "b1"] for n, rows in self.files.items()}

    def a_file_gone(self) -> None:
        self.files.pop(self.chance.choice(list(self.files)))
        self.files.setdefault("a", [])
        for file in (self.store.path / "facts").glob("*.parquet"):
            file.unlink()

    def a_fact_resolved(self) -> None:
        if self.files["a"]:
            self.chance.choice(self.files["a"]).update(status="resolved")

    def a_zero_of_another_sign(self) -> None:
        if self.files["a"]:
            fact = self.chance.choice(self.files["a"])
            fact.update(value=-0.0 if fact["value"] == 0.0 and str(fact["value"]) == "0.0" else 0.0)

    def somebody_died(self) -> None:
        if self.people:
            self._anybody().update(death_date=AS_OF)

    def somebody_moved(self) -> None:
        if self.people:
            self._anybody().update(imd_decile=self.chance.choice([None, 1, 7]), language="pl")

    def somebody_gone(self) -> None:
        if self.people:
            self.people.remove(self._anybody())

    def somebody_new(self) -> None:
        self.people = [*self.people, {"person_id": self.chance.choice(["nobody", "q1"]), "birth_date": AS_OF}]
        self.people = list({each["person_id"]: each for each in self.people}.values())

    def two_became_one(self) -> None:
        if len(self.people) > 1:
            kept, lost = self.chance.sample(self.people, 2)
            for fact in (each for rows in self.files.values() for each in rows):
                if fact["person_id"] == lost["person_id"]:
                    fact["person_id"] = kept["person_id"]
            self.people.remove(lost)

    def a_delivery_said_its_day(self) -> None:
        self.days["b2"] = self.chance.choice(["2024-01-01", "2024-02-01"])


HAPPENINGS: list[Callable[[County], None]] = [
    each for name, each in vars(County).items() if not name.startswith("_") and name != "write"
]


def _with_age(chance: random.Random, definition: Definition) -> Definition:
    """Let half the definitions ask for an age: a birthday then changes an answer though no fact does."""
    if chance.random() < 0.5:
        return definition
    first, *others = definition.criteria
    return replace(definition, criteria=(replace(first, test=Age(at_least=70)), *others))


def _run(definition: Definition, store: Store, as_of: dt.date, out: Path, since: Path | None) -> actions.Stratification:
    files = ProgrammeFiles("", "made up", {}, CODELISTS, "sha256:" + str(hash(repr(definition))))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(actions, "usable_definition", lambda _: definition)
        return actions.stratify(files=files, store=store, as_of=as_of, out=out, by="Ada", changed_since=since)


def _told(done: actions.Stratification) -> dict[str, object]:
    told = json.loads(done.sidecar.read_text())
    return {key: each for key, each in told.items() if key not in ("wall_seconds", "looked_at")}


@pytest.mark.parametrize("block", range(2))
def test_a_run_since_another_is_the_whole_run_byte_for_byte(tmp_path: Path, block: int) -> None:
    spared = 0
    for case in range(block, CASES, 2):
        chance, folder = random.Random(f"since then {case}"), tmp_path / str(case)
        store, definition, as_of = Store(folder / "store"), _with_age(chance, a_definition(chance)), AS_OF
        county = County(chance, store)
        county.write(store)
        done = _run(definition, store, as_of, folder / "0.parquet", None)
        for step in range(1, 4):
            for happens in chance.sample(HAPPENINGS, chance.randrange(0, 3)):
                happens(county)
            county.write(store)
            as_of += dt.timedelta(days=chance.choice([0, 0, 1, 1, 1, 2, 7, 31, 366, -3]))
            if chance.random() < 0.15:
                definition = replace(definition, take_first=not definition.take_first)
            done = _run(definition, store, as_of, folder / f"{step}.parquet", done.out)
            other = Store(folder / f"again{step}")
            county.write(other)
            whole = _run(definition, other, as_of, folder / f"whole{step}.parquet", None)
            assert done.out.read_bytes() == whole.out.read_bytes(), (case, step, done.since, done.why)
            assert _told(done) == _told(whole), (case, step)
            spared += done.since is not None
    assert spared >= CASES // 6, "too few runs were built on another to prove anything"
