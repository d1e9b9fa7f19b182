"""
What the invented residents may have: codes of published lists, and how common each is by age.

Shares are rough, chosen so that about a sixth of a county is at risk; they are no epidemiology. Bands: under 18,
18-39, 40-64, 65-74, 75 and over.
"""

from __future__ import annotations

from dataclasses import dataclass

BANDS = (18, 40, 65, 75)


@dataclass(frozen=True)
class Condition:
    """A condition with its SNOMED codes (code, term), its share in each age band, and what comes with it."""

    name: str
    codes: tuple[tuple[str, str], ...]
    shares: tuple[float, float, float, float, float]
    shielded: float = 0.0
    icd10: str = ""


CONDITIONS = (
    Condition(
        "asthma",
        (("195967001", "Asthma"), ("10676071000119109", "Mild persistent asthma controlled")),
        (0.07, 0.07, 0.06, 0.06, 0.06),
        icd10="J45.9",
    ),
    Condition(
        "diabetes",
        (("44054006", "Diabetes mellitus type 2"), ("46635009", "Diabetes mellitus type 1")),
        (0.002, 0.01, 0.06, 0.13, 0.16),
        icd10="E11.9",
    ),
    Condition(
        "heart_disease",
        (
            ("53741008", "Coronary arteriosclerosis"),
            ("22298006", "Myocardial infarction"),
            ("84114007", "Heart failure"),
        ),
        (0.0, 0.002, 0.03, 0.12, 0.22),
        icd10="I25.1",
    ),
    Condition(
        "kidney_disease",
        (("433144002", "Chronic kidney disease stage 3"), ("431857002", "Chronic kidney disease stage 4")),
        (0.0, 0.002, 0.015, 0.07, 0.15),
        icd10="N18.3",
    ),
    Condition(
        "lung_disease",
        (("13645005", "Chronic obstructive lung disease"), ("12295008", "Bronchiectasis")),
        (0.0, 0.001, 0.015, 0.05, 0.07),
        icd10="J44.9",
    ),
    Condition(
        "severe_copd",
        (("313299006", "Severe chronic obstructive pulmonary disease"),),
        (0.0, 0.0, 0.002, 0.008, 0.012),
        shielded=0.9,
        icd10="J44.1",
    ),
    Condition(
        "neurological_disease",
        (("230690007", "Cerebrovascular accident"), ("49049000", "Parkinson's disease"), ("52448006", "Dementia")),
        (0.001, 0.002, 0.01, 0.03, 0.09),
        icd10="I63.9",
    ),
    Condition("liver_disease", (("19943007", "Cirrhosis of liver"),), (0.0, 0.001, 0.004, 0.006, 0.005), icd10="K74.6"),
    Condition("spleen_disease", (("234319005", "Splenectomy"),), (0.0, 0.001, 0.001, 0.002, 0.002)),
    Condition("learning_disability", (("416075005", "On learning disability register"),), (0.005,) * 4 + (0.002,)),
    Condition(
        "severe_mental_illness",
        (("13746004", "Bipolar disorder"), ("58214004", "Schizophrenia")),
        (0.0, 0.006, 0.01, 0.008, 0.006),
        icd10="F31.9",
    ),
    Condition(
        "immunosuppression",
        (("103081004", "Immunodeficiency secondary to chemotherapy"),),
        (0.0005, 0.001, 0.003, 0.005, 0.005),
        shielded=0.6,
        icd10="D84.8",
    ),
    Condition(
        "haematological_cancer",
        (("118600007", "Malignant lymphoma (disorder)"), ("188732008", "Myeloid leukemia (disorder)")),
        (0.0005, 0.001, 0.003, 0.008, 0.012),
        shielded=0.9,
        icd10="C85.9",
    ),
    Condition(
        "solid_organ_transplant",
        (("175902000", "Cadaveric renal transplant (procedure)"), ("18027006", "Transplantation of liver (procedure)")),
        (0.0, 0.001, 0.002, 0.002, 0.001),
        shielded=0.95,
        icd10="Z94.0",
    ),
    Condition("cystic_fibrosis", (("190905008", "Cystic fibrosis"),), (0.0005, 0.0005, 0.0, 0.0, 0.0), shielded=0.95),
    Condition(
        "severe_obesity", (("408512008", "Body mass index 40+ - severely obese"),), (0.0, 0.01, 0.02, 0.02, 0.01)
    ),
)

BODY_MASS_INDEX = ("60621009", "Body mass index")
DIABETES_RESOLVED = ("315051004", "Diabetes resolved")
KIDNEY_RECOVERED = ("431856006", "Chronic kidney disease stage 2")
MENTAL_ILLNESS_REMISSION = ("191574005", "Schizoaffective schizophrenia in remission")
ASTHMA_ADMISSION = ("183478001", "Emergency hospital admission for asthma")
STEROIDS = (("28808411000001103", "Prednisolone 10mg tablets"), ("325427002", "Prednisolone 5mg tablets"))
IMMUNOSUPPRESSANTS = (
    ("41759311000001100", "Azathioprine 50mg tablets"),
    ("41792011000001100", "Methotrexate 2.5mg tablets"),
    ("41766211000001109", "Mycophenolate mofetil 500mg tablets"),
)


def share(*, condition: Condition, age: int) -> float:
    """Give the share of people of an age who have a condition."""
    return condition.shares[sum(age >= bound for bound in BANDS)]
