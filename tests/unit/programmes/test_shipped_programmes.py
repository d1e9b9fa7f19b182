"""Every programme we ship that reaches people: its files hold together in each place, and its hazards' tests exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from wherry.foundation.content import content_folder
from wherry.governance.definition import hazards
from wherry.journeys import read_programme
from wherry.journeys.check_programme import check_everywhere
from wherry.nonprod.reading_age import OLDEST, ages_of
from wherry.outreach import definition as outreach
from wherry.programmes.files import load
from wherry.programmes.types import ProgrammeFiles
from wherry.referrals import definition as referrals
from wherry.triage import definition as triage
from wherry.triage.rules import decide
from wherry.triage.types import TriageDefinition, Urgency

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = content_folder("programmes")
PLACES = (None, "norwich", "waveney")


@cache
def files(name: str, place: str | None = None) -> ProgrammeFiles:
    return load(SHIPPED / name, place=place)


@cache
def table(name: str) -> TriageDefinition:
    of = files(name)
    return triage.parse(of.sections["triage"], questionnaire=read_programme.questionnaire(files=of))


NAMES = [
    folder.parent.name
    for folder in sorted(SHIPPED.glob("*/programme.yaml"))
    if "finds_only" not in files(folder.parent.name).sections["programme"].data
]
#: Those that ask day after day how people are.
ASK_AGAIN = [name for name in NAMES if "asks_once" not in files(name).sections["programme"].data]
every_programme = pytest.mark.parametrize("name", NAMES)


def test_the_programmes_are_those_the_folder_holds() -> None:
    assert {*NAMES} == {"cold_weather", "covid_protect", "diabetes_prevention", "heat", "power_cut"}


@every_programme
def test_the_programme_has_no_problems_in_any_place(name: str) -> None:
    checked = check_everywhere(directory=SHIPPED / name)

    assert [str(problem) for problem in checked.problems] == []
    assert {one.split(": ")[0] for one in checked.told} >= {"triage", "routing"}
    assert set(checked.places) == {"norwich", "waveney"}


@every_programme
def test_every_test_a_hazard_log_names_exists(name: str) -> None:
    missing = []
    for hazard in hazards.parse(files(name).sections["hazards"]):
        for test in (test for control in hazard.added_controls for test in control.tests):
            path, _, function = test.partition("::")
            file = ROOT / path
            if not file.is_file() or not re.search(rf"^def {function}\(", file.read_text(), re.MULTILINE):
                missing.append(f"{hazard.id}: {test}")

    assert missing == []


@every_programme
def test_every_need_has_a_service_in_every_place(name: str) -> None:
    of = files(name)
    services, needs = referrals.parse(of.sections["services"]), tuple(table(name).needs)

    places = of.sections["programme"].data["places"]
    assert referrals.needs_without_service(services, needs=needs, places=places) == ()


def emergencies(name: str) -> set[str]:
    flagged = [rule for rule in table(name).rules if rule.red_flag and rule.urgency is Urgency.EMERGENCY]
    return {question for rule in flagged for question in rule.questions}


@pytest.mark.parametrize("name", ASK_AGAIN)
def test_the_first_page_about_the_person_asks_after_danger_h_02(name: str) -> None:
    pages = read_programme.questionnaire(files=files(name)).pages
    first = next(page for page in pages if any(one.scale and not one.enable_when for one in page.questions))

    assert {one.link_id for one in first.questions} & emergencies(name)


@every_programme
def test_not_sure_about_a_danger_is_never_less_than_today_h_51(name: str) -> None:
    questions = read_programme.questionnaire(files=files(name)).questions
    unsure = [question for question in emergencies(name) if "not_sure" in questions[question].codes]

    less = [
        question
        for question in unsure
        if decide(definition=table(name), answers={question: "not_sure"}, context={}).urgency.rank < Urgency.TODAY.rank
    ]
    assert less == []


TELLING = ("covid", "shield", "cancer", "diabet", "asthma", "risk", "disease", "vulnerable", "patient")


def words_read(name: str) -> Iterator[str]:
    sections = files(name).sections
    yield from (str(section.data["messages"]) for key, section in sections.items() if key.startswith("messages/"))
    yield str(sections["questionnaire"].data["item"])
    yield str(sections["triage"].data["needs"])
    yield from (str(rule.say) for rule in table(name).rules)
    for place in PLACES:
        yield from (str(one["name"]) for one in files(name, place).sections["services"].data["services"])


@every_programme
def test_no_resident_reads_the_name_of_a_condition_or_of_a_programme_h_14(name: str) -> None:
    read = " ".join(words_read(name)).lower()

    assert [word for word in TELLING if word in read] == []


@every_programme
def test_what_residents_read_asks_for_no_more_than_the_stated_age(name: str) -> None:
    assert {what: age for what, age in ages_of(programme=name).items() if age > OLDEST} == {}


@every_programme
def test_one_name_and_one_number_speak_for_every_programme(name: str) -> None:
    speaking = outreach.parse(files(name).sections["cadence"])
    first = outreach.parse(files("covid_protect").sections["cadence"])

    assert (speaking.sender_name, speaking.helpline) == (first.sender_name, first.helpline)


NOT_REVIEWED = "# Translation not reviewed by a native speaker"


def translated() -> Iterator[Path]:
    for name in NAMES:
        yield from (SHIPPED / name / f"{section}.yaml" for section in ("questionnaire", "triage", "services"))
        yield from (one for one in (SHIPPED / name / "messages").iterdir() if one.stem != "en")
        yield from SHIPPED.glob(f"places/*/{name}.yaml")
    words = ROOT / "src" / "wherry" / "web" / "components" / "words"
    yield from (one for one in words.iterdir() if one.stem != "en")


@pytest.mark.parametrize("file", sorted(translated()), ids=lambda file: "/".join(file.parts[-3:]))
def test_a_translation_nobody_reviewed_says_so(file: Path) -> None:
    text = file.read_text()

    assert NOT_REVIEWED in text or not re.search(r"\b(?:pl|lt|pt|ar): |^language: (?!en)", text, re.MULTILINE)
