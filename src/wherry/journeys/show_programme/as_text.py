"""A programme in words as plain text, for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator

from wherry.journeys.show_programme.types import Chapter, InWords, Item, Part, Said


def as_text(told: InWords) -> str:
    """Write it as plain text, one thing to a line."""
    lines = [told.title, "=" * len(told.title), *told.about]
    for chapter in told.chapters:
        lines += chapter_lines(chapter)
    return "\n".join(lines) + "\n"


def chapter_lines(chapter: Chapter) -> list[str]:
    """Write one chapter as lines."""
    lines = ["", "", chapter.title, "-" * len(chapter.title), *chapter.notes]
    for part in chapter.parts:
        lines += _part(part)
    return lines


def _part(part: Part) -> Iterator[str]:
    if part.title:
        yield from ("", f"{part.title}:")
    yield from part.intro
    for item in part.items:
        yield from _item(item)


def _item(item: Item) -> Iterator[str]:
    code = f" ({item.code})" if item.code and item.code != item.title else ""
    grave = "RED FLAG: " if item.is_grave else ""
    yield f"  {grave}{item.title}{code}"
    for mark in item.marks:
        yield f"      [{mark}]"
    for one in item.said:
        yield from _said(one)


def _said(one: Said) -> Iterator[str]:
    texts = [f"[{words.lang}] {words.text}" if words.lang else words.text for words in one.words]
    if len(texts) == 1 and one.label:
        yield f"      {one.label}: {texts[0]}"
        return
    if one.label:
        yield f"      {one.label}:"
    indent = "        " if one.label else "      "
    yield from (f"{indent}{text}" for text in texts)
