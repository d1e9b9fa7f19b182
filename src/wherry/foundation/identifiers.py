"""
Identifiers as the country writes them: NHS number, UPRN, postcode, telephone numbers.

Each `parse_` returns the canonical text, or None where the value cannot be that identifier: a damaged value is
quarantined by its reader, never repaired. Source of the NHS number's check digit: the NHS Data Dictionary's
modulus 11 rule.
"""

from __future__ import annotations

import re

_SPACES = re.compile(r"[\s\u00a0-]+")
_POSTCODE = re.compile(r"(GIR0AA|[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2})")
_PHONE_SEPARATORS = re.compile(r"[\s().\u00a0-]+")


def nhs_number_check_digit(first_nine: str) -> int:
    """
    Give the tenth digit for nine digits: 0-9, or 10, which means the nine are never issued.

    Weights 10 down to 2, modulus 11; a remainder giving 11 becomes 0.
    """
    total = sum(int(digit) * weight for digit, weight in zip(first_nine, range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11


def parse_nhs_number(text: str | None) -> str | None:
    """
    Read an NHS number: ten digits kept as text, spaces and hyphens allowed, check digit right.

    Refused: all ten digits alike (they pass the arithmetic), `1E+10`, nine digits (a lost zero cannot be known).
    """
    digits = _SPACES.sub("", text or "")
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return None
    return digits if nhs_number_check_digit(digits[:9]) == int(digits[9]) else None


def parse_uprn(text: str | None) -> str | None:
    """Read a Unique Property Reference Number: up to twelve digits; leading zeros are not part of it."""
    digits = _SPACES.sub("", text or "")
    if not re.fullmatch(r"[0-9]{1,12}", digits):
        return None
    return digits.lstrip("0") or None


def parse_postcode(text: str | None) -> str | None:
    """Read a United Kingdom postcode; returns it in capitals with one space before the last three characters."""
    squeezed = _SPACES.sub("", text or "").upper()
    return f"{squeezed[:-3]} {squeezed[-3:]}" if _POSTCODE.fullmatch(squeezed) else None


def parse_phone(text: str | None) -> str | None:
    """
    Read one United Kingdom telephone number; returns `+44` and the national digits without the leading zero.

    A field that holds two numbers ("07.../01...") is not one number: use `split_phones`.
    """
    digits = _PHONE_SEPARATORS.sub("", text or "")
    national = re.sub(r"^(\+440?|00440?|0)", "", digits)
    if national == digits or not re.fullmatch(r"[1-9][0-9]{8,9}", national):
        return None
    return f"+44{national}"


def split_phones(text: str | None) -> tuple[str, ...]:
    """Read every telephone number in a field such as "07700 900001 / 01632 960001", in order, without repeats."""
    parts = re.split(r"[/;,|]| or | and ", text or "")
    found = (parse_phone(part) for part in parts)
    return tuple(dict.fromkeys(number for number in found if number))


def is_mobile(phone: str) -> bool:
    """Say whether a number from `parse_phone` can take a text message (it begins +447)."""
    return phone.startswith("+447")
