"""
A restored database: older than what this installation is known to have recorded, it must not send.

After every seal the newest head of the audit is kept in a file beside the secrets, outside the database. A worker
that starts on a database which does not hold that head pauses sending until a person resumes it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings

from wherry.audit.queries import head_at, newest_head
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.outreach.actions import pause_sending


def keep_head() -> None:
    """Keep the newest sealed head outside the database, whole or not at all."""
    with acting_as(WORKER):
        newest = newest_head()
    if newest is None:
        return
    file = _file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(json.dumps({"position": newest[0], "head": newest[1]}))
    draft.replace(file)


def pause_if_restored() -> bool:
    """
    Pause sending when the database does not hold the head that was kept. Returns whether it did.

    Hazards: H-05 (messaged twice), H-18 (a wish given since the backup is not followed).
    """
    file = _file()
    if not file.is_file():
        return False
    kept = json.loads(file.read_text())
    with acting_as(WORKER):
        if head_at(position=int(kept["position"])) == kept["head"]:
            return False
        pause_sending(by=WORKER, why="the database is older than its audit: it was restored", now=app_now())
    # The pause is committed: from here on the restored chain is the one to hold to.
    file.replace(file.with_name(f"head-before-restore-{kept['position']}.json"))
    return True


def _file() -> Path:
    return Path(settings.HOME) / "audit" / "head.json"
