"""Where the content folders (`programmes/`, `feeds/`) are: content is its owners', not the code's."""

from __future__ import annotations

import os
from pathlib import Path

from wherry.foundation.errors import EnvironmentWrong


def content_folder(name: str) -> Path:
    """
    Find a content folder by name.

    Looked for under WHERRY_CONTENT, else in or above the working folder, else above the source tree.

    Raises EnvironmentWrong when it is nowhere.
    """
    chosen = os.environ.get("WHERRY_CONTENT")
    roots = [Path(chosen)] if chosen else [Path.cwd(), *Path.cwd().parents, *Path(__file__).resolve().parents]
    for root in roots:
        if _holds_content(root) and (root / name).is_dir():
            return root / name
    raise EnvironmentWrong(f"no folder {name}/ was found; set WHERRY_CONTENT to the folder that holds it")


def _holds_content(root: Path) -> bool:
    # The package itself has a room called `feeds`, and any folder may: content roots hold both kinds, in plain files.
    return any((root / "feeds").glob("*.yaml")) or any((root / "programmes").glob("*/programme.yaml"))
