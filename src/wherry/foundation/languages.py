"""What every room knows of languages, by their codes."""

from __future__ import annotations

#: Those written from right to left.
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ku", "ps", "ur"})
