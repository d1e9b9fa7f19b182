"""Words that no programme owns: `programmes/words/`, beside the folder that is checked, or else where content lies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wherry.foundation.content import content_folder
from wherry.foundation.problems import Problem
from wherry.programmes.errors import ProgrammeUnreadable
from wherry.programmes.marked_yaml import read_section
from wherry.programmes.schema import schema_problems
from wherry.programmes.types import Section


def shared_words(*, name: str, directory: str, schema: Mapping[str, Any]) -> Section:
    """
    Read `words/<name>.yaml`. directory: the programme's folder.

    Raises ProgrammeUnreadable with what is wrong in the file, EnvironmentWrong when there is no content at all.
    """
    beside = Path(directory).resolve().parent / "words" / f"{name}.yaml"
    file = beside if beside.is_file() else content_folder("programmes") / "words" / f"{name}.yaml"
    if not file.is_file():
        what = "the file is missing, and messages cannot be held against it"
        raise ProgrammeUnreadable([Problem(str(file), 0, what, "copy it from the programmes that are shipped")])
    section = read_section(path=str(file), content=file.read_bytes())
    wrong = schema_problems(section=section, schema=schema)
    if wrong:
        raise ProgrammeUnreadable(wrong)
    return section
