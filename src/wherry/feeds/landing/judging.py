"""The one SELECT that turns a row of text into typed values, the rule it fails, and what is doubtful about it."""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wherry.feeds.definition import emitted_names
from wherry.feeds.expressions import identifier, lost_zero_sql, typed_sql
from wherry.feeds.formats.staged import Source
from wherry.feeds.landing.pieces import address_sql, record_id_sql, sent_as
from wherry.feeds.rules import Rule, words
from wherry.feeds.types import Column, Delivery, Part
from wherry.population.store import sql_text


@dataclass(frozen=True)
class Doubt:
    """What may be doubtful about an accepted row. bit: its place in the column `doubts`."""

    bit: int
    rule: Rule
    column: str
    words: str
    test: str


def doubts_of(part: Part) -> tuple[Doubt, ...]:
    """List what can be doubtful about a part's rows: a value left out, or mended where only one mend can be meant."""
    return tuple(
        Doubt(bit, rule, column.name, said, test) for bit, (rule, column, said, test) in enumerate(_doubts(part))
    )


def is_named_often(part: Part) -> bool:
    """Say whether a row's record is named in several outputs: its id is then worked out once."""
    return (part.record is not None) + len(part.facts) + len(part.contact_points) + len(part.wishes) > 1


def judged_sql(part: Part, source: Source, delivery: Delivery) -> str:
    """
    Give a file's rows judged: the typed columns its outputs use, `content` (a hash of all the row says), `subject_id`,
    `recorded_on`, `rule` and `rule_column` where one failed, then with the row as sent, and `doubts`, bit by bit.
    """
    day = f"DATE '{delivery.recorded_on.isoformat()}'"
    recorded = f"coalesce(least({identifier(part.recorded_on)}, {day}), {day})" if part.recorded_on else day
    own = address_sql(part.lives_at, part.subject) if part.lives_at else _own_id_sql(part)
    numbers = "row_number, line, " if source.numbered else ""
    kept = "".join(f"{identifier(name)}, " for name in sorted(emitted_names(part)))
    doubts = " + ".join(f"CASE WHEN {one.test} THEN {1 << one.bit} ELSE 0 END" for one in doubts_of(part)) or "0"
    record_id = f", {record_id_sql(delivery)} AS record_id" if is_named_often(part) else ""
    answers = "answers" if part.columns and not part.resource else "CAST(NULL AS VARCHAR)"
    return (
        f"SELECT *{record_id} FROM (SELECT {numbers}{kept}content, answers, recorded_on,"
        f" coalesce(({own}), 'content:' || left(replace(CAST(content AS VARCHAR), '-', ''), 24)) AS subject_id,"
        f" nullif(split_part(failed, '|', 1), '') AS rule, nullif(split_part(failed, '|', 2), '') AS rule_column,"
        f" CASE WHEN failed IS NOT NULL THEN {_sent_sql(part)} END AS sent, CAST({doubts} AS BIGINT) AS doubts"
        f" FROM (SELECT *, {recorded} AS recorded_on, {_rule_sql(part)} AS failed"
        f" FROM (SELECT {numbers}fault, fault_column, fault_text, {answers} AS answers, {_hash_sql(part)} AS content,"
        f" {_typed_sql(part)} FROM ({source.select}))))"
    )


def _own_id_sql(part: Part) -> str:
    subject = [f"CAST({identifier(name)} AS VARCHAR)" for name in part.subject]
    # `||` gives null where any part is null: half a local id names nobody, and the row is then known by its content.
    return " || ':' || ".join(subject) or "CAST(NULL AS VARCHAR)"


def _hash_sql(part: Part) -> str:
    # What tells rows apart may be quick; where it names a record, because the sender has no ids, nobody may forge it.
    return "CAST(md5_number(said) AS UUID)" if part.subject else "CAST(left(sha256(said), 32) AS UUID)"


def _typed_sql(part: Part) -> str:
    columns = []
    for column in part.columns:
        raw = identifier(column.name)
        columns.append(f"{raw} AS {sent_as(column.name)}")
        columns.append(f"{typed_sql(column, raw=raw, from_sheet=not part.resource)} AS {raw}")
    return ", ".join(columns)


def _sent_sql(part: Part) -> str:
    sent = ", ".join(f"{identifier(c.name)} := {sent_as(c.name)}" for c in part.columns)
    return f"coalesce(fault_text, CAST(to_json(struct_pack({sent})) AS VARCHAR))" if sent else "fault_text"


def _rule_sql(part: Part) -> str:
    tests = [("fault IS NOT NULL", "fault || '|' || coalesce(fault_column, '')")]
    for column in part.columns:
        name, sent = identifier(column.name), sent_as(column.name)
        if column.refused:
            refused = ", ".join(sql_text(value.lower()) for value in column.refused)
            tests.append((f"coalesce(lower({sent}) IN ({refused}), false)", sql_text(f"{Rule.REFUSED}|{column.name}")))
        if column.needed:
            tests.append((f"{sent} IS NULL", sql_text(f"{Rule.MISSING}|{column.name}")))
        if column.needed or column.if_wrong == "quarantine":
            tests.append((f"{sent} IS NOT NULL AND {name} IS NULL", sql_text(f"{Rule.WRONG}|{column.name}")))
    if part.require_any:
        groups = [" AND ".join(f"{identifier(name)} IS NOT NULL" for name in group) for group in part.require_any]
        tests.append((f"NOT ({' OR '.join(f'({group})' for group in groups)})", sql_text(f"{Rule.NOBODY}|")))
    return "CASE " + " ".join(f"WHEN {test} THEN {rule}" for test, rule in tests) + " END"


def _doubts(part: Part) -> Iterator[tuple[Rule, Column, str, str]]:
    for column in part.columns:
        sent = sent_as(column.name)
        if column.type == "phones" and not part.resource:
            said = words(rule=Rule.LOST_ZERO, column=column.name, column_type=column.type)
            yield Rule.LOST_ZERO, column, said, lost_zero_sql(sent)
        if not column.needed and column.if_wrong == "blank" and (column.type != "text" or not part.resource):
            said = words(rule=Rule.WRONG, column=column.name, column_type=column.type)
            test = f"{sent} IS NOT NULL AND {identifier(column.name)} IS NULL"
            yield Rule.WRONG, column, f"{said}; the row was kept without it", test
