"""
Components drawn once: a blank question, a button or a tag looks the same for everybody who is shown it.

The toolkit's macros take a third of a millisecond each, and a page of questions is little else. What somebody typed is
never kept: a field with a value is drawn anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from jinja2.utils import LRUCache
from markupsafe import Markup

#: Some five programmes' questions in four languages, with the buttons and tags around them.
_MOST_KEPT = 2_000


class Macro(Protocol):
    """A macro of a template, as Jinja hands it on."""

    name: str

    def __call__(self, params: Mapping[str, Any]) -> Markup:
        """Draw it."""


class Drawn:
    """What one environment has drawn, by macro and parameters; the least used goes first."""

    def __init__(self, *, most: int = _MOST_KEPT) -> None:
        self._kept = LRUCache(most)

    def __call__(self, macro: Macro, params: Mapping[str, Any], keep: bool = True) -> Markup:
        """Draw a component, or give it as it was drawn before. keep: False where it holds what somebody typed."""
        if not keep:
            return macro(params)
        key = macro.name, repr(params)  # repr tells markup from text, which JSON would not
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = macro(params)
        return found
