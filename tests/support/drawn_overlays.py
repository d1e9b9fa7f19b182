"""Draws small programmes, and changes a place might write: careless ones, unlucky ones, and some meant well."""

from __future__ import annotations

import copy
import random
from collections.abc import Mapping
from typing import Any

from wherry.programmes.rules.paths import name_of, named
from wherry.programmes.types import Section

FIELDS = (
    "name",
    "telephone",
    "address",
    "language",
    "household_size",
    "communication_needs",
    "need_words",
    "safe_times",
)
URGENCIES = ("routine", "soon", "today", "emergency")
WORDS = {"en": "words", "pl": "slowa"}


def a_programme(chance: random.Random) -> dict[str, Section]:
    """Draw a programme of few questions, rules, services, steps and criteria, each fitting its schema."""
    data = {
        "programme": {
            "languages": ["en", "pl"],
            "owner": "Somebody",
            "red_flag_minutes": 15,
            "check_in_every_days": 2,
            "escalation": ["caller", "supervisor"],
        },
        "questionnaire": _questionnaire(chance),
        "triage": _triage(chance),
        "risk": _risk(chance),
        "services": _services(chance),
        "cadence": _cadence(chance),
    }
    return {name: Section(f"{name}.yaml", value) for name, value in data.items()}


def _questionnaire(chance: random.Random) -> dict[str, Any]:
    def option(code: str, badness: int) -> dict[str, Any]:
        return {"valueCoding": {"code": code, "display": code, "display_pl": code, "badness": badness}}

    questions = [
        {
            "linkId": name,
            "type": "choice",
            "text": name,
            "text_pl": name,
            "answerOption": [option(code, at) for at, code in enumerate(("well", "unsure", "bad"))],
        }
        for name in ("breath", "food", "mood")
    ]
    page = {"linkId": "page", "type": "group", "text": "Page", "text_pl": "Strona", "item": questions}
    head = {"resourceType": "Questionnaire", "url": "urn:small", "version": "1", "status": "active"}
    return {**head, "title": "Small", "title_pl": "Maly", "item": [page]}


def _triage(chance: random.Random) -> dict[str, Any]:
    flag = {"id": "flag", "when": {"breath": "at least bad"}, "red_flag": "breath", "need": "care", "words": "a"}
    rules: list[dict[str, Any]] = [{**flag, "urgency": chance.choice(["today", "emergency"]), "say": WORDS}]
    for number in range(chance.randrange(2, 5)):
        question, answer = chance.choice(["food", "mood"]), chance.choice(["unsure", "bad"])
        when: dict[str, Any] = {question: f"{chance.choice(['at least', 'is'])} {answer}"}
        if chance.random() < 0.4:
            when |= chance.choice([{"tier": "at least 2"}, {"age": "at least 75"}])
        need, urgency = chance.choice(["food", "care"]), chance.choice(URGENCIES[:3])
        rules.append({"id": f"rule_{number}", "when": when, "need": need, "urgency": urgency, "words": "b"})
    chance.shuffle(rules)
    return {
        "needs": {"food": WORDS, "care": WORDS},
        "named_by_link": ["food"],
        "context": {"tier": {"scale": ["3", "2", "1"]}, "age": {"number": "years"}},
        "incomplete": {"need": "care", "urgency": "routine", "words": "Ask {questions}"},
        "rules": rules,
    }


def _risk(chance: random.Random) -> dict[str, Any]:
    criteria = {
        "aged_80": {"words": "aged 80", "age": {"at_least": 80}},
        "aged_60": {"words": "aged 60", "age": {"at_least": 60}},
        "poor": {"words": "poor", "demographic": {"field": "imd_decile", "at_most": 1}},
        "in_a_home": {"words": "in a home", "demographic": {"field": "communal", "among": [True]}},
    }
    names = list(criteria)
    scores = {"sum": {"words": "sum", "points": {name: chance.choice([1, 1, 2, -1]) for name in names[:3]}}}
    groups: dict[str, Any] = {}
    for number in range(chance.randrange(2, 6)):
        some = chance.sample(names, 2)
        kinds = [{"any": some}, {"any": some}, {"all": some}, {"not": some[0]}]
        score = {"name": "sum", "at_least": 1, **chance.choice([{}, {"at_most": 2}])}
        groups[f"group_{number}"] = {"words": "group", **chance.choice([*kinds, {"score": score}])}
        names.append(f"group_{number}")
    for number in range(2):
        groups[f"wide_{number}"] = {"words": "wide", "any": chance.sample(names, 2)}
        names.append(f"wide_{number}")
    if chance.random() < 0.5:
        # A group in the points, and a band of them: what grows there may take people out.
        scores["sum"]["points"] = {chance.choice([*criteria]): 1, "wide_0": chance.choice([1, -1])}
        groups["wide_0"]["any"] = chance.sample([*criteria], 2)
    for number in range(3):
        # Nobody is found of whom nothing is known.
        groups[f"guarded_{number}"] = {"words": "guarded", "all": [chance.choice([*criteria]), chance.choice(names)]}
    categories = [
        {
            "category": f"category_{number}",
            "words": "category",
            "when": f"guarded_{number}",
            "tiers": [
                {"tier": 1, "when": chance.choice(names)},
                {"tier": 2, "when": chance.choice(names)},
                {"tier": 3},
            ],
        }
        for number in range(chance.randrange(1, 4))
    ]
    take = chance.choice(["first", "every"])
    return {"take": take, "criteria": criteria, "groups": groups, "scores": scores, "categories": categories}


def _service(chance: random.Random, code: str) -> dict[str, Any]:
    hours = sorted(chance.sample(range(1, 30), 4))
    return {
        "code": code,
        "name": WORDS,
        "organisation": chance.choice(["council", "charity"]),
        "places": ["norwich", "waveney"],
        "days": ["monday", "tuesday", "sunday"],
        "opens": "09:00",
        "closes": "17:00",
        "clock_hours": dict(zip(("emergency", "today", "soon", "routine"), hours, strict=True)),
        "how": "inbox",
        "capacity_per_day": 5,
        "shares": {need: _fields(chance) for need in chance.sample(["food", "care"], chance.randrange(1, 3))},
    }


def _fields(chance: random.Random) -> list[str]:
    return chance.sample(FIELDS, chance.randrange(2, 6))


def _services(chance: random.Random) -> dict[str, Any]:
    listed = [_service(chance, code) for code in ("hub", "nurses", "council")[: chance.randrange(1, 4)]]
    return {"open_hours_count_for": ["routine"], "services": listed}


def _cadence(chance: random.Random) -> dict[str, Any]:
    steps = [
        {"id": "text", "channel": "sms", "message": "hello", "patience_hours": 5, "stale_after_hours": 30},
        {"id": "again", "channel": "sms", "message": "hello", "after_hours": 6, "patience_hours": 12},
        {"id": "call", "channel": "call", "after_days": 1, "patience_hours": 72},
    ]
    return {
        "sender_name": "Us",
        "helpline": "01632 960 999",
        "contact_hours": {"opens": "08:00", "closes": "20:00"},
        "caps": {"per_person": 3, "per_number": 4, "per_household": 6},
        "quarantine_seconds": 60,
        "most_text_parts": 3,
        "steps": steps[: chance.randrange(2, 4)],
        "exhausted": {"team": "team", "role": "supervisor"},
    }


def a_change(chance: random.Random, sections: Mapping[str, Section]) -> dict[str, Any]:
    """Draw one change, as an overlay writes it: one that fits the file and may hurt, or what the dice make of it."""
    if chance.random() < 0.3:
        return _any_change(chance, sections)
    section = chance.choice(["risk", "risk", *_POINTED])
    return _POINTED[section](chance, sections[section].data)


def _in_risk(chance: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    names = [*data["criteria"], *data.get("groups", {})]
    groups = data.get("groups", {})
    any_of = [name for name, each in groups.items() if "any" in each]
    category, group = chance.choice(data["categories"]), chance.choice([*groups])
    path = f"risk.categories.{category['category']}"
    grown = chance.choice(any_of or [group])
    wide = {f"risk.groups.{grown}.any": [*groups[grown].get("any", ()), chance.choice(names)]}
    new = {"category": "new", "words": "words", "when": chance.choice(names), "tiers": [{"tier": 3}]}
    return chance.choice(
        [
            wide,
            wide,
            wide,
            {f"risk.groups.{group}": {"words": "group", chance.choice(["any", "all"]): chance.sample(names, 2)}},
            {f"risk.groups.{group}": {"words": "group", "not": chance.choice(names)}},
            {f"{path}.when": chance.choice(names)},
            {f"{path}.tiers": [{"tier": 2, "when": chance.choice(names)}, {"tier": 3}]},
            {"risk.take": "every" if data.get("take", "first") == "first" else "first"},
            {"risk.categories.new": new},
            {"risk.categories": [new, *data["categories"]]},
            {"risk.criteria.aged_80.age.at_least": chance.choice([70, 90])},
        ]
    )


def _in_triage(chance: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    rule, other = chance.choice(data["rules"]), chance.choice(data["rules"])
    path = f"triage.rules.{rule['id']}"
    fewer = [one for one in data["rules"] if one is not other]
    flag = next(one for one in data["rules"] if "red_flag" in one)
    return chance.choice(
        [
            {f"{path}.urgency": chance.choice(URGENCIES)},
            {f"{path}.when": other["when"]},
            {f"{path}.when": {**rule["when"], **other["when"]}},
            {f"{path}.need": chance.choice(list(data["needs"]))},
            {path: {key: value for key, value in rule.items() if key not in ("red_flag", "say")}},
            {"triage.rules": chance.choice([fewer, [*data["rules"], {**rule, "id": "new"}], data["rules"][::-1]])},
            {f"triage.rules.{flag['id']}.when": {**flag["when"], "age": "at least 75"}},
            {f"triage.rules.{flag['id']}": {**{key: flag[key] for key in flag if key not in ("red_flag", "say")}}},
            {"triage.incomplete.urgency": chance.choice(URGENCIES)},
            {"triage.incomplete.need": chance.choice(list(data["needs"]))},
            {"triage.context.tier.scale": ["1", "2", "3"]},
            {"triage.named_by_link": chance.sample(list(data["needs"]), 2)},
            {"triage.rules.new": {**other, "id": "new", "urgency": chance.choice(URGENCIES)}},
        ]
    )


def _in_questionnaire(chance: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    page = data["item"][-1]
    question = chance.choice([one for one in page["item"] if "answerOption" in one])
    path = f"questionnaire.item.{page['linkId']}.item.{question['linkId']}"
    options = question["answerOption"]
    worst_first = [
        {"valueCoding": {**one["valueCoding"], "badness": len(options) - at}} for at, one in enumerate(options)
    ]
    new = copy.deepcopy(options[-1])
    new["valueCoding"] |= {"code": "worst", "badness": len(options) + 5}
    return chance.choice(
        [
            {f"{path}.answerOption": chance.choice([worst_first, options[1:], options[:-1], [*options, new]])},
            {f"{path}.answerOption.worst": new},
            {f"{path}.enableWhen": []},
            {f"questionnaire.item.{page['linkId']}.item": page["item"][1:]},
        ]
    )


def _in_services(chance: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    service = chance.choice(data["services"])
    path = f"services.services.{service['code']}"
    need = chance.choice([*service["shares"], "food", "care"])
    hours = sorted(chance.choices(range(1, 40), k=4))
    clocks = dict(zip(("emergency", "today", "soon", "routine"), hours, strict=True))
    new = {**service, "code": "new", "shares": {need: _fields(chance)}}
    return chance.choice(
        [
            {f"{path}.shares.{need}": _fields(chance)},
            {f"{path}.shares": {need: _fields(chance)}},
            {f"{path}.clock_hours": clocks},
            {f"{path}.organisation": "another"},
            {f"{path}.capacity_per_day": 3},
            {"services.services.new": new},
            {"services.services.new": {**service, "code": "new", "clock_hours": clocks}},
            {"services.open_hours_count_for": chance.sample(URGENCIES, 2)},
        ]
    )


def _in_cadence(chance: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    step = chance.choice(data["steps"])
    path = f"cadence.steps.{step['id']}"
    return chance.choice(
        [
            {f"{path}.after_hours": chance.randrange(0, 20)},
            {f"{path}.after_days": chance.randrange(0, 3)},
            {f"{path}.patience_hours": chance.randrange(1, 30)},
            {f"{path}.channel": "email"},
            {f"{path}.fallback": True},
            {"cadence.contact_hours.opens": chance.choice(["07:00", "09:00"])},
            {"cadence.contact_hours.closes": chance.choice(["19:00", "21:00"])},
            {"cadence.caps.per_person": chance.randrange(1, 6)},
            {"cadence.steps": chance.choice([data["steps"][1:], data["steps"][:-1]])},
            {"cadence.steps.new": {**data["steps"][-1], "id": "new"}},
        ]
    )


def _in_programme(chance: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    languages, escalation = data["languages"], data["escalation"]
    return chance.choice(
        [
            {"programme.languages": chance.choice([languages[:-1], [*languages, "ro"]])},
            {"programme.escalation": chance.choice([escalation[1:], [*escalation, "clinician"], escalation[::-1]])},
            {"programme.red_flag_minutes": chance.randrange(1, 30)},
            {"programme.check_in_every_days": chance.randrange(1, 4)},
            {"programme.owner": "Somebody of the place"},
        ]
    )


_POINTED = {
    "risk": _in_risk,
    "triage": _in_triage,
    "questionnaire": _in_questionnaire,
    "services": _in_services,
    "cadence": _in_cadence,
    "programme": _in_programme,
}


def _any_change(chance: random.Random, sections: Mapping[str, Section]) -> dict[str, Any]:
    section = chance.choice(["programme", "questionnaire", "triage", "triage", "risk", "risk", "services", "cadence"])
    data, where = sections[section].data, list[str | int]()
    here = data
    while isinstance(here, dict | list) and here and (len(where) < 1 or chance.random() < 0.75):
        step = chance.choice(list(here)) if isinstance(here, dict) else chance.randrange(len(here))
        if isinstance(step, int) and name_of(here[step]) is None:
            break
        here = here[step]
        where.append(step)
    path = (section, *named(data=data, where=tuple(where)))
    if isinstance(here, list) and here and name_of(here[0]) and chance.random() < 0.5:
        item = _named_anew(chance, chance.choice(here))
        return {".".join((*path, str(name_of(item)))): item}
    return {".".join(path): _other(chance, here, data)}


def _named_anew(chance: random.Random, item: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(item)
    for key in ("id", "code", "linkId", "category"):
        if key in made:
            made[key] = f"new_{chance.randrange(100)}"
    inner = [key for key, value in made.items() if isinstance(value, dict | list) and key != "say"]
    if inner and chance.random() < 0.5:
        key = chance.choice(inner)
        made[key] = _other(chance, made[key], made[key])
    return made


def _other(chance: random.Random, value: Any, around: Any) -> Any:
    """Give a value of much the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return max(0, value + chance.choice([-3, -1, 1, 2, 24]))
    if isinstance(value, str):
        return chance.choice([*_texts(around), *URGENCIES, "07:00", "10:00", "21:00", "none"])
    if isinstance(value, list):
        return _other_list(chance, value, around)
    if isinstance(value, dict) and value:
        key = chance.choice(list(value))
        if chance.random() < 0.3:
            return {name: one for name, one in value.items() if name != key}
        return {**value, key: _other(chance, value[key], around)}
    return value


def _other_list(chance: random.Random, value: list[Any], around: Any) -> list[Any]:
    kept = [one for one in value if chance.random() < 0.7]
    alike = [one for one in (FIELDS if value and value[0] in FIELDS else _texts(around))] if _is_texts(value) else []
    more = chance.choice(alike) if alike else None
    ways = [kept, list(reversed(value)), [*value, more] if more and more not in value else value]
    return chance.choice([*ways, [more, *value] if more and more not in value else kept])


def _is_texts(value: list[Any]) -> bool:
    return all(isinstance(one, str) for one in value)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, one in value.items() for text in (key, *_texts(one)) if isinstance(key, str)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []
