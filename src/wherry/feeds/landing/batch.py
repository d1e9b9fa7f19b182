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
REPEATED = "repeated_"
"""What the names of those files begin with that hold what an earlier delivery said already."""
_FLAGS = ("communal", "synthetic")
_FACT_TAIL = ", source, record_id, recorded_on, batch_id, subject_id, row_number"


def outputs(*, delivery: Delivery, staged: Sequence[Staged], repeats: bool = False) -> Mapping[str, str]:
    """
    Give the SELECT behind each file of the batch, by file name without `.parquet`.

    repeats: the delivery says again what an earlier one said. That is kept beside, in `repeated_…` files nobody reads
    until the earlier delivery is withdrawn: what this one said is then all there is.
    """
    again = _said(delivery, staged, "outcome = 'duplicate' AND nth = 1", ", content") if repeats else {}
    return {
        **_said(delivery, staged, "outcome = 'accepted'", ""),
        **{f"{REPEATED}{name}": select for name, select in again.items()},
        "corrections": "SELECT * FROM corrections ORDER BY ALL",
        "quarantine": quarantine_sql(delivery=delivery, staged=staged),
        "warnings": warnings_sql(delivery=delivery, staged=staged),
        "rows": f"SELECT part, {file_name_sql(delivery)} AS file, file_no, row_number, content, subject_id, outcome,"
        f" nth, {delivery.sequence} AS sequence FROM rows",
    }


def _said(delivery: Delivery, staged: Sequence[Staged], only: str, more: str) -> dict[str, str]:
    """Give what some rows say, by table. more: columns beside those documented, each after a comma."""
    parts = [(f"(SELECT * FROM decided_{number} WHERE {only})", one.part) for number, one in enumerate(staged)]
    entries = [_entries_sql(rows, part, more) for rows, part in parts if part.entries]
    records = [_record_sql(rows, part, delivery, more) for rows, part in parts if part.record is not None]
    facts = [_fact_sql(rows, fact, delivery, more) for rows, part in parts for fact in part.facts]
    points = [_contact_sql(rows, point, more) for rows, part in parts for point in part.contact_points]
    wishes = [_wish_sql(rows, wish, more) for rows, part in parts for wish in part.wishes]
    said = {"records": records, "facts": facts, "contact_points": points, "wishes": wishes}
    empty = {"records": _NO_RECORDS, "facts": _NO_FACTS, "contact_points": _NO_CONTACT_POINTS, "wishes": _NO_WISHES}
    none = {name: f"SELECT *{', NULL::UUID AS content' if more else ''} FROM ({sql})" for name, sql in empty.items()}
    kept = {"entries": all_of(entries)} if entries else {}
    return kept | {name: all_of(selects) or none[name] for name, selects in said.items()}


def _record_sql(rows: str, part: Part, delivery: Delivery, more: str) -> str:
    record = part.record or {}
    fields = [_field(name, record.get(name)) for name in RECORD_FIELDS if name != "synthetic"]
    marked = "true" if delivery.synthetic else f"coalesce({_plain(record.get('nhs_number'))} LIKE '999%', false)"
    return (
        f"SELECT record_id, source, subject_id, batch_id, row_number, {', '.join(fields)}, {marked} AS synthetic,"
        f" recorded_on{more} FROM {rows}"
    )


def _fact_sql(rows: str, fact: Emission, delivery: Delivery, more: str) -> str:
    rows = f"SELECT * FROM {rows} WHERE {when_sql(fact.when)}"
    fields = {name: _field(name, fact.fields.get(name)) for name in FACT_FIELDS}
    if fact.codings:
        rows = f"SELECT *, unnest({identifier(fact.codings)}) AS coding FROM ({rows})"
        systems = " ".join(f"WHEN {sql_text(uri)} THEN {sql_text(name)}" for uri, name in delivery.contract.systems)
        fields["system"] = (
            f"CASE coding.system {systems} ELSE 'local' END AS system" if systems else "'local' AS system"
        )
        fields["code"] = "coding.code AS code"
    # Rows come in order; only what one row gives several times has an order still to be chosen.
    order = " ORDER BY file_no, row_number, system, code" if fact.codings else ""
    return (
        f"SELECT * EXCLUDE (file_no) FROM (SELECT {', '.join(fields.values())}{_FACT_TAIL}{more}, file_no"
        f" FROM ({rows})) WHERE code IS NOT NULL AND date IS NOT NULL{order}"
    )


def _contact_sql(rows: str, contact: Emission, more: str) -> str:
    rows = f"SELECT * FROM {rows} WHERE {when_sql(contact.when)}"
    fields = {name: _field(name, contact.fields.get(name), text=True) for name in CONTACT_FIELDS}
    fields["recorded_on"] = _recorded(contact)
    if contact.phones:
        rows = f"SELECT *, unnest({identifier(contact.phones)}) AS phone FROM ({rows})"
        fields["kind"] = "CASE WHEN phone LIKE '+447%' THEN 'mobile' ELSE 'landline' END AS kind"
        fields["value"] = "phone AS value"
    order = " ORDER BY file_no, row_number, kind, value" if contact.phones else ""
    return (
        f"SELECT * EXCLUDE (file_no) FROM (SELECT {', '.join(fields.values())}, source, subject_id, record_id,"
        f" batch_id, row_number{more}, file_no FROM ({rows}))"
        f" WHERE value IS NOT NULL{order}"
    )


def _wish_sql(rows: str, wish: Emission, more: str) -> str:
    fields = {name: _field(name, wish.fields.get(name), text=True) for name in WISH_FIELDS}
    fields["recorded_on"] = _recorded(wish)
    return (
        f"SELECT * EXCLUDE (file_no) FROM (SELECT {', '.join(fields.values())}, source, subject_id, record_id,"
        f" batch_id, row_number{more}, file_no FROM {rows} WHERE {when_sql(wish.when)})"
        " WHERE kind IS NOT NULL"
    )


def _entries_sql(rows: str, part: Part, more: str) -> str:
    columns = ", ".join(identifier(column.name) for column in part.columns)
    return f"SELECT {columns}, batch_id, row_number{more} FROM {rows}"


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
