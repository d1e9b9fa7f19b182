"""A browser that asks as the sites do: with no more rights in the database than their own role has."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client


class AsWeb(Client):
    """A browser whose every request runs under the staff sites' own database role."""

    def request(self, **asked: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("set local role web")
        try:
            return super().request(**asked)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("reset role")
