"""`cadence.yaml` and `messages/<language>.yaml`: their schemas, their reading, and what a schema cannot check."""

from wherry.outreach.definition.cadence import problems
from wherry.outreach.definition.messages import message_problems
from wherry.outreach.definition.reading import parse, parse_messages, stop_words
from wherry.outreach.definition.schema import MESSAGES_SCHEMA, MESSAGES_SECTION, SCHEMA, SECTION, TELLING_SCHEMA
from wherry.outreach.definition.telling import Telling, read_telling

__all__ = [
    "MESSAGES_SCHEMA",
    "MESSAGES_SECTION",
    "SCHEMA",
    "SECTION",
    "TELLING_SCHEMA",
    "Telling",
    "message_problems",
    "parse",
    "parse_messages",
    "problems",
    "read_telling",
    "stop_words",
]
