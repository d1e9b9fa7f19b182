"""
Lay two programmes told in words beside each other, chapter by chapter: what is new, gone, changed, renamed. Pure.

What is compared is what a reader reads, item by item by its name in the files. So a threshold is told as a threshold,
and a value that no chapter puts into words cannot be missed: every value is told.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from wherry.journeys.compare_programmes.types import Change, Group, Kind, Line
from wherry.journeys.show_programme.types import Chapter, InWords, Item, Said, Words

#: The order in which changes matter; what is not among them comes after.
_ORDER = (
    *("risk", "codelists", "review", "questionnaire", "triage", "cadence", "call_script", "services"),
    *("messages", "programme", "agreements", "places"),
)
#: Parts whose order decides something.
_ORDERED = {
    "risk": "The categories, and the tiers in each",
    "cadence": "Step by step",
    "services": "The services, in the order they are asked",
}
#: Whose words should follow what they name.
_NAMED_BY_WORDS = ("criteria.", "categories.")


def groups_of(*, before: InWords, after: InWords) -> tuple[Group, ...]:
    """Give the chapters that differ, in the order they matter, each with its changes, red flags first."""
    old, new = ({one.key: one for one in told.chapters} for told in (before, after))
    found = (_group(old.get(key), new.get(key)) for key in dict.fromkeys((*new, *old)))
    return tuple(sorted((one for one in found if one), key=_rank))


def _rank(group: Group) -> tuple[int, str]:
    kind = group.key.partition("/")[0]
    return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), "" if group.key.endswith("/en") else group.key)


def _group(old: Chapter | None, new: Chapter | None) -> Group | None:
    told = new or old
    if told is None:
        return None
    if old is None or new is None:
        kind = Kind.NEW if old is None else Kind.TAKEN_OUT
        many = Line("", *(("", _many(told)) if old is None else (_many(told), "")))
        grave = old is not None and any(one.is_grave for one in told.items)
        return Group(told.key, told.title, (Change(kind, "The whole of it", told.key, (many,), grave),))
    changes = [*_items(old, new), *_order(old, new)]
    weights = {Kind.TAKEN_OUT: 1, Kind.CHANGED: 2, Kind.RENAMED: 3, Kind.NEW: 4, Kind.REORDERED: 5}
    changes.sort(key=lambda one: (not one.is_grave, weights[one.kind]))
    return Group(new.key, new.title, tuple(changes)) if changes else None


def _many(chapter: Chapter) -> str:
    number = len(chapter.items)
    return f"{number} thing{'' if number == 1 else 's'} said in it"


def _items(old: Chapter, new: Chapter) -> Iterator[Change]:
    was, now = ({one.key: one for one in chapter.items} for chapter in (old, new))
    gone, came = (
        [one for key, one in was.items() if key not in now],
        [one for key, one in now.items() if key not in was],
    )
    twins = {_told(other): other for other in reversed(came) if other.said}
    for one in list(gone):
        twin = twins.pop(_told(one), None) if one.said else None
        if twin:
            gone.remove(one)
            came.remove(twin)
            line = Line("Its name in the files", one.code or one.key, twin.code or twin.key)
            yield Change(Kind.RENAMED, twin.title, twin.code, (line,), twin.is_grave)
    yield from (_one_sided(Kind.TAKEN_OUT, one) for one in gone)
    yield from (_one_sided(Kind.NEW, one) for one in came)
    for key, one in was.items():
        if key in now:
            yield from _changed(one, now[key])


def _told(item: Item) -> tuple[str, ...]:
    """Give all that is said of an item but its name: two that say the same of one kind are one, named anew."""
    told = ((said.label, said.compared) for said in item.said if not said.is_derived)
    return (item.key.partition(".")[0], *itertools.chain.from_iterable(told))


def _one_sided(kind: Kind, item: Item) -> Change:
    lines = [line for said in item.said if not said.is_derived for line in _lines(*_sides(kind, said))]
    return Change(kind, item.title, item.code, tuple(lines), item.is_grave)


def _sides(kind: Kind, said: Said) -> tuple[Said, Said]:
    empty = Said(said.label, ())
    return (said, empty) if kind is Kind.TAKEN_OUT else (empty, said)


def _changed(old: Item, new: Item) -> Iterator[Change]:
    lines = list(_differing(old, new))
    retitled = old.title != new.title
    named = old.key.startswith(_NAMED_BY_WORDS)
    if not lines and not retitled and old.is_grave == new.is_grave:
        return
    stale = (
        named
        and not retitled
        and any(_numbers(new.title) & (_numbers(one.before) - _numbers(one.after)) for one in lines)
    )
    remark = f"Its words still say “{new.title}”" if stale else ""
    if retitled:
        lines.insert(0, Line("Called", old.title, new.title))
    kind = Kind.RENAMED if retitled and len(lines) == 1 else Kind.CHANGED
    yield Change(kind, new.title, new.code, tuple(lines), old.is_grave or new.is_grave, remark)


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


def _differing(old: Item, new: Item) -> Iterator[Line]:
    was, now = (_by_label(item.said) for item in (old, new))
    for label in dict.fromkeys((*was, *now)):
        one, other = was.get(label, Said(label[0], ())), now.get(label, Said(label[0], ()))
        if one.compared != other.compared:
            yield from _lines(one, other)


def _by_label(several: Iterable[Said]) -> dict[tuple[str, int], Said]:
    """Give what is said by its label, those with one label by number."""
    seen: dict[str, int] = {}
    found = {}
    for one in several:
        if not one.is_derived:
            seen[one.label] = seen.get(one.label, -1) + 1
            found[one.label, seen[one.label]] = one
    return found


def _lines(old: Said, new: Said) -> Iterator[Line]:
    """Give the words that differ: language by language, in one language those that only one of the two has."""
    langs = dict.fromkeys(words.lang for words in (*old.words, *new.words))
    found = [line for lang in langs for line in _in_one_language(old, new, lang)]
    if not found:
        # The words are alike and what they stand for is not: say that.
        found = [Line(old.label or new.label, old.raw, new.raw)]
    yield from found


def _in_one_language(old: Said, new: Said, lang: str) -> Iterator[Line]:
    was, now = ([one.text for one in _of(said.words, lang)] for said in (old, new))
    gone, came = [one for one in was if one not in now], [one for one in now if one not in was]
    label = old.label or new.label
    if len(was) == len(now):
        pairs = [(one, other) for one, other in zip(was, now, strict=True) if one != other]
    else:
        pairs = list(itertools.zip_longest(gone, came, fillvalue=""))
    yield from (Line(label, one.removeprefix("• "), other.removeprefix("• "), lang) for one, other in pairs)


def _of(words: Iterable[Words], lang: str) -> list[Words]:
    return [one for one in words if one.lang == lang]


def _order(old: Chapter, new: Chapter) -> Iterator[Change]:
    title = _ORDERED.get(new.key)
    was, now = (
        {item.key: item for part in chapter.parts if part.title == title for item in part.items}
        for chapter in (old, new)
    )
    both = ([key for key in side if key in was and key in now] for side in (was, now))
    before, after = both
    if before != after:
        told = Line("", " · ".join(was[key].title for key in before), " · ".join(now[key].title for key in after))
        yield Change(Kind.REORDERED, title or "", "", (told,))


def unsaid(*, groups: Iterable[Group], paths: Iterable[str]) -> tuple[str, ...]:
    """Name the paths of values whose chapter tells no change: none, unless a chapter forgets a value."""
    told = {one.key for one in groups}
    return tuple(path for path in paths if not _is_told(path, told))


def _is_told(path: str, told: set[str]) -> bool:
    if path.startswith("codelists/"):
        return "codelists" in told
    if path.startswith(("programme.places", "programme.places_may_change")):
        return "places" in told
    return any(path == key or path.startswith(f"{key}.") for key in told)


def without_noise(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """Leave out lines that say the same before and after."""
    kept = (replace(group, changes=tuple(map(_tidy, group.changes))) for group in groups)
    return tuple(group for group in kept if group.changes)


def _tidy(change: Change) -> Change:
    return replace(change, lines=tuple(line for line in change.lines if line.before != line.after))
