"""What a word sent back means."""

from __future__ import annotations

import re
from collections.abc import Iterable

_STOP_WORDS = frozenset({"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit"})


def is_stop(text: str, *, words: Iterable[str] = ()) -> bool:
    """
    Say whether a reply asks us to stop: the word alone, in any case, with any punctuation.

    words: the programme's own, in its languages. "Please don't stop" is not a stop: a person reads it.
    """
    said = " ".join(re.findall(r"[^\W\d_]+", text.lower()))
    return said in _STOP_WORDS | {word.lower() for word in words}
