"""Why a row is set aside, in words its sender can act on. The decisions themselves run set-based, in `expressions`."""

from __future__ import annotations

import enum


class Rule(enum.StrEnum):
    """What a row or a value can fail. Stored with each quarantined row; a name, once used, stays."""

    RAGGED = "ragged"
    QUOTES = "quotes"
    NUL = "nul"
    TOO_LONG = "too_long"
    NOT_JSON = "not_json"
    NOT_READ = "not_read"
    MISSING = "missing"
    WRONG = "wrong"
    REFUSED = "refused"
    NOBODY = "nobody"
    LOST_ZERO = "lost_zero"


_WORDS = {
    Rule.RAGGED: "the row has more or fewer fields than the header",
    Rule.QUOTES: "the quotation marks of the row do not pair",
    Rule.NUL: "the row holds a NUL, a character no text may hold",
    Rule.TOO_LONG: "the line is over 4 MB, longer than any resource read here",
    Rule.NOT_JSON: "the line is not one JSON object",
    Rule.NOT_READ: "not read here: rows of type {column}",
    Rule.MISSING: "{column} is empty and this feed cannot do without it",
    Rule.WRONG: "{column} is not {shape}",
    Rule.REFUSED: "{column} says the sender has withdrawn this row",
    Rule.NOBODY: "too little to say whom the row is about",
    Rule.LOST_ZERO: "{column} had lost the zero it begins with, as Excel does to numbers, and was given it back",
}
_SHAPES = {
    "text": "what was meant, but an Excel error, a formula without its result, or a number Excel has shortened",
    "nhs_number": "an NHS number (ten digits whose check digit is right)",
    "date": "a date in a form this feed uses",
    "postcode": "a United Kingdom postcode",
    "uprn": "a property reference number (up to twelve digits)",
    "phones": "one or more United Kingdom telephone numbers",
    "email": "an e-mail address",
    "integer": "a whole number in range",
    "number": "a number",
    "yes_no": "yes or no",
    "choice": "one of the values this feed knows",
    "language": "a language this feed knows",
    "codings": "a list of codes",
}


def words(*, rule: str, column: str, column_type: str) -> str:
    """Say in plain words why a row or value fails. No value of the row is ever part of them."""
    shape = _SHAPES.get(column_type, "readable")
    return _WORDS[Rule(rule)].format(column=column, shape=shape)
