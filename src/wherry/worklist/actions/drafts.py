"""What somebody has said so far in a call, kept until the answers themselves are stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from wherry.foundation.actors import Actor
from wherry.worklist.models import CallDraft, Task
from wherry.worklist.rows import check_held


def keep_draft(*, by: Actor, task: Task, answers: Mapping[str, object], now: dt.datetime) -> None:
    """Keep what somebody has said so far in a call; the newest words of a caller stand for all before them."""
    check_held(task=task, by=by)
    CallDraft.objects.update_or_create(
        task=task,
        defaults={
            "case_id": task.case_id,
            "audience_id": task.audience_id,
            "answers": dict(answers),
            "saved_at": now,
            "saved_by": by.id,
        },
    )


def drop_draft(*, task: Task) -> None:
    """Let go of what was kept of a call once the answers themselves are stored."""
    CallDraft.objects.filter(task=task).delete()
