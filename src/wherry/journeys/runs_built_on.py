"""Which runs counted a delivery, and which of them still count one that was withdrawn: as the store's ledger tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wherry.population import Store, ledger


@dataclass(frozen=True)
class BuiltOnIt:
    """A run of stratification that was made while the delivery counted. at: when, as the ledger has it."""

    run: str
    as_of: str
    people: int
    by: str
    at: str


def runs_built_on(*, store: Store, batch_id: str) -> tuple[BuiltOnIt, ...]:
    """List the runs of stratification that counted a delivery, oldest first."""
    runs: dict[str, BuiltOnIt] = {}
    landed = linked = False
    for did, about, line in _lines(store):
        if did == "receive_feed" and about.get("batch_id") == batch_id:
            landed = True
        linked = linked or (landed and did == "link_people")
        if did == "withdraw_delivery" and about.get("batch_id") == batch_id:
            break
        if did == "stratify" and linked:
            run = str(about.get("run"))
            runs[run] = BuiltOnIt(
                run, str(about.get("as_of")), int(str(about.get("people", 0))), str(line["by"]), str(line["at"])
            )
    return tuple(runs.values())


def no_longer_true(*, store: Store) -> Mapping[str, str]:
    """
    Give the runs that count a delivery withdrawn since, each with the batch that was withdrawn first.

    A run made again after the withdrawal is named by what it reads: the same name says that the delivery changed
    nothing it read, and it is true again.
    """
    withdrawn = [str(about.get("batch_id")) for did, about, _ in _lines(store) if did == "withdraw_delivery"]
    wrong: dict[str, str] = {}
    for batch_id in dict.fromkeys(withdrawn):
        counted = {one.run for one in runs_built_on(store=store, batch_id=batch_id)}
        for run in counted - _made_after(store, batch_id):
            wrong.setdefault(run, batch_id)
    return wrong


def _made_after(store: Store, batch_id: str) -> set[str]:
    over, runs = False, set()
    for did, about, _ in _lines(store):
        over = over or (did == "withdraw_delivery" and about.get("batch_id") == batch_id)
        if over and did == "stratify":
            runs.add(str(about.get("run")))
    return runs


def _lines(store: Store) -> Iterable[tuple[str, Mapping[str, object], Mapping[str, object]]]:
    for line in ledger.entries(store):
        about = line.get("about")
        yield str(line.get("did")), about if isinstance(about, Mapping) else {}, line
