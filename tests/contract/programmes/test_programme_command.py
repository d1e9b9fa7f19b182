"""`wherry programme` and the door itself as others script them: sentences, exit codes, no tracebacks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from wherry.foundation.content import content_folder

PROGRAMMES = content_folder("programmes")
SOURCE = Path(__file__).resolve().parents[3] / "src"


def wherry(*arguments: str) -> tuple[int, str, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "wherry.commands.main", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return ran.returncode, ran.stdout, ran.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(PROGRAMMES, tmp_path / "programmes")
    return tmp_path / "programmes" / "covid_protect"


@pytest.mark.parametrize("place", [(), ("--place", "norwich"), ("--place", "waveney")])
def test_what_we_ship_has_no_problems(place: tuple[str, ...]) -> None:
    code, out, _ = wherry("programme", "check", str(PROGRAMMES / "covid_protect"), *place)

    assert code == 0, out
    assert "every one enumerated whole" in out


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("triage.yaml", "{breathless: at least at_rest}", "{breathless: at least gasping}", "use one of no, a_little"),
        ("hazards.yaml", "red_flags: [breathless_at_rest, ", "red_flags: [", "no open hazard covers the red flag"),
        ("programme.yaml", "lead_organisation: icb", "\tlead_organisation: icb", "holds a tab"),
    ],
)
def test_a_planted_mistake_is_printed_with_its_line(copy: Path, file: str, old: str, new: str, said: str) -> None:
    text = (copy / file).read_text()
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1))

    code, out, _ = wherry("programme", "check", str(copy))

    assert code == 3
    assert any(re.search(r"\.yaml:[1-9][0-9]*: ", one) for one in out.splitlines() if said in one)


def test_dropping_a_red_flag_row_is_caught(copy: Path) -> None:
    text = (copy / "triage.yaml").read_text()
    start, end = text.index("  - id: chest_pain\n"), text.index("  - id: not_safe_at_home\n")
    (copy / "triage.yaml").write_text(text[:start] + text[end:])

    code, out, _ = wherry("programme", "check", str(copy))

    assert code == 3
    assert "the case chest_pain_now" in out
    assert "covers the red flag chest_pain, which no rule raises" in out


def test_problems_come_as_json_too(copy: Path) -> None:
    (copy / "measures.yaml").unlink()

    code, out, _ = wherry("programme", "check", str(copy), "--json")

    assert code == 3
    assert json.loads(out)["problems"][0]["what"] == "the file is missing"


def test_a_file_nobody_reads_is_named(copy: Path) -> None:
    (copy / "triages.yaml").write_text("a: 1\n")

    code, out, _ = wherry("programme", "check", str(copy))

    assert code == 3
    assert "no part of Wherry reads this file" in out


def test_show_says_what_a_place_changed_and_who_agreed() -> None:
    code, out, _ = wherry("programme", "show", str(PROGRAMMES / "covid_protect"), "--place", "norwich")

    assert code == 0
    assert "sha256:" in out
    assert "norwich: agreed by Norwich place board on 2026-02-20; centrally 6" in out
    assert wherry("programme", "show", str(PROGRAMMES / "covid_protect"), "--format", "html")[1].startswith("<!doctype")


def test_diff_says_in_words_what_changed_and_what_answers_come_to(copy: Path) -> None:
    text = (copy / "triage.yaml").read_text()
    (copy / "triage.yaml").write_text(
        text.replace("urgency: today\n    words: No food left", "urgency: soon\n    words: No food left")
    )

    code, out, _ = wherry("programme", "diff", str(PROGRAMMES / "covid_protect"), str(copy))

    assert code == 0
    assert "Look at these first" in out
    assert (
        "LESS URGENT: If “Do you have enough food at home?” is “No, none left” and tier is 3 or 2: today → soon" in out
    )
    assert "triage.rules" not in out


def test_diff_names_each_value_that_changed(copy: Path) -> None:
    text = (copy / "triage.yaml").read_text()
    (copy / "triage.yaml").write_text(
        text.replace("urgency: soon\n    words: Food for", "urgency: today\n    words: Food for")
    )

    code, out, _ = wherry("programme", "diff", str(PROGRAMMES / "covid_protect"), str(copy), "--values")

    assert code == 0
    assert "triage.rules.food_low.urgency: soon → today" in out
    assert "\n1 change; " in out


def test_diff_prints_a_long_text_from_a_few_words_before_what_changed(copy: Path) -> None:
    words = (copy / "messages" / "en.yaml").read_text()
    stop = "To stop these texts, reply STOP"
    (copy / "messages" / "en.yaml").write_text(words.replace(stop, "", 1))

    code, out, _ = wherry("programme", "diff", str(PROGRAMMES / "covid_protect"), str(copy), "--values")

    old, new = out.splitlines()[0].split(" → ")
    assert code == 0
    assert "…" in old and stop in old
    assert stop not in new and len(new) <= 100


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--help",), 0),
        (("--version",), 0),
        (("nonsense",), 2),
        (("programme",), 2),
        (("programme", "check"), 2),
        (("programme", "check", "nowhere"), 1),
        (("triage", "--plaice", "x"), 2),
    ],
)
def test_the_exit_code_is_the_documented_one(arguments: tuple[str, ...], code: int) -> None:
    assert wherry(*arguments)[0] == code


def test_a_check_without_a_place_is_one_of_every_place() -> None:
    code, out, _ = wherry("programme", "check", str(PROGRAMMES / "covid_protect"), "--json")

    told = json.loads(out)
    assert code == 0
    assert set(told) == {"problems", "told", "definition", "places"}
    assert set(told["places"]) == {"norwich", "waveney"}
    assert len({told["definition"], *told["places"].values()}) == 3


def test_variation_names_each_key_and_who_agreed_as_words_and_as_values() -> None:
    words, values = (
        wherry("programme", "variation", str(PROGRAMMES / "covid_protect"), *more) for more in ((), ("--json",))
    )

    assert (words[0], values[0]) == (0, 0)
    assert "Norwich: after 5 hours instead of 6 (agreed by Norwich place board on 2026-02-20" in words[1]
    (found,) = (one for one in json.loads(values[1])["differing"] if one["path"].endswith("after_hours"))
    assert (found["central"], found["places"]["norwich"]["value"]) == (6, 5)


@pytest.mark.parametrize(
    "arguments", [("join", "heat"), ("find", "heat", "--place", "norwich", "--as-of", "2026-06-01")]
)
def test_where_nothing_is_installed_nobody_joins_and_nobody_is_found(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    code, _, err = wherry("programme", *arguments, "--by", "x", "--home", str(tmp_path))

    assert code == 4
    assert "there is no installation in" in err
    assert list(tmp_path.iterdir()) == []
