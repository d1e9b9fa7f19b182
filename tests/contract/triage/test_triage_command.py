"""`wherry triage` as others script it: line in, line out, and the exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wherry.foundation.content import content_folder

PROGRAMME = str(content_folder("programmes") / "covid_protect")
SOURCE = Path(__file__).resolve().parents[3] / "src"
WELL = {"breathless": "no", "chest_pain": "no", "safe_at_home": "yes"}


def triage(lines: bytes, *more: str) -> tuple[int, list[dict[str, Any]], str]:
    ran = subprocess.run(
        [sys.executable, "-m", "wherry.commands.main", "triage", PROGRAMME, *more],
        input=lines,
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        check=False,
    )
    return ran.returncode, [json.loads(line) for line in ran.stdout.splitlines()], ran.stderr.decode()


def line(identity: object, answers: object, **context: object) -> bytes:
    return json.dumps({"id": identity, "answers": answers, "context": context}).encode() + b"\n"


def test_the_documented_shape_comes_out() -> None:
    code, out, err = triage(line("a", {**WELL, "breathless": "at_rest"}, tier="1", age=84))

    assert (code, err) == (0, "")
    assert list(out[0]) == ["id", "needs", "red_flags", "urgency", "incomplete", "definition"]
    assert list(out[0]["needs"][0]) == ["need", "urgency", "rule", "words"]
    assert list(out[0]["red_flags"][0]) == ["flag", "rule", "say"]
    assert (out[0]["id"], out[0]["urgency"], out[0]["incomplete"]) == ("a", "emergency", [])
    assert out[0]["definition"].startswith("sha256:")


def test_well_is_none_and_unanswered_is_routine() -> None:
    _, out, _ = triage(line("a", WELL) + line("a", {}) + line("b", {**WELL, "chest_pain": None}))

    assert [one["id"] for one in out] == ["a", "a", "b"]
    assert [one["urgency"] for one in out] == ["none", "routine", "routine"]
    assert [one["incomplete"] for one in out] == [[], ["breathless", "chest_pain", "safe_at_home"], ["chest_pain"]]


@pytest.mark.parametrize(
    ("bad", "identity"),
    [
        (b"not json\n", None),
        (b"[1, 2]\n", None),
        (b"\xff\xfe\n", None),
        (b'{"answers": {}}\n', None),
        (b'{"id": null, "answers": {}}\n', None),
        (b'{"id": "x", "answers": {"food": "none", "food": "enough"}}\n', None),
        (b'{"id": "x", "answers": NaN}\n', None),
        (b"[" * 100_000 + b"\n", None),
        (b'{"id": "x"}\n', "x"),
        (b'{"id": "x", "answers": []}\n', "x"),
        (b'{"id": "x", "answers": {"breathless": "very"}}\n', "x"),
        (b'{"id": "x", "answers": {"breathless": true}}\n', "x"),
        (b'{"id": "x", "answers": {"breathless": ["no"]}}\n', "x"),
        (b'{"id": "x", "answers": {"fever": "no"}}\n', "x"),
        (b'{"id": "x", "answers": {}, "context": "tier 1"}\n', "x"),
        (b'{"id": "x", "answers": {}, "context": {"tier": "4"}}\n', "x"),
        (b'{"id": "x", "answers": {}, "context": {"age": "old"}}\n', "x"),
        (b'{"id": "x", "answers": {}, "context": {"age": -1}}\n', "x"),
        (b'{"id": "x", "answers": {}, "context": {"age": true}}\n', "x"),
    ],
)
def test_a_line_that_cannot_be_decided_says_why_and_the_rest_is_decided(bad: bytes, identity: object) -> None:
    code, out, err = triage(line("before", WELL) + bad + line("after", WELL))

    assert code == 1
    assert "Traceback" not in err
    assert [one["id"] for one in out] == ["before", identity, "after"]
    assert list(out[1]) == ["id", "error"]
    assert "very" not in out[1]["error"]


def test_forms_that_are_harmless_are_taken() -> None:
    lines = (
        b"\xef\xbb\xbf"
        + line(7, WELL, tier=1, age=70.5)
        + b"\n"
        + b'{"id": "\\ud800", "answers": {}, "context": null, "more": 1}\r\n'
        + line("z", WELL, tier=None, postcode="NR1").rstrip()
    )

    code, out, _ = triage(lines)

    assert code == 0
    assert [one["id"] for one in out] == [7, "\ud800", "z"]


def test_an_empty_input_is_done() -> None:
    assert triage(b"") == (0, [], "")


def test_each_place_has_its_own_definition() -> None:
    central = triage(line("a", WELL))[1][0]["definition"]
    norwich = triage(line("a", WELL), "--place", "norwich")[1][0]["definition"]

    assert central != norwich
    code, out, err = triage(line("a", WELL), "--place", "nowhere")
    assert (code, out) == (1, [])
    assert "norwich, waveney" in err


def test_a_line_is_answered_before_the_next_is_sent() -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "wherry.commands.main", "triage", PROGRAMME],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert running.stdin is not None and running.stdout is not None
    with running:
        running.stdin.write(line("a", WELL))
        running.stdin.flush()
        answered = running.stdout.readline()
        running.stdin.close()

    assert json.loads(answered)["id"] == "a"
