"""The SELECT behind each file of a batch: what accepted rows say, beside what was quarantined or doubted."""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

from collections.abc import Mapping, Sequence

from wherry.feeds.definition import CONTACT_FIELDS, FACT_FIELDS, RECORD_FIELDS, WISH_FIELDS
from wherry.feeds.expressions import identifier, value_sql, when_sql
from wherry.feeds.formats.staged import Staged
from wherry.feeds.landing.faults import quarantine_sql, warnings_sql
from wherry.feeds.landing.pieces import all_of, file_name_sql, nothing
from wherry.feeds.types import Delivery, Emission, Part, Values
from wherry.population.store import sql_text

_FIELD_TYPES = {
    "birth_date": "DATE",
    "death_date": "DATE",
    "imd_decile": "TINYINT",
    "date": "DATE",
    "end_date": "DATE",
    "recorded_on": "DATE",
    "verified_on": "DATE",
    "ends_on": "DATE",
    "value": "DOUBLE",
}
_FLAGS = ("communal", "synthetic")
_FACT_TAIL = ", source, record_id, recorded_on, batch_id, subject_id, row_number"


def outputs(*, delivery: Delivery, staged: Sequence[Staged]) -> Mapping[str, str]:
    """Give the SELECT behind each file of the batch, by file name without `.parquet`."""
    parts = [(number, one.part) for number, one in enumerate(staged)]
    entries = [(number, part) for number, part in parts if part.entries]
    kept = {"entries": all_of(_entries_sql(number, part) for number, part in entries)} if entries else {}
    return {
        **kept,
        "records": all_of(_record_sql(n, part, delivery) for n, part in parts if part.record is not None)
        or _NO_RECORDS,
        "facts": all_of(_fact_sql(n, one, delivery) for n, part in parts for one in part.facts) or _NO_FACTS,
        "contact_points": all_of(_contact_sql(n, one) for n, part in parts for one in part.contact_points)
        or _NO_CONTACT_POINTS,
        "wishes": all_of(_wish_sql(n, one) for n, part in parts for one in part.wishes) or _NO_WISHES,
        "quarantine": quarantine_sql(delivery=delivery, staged=staged),
        "warnings": warnings_sql(delivery=delivery, staged=staged),
        "rows": f"SELECT part, {file_name_sql(delivery)} AS file, row_number, content, subject_id, outcome,"
        f" {delivery.sequence} AS sequence FROM rows ORDER BY file_no, row_number",
    }


def _record_sql(number: int, part: Part, delivery: Delivery) -> str:
    record = part.record or {}
    fields = [_field(name, record.get(name)) for name in RECORD_FIELDS if name != "synthetic"]
    marked = "true" if delivery.synthetic else f"coalesce({_plain(record.get('nhs_number'))} LIKE '999%', false)"
    return (
        f"SELECT record_id, source, subject_id, batch_id, row_number, {', '.join(fields)}, {marked} AS synthetic,"
        f" recorded_on FROM decided_{number} WHERE outcome = 'accepted' ORDER BY file_no, row_number"
    )


def _fact_sql(number: int, fact: Emission, delivery: Delivery) -> str:
    rows = f"SELECT * FROM decided_{number} WHERE outcome = 'accepted' AND {when_sql(fact.when)}"
    fields = {name: _field(name, fact.fields.get(name)) for name in FACT_FIELDS}
    if fact.codings:
        rows = f"SELECT *, unnest({identifier(fact.codings)}) AS coding FROM ({rows})"
        systems = " ".join(f"WHEN {sql_text(uri)} THEN {sql_text(name)}" for uri, name in delivery.contract.systems)
        fields["system"] = (
            f"CASE coding.system {systems} ELSE 'local' END AS system" if systems else "'local' AS system"
        )
        fields["code"] = "coding.code AS code"
    return (
        f"SELECT * EXCLUDE (file_no) FROM (SELECT {', '.join(fields.values())}{_FACT_TAIL}, file_no FROM ({rows}))"
        " WHERE code IS NOT NULL AND date IS NOT NULL ORDER BY file_no, row_number, system, code"
    )


def _contact_sql(number: int, contact: Emission) -> str:
    rows = f"SELECT * FROM decided_{number} WHERE outcome = 'accepted' AND {when_sql(contact.when)}"
    fields = {name: _field(name, contact.fields.get(name), text=True) for name in CONTACT_FIELDS}
    fields["recorded_on"] = _recorded(contact)
    if contact.phones:
        rows = f"SELECT *, unnest({identifier(contact.phones)}) AS phone FROM ({rows})"
        fields["kind"] = "CASE WHEN phone LIKE '+447%' THEN 'mobile' ELSE 'landline' END AS kind"
        fields["value"] = "phone AS value"
    return (
        f"SELECT * EXCLUDE (file_no) FROM (SELECT {', '.join(fields.values())}, source, subject_id, record_id,"
        f" batch_id, row_number, file_no FROM ({rows}))"
        " WHERE value IS NOT NULL ORDER BY file_no, row_number, kind, value"
    )


def _wish_sql(number: int, wish: Emission) -> str:
    fields = {name: _field(name, wish.fields.get(name), text=True) for name in WISH_FIELDS}
    fields["recorded_on"] = _recorded(wish)
    return (
        f"SELECT * EXCLUDE (file_no) FROM (SELECT {', '.join(fields.values())}, source, subject_id, record_id,"
        f" batch_id, row_number, file_no FROM decided_{number} WHERE outcome = 'accepted' AND {when_sql(wish.when)})"
        " WHERE kind IS NOT NULL"
        " ORDER BY file_no, row_number"
    )


def _entries_sql(number: int, part: Part) -> str:
    columns = ", ".join(identifier(column.name) for column in part.columns)
    accepted = f"FROM decided_{number} WHERE outcome = 'accepted' ORDER BY file_no, row_number"
    return f"SELECT {columns}, batch_id, row_number {accepted}"


def _recorded(emission: Emission) -> str:
    own = emission.fields.get("recorded_on")
    return f"coalesce(CAST({_plain(own)} AS DATE), recorded_on) AS recorded_on" if own else "recorded_on"


def _field(name: str, values: Values | None, *, text: bool = False) -> str:
    kind = _FIELD_TYPES.get(name, "VARCHAR")
    if text and name == "value":
        kind = "VARCHAR"
    if values is None:
        return f"CAST(NULL AS {'BOOLEAN' if name in _FLAGS else kind}) AS {name}"
    found = _plain(values)
    if name in _FLAGS:
        return f"lower({found}) IN ('yes', 'true') AS {name}"
    return f"CAST({found} AS {kind}) AS {name}"


def _plain(values: Values | None) -> str:
    return value_sql(values, recorded_on="recorded_on") if values else "CAST(NULL AS VARCHAR)"


_TAIL = {
    "source": "VARCHAR",
    "subject_id": "VARCHAR",
    "record_id": "VARCHAR",
    "batch_id": "VARCHAR",
    "row_number": "BIGINT",
}
_NO_RECORDS = nothing(
    record_id="VARCHAR",
    source="VARCHAR",
    subject_id="VARCHAR",
    batch_id="VARCHAR",
    row_number="BIGINT",
    **{n: "BOOLEAN" if n in _FLAGS else _FIELD_TYPES.get(n, "VARCHAR") for n in RECORD_FIELDS},
    recorded_on="DATE",
)
_NO_FACTS = nothing(**{name: _FIELD_TYPES.get(name, "VARCHAR") for name in FACT_FIELDS}, recorded_on="DATE", **_TAIL)
_NO_CONTACT_POINTS = nothing(kind="VARCHAR", value="VARCHAR", recorded_on="DATE", verified_on="DATE", **_TAIL)
_NO_WISHES = nothing(kind="VARCHAR", value="VARCHAR", recorded_on="DATE", ends_on="DATE", **_TAIL)
