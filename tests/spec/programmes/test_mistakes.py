"""Every mistake planted in a programme is named at its file and line, with its mend; the programme itself is clean."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.spec.programmes.mistakes import Mistake, page, planted
from wherry.foundation.content import content_folder
from wherry.foundation.digests import sha256_of
from wherry.foundation.problems import Problem
from wherry.journeys.check_programme import check, check_everywhere, checking
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
    shutil.copytree(content_folder("programmes"), folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programme_files, "read_section", functools.cache(read_section))
        for name, reads in READS.items():
            patch.setattr(checking, name, once(getattr(checking, name), reads))
        yield folder


#: The costly pieces of a check, and the sections each looks at besides the one it is given.
READS = {
    "schema_problems": (),
    "triage_problems": ("triage", "questionnaire", "cases/"),
    "reaching_problems": ("programme", "cadence", "messages/"),
    "risk_case_problems": ("risk", "cases/", "codelists/"),
    "routing_problems": ("programme", "services", "triage"),
    "wording_problems": ("programme", "services", "triage", "questionnaire", "call_script", "messages/"),
}


def once(work: Callable[..., object], reads: tuple[str, ...]) -> Callable[..., object]:
    """Do a piece of work once for what it reads: sections with their lines, lists, and where a place's values stand."""
    done: dict[tuple[object, ...], object] = {}
    kept: list[object] = []

    @functools.cache
    def known(number: int) -> str:
        section = next(one for one in reversed(kept) if id(one) == number)
        return sha256_of([section.path, section.data, [*section.lines.values()]])

    def remembered(*arguments: object, **named: object) -> object:
        files = next((one for one in arguments if isinstance(one, ProgrammeFiles)), None)
        sections = {**files.sections, **files.cases} if files else {}
        told = [one for name, one in sections.items() if name.startswith(reads)] if reads else [named["section"]]
        kept.extend(told)
        lists = [tuple(one.pairs.items()) for one in files.codelists.values()] if "codelists/" in reads else []
        origins = [(name, one.line) for name, one in files.origins.items()] if files else [id(named["schema"])]
        key = (*(known(id(one)) for one in told), *lists, *origins)
        if key not in done:
            done[key] = work(*arguments, **named)
        return done[key]

    return remembered


def problems(content: Path, mistake: Mistake) -> Sequence[Problem]:
    """Check every place only where a place's file is wrong: the centre's mistakes are the centre's everywhere."""
    if mistake.file.startswith("places/"):
        return check_everywhere(directory=content / PROGRAMME).problems
    try:
        return check(files=programme_files.load(content / PROGRAMME)).problems
    except ProgrammeUnreadable as error:
        return error.problems


def path(content: Path, name: str) -> Path:
    return content / name if name.startswith("places/") else content / PROGRAMME / name


def test_without_a_mistake_nothing_is_found(content: Path) -> None:
    assert [str(one) for one in check_everywhere(directory=content / PROGRAMME).problems] == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=[one.mistake for one in MISTAKES])
def test_a_planted_mistake_is_named_at_its_line(content: Path, mistake: Mistake) -> None:
    file, where = path(content, mistake.file), path(content, mistake.at or mistake.file)
    before = file.read_text(encoding="utf-8")
    try:
        if mistake.rename:
            file.rename(file.with_name(mistake.rename))
        else:
            file.write_text(mistake.edited(before), encoding="utf-8")
        found = problems(content, mistake)
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
