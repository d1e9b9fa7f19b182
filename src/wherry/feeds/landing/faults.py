"""What is wrong with rows, in words: why one is quarantined, what an accepted one was doubted for."""

# ruff: noqa: S608 - names and texts enter SQL only through `identifier` and `sql_text`, and come from contracts, not rows
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wherry.feeds.formats.staged import Staged
from wherry.feeds.landing.judging import doubts_of
from wherry.feeds.landing.pieces import all_of, file_name_sql, nothing
from wherry.feeds.rules import Rule, words
from wherry.feeds.types import Delivery, Finding, Part
from wherry.population.store import sql_text

if TYPE_CHECKING:
    import duckdb


def findings(*, connection: duckdb.DuckDBPyConnection, rows_sql: str) -> tuple[Finding, ...]:
    """Count the rows of `quarantine_sql` or `warnings_sql` by rule, most first, each with where its first row is."""
    connection.execute(
        "SELECT rule, column_name, words, count(*) AS n, first(file || ':' || line ORDER BY file, line)"
        f" FROM ({rows_sql}) GROUP BY rule, column_name, words ORDER BY n DESC, rule, column_name"
    )
    return tuple(Finding(*row) for row in connection.fetchall())


def quarantine_sql(*, delivery: Delivery, staged: Sequence[Staged]) -> str:
    """Give the quarantined rows: what was sent, which rule failed, and why in words."""
    file_name = file_name_sql(delivery)
    return all_of(
        f"SELECT {sql_text(one.part.resource)} AS part, {file_name} AS file, file_no, row_number, line, rule,"
        f" rule_column AS column_name, {_words_sql(one.part)} AS words, sent AS content FROM decided_{number}"
        " WHERE rule IS NOT NULL ORDER BY file_no, row_number"
        for number, one in enumerate(staged)
    )


def warnings_sql(*, delivery: Delivery, staged: Sequence[Staged]) -> str:
    """Give what is doubtful about accepted rows: a value left out, or mended where only one mend can be meant."""
    file_name = file_name_sql(delivery)
    selects = [
        nothing(
            file="VARCHAR", row_number="BIGINT", line="BIGINT", rule="VARCHAR", column_name="VARCHAR", words="VARCHAR"
        )
    ]
    for number, one in enumerate(staged):
        doubts = ", ".join(
            f"({1 << doubt.bit}, '{doubt.rule}', {sql_text(doubt.column)}, {sql_text(doubt.words)})"
            for doubt in doubts_of(one.part)
        )
        if doubts:
            selects.append(
                f"SELECT {file_name} AS file, row_number, line, rule, column_name, words FROM (SELECT file_no,"
                f" row_number, line, doubts FROM decided_{number} WHERE doubts <> 0 AND outcome = 'accepted')"
                f" JOIN (VALUES {doubts}) AS d(doubt, rule, column_name, words) ON doubts & doubt <> 0"
                " ORDER BY doubt, file_no, row_number"
            )
    return all_of(selects)


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
        for rule in (Rule.RAGGED, Rule.QUOTES, Rule.NUL, Rule.TOO_LONG, Rule.NOT_JSON, Rule.NOBODY)
    )
    unread = words(rule=Rule.NOT_READ, column="", column_type="")
    general = f"CASE rule{plain} ELSE {sql_text(unread)} || coalesce(rule_column, 'unknown') END"
    return f"CASE rule || '|' || rule_column{cases} ELSE {general} END" if cases else general
