"""The risk section of a programme: its schema, how it is read, and what is wrong with it beyond the schema."""

from wherry.risk.definition.faults import problems, unread
from wherry.risk.definition.parts import codes_in, codes_of, parts_of
from wherry.risk.definition.reading import parse
from wherry.risk.definition.schema import OPERATORS, SCHEMA, SECTION, SYSTEMS

__all__ = [
    "OPERATORS",
    "SCHEMA",
    "SECTION",
    "SYSTEMS",
    "codes_in",
    "codes_of",
    "parse",
    "parts_of",
    "problems",
    "unread",
]
