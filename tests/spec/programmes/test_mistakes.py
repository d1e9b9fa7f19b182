"""Every mistake planted in a programme is named at its file and line, with its mend; the programme itself is clean."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.spec.programmes.mistakes import Mistake, page, planted
from wherry.foundation.content import content_folder
from wherry.foundation.problems import Problem
from wherry.journeys.check_programme import check, checking
from wherry.programmes import files as programme_files
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.marked_yaml import read_section
from wherry.programmes.types import ProgrammeFiles

PROGRAMME = "covid_protect"
ROOT = Path(__file__).resolve().parents[3]
MISTAKES = planted()


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the programme with its overlays. What a mistake does not touch is read and worked out once."""
    folder = tmp_path_factory.mktemp("content") / "programmes"
    for part in (PROGRAMME, "places", "words"):
        shutil.copytree(content_folder("programmes") / part, folder / part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programme_files, "read_section", functools.cache(read_section))
        for name, reads in READS.items():
            patch.setattr(checking, name, once(getattr(checking, name), reads))
        yield folder


#: The costly pieces of a check, and the sections each looks at besides the one it is given.
READS = {
    "schema_problems": (),
    "triage_problems": ("triage", "questionnaire", "cases/"),
    "risk_case_problems": ("risk", "cases/", "codelists/"),
    "routing_problems": ("programme", "services", "triage"),
    "wording_problems": ("programme", "services", "triage", "questionnaire", "call_script", "messages/"),
}


def once(work: Callable[..., object], reads: tuple[str, ...]) -> Callable[..., object]:
    """Do a piece of work once for the same sections: those of a file that nobody edited are one and the same object."""
    done: dict[tuple[object, ...], tuple[object, object]] = {}

    def remembered(*arguments: object, **named: object) -> object:
        files = next((one for one in arguments if isinstance(one, ProgrammeFiles)), None)
        told = (
            [one for name, one in {**files.sections, **files.cases}.items() if name.startswith(reads)] if files else []
        )
        told += named.values()
        lists = [one.pairs.items() for one in files.codelists.values()] if files and "codelists/" in reads else []
        key = (*map(id, told), *map(tuple, lists), files.place if files else None)
        if key not in done:
            done[key] = work(*arguments, **named), told  # what is kept keeps its id
        return done[key][0]

    return remembered


def problems(content: Path, place: str | None = None) -> list[Problem]:
    try:
        return list(check(files=programme_files.load(content / PROGRAMME, place=place)).problems)
    except ProgrammeUnreadable as error:
        return list(error.problems)


def path(content: Path, name: str) -> Path:
    return content / name if name.startswith("places/") else content / PROGRAMME / name


@pytest.mark.parametrize("place", [None, "norwich", "waveney"])
def test_without_a_mistake_nothing_is_found(content: Path, place: str | None) -> None:
    assert problems(content, place) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=[one.mistake for one in MISTAKES])
def test_a_planted_mistake_is_named_at_its_line(content: Path, mistake: Mistake) -> None:
    file, where = path(content, mistake.file), path(content, mistake.at or mistake.file)
    before = file.read_text(encoding="utf-8")
    try:
        if mistake.rename:
            file.rename(file.with_name(mistake.rename))
        else:
            file.write_text(mistake.edited(before), encoding="utf-8")
        found = problems(content, mistake.place)
        after, meant = (one.read_text(encoding="utf-8") if one.is_file() else "" for one in (file, where))
    finally:
        if mistake.rename:
            file.with_name(mistake.rename).rename(file)
        file.write_text(before, encoding="utf-8")

    line = mistake.line(before=before, after=after, meant=meant)
    named = [one for one in found if (one.file, one.line) == (str(where), line) and mistake.says in one.what]
    assert [one.mend for one in named if mistake.mend in one.mend], [f"line {line} is meant", *map(str, found)]


def test_there_are_enough_and_no_two_are_called_alike() -> None:
    assert len({one.mistake for one in MISTAKES}) == len(MISTAKES) >= 60


def test_the_reference_prints_them() -> None:
    assert (ROOT / "docs" / "reference" / "planted_mistakes.md").read_text() == page(), "run make docs"
