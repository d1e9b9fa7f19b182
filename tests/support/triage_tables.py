"""A small triage table for tests, and tables drawn as text that are held against it."""

from __future__ import annotations

from typing import Any

from wherry.checkin.types import Option, Page, Question, QuestionKind, Questionnaire
from wherry.programmes.marked_yaml import read_section
from wherry.programmes.types import Section
from wherry.triage.definition import parse
from wherry.triage.rules import decide, one_per_need
from wherry.triage.types import TriageDefinition

TABLE = """
needs: {food: {en: Food}, care: {en: Care}, call: {en: Call}}
context: {tier: {scale: [3, 2, 1]}, age: {number: years}}
incomplete: {need: call, urgency: routine, words: "Ask {questions}"}
rules:
  - id: breath
    when: {breath: at least at_rest}
    red_flag: breath
    need: care
    urgency: emergency
    words: a
    say: {en: Ring 999}
  - {id: breath_unsure, when: {breath: at least not_sure}, need: care, urgency: today, words: b}
  - id: chest
    when: {chest: at least yes}
    red_flag: chest
    need: care
    urgency: emergency
    words: c
    say: {en: Ring 999}
  - {id: food, when: {food: at least none}, need: food, urgency: soon, words: d}
  - {id: food_unsure, when: {food: is not_sure}, need: call, urgency: soon, words: e}
  - id: food_soon
    when: {food: at least none, any: [{tier: at least 1}, {age: at least 75}]}
    need: food
    urgency: today
    words: f
"""


def choice(link_id: str, *codes: str) -> Question:
    """Make a choice question whose codes are given from best to worst."""
    options = tuple(Option(code, {"en": code}, rank) for rank, code in enumerate(codes))
    return Question(link_id, QuestionKind.CHOICE, {"en": link_id}, options=options)


QUESTIONS = Questionnaire(
    "urn:small",
    "1",
    {"en": "Small"},
    (
        Page(
            "page",
            {"en": "Page"},
            (
                choice("breath", "no", "not_sure", "at_rest"),
                choice("chest", "no", "yes"),
                choice("food", "enough", "not_sure", "none"),
            ),
        ),
    ),
)


def section(text: str = TABLE) -> Section:
    """Read a table from text, with its lines."""
    return read_section(path="triage.yaml", content=text.encode())


class Small:
    """The small table, asked by the rows of a drawn table."""

    definition: TriageDefinition = parse(section(), questionnaire=QUESTIONS, hash="sha256:small")

    def decided(self, row: dict[str, str]) -> dict[str, Any]:
        """Decide one row."""
        answers = {name: row[name] or None for name in ("breath", "chest", "food")}
        context = {"tier": row["tier"] or None, "age": int(row["age"]) if row["age"] else None}
        decision = decide(definition=self.definition, answers=answers, context=context)
        return {
            "urgency": decision.urgency.value,
            "flags": {one.flag for one in decision.red_flags},
            "needs": {f"{one.need}:{one.urgency.value}" for one in one_per_need(decision=decision)},
            "incomplete": set(decision.incomplete),
        }

    def expected(self, row: dict[str, str]) -> dict[str, Any]:
        """Read what one row says must come out."""
        several = {name: set(filter(None, row[name].split(","))) for name in ("flags", "needs", "incomplete")}
        return {"urgency": row["urgency"], **several}


SMALL = Small()


def rows(drawn: str) -> list[dict[str, str]]:
    """Read a table drawn with `|`, its first line the names."""
    lines = [[cell.strip() for cell in line.replace("||", "|").split("|")] for line in drawn.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
