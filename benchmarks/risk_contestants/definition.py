"""
A large definition as a programme's folder: 13 at-risk groups, 36 deficits, 20 weighted conditions, 59 codelists.

Every code is invented, so nothing here can be mistaken for a clinical list. `LISTS` is also what the population is
drawn from, and `many` writes the same codes cut into any number of criteria.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

CODES = 3588
AS_OF = "2026-03-01"


@dataclass(frozen=True)
class CodeList:
    """
    One invented codelist. share: of people at 40 who have it; steepness: times more likely at 80 than at 40.

    unit, low and high: for lists of measurements. within: the list this one's codes are taken from.
    """

    name: str
    size: int
    share: float
    steepness: float = 4.0
    system: str = "snomed"
    unit: str | None = None
    low: float = 0
    high: float = 0
    within: str | None = None

    @property
    def kind(self) -> str:
        """Say which kind of fact carries these codes."""
        return "medicine" if self.system == "dmd" else "measurement" if self.unit else "diagnosis"


_DEFICITS = """activity_limitation anaemia arthritis atrial_fibrillation cerebrovascular chronic_kidney_disease diabetes
dizziness dyspnoea falls foot_problem fragility_fracture hearing_loss heart_failure heart_valve housebound hypertension
hypotension ischaemic_heart cognition mobility osteoporosis parkinsonism peptic_ulcer peripheral_vascular
long_term_medicine requires_care respiratory skin_ulcer sleep social_vulnerability thyroid incontinence urinary visual
weight_loss""".split()
_COMMON = {"hypertension": 0.12, "arthritis": 0.08, "diabetes": 0.05, "respiratory": 0.06, "thyroid": 0.03}
_WEIGHTS = {
    "cognition": 246,
    "respiratory": 141,
    "atrial_fibrillation": 130,
    "parkinsonism": 129,
    "heart_failure": 112,
    "cerebrovascular": 77,
    "liver_disease": 72,
    "diabetes": 71,
    "severe_mental_illness": 58,
    "peripheral_vascular": 53,
    "chronic_kidney_disease": 51,
    "learning_disability": 47,
    "ischaemic_heart": 46,
    "arthritis": 40,
    "peptic_ulcer": 20,
    "asthma": 18,
    "visual": 15,
    "hypertension": 9,
    "thyroid": 8,
    "hearing_loss": 7,
}


def _lists() -> tuple[CodeList, ...]:
    deficits = [
        CodeList(name, 55, _COMMON.get(name, 0.012), 9.0, "dmd" if name == "long_term_medicine" else "snomed")
        for name in _DEFICITS
    ]
    others = [
        CodeList("immunosuppression", 150, 0.01, 2.0),
        CodeList("immunosuppression_medicine", 160, 0.015, 2.0, "dmd"),
        CodeList("kidney_stages_1_to_5", 60, 0.03, 9.0),
        CodeList("kidney_stages_3_to_5", 36, 0.02, 9.0, within="kidney_stages_1_to_5"),
        CodeList("asthma", 95, 0.09, 1.0),
        CodeList("asthma_admission", 12, 0.006, 1.0),
        CodeList("oral_steroid", 60, 0.03, 2.0, "dmd"),
        CodeList("neurological", 280, 0.012, 3.0),
        CodeList("liver_disease", 130, 0.012, 1.5),
        CodeList("spleen", 40, 0.003, 1.0),
        CodeList("learning_disability", 120, 0.006, 0.6),
        CodeList("diabetes_resolved", 10, 0.004, 3.0),
        CodeList("severe_mental_illness", 110, 0.01, 1.0),
        CodeList("severe_mental_illness_remission", 14, 0.004, 1.0),
        CodeList("severe_obesity", 12, 0.02, 1.0),
        CodeList("body_mass_index", 8, 0.5, 1.2, unit="kg/m2", low=17, high=46),
        CodeList("high_risk", 2, 0.02, 4.0),
        CodeList("lower_risk", 4, 0.012, 3.0),
        CodeList("pregnancy", 150, 0.008, 0.02),
        CodeList("delivery", 80, 0.007, 0.02),
        CodeList("carer", 18, 0.025, 1.5),
        CodeList("no_longer_carer", 6, 0.006, 1.5),
        CodeList("glycated_haemoglobin", 6, 0.15, 2.0, unit="mmol/mol", low=28, high=98),
    ]
    short = CODES - sum(each.size for each in [*deficits, *others])
    # What rounding leaves is spread over the first deficits, so that the total is the published one.
    grown = [
        CodeList(**{**each.__dict__, "size": each.size + short // 36 + (number < short % 36)})
        for number, each in enumerate(deficits)
    ]
    return (*grown, *others)


LISTS = _lists()


def code_of(name: str, number: int, system: str) -> str:
    """Invent a code of the shape its system has: it ends in 00, as no true SNOMED CT or dm+d code may."""
    drawn = int(hashlib.sha256(f"{name} {number}".encode()).hexdigest()[:15], 16)
    digits = 15 if system == "dmd" else 6 + drawn % 3 if drawn % 4 else 13
    return str(10**digits + drawn % (9 * 10**digits)) + "00"


def codes_on(each: CodeList) -> list[str]:
    """Give a list's codes, in order."""
    return [code_of(each.within or each.name, number, each.system) for number in range(each.size)]


def criteria() -> dict[str, dict[str, object]]:
    """Give the leaves: every operator of the language, most of them `ever`."""
    by_name = {each.name: each for each in LISTS}

    def read(name: str, **more: object) -> dict[str, object]:
        return {"list": name, "system": by_name[name].system, **more}

    found: dict[str, dict[str, object]] = {
        name: {"ever": read(name)} for name in _DEFICITS if name != "long_term_medicine"
    }
    found |= {
        "many_medicines": {"count": read("long_term_medicine", at_least=5, days=[0, 365])},
        "repeated_falls": {"count": read("falls", at_least=2, days=[0, 730])},
        "immunosuppression_diagnosis": {"ever": read("immunosuppression")},
        "immunosuppression_medicine": {"within": read("immunosuppression_medicine", days=[0, 182])},
        "kidney_stage": {
            "latest_after_latest": read("kidney_stages_3_to_5", than="kidney_stages_1_to_5", same_day_counts=True)
        },
        "asthma": {"ever": read("asthma")},
        "asthma_admission": {"within": read("asthma_admission", days=[0, 365])},
        "steroid_in_each_month": {"one_in_each": read("oral_steroid", days=[[0, 30], [31, 60], [61, 90]])},
        "neurological": {"ever": read("neurological")},
        "liver_disease": {"ever": read("liver_disease")},
        "spleen": {"ever": read("spleen")},
        "learning_disability": {"ever": read("learning_disability")},
        "diabetes_now": {"latest_after_latest": read("diabetes", than="diabetes_resolved")},
        "severe_mental_illness": {
            "latest_after_latest": read("severe_mental_illness", than="severe_mental_illness_remission")
        },
        "severe_obesity_coded": {"latest_after_latest": read("severe_obesity", than="body_mass_index")},
        "body_mass_index_40": {"latest_value": read("body_mass_index", unit="kg/m2", at_least=40)},
        "glucose_poorly_held": {"latest_value": read("glycated_haemoglobin", unit="mmol/mol", above=75, days=[0, 730])},
        "advised_to_shield": {"latest_after_latest": read("high_risk", than="lower_risk")},
        "pregnant": {"latest_after_latest": read("pregnancy", than="delivery")},
        "carer": {"latest_after_latest": read("carer", than="no_longer_carer")},
        "housebound_now": {"active": read("housebound")},
        "aged_65": {"age": {"at_least": 65}},
        "aged_80": {"age": {"at_least": 80}},
        "most_deprived": {"demographic": {"field": "imd_decile", "at_most": 2}},
    }
    return found


GROUPS: dict[str, dict[str, object]] = {
    "group_immunosuppression": {"any": ["immunosuppression_diagnosis", "immunosuppression_medicine"]},
    "group_kidney": {"any": ["chronic_kidney_disease", "kidney_stage"]},
    "asthma_on_steroids": {"all": ["asthma", "steroid_in_each_month"]},
    "group_asthma": {"any": ["asthma_admission", "asthma_on_steroids"]},
    "group_respiratory": {"any": ["group_asthma", "respiratory"]},
    "group_neurological": {"any": ["neurological", "cerebrovascular"]},
    "group_heart": {"any": ["ischaemic_heart", "heart_failure", "heart_valve"]},
    "group_liver": {"any": ["liver_disease"]},
    "group_spleen": {"any": ["spleen"]},
    "group_learning_disability": {"any": ["learning_disability"]},
    "group_diabetes": {"any": ["diabetes_now"]},
    "group_mental_illness": {"any": ["severe_mental_illness"]},
    "group_obesity": {"any": ["severe_obesity_coded", "body_mass_index_40"]},
    "group_pregnant_with_heart_disease": {"all": ["pregnant", "group_heart"]},
    "any_group": {
        "any": [
            "group_immunosuppression",
            "group_kidney",
            "group_respiratory",
            "group_neurological",
            "group_heart",
            "group_liver",
            "group_spleen",
            "group_learning_disability",
            "group_diabetes",
            "group_mental_illness",
        ]
    },
    "shielding": {"any": ["advised_to_shield", "group_pregnant_with_heart_disease"]},
    "moderately_frail": {"score": {"name": "frailty", "at_least": 9}},
    "severely_frail": {"score": {"name": "frailty", "at_least": 14}},
    "multimorbid": {"score": {"name": "multimorbidity", "at_least": 200}},
    "very_multimorbid": {"score": {"name": "multimorbidity", "at_least": 400}},
    "frail_at_65": {"all": ["aged_65", "moderately_frail"]},
    "at_clinical_risk": {"any": ["any_group", "frail_at_65"]},
    "without_help": {"any": ["carer", "housebound_now", "repeated_falls", "glucose_poorly_held"]},
    "alone_and_deprived": {"all": ["without_help", "most_deprived"]},
}
_CATEGORIES = [
    {
        "category": "shielded",
        "words": "Advised to shield",
        "when": "shielding",
        "tiers": [{"tier": 1, "when": "severely_frail"}, {"tier": 2, "when": "multimorbid"}, {"tier": 3}],
    },
    {
        "category": "clinical",
        "words": "In a clinical risk group, or frail",
        "when": "at_clinical_risk",
        "tiers": [{"tier": 1, "when": "very_multimorbid"}, {"tier": 2, "when": "aged_80"}, {"tier": 3}],
    },
    {
        "category": "social",
        "words": "Without help in a deprived neighbourhood",
        "when": "alone_and_deprived",
        "tiers": [{"tier": 1}],
    },
]


def large() -> dict[str, object]:
    """Give `risk.yaml` of the large definition."""
    deficits = {"many_medicines" if name == "long_term_medicine" else name: 1 for name in _DEFICITS}
    return {
        "words": "A large invented definition, to measure with: not for clinical use.",
        "take": "first",
        "rank_by": "frailty",
        "sources": {"gp_events": "the GP practice", "gp_prescriptions": "the GP practice", "hospital": "the hospital"},
        "criteria": _worded(criteria()),
        "groups": _worded(GROUPS),
        "scores": {
            "frailty": {"words": "Deficits of 36", "points": deficits},
            "multimorbidity": {"words": "Weighted conditions, times 100", "points": _WEIGHTS},
        },
        "categories": _CATEGORIES,
    }


def _worded(named: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    return {name: {"words": name.replace("_", " ").capitalize(), **test} for name, test in named.items()}


def many(number: int) -> tuple[dict[str, object], dict[str, list[str]]]:
    """Cut the same diagnosis codes into so many `ever` criteria: the facts that match stay the same."""
    together = sorted({code for each in LISTS if each.kind == "diagnosis" for code in codes_on(each)})
    cut = {f"part_{part:02d}": together[part::number] for part in range(number)}
    section: dict[str, object] = {
        "words": "The same codes in more or fewer criteria: not for clinical use.",
        "criteria": _worded({name: {"ever": {"list": name, "system": "snomed"}} for name in cut}),
        "groups": _worded({"several": {"score": {"name": "parts", "at_least": 4}}}),
        "scores": {"parts": {"words": "How many parts", "points": dict.fromkeys(cut, 1)}},
        "categories": [{"category": "several", "words": "Several parts", "when": "several", "tiers": [{"tier": 1}]}],
    }
    return section, cut


def write(
    folder: Path, *, programme: Path, section: dict[str, object], lists: dict[str, tuple[str, Sequence[str]]]
) -> Path:
    """Write a folder with this risk section. lists: name → (system, codes); programme: whose programme.yaml"""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "codelists").mkdir(parents=True)
    shutil.copy(programme / "programme.yaml", folder / "programme.yaml")
    (folder / "risk.yaml").write_text(yaml.safe_dump(section, sort_keys=False, allow_unicode=True), encoding="utf-8")
    for name, (system, codes) in lists.items():
        rows = "".join(f"{code},{name.replace('_', ' ')} {number}\n" for number, code in enumerate(codes))
        (folder / "codelists" / f"{name}.csv").write_text(f"code,term\n{rows}", encoding="utf-8")
        about = {"system": system, "source": "invented", "licence": "MIT", "illustrative": True}
        (folder / "codelists" / f"{name}.yaml").write_text(yaml.safe_dump(about), encoding="utf-8")
    return folder


def write_large(folder: Path, *, programme: Path) -> Path:
    """Write the large definition."""
    lists = {each.name: (each.system, codes_on(each)) for each in LISTS}
    return write(folder, programme=programme, section=large(), lists=lists)


def write_many(folder: Path, *, programme: Path, number: int) -> Path:
    """Write the definition of so many criteria over the same codes."""
    section, cut = many(number)
    return write(
        folder, programme=programme, section=section, lists={name: ("snomed", codes) for name, codes in cut.items()}
    )


def vocabulary() -> Iterator[tuple[int, int, str, str, str, str | None, float, float]]:
    """Give (list number, place on the list, code, system, kind, unit, low, high) of every code a fact may carry."""
    for number, each in enumerate(LISTS):
        for place, code in enumerate(codes_on(each)):
            yield number, place, code, each.system, each.kind, each.unit, each.low, each.high
