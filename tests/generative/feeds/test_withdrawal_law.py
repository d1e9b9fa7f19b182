"""Whatever came and was withdrawn, in whatever order: the store says what it would say had only the rest ever come."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from wherry.feeds import actions, queries
from wherry.people.linkage.actions import link
from wherry.population import Store, connect

EXAMPLES = int(os.environ.get("WHERRY_GENERATIVE_EXAMPLES", "8"))
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
HEADERS = {
    "gp_register": "Practice Code,Patient ID,NHS Number,Surname,Forename,Date of Birth,Telephone,Last Updated",
    "gp_events": "Practice Code,Patient ID,Event Date,SNOMED Code",
    "deaths": "NHS Number,Surname,Forename,Date of Birth,Date of Death,Date Registered",
}
ROWS = {
    "gp_register": (
        "D82001,1,9990000018,Kett,Robert,12/03/1950,07700 900001,01/02/2026",
        "D82001,1,9990000018,Kett,Robert,12/03/1950,07700 900099,05/02/2026",
        "D82001,2,9990000026,Rix,Ann,01/01/1940,,01/02/2026",
        "D82002,7,9990000026,Rix,Anne,01/01/1940,01632 960001,03/02/2026",
        "D82002,8,,Cox,Flo,03/04/1935,,02/02/2026",
    ),
    "gp_events": ("D82001,1,01/02/2020,118600007", "D82001,2,05/02/2020,13645005", "D82002,8,05/02/2020,13645005"),
    "deaths": (
        "9990000018,Kett,Robert,12/03/1950,20/02/2026,21/02/2026",
        "9990000026,Rix,Ann,01/01/1940,21/02/2026,22/02/2026",
    ),
}
#: What a row of each table says, without the ids a store gives out itself.
SAYS = {
    "persons": "nhs_number, given_name, family_name, birth_date, death_date, practice_code",
    "facts": "record_id, kind, system, code, date",
    "contact_points": "kind, value, source, recorded_on",
}


@dataclass(frozen=True)
class Step:
    """A delivery that comes, or (rows empty) the withdrawal of one that stands, counted round from the first."""

    contract: str
    rows: tuple[str, ...]
    days_old: int
    which: int = 0


# Mostly registers, of mostly the same rows: what one delivery repeats of another is what a withdrawal must not lose.
_receiving = st.sampled_from(["gp_register", "gp_register", *sorted(HEADERS)]).flatmap(
    lambda name: st.builds(
        Step, st.just(name), st.lists(st.sampled_from(ROWS[name]), min_size=1, max_size=4, unique=True).map(tuple),
        st.integers(0, 9),
    )
)  # fmt: skip
_withdrawing = st.integers(0, 5).map(lambda which: Step("", (), 0, which))
_steps = st.lists(st.one_of(_receiving, _receiving, _withdrawing), min_size=3, max_size=7)


def _receive(store: Store, folder: Path, number: int, step: Step) -> str:
    # The number keeps two deliveries of the same rows apart: the very same file again would be no delivery.
    file = folder / f"{number}.csv"
    file.write_text("\n".join([HEADERS[step.contract], *step.rows]) + "\n" * (number + 1))
    return actions.receive(
        contract=queries.contract(name=step.contract), files=[file], store=store, by="a", received_at=NOW,
        extracted_on=NOW.date() - dt.timedelta(days=step.days_old),
    ).batch_id  # fmt: skip


def _said(store: Store) -> dict[str, list[tuple[object, ...]]]:
    link(store=store, by="a")
    with connect() as connection:
        return {
            table: connection.execute(f"SELECT {says} FROM ({store.source_sql(table)}) ORDER BY ALL").fetchall()
            for table, says in SAYS.items()
        }


def _walk(folder: Path, steps: Sequence[Step]) -> tuple[Store, dict[int, Step]]:
    store, standing = Store(folder / "store"), {}
    batches: dict[int, str] = {}
    for number, step in enumerate(steps):
        if step.rows:
            batches[number], standing[number] = _receive(store, folder, number, step), step
        elif standing:
            gone = sorted(standing)[step.which % len(standing)]
            del standing[gone]
            actions.withdraw(store=store, batch_id=batches[gone], by="a", why="wrong", at=NOW)
    return store, standing


# Not shrunk: an example is half a dozen deliveries at most, and each further try costs seconds.
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(steps=_steps)
def test_what_was_withdrawn_might_as_well_never_have_come(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        store, standing = _walk(Path(one), steps)
        if not standing:
            return
        without = Store(Path(other) / "store")
        for number, step in standing.items():
            _receive(without, Path(other), number, step)

        assert _said(store) == _said(without)
