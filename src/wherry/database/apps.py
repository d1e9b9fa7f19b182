from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

#: How many statements a connection keeps planned. A site asks some two hundred different ones.
_KEPT_PLANNED = 500


class DatabaseConfig(AppConfig):
    name = "wherry.database"
    label = "database"

    def ready(self) -> None:
        connection_created.connect(_keep_plans, dispatch_uid="wherry.database.keep_plans")


def _keep_plans(*, connection: Any, **_: object) -> None:
    connection.connection.prepared_max = _KEPT_PLANNED
