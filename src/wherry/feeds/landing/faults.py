"""What is wrong with rows, in words: why one is quarantined, what an accepted one was doubted for."""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wherry.feeds.expressions import identifier
from wherry.feeds.formats.staged import Staged
from wherry.feeds.landing.pieces import all_of, file_name_sql, has, lost, may_lose_zero, nothing
from wherry.feeds.rules import Rule, words
from wherry.feeds.types import Column, Delivery, Finding, Part
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb


def findings(
    *, connection: duckdb.DuckDBPyConnection, delivery: Delivery, staged: Sequence[Staged], kind: str
) -> tuple[Finding, ...]:
    """Count `quarantine` or `warnings` by rule, most rows first, each with where its first row is."""
    selects = {"quarantine": quarantine_sql, "warnings": warnings_sql}[kind](delivery=delivery, staged=staged)
    connection.execute(
        "SELECT rule, column_name, words, count(*) AS n, first(file || ':' || line ORDER BY file, line)"
        f" FROM ({selects}) GROUP BY rule, column_name, words ORDER BY n DESC, rule, column_name"
    )
    return tuple(Finding(*row) for row in connection.fetchall())


def quarantine_sql(*, delivery: Delivery, staged: Sequence[Staged]) -> str:
    """Give the quarantined rows: what was sent, which rule failed, and why in words."""
    file_name = file_name_sql(delivery)
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
    return all_of(selects)


def warnings_sql(*, delivery: Delivery, staged: Sequence[Staged]) -> str:
    """Give what is doubtful about accepted rows: a value left out, or mended where only one mend can be meant."""
    file_name = file_name_sql(delivery)
    selects = [
        nothing(
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
    return all_of(selects)


def _doubts(part: Part) -> Iterator[tuple[Column, Rule, str, str]]:
    for column in part.columns:
        if may_lose_zero(part, column):
            said = words(rule=Rule.LOST_ZERO, column=column.name, column_type=column.type)
            yield column, Rule.LOST_ZERO, said, lost(column.name)
        if not column.needed and column.if_wrong == "blank" and (column.type != "text" or not part.resource):
            said = words(rule=Rule.WRONG, column=column.name, column_type=column.type)
            test = f"{has(column.name)} AND {identifier(column.name)} IS NULL"
            yield column, Rule.WRONG, f"{said}; the row was kept without it", test


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
