"""A small county and a power cut in it, to practise with: `python -m wherry.nonprod.power_cut build/power`."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from wherry.feeds.actions import receive
from wherry.feeds.queries import contract
from wherry.nonprod.county import network, write_county
from wherry.nonprod.county.county import blocks
from wherry.nonprod.county.people import Resident
from wherry.nonprod.county.sheet import Sheet
from wherry.population import Store

_OFF_SINCE = dt.datetime(2026, 11, 24, 6, 10)
_PLACE = "norwich"


@dataclass(frozen=True)
class Practice:
    """What was made. register, first, second: the network operator's files, not yet received; homes: without power."""

    store: Store
    register: Path
    first: Path
    second: Path
    homes: int


def make(*, into: Path, people: int, seed: int = 7) -> Practice:
    """
    Write a county and receive what practices and councils send; leave the operator's register and two outage files.

    The first file comes ten minutes after the cut; by the second, half the homes are back and the rest wait for long.
    Everybody is invented, and the same for the same people and seed.
    """
    today = _OFF_SINCE.date()
    store = Store(into / "store")
    county = write_county(people=people, seed=seed, start_on=today, into=into / "county")
    received_at = dt.datetime.combine(today, dt.time(6), dt.UTC)
    for one in county.deliveries:
        receive(
            contract=contract(name=one.contract),
            files=one.files,
            store=store,
            by="practice",
            received_at=received_at,
            extracted_on=one.extracted_on,
            synthetic=True,
        )
    return operators_files(into=into, people=people, seed=seed)


def operators_files(*, into: Path, people: int, seed: int = 7) -> Practice:
    """Write what the network operator sends about the same county, which need not have been received."""
    everybody: list[Resident] = []
    for block in blocks(people=people, seed=seed, today=_OFF_SINCE.date()):
        everybody += block
    register = Sheet(into, "priority_services.csv", network.REGISTER)
    chance = Random(f"network:{seed}")  # noqa: S311 - invented data needs repeatable, not secret, chance
    network.register(sheet=register, people=everybody, random=chance, today=_OFF_SINCE.date())
    register.close()
    homes = network.without_power(everybody, place=_PLACE)
    files = []
    for name, hours, minutes, back in (("power_cut_0620", 4, 10, 0), ("power_cut_0940", 14, 210, len(homes) // 2)):
        sheet = Sheet(into, f"{name}.csv", network.OUTAGE)
        at = _OFF_SINCE + dt.timedelta(minutes=minutes)
        network.outage(sheet=sheet, homes=homes, off_since=_OFF_SINCE, hours=hours, at=at, back=back)
        sheet.close()
        files.append(sheet.file)
    first, second = files
    return Practice(Store(into / "store"), register.file, first, second, homes=len(homes))


def main(arguments: Sequence[str] | None = None) -> None:
    """Make it in the folder named, and say what is there."""
    parser = argparse.ArgumentParser(prog="python -m wherry.nonprod.power_cut", description=__doc__)
    parser.add_argument("into", type=Path)
    parser.add_argument("--people", type=int, default=2_000)
    told = parser.parse_args(arguments)
    made = make(into=told.into, people=told.people)
    sys.stdout.write(f"{told.people:,} invented people in {made.store.path}; {made.homes} homes without power\n")
    for file in (made.register, made.first, made.second):
        sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
