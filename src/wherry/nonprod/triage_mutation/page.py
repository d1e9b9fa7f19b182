"""
The page of the reference that tells what guards each table: `python -m wherry.nonprod.triage_mutation.page [FOLDER]`.

With a folder: that programme's survivors and equivalent mutants, for whoever writes its cases.
"""

from __future__ import annotations

import functools
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from wherry.foundation.content import content_folder
from wherry.journeys.check_programme import check
from wherry.nonprod.triage_mutation.trying import Fate, Tried, try_all
from wherry.programmes.files import load

_HEAD = """\
# What guards the triage tables

Written by `make docs` from the programmes; change it there. Each table is damaged in every small way there is, one at a
time, and `wherry programme check` must find each: by a case that comes out otherwise, or by a property it proves. An
equivalent mutant is one that no combination of answers tells from the table, found by comparing the two tables exactly;
nothing could find it, and it is counted apart.
"""
_EQUIVALENT = "every combination of answers comes to the same needs, red flags and urgency"


def tables() -> tuple[str, ...]:
    """Name the shipped programmes that have a table, in the order of the alphabet."""
    return tuple(sorted(file.parent.name for file in content_folder("programmes").glob("*/triage.yaml")))


@functools.cache
def tried(folder: Path) -> tuple[Tried, ...]:
    """Try every mutant of one programme. Raises ValueError where the programme itself has problems."""
    files = load(folder)
    checked = check(files=files)
    if checked.problems:
        raise ValueError(f"mend the programme first: {checked.problems[0]}")
    return try_all(files=files, parsed=checked.parsed)


def page() -> str:
    """Write the page over every shipped table."""
    found = {name: tried(content_folder("programmes") / name) for name in tables()}
    every = [one for several in found.values() for one in several]
    parts = [_HEAD, f"\nAll tables together: {_rate(every)}; on rows with a red flag {_rate(_flagged(every))}.\n"]
    parts += [part for name, several in found.items() for part in _of_one(name, several)]
    return "".join(parts)


def _flagged(several: Sequence[Tried]) -> list[Tried]:
    return [one for one in several if one.mutant.touches_red_flag]


def _rate(several: Sequence[Tried]) -> str:
    fates = Counter(one.fate for one in several)
    caught, all_of_them = fates[Fate.CASE] + fates[Fate.PROPERTY], len(several) - fates[Fate.EQUIVALENT]
    share = 100 * caught / all_of_them if all_of_them else 100.0
    return f"{caught:,} of {all_of_them:,} found ({share:.1f} %)"


def _of_one(name: str, several: Sequence[Tried]) -> Iterator[str]:
    yield f"\n## {name}\n\n{_rate(several)}; on rows with a red flag {_rate(_flagged(several))}.\n\n"
    yield "| Damage | Mutants | Found by a case | By a property | Equivalent | Survived |\n|---|---|---|---|---|---|\n"
    for kind in dict.fromkeys(one.mutant.kind for one in several):
        fates = Counter(one.fate for one in several if one.mutant.kind == kind)
        counts = " | ".join(str(fates[fate]) for fate in Fate)
        yield f"| {kind} | {fates.total()} | {counts} |\n"
    told = list(_told(several))
    yield "".join(["\n", *told]) if told else ""


def _told(several: Sequence[Tried]) -> Iterator[str]:
    for one in several:
        what = f"{one.mutant.row}, {one.mutant.kind}: {one.mutant.words}"
        if one.fate is Fate.EQUIVALENT:
            yield f"- Equivalent: {what}; {_EQUIVALENT}.\n"
        elif one.fate is Fate.SURVIVED:
            yield f"- Survived: {what}; a case is missing.\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.writelines(_of_one(sys.argv[1], tried(Path(sys.argv[1]))))
    else:
        sys.stdout.write(page())
