"""The settings without which a crash may lose what was acknowledged."""

from __future__ import annotations

from wherry.database.logins import Connection


def durability_problems(connection: Connection) -> tuple[str, ...]:
    """
    Say which settings would let an acknowledged answer be lost in a crash. Empty when none would.

    Hazards: H-07 (a check-in answer acknowledged and then lost).
    """
    problems = []
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
        value = str(row[0]) if row else "unknown"
        # remote_write and remote_apply are at least as strong as `on` here; `local` is `on` without a standby's word.
        if value not in ("on", "local", "remote_write", "remote_apply"):
            problems.append(f"{name} is {value}; set it to on")
    return tuple(problems)
