"""
What a place may never make worse, said without a word of the rules that bind it: decisions and people are compared.

`weaker` answers, for a programme before and after an overlay, what somebody would lose: asked of triage over answers,
of risk over people, of services over what they are told and how soon they come, of the cadence over its times.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from typing import Any

from wherry.checkin import definition as checkin
from wherry.checkin.types import Question, QuestionKind
from wherry.outreach import definition as outreach
from wherry.outreach.types import Cadence
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Codelist, Section
from wherry.referrals import definition as referrals
from wherry.risk import definition as risk
from wherry.risk.definition import codes_of
from wherry.risk.rules import assess
from wherry.risk.types import Assessment, Fact, Person
from wherry.triage import definition as triage
from wherry.triage.rules import decide
from wherry.triage.types import Decision, TriageDefinition

Sections = Mapping[str, Section]
AS_OF = dt.date(2026, 3, 1)
ANSWER_SETS, PEOPLE = 60, 60
OF_A_NEW_NEED = {"name", "telephone", "language", "need_words"}
CAPS = ("per_person", "per_number", "per_household")


class Invalid(Exception):
    """A room would refuse the file, so nobody is ever reached by it."""


def weaker(
    central: Sections, resolved: Sections, chance: random.Random, codelists: Mapping[str, Codelist]
) -> list[str]:
    """Give all that is worse for somebody. Raises Invalid where a room's own checks refuse the place's file."""
    changed = {name for name in central if central[name].data != resolved[name].data}
    found: list[str] = []
    if changed & {"triage", "questionnaire"}:
        found += _triage(_table(central), _table(resolved), chance)
    if "risk" in changed:
        found += _people(central["risk"], resolved["risk"], chance, codelists)
    if "services" in changed:
        found += _services(central["services"], resolved["services"])
    if "cadence" in changed:
        found += _contact(_cadence(central), _cadence(resolved))
    if "programme" in changed:
        found += _programme(central["programme"].data, resolved["programme"].data)
    return found


def _fitting(section: Section, schema: Mapping[str, Any]) -> Section:
    if schema_problems(section=section, schema=schema):
        raise Invalid
    return section


def _table(sections: Sections) -> TriageDefinition:
    asked = _fitting(sections["questionnaire"], checkin.SCHEMA)
    questionnaire = checkin.parse(asked)
    if checkin.problems(questionnaire, asked):
        raise Invalid
    section = _fitting(sections["triage"], triage.SCHEMA)
    table = triage.parse(section, questionnaire=questionnaire)
    if triage.problems(table, section):
        raise Invalid
    return table


def _triage(before: TriageDefinition, after: TriageDefinition, chance: random.Random) -> Iterator[str]:
    for language in before.questionnaire.languages:
        if language not in after.questionnaire.languages:
            yield f"{language} is no longer spoken"
    for rule in before.rules:
        there = next((one for one in after.rules if one.id == rule.id), None)
        if rule.red_flag and (there is None or any(there.say.get(key) != words for key, words in rule.say.items())):
            yield f"what is said at {rule.red_flag} is not what it was"
    if not before.named_by_link >= after.named_by_link:
        yield "more is named by a link"
    for _ in range(ANSWER_SETS):
        answers = {
            name: _answer(question, chance)
            for name, question in before.questionnaire.questions.items()
            if chance.random() < 0.8
        }
        context = {name: _known(kind.scale, chance) for name, kind in before.context.items() if chance.random() < 0.7}
        try:
            pair = [decide(definition=one, answers=answers, context=context) for one in (before, after)]
        except Exception as error:
            yield f"an answer is no longer taken: {type(error).__name__}"
            return
        yield from _less(*pair)


def _answer(question: Question, chance: random.Random) -> Any:
    if question.kind is QuestionKind.CHOICE:
        return chance.choice(question.codes)
    return chance.random() < 0.5 if question.kind is QuestionKind.BOOLEAN else "some words"


def _known(scale: tuple[str, ...], chance: random.Random) -> Any:
    return chance.choice(scale) if scale else chance.randrange(0, 100)


def _less(before: Decision, after: Decision) -> Iterator[str]:
    if after.urgency.rank < before.urgency.rank:
        yield f"{before.urgency} becomes {after.urgency}"
    if not {one.flag for one in before.red_flags} <= {one.flag for one in after.red_flags}:
        yield "a red flag is not seen"
    if not set(before.incomplete) <= set(after.incomplete):
        yield "a question left out is not asked again"
    best: dict[str, int] = {}
    for one in after.needs:
        best[one.need] = max(best.get(one.need, 0), one.urgency.rank)
    if any(best.get(one.need, -1) < one.urgency.rank for one in before.needs):
        yield "a need is not found, or is less urgent"


def _people(before: Section, after: Section, chance: random.Random, codelists: Mapping[str, Codelist]) -> Iterator[str]:
    pair = []
    for section in (before, after):
        _fitting(section, risk.SCHEMA)
        definition = risk.parse(section)
        if risk.problems(definition, section=section, codelists=codelists):
            raise Invalid
        pair.append(definition)
    codes = codes_of(codelists)
    for number in range(PEOPLE):
        person, facts = a_person(chance, number, codelists)
        first, then = (assess(definition=one, codes=codes, person=person, facts=facts, as_of=AS_OF) for one in pair)
        if first.placed and not then.placed:
            yield "somebody is no longer found"
        elif _tier(then) > _tier(first):
            yield "somebody comes to a lower tier"


def _tier(assessed: Assessment) -> int:
    return min((int(one.tier) for one in assessed.placed), default=9)


def a_person(chance: random.Random, number: int, codelists: Mapping[str, Codelist]) -> tuple[Person, tuple[Fact, ...]]:
    """Draw somebody with a birthday, circumstances and facts of the programme's lists."""
    person = Person(
        person_id=f"p{number}",
        birth_date=AS_OF.replace(day=1, year=AS_OF.year - chance.randrange(1, 100)) if chance.random() < 0.9 else None,
        imd_decile=chance.choice([None, 1, 1, 2, 5, 10]),
        communal=chance.choice([None, True, False]),
        language=chance.choice([None, "en", "pl"]),
        place=chance.choice(["norwich", "waveney"]),
    )
    lists = sorted(codelists)
    facts = tuple(
        Fact(
            code=chance.choice(sorted(codelists[name].codes)),
            date=AS_OF - dt.timedelta(days=chance.choice([0, 10, 45, 80, 300, 4000])),
            system=codelists[name].system,
            status=chance.choice([None, "active", "resolved"]),
            value=chance.choice([None, 20.0, 41.0]),
            unit=chance.choice([None, *codelists[name].units]),
        )
        for name in chance.choices(lists, k=chance.randrange(0, 8) if lists else 0)
    )
    return person, facts


def _services(before: Section, after: Section) -> Iterator[str]:
    _fitting(after, referrals.SCHEMA)
    old, new = before.data["services"], after.data["services"]
    told: dict[str, list[set[str]]] = {}
    for service in old:
        for need, fields in service["shares"].items():
            told.setdefault(need, []).append(set(fields))
    for service in new:
        for need, fields in service["shares"].items():
            if not any(
                set(fields) <= known for known in told.get(need, [{"name", "telephone", "language", "need_words"}])
            ):
                yield f"{service['code']} is told more for {need}"
        for urgency in ("emergency", "today"):
            if service["clock_hours"][urgency] > max(one["clock_hours"][urgency] for one in old):
                yield f"{urgency} waits longer"
    by_code = {service["code"]: service for service in new}
    if len(by_code) < len(new):
        raise Invalid
    for service in old:
        there = by_code.get(service["code"])
        if there is None or not set(service["shares"]) <= set(there["shares"]):
            yield f"{service['code']} helps no longer"
        elif there["organisation"] != service["organisation"]:
            yield f"{service['code']} is another organisation"
        elif any(there["clock_hours"][urgency] > hours for urgency, hours in service["clock_hours"].items()):
            yield f"{service['code']} takes longer"
        elif not set(service["name"]) <= set(there["name"]):
            yield "a language is no longer spoken"
    if not set(after.data.get("open_hours_count_for", ())) <= set(before.data.get("open_hours_count_for", ())):
        yield "a clock stops out of hours"


def _cadence(sections: Sections) -> Cadence:
    section = _fitting(sections["cadence"], outreach.SCHEMA)
    cadence = outreach.parse(section)
    if outreach.problems(cadence, section):
        raise Invalid
    return cadence


def _contact(before: Cadence, after: Cadence) -> Iterator[str]:
    if (
        after.contact_hours.opens < before.contact_hours.opens
        or after.contact_hours.closes > before.contact_hours.closes
    ):
        yield "people are rung at night"
    if any(
        getattr(after.caps, cap) > getattr(before.caps, cap) for cap in ("per_person", "per_number", "per_household")
    ):
        yield "people are pestered"
    steps = {step.id: step for step in after.steps}
    if [step.id for step in after.steps if step.id in {one.id for one in before.steps}] != [
        one.id for one in before.steps
    ]:
        yield "a step is lost, or out of order"
        return
    for step in before.steps:
        there = steps[step.id]
        if there.after > step.after or there.patience > step.patience or there.channel is not step.channel:
            yield f"{step.id} comes later or another way"
        if there.fallback and not step.fallback:
            yield f"{step.id} is for fewer people"


def _programme(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    if not set(before["languages"]) <= set(after["languages"]):
        yield "a language is no longer spoken"
    if (
        after["red_flag_minutes"] > before["red_flag_minutes"]
        or after["check_in_every_days"] > before["check_in_every_days"]
    ):
        yield "people wait longer"
    if after["escalation"][: len(before["escalation"])] != before["escalation"]:
        yield "a red flag climbs otherwise"
    grows = ("languages", "red_flag_minutes", "check_in_every_days", "escalation")
    if any(after.get(key) != before.get(key) for key in {*before, *after} - {*grows}):
        yield "the place decides what is the centre's"
