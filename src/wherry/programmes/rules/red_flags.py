"""
What raises a red flag is asked everywhere in the same words: who reads another question gives another answer.

A place may translate such a question into a language of its own, and add questions beside it.
Hazard: H-02 (a red flag is not seen).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wherry.programmes.rules.broken import Broken
from wherry.programmes.rules.paths import MISSING, name_of


def broken(*, central: Mapping[str, Any], resolved: Mapping[str, Any]) -> Iterator[Broken]:
    """Find each wording changed of a question that a red flag of the centre looks at, or of its answers."""
    asked, looked_at = central.get("questionnaire"), _looked_at(central.get("triage"))
    if asked == resolved.get("questionnaire"):
        return
    after = {path[-1]: question for path, question in _questions(resolved.get("questionnaire"))}
    for path, question in _questions(asked):
        if path[-1] in looked_at and path[-1] in after:
            for below in _reworded(question, after[path[-1]]):
                what = f"{path[-1]} can raise a red flag, and is asked in other words"
                yield Broken((*path, *below), what, "keep the centre's words")


def _looked_at(table: Any) -> set[str]:
    rules = table.get("rules") if isinstance(table, dict) else None
    flagged = [one for one in rules if isinstance(one, dict) and one.get("red_flag")] if isinstance(rules, list) else []
    whens = [one.get("when") for one in flagged]
    whens += [each for when in whens if isinstance(when, dict) for each in _alternatives(when)]
    return {name for when in whens if isinstance(when, dict) for name in when}


def _alternatives(when: Mapping[str, Any]) -> list[Any]:
    found = when.get("any")
    return found if isinstance(found, list) else []


def _questions(asked: Any) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for page in _items(asked):
        for question in _items(page):
            yield ("questionnaire", "item", name_of(page) or "", "item", name_of(question) or ""), question


def _items(holder: Any) -> list[dict[str, Any]]:
    found = holder.get("item") if isinstance(holder, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _reworded(before: Any, after: Any) -> Iterator[tuple[str, ...]]:
    """Give where text that was there reads otherwise. What is taken away is told of elsewhere."""
    if isinstance(before, str):
        if after is not MISSING and after is not None and after != before:
            yield ()
    elif isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            yield from ((str(key), *below) for below in _reworded(value, after.get(key, MISSING)))
    elif isinstance(before, list) and isinstance(after, list):
        named = {name_of(one): one for one in after}
        for item in before:
            name = name_of(item)
            if name is not None:
                yield from ((name, *below) for below in _reworded(item, named.get(name, MISSING)))
