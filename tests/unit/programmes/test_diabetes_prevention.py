"""A programme that invites once: its files hold together in each place, its units stay apart, its words tell nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wherry.foundation.content import content_folder
from wherry.governance.definition import hazards
from wherry.journeys.check_programme import check
from wherry.programmes.files import load
from wherry.risk import definition as risk
from wherry.risk.types import LatestValue

SHIPPED = content_folder("programmes") / "diabetes_prevention"
ROOT = Path(__file__).resolve().parents[3]
# The condition, its tests and its organs in the five languages; `sweet` and `sugar` as people say it.
TELLING = re.compile(
    r"diabet|hba1c|glucose|glukoz|blood|sugar|pregnan|cukrz|cukr|krew|krwi|\bciąż|krauj|nėšt|"
    r"sangue|açúcar|gravidez|سكري|السكر|دم\b|الحمل|prevent|profilakt|prevenc",
    re.IGNORECASE,
)


@pytest.mark.parametrize("place", [None, "norwich", "waveney"])
def test_the_clinicians_cases_hold(place: str | None) -> None:
    checked = check(files=load(SHIPPED, place=place))

    assert [str(problem) for problem in checked.problems] == []
    assert any("cases of who is found run" in one for one in checked.told)


def test_each_unit_is_read_as_itself_alone() -> None:
    files = load(SHIPPED)
    definition = risk.parse(files.sections["risk"])
    values = [one.test for one in definition.criteria if isinstance(one.test, LatestValue)]

    assert {(one.codes.list, one.unit) for one in values} == {
        ("hba1c_ifcc", "mmol/mol"),
        ("hba1c_dcct", "%"),
        ("fasting_glucose", "mmol/L"),
    }
    assert not files.codelists["hba1c_ifcc"].codes & files.codelists["hba1c_dcct"].codes


def test_no_word_a_resident_reads_names_a_condition() -> None:
    files = load(SHIPPED)
    shown = {name: files.sections[name].data for name in files.sections if name.startswith("messages/")}
    shown["questionnaire"] = files.sections["questionnaire"].data["item"]
    shown["title"] = {name: text for name, text in files.sections["questionnaire"].data.items() if "title" in name}
    shown["needs"] = files.sections["triage"].data["needs"]
    shown["say"] = [rule.get("say") for rule in files.sections["triage"].data["rules"]]
    shown["services"] = [one["name"] for one in files.sections["services"].data["services"]]

    assert {name: found for name, words in shown.items() if (found := TELLING.findall(str(words)))} == {}


def test_every_test_the_hazard_log_names_exists() -> None:
    named = {
        test
        for hazard in hazards.parse(load(SHIPPED).sections["hazards"])
        for control in hazard.added_controls
        for test in control.tests
    }
    missing = []
    for name in sorted(named):
        path, _, function = name.partition("::")
        file = ROOT / path
        if not file.is_file() or not re.search(rf"^def {function}\(", file.read_text(), re.MULTILINE):
            missing.append(name)

    assert missing == []
