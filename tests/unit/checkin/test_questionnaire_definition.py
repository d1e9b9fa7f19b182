"""The questionnaire is a FHIR R4 Questionnaire, checked beyond its schema."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from wherry.checkin import definition
from wherry.foundation.content import content_folder
from wherry.programmes.files import load
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Section

SHIPPED = load(content_folder("programmes") / "covid_protect").sections["questionnaire"]


def changed(change: Any) -> Section:
    data = copy.deepcopy(SHIPPED.data)
    change(data)
    return Section("q.yaml", data, SHIPPED.lines)


def said(section: Section) -> list[str]:
    return [problem.what for problem in definition.problems(definition.parse(section), section)]


def test_the_shipped_questionnaire_is_right_and_short() -> None:
    assert schema_problems(section=SHIPPED, schema=definition.SCHEMA) == ()
    assert said(SHIPPED) == []
    parsed = definition.parse(SHIPPED)
    assert parsed.languages == ("en", "pl", "lt", "pt", "ar")
    assert len(parsed.pages) <= 5
    assert len(parsed.questions) == 14


def first_option(data: Any) -> Any:
    return data["item"][2]["item"][0]["answerOption"][0]["valueCoding"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: first_option(data).pop("display_pl"), "no translation into pl"),
        (lambda data: data["item"][0].pop("text_lt"), "no translation into lt"),
        (lambda data: data["item"][2]["item"][0]["about_them"].pop("lt"), "no translation into lt"),
        (lambda data: first_option(data).pop("badness"), "only some options of breathless"),
        (lambda data: first_option(data).update(badness=1), "only some options of breathless"),
        (lambda data: first_option(data).update(code="at_rest"), "offers one code twice"),
        (lambda data: data["item"][2]["item"][1].update(linkId="breathless"), "breathless is used twice"),
        (
            lambda data: data["item"][0]["item"][0].update(
                enableWhen=[{"question": "food", "operator": "=", "answerCoding": {"code": "none"}}]
            ),
            "which is not asked before it",
        ),
    ],
)
def test_a_planted_mistake_is_named(change: Any, words: str) -> None:
    assert any(words in what for what in said(changed(change)))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(resourceType="Patient"),
        lambda data: data["item"].extend([data["item"][0]] * 3),
        lambda data: data["item"][0]["item"][0].pop("answerOption"),
        lambda data: data["item"][4]["item"][2].update(answerOption=[]),
        lambda data: data["item"][0]["item"][0].update(hint="?"),
        lambda data: data.update(date="2026-02-30"),
    ],
)
def test_a_file_of_the_wrong_shape_does_not_fit_the_schema(change: Any) -> None:
    assert schema_problems(section=changed(change), schema=definition.SCHEMA)


def test_in_fhir_the_translations_and_the_order_are_extensions() -> None:
    written = definition.to_fhir(SHIPPED)

    question = written["item"][2]["item"][0]
    assert {"title_pl", "text_pl"}.isdisjoint(written | question)
    assert question["text"] == "Are you short of breath today?"
    polish = question["_text"]["extension"][0]
    assert polish["url"] == "http://hl7.org/fhir/StructureDefinition/translation"
    assert {"url": "lang", "valueCode": "pl"} in polish["extension"]
    coding = question["answerOption"][2]["valueCoding"]
    assert (coding["code"], coding["system"]) == ("at_rest", f"{written['url']}/breathless")
    assert coding["extension"] == [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 3}]
    assert not any(word in str(written) for word in ("badness", "about_them", "reviewed_by"))


def test_no_resident_reads_the_name_of_a_condition_or_of_the_programme() -> None:
    telling = ("covid", "shield", "cancer", "diabet", "asthma", "risk", "disease", "vulnerable", "patient")
    words = str(SHIPPED.data["item"]).lower()

    assert [word for word in telling if word in words] == []
