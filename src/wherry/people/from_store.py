"""Reading linked people out of the population store, for those whose case opens or whom a clinician looks up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from wherry.people.details import PersonDetails
from wherry.people.rules import is_address_held
from wherry.people.superseded import numbers_in_use
from wherry.people.types import ContactKind, ContactPoint, Wish, WishKind
from wherry.population.store import Store, connect, parquet_sql, sql_text

_LONG_AGO = dt.date(1900, 1, 1)


def details_of(*, store: Store, person_ids: Collection[str]) -> list[PersonDetails]:
    """Give the details of these people, in order of id. People the store does not know are left out."""
    wanted = sorted(set(person_ids))
    with connect() as connection:
        connection.execute("create temp table wanted as select unnest(?) as person_id", [wanted])
        people = _rows(
            connection, f"select p.* from ({store.source_sql('persons')}) p semi join wanted using (person_id)"
        )
        points = _rows(
            connection, f"select c.* from ({store.source_sql('contact_points')}) c semi join wanted using (person_id)"
        )
        wishes = _rows(
            connection, f"select w.* from ({store.source_sql('wishes')}) w semi join wanted using (person_id)"
        )
    by_person = _grouped(points), _grouped(wishes)
    return [_details(row, *(rows.get(row["person_id"], []) for rows in by_person)) for row in people]


def person_with_nhs_number(*, store: Store, nhs_number: str) -> str | None:
    """
    Find whom an NHS number belongs to in the linked store; None when nobody, or when two people claim it.

    One that was replaced is followed to the number in use.
    """
    nhs_number = numbers_in_use(store=store).get(nhs_number, nhs_number)
    with connect() as connection:
        found = connection.execute(
            f"select distinct person_id from ({store.source_sql('persons')}) where nhs_number = ?", [nhs_number]
        ).fetchall()
    return found[0][0] if len(found) == 1 else None


def possible_deaths(*, store: Store) -> frozenset[str]:
    """
    Give the people a death notice may be about: its link to them waits for somebody's decision.

    Until it is taken nobody may write to them. Hazards: H-01 (contact after death).
    """
    review, links = store.path / "links" / "review.parquet", sorted((store.path / "links").glob("links-*.parquet"))
    if not review.is_file() or not links:
        return frozenset()
    newest = (
        f"select record_id, last(person_id order by filename) as person_id"
        f" from read_parquet([{', '.join(sql_text(file) for file in links)}], filename = true) group by record_id"
    )
    pairs = (
        f"select left_record as one, right_record as other from {parquet_sql([review])}"
        f" union all select right_record, left_record from {parquet_sql([review])}"
    )
    with connect() as connection:
        found = connection.execute(
            f"with newest as ({newest}), dead as (select person_id from ({store.source_sql('persons')})"
            f" where death_date is not null) select distinct mine.person_id from ({pairs}) p"
            " join newest mine on mine.record_id = p.one join newest theirs on theirs.record_id = p.other"
            " where theirs.person_id in (select person_id from dead) and mine.person_id != theirs.person_id"
        ).fetchall()
    return frozenset(person_id for (person_id,) in found)


def _rows(connection: Any, sql: str) -> list[dict[str, Any]]:
    cursor = connection.execute(f"select * from ({sql}) order by all")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _grouped(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    by_person: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_person.setdefault(row["person_id"], []).append(row)
    return by_person


def _details(row: Mapping[str, Any], points: list[dict[str, Any]], wishes: list[dict[str, Any]]) -> PersonDetails:
    contact_points = tuple(
        ContactPoint(
            ContactKind(one["kind"]), one["value"], one["source"], one["recorded_on"] or _LONG_AGO, one["verified_on"]
        )
        for one in points
        if one["kind"] in set(ContactKind)
    )
    addresses = sorted((p for p in contact_points if p.kind is ContactKind.ADDRESS), key=lambda p: p.recorded_on)
    return PersonDetails(
        population_id=row["person_id"],
        birth_date=row["birth_date"],
        died_on=row["death_date"],
        given_name=row["given_name"] or "",
        family_name=row["family_name"] or "",
        nhs_number=row["nhs_number"] or "",
        sex=row["sex"] or "",
        ethnicity=row["ethnicity"] or "",
        language=row["language"] or "en",
        address=addresses[-1].value if addresses else "",
        postcode=row["postcode"] or "",
        uprn=row["uprn"] or "",
        household_key=row["household_id"] or "",
        place=row["place"] or "",
        practice_code=row["practice_code"] or "",
        imd_decile=row["imd_decile"],
        is_communal=bool(row["communal"]),
        is_synthetic=bool(row["synthetic"]),
        is_address_held=is_address_held(contact_points=contact_points),
        contact_points=contact_points,
        wishes=tuple(
            Wish(
                WishKind(one["kind"]),
                one["value"] or "",
                one["source"],
                one["recorded_on"] or _LONG_AGO,
                one["ends_on"],
            )
            for one in wishes
            if one["kind"] in set(WishKind)
        ),
    )
