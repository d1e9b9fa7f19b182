"""Whatever text arrives: rows in = accepted + quarantined + duplicate, both readers agree, and again is nothing new."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import tempfile
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wherry.feeds import actions, definition
from wherry.feeds.expressions import trimmed_sql, typed_sql
from wherry.feeds.formats import csv as csv_format
from wherry.feeds.formats.inspection import inspect
from wherry.feeds.types import Column
from wherry.foundation import identifiers
from wherry.population import Store, connect

EXAMPLES = int(os.environ.get("WHERRY_GENERATIVE_EXAMPLES", "25"))
CONTRACT = definition.parse(
    {
        "name": "any", "title": "t", "sender": "s", "source": "s", "kind": "delta", "format": "csv",
        "freshness_days": 1,
        "columns": {"a": {"needed": True}, "b": {"type": "date"}, "c": {"type": "phones"}},
        "record": {"given_name": "a", "birth_date": "b"},
        "contact_points": [{"phones": "c"}],
    }
)  # fmt: skip
NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
_text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
_cell = st.one_of(_text, st.sampled_from(["2020-01-01", "07700 900001/01632 960001", '"', "\r\n", "\n", ",", "'"]))
_row = st.one_of(st.lists(_cell, min_size=3, max_size=3), st.lists(_cell, min_size=1, max_size=5))


def _is_blank(row: list[str]) -> bool:
    return row == [""]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(_row, max_size=8))
def test_no_row_is_lost_and_receiving_again_lands_nothing(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([["a", "b", "c"], *[row for row in rows if not _is_blank(row)]])
    with tempfile.TemporaryDirectory() as folder:
        file, store = Path(folder) / "f.csv", Store(Path(folder) / "store")
        file.write_bytes(text.getvalue().encode())
        first = actions.receive(contract=CONTRACT, files=[file], store=store, by="a", received_at=NOW)
        assert first.rows_in == sum(not _is_blank(row) for row in rows)
        hashes = store.hashes()
        again = actions.receive(contract=CONTRACT, files=[file], store=store, by="a", received_at=NOW)
        assert (again.rows_in, again.duplicate) == (first.rows_in, first.rows_in)
        assert store.hashes() == hashes


_plain = st.one_of(
    st.sampled_from(["", "", " ", "x"]),
    st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n",'), max_size=8),
)
# As they stand in the file: quoted in every way there is, right or wrong.
_quoted = st.sampled_from(
    ['"x"', '""', '"a,b"', '"a""b"', 'a"b', '"a"b', ' "x"', '"x" ', '"', '"x', "'x'", 'x""', '"""x"""']
)
_CELLS = ("c0", "c1", "c2")
_sent = st.one_of(_plain, _quoted)
_whole = st.one_of(st.lists(_sent, min_size=3, max_size=3), st.lists(_sent, min_size=1, max_size=6))


@settings(max_examples=EXAMPLES * 4, deadline=None)
@given(rows=st.lists(_whole, max_size=4), end=st.sampled_from(["", "\n"]))
def test_the_fast_reader_and_the_careful_one_agree(rows: list[list[str]], end: str) -> None:
    content = "\n".join([",".join(row) for row in [["a", "b", "c"], *rows]]) + end
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "f.csv"
        file.write_bytes(content.encode())
        [inspected] = inspect(files=[file])
        layout = csv_format.layout_of(file=inspected, text=file, contract=CONTRACT, part=CONTRACT.parts[0])
        plain = csv_format.plain_sql(layout)
        if plain is None:
            return
        with connect() as connection:
            try:
                connection.execute(f"SELECT fault IS NOT NULL, {', '.join(_CELLS)} FROM ({plain})")
            except duckdb.Error:
                return
            quick = connection.fetchall()
        if len(quick) != inspected.lines - 1 or any(ragged for ragged, *_ in quick):
            return
        careful = list(csv_format.careful_rows(layout))
        assert [(number, number + 1, None, None, *cells) for number, (_, *cells) in enumerate(quick, 1)] == careful


_identifier = st.text("0123456789 -+().nrNRabE/;,|or", max_size=16)


@settings(max_examples=EXAMPLES * 4, deadline=None)
@given(texts=st.lists(_identifier, min_size=20, max_size=20))
def test_identifiers_are_read_in_sql_exactly_as_in_python(texts: list[str]) -> None:
    columns = [
        typed_sql(Column(name="v", type=kind), raw=trimmed_sql("v"))
        for kind in ("nhs_number", "uprn", "postcode", "phones")
    ]
    numbers = [*texts, *(f"999{number:07d}" for number in range(0, 60, 7)), "+44 (0)7700 900001/0044 1632 960001"]
    with duckdb.connect() as connection:
        connection.execute(f"SELECT {', '.join(columns)} FROM (SELECT unnest(?::VARCHAR[]) AS v)", [numbers])
        found = connection.fetchall()
    for text, row in zip(numbers, found, strict=True):
        phones = identifiers.split_phones(text)
        expected = (identifiers.parse_nhs_number(text), identifiers.parse_uprn(text), identifiers.parse_postcode(text))
        assert (*row[:3], tuple(row[3] or ())) == (*expected, phones)
