"""
Reading links out of a population store: what waits for somebody's answer, two records side by side, one person's links.

Nothing here writes the store's ledger: whoever asks names the actor there first.
"""

# ruff: noqa: S608 - only names of the store's own files enter SQL, quoted; what is asked for enters as parameters
from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wherry.feeds.queries import landed_files
from wherry.people.linkage import links
from wherry.people.linkage.answers import answers
from wherry.people.linkage.binding import binding, standing
from wherry.people.linkage.joining import ONE_WORD
from wherry.people.linkage.reading import load_records, records_named
from wherry.people.linkage.types import Answer, Bound, Verdict
from wherry.people.records import Shown
from wherry.people.superseded import numbers_in_use
from wherry.population.store import Store, connect, parquet_sql


@dataclass(frozen=True)
class Waiting:
    """
    A pair of records somebody should look at. score: a probability; since: the day a run first set it aside, None when
    unknown; stops_contact: a death notice is one of the two, and nobody writes to the other until it is answered;
    said: what people have said of it so far, oldest first; alike_pairs: pairs of records of the same two people.
    """

    left: str
    right: str
    score: float
    evidence: str
    why: str
    since: dt.date | None
    stops_contact: bool
    said: tuple[Answer, ...] = ()
    alike_pairs: int = 1

    @property
    def is_passed_on(self) -> bool:
        """Say whether the last to look was not sure, and asked somebody else."""
        return bool(self.said) and self.said[-1].verdict is Verdict.UNSURE


@dataclass(frozen=True)
class Separation:
    """Records taken out of a person, and not confirmed yet: nobody writes to these people until it is."""

    act: int
    by: str
    at: dt.datetime
    why: str
    records: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """What goes with some records of a person: how many of each, and which senders they are from."""

    records: int
    sources: tuple[str, ...]
    facts: int
    contact_points: int
    wishes: int


def waiting(*, store: Store) -> tuple[Waiting, ...]:
    """
    List the pairs waiting, in an order that stays: those that stop contact first, then as long as they wait.

    Two people come once, however many of their records are alike. What was answered since the last run is left out;
    what was passed on to somebody else comes last.
    """
    file = store.path / "links" / "review.parquet"
    if not file.is_file():
        return ()
    given, rows = answers(store=store), _review_rows(file)
    bound, said, doubtful = binding(answers=given), _said_of(given), _stopping_contact(store, file)
    by_people: dict[frozenset[str], list[Waiting]] = {}
    answered: set[frozenset[str]] = set()
    with connect() as connection:
        records = {record for left, right, *_ in rows for record in (left, right)}
        people = links.people_of(connection=connection, store=store, record_ids=records)
    for left, right, score, found_by, evidence, why, since in rows:
        pair, who = (left, right), frozenset({people.get(left, left), people.get(right, right)})
        if _is_answered(bound, left, right, found_by, why):
            answered.add(who)
        one = Waiting(left, right, score, evidence, why, since, pair in doubtful, tuple(said.get(pair, ())))
        by_people.setdefault(who, []).append(one)
    found = [_as_one(each) for who, each in by_people.items() if who not in answered]
    return tuple(sorted(found, key=_place))


def _as_one(pairs: Sequence[Waiting]) -> Waiting:
    # Somebody answers for two people once, by the pair most was said of, else the likeliest.
    first = min(pairs, key=lambda one: (not one.said, -one.score, one.left, one.right))
    return dataclasses.replace(
        first,
        since=min((one.since for one in pairs if one.since), default=None),
        stops_contact=any(one.stops_contact for one in pairs),
        alike_pairs=len(pairs),
    )


def require_linked(*, store: Store) -> None:
    """Raise InputWrong unless a run has linked this store."""
    links.require(store=store)


def _place(one: Waiting) -> tuple[object, ...]:
    return (one.is_passed_on, not one.stops_contact, one.since or dt.date.min, -one.score, one.left, one.right)


def _said_of(given: Sequence[Answer]) -> dict[tuple[str, str], list[Answer]]:
    said: dict[tuple[str, str], list[Answer]] = {}
    for one in given:
        said.setdefault((one.left, one.right), []).append(one)
    return said


def _is_answered(bound: Bound, left: str, right: str, found_by: str, why: str) -> bool:
    if right in bound.apart.get(left, ()):
        return True
    same = next((one for one in bound.same if (one.left, one.right) == (left, right)), None)
    # A run that could not follow an answer set the pair aside again; a second person's word since may let the next.
    return same is not None and (found_by != "person" or (same.is_seconded and why == ONE_WORD))


def _review_rows(file: Path) -> list[tuple[Any, ...]]:
    with connect() as connection:
        rows = connection.execute(f"SELECT * FROM {parquet_sql([file])} ORDER BY left_record, right_record").fetchall()
        names = [column[0] for column in connection.description or ()]
    wanted = ("left_record", "right_record", "score", "found_by", "evidence", "why", "since")
    return [tuple(dict(zip(names, row, strict=True)).get(name) for name in wanted) for row in rows]


def _stopping_contact(store: Store, file: Path) -> frozenset[tuple[str, str]]:
    files = list(landed_files(store=store, table="records"))
    if not files:
        return frozenset()
    several = f"SELECT DISTINCT record_id FROM {parquet_sql(files)} WHERE death_date IS NOT NULL"
    with connect() as connection:
        connection.execute(f"CREATE TEMP TABLE dead AS {several}")
        pairs = f"SELECT left_record, right_record FROM {parquet_sql([file])} SEMI JOIN dead ON dead.record_id ="
        rows = connection.execute(f"{pairs} left_record UNION {pairs} right_record").fetchall()
    return frozenset(rows)


def shown(*, store: Store, record_ids: Collection[str]) -> dict[str, Shown]:
    """Read records as their senders wrote them, the newest version of each field; unknown ones are left out."""
    with connect() as connection:
        load_records(connection=connection, store=store, only=record_ids)
        folded = records_named(connection=connection, record_ids=record_ids)
        rows = connection.execute(
            "SELECT record_id, any_value(source), max(recorded_on), min(death_date) FROM landed GROUP BY record_id"
        ).fetchall()
        about = {row[0]: row[1:] for row in rows}
        written = connection.execute(
            "SELECT record_id, given_name, family_name, birth_date, sex, nhs_number, address, postcode FROM record"
        ).fetchall()
    found = {}
    for record_id, given, family, born, sex, number, address, postcode in written:
        source, recorded_on, died = about[record_id]
        found[record_id] = Shown(
            folded=folded[record_id],
            source=source or "",
            given_name=given or "",
            family_name=family or "",
            birth_date=born,
            death_date=died,
            sex=sex or "",
            nhs_number=number or "",
            address=address or "",
            postcode=postcode or "",
            contacts=tuple(sorted(folded[record_id].contacts)),
            recorded_on=recorded_on,
        )
    return found


def people_bearing(*, store: Store, nhs_number: str) -> tuple[str, ...]:
    """Give everybody who bears an NHS number by the newest run, in order; several where it is somebody else's too."""
    nhs_number = numbers_in_use(store=store).get(nhs_number, nhs_number)
    with connect() as connection:
        rows = connection.execute(
            f"SELECT DISTINCT person_id FROM ({store.source_sql('persons')}) WHERE nhs_number = ? ORDER BY 1",
            [nhs_number],
        ).fetchall()
    return tuple(person_id for (person_id,) in rows)


def person_of(*, store: Store, record_id: str) -> str | None:
    """Give the person a record belongs to by the newest run, None when no run knows it."""
    with connect() as connection:
        return links.people_of(connection=connection, store=store, record_ids=[record_id]).get(record_id)


def became(*, store: Store, person_ids: Collection[str]) -> dict[str, str]:
    """Give old id → new id of people who turned out to be somebody else: all their records are one other person's."""
    found: dict[str, str] = {}
    with connect() as connection:
        once = links.records_once_of(connection=connection, store=store, person_ids=person_ids)
        now = links.people_of(
            connection=connection, store=store, record_ids={each for records in once.values() for each in records}
        )
    for person_id, records in once.items():
        people = {now[each] for each in records}
        if len(people) == 1 and people != {person_id}:
            found[person_id] = people.pop()
    return found


def records_of(*, store: Store, person_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Give the records of each of these people, in order."""
    with connect() as connection:
        return links.members_of(connection=connection, store=store, person_ids=person_ids)


def links_of(*, store: Store, person_id: str) -> dict[str, tuple[float | None, str]]:
    """Give why each of a person's records is theirs: the score (None: it came first) and the evidence in words."""
    members = records_of(store=store, person_ids=[person_id]).get(person_id, ())
    files = links.map_files(store=store)
    if not members:
        return {}
    with connect() as connection:
        connection.execute("CREATE TEMP TABLE asked AS SELECT unnest(?) AS record_id", [list(members)])
        several = " UNION ALL ".join(
            f"SELECT record_id, score, evidence, {number} AS file_number FROM {parquet_sql([file])}"
            for number, file in enumerate(files)
        )
        rows = connection.execute(
            f"SELECT record_id, arg_max(score, file_number), arg_max(evidence, file_number) FROM ({several})"
            " SEMI JOIN asked USING (record_id) GROUP BY record_id ORDER BY record_id"
        ).fetchall()
    return {record_id: (score, evidence) for record_id, score, evidence in rows}


def separations(*, store: Store) -> tuple[Separation, ...]:
    """List what was taken apart and waits to be confirmed, oldest first."""
    held: dict[int, list[Answer]] = {}
    for one in standing(answers=answers(store=store)).values():
        if one.verdict is Verdict.NOT_SAME and one.is_held:
            held.setdefault(one.act, []).append(one)
    found: list[Separation] = []
    if not held:
        return ()
    with connect() as connection:
        for act in sorted(held):
            records = tuple(sorted({each for one in held[act] for each in (one.left, one.right)}))
            people = links.people_of(connection=connection, store=store, record_ids=records)
            first = held[act][0]
            found.append(Separation(act, first.by, first.at, first.why, records, tuple(sorted(set(people.values())))))
    return tuple(found)


def held_people(*, store: Store) -> frozenset[str]:
    """
    Give the people whose records were taken apart and whom nobody may write to until somebody has confirmed it.

    Hazards: H-03 (two people taken for one).
    """
    return frozenset(person for one in separations(store=store) for person in one.people)


def sides(*, store: Store, going: Collection[str], staying: Collection[str]) -> tuple[Side, Side]:
    """Count what goes with the records taken out of a person, and what stays with the others."""
    return _side(store, going), _side(store, staying)


def _side(store: Store, record_ids: Collection[str]) -> Side:
    counts = {}
    with connect() as connection:
        connection.execute("CREATE TEMP TABLE asked AS SELECT unnest(?) AS record_id", [sorted(record_ids)])
        for table in ("facts", "contact_points", "wishes"):
            files = list(landed_files(store=store, table=table))
            sql = f"SELECT count(*) FROM {parquet_sql(files)} SEMI JOIN asked USING (record_id)"
            counts[table] = int(connection.execute(sql).fetchall()[0][0]) if files else 0
        files = list(landed_files(store=store, table="records"))
        sql = f"SELECT DISTINCT source FROM {parquet_sql(files)} SEMI JOIN asked USING (record_id) ORDER BY 1"
        sources = tuple(row[0] for row in connection.execute(sql).fetchall()) if files else ()
    return Side(len(set(record_ids)), sources, counts["facts"], counts["contact_points"], counts["wishes"])


def facts_told_of(*, store: Store, person_ids: Collection[str]) -> dict[str, frozenset[tuple[str, str]]]:
    """Give the code and the day of every fact the store's tables tell of each of these people."""
    told: dict[str, set[tuple[str, str]]] = {person: set() for person in person_ids}
    with connect() as connection:
        connection.execute("CREATE TEMP TABLE asked AS SELECT unnest(?) AS person_id", [sorted(person_ids)])
        rows = connection.execute(
            f"SELECT DISTINCT person_id, code, CAST(date AS VARCHAR) FROM ({store.source_sql('facts')})"
            " SEMI JOIN asked USING (person_id)"
        ).fetchall()
    for person, code, day in rows:
        told[person].add((code, day))
    return {person: frozenset(found) for person, found in told.items()}


def senders(*, store: Store) -> frozenset[str]:
    """Give every source whose contact points or wishes the store's tables hold whole."""
    with connect() as connection:
        rows = connection.execute(
            f"SELECT source FROM ({store.source_sql('contact_points')})"
            f" UNION SELECT source FROM ({store.source_sql('wishes')})"
        ).fetchall()
    return frozenset(source for (source,) in rows)
