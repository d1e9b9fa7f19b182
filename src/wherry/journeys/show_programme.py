"""A definition in plain words a lay reviewer can read, each place's change marked with who agreed it."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wherry.programmes.types import Layer, ProgrammeFiles, Section

_TITLES = {
    "programme": "What this is, by what right, and whose it is",
    "agreements": "Who takes part and who sends what, by what right",
    "risk": "Who is found at risk",
    "review": "Who may change the list, and why",
    "cadence": "How people are contacted",
    "questionnaire": "What people are asked",
    "triage": "What answers come to",
    "call_script": "What a caller says",
    "services": "Who helps with what",
    "measures": "How we know whether it works",
    "hazards": "What could go wrong, and what is done against it",
}
_NAMES = ("id", "code", "linkId", "kind")


@dataclass(frozen=True)
class Line:
    """One line: how deep it stands, its words, and what to say of its origin, if a place decided it."""

    depth: int
    words: str
    origin: str = ""


@dataclass(frozen=True)
class Chapter:
    """One file of the programme in words."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class InWords:
    """The whole programme in words."""

    title: str
    about: tuple[str, ...]
    chapters: tuple[Chapter, ...]


def in_words(*, files: ProgrammeFiles) -> InWords:
    """Say the whole programme in words, in the order of its story; files it does not know come last."""
    order = [name for name in _TITLES if name in files.sections]
    order += sorted(name for name in files.sections if name not in _TITLES)
    told = files.sections["programme"].data
    about = [f"Definition: {files.hash}"]
    if files.place:
        many = sum(one.layer is Layer.PLACE for one in files.origins.values())
        about.append(f"As it holds in {files.place}, which has {_changes(many)}.")
    chapters = [_chapter(files, name) for name in order]
    lists = tuple(_codelist_lines(files))
    if lists:
        chapters.append(Chapter("Lists of codes", lists))
    title = told.get("name", files.name) if isinstance(told, dict) else files.name
    return InWords(str(title), tuple(about), tuple(chapters))


def _changes(many: int) -> str:
    return f"{many or 'no'} change{'' if many == 1 else 's'} of its own"


def _chapter(files: ProgrammeFiles, name: str) -> Chapter:
    section = files.sections[name]
    title = _TITLES.get(name) or name.replace("/", ": ").replace("_", " ").capitalize()
    return Chapter(title, tuple(_lines(files, name, section, section.data, (), 0)))


def _lines(
    files: ProgrammeFiles, name: str, section: Section, value: Any, where: tuple[str | int, ...], depth: int
) -> Iterator[Line]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        here = (*where, key)
        label = _label(key, one)
        origin = _origin(files, name, here)
        if not isinstance(one, dict | list):
            yield Line(depth, f"{label}: {_plain(one)}" if label else _plain(one), origin)
        elif _is_short(one):
            yield Line(depth, f"{label}: {_in_one_line(one)}" if label else _in_one_line(one), origin)
        else:
            yield Line(depth, f"{label}:" if label else "·", origin)
            yield from _lines(files, name, section, one, here, depth + 1)


def _label(key: str | int, value: Any) -> str:
    if isinstance(key, str):
        return key.replace("_", " ")
    if isinstance(value, dict):
        return str(next((value[name] for name in _NAMES if name in value), "")).replace("_", " ")
    return ""


def _is_short(value: Any) -> bool:
    items = value.values() if isinstance(value, dict) else value
    return all(not isinstance(one, dict | list) for one in items) and len(_in_one_line(value)) <= 100


def _in_one_line(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')} {_plain(one)}" for key, one in value.items())
    return ", ".join(_plain(one) for one in value) or "none"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else str(value)


def _origin(files: ProgrammeFiles, name: str, where: tuple[str | int, ...]) -> str:
    # Only where the change begins: what stands below it is plainly part of it.
    origin = files.origins.get(".".join((name, *map(str, where))))
    if origin is None or origin.layer is Layer.CENTRAL:
        return ""
    before = "added" if origin.central_value is None else f"centrally {_plain(origin.central_value)}"
    return f"{origin.place}: agreed by {origin.agreed_by} on {origin.agreed_on}; {before}"


def _codelist_lines(files: ProgrammeFiles) -> Iterator[Line]:
    for name, one in sorted(files.codelists.items()):
        note = ", illustrative, not for clinical use" if one.illustrative else ""
        yield Line(0, f"{name.replace('_', ' ')}: {len(one.pairs)} codes of {one.system}{note}")
        for code, term in one.pairs.items():
            yield Line(1, f"{code} {term}".strip())


def as_text(pages: InWords) -> str:
    """Write it as plain text."""
    lines = [pages.title, "=" * len(pages.title), *pages.about]
    for chapter in pages.chapters:
        lines += ["", chapter.title, "-" * len(chapter.title)]
        lines += [f"{'  ' * one.depth}{one.words}{f'   [{one.origin}]' if one.origin else ''}" for one in chapter.lines]
    return "\n".join(lines) + "\n"


def as_html(pages: InWords) -> str:
    """Write it as one page that needs nothing else: no script, no style sheet, no picture."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{html.escape(pages.title)}</title></head><body><main><h1>{html.escape(pages.title)}</h1>",
        *(f"<p>{html.escape(one)}</p>" for one in pages.about),
    ]
    for chapter in pages.chapters:
        parts.append(f"<h2>{html.escape(chapter.title)}</h2>{_as_list(chapter.lines)}")
    return "\n".join([*parts, "</main></body></html>\n"])


def _as_list(lines: tuple[Line, ...]) -> str:
    parts, depth = [], -1
    for one in lines:
        parts.append("</li>" if one.depth <= depth else "")
        parts.append("</ul></li>" * max(0, depth - one.depth))
        parts.append("<ul>" * max(0, one.depth - depth))
        mark = f" <strong>{html.escape(one.origin)}</strong>" if one.origin else ""
        parts.append(f"<li>{html.escape(one.words)}{mark}")
        depth = one.depth
    return "".join([*parts, "</li></ul>" * (depth + 1)])
