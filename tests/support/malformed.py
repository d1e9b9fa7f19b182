"""
Malformed deliveries, seeded: for every contract a good table, then spoilt in one of many ways.

Every cell of a person carries a mark, so that a message that repeats one gives itself away. `rows_of` counts the rows
of a text by a reader of its own, that shares nothing with the product's.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from wherry.feeds.types import Column, Contract

MARK = "Zqx"
NASTY = [
    "", " ", "\u00a0", "\u202e", "\ufeff", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "#REF!", "#N/A", "1E+10",
    "1e999", "-1e999", "NaN", "inf", "null", "NULL", "None", "0", "-0", "99999999999999999999", "0000-00-00",
    "31/02/2020", "29/02/1900", "01/01/0001", "12/31/2020", "2020-01-01T25:61:61Z", "\uff11\uff12", "\u0663\u0664",
    "Ω≈ç√", "田中さん", "\U0001f469\u200d\U0001f467", "Z\u0351\u036b", "'", "''", "`", "\\", "\\N", "%s%s", "{0}",
    "$(x)", "<b>", "]]>", "../../etc", "'; DROP TABLE rows; --", "a" * 3_000, "\x07", "\x1b[0m", "\x1f", "\u2028",
    "\u0085", "ﷺ", "ß", "İ", "\ud7ff", "\U0010ffff", "TRUE", "0x1F", "1,5", "1;5", "9990000018", "9990000019",
    "0000000000", "999 000 0018", "07700 900001", "7700900001", "+44", "NR1 1AA", "a@b",
]  # fmt: skip


@dataclass(frozen=True)
class Spoilt:
    """A delivery of one file. how: the ways it was spoilt; rows: how many it holds, None where `rows_of` must say."""

    contract: Contract
    content: bytes
    how: str
    rows: int | None = None


def spoilt_files(*, contracts: Sequence[Contract], seed: int, number: int) -> list[Spoilt]:
    """Make so many spoilt files, turn by turn for each contract."""
    chance = random.Random(seed)
    return [_spoilt(contracts[at % len(contracts)], chance) for at in range(number)]


def spoilt_rows(*, contract: Contract, seed: int, number: int) -> Spoilt:
    """Make one table of so many rows, each with at least one value nobody would send."""
    chance = random.Random(seed)
    if contract.format == "fhir":
        return Spoilt(
            contract, "".join(_resource(contract, chance, 0.3) + "\n" for _ in range(number)).encode(), "rows", number
        )
    columns = contract.parts[0].columns
    rows = [[column.name for column in columns]]
    for _ in range(number):
        row = [_value(column, chance) for column in columns]
        for at in chance.sample(range(len(row)), chance.randint(1, 3)):
            row[at] = chance.choice(NASTY)
        rows.append(row)
    return Spoilt(contract, _csv(rows), "rows", number)


def rows_of(*, content: bytes, contract: Contract, delimiters: str) -> set[int]:
    """Count the rows a text can hold below its header, by a reader of its own, for each delimiter it may have."""
    text = _decoded(content)
    if contract.format == "fhir":
        return {sum(bool(line.strip(" \t\r\n\ufeff")) for line in text.split("\n"))}
    return {_records(text, delimiter) - 1 for delimiter in delimiters}


def _decoded(content: bytes) -> str:
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _records(text: str, delimiter: str) -> int:
    """Walk a text character by character. A record that breaks the rules of quoting ends with its line."""
    count, state, filled, at = 0, "start", False, 0
    while at < len(text):
        sign = text[at]
        if state == "quoted":
            if sign == '"':
                state = "closed"
        elif sign in "\r\n":
            count += filled
            state, filled = "start", False
            at += sign == "\r" and text[at + 1 : at + 2] == "\n"
        elif sign == delimiter:
            state, filled = "start", True
        elif sign == '"' and state in ("start", "closed"):
            state, filled = "quoted", True
        elif state == "closed":
            end = min((found for found in (text.find("\r", at), text.find("\n", at)) if found >= 0), default=len(text))
            at, state, filled = end - 1, "open", True
        else:
            state, filled = "open", True
        at += 1
    return count + filled


def _spoilt(contract: Contract, chance: random.Random) -> Spoilt:
    if contract.format == "fhir":
        lines = [_resource(contract, chance, 0.1) for _ in range(chance.randint(0, 5))]
        content = "".join(f"{line}\n" for line in lines).encode()
        how = chance.choice([*_BYTES, *_LINES])
        return Spoilt(contract, ({**_BYTES, **_LINES}[how])(content, chance), how)
    rows = _table(contract, chance)
    if chance.random() < 0.12:
        return _packed(contract, rows, chance)
    how = chance.choice([*_ROWS, *_BYTES])
    if how in _ROWS:
        delimiter = chance.choice(",,,,\t;|")
        content = _csv(_ROWS[how](rows, chance), delimiter)
        second = chance.choice([None, None, *_BYTES])
        return Spoilt(contract, _BYTES[second](content, chance) if second else content, f"{how} + {second}")
    return Spoilt(contract, _BYTES[how](_csv(rows), chance), how)


def _table(contract: Contract, chance: random.Random) -> list[list[str]]:
    columns = contract.parts[0].columns
    header = [chance.choice((column.name, *column.headers)) for column in columns]
    return [header, *([_value(column, chance) for column in columns] for _ in range(chance.randint(0, 6)))]


def _value(column: Column, chance: random.Random) -> str:
    number = chance.randrange(10**6)
    day = dt.date(1930, 1, 1) + dt.timedelta(days=chance.randrange(30_000))
    form = next((one for one in column.formats if "%" in one), "%Y-%m-%d")
    return {
        "nhs_number": "9990000018",
        "date": day.strftime(form),
        "postcode": f"NR{number % 30} {number % 9}AB",
        "uprn": str(10**9 + number),
        "phones": f"07700 9{number:06}"[:12],
        "email": f"{MARK}{number}@example.org",
        "integer": str(number % 10),
        "number": str(number / 10),
        "yes_no": chance.choice("YN"),
        "choice": chance.choice([sent for sent, _ in column.choices] or [MARK]),
        "language": "en",
    }.get(column.type, f"{MARK}{number}")


def _csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


def _resource(contract: Contract, chance: random.Random, worse: float) -> str:
    part = chance.choice(contract.parts)
    coding = {"coding": [{"system": "http://snomed.info/sct", "code": f"{MARK}{chance.randrange(999)}"}]}
    shaped: dict[str, object] = {
        "resourceType": part.resource, "id": f"{MARK}{chance.randrange(10**6)}", "status": "final", "code": coding,
        "subject": {"reference": f"Patient/{MARK}{chance.randrange(99)}"}, "birthDate": "1950-03-12",
        "name": [{"family": f"{MARK}a", "given": [f"{MARK}b"]}], "identifier": [{"system": "x", "value": MARK}],
        "medicationCodeableConcept": coding, "type": [coding], "class": {"code": "IMP"},
        "period": {"start": "2020-01-01"},
        "onsetDateTime": "2020-01-01", "authoredOn": "2020-01-01", "effectiveDateTime": "2020-01-01",
        "performedDateTime": "2020-01-01", "telecom": [{"system": "phone"}],
        "valueQuantity": {"value": 5.5, "unit": "kg"},
    }  # fmt: skip
    for key in list(shaped):
        if chance.random() < worse and key != "resourceType":
            shaped[key] = chance.choice(
                [None, 1, -1.5e300, True, [], {}, [[]], [None], {"coding": {}}, [1, "a"], "", *NASTY]
            )
    return json.dumps(shaped, ensure_ascii=chance.random() < 0.5)


def _packed(contract: Contract, rows: list[list[str]], chance: random.Random) -> Spoilt:
    made = io.BytesIO()
    kind = chance.choice(["workbook", "parquet"])
    if kind == "workbook":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
        book.save(made)
    else:
        names, columns = rows[0], list(zip(*rows[1:], strict=True)) or [()] * len(rows[0])
        arrays = [pa.array(column, pa.string()) for column in columns]
        pq.write_table(pa.Table.from_arrays(arrays, names=names), made)
    content = made.getvalue()
    if chance.random() < 0.3:
        return Spoilt(contract, content, kind, len(rows) - 1)
    how = chance.choice(["flipped", "cut"])
    return Spoilt(contract, _BYTES[how](content, chance), f"{kind} {how}", len(rows) - 1)


Change = Callable[[bytes, random.Random], bytes]


def _put(*parts: bytes) -> Change:
    def change(content: bytes, chance: random.Random) -> bytes:
        at = chance.randint(0, len(content))
        return content[:at] + chance.choice(parts) + content[at:]

    return change


def _flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _without(content: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(content))
    return content[:at] + content[at + chance.randint(1, 20) :]


_BYTES: dict[str, Change] = {
    "flipped": _flipped,
    "cut": lambda content, chance: content[: chance.randint(0, len(content))],
    "bytes taken out": _without,
    "quotation mark put in": _put(b'"', b'""', b'"\n'),
    "control put in": _put(b"\0", b"\x1f", b"\x1a", b"\x7f", b"\r", b"\n", b"\r\r\n", b"\n\n"),
    "text put in": _put(b",", b",,,,", b"\xef\xbb\xbf", "é".encode(), b"\xe9", b"\x94", b"\xff\xfe", b"{", b"\\u0000"),
    "UTF-16": lambda content, _: content.decode("utf-8", "replace").encode("utf-16"),
    "UTF-16 without its mark": lambda content, _: content.decode("utf-8", "replace").encode("utf-16-le"),
    "Windows-1252": lambda content, _: content.replace(MARK.encode(), b"Zqx\xe9").replace(b"\xef\xbb\xbf", b""),
    "begun like something else": lambda content, chance: (
        chance.choice([b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"%PDF", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"[", b"\n\n"])
        + content
    ),
    "line ends of old": lambda content, _: content.replace(b"\r\n", b"\r"),
    "line ends mixed": lambda content, _: content.replace(b"\r\n", b"\n", 2),
    "no header": lambda content, _: content.partition(b"\n")[2],
    "header and row joined": lambda content, _: content.replace(b"\r\n", b",", 1),
    "twice over": lambda content, _: content * 2,
}


def _each_row(
    change: Callable[[list[str], random.Random], list[str]],
) -> Callable[[list[list[str]], random.Random], list[list[str]]]:
    def changed(rows: list[list[str]], chance: random.Random) -> list[list[str]]:
        return [rows[0], *(change(row, chance) if chance.random() < 0.6 else row for row in rows[1:])]

    return changed


def _nasty(row: list[str], chance: random.Random) -> list[str]:
    changed = list(row)
    for at in chance.sample(range(len(row)), min(len(row), 3)):
        changed[at] = chance.choice(NASTY)
    return changed


_ROWS: dict[str, Callable[[list[list[str]], random.Random], list[list[str]]]] = {
    "nasty values": _each_row(_nasty),
    "fields too many": _each_row(lambda row, chance: [*row, *[""] * chance.randint(1, 3)]),
    "fields too few": _each_row(lambda row, chance: row[: chance.randint(1, len(row))]),
    "line breaks inside": _each_row(
        lambda row, chance: [chance.choice(["\n", "\r", "a\r\nb", ""]) + cell for cell in row]
    ),
    "blank lines": lambda rows, _: [one for row in rows for one in (row, [])],
    "rows again": lambda rows, chance: [rows[0], *(chance.choice(rows[1:] or [rows[0]]) for _ in range(6))],
    "header again": lambda rows, _: [*rows, rows[0]],
    "a header twice": lambda rows, _: [[*row, row[0]] for row in rows],
    "a header missing": lambda rows, chance: [[cell for at, cell in enumerate(row) if at] for row in rows],
    "a header nobody knows": lambda rows, _: [[*rows[0], "mood"], *([*row, "fine"] for row in rows[1:])],
    "headers in another order": lambda rows, _: [row[::-1] for row in rows],
    "many columns": lambda rows, chance: [row * chance.choice([2, 200]) for row in rows],
    "nothing but the header": lambda rows, _: rows[:1],
}

_LINES: dict[str, Change] = {
    "deep": _put(b'\n{"resourceType":"Patient","id":' + b"[" * 20_000 + b"]" * 20_000 + b"}\n"),
    "too large a number": _put(b'\n{"resourceType":"Observation","valueQuantity":{"value":1e9999}}\n'),
    "half a surrogate": _put(b'\n{"resourceType":"Patient","id":"\\ud800"}\n'),
    "a NUL by its number": _put(b'\n{"resourceType":"Patient","id":"Zqx\\u0000"}\n'),
    "no object": _put(b"\n[]\n", b"\n1\n", b'\n"Patient"\n', b"\nnull\n", b"\n{}\n"),
    "a key twice": _put(b'\n{"resourceType":"Patient","resourceType":"Zqx","id":"Zqx"}\n'),
    "a type that is none": _put(b'\n{"resourceType":{"a":1}}\n', b'\n{"resourceType":"Zqx 1"}\n'),
}  # fmt: skip
