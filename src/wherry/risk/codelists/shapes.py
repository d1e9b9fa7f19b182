"""
What a code of each system looks like, so that a list of the wrong system, or a damaged one, is refused at its line.

Sources: SNOMED CT and dm+d identifiers after the SNOMED CT Release File Specification (check digit by Verhoeff,
partition, namespace; 1000001 is the United Kingdom's drug extension, which dm+d is published in); BNF levels after
the NHS Prescription Services' hierarchy; ICD-10 and OPCS-4 after their printed volumes.
"""

from __future__ import annotations

import re

DRUG_NAMESPACE = "1000001"
_IDENTIFIED = ("snomed", "dmd")
_SHAPES = {
    "icd10": (re.compile(r"[A-Z][0-9]{2}(\.?[0-9X][0-9]?)?[DA*+†]?"), "a letter and two digits, as in E11 or E11.9"),
    "opcs4": (re.compile(r"[A-Z][0-9]{2}(\.?[0-9]{1,2})?"), "a letter and two or three digits, as in K40.1"),
    "bnf": (
        re.compile(r"(0[1-9]|1[0-9]|2[0-3])([0-9]{2}([0-9]{2}([0-9]([0-9A-Z]{2}([0-9A-Z]{2}([0-9A-Z]{4})?)?)?)?)?)?"),
        "two to fifteen characters with the first zero, as in 0603020T0",
    ),
    "rxnorm": (re.compile(r"[1-9][0-9]{0,7}"), "one to eight digits"),
    "read": (re.compile(r"[0-9A-Za-z.]{5}([0-9A-Za-z]{2})?"), "five letters, digits or dots, as in C10E."),
    "local": (re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,59}"), "letters, digits, underscores and hyphens"),
}
_SPELT = {"snomed": "SNOMED CT", "dmd": "dm+d", "icd10": "ICD-10", "opcs4": "OPCS-4", "bnf": "BNF", "rxnorm": "RxNorm"}


def spelt(system: str) -> str:
    """Name a code system as people write it."""
    return _SPELT.get(system, system)


def why_not(*, code: str, system: str) -> str | None:
    """Say why a code is not one of a system; None where it may be one."""
    if system in _IDENTIFIED:
        return _why_no_identifier(code) or _why_other_identifier(code, system)
    shape, words = _SHAPES[system]
    return None if shape.fullmatch(code) else f"{spelt(system)} codes are {words}"


def drug_extension(code: str) -> bool | None:
    """Say whether an identifier's namespace is the drug extension's; None where the identifier names no namespace."""
    return code[-10:-3] == DRUG_NAMESPACE if code[-3:-2] == "1" else None


def _why_no_identifier(code: str) -> str | None:
    if not re.fullmatch(r"[0-9]+", code):
        return "SNOMED CT and dm+d codes are digits only"
    if not 6 <= len(code) <= 18 or code[0] == "0":
        return "SNOMED CT and dm+d codes have 6 to 18 digits and no zero in front"
    if not _verhoeff_holds(code):
        return "its check digit is wrong, so a digit was changed or lost"
    if code[-3:-1] not in ("00", "10"):
        return "this numbers a description or a relationship, not a concept"
    return None


def _why_other_identifier(code: str, system: str) -> str | None:
    in_drugs = drug_extension(code)
    if system == "snomed" and in_drugs:
        return "this is a dm+d code, of the drug extension"
    if system == "dmd" and in_drugs is False:
        return "this is a SNOMED CT code of another extension, not a dm+d product"
    return None


# Verhoeff's scheme: the multiplication table of the dihedral group of ten, and its permutation by position.
_TIMES = [
    [(left + right) % 5 if right < 5 else (left + right) % 5 + 5 for right in range(10)]
    if left < 5
    else [(left - right) % 5 + 5 if right < 5 else (left - right) % 5 for right in range(10)]
    for left in range(10)
]
_MOVED = [list(range(10))]
for _ in range(7):
    _MOVED.append([(1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit] for digit in _MOVED[-1]])


def _verhoeff_holds(digits: str) -> bool:
    product = 0
    for position, character in enumerate(reversed(digits)):
        product = _TIMES[product][_MOVED[position % 8][int(character)]]
    return product == 0
