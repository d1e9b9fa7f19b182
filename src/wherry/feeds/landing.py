"""From staged text to a batch: what each row is, whether it may stay, and what it says. Set-based, in one DuckDB."""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wherry.feeds.definition import CONTACT_FIELDS, FACT_FIELDS, RECORD_FIELDS, WISH_FIELDS
from wherry.feeds.expressions import identifier, lost_zero_sql, raw_sql, typed_sql, value_sql, when_sql
from wherry.feeds.formats.staged import META, Staged
from wherry.feeds.rules import Rule, words
from wherry.feeds.types import Column, Contract, Emission, Finding, Part, Values
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb

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


@dataclass(frozen=True)
class Delivery:
    """What is the same for every row. recorded_on: the day the sender drew the data, for rows that name none."""

    contract: Contract
    batch_id: str
    sequence: int
    recorded_on: dt.date
    synthetic: bool
    files: tuple[str, ...]


def decide(
    *, connection: duckdb.DuckDBPyConnection, delivery: Delivery, staged: Sequence[Staged], earlier: Sequence[Path]
) -> None:
    """
    Type every value and give every row one outcome: tables `decided_0`… and `rows` (all parts together).

    earlier: `rows.parquet` of this contract's earlier batches, for rows that were landed before.
    """
    _known(connection, earlier)
    for number, one in enumerate(staged):
        connection.execute(f"CREATE TABLE decided_{number} AS {_decided_sql(one, delivery)}")
    parts = " UNION ALL ".join(
        f"SELECT {sql_text(one.part.resource)} AS part, file_no, row_number, line, content, subject_id, outcome, rule,"
        f" rule_column FROM decided_{number}"
        for number, one in enumerate(staged)
    )
    connection.execute(f"CREATE TABLE rows AS {parts}")


def outputs(*, delivery: Delivery, staged: Sequence[Staged]) -> Mapping[str, str]:
    """Give the SELECT behind each file of the batch, by file name without `.parquet`."""
    parts = [(number, one.part) for number, one in enumerate(staged)]
    file_name = f"[{', '.join(sql_text(name) for name in delivery.files)}][file_no + 1]"
    entries = [(number, part) for number, part in parts if part.entries]
    kept = {"entries": _all(_entries_sql(number, part) for number, part in entries)} if entries else {}
    return {
        **kept,
        "records": _all(_record_sql(n, part, delivery) for n, part in parts if part.record is not None) or _NO_RECORDS,
        "facts": _all(_fact_sql(n, one, delivery) for n, part in parts for one in part.facts) or _NO_FACTS,
        "contact_points": _all(_contact_sql(n, one) for n, part in parts for one in part.contact_points)
        or _NO_CONTACT_POINTS,
        "wishes": _all(_wish_sql(n, one) for n, part in parts for one in part.wishes) or _NO_WISHES,
        "quarantine": _quarantine_sql(staged, file_name),
        "warnings": _warnings_sql(staged, file_name),
        "rows": f"SELECT part, {file_name} AS file, row_number, content, subject_id, outcome,"
        f" {delivery.sequence} AS sequence FROM rows ORDER BY file_no, row_number",
    }


def findings(
    *, connection: duckdb.DuckDBPyConnection, delivery: Delivery, staged: Sequence[Staged], kind: str
) -> tuple[Finding, ...]:
    """Count `quarantine` or `warnings` by rule, most rows first, each with where its first row is."""
    selects = outputs(delivery=delivery, staged=staged)[kind]
    connection.execute(
        "SELECT rule, column_name, words, count(*) AS n, first(file || ':' || line ORDER BY file, line)"
        f" FROM ({selects}) GROUP BY rule, column_name, words ORDER BY n DESC, rule, column_name"
    )
    return tuple(Finding(*row) for row in connection.fetchall())


def _known(connection: duckdb.DuckDBPyConnection, earlier: Sequence[Path]) -> None:
    if not earlier:
        connection.execute("CREATE TABLE known (part VARCHAR, content VARCHAR, newest BOOLEAN)")
        return
    listed = ", ".join(sql_text(file) for file in earlier)
    connection.execute(
        "CREATE TABLE known AS SELECT DISTINCT part, content,"
        f" sequence = max(sequence) OVER (PARTITION BY part, subject_id) AS newest"
        f" FROM read_parquet([{listed}]) WHERE outcome <> 'quarantined'"
    )


def _decided_sql(staged: Staged, delivery: Delivery) -> str:
    part = staged.part
    subject = [f"CAST({identifier(name)} AS VARCHAR)" for name in part.subject]
    # `||` gives null where any part is null: half a local id names nobody, and the row is then known by its content.
    own = " || ':' || ".join(subject) or "CAST(NULL AS VARCHAR)"
    day = f"DATE '{delivery.recorded_on.isoformat()}'"
    recorded = f"coalesce(least({identifier(part.recorded_on)}, {day}), {day})" if part.recorded_on else day
    # About a person the newest delivery that names them counts, so that a value changed and changed back is news;
    # an event is the same event in whichever delivery it comes again.
    landed = f"SELECT content FROM known WHERE part = {sql_text(part.resource)}"
    landed += " AND newest" if part.record is not None else ""
    source = sql_text(delivery.contract.source)
    return (
        "WITH typed AS ("
        + _typed_sql(staged)
        + "), judged AS (SELECT *, "
        + _rule_sql(part)
        + " AS failed FROM typed),"
        f" named AS (SELECT * EXCLUDE (failed), nullif(split_part(failed, '|', 1), '') AS rule,"
        f" nullif(split_part(failed, '|', 2), '') AS rule_column, coalesce(({own}), 'content:' || left(content, 24)) AS"
        f" subject_id, {recorded} AS recorded_on FROM judged)"
        f" SELECT *, {source} AS source, left(sha256({source} || '|' || subject_id), 32) AS record_id,"
        f" {sql_text(delivery.batch_id)} AS batch_id, CASE WHEN rule IS NOT NULL THEN 'quarantined'"
        f" WHEN row_number() OVER (PARTITION BY rule IS NULL, content ORDER BY file_no, row_number) > 1"
        f" OR content IN ({landed}) THEN 'duplicate' ELSE 'accepted' END AS outcome FROM named"
    )


def _typed_sql(staged: Staged) -> str:
    columns = []
    from_sheet = not staged.part.resource
    for column in staged.part.columns:
        columns.append(f"{typed_sql(column, from_sheet=from_sheet)} AS {identifier(column.name)}")
        if _may_lose_zero(staged.part, column):
            columns.append(f"{lost_zero_sql(column)} AS {_lost(column.name)}")
        columns.append(f"{raw_sql(column)} IS NOT NULL AS {_has(column.name)}")
        if column.refused:
            refused = ", ".join(sql_text(value.lower()) for value in column.refused)
            columns.append(f"coalesce(lower({raw_sql(column)}) IN ({refused}), false) AS {_refused(column.name)}")
    return f"SELECT {', '.join([*META, *columns])} FROM {staged.table}"


def _rule_sql(part: Part) -> str:
    tests = [("fault IS NOT NULL", "fault || '|' || coalesce(fault_column, '')")]
    for column in part.columns:
        name = identifier(column.name)
        if column.refused:
            tests.append((_refused(column.name), sql_text(f"{Rule.REFUSED}|{column.name}")))
        if column.needed:
            tests.append((f"NOT {_has(column.name)}", sql_text(f"{Rule.MISSING}|{column.name}")))
        if column.needed or column.if_wrong == "quarantine":
            tests.append((f"{_has(column.name)} AND {name} IS NULL", sql_text(f"{Rule.WRONG}|{column.name}")))
    if part.require_any:
        groups = [" AND ".join(f"{identifier(name)} IS NOT NULL" for name in group) for group in part.require_any]
        tests.append((f"NOT ({' OR '.join(f'({group})' for group in groups)})", sql_text(f"{Rule.NOBODY}|")))
    return "CASE " + " ".join(f"WHEN {test} THEN {rule}" for test, rule in tests) + " END"


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


def _quarantine_sql(staged: Sequence[Staged], file_name: str) -> str:
    selects = []
    for number, one in enumerate(staged):
        sent = ", ".join(f"{identifier(c.name)} := s.{identifier(c.name)}" for c in one.part.columns)
        content = f"coalesce(s.fault_text, CAST(to_json(struct_pack({sent})) AS VARCHAR))" if sent else "s.fault_text"
        selects.append(
            f"SELECT {sql_text(one.part.resource)} AS part, {file_name} AS file, row_number, line, rule, rule_column AS"
            f" column_name, {_words_sql(one.part)} AS words, {content} AS content FROM decided_{number} d"
            f" JOIN {one.table} s USING (file_no, row_number, line)"
            " WHERE outcome = 'quarantined' ORDER BY file_no, row_number"
        )
    return _all(selects)


def _warnings_sql(staged: Sequence[Staged], file_name: str) -> str:
    selects = [
        _nothing(
            file="VARCHAR", row_number="BIGINT", line="BIGINT", rule="VARCHAR", column_name="VARCHAR", words="VARCHAR"
        )
    ]
    for number, one in enumerate(staged):
        for column, rule, said, test in _doubts(one.part):
            selects.append(
                f"SELECT {file_name} AS file, row_number, line, '{rule}' AS rule, {sql_text(column.name)} AS"
                f" column_name, {sql_text(said)} AS words FROM decided_{number}"
                f" WHERE outcome = 'accepted' AND {test} ORDER BY file_no, row_number"
            )
    return _all(selects)


def _doubts(part: Part) -> Iterator[tuple[Column, Rule, str, str]]:
    for column in part.columns:
        if _may_lose_zero(part, column):
            said = words(rule=Rule.LOST_ZERO, column=column.name, column_type=column.type)
            yield column, Rule.LOST_ZERO, said, _lost(column.name)
        if not column.needed and column.if_wrong == "blank" and (column.type != "text" or not part.resource):
            said = words(rule=Rule.WRONG, column=column.name, column_type=column.type)
            test = f"{_has(column.name)} AND {identifier(column.name)} IS NULL"
            yield column, Rule.WRONG, f"{said}; the row was kept without it", test


def _may_lose_zero(part: Part, column: Column) -> bool:
    return column.type == "phones" and not part.resource


def _words_sql(part: Part) -> str:
    types = {column.name: column.type for column in part.columns}
    said = {
        (rule, name): words(rule=rule, column=name, column_type=kind)
        for name, kind in types.items()
        for rule in (Rule.MISSING, Rule.WRONG, Rule.REFUSED)
    }
    cases = "".join(f" WHEN {sql_text(f'{rule}|{name}')} THEN {sql_text(text)}" for (rule, name), text in said.items())
    plain = "".join(
        f" WHEN '{rule}' THEN {sql_text(words(rule=rule, column='', column_type=''))}"
        for rule in (Rule.RAGGED, Rule.QUOTES, Rule.NOT_JSON, Rule.NOBODY)
    )
    unread = words(rule=Rule.NOT_READ, column="", column_type="")
    general = f"CASE rule{plain} ELSE {sql_text(unread)} || coalesce(rule_column, 'unknown') END"
    return f"CASE rule || '|' || rule_column{cases} ELSE {general} END" if cases else general


def _all(selects: object) -> str:
    return " UNION ALL BY NAME ".join(f"({one})" for one in selects)  # type: ignore[attr-defined]


def _has(name: str) -> str:
    return identifier(f"has {name}")


def _lost(name: str) -> str:
    return identifier(f"lost zero {name}")


def _refused(name: str) -> str:
    return identifier(f"refused {name}")


def _nothing(**columns: str) -> str:
    return "SELECT " + ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns.items()) + " WHERE false"


_TAIL = {
    "source": "VARCHAR",
    "subject_id": "VARCHAR",
    "record_id": "VARCHAR",
    "batch_id": "VARCHAR",
    "row_number": "BIGINT",
}
_NO_RECORDS = _nothing(
    record_id="VARCHAR",
    source="VARCHAR",
    subject_id="VARCHAR",
    batch_id="VARCHAR",
    row_number="BIGINT",
    **{n: "BOOLEAN" if n in _FLAGS else _FIELD_TYPES.get(n, "VARCHAR") for n in RECORD_FIELDS},
    recorded_on="DATE",
)
_NO_FACTS = _nothing(**{name: _FIELD_TYPES.get(name, "VARCHAR") for name in FACT_FIELDS}, recorded_on="DATE", **_TAIL)
_NO_CONTACT_POINTS = _nothing(kind="VARCHAR", value="VARCHAR", recorded_on="DATE", verified_on="DATE", **_TAIL)
_NO_WISHES = _nothing(kind="VARCHAR", value="VARCHAR", recorded_on="DATE", ends_on="DATE", **_TAIL)
