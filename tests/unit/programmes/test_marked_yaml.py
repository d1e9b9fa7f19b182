"""YAML is read with the line of every value and without its surprises."""

from __future__ import annotations

import pytest

from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.marked_yaml import read_section


def read(text: str | bytes) -> object:
    return read_section(path="x.yaml", content=text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("2026-02-20", "2026-02-20"),
        ("08:30", "08:30"),
        ("12:30:45", "12:30:45"),
        ("0123", "0123"),
        ("12", 12),
        ("-1.5", -1.5),
        ("1E+10", "1E+10"),
        ("'12'", "12"),
        ("~", None),
        ("1300561000000107", 1300561000000107),
        ("99999999999999999999", "99999999999999999999"),
    ],
)
def test_a_scalar_is_read_as_a_reader_would_read_it(text: str, value: object) -> None:
    data = read_section(path="x.yaml", content=f"key: {text}".encode()).data["key"]

    assert data == value
    assert type(data) is type(value)


def test_every_value_knows_its_line() -> None:
    section = read_section(path="x.yaml", content=b"# first\na:\n  - b: 1\n  - b: 2\n    c: 3\n")

    assert section.line("a") == 2
    assert section.line("a", 1) == 4
    assert section.line("a", 1, "c") == 5
    assert section.line("a", 1, "nothing", "here") == 4
    assert section.line("nowhere") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3", 'x.yaml:3: the key "a" is written twice here'),
        ("a: &x 1\nb: *x", "x.yaml:1: an anchor or alias"),
        ("a: *x", "x.yaml:1: an anchor or alias"),
        ("a:\n\t- b", "x.yaml:2: this line holds a tab"),
        ("a: !!python/object/apply:os.system [ls]", "x.yaml:1: the tag"),
        ("a: !local 1", "x.yaml:1: the tag"),
        ("a: [1, 2", "x.yaml:1: this cannot be read"),
        ("a: 1\n---\nb: 2", "x.yaml:2: this cannot be read"),
        ("", "x.yaml:1: the file is empty"),
        ("? [a, b]\n: 1", "x.yaml:1: a key is not a word"),
        ("[" * 3000, "x.yaml:1:"),
        ("a: " + "[" * 60 + "]" * 60, "x.yaml:1: this is nested too deeply"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ProgrammeUnreadable) as refused:
        read(text)

    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(("content", "line"), [(b"a: 1\nb: \xff\n", 2), (b"\x00\x01\xfe", 1)])
def test_bytes_that_are_not_utf8_are_refused_with_their_line(content: bytes, line: int) -> None:
    with pytest.raises(ProgrammeUnreadable) as refused:
        read(content)

    assert refused.value.problems[0].line == line
