"""
`questionnaire.yaml`: a FHIR R4 Questionnaire in YAML, with two short forms that `to_fhir` writes out in full.

`text_pl` beside `text` (and `display_pl`, `title_pl`) becomes the FHIR translation extension; `badness` of an option
becomes its ordinal value. Everything else is FHIR as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wherry.checkin.types import EnableWhen, Option, Page, Question, QuestionKind, Questionnaire
from wherry.foundation.problems import Problem
from wherry.programmes.types import Section

SECTION = "questionnaire"
MOST_PAGES = 5
_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
_ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
_TEXT = {"type": "string", "minLength": 1}
_CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}


def _object(name: str, needed: list[str], /, **properties: Any) -> dict[str, Any]:
    """Describe an object whose words under `name` may be translated as `name_<language>`."""
    return {
        "type": "object",
        "required": [name, *needed],
        "properties": {name: _TEXT, **properties},
        "patternProperties": {f"^{name}_[a-z]{{2}}$": _TEXT},
        "additionalProperties": False,
    }


#: The words used when somebody else answers, by language; all the questionnaire's languages, or none.
_ABOUT_THEM = {"type": "object", "required": ["en"], "additionalProperties": _TEXT}
_OPTION = {
    "type": "object",
    "required": ["valueCoding"],
    "properties": {
        "valueCoding": _object(
            "display", ["code"], code=_CODE, badness={"type": "integer", "minimum": 0}, about_them=_ABOUT_THEM
        ),
    },
    "additionalProperties": False,
}
_ENABLE_WHEN = {
    "type": "object",
    "required": ["question", "operator"],
    "properties": {
        "question": _CODE,
        "operator": {"const": "="},
        "answerCoding": {
            "type": "object",
            "required": ["code"],
            "properties": {"code": _CODE},
            "additionalProperties": False,
        },
        "answerBoolean": {"type": "boolean"},
    },
    "oneOf": [{"required": ["answerCoding"]}, {"required": ["answerBoolean"]}],
    "additionalProperties": False,
}
_QUESTION = {
    **_object(
        "text",
        ["linkId", "type"],
        linkId=_CODE,
        type={"enum": [kind.value for kind in QuestionKind]},
        required={"type": "boolean"},
        maxLength={"type": "integer", "minimum": 1},
        about_them=_ABOUT_THEM,
        answerOption={"type": "array", "items": _OPTION, "minItems": 2},
        enableWhen={"type": "array", "items": _ENABLE_WHEN, "minItems": 1, "maxItems": 1},
    ),
    "if": {"properties": {"type": {"const": "choice"}}},
    "then": {"required": ["answerOption"]},
    "else": {"properties": {"answerOption": False}},
}
_PAGE = _object(
    "text",
    ["linkId", "type", "item"],
    linkId=_CODE,
    about_them=_ABOUT_THEM,
    type={"const": "group"},
    item={"type": "array", "items": _QUESTION, "minItems": 1},
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        "title",
        ["resourceType", "url", "version", "status", "item"],
        resourceType={"const": "Questionnaire"},
        url={"type": "string", "pattern": "^(https?://|urn:)[^ ]+$"},
        version=_TEXT,
        status={"enum": ["draft", "active", "retired"]},
        date={"type": "string", "format": "date"},
        reviewed_by={"type": "object", "additionalProperties": _TEXT},
        item={"type": "array", "items": _PAGE, "minItems": 1, "maxItems": MOST_PAGES},
    ),
}


def parse(section: Section) -> Questionnaire:
    """Read a section that fits SCHEMA."""
    data = section.data
    title = _texts(data, "title")
    pages = tuple(
        Page(
            page["linkId"],
            _texts(page, "text"),
            tuple(_question(item) for item in page["item"]),
            about_them=page.get("about_them", {}),
        )
        for page in data["item"]
    )
    return Questionnaire(data["url"], data["version"], title, pages, languages=tuple(title))


def _texts(node: Mapping[str, Any], name: str) -> dict[str, str]:
    begin = f"{name}_"
    return {"en": node[name], **{key.removeprefix(begin): node[key] for key in node if key.startswith(begin)}}


def _question(item: Mapping[str, Any]) -> Question:
    codings = [option["valueCoding"] for option in item.get("answerOption", ())]
    return Question(
        link_id=item["linkId"],
        kind=QuestionKind(item["type"]),
        text=_texts(item, "text"),
        required=item.get("required", False),
        options=tuple(
            Option(one["code"], _texts(one, "display"), one.get("badness"), about_them=one.get("about_them", {}))
            for one in codings
        ),
        enable_when=_enable_when(item.get("enableWhen")),
        max_length=item.get("maxLength"),
        about_them=item.get("about_them", {}),
    )


def _enable_when(conditions: list[dict[str, Any]] | None) -> EnableWhen | None:
    if not conditions:
        return None
    one = conditions[0]
    answer = one["answerCoding"]["code"] if "answerCoding" in one else one["answerBoolean"]
    return EnableWhen(one["question"], answer)


def problems(questionnaire: Questionnaire, section: Section) -> tuple[Problem, ...]:
    """Find what the schema cannot: repeated linkIds and codes, half-ordered options, words not translated."""
    found: list[Problem] = []
    seen: set[str] = set()
    for page_at, page in enumerate(questionnaire.pages):
        for texts in (page.text, page.about_them):
            found += _untranslated(section, questionnaire.languages, texts, "item", page_at)
        for at, question in enumerate(page.questions):
            where = ("item", page_at, "item", at)
            found += _question_problems(section, questionnaire.languages, question, seen, where)
            seen.add(question.link_id)
    return tuple(found)


def _question_problems(
    section: Section, languages: tuple[str, ...], question: Question, seen: set[str], where: tuple[str | int, ...]
) -> list[Problem]:
    line, name = section.line(*where), question.link_id
    found = _untranslated(section, languages, question.text, *where)
    found += _untranslated(section, languages, question.about_them, *where)
    if name in seen:
        found.append(Problem(section.path, line, f"the linkId {name} is used twice", "give each question its own"))
    if len(set(question.codes)) < len(question.codes):
        found.append(Problem(section.path, line, f"{name} offers one code twice", "give each option its own code"))
    ranks = [option.badness for option in question.options if option.badness is not None]
    if ranks and (len(ranks) < len(question.options) or len(set(ranks)) < len(ranks)):
        what = f"only some options of {name} have a badness of their own"
        found.append(Problem(section.path, line, what, "number every option from 0, the best, upwards, or none"))
    if question.enable_when and question.enable_when.question not in seen:
        what = f"{name} waits for {question.enable_when.question}, which is not asked before it"
        found.append(Problem(section.path, line, what, "ask that question first"))
    for at, option in enumerate(question.options):
        for texts in (option.display, option.about_them):
            found += _untranslated(section, languages, texts, *where, "answerOption", at)
    return found


def _untranslated(
    section: Section, languages: tuple[str, ...], texts: Mapping[str, str], *where: str | int
) -> list[Problem]:
    missing = [language for language in languages if texts and language not in texts]
    what = f"these words have no translation into {', '.join(missing)}"
    return [Problem(section.path, section.line(*where), what, "add the words in that language")] if missing else []


def to_fhir(section: Section) -> dict[str, Any]:
    """Write a section that fits SCHEMA as a FHIR R4 Questionnaire (plain JSON values)."""
    data = section.data
    # Who read the words, and the words for somebody answering for another, are ours: FHIR has no place for them.
    written = {key: value for key, value in data.items() if key != "reviewed_by" and not key.startswith("title")}
    return {**written, **_translated(data, "title"), "item": [_item_to_fhir(data["url"], one) for one in data["item"]]}


def _item_to_fhir(url: str, item: Mapping[str, Any]) -> dict[str, Any]:
    apart = ("item", "answerOption", "enableWhen", "about_them")
    written = {key: value for key, value in item.items() if key not in apart and not key.startswith("text")}
    written |= _translated(item, "text")
    if "enableWhen" in item:
        written["enableWhen"] = [_enable_to_fhir(url, one) for one in item["enableWhen"]]
    if "answerOption" in item:
        system = f"{url}/{item['linkId']}"
        written["answerOption"] = [_option_to_fhir(system, one["valueCoding"]) for one in item["answerOption"]]
    if "item" in item:
        written["item"] = [_item_to_fhir(url, one) for one in item["item"]]
    return written


def _enable_to_fhir(url: str, condition: Mapping[str, Any]) -> dict[str, Any]:
    if "answerCoding" not in condition:
        return dict(condition)
    system = f"{url}/{condition['question']}"
    return {**condition, "answerCoding": {"system": system, "code": condition["answerCoding"]["code"]}}


def _option_to_fhir(system: str, coding: Mapping[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {"system": system, "code": coding["code"], **_translated(coding, "display")}
    if "badness" in coding:
        written["extension"] = [{"url": _ORDINAL, "valueDecimal": coding["badness"]}]
    return {"valueCoding": written}


def _translated(node: Mapping[str, Any], name: str) -> dict[str, Any]:
    others = {language: words for language, words in _texts(node, name).items() if language != "en"}
    if not others:
        return {name: node[name]}
    extensions = [
        {
            "url": _TRANSLATION,
            "extension": [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": words}],
        }
        for language, words in others.items()
    ]
    return {name: node[name], f"_{name}": {"extension": extensions}}
