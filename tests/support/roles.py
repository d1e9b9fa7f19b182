"""Working as one of the application's own database roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def as_role(role: str) -> Iterator[None]:
    """Go on as a role of the application inside the test's transaction: only what is granted to it works."""
    with connection.cursor() as cursor:
        cursor.execute(f"set local role {role}")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("reset role")
